/** What something outside hears while all goes well, and that nothing here depends on it. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openFeedCache, type FeedCache } from '../../db/feeds/cache.ts';
import { openKeyUses } from '../../db/organisations/key-uses.ts';
import { closeBreaker, openBreaker } from '../../db/sending/breaker.ts';
import { releaseSender, renewSender } from '../../db/sending/senders.ts';
import type { Store } from '../../db/store/store.ts';
import { openPing, type Ping } from '../../jobs/ping.ts';
import { createTick, type TickDeps } from '../../jobs/tick.ts';
import { keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { MONDAY } from '../helpers/reminders.ts';
import { freePort, startService } from '../helpers/service.ts';
import { onSqlite } from '../helpers/stores.ts';

const MINUTE = 60_000;
const PATH = '/ping/known-to-us-alone?all=well';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Something that watches from outside: it keeps what it is asked, and answers as told. */
async function startWatch(answer: (response: ServerResponse) => void = (response) => response.end('OK')) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    watch.answer(response);
    server.emit('asked');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const watch = {
    asked,
    answer,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    /** Resolves when it was asked so often. */
    async heard(times: number) {
      while (asked.length < times) await once(server, 'asked');
    },
  };
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return watch;
}

/** What was logged. */
function keepLog() {
  const lines: { level: string; fields: object; message: string }[] = [];
  const keep = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, info: keep('info'), error: keep('error') };
}

function rounds(store: Store, over: Partial<TickDeps>) {
  const log = keepLog();
  const deps = {
    store,
    mailer: keepingMailer(),
    feeds: openFeedCache(store),
    settings: SETTINGS,
    keyUses: openKeyUses(),
    clock: () => MONDAY,
    log,
  };
  const tick = createTick({ ...deps, ...over });
  closing.push(() => tick.stop());
  return { log, tick };
}

onSqlite('after a round of work', (fresh) => {
  it('a ping is sent where all went well, and none while mails are held, something fails or another process sends', async () => {
    const store = await fresh();
    const fault = { write: false, step: false };
    const failing: Store = { ...store, write: (work) => (fault.write ? Promise.reject(new Error('disk full')) : store.write(work)) };
    const feeds: FeedCache = openFeedCache(store);
    const breaking: FeedCache = {
      ...feeds,
      recordFetches: (now) => (fault.step ? Promise.reject(new Error('broken')) : feeds.recordFetches(now)),
    };
    let sent = 0;
    const ping: Ping = { send: () => void (sent += 1), settled: async () => {}, stop: async () => {} };
    const { log, tick } = rounds(failing, { ping, feeds: breaking });
    const pingsOfARound = async () => {
      const before = sent;
      await tick.run();
      return sent - before;
    };
    expect(await pingsOfARound()).toBe(1);
    await store.write((tx) => openBreaker(tx, { cause: 'transport', response: 'away' }, MONDAY));
    expect(await pingsOfARound()).toBe(0);
    await store.write(closeBreaker);
    expect(await pingsOfARound()).toBe(1);
    fault.step = true;
    expect(await pingsOfARound()).toBe(0);
    Object.assign(fault, { step: false, write: true });
    expect(await pingsOfARound()).toBe(0);
    fault.write = false;
    const other = { holder: 'another', host: 'elsewhere', pid: 1 };
    await store.write((tx) => renewSender(tx, other, MONDAY));
    expect(await pingsOfARound()).toBe(0);
    expect(log.lines.at(-1)!.message).toBe('another process sends the mails of this database');
    await store.write((tx) => releaseSender(tx, other));
    expect(await pingsOfARound()).toBe(1);
  });

  it('something outside is asked, and may be silent: neither a round nor the end waits for it', async () => {
    const watch = await startWatch(() => {});
    const log = keepLog();
    const { tick } = rounds(await fresh(), { ping: openPing(watch.url, { log }) });
    await tick.run();
    await watch.heard(1);
    await tick.run();
    await tick.stop();
    expect([watch.asked, log.lines]).toEqual([[`GET ${PATH}`], []]);
  });
});

describe('a ping', () => {
  /** Sends one so many milliseconds after the one before, and waits for what comes of it. */
  const pingsTo = (url: string, patienceMs?: number) => {
    let steady = 0;
    const log = keepLog();
    const ping = openPing(url, { monotonic: () => steady, log, ...(patienceMs === undefined ? {} : { patienceMs }) });
    closing.push(ping.stop);
    const after = async (ms: number) => {
      steady += ms;
      ping.send();
      await ping.settled();
    };
    return { log, after };
  };

  it('is sent once a minute at most', async () => {
    const watch = await startWatch();
    const { after } = pingsTo(watch.url);
    const counts: number[] = [];
    for (const ms of [0, MINUTE / 4, MINUTE / 2, MINUTE / 4, MINUTE, 1]) {
      await after(ms);
      counts.push(watch.asked.length);
    }
    expect(counts).toEqual([1, 1, 1, 2, 3, 3]);
  });

  it('that is not answered well is logged once, without its address, until one is', async () => {
    const watch = await startWatch((response) => response.writeHead(500).end());
    const { after, log } = pingsTo(watch.url);
    for (let n = 0; n < 3; n += 1) await after(MINUTE);
    watch.answer = (response) => response.end();
    for (let n = 0; n < 2; n += 1) await after(MINUTE);
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['error', { reason: 'it answered 500' }],
      ['info', {}],
    ]);
    expect([watch.asked.length, JSON.stringify(log.lines).includes('known-to-us-alone')]).toEqual([5, false]);
  });

  it('to where nobody listens, or where nobody answers in time, fails', async () => {
    const nobody = pingsTo(`http://127.0.0.1:${await freePort()}/`);
    await nobody.after(0);
    const silent = pingsTo((await startWatch(() => {})).url, 50);
    await silent.after(0);
    expect([nobody, silent].map(({ log }) => log.lines[0]?.fields)).toEqual([
      { reason: 'ECONNREFUSED' },
      { reason: 'The operation was aborted due to timeout' },
    ]);
  });
});

it('is sent by the service itself, once it has begun its work', async () => {
  const watch = await startWatch();
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  const urls = { DATABASE_URL: `file:${join(folder, 'own.db')}`, MAIL_URL: `file:${join(folder, 'mail')}`, PING_URL: watch.url };
  const service = await startService({ ...urls, SECRET: 's'.repeat(32) }, { cwd: folder });
  await watch.heard(1);
  expect([await service.stop(), watch.asked, service.output().includes('known-to-us-alone')]).toEqual([0, [`GET ${PATH}`], false]);
  rmSync(folder, { recursive: true });
});
