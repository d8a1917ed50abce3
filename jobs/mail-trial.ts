/** Whether mails can be handed over, tried when the service starts: what is set wrongly is told before the first mail is due. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../db/folder.ts';
import { loadShared } from './nodemailer.ts';
import { textOf } from './smtp-faults.ts';
import { connect } from './smtp.ts';

/** Where a try ended, and what was said there. */
export interface MailTrouble {
  stage: 'folder' | 'name' | 'connection' | 'greeting' | 'encryption' | 'login';
  response: string;
}

/**
 * Writes a file to the folder of a `file:` MAIL_URL, and removes it. Gives what passes by itself, as a full disk; throws where no mail can ever be
 * written.
 */
export function tryMailFolder(folder: string): MailTrouble | null {
  const file = join(folder, `trial-${process.pid}.part`);
  try {
    makeFolder(folder);
    const descriptor = openSync(file, 'w', 0o600);
    try {
      writeSync(descriptor, 'trial');
    } finally {
      closeSync(descriptor);
      rmSync(file);
    }
    return null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'].includes(code)) return { stage: 'folder', response: textOf(error) };
    throw new Error(`no mail can be written to the folder ${folder}: ${textOf(error)}`, { cause: error });
  }
}

/** Connects to the server of an SMTP MAIL_URL, logs in and leaves again. Gives where that ended, if it did not come so far; never throws. */
export async function tryMailServer(mailUrl: string, signal: AbortSignal = AbortSignal.timeout(60_000)): Promise<MailTrouble | null> {
  try {
    const { auth, ...options } = loadShared().parseConnectionUrl(mailUrl);
    const connection = await connect(options, auth, signal);
    connection.quit();
    return null;
  } catch (error) {
    return { stage: stageOf(error), response: textOf(error) };
  }
}

/** By nodemailer's codes, and else by the command that the server answered. */
function stageOf(error: unknown): MailTrouble['stage'] {
  const { code = '', command = '' } = error as { code?: string; command?: string };
  if (code === 'EDNS') return 'name';
  if (code === 'ETLS' || command === 'STARTTLS') return 'encryption';
  if (code === 'EAUTH' || code === 'ENOAUTH' || command.startsWith('AUTH')) return 'login';
  return /^(EHLO|HELO|LHLO)/.test(command) || code === 'EPROTOCOL' ? 'greeting' : 'connection';
}
