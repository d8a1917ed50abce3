/** Over a socket: what is answered there before any route may not differ from what the route answers. */
import { Writable } from 'node:stream';
import type { AddressInfo } from 'node:net';
import { request, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { changeFeed, createFeed, deleteFeed } from '../../../db/feeds/feeds.ts';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { openReadCache } from '../../../db/organisations/read-cache.ts';
import type { Store } from '../../../db/store/store.ts';
import { bumpRegistry } from '../../../db/store/counters.ts';
import { appFor } from '../../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

async function setUp(store: Store) {
  const { ro } = await castIn(store);
  await store.write((tx) => addDeadline(tx));
  const feed = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, NOW));
  const cache = openReadCache(store);
  let isAway = false;
  const refresh: typeof cache.refresh = async () => {
    if (isAway) throw new Error('the database is away');
    return cache.refresh();
  };
  const feeds = openFeedCache(store, { readCache: { ...cache, refresh } });
  let log = '';
  const stream = new Writable({ write: (chunk, _, done) => ((log += String(chunk)), done()) });
  const { app } = await appFor(store, { cache, feeds }, { logger: { level: 'error', stream } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const link = `/feeds/${feed.token}.ics`;
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<Answer>((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, path, headers, method, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
      });
      asking.on('error', reject).end();
    });
  const readyAnswers = async () => {
    const { body } = await ask('/metrics');
    const told = [...body.toString().matchAll(/^ready_feed_answers_total\{status_code="(\d+)"\} (\d+)$/gm)];
    return Object.fromEntries(told.map(([, status, count]) => [status, Number(count)]));
  };
  const goAway = () => (isAway = true);
  return { app, ro, feed, link, ask, readyAnswers, goAway, log: () => log };
}

onSqlite('a feed that is in memory', (fresh) => {
  it('is answered before any route, in every way as the route answers it', async () => {
    const { app, link, ask, readyAnswers } = await setUp(await fresh());
    const { etag } = (await ask(link)).headers as { etag: string };
    await ask(link, { 'accept-encoding': 'gzip' });
    expect(await readyAnswers()).toEqual({ '200': 0, '304': 0 });
    const asked = [{}, { 'accept-encoding': 'gzip' }, { 'if-none-match': etag }, { 'if-none-match': '"x"' }];
    for (const headers of asked) {
      // With a question mark the route is asked.
      const [ready, routed] = [await ask(link, headers), await ask(`${link}?`, headers)];
      for (const answer of [ready, routed]) delete answer.headers.date;
      expect(ready).toEqual(routed);
    }
    expect(await readyAnswers()).toEqual({ '200': 3, '304': 1 });
    const packed = await ask(link, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(packed.body).equals((await ask(link)).body)).toBe(true);
    for (const method of ['HEAD', 'POST']) expect((await ask(link, {}, method)).status).toBe(method === 'HEAD' ? 200 : 405);
    expect(await readyAnswers()).toEqual({ '200': 5, '304': 1 });
    await app.close();
  });
});

onBothDialects('a feed that was polled before', (fresh) => {
  it('is new after a change, and gone when its link ended', async () => {
    const store = await fresh();
    const { app, ro, feed, link, ask } = await setUp(store);
    const first = await ask(link);
    await store.write((tx) => changeFeed(tx, ro.id, feed.id, { language: 'en' }, NOW));
    const second = await ask(link, { 'if-none-match': first.headers.etag! });
    expect([second.status, second.body.toString().includes('Submit the annual plan')]).toEqual([200, true]);
    await store.write((tx) => deleteFeed(tx, ro.id, feed.id, NOW));
    expect((await ask(link)).status).toBe(410);
    await app.close();
  });

  it('is the last good one while the database is away, and the log says so without the link', async () => {
    const store = await fresh();
    const { app, feed, link, ask, goAway, log } = await setUp(store);
    const good = await ask(link);
    await store.write((tx) => bumpRegistry(tx, 'noord', NOW));
    goAway();
    const during = await ask(link);
    for (const answer of [good, during]) delete answer.headers.date;
    expect(during).toEqual(good);
    expect((await ask(link, { 'if-none-match': good.headers.etag! })).status).toBe(304);
    expect(log()).toContain('the last good feed is served');
    expect(log()).not.toContain(feed.token);
    expect((await ask(`/feeds/${'A'.repeat(43)}.ics`)).status).toBe(503);
    await app.close();
  });
});
