import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, runCli, startService, type Service } from '../helpers/service.ts';
import type { Body } from '../helpers/app.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { startSink, type Sink } from '../helpers/mail.ts';
import { onBothDialects, onSqlite } from '../helpers/stores.ts';

const EDITOR = 'journey-editor-key-0123456789';
const TO = 'contract@regio.example';

onBothDialects('the main job, from an organisation to a mail', (_, urlOf) => {
  let sink: Sink;
  let service: Service;
  let folder: string;
  beforeEach(async () => {
    sink = await startSink();
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  });
  afterEach(async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  });

  it('goes through a restart with everything in place', async () => {
    const port = await freePort();
    const env = { DATABASE_URL: await urlOf(), MAIL_URL: sink.url, SECRET: 's'.repeat(32), EDITOR_KEY: EDITOR, LOG_LEVEL: 'info' };
    const start = () => startService(env, { cwd: folder, port });
    const call = async (method: string, path: string, key: string | null, body?: object) => {
      const headers = { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(body ? { 'content-type': 'application/json' } : {}) };
      const answer = await fetch(`${service.url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
      return { status: answer.status, body: (await answer.json()) as Body };
    };
    service = await start();

    const insurers = [{ insurer: 'zorg-en-zekerheid', contractStatus: 'contracted', preferred: true }];
    const made = await call('POST', '/organisations', EDITOR, { name: 'Regio Zuid', roles: ['ro'], insurers });
    expect(made.status).toBe(201);
    const { id, key } = made.body as { id: string; key: string };

    // A recipient confirms its address by mail: looking changes nothing, the button does.
    const recipients = `/organisations/${id}/recipients`;
    expect(await call('POST', recipients, key, { email: TO })).toMatchObject({
      status: 201,
      body: { status: 'pending', leadDays: [42, 14, 3, 0] },
    });
    const [link] = /http:\S+\/confirm\/\S+/.exec((await sink.next(TO)).text!)!;
    expect(await (await fetch(link)).text()).toContain('<button');
    expect((await call('GET', recipients, key)).body['items'][0].status).toBe('pending');
    expect((await fetch(link, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
    expect((await call('GET', recipients, key)).body['items'][0].status).toBe('confirmed');
    expect((await sink.next(TO)).subject).toContain('Regio Zuid');

    // The calendar shows the deadline, and moves with it.
    const feed = (await call('POST', `/organisations/${id}/feeds`, key, { label: 'Agenda kantoor' })).body as { url: string };
    const poll = async (tag = '') => {
      const answer = await fetch(feed.url, { headers: { 'if-none-match': tag } });
      const body = await answer.text();
      if (answer.status === 200) readCalendar(Buffer.from(body));
      return { status: answer.status, tag: answer.headers.get('etag')!, body };
    };
    const first = await poll();
    expect(first.status).toBe(200);
    expect((await poll(first.tag)).status).toBe(304);
    // The last of the projected years: what is confirmed there is no basis for another one.
    const year = new Date().getFullYear() + 2;
    const plans = await call('GET', `/deadlines?insurer=zorg-en-zekerheid&activity=annual_plan&contractYear=${year}`, null);
    const [plan] = plans.body['items'];
    expect(plan).toMatchObject({ certainty: 'expected', dueOn: `${year - 1}-10-01`, lastSafeOn: `${year - 1}-09-30` });
    const eventOf = (body: string) => body.split('BEGIN:VEVENT').find((event) => event.includes(plan.id))!;
    expect(eventOf(first.body)).toContain(`DTSTART;VALUE=DATE:${year - 1}0930`);
    const sources = [{ document: `Beleid ${year}`, section: '6.3', quote: `8 oktober ${year - 1}`, url: null }];
    const rule = { kind: 'fixed', on: `${year - 1}-10-08` };
    const amended = await call('POST', `/deadlines/${plan.id}/revisions`, EDITOR, {
      baseRevision: plan.revision,
      reason: 'Nieuw beleid.',
      rule,
      certainty: 'stated',
      sources,
    });
    expect(amended).toMatchObject({ status: 201, body: { dueOn: `${year - 1}-10-08`, certainty: 'stated', revision: plan.revision + 1 } });
    const moved = await poll(first.tag);
    expect(moved.status).toBe(200);
    expect(eventOf(moved.body)).toContain(`DTSTART;VALUE=DATE:${year - 1}1008`);
    expect(eventOf(moved.body)).toContain('STATUS:CONFIRMED');

    // While the service sends, nobody else does; afterwards a rehearsal on the day of the 14-day reminder sends it once.
    const remind = ['remind', '--at', '2024-09-16T07:30:00+02:00', '--json'];
    expect(await runCli(remind, env, folder)).toMatchObject({ code: 1, stderr: expect.stringContaining('Stop it first') });
    const preview = JSON.parse((await runCli([...remind, '--dry-run'], env, folder)).stdout) as object[];
    expect(preview).toMatchObject([
      { kind: 'reminder', to: TO, recipient: TO, leadDays: 14, dueOn: '2024-10-01', lastSafeOn: '2024-09-30', sendOn: '2024-09-16' },
    ]);
    expect(await service.stop()).toBe(0);
    expect(JSON.parse((await runCli(remind, env, folder)).stdout)).toMatchObject({ planned: 1, sent: 1 });
    expect((await sink.next(TO)).subject).toMatch(/^Over 14 dagen: jaarplan .* bij Zorg en Zekerheid \(uiterlijk ma 30 sep/);
    expect(JSON.parse((await runCli(remind, env, folder)).stdout)).toMatchObject({ planned: 0, sent: 0 });
    expect(sink.taken.length).toBe(3);

    // The same bytes after a restart, and the proof of what was sent.
    service = await start();
    const after = await poll();
    expect(after).toEqual(moved);
    expect((await poll(moved.tag)).status).toBe(304);
    const messages = await call('GET', `/organisations/${id}/messages`, key);
    // Nobody is told of the move above for ten minutes: it may be taken back.
    expect(messages.body['items'].map(({ kind, state }: { kind: string; state: string }) => `${kind} ${state}`).sort()).toEqual([
      'confirmation sent',
      'reminder sent',
      'welcome sent',
    ]);
    // No secret of a link in what it printed.
    expect(service.output()).not.toContain(feed.url.slice(-47, -4));
  });
});

onSqlite('npm start', () => {
  it('ends the service when npm is told to stop', async () => {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
    const env = {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATABASE_URL: `file:${join(folder, 'x.db')}`,
      MAIL_URL: `file:${folder}/mail`,
      SECRET: 's'.repeat(32),
      BACKUPS: 'none',
    };
    const npm = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    // The pipe closes when the last process that holds it has ended: the service itself, not only npm.
    const ended = once(npm.stdout, 'close');
    for await (const chunk of npm.stdout.iterator({ destroyOnReturn: false })) if (String(chunk).includes('listening')) break;
    npm.stdout.resume();
    npm.kill('SIGTERM');
    await ended;
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
    rmSync(folder, { recursive: true });
  });
});

onSqlite('a first start with nothing given', () => {
  it('makes the example once, and mails it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
    const service = await startService({}, { cwd: folder });
    const [, link] = /calendar feed +(\S+)/.exec(service.output())!;
    const calendar = await fetch(link!);
    expect(calendar.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(readCalendar(Buffer.from(await calendar.text())).events.length).toBeGreaterThan(0);
    await service.printed(/mail sent/);
    const mails = () => readdirSync(join(folder, 'data/mail')).filter((name) => name.endsWith('.eml'));
    expect(mails()).toHaveLength(1);
    expect(readFileSync(join(folder, 'data/mail', mails()[0]!), 'utf8')).toContain('Voorbeeld Regio-organisatie');
    // What it names to be opened next is there: the mail, and the organisation's page, which asks who one is.
    const [, outbox] = /mails +(\S+\/outbox) /.exec(service.output())!;
    expect(await (await fetch(outbox!)).text()).toContain('Voorbeeld Regio-organisatie');
    const [, own, manager] = /its own page +(\S+) \(sign in as (\S+)\)/.exec(service.output())!;
    expect([(await fetch(own!)).url, manager]).toEqual([expect.stringContaining('/inloggen'), 'contractmanager@example.org']);
    expect(await service.stop()).toBe(0);
    const again = await startService({}, { cwd: folder });
    expect(again.output()).not.toContain('calendar feed');
    expect((await fetch(`${again.url}/health/ready`)).status).toBe(200);
    expect(await again.stop()).toBe(0);
    expect(mails()).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });

  it('makes none where a database was chosen, and stops in one line on a bad setting', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
    const service = await startService({ DATABASE_URL: 'file:here.db' }, { cwd: folder });
    expect(service.output()).not.toContain('calendar feed');
    await service.stop();
    expect(existsSync(join(folder, 'here.db'))).toBe(true);
    const bad = startService({ MAIL_URL: 'pigeon://' }, { cwd: folder });
    await expect(bad).rejects.toThrow(
      /ended:\nInkoopkalender cannot start: MAIL_URL must start with file:, smtp:\/\/ or smtps:\/\/, and be a whole address, as smtp:\/\/mail.example.org:587\n$/,
    );
    rmSync(folder, { recursive: true });
  });
});
