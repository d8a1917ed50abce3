/** Backups that are made by themselves: every day by one instance, in a thread of its own, and before each migration. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../calendars/errors.ts';
import { claimBackup, isBackupDue, readBackupRecord, recordBackup } from '../../db/backup/records.ts';
import type { Store } from '../../db/store/store.ts';
import type { Occasion } from './manifest.ts';

/** What a backup is made of, and where all of them are. */
export interface BackupSource {
  databaseUrl: string;
  secret: string;
  folder: string;
}

/** What the thread is told. */
export interface BackupOrder extends BackupSource {
  now: Date;
}

/** What came of it. */
export type BackupOutcome = { folder: string } | { fault: string };

/** Makes the backup of the day if it is due and nobody else makes it; null where not. Nothing waits for its disk: answers and mails go on meanwhile. */
export async function backUpDaily(store: Store, source: BackupSource, now: Date, signal?: AbortSignal): Promise<BackupOutcome | null> {
  // Most rounds need not write to find that out.
  if (!isBackupDue(await readBackupRecord(store.read), now)) return null;
  if (!(await store.write((tx) => claimBackup(tx, now)))) return null;
  const outcome = await inThread({ ...source, now }, signal).catch((error: unknown) => ({ fault: faultOf(error) }));
  // One that is broken off because the service ends is made by the next one that runs.
  if (signal?.aborted && 'fault' in outcome) return null;
  const fault = 'fault' in outcome ? outcome.fault : null;
  await store.write((tx) => recordBackup(tx, { occasion: 'daily', fault }, now));
  return outcome;
}

/** A backup for the case that the store that is opened has to be migrated. */
export interface MigrationBackup {
  /** Makes it. Throws `conflict` where the secret is not the database's: that start is refused anyway, and before anything is written. */
  beforeMigration: () => Promise<void>;
  /** Writes down what came of it, and gives that; null where none was needed. Without one the start goes on, and says so. */
  settle: (store: Store) => Promise<BackupOutcome | null>;
}

/** `source` is null where no backups are wanted; its secret where there is none yet. */
export function openMigrationBackup(source: (Omit<BackupSource, 'secret'> & { secret: string | null }) | null, now: Date): MigrationBackup {
  let outcome: BackupOutcome | null = null;
  return {
    async beforeMigration() {
      if (source === null) return;
      const { secret, ...rest } = source;
      try {
        if (secret === null) throw new Error('there is no secret yet');
        outcome = await makeKept({ ...rest, secret }, 'migration', now);
      } catch (error) {
        if (error instanceof AppError && error.kind === 'conflict') throw error;
        outcome = { fault: faultOf(error) };
      }
    },
    async settle(store) {
      if (outcome === null) return null;
      const fault = 'fault' in outcome ? outcome.fault : null;
      await store.write((tx) => recordBackup(tx, { occasion: 'migration', fault }, now));
      return outcome;
    },
  };
}

/** Makes a backup and removes those that it makes too many. */
export async function makeKept(source: BackupSource, occasion: Exclude<Occasion, 'asked'>, now: Date): Promise<{ folder: string }> {
  // Loaded when they are needed: most starts make none.
  const { makeBackup } = await import('./backup.ts');
  const { clearBackups } = await import('./upkeep.ts');
  const { folder } = await makeBackup({ ...source, occasion }, now);
  clearBackups(source.folder, occasion, now);
  return { folder };
}

async function inThread(order: BackupOrder, signal: AbortSignal | undefined): Promise<{ folder: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ folder: string }>();
  const thread = new Worker(new URL('./backup-thread.ts', import.meta.url), { workerData: order });
  const breakOff = () => void thread.terminate();
  signal?.addEventListener('abort', breakOff, { once: true });
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', () => reject(new Error('it was broken off')));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', breakOff);
    await thread.terminate();
  }
}

/** In one line. */
const faultOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim();
