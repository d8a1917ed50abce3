/** Copies an SQLite database while others write to it, by SQLite's own online backup. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import { assertSameRows, type CopiedFile } from './copied-rows.ts';
import { loadSqlite } from '../store/drizzle.ts';
import { DIGEST } from '../store/secret-digest.ts';

const FILE = 'database.db';
/** In one step, so that nobody's commit makes it begin anew. Writers do not wait for it: the log keeps what they write. */
const ALL_PAGES = 2 ** 31 - 1;

/** Copies the database at a path. Throws `not_found` where none of this service is; what is not there is not made. */
export async function copySqlite(path: string, folder: string): Promise<CopiedFile> {
  if (!existsSync(path)) throw new AppError('not_found', `There is no database ${path}.`);
  const { Sqlite } = loadSqlite();
  const source = new Sqlite(path, { readonly: true, fileMustExist: true });
  const copy = join(folder, FILE);
  try {
    source.pragma('busy_timeout = 5000');
    // What is counted and what is copied is what is committed at one moment: the first question's.
    source.exec('begin');
    const migratedAt = newestMigration(source);
    if (migratedAt === undefined) throw foreign(path);
    const rows = countRows(source);
    const secretDigest = source.prepare('select value from settings where name = ?').pluck().get(DIGEST) as string | undefined;
    // There before SQLite writes to it, so that it is for its owner alone from the start.
    closeSync(openSync(copy, 'wx', 0o600));
    await source.backup(copy, { progress: () => ALL_PAGES });
    checkSqliteCopy(copy, rows);
    return { file: FILE, rows, migratedAt, secretDigest };
  } catch (error) {
    throw (error as { code?: unknown }).code === 'SQLITE_NOTADB' ? foreign(path) : error;
  } finally {
    source.close();
  }
}

const foreign = (path: string) => new AppError('not_found', `${path} is no database of this service.`);

/** Reads a copy back. Throws when it is damaged, a row refers to none, or a table has other rows than were counted. */
export function checkSqliteCopy(copy: string, rows: Record<string, number>): void {
  const { Sqlite } = loadSqlite();
  const database = new Sqlite(copy, { fileMustExist: true });
  try {
    // One file by itself: nothing of it stands in a log beside it.
    database.pragma('journal_mode = delete');
    const [first, ...more] = database.pragma('integrity_check') as { integrity_check: string }[];
    if (first?.integrity_check !== 'ok' || more.length > 0) throw new Error(`The copy is damaged: ${first?.integrity_check}.`);
    const orphans = database.pragma('foreign_key_check') as unknown[];
    if (orphans.length > 0) throw new Error(`The copy is damaged: ${orphans.length} rows refer to rows that do not exist.`);
    assertSameRows(rows, countRows(database));
  } finally {
    database.close();
  }
}

interface Connection {
  prepare(source: string): { pluck(): { get(): unknown; all(): unknown[] } };
}

function newestMigration(database: Connection): number | undefined {
  const table = database.prepare(`select 1 from sqlite_schema where name = '__drizzle_migrations'`).pluck().get();
  const newest = table === undefined ? null : database.prepare('select max(created_at) from __drizzle_migrations').pluck().get();
  return typeof newest === 'number' ? newest : undefined;
}

function countRows(database: Connection): Record<string, number> {
  const names = `select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`;
  const tables = database.prepare(names).pluck().all() as string[];
  return Object.fromEntries(
    tables.map((table) => [
      table,
      Number(
        database
          .prepare(`select count(*) from "${table.replaceAll('"', '""')}"`)
          .pluck()
          .get(),
      ),
    ]),
  );
}
