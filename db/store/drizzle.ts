/** The one door to drizzle. Its CommonJS files are loaded on purpose: Node's ES-module loader re-parses drizzle's large package.json for each of its modules (500 ms and 220 MB at start). */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

// require() gives `any`; each cast names the very module that is loaded, so the types are drizzle's own.
export const {
  aliasedTable,
  and,
  asc,
  count,
  desc,
  eq,
  exists,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  max,
  min,
  ne,
  not,
  notExists,
  or,
  sql,
} = require('drizzle-orm') as typeof import('drizzle-orm');
export const { getTableName } = require('drizzle-orm') as typeof import('drizzle-orm');

export const loadPgCore = () => require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core');
export const loadSqliteCore = () => require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core');

/** PostgreSQL's driver, its drizzle and its migrator, loaded only where they are used. */
export const loadPg = () => ({
  pg: require('pg') as typeof import('pg'),
  drizzle: (require('drizzle-orm/node-postgres') as typeof import('drizzle-orm/node-postgres')).drizzle,
  migrate: (require('drizzle-orm/node-postgres/migrator') as typeof import('drizzle-orm/node-postgres/migrator')).migrate,
});

/** SQLite's driver, its drizzle and its migrator, loaded only where they are used. */
export const loadSqlite = () => ({
  Sqlite: require('better-sqlite3') as typeof import('better-sqlite3'),
  drizzle: (require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3')).drizzle,
  migrate: (require('drizzle-orm/better-sqlite3/migrator') as typeof import('drizzle-orm/better-sqlite3/migrator')).migrate,
});

/** The migrations in a folder, in their order, each with its date and digest. */
export const loadMigrations = (folder: string) =>
  (require('drizzle-orm/migrator') as typeof import('drizzle-orm/migrator')).readMigrationFiles({ migrationsFolder: folder });
