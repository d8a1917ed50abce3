import { METHODS } from 'node:http';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { withdrawDeadline } from '../../../db/registry/amending.ts';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { createFeed } from '../../../db/feeds/feeds.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import type { App } from '../../../server/deps.ts';
import { appFor } from '../../helpers/app.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

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
    expect(etag).toMatch(/^"[\w-]{22}\.[0-9a-z]+"$/);
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
    expect((await get(app, '/calendars/noord.ics?download=1')).headers['content-disposition']).toBe(
      'attachment; filename="inkoopkalender-noord.ics"',
    );
    for (const url of [link, `${link}?nocache=123`, `${link}?download=0`])
      expect((await get(app, url)).headers['content-disposition']).toBeUndefined();
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
      '%zz.ics',
      `${token}%.ics`,
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
    // CONNECT asks for a tunnel: it never gets to a route.
    for (const method of METHODS.filter((one) => !['GET', 'HEAD', 'CONNECT'].includes(one))) {
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
    const [nl, en] = ['Jaarplan met begroting indienen 2025 – Noord', 'Submit the annual plan with budget 2025 – Noord'];
    expect(titles).toEqual([nl, nl, en, nl]);
    for (const name of ['west.ics', 'noord', '../noord.ics', 'NOORD.ics'])
      expect((await get(app, `/calendars/${name}`)).statusCode).toBe(404);
  });

  it('of an insurer shows the kinds that are asked for, in whatever order and however often, and names a kind that is none', async () => {
    const store = await fresh();
    const { app } = await setUp(store);
    await store.write((tx) => addDeadline(tx, { activity: 'xis_mark' }, { kind: 'intention', title: 'Keurmerk' }));
    await store.write((tx) => addDeadline(tx, { activity: 'contract_term' }, { kind: 'term', title: 'Looptijd' }));
    const ask = async (query: string) => get(app, `/calendars/noord.ics${query}`);
    const shown = async (query: string) => {
      const { headers, rawPayload } = await ask(query);
      return [
        readCalendar(rawPayload)
          .events.map(({ title }) => title.split(' ')[0])
          .sort(),
        headers['etag'],
      ];
    };
    const [plain, both, all] = [await shown(''), await shown('?kind=term,intention'), await shown('?kind=all')];
    expect([plain[0], both[0], all[0]]).toEqual([['Jaarplan'], ['Keurmerk', 'Looptijd'], ['Jaarplan', 'Keurmerk', 'Looptijd']]);
    expect(new Set([plain[1], both[1], all[1]]).size).toBe(3);
    // However it is asked, it is one calendar.
    expect(await shown('?kind=window,deadline')).toEqual(plain);
    expect(await shown('?kind=intention&kind=term&kind=term')).toEqual(both);
    expect(await shown('?kind=deadline,window,period,term,intention,commitment')).toEqual(all);
    for (const kind of ['requirement', 'deadlines', '', 'term,'])
      for (const method of ['GET', 'HEAD'] as const) {
        const { statusCode, body } = await get(app, `/calendars/noord.ics?kind=${kind}`, {}, method);
        expect(statusCode).toBe(404);
        if (method === 'GET')
          expect(body).toMatch(
            /^No calendar shows kind "[a-z]*"\. It may be all, or: deadline, window, period, term, intention, commitment\.\n$/,
          );
      }
  });

  it('of a choice is open to all, the same in whatever order it is asked for, and named where it is none', async () => {
    const { app } = await setUp(await fresh());
    const ask = async (query: string, headers = {}) => get(app, `/calendars/selection.ics?${query}`, headers);
    const first = await ask('role=ro&status=contracted&insurer=noord&insurer=zuid');
    expect([first.statusCode, first.headers['cache-control'], readCalendar(first.rawPayload).events.length]).toEqual([
      200,
      'public, no-cache',
      1,
    ]);
    for (const query of ['insurer=zuid,noord&role=ro&status=contracted', 'status=contracted&insurer=zuid&role=ro&insurer=noord&lang=nl']) {
      const again = await ask(query);
      expect([again.headers['etag'], again.rawPayload.equals(first.rawPayload)]).toEqual([first.headers['etag'], true]);
      expect((await ask(query, { 'if-none-match': first.headers['etag'] })).statusCode).toBe(304);
    }
    const file = await ask('role=ro&download=1');
    expect(file.headers['content-disposition']).toBe('attachment; filename="inkoopkalender.ics"');
    for (const [query, named] of [
      ['role=huisarts', 'role "huisarts" is none of'],
      ['role=ro&jaar=2027', 'There is no parameter "jaar"'],
      ['role=ro&insurer=noord&insurer=west', 'insurer west is no slug of an insurer'],
      ['', 'role is missing'],
    ] as const) {
      const { statusCode, body, headers } = await ask(query);
      expect([statusCode, headers['cache-control'], headers['content-type']]).toEqual([404, 'no-store', 'text/plain; charset=utf-8']);
      expect(body).toContain(named);
    }
  });

  it('is never held off, however often it comes', async () => {
    const { app, link } = await setUp(await fresh());
    const answers = await Promise.all(Array.from({ length: 700 }, () => get(app, link)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  });

  it('has one moment of change, whenever the service was started', async () => {
    const store = await fresh();
    const { app, link } = await setUp(store);
    const { 'last-modified': modified, etag } = (await get(app, link)).headers;
    const later = new Date('2024-06-01T12:00:00Z');
    const { app: restarted } = await appFor(store, { clock: () => later });
    const again = await get(restarted, link);
    expect([again.headers['last-modified'], again.headers['etag']]).toEqual([modified, etag]);
    const { app: other } = await appFor(store, { clock: () => later });
    expect((await get(other, link, { 'if-modified-since': String(modified) })).statusCode).toBe(304);
  });

  it('is found among any number of wrong links from its address, which all get the same', async () => {
    const store = await fresh();
    const { link } = await setUp(store);
    const { app } = await appFor(store);
    const wrong = Array.from({ length: 150 }, (_, i) => (i % 3 === 0 ? `/feeds/${i}.ics` : `/feeds/${String(i).padStart(43, 'x')}.ics`));
    const answers = await Promise.all([...wrong, link].map((url) => get(app, url)));
    const right = answers.pop()!;
    expect(right.statusCode).toBe(200);
    const seen = answers.map(({ statusCode, rawPayload, headers: { date: _, ...headers } }) =>
      JSON.stringify([statusCode, rawPayload.toString(), headers]),
    );
    expect(new Set(seen).size).toBe(1);
    expect(answers[0]!.statusCode).toBe(404);
    const { app: restarted } = await appFor(store);
    for (const url of wrong) await get(restarted, url);
    expect((await get(restarted, link)).statusCode).toBe(200);
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
    expect([list.body.total, list.body.items.map((feed: { label: string }) => feed.label).sort()]).toEqual([
      2,
      ['Agenda', 'Thuis; \u2028x'],
    ]);
    expect(JSON.stringify(list.body)).not.toContain('url');
    expect((await call('DELETE', `organisations/${ro.id}/feeds/${made.body.id}`, { key: ro.key })).status).toBe(204);
    expect((await get(app, path)).statusCode).toBe(410);
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

  it('show what was chosen, behind a link that stays', async () => {
    const { ro, app, call } = await setUp(await fresh());
    const feeds = `organisations/${ro.id}/feeds`;
    const chosen = {
      insurers: ['noord', 'sector'],
      roles: ['ro'],
      certainty: ['stated'],
      alarms: [0, 14],
      language: 'en',
      showCompleted: true,
    };
    const made = await call('POST', feeds, { key: ro.key, body: { label: 'Kantoor', ...chosen } });
    expect(made).toMatchObject({
      status: 201,
      body: { ...chosen, alarms: [14, 0], formerLinkEndsAt: null, lastFetchedOn: null, client: null },
    });
    const { url, ...shown } = made.body;
    const path = new URL(url).pathname;
    const titles = async () => readCalendar((await get(app, path)).rawPayload).events.map(({ title }) => title);
    expect(await titles()).toEqual(['Submit the annual plan with budget 2025 – Noord']);
    const changed = await call('PATCH', `${feeds}/${shown.id}`, {
      key: ro.key,
      body: { language: null, insurers: ['oost'], label: 'Thuis' },
    });
    expect(changed).toMatchObject({ status: 200, body: { ...shown, language: null, insurers: ['oost'], label: 'Thuis' } });
    expect(await titles()).toEqual(['Inkoopkalender: nog geen datums']);
    const defaults = await call('POST', feeds, { key: ro.key, body: { label: 'Alles' } });
    expect(defaults.body).toMatchObject({ insurers: null, roles: null, certainty: null, alarms: [], language: null, showCompleted: false });
  });

  it('refuse what cannot be chosen, with every fault', async () => {
    const { ro, call } = await setUp(await fresh());
    const feeds = `organisations/${ro.id}/feeds`;
    const { body: made } = await call('POST', feeds, { key: ro.key, body: { label: 'Kantoor' } });
    const wrong: [object, string[]][] = [
      [{ insurers: ['west'] }, ['insurers']],
      [{ insurers: [] }, ['insurers']],
      [{ roles: ['boss'] }, ['roles.0']],
      [{ certainty: 'stated' }, ['certainty']],
      [{ alarms: [1.5] }, ['alarms.0']],
      [{ alarms: [-1, 400] }, ['alarms.0', 'alarms.1']],
      [{ alarms: null }, ['alarms']],
      [{ language: 'de', showCompleted: 'yes' }, ['language', 'showCompleted']],
      [{ hash: 'x' }, ['hash']],
    ];
    for (const [choices, fields] of wrong) {
      for (const [method, path, body] of [
        ['POST', feeds, { label: 'x', ...choices }],
        ['PATCH', `${feeds}/${made.id}`, choices],
      ] as const) {
        const answer = await call(method, path, { key: ro.key, body });
        expect([answer.status, answer.body.errors.map(({ field }: { field: string }) => field).sort()]).toEqual([400, fields]);
      }
    }
    expect((await call('PATCH', `${feeds}/${made.id}`, { key: ro.key, body: {} })).status).toBe(400);
  });

  it('get another link, while the old one works on for a while and then says that it ended', async () => {
    const store = await fresh();
    let now = NOW;
    const { ro, link } = await setUp(store);
    const { app, call } = await appFor(store, { clock: () => now });
    const feeds = `organisations/${ro.id}/feeds`;
    const { id } = (await call('GET', feeds, { key: ro.key })).body.items[0];
    // A calendar app may hold the feed while its link is replaced.
    await get(app, link);
    for (const body of [{ overlapDays: 91 }, { overlapDays: -1 }, { days: 7 }])
      expect((await call('POST', `${feeds}/${id}/rotation`, { key: ro.key, body })).status).toBe(400);
    const rotated = await call('POST', `${feeds}/${id}/rotation`, { key: ro.key });
    expect(rotated).toMatchObject({ status: 201, body: { id, formerLinkEndsAt: '2024-04-09T10:00:00.000Z' } });
    const path = new URL(rotated.body.url).pathname;
    expect(path).not.toBe(link);
    const eventsAt = async (url: string) => readCalendar((await get(app, url)).rawPayload).events.length;
    expect([await eventsAt(link), await eventsAt(path)]).toEqual([2, 1]);
    now = new Date('2024-04-09T10:00:00Z');
    const ended = await get(app, link);
    expect([ended.statusCode, ended.headers['content-type'], ended.headers['cache-control'], ended.body]).toEqual([
      410,
      'text/plain; charset=utf-8',
      'no-store',
      'Deze agendalink is ingetrokken. Vraag een nieuwe aan wie de agenda met u deelde. This calendar link has ended. Ask whoever shared the calendar with you for a new one.\n',
    ]);
    expect((await get(app, link, { 'if-none-match': '*' })).statusCode).toBe(410);
    expect((await get(app, path)).statusCode).toBe(200);
    now = new Date('2024-06-08T10:00:00Z');
    expect((await get(app, link)).rawPayload.equals((await get(app, `/feeds/${'A'.repeat(43)}.ics`)).rawPayload)).toBe(true);
    const now0 = await call('POST', `${feeds}/${id}/rotation`, { key: ro.key, body: { overlapDays: 0 } });
    expect([(await get(app, path)).statusCode, (await get(app, new URL(now0.body.url).pathname)).statusCode]).toEqual([410, 200]);
  });

  it('tell their owner which app fetched them last, and nobody’s address', async () => {
    const store = await fresh();
    const { ro, link } = await setUp(store);
    const feeds = openFeedCache(store);
    const { app, call } = await appFor(store, { feeds });
    const fetched = async () => {
      const { lastFetchedOn, client } = (await call('GET', `organisations/${ro.id}/feeds`, { key: ro.key })).body.items[0];
      return [lastFetchedOn, client];
    };
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.2.0';
    const { etag } = (await get(app, link, { 'user-agent': agent })).headers as Record<string, string>;
    expect(await fetched()).toEqual([null, null]);
    expect(await feeds.recordFetches(NOW)).toBe(1);
    expect(await fetched()).toEqual(['2024-04-02', 'Thunderbird']);
    const rows = JSON.stringify(await store.read.select().from(store.read.tables.feeds));
    for (const secret of ['140.2', 'Linux', '127.0.0.1']) expect(rows).not.toContain(secret);
    // Written once an hour at most, and also for who has it already.
    expect((await get(app, link, { 'user-agent': 'Google-Calendar-Importer', 'if-none-match': etag! })).statusCode).toBe(304);
    expect(await feeds.recordFetches(new Date(NOW.getTime() + 3_599_999))).toBe(0);
    expect(await feeds.recordFetches(new Date(NOW.getTime() + 3_600_000))).toBe(1);
    expect(await fetched()).toEqual(['2024-04-02', 'Google Calendar']);
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
    // Such a day can be read, and cannot be rendered.
    file.exec(`update revisions set due_on = 'never', last_safe_on = 'never'`);
    const { app: restarted } = await appFor(store);
    expect((await get(restarted, link, { 'if-none-match': etag! })).statusCode).toBe(304);
    expect((await get(restarted, link)).statusCode).toBe(503);
    file.close();
    await store.close();
  });
});
