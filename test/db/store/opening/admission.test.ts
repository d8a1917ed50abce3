import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { openStore } from '../../../../db/store/store.ts';
import { onBothDialects, onSqlite } from '../../../helpers/stores.ts';

const fileOf = (url: string) => url.replace('file:', '');

/** Runs statements on a database, as another program would. */
async function execute(url: string, ...statements: string[]) {
  if (url.startsWith('file:')) {
    const file = new Sqlite(fileOf(url));
    for (const statement of statements) file.exec(statement);
    return file.close();
  }
  const client = new Client(url);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  return client.end();
}

/** What stands in a database: its tables, and what is known of its migrations. */
async function footprintOf(url: string) {
  if (url.startsWith('file:')) return existsSync(fileOf(url)) ? readFileSync(fileOf(url)).toString('base64') : null;
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query(
    `select table_schema, table_name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2`,
  );
  await client.end();
  return rows as unknown;
}

const close = async (url: string) => (await openStore(url)).close();

onBothDialects('a database', (_, urlOf) => {
  /** Opening fails with one line that says this, and nothing was written. */
  const isRefused = async (url: string, line: RegExp) => {
    const before = await footprintOf(url);
    const { message } = await openStore(url).then(
      () => expect.unreachable('it was opened'),
      (error: Error) => error,
    );
    expect(message).toMatch(line);
    expect(message).not.toContain('\n');
    expect(await footprintOf(url)).toEqual(before);
  };
  const history = (url: string) => (url.startsWith('file:') ? '__drizzle_migrations' : 'drizzle.__drizzle_migrations');

  const third = (url: string) => `(select created_at from ${history(url)} order by created_at limit 1 offset 2)`;

  it('is not touched by a release that is older than it', async () => {
    const url = await urlOf();
    await close(url);
    await execute(url, `insert into ${history(url)} (hash, created_at) values ('of the next release', 4102444800000)`);
    await isRefused(url, /used by a newer release, with 1 migrations that are not known here: start that release again/);
  });

  it('is not touched when it also went through migrations of another branch', async () => {
    const url = await urlOf();
    await close(url);
    await execute(url, `insert into ${history(url)} (hash, created_at) values ('of a branch', 1795297599000)`);
    await isRefused(url, /migrations that are not known here/);
  });

  it('is not touched when a migration that it went through has changed since', async () => {
    const url = await urlOf();
    await close(url);
    await execute(url, `update ${history(url)} set hash = 'another' where created_at = ${third(url)}`);
    await isRefused(url, /the migration 0002_feed_choices is not the one that this database went through/);
  });

  it('is not touched when a migration was left out before later ones', async () => {
    const url = await urlOf();
    await close(url);
    await execute(url, `delete from ${history(url)} where created_at = ${third(url)}`);
    await isRefused(url, /never went through the migration 0002_feed_choices, but through later ones/);
  });

  it('is not touched when tables of ours are gone', async () => {
    const url = await urlOf();
    await close(url);
    await execute(url, 'drop table attempts');
    await isRefused(url, /went through every migration, but lacks attempts: put back a backup/);
  });

  it('is not touched when it holds tables with names of ours, made by another program', async () => {
    const url = await urlOf();
    await execute(url, 'create table settings (a integer)', 'create table messages (a integer)');
    await isRefused(url, /another program's \(it holds (settings, messages|messages, settings)\): name one for this service alone/);
  });

  it('is not touched when another program keeps its migrations where ours would be', async () => {
    const url = await urlOf();
    const schema = url.startsWith('file:') ? [] : ['create schema drizzle'];
    await execute(url, ...schema, `create table ${history(url)} (id integer, hash text, created_at bigint)`);
    await execute(url, `insert into ${history(url)} (hash, created_at) values ('theirs', 1700000000000)`);
    await isRefused(url, /another program's/);
  });

  it('is made and brought up to date by the service alone', async () => {
    const url = await urlOf();
    const before = await footprintOf(url);
    await expect(openStore(url, { make: false })).rejects.toThrow(/the service makes (it|its tables) at its first start/);
    expect(await footprintOf(url)).toEqual(before);
    await close(url);
    await (await openStore(url, { make: false })).close();
  });
});

onBothDialects('other tables', (_, urlOf) => {
  it('may stand beside ours once ours are there', async () => {
    const url = await urlOf();
    await close(url);
    await execute(url, 'create table of_another_program (a integer)');
    await close(url);
  });

  it('may be there first on PostgreSQL, where databases are shared; an SQLite file with them is another program’s', async () => {
    const url = await urlOf();
    await execute(url, 'create table of_another_program (a integer)');
    if (url.startsWith('file:')) await expect(close(url)).rejects.toThrow("another program's (it holds of_another_program)");
    else await close(url);
  });
});

onSqlite('an SQLite file', (_, urlOf) => {
  it.each([
    ['text', 'name;day\nannual plan;2024-10-01\n'.repeat(100)],
    ['a few bytes', 'x'],
  ])('of %s is refused as no database, and stays as it is', async (_name, text) => {
    const url = await urlOf();
    writeFileSync(fileOf(url), text);
    await expect(openStore(url)).rejects.toThrow(`${fileOf(url)} is no SQLite database`);
    expect(readFileSync(fileOf(url), 'utf8')).toBe(text);
  });

  it('that is a folder is refused as one', async () => {
    const url = await urlOf();
    mkdirSync(fileOf(url));
    await expect(openStore(url)).rejects.toThrow(`${fileOf(url)} is a folder, not a database`);
  });

  it('of another program that keeps a log is not touched either', async () => {
    const url = await urlOf();
    await execute(url, 'pragma journal_mode = wal', 'create table theirs (a integer)');
    const before = readFileSync(fileOf(url));
    await expect(openStore(url)).rejects.toThrow("another program's (it holds theirs)");
    expect(readFileSync(fileOf(url))).toEqual(before);
  });

  it('that is gone while its log is there is not begun anew: that would lose what the log holds', async () => {
    const url = await urlOf();
    const store = await openStore(url);
    copyFileSync(`${fileOf(url)}-wal`, `${fileOf(url)}.kept`);
    await store.close();
    rmSync(fileOf(url));
    copyFileSync(`${fileOf(url)}.kept`, `${fileOf(url)}-wal`);
    await expect(openStore(url)).rejects.toThrow('put the database back from a backup');
    expect(existsSync(fileOf(url))).toBe(false);
  });

  it('that is made by nobody leaves no folder behind', async () => {
    const folder = join(dirname(fileOf(await urlOf())), 'none');
    await expect(openStore(`file:${folder}/test.db`, { make: false })).rejects.toThrow(`there is no database ${folder}/test.db`);
    expect(existsSync(folder)).toBe(false);
  });
});
