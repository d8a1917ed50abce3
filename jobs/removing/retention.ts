/** Purges what was kept long enough, once a day: messages in the database, and the files that mails were written to. */
import { setImmediate } from 'node:timers/promises';
import { addMonths, amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import type { Day } from '../../calendars/terms.ts';
import { messagesAmong, purgeMessages } from '../../db/messages/retention.ts';
import { purgeActs } from '../../db/organisations/acts/acts.ts';
import { purgeAnswers } from '../../db/registry/purchasers/answers.ts';
import { purgeReports } from '../../db/registry/reports.ts';
import { eraseStrays } from '../../db/recipients/strays.ts';
import { readSetting, saveSetting } from '../../db/store/settings.ts';
import type { ReadDb, Store } from '../../db/store/store.ts';
import { turnOf } from '../project.ts';
import { mailFilesIn, removeMailFiles, type MailFile } from '../transport/mail-files.ts';

/** How long messages are kept where nothing else is set. */
const RETENTION_MONTHS = 24;

/** What went. */
interface Purged {
  messages: number;
  /** Messages that stay, and lost the address of somebody who has nothing to do with them any more. */
  erased: number;
  files: number;
  /** What readers reported a year ago. */
  reports: number;
  /** What insurers' purchasers said a year ago. */
  answers: number;
}

export interface RetentionWatch {
  /** Purges unless this day's turn was taken: the database's by one process of all, each folder's by its own. Null when there was nothing to do. */
  check: (now: Date) => Promise<Purged | null>;
}

interface Retention {
  /** Where mails are files. */
  folder?: string | undefined;
  months?: number | undefined;
  secret: string;
}

export function watchRetention(store: Store, { folder, months = RETENTION_MONTHS, secret }: Retention): RetentionWatch {
  let seenTo: Day | null = null;
  return {
    async check(now) {
      const turn = turnOf(now);
      if (seenTo === turn) return null;
      const today = amsterdamDay(now);
      const firstDay = addMonths(today, -months);
      const isOurs = await takeTurn(store, turn);
      const before = amsterdamMoment(firstDay, '00:00');
      const messages = isOurs ? await purgeMessages(store, { before, today }) : 0;
      // After the mails that told of them.
      if (isOurs) await purgeActs(store, before);
      const erased = isOurs ? await eraseStrays(store, secret, now) : 0;
      const reports = isOurs ? await store.write((tx) => purgeReports(tx, now)) : 0;
      const answers = isOurs ? await store.write((tx) => purgeAnswers(tx, now)) : 0;
      const files = folder === undefined ? 0 : await purgeFiles(store.read, folder, firstDay);
      if (messages + erased + reports + answers > 0) await store.emptyLog();
      seenTo = turn;
      return messages + erased + files + reports + answers > 0 ? { messages, erased, files, reports, answers } : null;
    },
  };
}

const PURGED_ON = 'purged_on';

/** Takes the day's turn for this process alone. What an end in the middle leaves over goes the next day. */
async function takeTurn(store: Store, turn: Day): Promise<boolean> {
  if ((await readSetting(store.read, PURGED_ON)) === turn) return false;
  return store.writeAlone(async (tx) => {
    if ((await readSetting(tx, PURGED_ON)) === turn) return false;
    await saveSetting(tx, PURGED_ON, turn);
    return true;
  });
}

/** Removes files of mails that were handed over before a day, and whose messages are no more. */
async function purgeFiles(db: ReadDb, folder: string, firstDay: Day): Promise<number> {
  const old = (await mailFilesIn(folder)).filter(({ day }) => day < firstDay);
  let removed = 0;
  for (let n = 0; n < old.length; n += AT_ONCE) {
    const some = old.slice(n, n + AT_ONCE);
    const kept = await messagesAmong(
      db,
      some.map(({ messageId }) => messageId),
    );
    const files: MailFile[] = some.filter(({ messageId }) => !kept.has(messageId));
    await removeMailFiles(folder, files);
    removed += files.length;
    await setImmediate();
  }
  return removed;
}

/** So many files are looked for at once. */
const AT_ONCE = 500;
