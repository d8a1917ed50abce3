/** Real stores for tests: a new SQLite file for each test, migrated once, a PostgreSQL database for each test file that is emptied in between. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQL } from 'drizzle-orm';
import { Client } from 'pg';
import { afterAll, afterEach, describe, inject } from 'vitest';
import { sql } from '../../db/store/drizzle.ts';
import { openStore, type ReadDb, type Store, type WriteDb } from '../../db/store/store.ts';

/** Makes a new, empty store; what it opened is closed after the test. */
export type FreshStore = () => Promise<Store>;

/** Runs the same tests on SQLite and on PostgreSQL. */
export function onBothDialects(name: string, define: (fresh: FreshStore, urlOf: () => Promise<string>) => void): void {
  describe(`${name} on sqlite`, () => define(...freshSqlite()));
  describe.skipIf('missing' in inject('postgres'))(`${name} on pg`, () => define(...freshPg()));
}

/** Only SQLite, for what does not depend on the dialect. */
export function onSqlite(name: string, define: (fresh: FreshStore, urlOf: () => Promise<string>) => void): void {
  describe(name, () => define(...freshSqlite()));
}

function freshSqlite(): [FreshStore, () => Promise<string>] {
  const folders: string[] = [];
  const stores: Store[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  const newFile = () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
    folders.push(folder);
    return join(folder, 'test.db');
  };
  const fresh = async () => {
    const file = newFile();
    writeFileSync(file, await (migrated ??= migrate()));
    const store = refuseNesting(await openStore(`file:${file}`));
    stores.push(store);
    return store;
  };
  return [fresh, async () => `file:${newFile()}`];
}

/** The bytes of an empty database: all migrations, applied once for all tests of a file. */
let migrated: Promise<Buffer> | undefined;

async function migrate(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  const file = join(folder, 'empty.db');
  await (await openStore(`file:${file}`)).close();
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  return bytes;
}

/** How many transactions of PostgreSQL wait for a lock. */
export async function countWaiting(db: ReadDb): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`cast(count(*) as int)` })
    .from(sql`pg_locks`)
    .where(sql`not granted`);
  return row!.count;
}

/** A write inside a write would wait for itself for ever. */
function refuseNesting(store: Store): Store {
  const inWrite = new AsyncLocalStorage<boolean>();
  const refusing: (write: Store['write']) => Store['write'] = (write) => async (work) => {
    if (inWrite.getStore()) throw new Error('write() called inside write(): pass tx on instead');
    return write((tx) => inWrite.run(true, () => work(tx)));
  };
  return { ...store, write: refusing((work) => store.write(work)), writeAlone: refusing((work) => store.writeAlone(work)) };
}

function freshPg(): [FreshStore, () => Promise<string>] {
  const names: string[] = [];
  let shared: Store | undefined;
  let used = false;
  const urlOf = async () => {
    const name = `test_${process.pid}_${Math.random().toString(36).slice(2)}`;
    await onServer(`create database ${name}`);
    names.push(name);
    return server().replace(/\/postgres$/, `/${name}`);
  };
  const fresh = async () => {
    if (used) throw new Error('one fresh PostgreSQL store per test');
    used = true;
    shared ??= refuseNesting(await openStore(await urlOf()));
    return shared;
  };
  afterEach(async () => {
    if (used) await shared?.write(emptyAll);
    used = false;
  });
  afterAll(async () => {
    await shared?.close();
    for (const name of names) await onServer(`drop database ${name} with (force)`);
  });
  return [fresh, urlOf];
}

/** Children before parents: tables are listed in the order in which they refer to each other. */
async function emptyAll(tx: WriteDb) {
  const { execute } = tx as unknown as { execute: (statement: SQL) => Promise<unknown> };
  const triggers = (state: 'disable' | 'enable') => execute.call(tx, sql`alter table audit ${sql.raw(state)} trigger user`);
  // Whoever owns the database can: what the triggers stop is the service, and a slip of the hand.
  await triggers('disable');
  for (const table of Object.values(tx.tables).reverse()) await tx.delete(table);
  await triggers('enable');
}

function server(): string {
  const postgres = inject('postgres');
  if ('missing' in postgres) throw new Error(postgres.missing);
  return postgres.url;
}

async function onServer(statement: string) {
  const client = new Client(server());
  await client.connect();
  await client.query(statement);
  await client.end();
}
