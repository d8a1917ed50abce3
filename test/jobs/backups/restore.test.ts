/** A restore: what it refuses, what it works on, what it keeps, and what it holds. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readHold } from '../../../db/messages/hold.ts';
import { readCounters } from '../../../db/store/counters.ts';
import { adoptSecret } from '../../../db/store/secret-digest.ts';
import { readSetting, saveSetting } from '../../../db/store/settings.ts';
import { isBackupDue, readBackupRecord, recordBackup } from '../../../db/backup/records.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { makeBackup } from '../../../jobs/backups/backup.ts';
import { readBackup, restoreBackup } from '../../../jobs/backups/restore.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { runCli, startService } from '../../helpers/service.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const SECRET = 'a secret that is kept with its database';
const [MADE_AT, NOW] = [new Date('2026-08-02T03:00:00Z'), new Date('2026-08-03T09:00:00Z')];

let folder: string;
let backups: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  backups = join(folder, 'backups');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function onServer(url: string, ...statements: string[]) {
  const client = new Client(url);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

const serverOf = (url: string) => url.replace(/\/[^/]+$/, '/postgres');
const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

onBothDialects('a restore', (_, urlOf) => {
  let url: string;
  let backup: string;
  const kept: string[] = [];
  const isPg = () => url.startsWith('postgres');
  const inStore = async <T>(at: string, work: (store: Store) => Promise<T>): Promise<T> => {
    const store = await openStore(at, { make: false });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  /** The word that tells the restored database from the one that it replaced. */
  const wordIn = (at: string) => inStore(at, (store) => readSetting(store.read, 'word'));
  const restore = async (now = NOW) => {
    const restored = await restoreBackup(await readBackup(backup), { databaseUrl: url, lists: [backups] }, now);
    if (restored.kept !== null) kept.push(restored.kept);
    return restored;
  };
  const urlOfKept = (name: string) => (isPg() ? url.replace(/\/[^/]+$/, `/${name}`) : `file:${name}`);

  beforeEach(async () => {
    url = await urlOf();
    const store = await openStore(url);
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    await adoptSecret(store, SECRET);
    await store.write((tx) => saveSetting(tx, 'word', 'backed up'));
    await store.write((tx) => recordBackup(tx, { occasion: 'daily', fault: null }, MADE_AT));
    ({ folder: backup } = await makeBackup({ databaseUrl: url, secret: SECRET, folder: backups }, MADE_AT));
    await store.write((tx) => saveSetting(tx, 'word', 'written later'));
    await store.close();
  });
  afterEach(async () => {
    const names = kept.splice(0);
    if (isPg()) for (const name of names) await onServer(serverOf(url), `drop database ${name} with (force)`);
  });

  it('leaves no copy behind of one that was killed: it holds addresses', async () => {
    if (isPg()) return;
    const path = url.replace('file:', '');
    // No process has such a number; the first one always runs.
    const [dead, live] = [`${path}.restoring-2147483646`, `${path}.restoring-1`];
    for (const name of [dead, `${dead}-wal`, `${path}-wal.spare`, live]) writeFileSync(name, 'a@example.org');
    await restore();
    expect([dead, `${dead}-wal`, `${path}-wal.spare`, live].filter((name) => existsSync(name))).toEqual([live]);
    expect(await wordIn(url)).toBe('backed up');
  });

  it('takes the place of the database, which stays whole under another name, and holds all mail', async () => {
    const { kept: name } = await restore();
    expect(name).toMatch(/before[-_]2026[-_]08[-_]03t09[-_]00[-_]00z$/i);
    expect(await wordIn(url)).toBe('backed up');
    expect(await wordIn(urlOfKept(name!))).toBe('written later');
    expect(await inStore(url, (store) => readHold(store.read))).toMatchObject({ since: NOW, from: MADE_AT });
    // The backups that it tells of were another's: the first of its own is due at once.
    expect(isBackupDue(await inStore(url, (store) => readBackupRecord(store.read)), MADE_AT)).toBe(true);
    // Once more, from the same backup.
    await inStore(url, (store) => store.write((tx) => saveSetting(tx, 'word', 'restored once')));
    const again = await restore(new Date(NOW.getTime() + 60_000));
    expect([await wordIn(url), await wordIn(urlOfKept(again.kept!))]).toEqual(['backed up', 'restored once']);
  });

  it('works where the database is gone', async () => {
    if (isPg()) await onServer(serverOf(url), `drop database ${nameOf(url)} with (force)`);
    else for (const end of ['', '-wal', '-shm']) rmSync(url.replace('file:', '') + end, { force: true });
    expect((await restore()).kept).toBeNull();
    expect(await wordIn(url)).toBe('backed up');
  });

  it('works where the database is broken, and keeps that too', async () => {
    const path = url.replace('file:', '');
    if (isPg()) await onServer(url, 'drop table settings cascade', 'drop schema drizzle cascade');
    else {
      writeFileSync(path, 'no database any more');
      writeFileSync(`${path}-wal`, 'nor a log');
    }
    const { kept: name } = await restore();
    expect(await wordIn(url)).toBe('backed up');
    if (!isPg()) {
      expect(readFileSync(name!, 'utf8')).toBe('no database any more');
      expect(readFileSync(`${name}-wal`, 'utf8')).toBe('nor a log');
    }
  });

  it('is refused while a service runs, which goes on with its own', async () => {
    const service = await startService({ DATABASE_URL: url, SECRET, MAIL_URL: `file:${join(folder, 'mail')}` }, { cwd: folder });
    const { code, stderr } = await runCli(['restore', backup], { DATABASE_URL: url, SECRET }, folder);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^[^\n]*( is in use[:,]|A service sends the mails)[^\n]*\n$/)]);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(await wordIn(url)).toBe('written later');
    expect((await runCli(['restore', backup, '--json'], { DATABASE_URL: url, SECRET }, folder)).code).toBe(0);
    expect(await wordIn(url)).toBe('backed up');
  });

  it('of a backup that a newer release made, or that is damaged, or is none, is refused before anything is touched', async () => {
    const manifestPath = join(backup, 'manifest.json');
    const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
    const { file } = manifest.database;
    const restored = () => readBackup(backup);
    writeFileSync(
      manifestPath,
      JSON.stringify({ ...manifest, version: '9.0.0', database: { ...manifest.database, migration: '0099_later' } }),
    );
    await expect(restored()).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('a newer release (9.0.0), with the migration 0099_later'),
    });
    writeFileSync(manifestPath, JSON.stringify({ ...manifest, files: [] }));
    await expect(restored()).rejects.toMatchObject({ faults: [{ field: file }, { field: 'secret' }] });
    writeFileSync(manifestPath, JSON.stringify({ ...manifest, version: 7, database: {} }));
    await expect(restored()).rejects.toMatchObject({ kind: 'invalid' });
    writeFileSync(manifestPath, '{ "version": ');
    await expect(restored()).rejects.toMatchObject({ message: expect.stringContaining('is damaged') });
    writeFileSync(manifestPath, JSON.stringify(manifest));
    const bytes = readFileSync(join(backup, file));
    bytes[bytes.length - 7]! ^= 1;
    writeFileSync(join(backup, file), bytes);
    await expect(restored()).rejects.toMatchObject({ faults: [{ field: file, message: expect.stringContaining('SHA-256') }] });
    truncateSync(join(backup, file), 100);
    rmSync(join(backup, 'secret'));
    await expect(restored()).rejects.toMatchObject({
      faults: [
        { field: file, message: expect.stringContaining('has 100 bytes instead of') },
        { field: 'secret', message: 'cannot be read (ENOENT)' },
      ],
    });
    await expect(readBackup(folder)).rejects.toMatchObject({ message: expect.stringContaining('is no backup') });
    expect(await wordIn(url)).toBe('written later');
  });

  it('that fails half way leaves what was there, and nothing beside it', async () => {
    const before = isPg() ? [] : readdirSync(join(url.replace('file:', ''), '..'));
    const read = await readBackup(backup);
    const { database } = read.manifest;
    const wrong = { ...read, manifest: { ...read.manifest, database: { ...database, rows: { ...database.rows, insurers: 4 } } } };
    await expect(restoreBackup(wrong, { databaseUrl: url, lists: [] }, NOW)).rejects.toThrow('insurers has 3 rows instead of 4');
    expect(await wordIn(url)).toBe('written later');
    if (isPg())
      await onServer(
        serverOf(url),
        `create database ${nameOf(url)}_restoring_${process.pid}`,
        `drop database ${nameOf(url)}_restoring_${process.pid}`,
      );
    else expect(readdirSync(join(url.replace('file:', ''), '..'))).toEqual(before);
  });

  it('gives every calendar a name for its content that none had before, and a date of its own', async () => {
    await inStore(url, (store) => store.write((tx) => addDeadline(tx, { contractYear: 2026 })));
    const { registry: reached } = await inStore(url, (store) => readCounters(store.read));
    await restore();
    const after = await inStore(url, (store) => readCounters(store.read));
    expect(after.registry).toBeGreaterThan(reached + 1000);
    expect(after.sectorChangedAt).toBe(NOW.toISOString());
    const { insurers, organisations } = await inStore(url, async ({ read }) => ({
      insurers: await read.select().from(read.tables.insurers),
      organisations: await read.select().from(read.tables.organisations),
    }));
    expect([...insurers, ...organisations].map(({ changedAt, version }) => [changedAt, version > 1000])).toEqual(
      [...insurers, ...organisations].map(() => [NOW, true]),
    );
  });

  it('brings its secret along and keeps the other one, unless SECRET is set: then it must be that one', async () => {
    const restored = await runCli(['restore', backup], { DATABASE_URL: url, SECRET: SECRET.toUpperCase() }, folder);
    expect([restored.code, restored.stderr]).toEqual([1, expect.stringContaining('SECRET is not the secret of this backup')]);
    expect(await wordIn(url)).toBe('written later');
    expect((await runCli(['restore', backup], { DATABASE_URL: url, SECRET }, folder)).code).toBe(0);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    expect((await runCli(['restore', backup], { DATABASE_URL: url }, folder)).code).toBe(0);
    expect(readFileSync(join(folder, 'data/secret'), 'utf8')).toBe(SECRET);
    writeFileSync(join(folder, 'data/secret'), 'another secret, by which other links were signed');
    const { stdout } = await runCli(['restore', backup, '--json'], { DATABASE_URL: url }, folder);
    const { 'replaced secret': name } = JSON.parse(stdout);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('another secret, by which other links were signed');
    expect(readFileSync(join(folder, 'data/secret'), 'utf8')).toBe(SECRET);
  });

  it('is refused for the other kind of database', async () => {
    const other = isPg() ? 'file:other.db' : 'postgres://test@127.0.0.1:1/other';
    const { code, stderr } = await runCli(['restore', backup], { DATABASE_URL: other, SECRET }, folder);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^This backup is of (PostgreSQL|SQLite): set DATABASE_URL /)]);
  });

  it('is said at the start, in health and in the metrics, and ends by the command line', async () => {
    await restore();
    const run = (...args: string[]) => runCli(args, { DATABASE_URL: url, SECRET }, folder);
    expect(JSON.parse((await run('hold', 'list', '--json')).stdout)).toEqual([]);
    const service = await startService({ DATABASE_URL: url, SECRET, MAIL_URL: `file:${join(folder, 'mail')}` }, { cwd: folder });
    await service.printed(
      /Mail is held since 2026-08-03T09:00:00.000Z: the database was restored from the backup of 2026-08-02T03:00:00.000Z/,
    );
    const health = await fetch(`${service.url}/health/delivery`);
    expect([health.status, await health.json()]).toMatchObject([503, { reasons: [expect.stringContaining('Mail is held since')] }]);
    expect(await (await fetch(`${service.url}/metrics`)).text()).toContain('\nmail_hold 1\n');
    expect((await run('remind')).code).toBe(1);
    const off = await run('hold', 'off', '--json');
    expect([off.stderr, JSON.parse(off.stdout)]).toMatchObject(['', { held: 'off' }]);
    expect((await fetch(`${service.url}/health/delivery`)).status).toBe(200);
    expect(await (await fetch(`${service.url}/metrics`)).text()).toContain('\nmail_hold 0\n');
    for (const what of [['list'], ['off'], ['strike', 'a@example.org']]) {
      const refused = await run('hold', ...what);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Mail is not held.')]);
    }
    expect(JSON.parse((await run('hold', 'on', '--why', 'a move', '--json')).stdout)).toMatchObject({ held: 'on', why: 'a move' });
    expect((await run('hold', 'strike', 'a@example.org')).stderr).toContain('names no mail that waits');
    expect(await service.stop()).toBe(0);
  });

  it('gives it to the owner of the one that it replaces, and is refused by a user who may not make databases', async ({ skip }) => {
    if (!isPg()) skip();
    const role = `plain_${process.pid}_${Math.random().toString(36).slice(2)}`;
    const theirs = new URL(url);
    theirs.username = role;
    await onServer(serverOf(url), `create role ${role} login`, `alter database ${nameOf(url)} owner to ${role}`);
    await expect(restoreBackup(await readBackup(backup), { databaseUrl: String(theirs), lists: [] }, NOW)).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining(`${role} may not make a database`),
    });
    expect(await wordIn(url)).toBe('written later');
    await restore();
    expect(await wordIn(String(theirs))).toBe('backed up');
    await inStore(String(theirs), (store) => store.write((tx) => saveSetting(tx, 'word', 'written by its owner')));
    await onServer(url, `reassign owned by ${role} to current_user`, `drop owned by ${role}`);
    for (const name of kept) await onServer(url, `alter database ${name} owner to current_user`);
    await onServer(url, `drop role ${role}`);
  });
});
