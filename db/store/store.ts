/** Opens the database that a URL names and offers the same reading and writing on either dialect. */
import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { admitPg, admitSqlite } from './opening/admission.ts';
import { takeCheckpoints } from './sqlite/checkpoints.ts';
import { loadPg, loadSqlite, sql } from './drizzle.ts';
import { makeFolder } from './folder.ts';
import { pgKit, sqliteKit } from './kit.ts';
import { pgTransactions } from './pg/transactions.ts';
import { defineSchema, type Tables } from '../schema/schema.ts';
import { assertPragmas, setPragmas } from './sqlite/pragmas.ts';
import { onceATurn } from './turn.ts';

type Queries = PgDatabase<PgQueryResultHKT>;

/** Queries that only read, with the tables they read from, and the statements that were prepared for them (`preparedFor`). */
export type ReadDb = Pick<Queries, 'select' | 'selectDistinct' | 'with' | '$with' | '$count'> & {
  readonly tables: Tables;
  readonly statements: Map<unknown, unknown>;
};
/** Queries inside a write transaction. */
export type WriteDb = ReadDb & Pick<Queries, 'insert' | 'update' | 'delete'>;

export interface Store {
  readonly dialect: 'sqlite' | 'pg';
  /** Reads what is committed; writing through it fails. */
  readonly read: ReadDb;
  /**
   * Runs work in one write transaction, rolled back when it throws. Nothing but the database may happen in it, and no other write: on SQLite that
   * would wait for itself. Tests refuse it; here the AsyncLocalStorage that tells would make each HTTP answer a fifth dearer.
   */
  write<T>(work: (tx: WriteDb) => Promise<T>): Promise<T>;
  /** The same for work on the whole registry, which two instances may begin at one moment: one waits for the other. */
  writeAlone<T>(work: (tx: WriteDb) => Promise<T>): Promise<T>;
  /** A number that is another one after every commit, whoever made it; null where asking would cost as much as reading (PostgreSQL). */
  pulse(): number | null;
  /** The same, asked once in a turn of the event loop, which is enough for requests off the wire. A commit of this process counts at once. */
  pulseThisTurn(): number | null;
  /**
   * Empties the files that a database keeps beside itself, so that what was deleted stands in none of them; it comes between two writes. On
   * PostgreSQL nothing: when a deleted row's place is used again is up to its VACUUM.
   */
  emptyLog(): Promise<void>;
  close(): Promise<void>;
}

const casing = 'snake_case';
/** The folder of this release's migrations. */
export const migrations = (dialect: Store['dialect']) => fileURLToPath(new URL(`../migrations/${dialect}`, import.meta.url));

interface Opening {
  /** Whether an empty database may be made ours; else it must be already. */
  make?: boolean;
  /** Called before a database that holds something is migrated, and waited for. */
  beforeMigration?: (() => Promise<void>) | undefined;
}

/**
 * Opens and migrates. `file:` (a path, relative to the working folder) is SQLite, `postgres://` is PostgreSQL.
 * Throws when the database cannot be reached, is not for this release, or does not keep what this service relies on.
 */
export async function openStore(url: string, opening: Opening = {}): Promise<Store> {
  if (/^postgres(ql)?:/.test(url)) return openPg(url, opening);
  if (url.startsWith('file:')) return openSqlite(url.replace(/^file:(\/\/)?/, ''), opening);
  throw new Error('a database URL starts with file: or postgres://');
}

/** Numbers of our own among the locks of a PostgreSQL database. */
const MIGRATION_LOCK = 7_310_231;
const REGISTRY_LOCK = 7_310_232;
/** A server that accepts and then says nothing must not hold a request for ever. */
const LIMITS = {
  connectionTimeoutMillis: 5000,
  query_timeout: 15_000,
  statement_timeout: 15_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
};

async function openPg(url: string, { make = true, beforeMigration }: Opening): Promise<Store> {
  const { pg, drizzle, migrate } = loadPg();
  const tables = defineSchema(pgKit());
  const { connectionTimeoutMillis, keepAlive } = LIMITS;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis, keepAlive });
  hearErrors(client);
  await client.connect();
  try {
    // drizzle's migrator has no lock of its own: two starting servers would run the same migration at once.
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    if (await admitPg(client, { folder: migrations('pg'), tables, make })) await beforeMigration?.();
    await migrate(drizzle(client), { migrationsFolder: migrations('pg') });
  } finally {
    await client.end();
  }
  const writer = new pg.Pool({ connectionString: url, max: 5, ...LIMITS });
  const reader = new pg.Pool({ connectionString: url, max: 5, ...LIMITS, options: '-c default_transaction_read_only=on' });
  // The pool tells of connections that break while nobody uses them, and only of those.
  for (const pool of [writer, reader]) hearErrors(pool).on('connect', hearErrors);
  const write: Store['write'] = pgTransactions(writer, (client) =>
    Object.assign(drizzle(client, { casing }), { tables, statements: new Map() }),
  );
  return {
    dialect: 'pg',
    read: Object.assign(drizzle(reader, { casing }), { tables, statements: new Map() }),
    write,
    writeAlone: (work) =>
      write(async (tx) => {
        await tx.select({ locked: sql`pg_advisory_xact_lock(${REGISTRY_LOCK})` }).from(sql`(values (1)) as one`);
        return work(tx);
      }),
    pulse: () => null,
    pulseThisTurn: () => null,
    emptyLog: async () => {},
    close: async () => void (await Promise.all([writer.end(), reader.end()])),
  };
}

/** A connection that breaks must not end the process: the query at hand fails, and the next one gets a new connection. */
function hearErrors<E extends { on(event: 'error', listener: () => void): unknown }>(emitter: E): E {
  emitter.on('error', () => {});
  return emitter;
}

async function openSqlite(file: string, { make = true, beforeMigration }: Opening): Promise<Store> {
  const { Sqlite, drizzle, migrate } = loadSqlite();
  const tables = defineSchema(sqliteKit());
  if (admitSqlite(Sqlite, file, { folder: migrations('sqlite'), tables, make })) await beforeMigration?.();
  makeFolder(dirname(file));
  // It holds addresses, and the hashes of keys: what we make is for its owner alone. SQLite gives its other files the same mode.
  closeSync(openSync(file, 'a', 0o600));
  const writer = new Sqlite(file);
  setPragmas(writer);
  const db = drizzle(writer, { casing });
  // Off while migrating: rebuilding a table drops it, and inside the migrator's transaction that would cascade to the rows that refer to it.
  writer.pragma('foreign_keys = off');
  migrate(db, { migrationsFolder: migrations('sqlite') });
  const orphans = writer.pragma('foreign_key_check') as unknown[];
  if (orphans.length > 0) throw new Error(`${orphans.length} rows refer to rows that do not exist`);
  writer.pragma('foreign_keys = on');
  const reader = new Sqlite(file, { readonly: true });
  setPragmas(reader);
  for (const connection of [writer, reader]) assertPragmas(connection);
  const checkpoints = takeCheckpoints(writer);

  // SQLite counts the commits of all other connections, those of other processes too.
  const commits = reader.prepare<[], number>('pragma data_version').pluck();
  const pulse = onceATurn(() => commits.get() ?? null);

  // SQLite's builders and PostgreSQL's differ in name only for what ReadDb and WriteDb pick; the store tests run on both.
  const tx = Object.assign(db, { tables, statements: new Map() }) as unknown as WriteDb;
  // SQLite itself would wait for a lock without letting anything else run: no reading, no answer to anybody.
  writer.pragma('busy_timeout = 0');
  const transaction = async <T>(work: (tx: WriteDb) => Promise<T>) => {
    await untilFree(() => writer.exec('begin immediate'));
    try {
      const result = await work(tx);
      writer.exec('commit');
      pulse.forget();
      return result;
    } catch (error) {
      if (writer.inTransaction) writer.exec('rollback');
      throw error;
    }
  };
  // There is one connection to write on, so writes queue behind one another, and behind a checkpoint.
  let last: Promise<unknown> = Promise.resolve();
  const write: Store['write'] = (work) => {
    const turn = last.then(() => transaction(work));
    last = turn.then(() => checkpoints.make()).catch(() => {});
    return turn;
  };
  return {
    dialect: 'sqlite',
    read: Object.assign(drizzle(reader, { casing }), { tables, statements: new Map() }) as unknown as ReadDb,
    write,
    // Every write already has the file to itself.
    writeAlone: write,
    pulse: () => commits.get() ?? null,
    pulseThisTurn: () => pulse.get(),
    emptyLog: () => {
      const turn = last.then(() => checkpoints.empty());
      last = turn.catch(() => {});
      return turn;
    },
    async close() {
      await last;
      await checkpoints.close();
      reader.close();
      writer.close();
    },
  };
}

const LOCK_PAUSE_MS = 20;
/** Five seconds together. */
const MOST_PAUSES = 250;

/** Does it as soon as no other process holds the lock, which is asked again and again; in between others get their turn. */
async function untilFree(work: () => unknown): Promise<void> {
  for (let pauses = 0; ; pauses += 1) {
    try {
      work();
      return;
    } catch (error) {
      if (!String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY') || pauses === MOST_PAUSES) throw error;
      await setTimeout(LOCK_PAUSE_MS);
    }
  }
}

/** Whether an error says that PostgreSQL ended a transaction because it and another waited for each other. */
export function isDeadlock(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if ((e as { code?: unknown }).code === '40P01') return true;
  return false;
}

/** Whether an error says that a unique index already holds the value. */
export function isUniqueViolation(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') return true;
  }
  return false;
}
