/** Copies a PostgreSQL database by pg_dump, in its custom format, which pg_restore can read back without a server. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Client } from 'pg';
import { AppError } from '../../calendars/errors.ts';
import { assertSameRows, type CopiedFile } from './copied-rows.ts';
import { one, runTool, settingsOf, withClient } from './pg-tools.ts';
import { DIGEST } from '../store/secret-digest.ts';

const FILE = 'database.dump';

/** Copies the database that a URL names. Throws `unavailable` without pg_dump, `not_found` where no database of this service is. */
export async function copyPg(url: string, folder: string): Promise<CopiedFile> {
  for (const tool of ['pg_dump', 'pg_restore'] as const) await runTool(tool, ['--version'], process.env);
  const copy = join(folder, FILE);
  return withClient(url, async (client) => {
    // What is counted and what is dumped is what is committed at one moment.
    await client.query('begin transaction isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    const migratedAt = await newestMigration(client);
    if (migratedAt === undefined) throw new AppError('not_found', `${client.database} is no database of this service.`);
    const rows = await countRows(client);
    const { rows: digests } = await client.query<{ value: string }>('select value from settings where name = $1', [DIGEST]);
    const { name } = await one<{ name: string }>(client, 'select pg_export_snapshot() as name');
    // There before pg_dump writes to it, so that it is for its owner alone from the start.
    closeSync(openSync(copy, 'wx', 0o600));
    await runTool('pg_dump', ['--format=custom', '--no-password', `--snapshot=${name}`, `--file=${copy}`], settingsOf(client, url));
    assertSameRows(rows, await countDumpedRows(copy));
    return { file: FILE, rows, migratedAt, secretDigest: digests[0]?.value };
  });
}

/** Reads a dump to its end and counts the rows of each table. Throws when it cannot be read, or breaks off. */
export async function countDumpedRows(dump: string): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  await runTool('pg_restore', ['--file=-', dump], process.env, async (output) => {
    let table: string | undefined;
    for await (const line of linesOf(output)) {
      if (table === undefined) {
        [, table] = /^COPY (\S+) \(.*\) FROM stdin;$/.exec(line) ?? [];
        if (table === undefined) continue;
        table = nameOf(Buffer.from(table, 'latin1').toString());
        rows[table] = 0;
      } else if (line === '\\.') table = undefined;
      else rows[table]! += 1;
    }
  });
  return rows;
}

/** Tables are called as in the schema; those of others with their schema. */
const nameOf = (table: string) => table.replace(/^public\./, '');

async function newestMigration(client: Client): Promise<number | undefined> {
  const { table } = await one<{ table: string | null }>(client, `select to_regclass('drizzle.__drizzle_migrations') as table`);
  if (table === null) return undefined;
  const { newest } = await one<{ newest: string | null }>(client, 'select max(created_at) as newest from drizzle.__drizzle_migrations');
  return newest === null ? undefined : Number(newest);
}

/** How many rows each table of a database has, by the names of the manifest. */
export async function countRows(client: Client): Promise<Record<string, number>> {
  const { rows: tables } = await client.query<{ name: string }>(TABLES);
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const { count } = await one<{ count: string }>(client, `select count(*) from ${name}`);
    rows[nameOf(name)] = Number(count);
  }
  return rows;
}

/** All that pg_dump takes rows of: what belongs to an extension is that one's to make. */
const TABLES = `
  select format('%I.%I', s.nspname, t.relname) as name
  from pg_class t join pg_namespace s on s.oid = t.relnamespace
  where t.relkind = 'r' and s.nspname !~ '^(pg_|information_schema$)'
    and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = t.oid and d.deptype = 'e')
  order by 1`;

/** Lines as bytes, one character each: in a text of a row stands whatever people write. */
async function* linesOf(output: Readable): AsyncGenerator<string> {
  let remainder = '';
  for await (const chunk of output.setEncoding('latin1')) {
    const lines = (remainder + String(chunk)).split('\n');
    remainder = lines.pop()!;
    yield* lines;
  }
}
