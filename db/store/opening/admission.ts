/** Admission of a database: whether this release may migrate it, judged by its tables and migrations before anything is written. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { getTableName, loadMigrations, type loadSqlite } from '../drizzle.ts';
import type { Tables } from '../../schema/schema.ts';

export interface Admission {
  /** The migrations of this release. */
  folder: string;
  tables: Tables;
  /** Whether an empty database may become ours. */
  make: boolean;
}

/**
 * Throws, in one line, where a file is no SQLite database, another program's, a newer release's, or one that another history led to; and where it
 * is not there or empty and none may be made. Gives whether it holds something and waits for a migration.
 */
export function admitSqlite(Sqlite: ReturnType<typeof loadSqlite>['Sqlite'], file: string, admission: Admission): boolean {
  const place = statSync(file, { throwIfNoEntry: false });
  if (place?.isDirectory()) throw new Error(`${file} is a folder, not a database`);
  if (!place?.size) {
    // A new file gets its first page before anything stands in the log.
    if (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size)
      throw new Error(`${file} is empty or gone, but ${file}-wal is there: put the database back from a backup, or move that file away`);
    if (!admission.make) throw new Error(`there is no database ${file}: the service makes it at its first start`);
    return false;
  }
  if (!isSqlite(file)) throw new Error(`${file} is no SQLite database`);
  const database = new Sqlite(file, { readonly: true });
  try {
    const names = database.prepare<[], string>(`select name from sqlite_master where type in ('table', 'view')`).pluck().all();
    const applied = names.includes(HISTORY)
      ? database.prepare<[], Applied>(`select hash, created_at as "createdAt" from ${HISTORY}`).all()
      : [];
    const relations = names.filter((name) => name !== HISTORY && !name.startsWith('sqlite_'));
    // A file is one program's, as a rule: whatever stands in it is somebody's.
    return judge({ applied, relations, foreign: relations }, admission);
  } finally {
    database.close();
  }
}

/** The same for PostgreSQL, where other programs' tables may stand beside ours as long as none has the name of one of ours. */
export async function admitPg(client: Client, admission: Admission): Promise<boolean> {
  const relations = await client.query<{ name: string }>(
    `select relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where nspname = current_schema() and relkind in ('r', 'p', 'v', 'm', 'f')`,
  );
  const history = await client.query<{ there: boolean }>(`select to_regclass('drizzle.${HISTORY}') is not null as there`);
  const applied = history.rows[0]?.there
    ? await client.query<{ hash: string; createdAt: string }>(`select hash, created_at as "createdAt" from drizzle.${HISTORY}`)
    : { rows: [] };
  const names = relations.rows.map(({ name }) => name);
  const ours = namesOf(admission.tables);
  return judge(
    {
      applied: applied.rows.map(({ hash, createdAt }) => ({ hash, createdAt: Number(createdAt) })),
      relations: names,
      foreign: names.filter((name) => ours.includes(name)),
    },
    admission,
  );
}

/** Whether a file is an SQLite database, by its first bytes: SQLite itself takes a file of a few bytes for an empty one, and writes over them. */
export function isSqlite(file: string): boolean {
  const start = Buffer.alloc(16);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, start);
  closeSync(descriptor);
  return start.toString('latin1') === 'SQLite format 3\0';
}

/** drizzle's own table of the migrations that a database went through. */
const HISTORY = '__drizzle_migrations';

interface Applied {
  hash: string;
  createdAt: number;
}

interface Footprint {
  applied: readonly Applied[];
  relations: readonly string[];
  /** Those that must not be there where no migration of ours was. */
  foreign: readonly string[];
}

/** drizzle itself looks at the newest date alone: what is unknown, changed or left out before it passes unseen. */
function judge({ applied, relations, foreign }: Footprint, { folder, tables, make }: Admission): boolean {
  const migrations = loadMigrations(folder);
  const byDate = new Map(migrations.map((migration) => [migration.folderMillis, migration]));
  const unknown = applied.filter(({ createdAt }) => !byDate.has(createdAt));
  if (unknown.length === applied.length) {
    if (applied.length > 0 || foreign.length > 0)
      throw new Error(
        `this database is another program's (it holds ${someOf(foreign, 'other migrations')}): name one for this service alone`,
      );
    if (!make) throw new Error('this database is empty: the service makes its tables at its first start');
    return false;
  }
  if (unknown.length > 0)
    throw new Error(
      `this database was used by a newer release, with ${unknown.length} migrations that are not known here: start that release again, or put back a backup from before it`,
    );
  const mismatch = applied.find(({ createdAt, hash }) => byDate.get(createdAt)?.hash !== hash);
  if (mismatch)
    throw new Error(
      `the migration ${nameOf(folder, mismatch.createdAt)} is not the one that this database went through: put back the file of the release that made it`,
    );
  const newest = Math.max(...applied.map(({ createdAt }) => createdAt));
  const dates = new Set(applied.map(({ createdAt }) => createdAt));
  const skipped = migrations.find(({ folderMillis }) => folderMillis < newest && !dates.has(folderMillis));
  if (skipped)
    throw new Error(
      `this database never went through the migration ${nameOf(folder, skipped.folderMillis)}, but through later ones: put back a backup`,
    );
  const missingTables = dates.size === migrations.length ? namesOf(tables).filter((name) => !relations.includes(name)) : [];
  if (missingTables.length > 0)
    throw new Error(`this database went through every migration, but lacks ${someOf(missingTables)}: put back a backup`);
  return dates.size < migrations.length;
}

const namesOf = (tables: Tables): string[] => Object.values(tables).map((table) => getTableName(table));

function someOf(names: readonly string[], otherwise = ''): string {
  if (names.length === 0) return otherwise;
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const MOST_NAMES = 3;

function nameOf(folder: string, date: number): string {
  // Written by drizzle-kit.
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as { entries: { when: number; tag: string }[] };
  return entries.find(({ when }) => when === date)?.tag ?? String(date);
}
