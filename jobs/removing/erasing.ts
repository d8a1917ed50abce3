/** Ends an erasure where no transaction reaches: the files that mails were written to, and what the database keeps beside itself. */
import { forgetFormerMails, newestErasure, readFormerMails } from '../../db/messages/erasure.ts';
import type { Store } from '../../db/store/store.ts';
import type { Mailer } from '../transport/handover.ts';
import { mailFilesIn, removeMailFiles } from '../transport/mail-files.ts';

/** What this process saw to. */
export interface ErasureWatch {
  /** Removes what was erased since the last time, here or by another process. Gives how many files went; null when there was nothing to see to. */
  check: (now: Date) => Promise<number | null>;
}

/** A mail that was under way when it was erased may be written for so long: a server has ten minutes, and its sender some more. */
const UNDER_WAY_MS = 20 * 60_000;

export function watchErasures(store: Store, { folder }: Pick<Mailer, 'folder'>): ErasureWatch {
  let seenTo: Date | null = null;
  return {
    async check(now) {
      const newest = await newestErasure(store.read);
      if (newest === null) return null;
      if (seenTo !== null && seenTo.getTime() - newest.getTime() > UNDER_WAY_MS) return null;
      const removed = await removeErased(store, folder);
      await store.write((tx) => forgetFormerMails(tx, now));
      await store.emptyLog();
      seenTo = now;
      return removed;
    },
  };
}

/** Removes the files of mails that were erased. Gives how many. */
async function removeErased({ read }: Store, folder: string | undefined): Promise<number> {
  if (folder === undefined) return 0;
  const ids = await readFormerMails(read);
  const files = (await mailFilesIn(folder)).filter(({ messageId }) => ids.has(messageId));
  await removeMailFiles(folder, files);
  return files.length;
}
