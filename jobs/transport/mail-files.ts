/** Mails that a `file:` MAIL_URL wrote, known by the names that they were given: nothing else in their folder is looked at. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Day } from '../../calendars/terms.ts';

export interface MailFile {
  name: string;
  /** When it was handed over. */
  day: Day;
  messageId: string;
}

/** All of a folder, also those that were begun and not finished; none where there is no such folder. */
export async function mailFilesIn(folder: string): Promise<MailFile[]> {
  try {
    const names = await readdir(folder);
    return names.flatMap((name) => {
      const [, day, messageId] = MAIL_FILE.exec(name) ?? [];
      return day === undefined || messageId === undefined ? [] : [{ name, day, messageId }];
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** `send.ts` gives this name, with day, kind and message. */
const MAIL_FILE = /^(\d{4}-\d\d-\d\d)-[a-z_]+-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.eml(?:\.part)?$/;

/** Removes files; one that is gone already is no fault. */
export async function removeMailFiles(folder: string, files: readonly MailFile[]): Promise<void> {
  for (const { name } of files) await rm(join(folder, name), { force: true });
}
