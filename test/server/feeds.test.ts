import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { withdrawDeadline } from '../../db/deadlines.ts';
import { createFeed } from '../../db/feeds.ts';
import { openStore, type Store } from '../../db/store.ts';
import type { App } from '../../server/deps.ts';
import { appFor } from '../helpers/app.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../helpers/stores.ts';

async function setUp(store: Store) {
  const { ro, outsider } = await castIn(store);
  const { id } = await store.write((tx) => addDeadline(tx));
  const { token } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, NOW));
  const { app, call } = await appFor(store);
  return { ro, outsider, id, app, call, link: `/feeds/${token}.ics` };
}

const get = async (app: App, url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers });

onBothDialects('a poll', (fresh) => {
  it('gets a calendar with the headers that calendar apps need', async () => {
    const { app, link, id } = await setUp(await fresh());
    const response = await get(app, link);
    const { etag, 'content-length': length, date, connection, 'keep-alive': _, ...headers } = response.headers;
    expect([response.statusCode, headers]).toEqual([
      200,
      {
        'content-type': 'text/calendar; charset=utf-8',
        'cache-control': 'private, no-cache',
        'last-modified': 'Tue, 02 Apr 2024 10:00:00 GMT',
        'referrer-policy': 'no-referrer',
        vary: 'Accept-Encoding',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex',
      },
    ]);
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(Number(length)).toBe(response.rawPayload.length);
    expect(readCalendar(response.rawPayload).events.map(({ uid }) => uid)).toEqual([id]);
  });

  it('gets the same whatever it accepts, and only the headers with HEAD', async () => {
    const { app, link } = await setUp(await fresh());
    const bare = await get(app, link);
    for (const accept of ['*/*', 'text/calendar', 'application/json'])
      expect((await get(app, link, { accept })).rawPayload.equals(bare.rawPayload)).toBe(true);
    const head = await get(app, link, {}, 'HEAD');
    expect([head.statusCode, head.headers['content-length'], head.headers['etag'], head.rawPayload.length]).toEqual([
      200,
      bare.headers['content-length'],
      bare.headers['etag'],
      0,
    ]);
  });

  it('gets gzip where it asks for it, under a tag of its own', async () => {
    const { app, link } = await setUp(await fresh());
    const plain = await get(app, link);
    for (const accepted of ['gzip', 'br, GZIP;q=0.5', '*', 'deflate, x-gzip']) {
      const zipped = await get(app, link, { 'accept-encoding': accepted });
      expect([zipped.headers['content-encoding'], zipped.headers['etag'], zipped.headers['vary']]).toEqual([
        'gzip',
        String(plain.headers['etag']).replace(/"$/, '-gz"'),
        'Accept-Encoding',
      ]);
      expect(gunzipSync(zipped.rawPayload).equals(plain.rawPayload)).toBe(true);
    }
    for (const accepted of ['identity', 'br', 'gzip;q=0', '*;q=0.0', 'gzip;q=0, *', '']) {
      expect((await get(app, link, { 'accept-encoding': accepted })).headers['content-encoding']).toBeUndefined();
    }
  });

  it('gets 304 while nothing changed, however it asks', async () => {
    const { app, link } = await setUp(await fresh());
    const { etag, 'last-modified': modified } = (await get(app, link)).headers as Record<string, string>;
    const zipped = etag!.replace(/"$/, '-gz"');
    for (const tags of [etag!, `W/${etag}`, `"x", ${etag}`, `W/"x" , W/${etag}`, '*', zipped]) {
      const response = await get(app, link, { 'if-none-match': tags });
      expect([response.statusCode, response.headers['etag'], response.rawPayload.length]).toEqual([304, etag, 0]);
      expect(response.headers['cache-control']).toBe('private, no-cache');
    }
    expect((await get(app, link, { 'if-modified-since': modified! })).statusCode).toBe(304);
    expect((await get(app, link, { 'if-none-match': etag!, 'accept-encoding': 'gzip' })).headers['etag']).toBe(zipped);
    expect((await get(app, link, { 'if-none-match': etag! }, 'HEAD')).statusCode).toBe(304);
    for (const tags of ['"x"', etag!.slice(1, -1), `"${etag!.slice(1, -2)}"`, ''])
      expect((await get(app, link, { 'if-none-match': tags })).statusCode).toBe(200);
    expect((await get(app, link, { 'if-none-match': '"x"', 'if-modified-since': modified! })).statusCode).toBe(200);
    for (const since of ['Tue, 02 Apr 2024 09:59:59 GMT', '2030', 'nonsense GMT'])
      expect((await get(app, link, { 'if-modified-since': since })).statusCode).toBe(200);
  });

  it('gets the change after an edit, by tag and by date', async () => {
    const store = await fresh();
    const { app, link, id } = await setUp(store);
    const { etag, 'last-modified': modified } = (await get(app, link)).headers as Record<string, string>;
    await store.write((tx) => withdrawDeadline(tx, id, 'Vervallen.', NOW));
    for (const headers of [{ 'if-none-match': etag! }, { 'if-modified-since': modified! }]) {
      const response = await get(app, link, headers);
      expect(response.statusCode).toBe(200);
      expect(readCalendar(response.rawPayload).events[0]!.status).toBe('CANCELLED');
    }
  });

  it('gets a file only when it asks for a download', async () => {
    const { app, link } = await setUp(await fresh());
    expect((await get(app, `${link}?download=1`)).headers['content-disposition']).toBe('attachment; filename="inkoopkalender.ics"');
    expect((await get(app, `${link}?nocache=123`)).headers['content-disposition']).toBeUndefined();
  });

  it('finds one and the same nothing at every wrong link', async () => {
    const { app, link } = await setUp(await fresh());
    const token = link.slice('/feeds/'.length, -'.ics'.length);
    const wrong = [
      `${'A'.repeat(43)}.ics`,
      'short.ics',
      `${token}x.ics`,
      token,
      `${token}.ICS`,
      `${token}.ics/x`,
      `${'x'.repeat(500)}.ics`,
      '%00.ics',
      '',
    ];
    const answers = await Promise.all(wrong.map((name) => get(app, `/feeds/${name}`)));
    const seen = new Set(
      answers.map(({ statusCode, body, headers: { date: _, ...headers } }) => JSON.stringify([statusCode, body, headers])),
    );
    expect([...seen].map((text) => JSON.parse(text)[0])).toEqual([404]);
    expect(answers[0]!.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('may only read', async () => {
    const { app, link } = await setUp(await fresh());
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT', 'MKCALENDAR'] as const) {
      // Fastify's types know the methods of HTTP itself, its router knows those of WebDAV too.
      const response = await app.inject({
        method: method as 'POST',
        url: link,
        headers: { 'content-type': 'text/calendar' },
        payload: 'x',
      });
      expect([method, response.statusCode, response.headers['allow']]).toEqual([method, 405, 'GET, HEAD']);
    }
  });

  it('of an insurer is open to all, in either language', async () => {
    const { app } = await setUp(await fresh());
    const response = await get(app, '/calendars/noord.ics');
    expect([response.statusCode, response.headers['cache-control'], response.headers['x-robots-tag']]).toEqual([
      200,
      'public, no-cache',
      undefined,
    ]);
    const titles = await Promise.all(
      ['', '?lang=nl', '?lang=en', '?lang=xx'].map(
        async (query) => readCalendar((await get(app, `/calendars/noord.ics${query}`)).rawPayload).events[0]!.title,
      ),
    );
    const [nl, en] = ['Noord 2025: Jaarplan met begroting indienen', 'Noord 2025: Submit the annual plan with budget'];
    expect(titles).toEqual([nl, nl, en, nl]);
    for (const name of ['west.ics', 'noord', '../noord.ics', 'NOORD.ics'])
      expect((await get(app, `/calendars/${name}`)).statusCode).toBe(404);
  });

  it('is never held off, however often it comes', async () => {
    const { app, link } = await setUp(await fresh());
    const answers = await Promise.all(Array.from({ length: 700 }, () => get(app, link)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  });

  it('leaves no trace of the link in the log', async () => {
    const store = await fresh();
    const { link } = await setUp(store);
    let log = '';
    const stream = new (await import('node:stream')).Writable({ write: (chunk, _, done) => ((log += String(chunk)), done()) });
    const { app } = await appFor(store, {}, { logger: { level: 'trace', stream } });
    for (const url of [link, link.replace('.ics', ''), `${link}?download=1`]) await get(app, url);
    await app.inject({ method: 'POST', url: link });
    expect(log).not.toContain(link.slice(7, 40));
  });
});

onBothDialects('the feeds of an organisation', (fresh) => {
  it('are made with a link that is shown once, and ended', async () => {
    const { ro, app, call } = await setUp(await fresh());
    const made = await call('POST', `organisations/${ro.id}/feeds`, { key: ro.key, body: { label: 'Thuis; \u2028x' } });
    expect(made).toMatchObject({ status: 201, body: { label: 'Thuis; \u2028x', createdAt: NOW.toISOString() } });
    expect(made.body.url).toMatch(/^http:\/\/inkoop\.example\/feeds\/[\w-]{43}\.ics$/);
    const path = new URL(made.body.url).pathname;
    expect((await get(app, path)).statusCode).toBe(200);
    const list = await call('GET', `organisations/${ro.id}/feeds`, { key: ro.key });
    expect([list.body.total, Object.keys(list.body.items[0]), list.body.items.map((feed: { label: string }) => feed.label).sort()]).toEqual(
      [2, ['id', 'label', 'createdAt'], ['Agenda', 'Thuis; \u2028x']],
    );
    expect((await call('DELETE', `organisations/${ro.id}/feeds/${made.body.id}`, { key: ro.key })).status).toBe(204);
    expect((await get(app, path)).statusCode).toBe(404);
    expect((await call('DELETE', `organisations/${ro.id}/feeds/${made.body.id}`, { key: ro.key })).status).toBe(404);
  });

  it('are nobody else’s', async () => {
    const { ro, outsider, call } = await setUp(await fresh());
    const { body } = await call('GET', `organisations/${ro.id}/feeds`, { key: ro.key });
    const calls = [
      ['GET', 'feeds', undefined],
      ['POST', 'feeds', { label: 'x' }],
      ['DELETE', `feeds/${body.items[0].id}`, undefined],
    ] as const;
    for (const [method, path, body] of calls) {
      expect((await call(method, `organisations/${ro.id}/${path}`, { key: outsider.key, body })).status).toBe(404);
      expect((await call(method, `organisations/${ro.id}/${path}`, { body })).status).toBe(401);
    }
    expect((await call('DELETE', `organisations/${outsider.id}/feeds/${body.items[0].id}`, { key: outsider.key })).status).toBe(404);
    expect((await call('GET', `organisations/${ro.id}/feeds`, { key: ro.key })).body.total).toBe(1);
  });

  it('need a label', async () => {
    const { ro, call } = await setUp(await fresh());
    for (const body of [{}, { label: '' }, { label: ' ' }, { label: 1 }, { label: 'x', x: 1 }, { label: 'x'.repeat(201) }]) {
      expect((await call('POST', `organisations/${ro.id}/feeds`, { key: ro.key, body })).status).toBe(400);
    }
  });
});

onSqlite('a poll while the database fails', (_, urlOf) => {
  it('gets the last good calendar, and 503 only when there is none', async () => {
    const url = await urlOf();
    const store = await openStore(url);
    const { app, link } = await setUp(store);
    const good = await get(app, link);
    const file = new Sqlite(url.replace('file:', ''));
    file.exec('alter table feeds rename to feeds_away');
    const during = await get(app, link);
    expect([during.statusCode, during.headers['etag'], during.rawPayload.equals(good.rawPayload)]).toEqual([
      200,
      good.headers['etag'],
      true,
    ]);
    const { app: restarted } = await appFor(store);
    const none = await get(restarted, link);
    expect([none.statusCode, none.headers['retry-after'], none.headers['content-type']]).toEqual([503, '300', 'text/plain; charset=utf-8']);
    file.close();
    await store.close();
  });

  it('gets 304 before a body is made', async () => {
    const url = await urlOf();
    const store = await openStore(url);
    const { app, link } = await setUp(store);
    const { etag } = (await get(app, link)).headers as Record<string, string>;
    const file = new Sqlite(url.replace('file:', ''));
    file.exec('alter table steps rename to steps_away');
    const { app: restarted } = await appFor(store);
    expect((await get(restarted, link, { 'if-none-match': etag! })).statusCode).toBe(304);
    expect((await get(restarted, link)).statusCode).toBe(503);
    file.close();
    await store.close();
  });
});
