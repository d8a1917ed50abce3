/** Restores a backup: all is made and checked beside what it replaces, which is kept; and mail is held. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import { dialectOf, knowsMigration } from '../../db/backup/database-copy.ts';
import { assertUnused, prepareDatabase } from '../../db/backup/database-restore.ts';
import { holdMail, type Hold } from '../../db/messages/hold.ts';
import { renewEditions } from '../../db/store/counters.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { isRunning } from '../sending/senders-place.ts';
import { checkFiles, readManifest } from './backup-check.ts';
import type { Manifest } from './manifest.ts';

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
}

/**
 * Puts a backup in the place of the database that a URL names, whatever state that one is in. Throws `conflict` where it is in use, `invalid` where the
 * backup is of the other kind of database; then nothing was changed.
 */
export async function restoreBackup({ folder, manifest }: Backup, databaseUrl: string, now: Date): Promise<Restored> {
  const { database, madeAt } = manifest;
  const dialect = dialectOf(databaseUrl);
  if (database.dialect !== dialect) throw new AppError('invalid', wrongKind(database.dialect));
  await assertUnused(databaseUrl, isRunning, now);
  const prepared = await prepareDatabase(databaseUrl, { path: join(folder, database.file), rows: database.rows }, now);
  try {
    const store = await openStore(prepared.url, { make: false });
    let hold: Hold;
    try {
      hold = await bringIn(store, new Date(madeAt), now);
    } finally {
      await store.close();
    }
    await assertUnused(databaseUrl, isRunning, now);
    return { kept: await prepared.takePlace(), hold };
  } catch (error) {
    await prepared.discard().catch(() => {});
    throw error;
  }
}

const wrongKind = (dialect: Manifest['database']['dialect']) =>
  dialect === 'pg'
    ? 'This backup is of PostgreSQL: set DATABASE_URL to the postgres:// address of the database that it is to replace.'
    : 'This backup is of SQLite: set DATABASE_URL to a file: address, or leave it out.';

/** What a restored database needs before anybody opens it. */
async function bringIn(store: Store, madeAt: Date, now: Date): Promise<Hold> {
  const hold: Hold = {
    since: now,
    why: `the database was restored from the backup of ${madeAt.toISOString()}`,
    by: 'npm run cli -- restore',
    from: madeAt,
    doubt: null,
  };
  await store.write(async (tx) => {
    await holdMail(tx, hold);
    await renewEditions(tx, gapSince(madeAt, now), now);
  });
  return hold;
}

/** More versions than can have been given meanwhile: one a second, and a thousand. */
function gapSince(madeAt: Date, now: Date): number {
  return Math.max(0, Math.ceil((now.getTime() - madeAt.getTime()) / 1000)) + 1000;
}
