/** `doctor`, as its own process, beside services, databases and mail servers that are well and that are not. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdMail } from '../../db/messages/hold.ts';
import { adoptSecret } from '../../db/store/secret-digest.ts';
import { saveSetting } from '../../db/store/settings.ts';
import { openStore } from '../../db/store/store.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { tellEncryption } from '../../server/cli/doctor/mail.ts';
import { NOW } from '../helpers/cast.ts';
import { checkDkim, dkimPair } from '../helpers/dkim.ts';
import { startSink } from '../helpers/mail.ts';
import { freePort, runCli, startService } from '../helpers/service.ts';
import { onBothDialects } from '../helpers/stores.ts';

const SECRET = 's'.repeat(32);

interface Finding {
  part: string;
  level: 'ok' | 'warning' | 'fault';
  says: string;
  todo: string | null;
}

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What it finds, and what it ends in. Where nothing else is given, nothing answers at the service's port. */
async function examine(env: Record<string, string> = {}, ...args: string[]) {
  const urls = { DATABASE_URL: `file:${join(folder, 'own.db')}`, MAIL_URL: `file:${join(folder, 'mail')}`, PORT: String(await freePort()) };
  const { code, stdout, stderr } = await runCli(['doctor', '--json', ...args], { ...urls, SECRET, ...env }, folder);
  expect(stderr).toBe('');
  const findings = JSON.parse(stdout) as Finding[];
  // Each that is not well says what to do.
  for (const { level, todo } of findings) expect(todo === null).toBe(level === 'ok');
  expect(code).toBe(findings.some(({ level }) => level === 'fault') ? 1 : 0);
  const of = (part: string) => findings.filter((one) => one.part === part).map(({ level, says }) => `${level} ${says}`);
  return { code, of, parts: new Set(findings.map(({ part }) => part)), findings };
}

const PARTS = new Set(['settings', 'disk', 'database', 'backups', 'address', 'clock', 'names', 'mail']);

async function makeDatabase(url = `file:${join(folder, 'own.db')}`) {
  const store = await openStore(url);
  await adoptSecret(store, SECRET);
  return store;
}

/** A web server that answers everything with this. */
async function startWeb(body: string, headers: Record<string, string> = {}, status = 200) {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

describe('the doctor', () => {
  it('finds no fault with a service that is well, and sends a test mail that is like any other', async () => {
    const pair = dkimPair();
    writeFileSync(join(folder, 'dkim.pem'), pair.pem, { mode: 0o600 });
    const users: unknown[] = [];
    const sink = await startSink({
      disabledCommands: [],
      onAuth: ({ password, username }, _session, done) => {
        users.push([username, password]);
        done(null, { user: username });
      },
    });
    const mailUrl = `${sink.url.replace('//', '//kalender:pass%3Aword@')}/?tls.rejectUnauthorized=false`;
    const env = {
      DATABASE_URL: `file:${join(folder, 'own.db')}`,
      MAIL_URL: mailUrl,
      MAIL_FROM: 'herinnering@inkoop.example',
      REPLY_TO: 'vragen@inkoop.example',
      BOUNCE_ADDRESS: 'bounces@inkoop.example',
      DKIM_DOMAIN: pair.domain,
      DKIM_SELECTOR: pair.selector,
      DKIM_KEY_FILE: join(folder, 'dkim.pem'),
      SECRET,
    };
    const service = await startService(env, { cwd: folder });
    const { port } = new URL(service.url);
    const { findings, of } = await examine({ ...env, PORT: port }, '--to', 'a@example.org');
    // What the DNS of here says of a domain that is nobody's is another matter.
    const faults = findings.filter(({ level, part }) => level === 'fault' && part !== 'names');
    expect([faults, of('address'), of('database').slice(-4)]).toEqual([
      [],
      [`ok the service runs at ${service.url}, version ${packageJson.version}`],
      [
        'ok journal_mode wal, synchronous 2, foreign_keys 1, secure_delete 1, busy_timeout 5000',
        'ok quick_check and foreign_key_check find nothing',
        'ok it takes changes',
        'ok SECRET is the one that signs its links',
      ],
    ]);
    expect(of('clock')).toEqual([expect.stringMatching(/^ok this clock says .*, after what was written last/)]);
    expect(of('mail')).toEqual([
      'ok name: 127.0.0.1 is found',
      'ok dial: 127.0.0.1 answers',
      'ok greeting: the server will have us',
      // The one that the mail server brings along.
      expect.stringMatching(/^warning TLS: TLSv1\.3, the certificate ended \d+ days ago, and MAIL_URL lets that pass$/),
      'ok login: accepted',
      'ok sender: accepted',
      expect.stringMatching(/^ok the test mail to a@example\.org was taken: 250 /),
    ]);
    // Only this one mail left; the service tried its login at the start too.
    const [mail] = sink.taken;
    expect([sink.taken.length, mail!.to, new Set(users.map(String))]).toEqual([1, ['a@example.org'], new Set(['kalender,pass:word'])]);
    expect(mail!.from).toMatch(/^bounces\+[0-9a-f]{32}-[0-9a-f]{16}@inkoop\.example$/);
    expect(checkDkim(mail!.raw, pair.record).fault).toBeNull();
    expect(mail!.raw.toString()).toContain('\r\nReply-To: vragen@inkoop.example\r\n');
    expect(await service.stop()).toBe(0);
  });

  it('says in lines for people what is how, and what to do', async () => {
    const { code, stdout } = await runCli(['doctor'], { SECRET, PORT: String(await freePort()) }, folder);
    expect(code).toBe(1);
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^(ok {7}|(fault {4}|warning {2}).*To do: .*\.$)/);
    expect(stdout).toMatch(/^fault {4}database: there is no database .*To do: /m);
    // It makes nothing.
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names what .env gives that is no setting, and what is bad, and looks at all else', async () => {
    await (await makeDatabase()).close();
    writeFileSync(join(folder, '.env'), 'MAIL_FORM=a@example.org\nPUBLICURL=https://x.example\nCOLOUR=blue\nNODE_ENV=production\n');
    const { of, findings, parts } = await examine({ LOG_LEVEL: 'loud', DKIM_DOMAIN: 'inkoop.example' });
    expect(of('settings')).toEqual([
      'fault LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent',
      'fault DKIM_SELECTOR and DKIM_KEY_FILE must be given too, where mails are signed',
      'warning .env gives COLOUR, which is no setting',
      'warning .env gives MAIL_FORM, which is no setting',
      'warning .env gives PUBLICURL, which is no setting',
    ]);
    expect(findings.slice(2, 5).map(({ todo }) => todo)).toEqual([
      'remove it, or look at the table of settings in the README',
      'call it MAIL_FROM, if that is meant',
      'call it PUBLIC_URL, if that is meant',
    ]);
    expect([parts, of('database')[0]]).toEqual([PARTS, expect.stringMatching(/^ok SQLite/)]);
  });

  it('looks at all else where .env cannot be read, or the key for signatures', async () => {
    writeFileSync(join(folder, '.env'), 'nothing that is a setting\n');
    const key = { DKIM_DOMAIN: 'inkoop.example', DKIM_SELECTOR: 's', DKIM_KEY_FILE: 'nowhere.pem' };
    const { of, parts } = await examine({ ...key, MAIL_FROM: 'a@inkoop.example' });
    expect(of('settings').slice(0, 2)).toEqual([
      'fault .env: line 1 must be NAME=value',
      'fault DKIM_KEY_FILE: nowhere.pem cannot be read (ENOENT)',
    ]);
    expect(parts).toEqual(PARTS);
  });

  it('says of a database why it would not open, is damaged or is not as it must be', async () => {
    const file = join(folder, 'own.db');
    writeFileSync(file, 'no database at all, but long enough to be one');
    const broken = await examine();
    expect([broken.of('database'), broken.parts]).toEqual([[`fault ${file} is no SQLite database`], PARTS]);
    rmSync(file);
    await (await makeDatabase()).close();
    const database = new Sqlite(file);
    database.pragma('journal_mode = delete');
    database.pragma('foreign_keys = off');
    database.exec(`insert into deadline_roles (deadline_id, role) values ('none', 'ro');
      delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)`);
    database.close();
    const { of } = await examine({ SECRET: 't'.repeat(32) });
    expect(of('database').slice(1)).toEqual([
      'warning 1 migrations of this release are not made yet',
      'warning journal_mode is delete',
      'fault it is damaged: 1 rows refer to rows that do not exist',
      'ok it takes changes',
      "fault SECRET did not sign this database's links",
    ]);
    // It was looked at, and stayed as it was.
    expect(new Sqlite(file, { readonly: true }).pragma('journal_mode', { simple: true })).toBe('delete');
  });

  it('says that a database takes no changes while another holds its lock', async () => {
    await (await makeDatabase()).close();
    const other = new Sqlite(join(folder, 'own.db'));
    other.exec('begin immediate');
    const { of } = await examine();
    expect(of('database')).toContain('fault it takes no changes: SQLITE_BUSY');
    other.close();
  });

  it('says where nothing can be written', async () => {
    const { of } = await examine({ MAIL_URL: 'file:/proc/none' });
    expect(of('disk').at(-1)).toMatch(/^fault \/proc\/none, to be made in \/proc: nothing can be written \(E[A-Z]+\)$/);
  });

  it('says how old the newest backup is, or that there is none', async () => {
    await (await makeDatabase()).close();
    const env = { DATABASE_URL: `file:${join(folder, 'own.db')}`, SECRET, BACKUPS: 'none' };
    expect((await examine({ BACKUPS: 'data/backups' })).of('backups')).toEqual(['warning there is no backup in data/backups yet']);
    expect((await examine({ BACKUPS: 'none' })).of('backups')).toEqual(['warning BACKUPS is none: no backup is made by itself']);
    expect((await runCli(['backup', 'data/backups'], env, folder)).stderr).toBe('');
    const [name] = readdirSync(join(folder, 'data/backups'));
    expect((await examine({ BACKUPS: 'data/backups' })).of('backups')).toEqual([
      `ok the newest backup is data/backups/${name}, 0 hours old`,
    ]);
    const old = new Date(Date.now() - 30 * 3_600_000).toISOString().slice(0, 19).replaceAll(':', '-').concat('Z');
    renameSync(join(folder, 'data/backups', name!), join(folder, 'data/backups', old));
    expect((await examine({ BACKUPS: 'data/backups' })).of('backups')).toEqual([
      `warning the newest backup is data/backups/${old}, 30 hours old`,
    ]);
  });

  it('says that an operator holds all mail', async () => {
    const store = await makeDatabase();
    await store.write((tx) => holdMail(tx, { since: NOW, why: 'trial', by: 'hold on', from: NOW, doubt: null }));
    await store.close();
    expect((await examine()).of('mail')[0]).toBe('warning an operator holds all mail');
  });

  it('compares its clock with what was written last', async () => {
    const store = await makeDatabase();
    await store.write((tx) => saveSetting(tx, 'last_write', new Date(Date.now() + 3_600_000).toISOString()));
    await store.close();
    expect((await examine()).of('clock')).toEqual([
      expect.stringMatching(/^fault this clock says .*, and that of whoever wrote last to the database is 3[56]\d\d s ahead$/),
    ]);
  });

  it('says of a mail server at which stage it would not have us', async () => {
    await (await makeDatabase()).close();
    const ends = async (mailUrl: string) => (await examine({ MAIL_URL: mailUrl, MAIL_FROM: 'a@inkoop.example' })).of('mail').slice(-2);
    expect(await ends('smtp://mail.invalid')).toEqual([expect.stringMatching(/^fault name: /)]);
    expect(await ends(`smtp://127.0.0.1:${await freePort()}`)).toEqual([
      'ok name: 127.0.0.1 is found',
      expect.stringMatching(/^fault dial: .*ECONNREFUSED/),
    ]);
    const plain = await startSink();
    expect(await ends(`${plain.url}?requireTLS=true`)).toEqual([
      'ok greeting: the server will have us',
      expect.stringMatching(/^fault TLS: /),
    ]);
    const closed = await startSink({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_a, _s, done) => done(new Error('Who?')),
    });
    expect((await ends(closed.url.replace('//', '//user:wrong@'))).at(-1)).toMatch(/^fault login: .*535/);
    const picky = await startSink({ onMailFrom: ({ address }, _session, done) => done(new Error(`Not as ${address}`)) });
    expect(await ends(picky.url)).toEqual([
      'ok login: none is asked for',
      expect.stringMatching(/^fault sender: 550 .*Not as a@inkoop\.example/),
    ]);
    expect(plain.taken).toEqual([]);
  });

  it('says where PUBLIC_URL leads, by the service that answers there', async () => {
    await (await makeDatabase()).close();
    const env = { DATABASE_URL: `file:${join(folder, 'own.db')}`, MAIL_URL: `file:${join(folder, 'mail')}`, SECRET };
    const service = await startService(env, { cwd: folder });
    const { port } = new URL(service.url);
    const at = async (publicUrl: string, over = {}) =>
      (await examine({ ...env, PORT: port, PUBLIC_URL: publicUrl, ...over })).of('address').at(-1);
    expect(await at(`http://localhost:${port}`)).toBe(`ok PUBLIC_URL http://localhost:${port} leads to this service`);
    const page = await startWeb('<h1>Welcome</h1>');
    expect(await at(page.url)).toBe(`fault at PUBLIC_URL ${page.url} something else answers than this service (status 200)`);
    const other = await startWeb(JSON.stringify({ status: 'live', version: '0.2.0', service: '0123456789abcdef' }));
    expect(await at(other.url)).toBe(
      `fault at PUBLIC_URL ${other.url} something else answers than this service (an Inkoopkalender with another secret)`,
    );
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    expect(await at(nowhere)).toBe(`fault PUBLIC_URL ${nowhere} is not reached from here (ECONNREFUSED)`);
    expect(await service.stop()).toBe(0);
    expect(await at(nowhere)).toBe(`warning PUBLIC_URL ${nowhere} is not reached from here (ECONNREFUSED)`);
    const proxy = await startWeb('Bad Gateway', {}, 502);
    expect(await at(proxy.url)).toBe(`warning PUBLIC_URL ${proxy.url} is not reached from here (status 502)`);
    expect(await at('http://kalender.invalid')).toMatch(
      /^fault PUBLIC_URL http:\/\/kalender\.invalid is not reached from here \((ENOTFOUND|EAI_AGAIN)\)$/,
    );
    for (const web of [page, other, proxy]) await web.close();
  });

  it('compares its clock with the one behind PUBLIC_URL', async () => {
    const { serviceOf } = await import('../../db/store/secrets.ts');
    const slow = await startWeb(JSON.stringify({ version: '9.9.9', service: serviceOf(SECRET) }), {
      date: new Date(Date.now() - 120_000).toUTCString(),
    });
    const { of } = await examine({ PUBLIC_URL: slow.url });
    expect(of('clock')).toEqual([expect.stringMatching(/^warning this clock says .*, and PUBLIC_URL's is (119|12\d) s behind$/)]);
    await slow.close();
  });
});

it.each([
  [-3, 'warning TLS: TLSv1.3, the certificate ended 3 days ago, and MAIL_URL lets that pass'],
  [13, 'warning TLS: TLSv1.3, the certificate holds for 13 days'],
  [14, 'ok TLS: TLSv1.3, the certificate holds for 14 days'],
])('counts the days of a certificate: %i', (days, says) => {
  const said: string[] = [];
  const notes = { ok: (text: string) => void said.push(`ok ${text}`), warn: (text: string) => void said.push(`warning ${text}`) };
  tellEncryption(notes, { protocol: 'TLSv1.3', validTo: new Date(NOW.getTime() + days * 86_400_000) }, NOW);
  expect(said).toEqual([says]);
});

onBothDialects('the doctor at a database', (_, urlOf) => {
  it('finds it well, compares the clocks where it has one, and changes nothing', async () => {
    const url = await urlOf();
    await (await makeDatabase(url)).close();
    const { of } = await examine({ DATABASE_URL: url });
    const isPg = url.startsWith('postgres');
    // Tests let PostgreSQL be quick, which the doctor does not like.
    expect(
      of('database').filter((line) => !line.startsWith('ok ') && !/^fault (fsync|synchronous_commit|full_page_writes) is off$/.test(line)),
    ).toEqual([]);
    expect(of('database')).toEqual(
      expect.arrayContaining([expect.stringMatching(isPg ? /^ok PostgreSQL \d/ : /^ok SQLite \d/), 'ok it takes changes']),
    );
    expect(of('clock')).toEqual([expect.stringMatching(isPg ? /^ok .*, and the database's is 0 s / : /^warning .*there was no other/)]);
  });

  it('says where it is not ours, or not there', async () => {
    const url = await urlOf();
    const { of, parts } = await examine({ DATABASE_URL: url });
    expect(of('database')).toEqual([expect.stringMatching(/^fault (there is no database|this database is empty)/)]);
    const away = await examine({ DATABASE_URL: 'postgres://user:pass-word@127.0.0.1:9/none' });
    expect([away.of('database'), JSON.stringify(away.findings).includes('pass-word'), parts]).toEqual([
      ['fault connect ECONNREFUSED 127.0.0.1:9'],
      false,
      PARTS,
    ]);
  });
});
