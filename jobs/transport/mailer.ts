/** Hands ready mails over: to a mail server by SMTP, or as files to a folder. */
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../db/store/folder.ts';
import { MailError, type Mailer } from './handover.ts';
import { textOf } from './smtp-faults.ts';
import { openSmtp } from './smtp.ts';

export { MailError, type Mailer };

/**
 * Opens what the URL names: `file:` a folder for .eml files, `smtp:` or `smtps:` a mail server. What nodemailer's connection takes as options
 * may stand in the URL's query, as `?requireTLS=true`.
 */
export function openMailer(mailUrl: string): Mailer {
  if (mailUrl.startsWith('file:')) return openFolder(folderOf(mailUrl));
  if (/^smtps?:/.test(mailUrl)) return openSmtp(mailUrl);
  throw new Error('a mail URL starts with file:, smtp:// or smtps://');
}

/** The folder that a `file:` URL names. */
export const folderOf = (mailUrl: string) => mailUrl.replace(/^file:(\/\/)?/, '');

/** Whether mails stay on this machine, so that one may send as if it were another day. */
export function staysOnMachine(mailUrl: string): boolean {
  if (mailUrl.startsWith('file:')) return true;
  const { hostname } = new URL(mailUrl);
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function openFolder(folder: string): Mailer {
  return {
    folder,
    async send({ name }, raw, { leaving } = {}) {
      const path = join(folder, `${name}.eml`);
      await orFault('transport', async () => {
        // Addresses, and links that act for who got them: for the owner alone. A folder that is there stays as it is.
        makeFolder(folder);
        // Written beside its place and then moved there: nobody ever sees half a mail.
        const file = await open(`${path}.part`, 'w', 0o600);
        try {
          await file.writeFile(raw);
          await file.sync();
        } finally {
          await file.close();
        }
      });
      await orFault('lost', async () => leaving?.());
      await orFault('transport', () => rename(`${path}.part`, path));
      return { response: `250 written to ${name}.eml` };
    },
    close() {},
  };
}

async function orFault(kind: 'transport' | 'lost', work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new MailError({ kind, code: null, response: textOf(error) }, { cause: error });
  }
}
