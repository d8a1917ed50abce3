/** The mails that a `file:` MAIL_URL wrote, to be read in a rehearsal. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { mailFilesIn } from './mail-files.ts';

/** A mail as its reader sees it. */
interface OutboxMail {
  /** The message's id. */
  id: string;
  /** When it was handed over. */
  at: Date;
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
}

/** What stands in a folder of mails. */
interface Outbox {
  /** The newest ones, the newest first, at most so many; and how many there are. */
  newest(most: number): Promise<{ mails: OutboxMail[]; total: number }>;
  /** One of them; null where there is none. */
  find(id: string): Promise<OutboxMail | null>;
}

/** A mail that is erased while it is looked for is not there. */
export function openOutbox(folder: string): Outbox {
  const files = async () => (await mailFilesIn(folder)).filter(({ name }) => name.endsWith('.eml'));
  return {
    async newest(most) {
      const all = await files();
      const timed = await Promise.all(
        all.map(async ({ messageId, name }) => {
          const written = await unlessGone(stat(join(folder, name)));
          return written === null ? [] : [{ messageId, name, at: written.mtime }];
        }),
      );
      const there = timed.flat();
      const newest = there.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.name < b.name ? 1 : -1)).slice(0, most);
      const mails = await Promise.all(newest.map(async ({ messageId, name, at }) => read(join(folder, name), messageId, at)));
      return { mails: mails.filter((mail) => mail !== null), total: there.length };
    },
    async find(id) {
      const file = (await files()).find(({ messageId }) => messageId === id);
      const written = file ? await unlessGone(stat(join(folder, file.name))) : null;
      return file && written ? read(join(folder, file.name), id, written.mtime) : null;
    },
  };
}

async function read(path: string, id: string, at: Date): Promise<OutboxMail | null> {
  const raw = await unlessGone(readFile(path));
  if (raw === null) return null;
  const { from, html = '', subject = '', text = '', to = [] } = await PostalMime.parse(raw);
  return { id, at, to: to.map(({ address }) => address ?? '').join(', '), from: from?.address ?? '', subject, text, html };
}

async function unlessGone<T>(file: Promise<T>): Promise<T | null> {
  try {
    return await file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
