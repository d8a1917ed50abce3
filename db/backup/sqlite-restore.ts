/** Restores an SQLite database: a file that takes the place of another at one stroke. */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import type { Copy, IsRunning, PreparedDatabase } from './prepared-database.ts';
import { isSqlite } from '../store/opening/admission.ts';
import { loadSqlite } from '../store/drizzle.ts';
import { makeFolder } from '../store/folder.ts';
import { momentName } from './moment-name.ts';
import { checkSqliteCopy } from './sqlite-copy.ts';

/** What SQLite keeps beside a file: it is a part of the database. */
const BESIDE = ['-wal', '-shm', '-journal'];

/**
 * Throws `conflict` while a process has the file open. Whoever opened a database in WAL mode holds a shared lock on its file for as long as it has
 * it open, and the system takes it back when the process ends, however it does: asking for the exclusive one tells. A file that is no database
 * any more cannot be asked; no service can work with it either.
 */
export function assertUnusedSqlite(path: string): void {
  if (!existsSync(path) || !isSqlite(path)) return;
  const [log, spare] = [`${path}-wal`, `${path}-wal.spare`];
  // SQLite deletes the log of a database that it cannot make sense of: what is replaced is kept as it is.
  if (existsSync(log)) copyFileSync(log, spare);
  const { Sqlite } = loadSqlite();
  let database: InstanceType<typeof Sqlite> | undefined;
  let isWhole = false;
  try {
    database = new Sqlite(path, { fileMustExist: true });
    database.pragma('busy_timeout = 0');
    database.pragma('locking_mode = exclusive');
    database.exec('begin exclusive; rollback');
    isWhole = true;
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY'))
      throw new AppError('conflict', `${path} is in use: stop the service, and whatever else has it open, first.`, [], { cause: error });
  } finally {
    database?.close();
    if (!isWhole && existsSync(spare) && !existsSync(log)) renameSync(spare, log);
    rmSync(spare, { force: true });
  }
}

/** Makes a file of a copy beside the one at a path. */
export async function prepareSqlite(given: string, { path: copy, rows }: Copy, isRunning: IsRunning, now: Date): Promise<PreparedDatabase> {
  // Where the name leads elsewhere, that is the place.
  const path = existsSync(given) ? realpathSync(given) : given;
  const prepared = `${path}.restoring-${process.pid}`;
  const kept = `${path}.before-${momentName(now)}`;
  const discard = async () => [prepared, ...BESIDE.map((end) => prepared + end)].forEach((file) => rmSync(file, { force: true }));
  for (const name of [kept, ...BESIDE.map((end) => kept + end)])
    if (existsSync(name)) throw new AppError('conflict', `${name} is there already: try again in a second.`);
  makeFolder(dirname(path));
  removeLeft(path, isRunning);
  await discard();
  try {
    copyFileSync(copy, prepared, constants.COPYFILE_EXCL);
    chmodSync(prepared, 0o600);
    checkSqliteCopy(prepared, rows);
  } catch (error) {
    await discard();
    throw error;
  }
  return { url: `file:${prepared}`, takePlace: async () => takePlace({ path, prepared, kept }), discard };
}

/** What restores left that were killed: copies that hold addresses, and that nobody else would ever remove. */
function removeLeft(path: string, isRunning: IsRunning) {
  const start = `${basename(path)}.restoring-`;
  for (const name of readdirSync(dirname(path))) {
    const pid = name.startsWith(start) ? /^(\d+)(-wal|-shm|-journal)?$/.exec(name.slice(start.length))?.[1] : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(dirname(path), name), { force: true });
  }
}

/** Whatever moment a power cut comes at, there is a database under its name, as long as there was one. */
function takePlace({ path, prepared, kept }: { path: string; prepared: string; kept: string }): string | null {
  assertUnusedSqlite(path);
  syncToDisk(prepared);
  const wasThere = existsSync(path);
  for (const end of BESIDE) if (existsSync(path + end)) renameSync(path + end, kept + end);
  if (wasThere) giveSecondName(path, kept);
  renameSync(prepared, path);
  syncToDisk(dirname(path));
  return wasThere ? kept : null;
}

function giveSecondName(path: string, name: string) {
  try {
    linkSync(path, name);
  } catch (error) {
    // A file system without links, as on some memory cards.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    renameSync(path, name);
  }
}

function syncToDisk(path: string) {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
