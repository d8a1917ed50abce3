/** The one door to nodemailer. Its parts are loaded when the first mail is written or handed over: a start does neither. */
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';

const require = createRequire(import.meta.url);

// require() gives `any`; each cast names the very module that is loaded, so the types are nodemailer's own.
export const loadComposer = () => require('nodemailer/lib/mail-composer') as typeof import('nodemailer/lib/mail-composer').default;
export const loadConnection = () => require('nodemailer/lib/smtp-connection') as typeof import('nodemailer/lib/smtp-connection').default;
export const loadQuotedPrintable = () => require('nodemailer/lib/qp') as typeof import('nodemailer/lib/qp');
export const loadSigner = () => require('nodemailer/lib/dkim') as typeof import('nodemailer/lib/dkim').default;
export const loadShared = () => require('nodemailer/lib/shared') as typeof import('nodemailer/lib/shared');

/** Loads what writes mails a piece at a time, before the first mail: all at once it would hold up everybody. */
export async function loadInTurns(): Promise<void> {
  for (const part of ['shared', 'mime-funcs', 'mime-node', 'qp', 'mail-composer', 'smtp-connection']) {
    const path = require.resolve(`nodemailer/lib/${part}`);
    if (path in require.cache) continue;
    require(path);
    await setImmediate();
  }
}
