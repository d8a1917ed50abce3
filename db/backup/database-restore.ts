/** Puts a copy in the place of a database: it is made and checked beside the other, which is then moved aside and never deleted. */
import { dialectOf, pathOf } from './database-copy.ts';
import { assertUnusedPg, preparePg } from './pg-restore.ts';
import type { Copy, IsRunning, PreparedDatabase } from './prepared-database.ts';
import { assertUnusedSqlite, prepareSqlite } from './sqlite-restore.ts';

/** Throws `conflict` where a process has the database open: a service that runs would go on with what is moved aside. */
export async function assertUnused(url: string, isRunning: IsRunning, now: Date): Promise<void> {
  if (dialectOf(url) === 'pg') await assertUnusedPg(url, isRunning, now);
  else assertUnusedSqlite(pathOf(url));
}

/** Makes a database of a copy, beside the one that the URL names, which need not be whole, or be there at all. Throws where its rows are not those that were counted. */
export async function prepareDatabase(url: string, copy: Copy, isRunning: IsRunning, now: Date): Promise<PreparedDatabase> {
  return dialectOf(url) === 'pg' ? preparePg(url, copy, now) : prepareSqlite(pathOf(url), copy, isRunning, now);
}
