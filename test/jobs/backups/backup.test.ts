import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { countDumpedRows } from '../../../db/backup/pg-copy.ts';
import { checkSqliteCopy } from '../../../db/backup/sqlite-copy.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { adoptSecret } from '../../../db/store/secret-digest.ts';
import { readSetting, saveSetting } from '../../../db/store/settings.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { runCli, startService } from '../../helpers/service.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

const SECRET = 'a secret that is kept with its database';
const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
/** The README's way to restore, as it stands there, up to the start of the service. */
const [, RESTORE] = /```\n([^`]*restore BACKUP[^`]*)npm start\n```/.exec(README)!;
const CLI = new URL('../../../server/cli.ts', import.meta.url).pathname;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;
const backUp = (env: Record<string, string>) => runCli(['backup', 'backups', '--json'], { SECRET, ...env }, folder);

/** Makes a backup and gives its folder, which is the only one. */
async function backedUp(env: Record<string, string>): Promise<string> {
  const { code, stderr, stdout } = await backUp(env);
  expect([code, stderr]).toEqual([0, '']);
  const backup = join(folder, JSON.parse(stdout).folder);
  expect(readdirSync(join(folder, 'backups')).map((name) => join(folder, 'backups', name))).toEqual([backup]);
  return backup;
}

const manifestOf = (backup: string) => JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'));

async function rowsOf(store: Store): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const [name, table] of Object.entries(store.read.tables))
    rows[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = await store.read.$count(table);
  return rows;
}

/** Writes two settings in each transaction until it is stopped, and says how many times. */
function writeOn(store: Store) {
  let count = 0;
  const stopping = new AbortController();
  const writing = (async () => {
    while (!stopping.signal.aborted) {
      const value = String(count + 1);
      await store.write(async (tx) => {
        for (const name of ['one', 'other']) await saveSetting(tx, name, value);
        await saveSetting(tx, `row ${value}`, 'x'.repeat(4000));
      });
      count += 1;
    }
  })();
  return {
    count: () => count,
    stop: async () => {
      stopping.abort();
      await writing;
    },
  };
}

onBothDialects('a backup', (_, urlOf) => {
  let url: string;
  let store: Store;
  beforeEach(async () => {
    url = await urlOf();
    store = await openStore(url);
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    await store.write((tx) => saveSetting(tx, 'odd', 'een regel\u2028en\nnog een\t\\.\n\\.\n'));
  });
  afterEach(() => store.close());

  it('has the secret that signed the links, or is refused', async () => {
    expect(await adoptSecret(store, SECRET)).toBe(true);
    const { code, stderr } = await backUp({ DATABASE_URL: url, SECRET: SECRET.toUpperCase() });
    expect([code, stderr.trim()]).toEqual([
      1,
      "The secret is not the one that signed this database's links: a backup with it could not be started.",
    ]);
    expect(readdirSync(folder)).not.toContain('backups');
    await backedUp({ DATABASE_URL: url });
  });

  it('made under load is restored by what the README says, with all that was committed before and nothing in part', async () => {
    const load = writeOn(store);
    while (load.count() < 5) await setImmediate();
    const before = load.count();
    const backup = await backedUp({ DATABASE_URL: url });
    await load.stop();
    expect(load.count()).toBeGreaterThan(before + 5);

    const isPg = url.startsWith('postgres');
    // Another database, that is not there yet; without DATABASE_URL what the service makes in this folder.
    const name = `restored_${process.pid}_${Math.random().toString(36).slice(2)}`;
    const restoredUrl = isPg ? url.replace(/\/[^/]+$/, `/${name}`) : `file:${join(folder, 'data/inkoopkalender.db')}`;
    const settings: Record<string, string> = isPg ? { DATABASE_URL: restoredUrl } : {};
    if (!isPg) {
      mkdirSync(join(folder, 'data'));
      for (const file of ['inkoopkalender.db', 'inkoopkalender.db-wal', 'inkoopkalender.db-shm'])
        writeFileSync(join(folder, 'data', file), 'what was there');
    }
    const commands = RESTORE!.replaceAll('BACKUP', backup).replaceAll('npm run cli --', `'${process.execPath}' '${CLI}'`);
    try {
      execFileSync('sh', ['-ec', commands], { cwd: folder, env: { PATH: process.env['PATH'], ...settings }, stdio: 'pipe' });
      expect(modeOf(join(folder, 'data/secret'))).toBe(0o600);
      expect(readFileSync(join(folder, 'data/secret'), 'utf8')).toBe(SECRET);
      if (!isPg)
        for (const end of ['', '-wal', '-shm'])
          expect(
            readdirSync(join(folder, 'data')).filter((file) => file.startsWith('inkoopkalender.db.before-') && file.endsWith(`Z${end}`)),
          ).toHaveLength(1);

      const restored = await openStore(restoredUrl);
      const { insurers } = manifestOf(backup).database.rows;
      const { deadlines, organisations } = restored.read.tables;
      expect([await restored.read.$count(organisations), (await restored.read.$count(deadlines)) > 1]).toEqual([3, true]);
      expect(insurers).toBe(3);
      const [one, other] = [await readSetting(restored.read, 'one'), await readSetting(restored.read, 'other')];
      expect(one).toBe(other);
      expect(Number(one)).toBeGreaterThanOrEqual(before);
      expect(await readSetting(restored.read, `row ${one}`)).toHaveLength(4000);
      expect(await readSetting(restored.read, `row ${Number(one) + 1}`)).toBeUndefined();
      expect(await readSetting(restored.read, 'odd')).toBe('een regel\u2028en\nnog een\t\\.\n\\.\n');
      await restored.close();

      const service = await startService({ MAIL_URL: 'file:mail', ...settings }, { cwd: folder });
      expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
      expect(await service.stop()).toBe(0);
    } finally {
      if (isPg) await onServer(url, `drop database if exists ${name} with (force)`);
    }
  });

  it('says what is in it, by version, migration, rows and digests, and is for its own user alone', async () => {
    mkdirSync(join(folder, 'backups'), 0o755);
    const env = { PATH: process.env['PATH'], SECRET, DATABASE_URL: url };
    const child = spawn('sh', ['-c', 'umask 000; exec "$0" "$1" backup backups', process.execPath, CLI], {
      cwd: folder,
      env,
      stdio: 'ignore',
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    const [name] = readdirSync(join(folder, 'backups'));
    const backup = join(folder, 'backups', name!);
    const manifest = manifestOf(backup);
    const file = manifest.database.dialect === 'pg' ? 'database.dump' : 'database.db';
    expect(readdirSync(backup).sort()).toEqual([file, 'manifest.json', 'secret']);
    expect([modeOf(backup), ...readdirSync(backup).map((one) => modeOf(join(backup, one)))]).toEqual([0o700, 0o600, 0o600, 0o600]);
    expect(manifest).toMatchObject({
      version: JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version,
      madeAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
      database: { dialect: store.dialect, file, migration: migrationsOf(store.dialect).at(-1)!.tag, rows: await rowsOf(store) },
      files: [file, 'secret'].map((one) => {
        const bytes = readFileSync(join(backup, one));
        return { name: one, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
      }),
    });
  });
});

async function onServer(url: string, statement: string) {
  const client = new Client(url.replace(/\/[^/]+$/, '/postgres'));
  await client.connect();
  await client.query(statement);
  await client.end();
}

function migrationsOf(dialect: string): { tag: string }[] {
  return JSON.parse(readFileSync(new URL(`../../../db/migrations/${dialect}/meta/_journal.json`, import.meta.url), 'utf8')).entries;
}

describe('where there is nothing to back up', () => {
  const refused = async (env: Record<string, string>, message: string) => {
    const { code, stderr } = await backUp(env);
    expect([code, stderr]).toEqual([1, `${message}\n`]);
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  };

  it('a database that does not exist is not made', async () => {
    await refused({ DATABASE_URL: 'file:none.db' }, 'There is no database none.db.');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('another file is taken for none', async () => {
    writeFileSync(join(folder, 'empty.db'), '');
    await refused({ DATABASE_URL: 'file:empty.db' }, 'empty.db is no database of this service.');
    writeFileSync(join(folder, 'text.db'), 'text '.repeat(1000));
    await refused({ DATABASE_URL: 'file:text.db' }, 'text.db is no database of this service.');
  });

  it('a secret that is not there is not made', async () => {
    await (await openStore(`file:${join(folder, 'own.db')}`)).close();
    await refused(
      { DATABASE_URL: 'file:own.db', SECRET: '' },
      'There is no secret: neither SECRET nor the file data/secret in this folder.',
    );
    expect(readdirSync(folder)).toEqual(['own.db']);
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/secret'), `${SECRET}\n`);
    expect((await backUp({ DATABASE_URL: 'file:own.db', SECRET: '' })).code).toBe(0);
  });

  it('a folder that cannot be made is told', async () => {
    await (await openStore(`file:${join(folder, 'own.db')}`)).close();
    writeFileSync(join(folder, 'backups'), 'in the way');
    const { code, stderr } = await backUp({ DATABASE_URL: 'file:own.db' });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/ takes no backup \(ENOTDIR\): give a folder that can be written\n$/)]);
  });
});

onSqlite('a copy', (_, urlOf) => {
  let copy: string;
  let expected: Record<string, number>;
  beforeEach(async () => {
    const url = await urlOf();
    const store = await openStore(url);
    await castIn(store);
    expected = { ...(await rowsOf(store)), __drizzle_migrations: migrationsOf('sqlite').length };
    await store.close();
    copy = join(folder, 'copy.db');
    copyFileSync(url.replace('file:', ''), copy);
  });

  it('that holds everything is taken', () => {
    expect(() => checkSqliteCopy(copy, expected)).not.toThrow();
  });

  it('that breaks off, is damaged or misses rows is an error', () => {
    expect(() => checkSqliteCopy(copy, { ...expected, insurers: 4 })).toThrow(
      'The copy does not hold what the database holds: insurers has 3 rows instead of 4.',
    );
    expect(() => checkSqliteCopy(copy, { ...expected, more: 1 })).toThrow('more has no rows instead of 1.');
    truncateSync(copy, statSync(copy).size / 2);
    expect(() => checkSqliteCopy(copy, expected)).toThrow(/malformed|damaged|disk image/);
  });

  it('with a row that refers to none is an error', () => {
    execFileSync(process.execPath, [
      '-e',
      `const d = new (require('better-sqlite3'))(process.argv[1]); d.pragma('foreign_keys = off'); d.exec("delete from organisations where parent_id is null"); d.close()`,
      copy,
    ]);
    expect(() => checkSqliteCopy(copy, expected)).toThrow(/rows refer to rows that do not exist/);
  });
});

describe.skipIf('missing' in inject('postgres'))('with PostgreSQL', () => {
  const server = () => {
    const postgres = inject('postgres');
    if ('missing' in postgres) throw new Error(postgres.missing);
    return new URL(postgres.url);
  };
  const onServer = (program: string, name: string) => {
    const { hostname, port, username } = server();
    execFileSync(program, [name], { env: { PATH: process.env['PATH'], PGHOST: hostname, PGPORT: port, PGUSER: username } });
  };
  const password = 'p@ss w/ord&1';
  let name: string;
  let url: string;
  beforeEach(async () => {
    name = `backup_${process.pid}_${Math.random().toString(36).slice(2)}`;
    onServer('createdb', name);
    const address = server();
    address.pathname = `/${name}`;
    address.password = encodeURIComponent(password);
    url = String(address);
    await (await openStore(url)).close();
  });
  afterEach(() => onServer('dropdb', name));

  /** A folder of programs in which pg_dump does this. */
  const programs = (script: string, path = process.env['PATH']!) => {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'pg_dump'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'pg_dump'), 0o755);
    return { PATH: `${bin}${delimiter}${path}` };
  };
  const real = () =>
    process.env['PATH']!.split(delimiter)
      .map((path) => join(path, 'pg_dump'))
      .find((path) => existsSync(path))!;

  it('the password is on no command line, and the programs get it all the same', async () => {
    const { PATH } = programs(`echo "$@" >> '${folder}/lines'; echo "$PGPASSWORD" >> '${folder}/passwords'; exec ${real()} "$@"`);
    await backedUp({ DATABASE_URL: url, PATH });
    const lines = readFileSync(join(folder, 'lines'), 'utf8');
    expect(lines).toContain('--snapshot=');
    expect(lines).not.toContain('ss w');
    expect(lines).not.toContain('p%40ss');
    expect(readFileSync(join(folder, 'passwords'), 'utf8')).toContain(`${password}\n`);
  });

  it.each([
    ['complains', 'echo "pg_dump: error: no \\"$PGPASSWORD\\"" >&2; exit 1', 'pg_dump failed: pg_dump: error: no "***"'],
    ['breaks off without a word', 'echo half; exit 3', 'pg_dump failed: it ended with 3'],
    ['writes half and says nothing', 'for a; do case $a in --file=*) echo PGDMP > "${a#--file=}";; esac; done', 'pg_restore failed: '],
  ])('a pg_dump that %s leaves nothing and tells no password', async (_what, script, message) => {
    const { PATH } = programs(`[ "$1" = --version ] && exit 0\n${script}`);
    const { code, stderr } = await backUp({ DATABASE_URL: url, PATH });
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).not.toContain('ss w');
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });

  it('a dump with other rows than the database had is an error', async () => {
    const { PATH } = programs(`[ "$1" = --version ] && exit 0\nexec ${real()} "$@" --exclude-table-data=settings`);
    const { code, stderr } = await backUp({ DATABASE_URL: url, PATH });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/does not hold what the database holds: settings has no rows instead of \d+\.\n$/),
    ]);
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });

  it('a machine without pg_dump is told what to install', async () => {
    mkdirSync(join(folder, 'bin'));
    const { code, stderr } = await backUp({ DATABASE_URL: url, PATH: join(folder, 'bin') });
    expect([code, stderr]).toEqual([
      1,
      'pg_dump is not here: a backup of PostgreSQL needs its programs (Debian: apt install postgresql-client).\n',
    ]);
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });

  it('a database that does not exist is not made, nor is another taken for ours', async () => {
    const { code, stderr } = await backUp({ DATABASE_URL: url.replace(name, `${name}_none`) });
    expect([code, stderr]).toEqual([1, `database "${name}_none" does not exist\n`]);
    const other = await backUp({ DATABASE_URL: url.replace(name, 'postgres') });
    expect([other.code, other.stderr]).toEqual([1, 'postgres is no database of this service.\n']);
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });

  it('a dump that breaks off cannot be read back', async () => {
    const backup = await backedUp({ DATABASE_URL: url });
    const dump = join(backup, 'database.dump');
    expect(await countDumpedRows(dump)).toMatchObject({ settings: expect.any(Number), organisations: 0 });
    truncateSync(dump, statSync(dump).size - 200);
    await expect(countDumpedRows(dump)).rejects.toThrow('pg_restore failed: ');
  });
});
