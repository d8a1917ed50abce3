/** The drill: yesterday's backup, made under load, takes the place of a database that is lost, and nobody gets a mail twice. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, expect, it, vi } from 'vitest';
import { createFeed } from '../../db/feeds/feeds.ts';
import { getTableName } from '../../db/store/drizzle.ts';
import { signLink } from '../../db/store/secrets.ts';
import { startRawSink, type RawSink } from '../faults/sink.ts';
import { makeWorld, START, type World } from '../faults/world.ts';
import { runCli, type Service } from '../helpers/service.ts';
import { onBothDialects } from '../helpers/stores.ts';

const EDITOR_KEY = 'the-editors-key-of-the-drill-0123';
const SECRET = 'a secret that only the faults know, 32+';
const [HOUR, DAY] = [3_600_000, 86_400_000];
const MAILS = 12;
const PATIENCE = { timeout: 100_000, interval: 20 };
/** What the service writes at each start and in each round by itself, and what an unsubscribe that is applied again adds. */
const OWN = ['settings', 'senders', 'withdrawals', 'organisation_changes'];

let world: World | undefined;
const sinks: RawSink[] = [];
const services: Service[] = [];
afterEach(async () => {
  for (const { pid } of services.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  }
  for (const sink of sinks.splice(0)) await sink.close();
  world?.remove();
});

const newOrganisation = ({ url }: Service) =>
  fetch(`${url}/api/v1/organisations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${EDITOR_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Regio Nieuw', roles: ['ro'], insurers: [{ insurer: 'cz' }] }),
  });

/** Changes one after the other, for as long as it is not stopped. */
function loadOn(service: Service) {
  let count = 0;
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) if ((await newOrganisation(service)).status === 201) count += 1;
  })();
  return {
    count: () => count,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function uidsIn({ url }: Service, path: string): Promise<string[]> {
  const answer = await fetch(url + path);
  expect(answer.status).toBe(200);
  return [...(await answer.text()).matchAll(/^UID:(.*)\r$/gm)].map(([, uid]) => uid!).sort();
}

async function kill(service: Service) {
  process.kill(service.pid, 'SIGKILL');
  await service.ended();
}

async function loseDatabase(url: string) {
  if (url.startsWith('file:')) return writeFileSync(url.replace('file:', ''), 'a disk that failed');
  const client = new Client(url.replace(/\/[^/]+$/, '/postgres'));
  await client.connect();
  await client.query(`drop database ${url.slice(url.lastIndexOf('/') + 1)} with (force)`);
  return client.end();
}

onBothDialects('yesterday’s backup, made under load', (_, urlOf) => {
  it('is restored with all its rows, sends nobody anything until it may, and feeds the same events', async () => {
    world = await makeWorld(MAILS, await urlOf());
    const { addresses, databaseUrl, folder, look } = world;
    const backups = join(folder, 'backups');
    const env = { EDITOR_KEY, BACKUPS: backups, OPERATOR_EMAIL: 'beheer@example.org' };
    const start = async (sink: RawSink, at: number) => {
      const service = await world!.start(sink.url, at, env);
      services.push(service);
      return service;
    };
    const openSink = async () => {
      const sink = await startRawSink();
      sinks.push(sink);
      return sink;
    };
    const store = await look();
    const { organisations, recipients } = store.read.tables;
    const [reader] = (await store.read.select().from(organisations)).filter(({ name }) => name === 'Regio Zuid');
    const { token } = await store.write((tx) => createFeed(tx, reader!.id, { label: 'Kantoor' }, START));
    const [leaver] = (await store.read.select().from(recipients)).filter(({ email }) => email === addresses[0]);
    await store.close();
    const feeds = [`/feeds/${token}.ics`, '/calendars/zorg-en-zekerheid.ics'];

    // Seven in the morning, before any mail of the day: the backup is made while organisations are added.
    const before = await openSink();
    const early = await start(before, START.getTime() - 2 * HOUR);
    const load = loadOn(early);
    await early.printed(/"msg":"backup made"/);
    const atBackup = load.count();
    await vi.waitUntil(() => load.count() > atBackup + 3, PATIENCE);
    await load.stop();
    const uids = await Promise.all(feeds.map((path) => uidsIn(early, path)));
    expect(uids.map((some) => some.length > 0)).toEqual([true, true]);
    expect(before.taken).toEqual([]);
    await kill(early);

    // Nine o'clock: the mails of the day leave with the operator's, one reader has enough of them, and the database is lost.
    const morning = await start(before, START.getTime());
    await vi.waitUntil(() => before.taken.length > MAILS, PATIENCE);
    expect(before.taken.map(({ to }) => to).sort()).toEqual([...addresses, 'beheer@example.org'].sort());
    const unsubscribed = await fetch(`${morning.url}/unsubscribe/${signLink(SECRET, 'unsubscribe', leaver!.id)}`, { method: 'POST' });
    expect(unsubscribed.status).toBe(200);
    await vi.waitUntil(() => readFileSync(join(backups, 'withdrawals.jsonl'), 'utf8').includes('"unsubscribe"'), PATIENCE);
    await kill(morning);
    await loseDatabase(databaseUrl);

    // The next day.
    const tomorrow = START.getTime() + DAY;
    const cli = (...args: string[]) => {
      const clock = new URL('../faults/clock.js', import.meta.url).pathname;
      const settings = { DATABASE_URL: databaseUrl, SECRET, NODE_OPTIONS: `--import ${clock}`, FAKE_NOW: String(tomorrow), ...env };
      return runCli([...args, '--json'], settings, folder);
    };
    const [name] = readdirSync(backups).filter((one) => one.startsWith('2026-11-23'));
    const restored = await cli('restore', join(backups, name!));
    // The list ends with the service, a day ago: who restores is to say that it ended then.
    const doubt = expect.stringContaining('the list beside the backups ends there');
    expect([restored.stderr, JSON.parse(restored.stdout)]).toMatchObject(['', { 'withdrawn since': '1 unsubscribe', 'not known': doubt }]);
    const { rows } = JSON.parse(readFileSync(join(backups, name!, 'manifest.json'), 'utf8')).database as { rows: Record<string, number> };
    const after = await look();
    for (const table of Object.values(after.read.tables).filter((one) => !OWN.includes(getTableName(one))))
      expect([getTableName(table), await after.read.$count(table)]).toEqual([getTableName(table), rows[getTableName(table)]]);
    await after.close();

    const held = await openSink();
    const service = await start(held, tomorrow + HOUR);
    await service.printed(/Mail is held since/);
    // The last step of a round, after the one that sends.
    await service.printed(/"msg":"backup made"/);
    await newOrganisation(service);
    expect(await Promise.all(feeds.map((path) => uidsIn(service, path)))).toEqual(uids);
    expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(new RegExp(`\\nmails_due ${MAILS}\\n`));
    const list = JSON.parse((await cli('hold', 'list')).stdout) as { recipient: string | null; outcome: string; title: string | null }[];
    // A line for each deadline of a mail; the operator's summary has none.
    expect(list.map(({ outcome, recipient, title }) => `${recipient} ${title} ${outcome}`).sort()).toEqual(
      ['null null leaves', ...addresses.slice(1).map((email) => `${email} Jaarplan met begroting indienen leaves`)].sort(),
    );
    expect(held.taken).toEqual([]);
    expect((await fetch(`${service.url}/health/delivery`)).status).toBe(503);

    expect((await cli('hold', 'strike', addresses[1]!)).code).toBe(0);
    expect((await cli('hold', 'off')).code).toBe(1);
    expect((await cli('hold', 'off', '--yes')).code).toBe(0);
    await newOrganisation(service);
    await vi.waitUntil(() => held.taken.length === MAILS - 1, PATIENCE);
    expect(held.taken.map(({ to }) => to).sort()).toEqual(['beheer@example.org', ...addresses.slice(2)].sort());
    expect(await service.stop()).toBe(0);
  });
});
