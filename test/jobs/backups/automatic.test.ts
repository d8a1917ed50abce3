/** Backups that are made by themselves: every day by one instance, before each migration, and told when they fail. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backupTroubles, readBackupRecord } from '../../../db/backup/records.ts';
import { loadSqlite } from '../../../db/store/drizzle.ts';
import { adoptSecret, DIGEST } from '../../../db/store/secret-digest.ts';
import { openStore } from '../../../db/store/store.ts';
import { backUpDaily } from '../../../jobs/backups/automatic.ts';
import { makeBackup } from '../../../jobs/backups/backup.ts';
import { readBackup } from '../../../jobs/backups/restore.ts';
import { clearBackups } from '../../../jobs/backups/upkeep.ts';
import { tellOperator } from '../../../jobs/watch.ts';
import { SETTINGS } from '../../helpers/mail-settings.ts';
import { castIn } from '../../helpers/cast.ts';
import { unpackRelease } from '../../helpers/releases.ts';
import { runCli, startService } from '../../helpers/service.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

const SECRET = 'a secret that is kept with its database';
const at = (moment: string) => new Date(`2026-08-${moment}+02:00`);

let folder: string;
let backups: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  backups = join(folder, 'backups');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The list of withdrawals stands beside them. */
const madeIn = () => readdirSync(backups).filter((name) => name !== 'withdrawals.jsonl');
const occasionsIn = () =>
  madeIn()
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(backups, name, 'manifest.json'), 'utf8')).occasion]);

onBothDialects('the backup of a day', (_, urlOf) => {
  it('is made once a day from 04:00 on, by one of all that look at one moment, and can be restored', async () => {
    const databaseUrl = await urlOf();
    const [store, other] = [await openStore(databaseUrl), await openStore(databaseUrl)];
    await castIn(store);
    const source = { databaseUrl, secret: SECRET, folder: backups };
    const first = await Promise.all([backUpDaily(store, source, at('02T12:00')), backUpDaily(other, source, at('02T12:00'))]);
    expect(first.filter((outcome) => outcome !== null)).toEqual([{ folder: join(backups, '2026-08-02T10-00-00Z') }]);
    for (const moment of ['02T12:01', '02T23:59', '03T03:59']) expect(await backUpDaily(other, source, at(moment))).toBeNull();
    expect(await backUpDaily(other, source, at('03T04:00'))).not.toBeNull();
    expect(occasionsIn()).toEqual([
      ['2026-08-02T10-00-00Z', 'daily'],
      ['2026-08-03T02-00-00Z', 'daily'],
    ]);
    expect((await readBackup(join(backups, '2026-08-03T02-00-00Z'))).manifest.database.rows).toMatchObject({ organisations: 3 });
    expect(await readBackupRecord(store.read)).toMatchObject({ madeAt: at('03T04:00').toISOString(), fault: null });
    for (const one of [store, other]) await one.close();
  });

  it('that fails is told to the operator and by health, is tried again after an hour, and is forgotten when one is made', async () => {
    const databaseUrl = await urlOf();
    const store = await openStore(databaseUrl);
    writeFileSync(backups, 'in the way');
    const source = { databaseUrl, secret: SECRET, folder: backups };
    const outcome = await backUpDaily(store, source, at('02T07:00'));
    expect(outcome).toEqual({ fault: expect.stringMatching(/takes no backup \(ENOTDIR\)/) });
    const troubles = async (moment: string) => backupTroubles(await readBackupRecord(store.read), at('02T06:00'), at(moment));
    expect(await troubles('02T07:00')).toEqual([
      expect.stringMatching(/^The backup of 2026-08-02T05:00:00.000Z failed: .* takes no backup/),
    ]);
    await tellOperator({ store, secret: SETTINGS.secret }, 'beheer@example.org', at('02T08:30'));
    const { messages } = store.read.tables;
    const [{ subject, content } = { subject: '', content: '' }] = await store.read.select().from(messages);
    expect([subject, content]).toEqual([
      expect.stringContaining('needs a look'),
      expect.stringContaining('2026-08-02T05:00:00.000Z failed: '),
    ]);
    rmSync(backups);
    expect(await backUpDaily(store, source, at('02T07:59'))).toBeNull();
    expect(await backUpDaily(store, source, at('02T08:00'))).toEqual({ folder: expect.any(String) });
    expect(await troubles('02T08:00')).toEqual([]);
    expect(await troubles('03T10:01')).toEqual(['The newest backup is of 2026-08-02T06:00:00.000Z.']);
    await store.close();
  });
});

onSqlite('the folder of backups', (_, urlOf) => {
  it('keeps seven of a day and three of a migration, what was asked for, and whatever is not ours', async () => {
    const databaseUrl = await urlOf();
    await (await openStore(databaseUrl)).close();
    const make = (moment: string, occasion: 'asked' | 'daily' | 'migration') =>
      makeBackup({ databaseUrl, secret: SECRET, folder: backups, occasion }, at(moment));
    for (let day = 10; day < 20; day += 1) await make(`${day}T04:00`, 'daily');
    for (let day = 10; day < 15; day += 1) await make(`${day}T05:00`, 'migration');
    for (let day = 10; day < 19; day += 1) await make(`${day}T06:00`, 'asked');
    // Called like one of ours, and of somebody else; with a manifest that is none.
    for (const name of ['2026-01-01T00-00-00Z', '2026-01-02T00-00-00Z', 'notes']) mkdirSync(join(backups, name));
    writeFileSync(join(backups, '2026-01-02T00-00-00Z/manifest.json'), '[]');
    clearBackups(backups, 'daily', at('19T04:00'));
    clearBackups(backups, 'migration', at('19T04:00'));
    const names = readdirSync(backups).sort();
    const counted = Object.groupBy(names, (name) => /T(\d\d)-00/.exec(name)?.[1] ?? 'other');
    expect([counted['02']?.length, counted['03']?.length, counted['04']?.length]).toEqual([7, 3, 9]);
    expect(counted['02']![0]).toBe('2026-08-13T02-00-00Z');
    expect(names).toEqual(expect.arrayContaining(['2026-01-01T00-00-00Z', '2026-01-02T00-00-00Z', 'notes']));
  });

  it('loses what a process left unfinished that is gone, and not what one has under way', () => {
    mkdirSync(backups);
    const [gone, alive] = [2 ** 22 + 7, process.ppid];
    const old = new Date(at('02T04:00').getTime() - 3 * 86_400_000);
    const kept = [
      `unfinished-2026-08-01T02-00-00Z-${hostname()}-${alive}`,
      `unfinished-2026-08-01T02-00-00Z-elsewhere-${gone}`,
      'unfinished-business',
    ];
    const left = [`unfinished-2026-08-01T02-00-00Z-${hostname()}-${gone}`, `unfinished-2026-07-01T02-00-00Z-elsewhere-${alive}`];
    for (const name of [...kept, ...left]) {
      mkdirSync(join(backups, name));
      writeFileSync(join(backups, name, 'database.db'), 'half');
      const moment = name === left[1] ? old : at('02T04:00');
      utimesSync(join(backups, name), moment, moment);
    }
    expect(clearBackups(backups, 'daily', at('02T04:00')).sort()).toEqual([...left].sort());
    expect(readdirSync(backups).sort()).toEqual([...kept].sort());
  });
});

onBothDialects('a service', (_, urlOf) => {
  const settings = (databaseUrl: string) => ({
    DATABASE_URL: databaseUrl,
    SECRET,
    MAIL_URL: `file:${join(folder, 'mail')}`,
    BACKUPS: backups,
  });

  it('makes one soon after its start, in the folder of BACKUPS, and tells its age', async () => {
    const service = await startService(settings(await urlOf()), { cwd: folder });
    await service.printed(/"msg":"backup made"/);
    expect(occasionsIn().map(([, occasion]) => occasion)).toEqual(['daily']);
    const [, age] = /\nbackup_age_seconds (\S+)\n/.exec(await (await fetch(`${service.url}/metrics`)).text())!;
    expect(Number(age)).toBeGreaterThanOrEqual(0);
    expect((await fetch(`${service.url}/health/delivery`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });

  it('makes one before it migrates a database of an earlier release, and none of an empty one', async () => {
    const databaseUrl = await urlOf();
    await unpackRelease('0.2.0', databaseUrl);
    const service = await startService(settings(databaseUrl), { cwd: folder });
    await service.printed(/"msg":"backup made before the migration"/);
    await service.printed(/"msg":"backup made"/);
    expect(await service.stop()).toBe(0);
    const [[name], [, second]] = occasionsIn() as [[string], [string, string]];
    expect(occasionsIn().map(([, occasion]) => occasion)).toEqual(['migration', 'daily']);
    expect(second).toBe('daily');
    const { manifest } = await readBackup(join(backups, name));
    expect(manifest.database.migration).toBe('0015_notice_kinds');
  });

  it('goes on without one where pg_dump is not there, and says so', async ({ skip }) => {
    const databaseUrl = await urlOf();
    if (!databaseUrl.startsWith('postgres')) skip();
    await unpackRelease('0.2.0', databaseUrl);
    const own = { ...settings(databaseUrl), PATH: folder };
    const service = await startService(own, { cwd: folder });
    await service.printed(/pg_dump is not here[^\n]*"msg":"no backup was made before the migration"/);
    await service.printed(/pg_dump is not here[^\n]*"msg":"no backup was made"/);
    const health = await fetch(`${service.url}/health/delivery`);
    expect([health.status, await health.json()]).toMatchObject([
      503,
      {
        status: 'not_ready',
        // The nightly look that comes before it ended the mails of removed recipients that waited for a person.
        reasons: [expect.stringMatching(/^The backup of .* failed: pg_dump is not here/)],
      },
    ]);
    expect(await service.stop()).toBe(0);
    expect(madeIn()).toEqual([]);
  });
});

onSqlite('a command', (_, urlOf) => {
  it('that migrates makes a backup before, too', async () => {
    const databaseUrl = await urlOf();
    await unpackRelease('0.2.0', databaseUrl);
    const env = { DATABASE_URL: databaseUrl, SECRET, BACKUPS: backups };
    const { code, stderr } = await runCli(['dead', 'list'], env, folder);
    expect([code, stderr]).toEqual([0, '']);
    expect(occasionsIn().map(([, occasion]) => occasion)).toEqual(['migration']);
    const store = await openStore(databaseUrl);
    expect(await adoptSecret(store, env.SECRET)).toBe(true);
    expect((await readBackupRecord(store.read)).dailyAt).toBeNull();
    await store.close();
  });

  it('with another secret than the one that signed the links migrates nothing', async () => {
    const databaseUrl = await urlOf();
    await unpackRelease('0.2.0', databaseUrl);
    const { Sqlite } = loadSqlite();
    const database = new Sqlite(databaseUrl.replace('file:', ''));
    database.prepare('insert into settings (name, value) values (?, ?)').run(DIGEST, 'of another secret');
    const before = database.prepare('select count(*) from __drizzle_migrations').pluck();
    const { code, stderr } = await runCli(['dead', 'list'], { DATABASE_URL: databaseUrl, SECRET, BACKUPS: backups }, folder);
    expect([code, stderr]).toEqual([1, expect.stringContaining('The secret is not the one')]);
    expect(before.get()).toBe(16);
    database.close();
    expect(readdirSync(folder)).not.toContain('backups');
  });
});
