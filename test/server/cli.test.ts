import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findHolder } from '../../db/organisations/keys.ts';
import { openFeedCache } from '../../db/feeds/cache.ts';
import { deleteOrganisation, getOrganisation } from '../../db/organisations/organisations.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { addOrganisation, NOW } from '../helpers/cast.ts';
import { runCli } from '../helpers/service.ts';

let folder: string;
let store: Store;
let env: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  env = {
    DATABASE_URL: `file:${join(folder, 'cli.db')}`,
    MAIL_URL: `file:${join(folder, 'mail')}`,
    PUBLIC_URL: 'https://kalender.example',
    SECRET: 's'.repeat(32),
  };
  store = await openStore(env['DATABASE_URL']!);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const run = (line: string, over: Record<string, string> = {}) => runCli(line.split(' '), { ...env, ...over }, folder);
const json = async (line: string) => JSON.parse((await run(`${line} --json`)).stdout);
const holderOf = async (key: string) => (await findHolder(store.read, key, NOW))?.bearer;

describe('deadlines', () => {
  const plan = 'deadlines --insurer zorg-en-zekerheid --contract-year 2025 --as-of 2024-09-15 --within-days 30';

  it('prints a table with the safe day, the conflict and how far it is', async () => {
    const { code, stdout } = await run(plan);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Jaarplan met begroting indienen.*2024-10-01.*2024-09-30.*in 15 days.*stated, conflict/);
    expect(stdout).not.toContain('\u001B');
  });

  it('starts today unless told otherwise, and says so where nothing is left', async () => {
    const url = `file:${join(folder, 'september.db')}`;
    await (await openStore(url)).close();
    const clock = new URL('../faults/clock.js', import.meta.url).pathname;
    const onDay = (day: string, line: string) => {
      const env = { DATABASE_URL: url, NODE_OPTIONS: `--import ${clock}`, FAKE_NOW: String(Date.parse(`${day}T12:00:00Z`)) };
      return runCli(line.split(' '), env, folder);
    };
    const one = 'deadlines --insurer zorg-en-zekerheid --contract-year 2025';
    const daysIn = async (day: string, line: string) =>
      [...(await onDay(day, line)).stdout.matchAll(/(past|today|in \d+ days?)/g)].map(([in_]) => in_);
    expect((await daysIn('2024-09-15', one)).slice(0, 2)).toEqual(['in 15 days', 'in 77 days']);
    expect((await daysIn('2024-10-01', one)).slice(0, 2)).toEqual(['past', 'in 61 days']);
    expect((await daysIn('2024-09-15', `${one} --from 2024-01-01`)).slice(0, 2)).toEqual(['past', 'past']);
    expect((await onDay('2028-02-01', one)).stdout).toBe('Nothing found.\nThat is from 2028-02-01 on; --from shows what is past.\n');
  });

  it('prints whole deadlines as JSON', async () => {
    const { items, total } = await json(plan);
    expect([total, items]).toMatchObject([1, [{ activity: 'annual_plan', dueOn: '2024-10-01' }]]);
    expect(items[0].sources).toHaveLength(11);
    expect(items[0].sources.slice(0, 2)).toMatchObject([{ section: '6.3' }, { section: '5.3' }]);
  });

  it('names every wrong option as it was typed', async () => {
    expect(await run('deadlines --role x --from 2024-02-30 --page-size 0')).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        'An option is not right.',
        '  --role must be one of ro, wsv, practice, provider, insurer',
        '  --from must be a day that exists, as YYYY-MM-DD',
        '  --page-size must be >= 1',
        '',
      ].join('\n'),
    });
    expect((await run('deadlines --insurer nergens')).stderr).toContain('insurer must be one of asr, caresq, cz');
  });
});

describe('an organisation', () => {
  it('has no name that a terminal would take for an order, or read backwards', async () => {
    const name = 'Regio \u001b[2J\u202eduiZ\u009b1m';
    const { id } = await store.write((tx) => addOrganisation(tx, { name, insurers: [] }));
    const { stdout } = await run('organisation list');
    expect(stdout).toContain('Regio [2JduiZ1m');
    for (const order of ['\u001b', '\u202e', '\u009b']) expect(stdout).not.toContain(order);
    expect((await json('organisation list'))[0].name).toBe(name);
    await store.write((tx) => deleteOrganisation(tx, id, NOW));
  });

  it('is made with its relations, gets a link that works, an address that is asked to confirm, and keys', async () => {
    const made = await json('organisation add --name Regio --role ro --insurer zorg-en-zekerheid:contracted:preferred cz');
    expect(await holderOf(made.key)).toEqual({ kind: 'organisation', organisationId: made.id });
    expect((await getOrganisation(store.read, made.id)).relations).toMatchObject([
      { insurerSlug: 'cz', contractStatus: 'unknown', preferred: false },
      { insurerSlug: 'zorg-en-zekerheid', contractStatus: 'contracted', preferred: true },
    ]);

    const feed = await json(`feed create --organisation ${made.id} --label Kantoor`);
    const [, token] = /^https:\/\/kalender\.example\/feeds\/([\w-]{43})\.ics$/.exec(feed.url)!;
    expect(await openFeedCache(store).poll(token!, NOW)).not.toBeNull();

    expect(await json(`recipient add --organisation ${made.id} --email a@example.org --lead-days 14 3`)).toMatchObject({
      status: 'pending',
    });
    const { messages } = store.read.tables;
    expect(await store.read.select({ kind: messages.kind, state: messages.state }).from(messages)).toEqual([
      { kind: 'confirmation', state: 'pending' },
    ]);

    expect(await holderOf((await json('key create --label Redactie')).key)).toEqual({ kind: 'editor' });
    expect(await holderOf((await json(`key create --organisation ${made.id}`)).key)).toMatchObject({
      organisationId: made.id,
    });
    expect((await json('organisation list')).map((one: { name: string }) => one.name)).toEqual(['Regio']);
  });

  it('is refused where an insurer is preferred without a contract', async () => {
    const { code, stderr } = await run('organisation add --name Geen --role ro --insurer cz:uncontracted:preferred');
    expect([code, stderr]).toEqual([1, expect.stringContaining('insurers.0.preferred must be false where contractStatus is uncontracted')]);
    expect((await json('organisation list')).map((one: { name: string }) => one.name)).not.toContain('Geen');
  });

  it('has keys that are listed without themselves, replaced with an overlap and revoked, also the last one', async () => {
    const made = await json('organisation add --name Sleutels --role ro');
    const of = `--organisation ${made.id}`;
    const [first] = await json(`key list ${of}`);
    expect(first).toMatchObject({ label: 'Eerste sleutel', lastUsedAt: null, endsAt: null });
    const second = await json(`key rotate ${first.id} --overlap-days 3`);
    expect(await holderOf(second.key)).toEqual({ kind: 'organisation', organisationId: made.id });
    const { stdout } = await run(`key list ${of}`);
    expect(stdout).toMatch(/Eerste sleutel +│ \d{4}-\d\d-\d\dT.*│ never +│/);
    for (const key of [made.key, second.key]) expect(stdout).not.toContain(key);
    expect((await json(`key list ${of}`)).map(({ endsAt }: { endsAt: string | null }) => endsAt === null).sort()).toEqual([false, true]);
    for (const id of [first.id, second.id.toUpperCase()]) expect((await json(`key revoke ${id}`)).for).toBe(made.id);
    expect(await json(`key list ${of}`)).toEqual([]);
    expect(await holderOf(second.key)).toBeUndefined();
    expect((await run(`key revoke ${second.id}`)).stderr).toBe('No such key.\n');
    await store.write((tx) => deleteOrganisation(tx, made.id, NOW));
  });

  it('is told of the key of the environment where that stands, and that it ends there', async () => {
    const EDITOR_KEY = 'an-editors-key-of-the-environment';
    const { stdout } = await run('key list', { EDITOR_KEY });
    expect(stdout).toMatch(/environment +│ EDITOR_KEY/);
    expect(stdout).not.toContain(EDITOR_KEY);
    for (const line of ['key revoke environment', 'key rotate environment'])
      expect(await run(line, { EDITOR_KEY })).toMatchObject({ code: 1, stderr: expect.stringContaining('stands in EDITOR_KEY') });
    expect((await run('key rotate x --overlap-days 91')).stderr).toContain('overlapDays must be <= 90');
    expect((await run('key rotate x --overlap-days soon')).stderr).toContain('overlapDays must be');
    expect((await run('key list --organisation x')).stderr).toBe('No such organisation.\n');
  });

  it.each([
    [
      'organisation add --name X --role baas --insurer cz:misschien',
      ['roles.0 must be one of', 'insurers.0.contractStatus must be one of'],
    ],
    ['organisation add --name X --role ro --insurer nergens', ['insurers.0.insurer "nergens" is not the slug of an insurer']],
    ['feed create --organisation 6b1e1f4e-0000-4000-8000-000000000000 --label X', ['No such organisation.']],
    ['recipient add --organisation 6b1e1f4e-0000-4000-8000-000000000000 --email nobody', ['email must be one mail address']],
    ['remind --at 2024-09-16', ['It must be a moment with its offset']],
    ['remind --at 2024-02-30T07:30:00+01:00', ['It must be a moment with its offset']],
    ['seed check --documents /nowhere', ['There is no folder /nowhere.']],
    ['bounce import /nowhere/returned.mbox', ['/nowhere/returned.mbox cannot be read (ENOENT)']],
    ['remindd', ['Did you mean remind?']],
  ])('%s is refused with what is allowed', async (line, parts) => {
    const { code, stderr } = await run(line);
    expect(code).toBe(1);
    for (const part of parts) expect(stderr).toContain(part);
  });
});

it('never sends a rehearsal to a real mail server', async () => {
  const { code, stderr } = await run('remind --at 2024-09-16T07:30:00+02:00', { MAIL_URL: 'smtp://mail.example.org' });
  expect([code, stderr]).toEqual([1, '--at sends only where MAIL_URL is a folder or a mail server on this machine.\n']);
});

describe('seed check', () => {
  it('counts what is right', async () => {
    expect(await json('seed check')).toMatchObject({ insurers: 10, 'quotes compared': 'no: --documents was not given' });
  });

  it('names file and line of what is wrong, and fails', async () => {
    writeFileSync(join(folder, 'cz.yaml'), 'insurer: {slug: cz, name: CZ, kind: bank}\n');
    const { code, stderr } = await run(`seed check --registry ${folder}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/cz\.yaml:1 insurer\.kind must be one of health_insurer, purchasing_party/);
  });

  it('fails where a document is missing', async () => {
    const { code, stderr } = await run(`seed check --documents ${folder}`);
    expect(code).toBe(1);
    expect(stderr).toContain('quotes are not in their document');
  });
});

it.each(['deadlines', 'organisation list', 'key create', 'dead list', 'remind --dry-run'])(
  '%s makes no database where none is: a name that was typed wrongly is told',
  async (line) => {
    const { code, stdout, stderr } = await run(line, { DATABASE_URL: `file:${folder}/mistyped/inkoop.db` });
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      `DATABASE_URL: there is no database ${folder}/mistyped/inkoop.db: the service makes it at its first start\n`,
    ]);
    expect(readdirSync(folder)).not.toContain('mistyped');
  },
);

describe('output that', () => {
  const cli = `${process.execPath} ${join(process.cwd(), 'server/cli.ts')}`;
  const shell = (line: string) => {
    const { stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' });
    return [stdout, stderr];
  };

  it.each(['deadlines --include-undated --page-size 100 --json', '--help', 'deadlines --role x'])(
    'is read no further ends %s quietly',
    (line) => {
      expect(shell(`{ ${cli} ${line} 2>&1; } | true; echo ended`)).toEqual(['ended\n', '']);
    },
  );

  it('is read for one line only gives that line, and success', () => {
    expect(shell(`{ ${cli} deadlines --include-undated --page-size 100 --json; echo $? >&2; } | head -n 1`)).toEqual(['{\n', '0\n']);
  });

  it('cannot be written is no success: what is shown once would be lost', () => {
    expect(shell(`${cli} key create > /dev/full; echo $?`)).toEqual([
      '1\n',
      'standard output cannot be written (ENOSPC): what the command did stands, but was not shown\n',
    ]);
  });
});

it('tells its version', async () => {
  expect(await run('--version')).toEqual({ code: 0, stdout: '0.2.0\n', stderr: '' });
});
