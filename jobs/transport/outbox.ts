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

export function openOutbox(folder: string): Outbox {
  const files = async () => (await mailFilesIn(folder)).filter(({ name }) => name.endsWith('.eml'));
  return {
    async newest(most) {
      const all = await files();
      const timed = await Promise.all(
        all.map(async ({ messageId, name }) => ({ messageId, name, at: (await stat(join(folder, name))).mtime })),
      );
      const newest = timed.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.name < b.name ? 1 : -1)).slice(0, most);
      return {
        mails: await Promise.all(newest.map(async ({ messageId, name, at }) => read(join(folder, name), messageId, at))),
        total: all.length,
      };
    },
    async find(id) {
      const file = (await files()).find(({ messageId }) => messageId === id);
      if (!file) return null;
      const path = join(folder, file.name);
      return read(path, id, (await stat(path)).mtime);
    },
  };
}

async function read(path: string, id: string, at: Date): Promise<OutboxMail> {
  const { from, html = '', subject = '', text = '', to = [] } = await PostalMime.parse(await readFile(path));
  return { id, at, to: to.map(({ address }) => address ?? '').join(', '), from: from?.address ?? '', subject, text, html };
}
