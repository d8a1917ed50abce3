/** Whether mails can be handed over, tried when the service starts: what is set wrongly is told before the first mail is due. */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../db/store/folder.ts';
import { folderOf } from './mailer.ts';
import { textOf } from './smtp-faults.ts';
import { connect, settingsOf } from './smtp.ts';

/** Where a trial ended, and what was said there. */
export interface MailTrouble {
  stage: 'folder' | 'name' | 'connection' | 'greeting' | 'encryption' | 'login';
  response: string;
}

/**
 * Makes the folder of a `file:` MAIL_URL, and writes a file there that it removes again. Gives what passes by itself, as a full disk; throws where
 * no mail can ever be written. Null for a mail server.
 */
export async function tryMailFolder(mailUrl: string): Promise<MailTrouble | null> {
  if (!mailUrl.startsWith('file:')) return null;
  const folder = folderOf(mailUrl);
  try {
    makeFolder(folder);
    await writeAndRemove(join(folder, `trial-${process.pid}.part`));
    return null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (PASSING.includes(code)) return { stage: 'folder', response: textOf(error) };
    throw new Error(`no mail can be written to ${folder}: ${textOf(error)}`, { cause: error });
  }
}

/** Connects to the server of an SMTP MAIL_URL, logs in and leaves. Gives where that ended before, and never throws. Null for a folder. */
export async function tryMailServer(mailUrl: string): Promise<MailTrouble | null> {
  if (mailUrl.startsWith('file:')) return null;
  try {
    const { auth, options } = settingsOf(mailUrl);
    const connection = await connect(options, auth, AbortSignal.timeout(MOST_MS));
    connection.quit();
    return null;
  } catch (error) {
    return { stage: stageOf(error), response: textOf(error) };
  }
}

const PASSING: readonly string[] = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];
const MOST_MS = 60_000;

async function writeAndRemove(path: string) {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile('trial');
  } finally {
    await file.close();
    await rm(path);
  }
}

/** By nodemailer's codes, and else by the command that the server answered. */
function stageOf(error: unknown): MailTrouble['stage'] {
  const { code = '', command = '' } = error as { code?: string; command?: string };
  if (code === 'EDNS') return 'name';
  if (code === 'ETLS' || command === 'STARTTLS') return 'encryption';
  if (code === 'EAUTH') return 'login';
  return code === 'EPROTOCOL' || /^(EHLO|HELO|LHLO)/.test(command) ? 'greeting' : 'connection';
}
