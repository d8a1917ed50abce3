/** A copy of the whole database as a file that anybody can restore by hand, read back before anybody relies on it. */
import { readFileSync } from 'node:fs';
import { AppError } from '../../calendars/errors.ts';
import { compareDigest } from '../store/secret-digest.ts';
import { copyPg } from './pg-copy.ts';
import { copySqlite } from './sqlite-copy.ts';

/** What a copy holds. */
export interface DatabaseCopy {
  dialect: 'sqlite' | 'pg';
  /** Its name in the folder. */
  file: string;
  /** The newest migration that was made, as in db/migrations; null where this program knows none by that moment. */
  migration: string | null;
  /** How many rows each table has, counted in the copy. */
  rows: Record<string, number>;
}

/**
 * Copies the database that a URL names into a folder, as it is at one moment, however much is written meanwhile. Makes and changes nothing else.
 * Throws when there is no database of this service, another secret signed its links, or the copy does not hold what the database holds.
 */
export async function copyDatabase(url: string, folder: string, secret: string): Promise<DatabaseCopy> {
  const dialect = dialectOf(url);
  const { file, rows, migratedAt, secretDigest } = dialect === 'pg' ? await copyPg(url, folder) : await copySqlite(pathOf(url), folder);
  // What is restored with another one would not start.
  if (compareDigest(secretDigest, secret) === 'other')
    throw new AppError('conflict', "The secret is not the one that signed this database's links: a backup with it could not be started.");
  return { dialect, file, rows, migration: migrationOf(dialect, migratedAt) };
}

/** What kind of database a URL names. */
export function dialectOf(url: string): DatabaseCopy['dialect'] {
  return /^postgres(ql)?:/.test(url) ? 'pg' : 'sqlite';
}

/** The file that a URL of SQLite names. */
export function pathOf(url: string): string {
  return url.replace(/^file:(\/\/)?/, '');
}

/** Whether this program knows a migration. */
export function knowsMigration(dialect: DatabaseCopy['dialect'], tag: string): boolean {
  return migrationsOf(dialect).some((migration) => migration.tag === tag);
}

/** A migration by what drizzle keeps of it: the moment at which it was generated, in milliseconds. */
function migrationOf(dialect: DatabaseCopy['dialect'], moment: number): string | null {
  return migrationsOf(dialect).find(({ when }) => when === moment)?.tag ?? null;
}

function migrationsOf(dialect: DatabaseCopy['dialect']): { when: number; tag: string }[] {
  const journal = new URL(`../migrations/${dialect}/meta/_journal.json`, import.meta.url);
  // Written by drizzle-kit.
  return (JSON.parse(readFileSync(journal, 'utf8')) as { entries: { when: number; tag: string }[] }).entries;
}
