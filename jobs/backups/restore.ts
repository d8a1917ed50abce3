/** Restores a backup: all is made and checked beside what it replaces, which is kept; and mail is held. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import { dialectOf, knowsMigration } from '../../db/backup/database-copy.ts';
import { assertUnused, prepareDatabase } from '../../db/backup/database-restore.ts';
import { readReplacedWithdrawals } from '../../db/backup/replaced-withdrawals.ts';
import { forgetBackups } from '../../db/backup/records.ts';
import { reapply, sealWithdrawal, type SealedWithdrawal } from '../../db/people/reapplying.ts';
import { holdMail, type Hold } from '../../db/messages/hold.ts';
import { renewEditions } from '../../db/store/counters.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { isRunning } from '../sending/senders-place.ts';
import { checkFiles, readManifest } from './backup-check.ts';
import type { Manifest } from './manifest.ts';
import { readWithdrawalsList, type ReadList } from './withdrawals-list.ts';

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
  const prepared = await prepareDatabase(databaseUrl, { path: join(folder, database.file), rows: database.rows }, isRunning, now);
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
  /** The lists that were written to after the backup, and what the replaced database knows; null: it cannot be read, or is another one. */
  lists: ReadList[];
  replaced: { ids: ReadonlySet<string>; isInDoubt: boolean } | null;
}

/** What is known to have been withdrawn: from the lists, then what only the database knows that is to be replaced. */
async function readWithdrawals({ manifest, secret }: Backup, databaseUrl: string, folders: readonly string[]): Promise<KnownWithdrawals> {
  const read = [...new Set(folders.map((folder) => resolve(folder)))].map((folder) => readWithdrawalsList(folder, secret));
  // One that was last written before the backup knows nothing of after it.
  const lists = read.filter((list) => list !== null).filter(({ until }) => until > new Date(manifest.madeAt));
  const found = await readReplacedWithdrawals(databaseUrl, secret);
  // What stands in two of them counts where it stands first: a copy may break off before the last word.
  const withdrawals = new Map<string, SealedWithdrawal>();
  const all = [...lists.flatMap((list) => list.withdrawals), ...(found?.withdrawals ?? []).map((one) => sealWithdrawal(one, secret))];
  for (const one of all) if (!withdrawals.has(one.id)) withdrawals.set(one.id, one);
  const replaced = found && { ids: new Set(found.withdrawals.map(({ id }) => id)), isInDoubt: found.isInDoubt };
  return { withdrawals: [...withdrawals.values()], lists, replaced };
}

/** The list is written in each round of the jobs: one that ends earlier is a copy, or of a service that was lost before. */
const LATEST_MS = 3_600_000;
const UNKNOWN = 'Who left, was removed or declined mail';
const ADVICE =
  'Where there is a newer withdrawals.jsonl of the service that was lost, put it beside the backup and restore again before mail leaves.';

/**
 * Why there may be other withdrawals, in a sentence; or null. Whoever tells of them knows those of before the backup too: what does not was begun
 * anew, as by a start in an empty place. A database that was restored without knowing them tells no more than before, and neither does its list.
 */
function doubtIn({ lists, replaced }: KnownWithdrawals, noted: readonly string[], now: Date): string | null {
  const goesOn = (ids: ReadonlySet<string>) => noted.every((id) => ids.has(id));
  if (replaced !== null && !replaced.isInDoubt && goesOn(replaced.ids)) return null;
  const isNew = (ids: ReadonlySet<string>) => replaced === null || !replaced.isInDoubt || [...ids].some((id) => !replaced.ids.has(id));
  const telling = lists.filter(({ ids }) => goesOn(ids) && isNew(ids));
  const foreign = telling.reduce((sum, list) => sum + list.foreign, 0);
  if (telling.length === 0)
    return `${UNKNOWN} after the backup is not known: neither the replaced database nor a list beside the backups tells. ${ADVICE}`;
  const until = new Date(Math.max(...telling.map((list) => list.until.getTime())));
  if (now.getTime() - until.getTime() > LATEST_MS)
    return `${UNKNOWN} after ${until.toISOString()} is not known: the list beside the backups ends there. If the service ended then, nothing is missing. ${ADVICE}`;
  return foreign === 0
    ? null
    : `Of those who left, were removed or declined mail after the backup ${foreign} are not known: another secret sealed them.`;
}

/** What a restored database needs before anybody opens it. */
async function bringIn(
  store: Store,
  { manifest, secret }: Backup,
  known: KnownWithdrawals,
  now: Date,
): Promise<Pick<Restored, 'hold' | 'applied'>> {
  const madeAt = new Date(manifest.madeAt);
  return store.write(async (tx) => {
    const noted = await tx.select({ id: tx.tables.withdrawals.id }).from(tx.tables.withdrawals);
    const hold: Hold = {
      since: now,
      why: `the database was restored from the backup of ${manifest.madeAt}`,
      by: 'npm run cli -- restore',
      from: madeAt,
      doubt: doubtIn(
        known,
        noted.map(({ id }) => id),
        now,
      ),
    };
    await holdMail(tx, hold);
    await forgetBackups(tx);
    await renewEditions(tx, gapSince(madeAt, now), now);
    return { hold, applied: await reapply(tx, known.withdrawals, secret, now) };
  });
}

/** More versions than can have been given meanwhile: one a second, and a thousand. */
function gapSince(madeAt: Date, now: Date): number {
  return Math.max(0, Math.ceil((now.getTime() - madeAt.getTime()) / 1000)) + 1000;
}
