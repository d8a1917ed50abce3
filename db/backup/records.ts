/** What came of the backups that are made by themselves: one row for all instances, which also says whose turn it is. */
import { addDays, amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import { and, eq } from '../store/drizzle.ts';
import { readSetting } from '../store/settings.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Moments in ISO 8601; null: never. */
export interface BackupRecord {
  /** When the newest one was made, for whatever occasion. */
  madeAt: string | null;
  /** The newest one of a day. */
  dailyAt: string | null;
  /** When one of a day was last begun. */
  triedAt: string | null;
  /** What the last one that failed failed by; null when one was made since. */
  fault: string | null;
  failedAt: string | null;
}

const NAME = 'backups';
const NEVER: BackupRecord = { madeAt: null, dailyAt: null, triedAt: null, fault: null, failedAt: null };
/** When the backup of a day is made, by the clocks of Amsterdam. */
const HOUR = '04:00';
/** One that failed, or whose process ended, is tried again after so long. */
const AGAIN_MS = 3_600_000;
/** How old the newest may be before somebody should look. */
const OLD_MS = 26 * 3_600_000;

export async function readBackupRecord(db: ReadDb): Promise<BackupRecord> {
  return parse(await readSetting(db, NAME));
}

/** Whether a backup of a day is due and not begun, by a record. */
export function isBackupDue({ dailyAt, triedAt }: BackupRecord, now: Date): boolean {
  const today = amsterdamMoment(amsterdamDay(now), HOUR);
  const dueAt = now >= today ? today : amsterdamMoment(addDays(amsterdamDay(now), -1), HOUR);
  // A clock that was wrong may have written down a moment that is still to come.
  const tried = triedAt === null ? Infinity : Math.abs(now.getTime() - Date.parse(triedAt));
  return (dailyAt === null || new Date(dailyAt) < dueAt) && tried >= AGAIN_MS;
}

/** Takes the turn to make the backup of a day. False where it is not due, or another process was first. */
export async function claimBackup(tx: WriteDb, now: Date): Promise<boolean> {
  const text = await readSetting(tx, NAME);
  const record = parse(text);
  if (!isBackupDue(record, now)) return false;
  const value = JSON.stringify({ ...record, triedAt: now.toISOString() });
  const { settings } = tx.tables;
  const claimed =
    text === undefined
      ? await tx.insert(settings).values({ name: NAME, value }).onConflictDoNothing().returning()
      : await tx
          .update(settings)
          .set({ value })
          .where(and(eq(settings.name, NAME), eq(settings.value, text)))
          .returning();
  return claimed.length > 0;
}

/** Forgets all of it: in a database that was restored it tells of another's backups, and the first of its own is due at once. */
export async function forgetBackups(tx: WriteDb): Promise<void> {
  const { settings } = tx.tables;
  await tx.delete(settings).where(eq(settings.name, NAME));
}

/** Writes down what came of a backup: `fault` says why there is none. */
export async function recordBackup(
  tx: WriteDb,
  { occasion, fault }: { occasion: 'daily' | 'migration'; fault: string | null },
  now: Date,
): Promise<void> {
  const { settings } = tx.tables;
  const before = await readBackupRecord(tx);
  const at = now.toISOString();
  const made = { madeAt: at, dailyAt: occasion === 'daily' ? at : before.dailyAt, fault: null, failedAt: null };
  const value = JSON.stringify({ ...before, ...(fault === null ? made : { fault, failedAt: at }) } satisfies BackupRecord);
  await tx.insert(settings).values({ name: NAME, value }).onConflictDoUpdate({ target: settings.name, set: { value } });
}

/** What is wrong with the backups so that somebody should look, in a sentence each. `since`: from when on there should have been any. */
export function backupTroubles({ failedAt, fault, madeAt }: BackupRecord, since: Date, now: Date): string[] {
  const newest = Math.max(since.getTime(), madeAt === null ? 0 : Date.parse(madeAt));
  return [
    ...(fault === null ? [] : [`The backup of ${failedAt} failed: ${fault}`]),
    ...(now.getTime() - newest > OLD_MS ? [`The newest backup is of ${madeAt ?? 'never'}.`] : []),
  ];
}

// Written above, by nobody else.
const parse = (text: string | undefined) => (text === undefined ? NEVER : (JSON.parse(text) as BackupRecord));
