/** `/outbox`: the mails of a rehearsal, for this machine alone, and each in a frame that can do nothing. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { beginEnrolment } from '../../db/people/enrolments.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { openMailer } from '../../jobs/transport/mailer.ts';
import { openOutbox } from '../../jobs/transport/outbox.ts';
import { showsOutbox } from '../../server/access.ts';
import { readConfig } from '../../server/config.ts';
import { appFor } from '../helpers/app.ts';
import { castIn, NOW } from '../helpers/cast.ts';
import { SETTINGS } from '../helpers/mail.ts';
import { textOf } from '../helpers/page-text.ts';
import { onSqlite } from '../helpers/stores.ts';

it.each([
  [{}, true],
  [{ PUBLIC_URL: 'http://localhost:3000/zorg' }, true],
  [{ HOST: '::1', PUBLIC_URL: 'http://[::1]:3000' }, true],
  [{ MAIL_URL: 'smtp://127.0.0.1:25' }, false],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'http://127.0.0.1:3000' }, false],
  [{ PUBLIC_URL: 'https://kalender.example' }, false],
  [{ PUBLIC_URL: 'http://127.0.0.1.evil.example' }, false],
])('with %o mails are shown: %s', (env, isShown) => {
  expect(showsOutbox(readConfig(env))).toBe(isShown);
});

/** By which a proxy tells that it passes something on. */
const PASSED_ON = ['via', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

onSqlite('/outbox', (fresh) => {
  it('shows what was sent to who asks by a name of this machine, and to nobody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-outbox-'));
    const store = await fresh();
    await castIn(store);
    const { app } = await appFor(store, { outbox: openOutbox(folder) });
    const ask = async (url: string, host = '127.0.0.1:3000', more = {}) =>
      app.inject({ url, headers: { host, accept: 'text/html', ...more } });
    expect(textOf((await ask('/outbox')).body)).toContain('Er is nog geen mail.');
    const choices = { name: 'De Linde', language: 'nl', roles: [], insurers: [], leadDays: [3], digest: 'daily' } as const;
    const call = { signUp: 'open', caller: 'x', invitation: null } as const;
    await store.write((tx) =>
      beginEnrolment(tx, { ...choices, roles: [], insurers: [], leadDays: [3], email: 'vera@linde.example' }, call, SETTINGS.secret, NOW),
    );
    await sendDue({ store, mailer: openMailer(`file:${folder}`), settings: SETTINGS }, NOW);
    const list = await ask('/outbox');
    expect([list.statusCode, list.headers['cache-control'], list.headers['x-robots-tag']]).toEqual([200, 'no-store', 'noindex']);
    expect(textOf(list.body)).toMatch(/1 mail\..*Bevestig uw aanmelding bij de Inkoopkalender.*vera@linde\.example/);
    const [, path] = /href="(\/outbox\/[\w-]+)"/.exec(list.body)!;
    const page = await ask(path!);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none';.*frame-src 'self'$/);
    const [, sandbox, frame] = /sandbox="([^"]*)"\s+src="([^"]*)"/.exec(page.body)!;
    expect(sandbox).toBe('allow-popups allow-popups-to-escape-sandbox');
    const mail = await ask(frame!);
    expect(mail.headers['content-security-policy']).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'$/,
    );
    expect(mail.body).toContain('/aanmelden/');
    expect((await ask(`/en${path}`)).statusCode).toBe(200);

    // A page elsewhere may let its own name lead to this machine; what a proxy says of the name does not count.
    for (const [host, more] of [
      ['evil.example', {}],
      ['127.0.0.1.evil.example:3000', {}],
      ['evil.example', { 'x-forwarded-host': '127.0.0.1' }],
      ...PASSED_ON.map((header) => ['127.0.0.1:3000', { [header]: '127.0.0.1' }] as const),
    ] as const)
      for (const url of ['/outbox', path!, frame!]) expect([host, url, (await ask(url, host, more)).statusCode]).toEqual([host, url, 404]);
    // Somebody else's machine, whatever name it asks by.
    for (const remoteAddress of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::7'])
      expect((await app.inject({ url: '/outbox', headers: { host: '127.0.0.1:3000' }, remoteAddress })).statusCode).toBe(404);
    for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      expect((await app.inject({ url: '/outbox', headers: { host: '127.0.0.1:3000' }, remoteAddress })).statusCode).toBe(200);
    for (const url of ['/outbox/x', '/outbox/x/mail', '/outbox/..%2f..%2fetc', `/outbox/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`])
      expect((await ask(url)).statusCode, url).toBe(404);
    const { app: other } = await appFor(store);
    expect((await other.inject({ url: '/outbox', headers: { host: '127.0.0.1:3000' } })).statusCode).toBe(404);
    expect((await ask('/sitemap.xml')).body).not.toContain('outbox');
    rmSync(folder, { recursive: true });
  });

  it('leaves out a mail that is erased while it looks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-outbox-'));
    const id = `${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`;
    // It stands in the list of the folder, and is not there any more.
    symlinkSync(join(folder, 'erased'), join(folder, `2026-01-05-welcome-${id}.eml`));
    const { app } = await appFor(await fresh(), { outbox: openOutbox(folder) });
    const ask = async (url: string) => app.inject({ url, headers: { host: '127.0.0.1:3000', accept: 'text/html' } });
    expect(textOf((await ask('/outbox')).body)).toContain('Er is nog geen mail.');
    expect((await ask(`/outbox/${id}`)).statusCode).toBe(404);
    rmSync(folder, { recursive: true });
  });
});
