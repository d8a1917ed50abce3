/** Restores a backup: all is made and checked beside what it replaces, which is kept; and mail is held. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import { dialectOf, knowsMigration } from '../../db/backup/database-copy.ts';
import { assertUnused, prepareDatabase } from '../../db/backup/database-restore.ts';
import { readReplacedWithdrawals } from '../../db/backup/replaced-withdrawals.ts';
import { forgetBackups } from '../../db/backup/records.ts';
import { reapply, sealWithdrawal, type SealedWithdrawal } from '../../db/recipients/reapplying.ts';
import { holdMail, type Hold } from '../../db/messages/hold.ts';
import { renewEditions } from '../../db/store/counters.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { isRunning } from '../sending/senders-place.ts';
import { checkFiles, readManifest } from './backup-check.ts';
import type { Manifest } from './manifest.ts';
import { readWithdrawalsList } from './withdrawals-list.ts';

/** A backup that was read and found whole. */
export interface Backup {
  folder: string;
  manifest: Manifest;
  secret: string;
}

/** Reads a backup. Throws `invalid` where it is none or damaged, `conflict` where a newer release made it: then nothing is touched. */
export async function readBackup(folder: string): Promise<Backup> {
  const manifest = readManifest(folder);
  const { database, version } = manifest;
  if (database.migration !== null && !knowsMigration(database.dialect, database.migration))
    throw new AppError(
      'conflict',
      `This backup is of a newer release (${version}), with the migration ${database.migration} that is not known here: restore it with that release.`,
    );
  await checkFiles(folder, manifest);
  return { folder, manifest, secret: readFileSync(join(folder, 'secret'), 'utf8') };
}

export interface Restored {
  /** What the database that was replaced is called now; null: there was none. */
  kept: string | null;
  hold: Hold;
  /** How many withdrawals of after the backup were applied again, by kind. */
  applied: Awaited<ReturnType<typeof reapply>>;
}

/**
 * Puts a backup in the place of the database that a URL names, whatever state that one is in, and applies again what was withdrawn since. Throws
 * `conflict` where it is in use, `invalid` where the backup is of the other kind of database; then nothing was changed. `lists`: folders in which a
 * list of withdrawals may be.
 */
export async function restoreBackup(
  backup: Backup,
  { databaseUrl, lists }: { databaseUrl: string; lists: string[] },
  now: Date,
): Promise<Restored> {
  const { folder, manifest } = backup;
  const { database } = manifest;
  if (database.dialect !== dialectOf(databaseUrl)) throw new AppError('invalid', wrongKind(database.dialect));
  await assertUnused(databaseUrl, isRunning, now);
  const since = await readWithdrawals(backup, databaseUrl, lists);
  const prepared = await prepareDatabase(databaseUrl, { path: join(folder, database.file), rows: database.rows }, now);
  try {
    const store = await openStore(prepared.url, { make: false });
    let brought: Pick<Restored, 'hold' | 'applied'>;
    try {
      brought = await bringIn(store, backup, since, now);
    } finally {
      await store.close();
    }
    await assertUnused(databaseUrl, isRunning, now);
    return { kept: await prepared.takePlace(), ...brought };
  } catch (error) {
    await prepared.discard().catch(() => {});
    throw error;
  }
}

const wrongKind = (dialect: Manifest['database']['dialect']) =>
  dialect === 'pg'
    ? 'This backup is of PostgreSQL: set DATABASE_URL to the postgres:// address of the database that it is to replace.'
    : 'This backup is of SQLite: set DATABASE_URL to a file: address, or leave it out.';

interface KnownWithdrawals {
  withdrawals: SealedWithdrawal[];
  /** Why there may be others, in a sentence; or null. */
  doubt: string | null;
}

/** What is known to have been withdrawn: from the lists, then what only the database knows that is to be replaced. */
async function readWithdrawals({ manifest, secret }: Backup, databaseUrl: string, lists: readonly string[]): Promise<KnownWithdrawals> {
  const read = [...new Set(lists.map((list) => resolve(list)))].map((list) => readWithdrawalsList(list, secret));
  // One that was last written before the backup knows nothing of after it.
  const listed = read.filter((list) => list !== null).filter(({ until }) => until > new Date(manifest.madeAt));
  const replaced = await readReplacedWithdrawals(databaseUrl, secret);
  const foreign = listed.reduce((sum, list) => sum + list.foreign, 0);
  const withdrawals = listed.flatMap((list) => list.withdrawals);
  const ids = new Set(withdrawals.map(({ id }) => id));
  for (const one of replaced ?? []) if (!ids.has(one.id)) withdrawals.push(sealWithdrawal(one, secret));
  const doubt =
    replaced === null && listed.length === 0
      ? 'Who left, was removed or declined mail after the backup is not known: neither the replaced database nor a list beside the backups tells. Where there is a withdrawals.jsonl of the service that was lost, put it beside the backup and restore again before mail leaves.'
      : replaced === null && foreign > 0
        ? `Of those who left, were removed or declined mail after the backup ${foreign} are not known: another secret sealed them.`
        : null;
  return { withdrawals, doubt };
}

/** What a restored database needs before anybody opens it. */
async function bringIn(
  store: Store,
  { manifest, secret }: Backup,
  { doubt, withdrawals }: KnownWithdrawals,
  now: Date,
): Promise<Pick<Restored, 'hold' | 'applied'>> {
  const madeAt = new Date(manifest.madeAt);
  const hold: Hold = {
    since: now,
    why: `the database was restored from the backup of ${manifest.madeAt}`,
    by: 'npm run cli -- restore',
    from: madeAt,
    doubt,
  };
  const applied = await store.write(async (tx) => {
    await holdMail(tx, hold);
    await forgetBackups(tx);
    await renewEditions(tx, gapSince(madeAt, now), now);
    return reapply(tx, withdrawals, secret, now);
  });
  return { hold, applied };
}

/** More versions than can have been given meanwhile: one a second, and a thousand. */
function gapSince(madeAt: Date, now: Date): number {
  return Math.max(0, Math.ceil((now.getTime() - madeAt.getTime()) / 1000)) + 1000;
}
