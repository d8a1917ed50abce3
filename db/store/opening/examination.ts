/** Looks at a database without changing it, also at one that the service could not start with: what it is, and whether it keeps what is relied on. */
import type { Client } from 'pg';
import { admitPg, admitSqlite } from './admission.ts';
import { loadMigrations, loadPg, loadSqlite } from '../drizzle.ts';
import { pgKit, sqliteKit } from '../kit.ts';
import { defineSchema } from '../../schema/schema.ts';
import { DIGEST } from '../secret-digest.ts';
import { MAIL_HOLD } from '../settings.ts';
import { setPragmas, WANTED_PRAGMAS } from '../sqlite/pragmas.ts';
import { migrations } from '../store.ts';

export interface Examination {
  dialect: 'sqlite' | 'pg';
  /** Of SQLite or PostgreSQL. */
  version: string;
  /** How many migrations of this release it has not gone through. */
  behind: number;
  /** What the promises rest on, as it is and as it must be. */
  kept: { name: string; value: string; isRight: boolean }[];
  /** What is damaged, in a line; null where nothing is. */
  damage: string | null;
  /** Why it takes no change; null where it does. */
  refusal: string | null;
  /** How far its clock is ahead of ours, in milliseconds; null where it has none of its own. */
  aheadMs: number | null;
  /** When a service last wrote to it. */
  lastWriteAt: Date | null;
  /** Of the secret that signed its links. */
  secretDigest: string | undefined;
  /** Whether an operator holds all mail. */
  isHeld: boolean;
}

const CONNECT_MS = 5000;
const ANSWER_MS = 60_000;
/** Written as it was and rolled back: that needs all that a change needs, but for room. */
const TRIAL = 'update settings set value = value';

/** Looks at the database that a URL names. Throws, in one line, where it is not reached, or is none of this release's. */
export async function examineDatabase(url: string, clock: () => Date): Promise<Examination> {
  return /^postgres(ql)?:/.test(url) ? examinePg(url, clock) : examineSqlite(url.replace(/^file:(\/\/)?/, ''));
}

function examineSqlite(file: string): Examination {
  const { Sqlite } = loadSqlite();
  const folder = migrations('sqlite');
  admitSqlite(Sqlite, file, { folder, tables: defineSchema(sqliteKit()), make: false });
  const connection = new Sqlite(file, { fileMustExist: true });
  const ask = (question: string) => connection.prepare<[], string>(question).pluck().get();
  try {
    const mode = String(connection.pragma('journal_mode', { simple: true }));
    // Another mode stays as it is: the next start changes it, and not whoever looks.
    const kept = mode === 'wal' ? keptBy(connection) : [{ name: 'journal_mode', value: mode, isRight: false }];
    const [first] = connection.pragma('quick_check(1)') as { quick_check: string }[];
    const orphans = connection.pragma('foreign_key_check') as unknown[];
    const lost = orphans.length > 0 ? `${orphans.length} rows refer to rows that do not exist` : null;
    return {
      dialect: 'sqlite',
      version: String(ask('select sqlite_version()')),
      behind: loadMigrations(folder).length - Number(ask('select count(*) from __drizzle_migrations')),
      kept,
      damage: first?.quick_check === 'ok' ? lost : String(first?.quick_check),
      refusal: refusalOf(() => connection.exec(`begin immediate; ${TRIAL}; rollback`)),
      aheadMs: null,
      ...factsIn(connection.prepare<[], Fact>(FACTS).all()),
    };
  } finally {
    connection.close();
  }
}

/** On a connection that is set up as the service's. */
function keptBy(connection: Parameters<typeof setPragmas>[0]): Examination['kept'] {
  setPragmas(connection);
  return Object.entries(WANTED_PRAGMAS).map(([name, wanted]) => {
    const value = connection.pragma(name, { simple: true });
    return { name, value: String(value), isRight: value === wanted };
  });
}

function refusalOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code ?? message;
  }
}

async function examinePg(url: string, clock: () => Date): Promise<Examination> {
  const { pg } = loadPg();
  const folder = migrations('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, query_timeout: ANSWER_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    await admitPg(client, { folder, tables: defineSchema(pgKit()), make: false });
    const one = async (question: string) => Object.values((await client.query<Record<string, unknown>>(question)).rows[0]!)[0];
    const before = clock().getTime();
    const there = (await one('select clock_timestamp()')) as Date;
    const aheadMs = there.getTime() - (before + clock().getTime()) / 2;
    const kept: Examination['kept'] = [];
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      const value = String(await one(`show ${name}`));
      kept.push({ name, value, isRight: value !== 'off' });
    }
    // Moments are kept with their zone: any will do.
    kept.push({ name: 'timezone', value: String(await one('show timezone')), isRight: true });
    return {
      dialect: 'pg',
      version: String(await one('show server_version')),
      behind: loadMigrations(folder).length - Number(await one('select count(*) from drizzle.__drizzle_migrations')),
      kept,
      damage: null,
      refusal: await pgRefusal(client),
      aheadMs,
      ...factsIn((await client.query<Fact>(FACTS)).rows),
    };
  } finally {
    await client.end().catch(() => {});
  }
}

async function pgRefusal(client: Client): Promise<string | null> {
  try {
    await client.query("begin; set local lock_timeout = '5s'");
    await client.query(TRIAL);
    return null;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === undefined ? message : `${code} ${message}`;
  } finally {
    await client.query('rollback').catch(() => {});
  }
}

interface Fact {
  name: string;
  value: string;
}

const LAST_WRITE = 'last_write';
const FACTS = `select name, value from settings where name in ('${LAST_WRITE}', '${DIGEST}', '${MAIL_HOLD}')`;

function factsIn(rows: readonly Fact[]): Pick<Examination, 'isHeld' | 'lastWriteAt' | 'secretDigest'> {
  const facts = new Map(rows.map(({ name, value }) => [name, value]));
  const written = facts.get(LAST_WRITE);
  return { lastWriteAt: written ? new Date(written) : null, secretDigest: facts.get(DIGEST), isHeld: facts.has(MAIL_HOLD) };
}
