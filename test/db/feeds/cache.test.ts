import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { AppError } from '../../../calendars/errors.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { recordOwnEvent } from '../../../db/organisations/own-events.ts';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { MAX_ENTRIES } from '../../../db/feeds/contents.ts';
import { createFeed, deleteFeed, listFeeds } from '../../../db/feeds/feeds.ts';
import { openReadCache } from '../../../db/organisations/read-cache.ts';
import { changeOrganisation, saveRelation } from '../../../db/organisations/organisations.ts';
import { insertDeadline } from '../../../db/registry/revisions.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { publishFeeds } from '../../../jobs/publish.ts';
import { bumpRegistry } from '../../../db/store/counters.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { addDeadline, addInsurer, addOrganisation, castIn, contentOf, identityOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

const LATER = new Date('2024-04-03T08:00:00Z');

const linkFor = (store: Store, id: string, label = 'Agenda') => store.write((tx) => createFeed(tx, id, { label }, NOW));
const signingTerm = {
  rule: { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' },
} as const;

/** What a poll gets, from a cache that was just opened unless one is given. */
async function poll(store: Store, token: string, { now = NOW, cache = openFeedCache(store) } = {}) {
  const answer = await cache.poll(token, now);
  return answer && { ...answer, bytes: answer.bytes!, ...readCalendar(answer.bytes!) };
}

onBothDialects('a feed', (fresh) => {
  it('holds what concerns the organisation and nothing of others', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    const plan = await store.write((tx) => addDeadline(tx));
    const request = await store.write((tx) =>
      addDeadline(
        tx,
        { insurer: 'oost', activity: 'contract_request' },
        { duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'uncontracted', deliverable: null } },
      ),
    );
    const { token } = await linkFor(store, ro.id);
    const others = await linkFor(store, outsider.id);
    const feed = await poll(store, token);
    expect([feed!.name, feed!.events.map((event) => event.uid)]).toEqual(['Inkoopkalender Regio Zuid', [plan.id]]);
    const other = await poll(store, others.token);
    expect([other!.name, other!.events.map((event) => event.uid)]).toEqual(['Inkoopkalender Praktijk Elders', [request.id]]);
  });

  it('is the same byte for byte from another cache, also gzipped', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    await store.write((tx) => addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'fixed', on: '2024-12-31' }, certainty: 'stated' }));
    const { token } = await linkFor(store, ro.id);
    const [one, two] = [await poll(store, token), await poll(store, token, { now: new Date('2024-11-30T23:59:59Z') })];
    expect(two!.bytes.equals(one!.bytes)).toBe(true);
    expect(two!.tag).toBe(one!.tag);
    const packed = await openFeedCache(store).poll(token, NOW, () => 'gzip');
    expect(gunzipSync(packed!.bytes!).equals(one!.bytes)).toBe(true);
  });

  it('moves the same event when its deadline is amended, newer each time, within one second too', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { token } = await linkFor(store, ro.id);
    const cache = openFeedCache(store);
    const seen = [await poll(store, token, { cache })];
    for (const [baseRevision, on] of [
      [1, '2024-10-08'],
      [2, '2024-10-09'],
    ] as const) {
      const sources = contentOf().sources;
      await store.write((tx) => amendDeadline(tx, id, { baseRevision, reason: 'Verplaatst.', rule: { kind: 'fixed', on }, sources }, NOW));
      seen.push(await poll(store, token, { cache }));
    }
    const of = (pick: 'uid' | 'on' | 'sequence' | 'changedAt') => seen.map((feed) => feed!.events[0]![pick]);
    expect(of('uid')).toEqual([id, id, id]);
    expect(of('on')).toEqual(['2024-10-01', '2024-10-08', '2024-10-09']);
    expect(of('sequence')).toEqual([0, 1, 2]);
    expect(of('changedAt')).toEqual(['2024-04-02T10:00:00Z', '2024-04-02T10:00:01Z', '2024-04-02T10:00:02Z']);
    expect(new Set(seen.map((feed) => feed!.tag)).size).toBe(3);
    const moments = seen.map((feed) => feed!.lastModified);
    expect(moments).toEqual([0, 1000, 2000].map((later) => NOW.getTime() + later));
  });

  it('changes no byte when a save changes nothing visible', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { token } = await linkFor(store, ro.id);
    const before = await poll(store, token);
    await store.write((tx) => amendDeadline(tx, id, { baseRevision: 1, reason: 'Nagekeken.', title: contentOf().title }, LATER));
    expect((await poll(store, token, { now: LATER }))!.bytes.equals(before!.bytes)).toBe(true);
  });

  it('speaks the language of the organisation', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { token } = await linkFor(store, ro.id);
    const cache = openFeedCache(store);
    expect((await poll(store, token, { cache }))!.events[0]!.title).toBe('Jaarplan met begroting indienen 2025 – Noord');
    await store.write((tx) => changeOrganisation(tx, ro.id, { language: 'en' }, NOW));
    expect((await poll(store, token, { cache }))!.events[0]!.title).toBe('Submit the annual plan with budget 2025 – Noord');
  });

  it('holds the contract years from last year on, and no dates that are not known', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    for (const contractYear of [2022, 2023, 2026]) await store.write((tx) => addDeadline(tx, { contractYear }));
    await store.write((tx) =>
      addDeadline(tx, { activity: 'review_meeting' }, { rule: { kind: 'none' }, boundary: null, certainty: 'unknown' }),
    );
    const { token } = await linkFor(store, ro.id);
    const cache = openFeedCache(store);
    const years = (feed: Awaited<ReturnType<typeof poll>>) => feed!.events.map(({ title }) => / \d{4} – Noord$/.exec(title)![0]).sort();
    const [last, next] = [new Date('2024-12-31T22:59:59Z'), new Date('2024-12-31T23:00:00Z')];
    expect(years(await poll(store, token, { cache, now: last }))).toEqual([' 2023 – Noord', ' 2026 – Noord']);
    expect(years(await poll(store, token, { cache, now: next }))).toEqual([' 2026 – Noord']);
    expect((await poll(store, token, { now: last }))!.tag).not.toBe((await poll(store, token, { now: next }))!.tag);
  });

  it('never comes empty: a notice with an identity for life stands in it', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    const [one, other] = [await linkFor(store, ro.id), await linkFor(store, outsider.id)];
    const feed = await poll(store, one.token);
    expect(feed!.events).toEqual([expect.objectContaining({ title: 'Inkoopkalender: nog geen datums', on: '2024-04-02' })]);
    const later = await poll(store, one.token, { now: new Date('2026-01-01T12:00:00Z') });
    expect(later!.events).toEqual(feed!.events);
    expect((await poll(store, other.token))!.events[0]!.uid).not.toBe(feed!.events[0]!.uid);
  });

  it('shows an own term under an identity of its own, and moves it with its event', async () => {
    const store = await fresh();
    const { outsider } = await castIn(store);
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'uncontracted' as const, deliverable: null };
    const term = await store.write((tx) => addDeadline(tx, { insurer: 'oost', activity: 'signing_term' }, { ...signingTerm, duty }));
    await store.write((tx) =>
      addDeadline(
        tx,
        { insurer: 'oost', activity: 'signing' },
        { rule: { kind: 'fixed', on: '2024-12-31' }, duty: { ...duty, contractStatus: 'any' } },
      ),
    );
    const { token } = await linkFor(store, outsider.id);
    const cache = openFeedCache(store);
    expect((await poll(store, token, { cache }))!.events.map(({ on }) => on)).toEqual(['2024-12-31']);
    const event = { kind: 'contract_received', insurer: 'oost', contractYear: 2025, occurredOn: '2024-11-04' } as const;
    await store.write((tx) => recordOwnEvent(tx, outsider.id, event, LATER));
    const own = (await poll(store, token, { cache }))!.events[0]!;
    expect([own.on, own.uid === term.id]).toEqual(['2024-12-16', false]);
  });

  it('shows an RO what its WSVs must do, by name', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { duty: { actors: ['wsv'], onBehalfOf: [], contractStatus: 'any', deliverable: null } }));
    const { token } = await linkFor(store, ro.id);
    const [event] = (await poll(store, token))!.events;
    expect(event!.description).toContain('Wie: WSV De Wijk, als wijksamenwerkingsverband');
  });

  it('has several links, each of which ends alone', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    const [one, two] = [await linkFor(store, ro.id, 'Kantoor'), await linkFor(store, ro.id, ' Thuis;\n ')];
    expect(two.token).toMatch(/^[\w-]{43}$/);
    const cache = openFeedCache(store);
    expect(await poll(store, one.token, { cache })).not.toBeNull();
    expect((await listFeeds(store.read, ro.id, NOW)).map(({ label }) => label).sort()).toEqual([' Thuis;\n ', 'Kantoor']);
    await expect(store.write((tx) => deleteFeed(tx, outsider.id, one.id, NOW))).rejects.toThrow(AppError);
    await store.write((tx) => deleteFeed(tx, ro.id, one.id, NOW));
    await expect(poll(store, one.token, { cache })).rejects.toThrow('ended');
    expect(await poll(store, two.token, { cache })).not.toBeNull();
    await expect(store.write((tx) => deleteFeed(tx, ro.id, one.id, NOW))).rejects.toThrow('No such feed.');
    const rows = await store.read.select().from(store.read.tables.feeds);
    expect(JSON.stringify(rows)).not.toContain(two.token);
  });

  it('gives everyone who asks at once the same edition', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { token } = await linkFor(store, ro.id);
    const cache = openFeedCache(store);
    const editions = await Promise.all(Array.from({ length: 20 }, () => cache.poll(token, NOW)));
    expect(new Set(editions.map((edition) => `${edition!.tag} ${edition!.lastModified}`)).size).toBe(1);
    expect(new Set(editions.map((edition) => edition!.bytes!.toString())).size).toBe(1);
  });
});

onBothDialects('an insurer’s public feed', (fresh) => {
  it('holds the dated deadlines of that insurer, in the language asked for', async () => {
    const store = await fresh();
    await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    const cache = openFeedCache(store);
    const [nl, en] = [await cache.pollInsurer('noord', { language: 'nl' }, NOW), await cache.pollInsurer('noord', { language: 'en' }, NOW)];
    const read = readCalendar(en!.bytes!);
    expect([read.name, read.events.map(({ uid, title }) => [uid, title])]).toEqual([
      'Inkoopkalender Noord',
      [[id, 'Submit the annual plan with budget 2025 – Noord']],
    ]);
    expect(readCalendar(nl!.bytes!).events[0]!.description).toContain(
      'Wie: regio-organisatie; mede namens: de aangesloten wijksamenwerkingsverbanden',
    );
    expect(nl!.tag).not.toBe(en!.tag);
    expect(await cache.pollInsurer('west', { language: 'nl' }, NOW)).toBeNull();
  });

  it('has the insurer’s new name as soon as it has one, and another tag', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const cache = openFeedCache(store);
    const before = (await cache.pollInsurer('noord', { language: 'nl' }, NOW))!;
    await store.write((tx) => addInsurer(tx, 'noord', 'Noord & Co'));
    const after = (await cache.pollInsurer('noord', { language: 'nl' }, NOW))!;
    expect(readCalendar(after.bytes!).name).toBe('Inkoopkalender Noord & Co');
    expect(after.tag).not.toBe(before.tag);
    expect(after.lastModified).toBeGreaterThan(before.lastModified);
    expect((await openFeedCache(store).pollInsurer('noord', { language: 'nl' }, NOW))!.tag).toBe(after.tag);
  });

  it('says so when there is nothing yet, again each year', async () => {
    const store = await fresh();
    await castIn(store);
    const on = async (now: Date) => readCalendar((await openFeedCache(store).pollInsurer('zuid', { language: 'nl' }, now))!.bytes!).events;
    const [[first], [next]] = [await on(NOW), await on(new Date('2025-04-02T10:00:00Z'))];
    expect([first!.uid, first!.on, next!.on]).toEqual([next!.uid, '2024-01-01', '2025-01-01']);
    expect(next!.sequence).toBeGreaterThan(first!.sequence);
    expect(next!.changedAt > first!.changedAt).toBe(true);
  });
});

onBothDialects('several links to one calendar', (fresh) => {
  it('share its bytes, its tag and its moment, also one that was never polled', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const [one, two] = [await linkFor(store, ro.id), await linkFor(store, ro.id, 'Nog een')];
    const cache = openFeedCache(store);
    const [first, second] = [await cache.poll(one.token, NOW), await cache.poll(two.token, LATER)];
    expect(second).toEqual(first);
    // The very same bytes in memory.
    expect(second!.bytes).toBe(first!.bytes);
  });
});

onBothDialects('publishing', (fresh) => {
  /** Two organisations with a feed each, polled once, and a deadline of theirs that can be moved. */
  async function setUp() {
    const store = await fresh();
    const { ro } = await castIn(store);
    const other = await store.write((tx) => addOrganisation(tx, { name: 'Regio Noord' }));
    const { id } = await store.write((tx) => addDeadline(tx));
    const [one, two] = [await linkFor(store, ro.id), await linkFor(store, other.id)];
    const readCache = openReadCache(store);
    let isReading = true;
    const agendaInput: typeof readCache.agendaInput = async (organisationId) => {
      if (!isReading) throw new Error('asked for what a calendar is rendered from');
      return readCache.agendaInput(organisationId);
    };
    const feeds = openFeedCache(store, { readCache: { ...readCache, agendaInput } });
    for (const { token } of [one, two]) await feeds.poll(token, NOW);
    let revision = 0;
    const move = async () => {
      revision += 1;
      const rule = { kind: 'fixed', on: `2024-11-${String(revision).padStart(2, '0')}` } as const;
      const change = { baseRevision: revision, reason: 'x', rule, sources: contentOf().sources };
      await store.write((tx) => amendDeadline(tx, id, change, NOW));
    };
    const publish = async () => publishFeeds({ store, feeds }, NOW);
    const stopReading = () => (isReading = false);
    return { store, other, one, two, feeds, move, publish, stopReading };
  }
  const rendering = (rendered: number) => ({ raised: 0, expired: 0, rendered });

  it('renders ahead what changed, before anybody asks, and nothing twice', async () => {
    const { store, one, two, feeds, move, publish, stopReading } = await setUp();
    expect(await publish()).toEqual(rendering(0));
    await move();
    expect(await publish()).toEqual(rendering(2));
    expect(await publish()).toEqual(rendering(0));
    stopReading();
    for (const { token } of [one, two]) {
      const alone = (await openFeedCache(store).poll(token, NOW))!;
      expect(alone.bytes!.toString()).toContain('20241101');
      expect(await feeds.poll(token, NOW)).toEqual({ ...alone, lastModified: NOW.getTime() + 1000 });
      expect(gunzipSync((await feeds.poll(token, NOW, () => 'gzip'))!.bytes!).equals(alone.bytes!)).toBe(true);
    }
  });

  it('leaves alone what nobody asked for since, until somebody does', async () => {
    const { one, feeds, move, publish } = await setUp();
    await move();
    expect(await publish()).toEqual(rendering(2));
    await move();
    expect(await publish()).toEqual(rendering(0));
    expect((await feeds.poll(one.token, NOW))!.bytes!.toString()).toContain('20241102');
    await move();
    expect(await publish()).toEqual(rendering(1));
  });

  it('renders nothing from an organisation that deals with others by now', async () => {
    const { store, other, one, two, feeds, move, publish } = await setUp();
    await store.write((tx) => saveRelation(tx, other.id, 'noord', { contractStatus: 'uncontracted', preferred: false }, NOW));
    await move();
    expect(await publish()).toEqual(rendering(1));
    for (const { token } of [one, two]) {
      const alone = (await openFeedCache(store).poll(token, NOW))!.bytes!;
      expect((await feeds.poll(token, NOW))!.bytes!.equals(alone)).toBe(true);
    }
  });
});

onBothDialects('a feed while the database is away', (_, urlOf) => {
  it('is the last good one, in whichever encoding, and the newest one once it is back', async () => {
    const url = await urlOf();
    const [store, other] = [await openStore(url), await openStore(url)];
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { token } = await linkFor(store, ro.id);
    const cache = openFeedCache(store);
    const good = (await cache.poll(token, NOW))!;
    const insurer = (await cache.pollInsurer('noord', { language: 'nl' }, NOW))!;
    await other.write((tx) => withdrawDeadline(tx, id, 'x', LATER));
    // What every poll asks for is not there.
    await execute(url, 'alter table settings rename to settings_away');
    const during = (await cache.poll(token, LATER))!;
    expect(during).toEqual({ ...good, fault: expect.any(Error) });
    expect(gunzipSync((await cache.poll(token, LATER, () => 'gzip'))!.bytes!).equals(good.bytes!)).toBe(true);
    expect(await cache.poll(token, LATER, () => null)).toMatchObject({ tag: good.tag, bytes: null });
    expect(await cache.pollInsurer('noord', { language: 'nl' }, LATER)).toEqual({ ...insurer, fault: expect.any(Error) });
    await expect(openFeedCache(store).poll(token, LATER)).rejects.toThrow();
    await execute(url, 'alter table settings_away rename to settings');
    const after = (await cache.poll(token, LATER))!;
    expect([after.fault, readCalendar(after.bytes!).events[0]!.status]).toEqual([null, 'CANCELLED']);
    await Promise.all([store.close(), other.close()]);
  });
});

/** Does something to a database that the service never does. */
async function execute(url: string, statement: string) {
  if (url.startsWith('file:')) {
    const file = new Sqlite(url.replace('file:', ''));
    file.exec(statement);
    return file.close();
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  return client.end();
}

onSqlite('a feed while the store fails', (_, urlOf) => {
  async function setUp() {
    const url = await urlOf();
    const store = await openStore(url);
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { token } = await linkFor(store, ro.id);
    const file = new Sqlite(url.replace('file:', ''));
    const close = async () => {
      file.close();
      await store.close();
    };
    // Such a day can be read, and cannot be rendered.
    const breakBodies = () => file.exec(`update revisions set due_on = 'never', last_safe_on = 'never'`);
    const mend = async () => {
      file.exec(`update revisions set due_on = '2024-10-01', last_safe_on = '2024-10-01'`);
      await store.write((tx) => bumpRegistry(tx, 'noord'));
    };
    return { store, ro, id, token, file, close, breakBodies, mend };
  }

  it('has its tag without a body', async () => {
    const { store, token, close, breakBodies } = await setUp();
    const { tag } = (await poll(store, token))!;
    breakBodies();
    const cache = openFeedCache(store);
    expect(await cache.poll(token, NOW, () => null)).toMatchObject({ tag, bytes: null, fault: null });
    await expect(cache.poll(token, NOW)).rejects.toThrow('never');
    await close();
  });

  it('stays the last good one, and becomes the new one when that can be made', async () => {
    const { store, ro, id, token, close, breakBodies, mend } = await setUp();
    const cache = openFeedCache(store);
    const good = (await poll(store, token, { cache }))!;
    const another = await store.write((tx) => createFeed(tx, ro.id, { label: 'Nog een' }, NOW));
    breakBodies();
    await store.write((tx) => withdrawDeadline(tx, id, 'Vervallen.', LATER));
    expect((await poll(store, another.token, { cache, now: LATER }))!.bytes.equals(good.bytes)).toBe(true);
    const during = (await poll(store, token, { cache, now: LATER }))!;
    expect([during.tag, during.lastModified, during.bytes.equals(good.bytes)]).toEqual([good.tag, good.lastModified, true]);
    expect(during.fault).toBeInstanceOf(Error);
    await mend();
    const after = (await poll(store, token, { cache, now: LATER }))!;
    expect([after.fault, after.events[0]!.status]).toEqual([null, 'CANCELLED']);
    await close();
  });

  it('stays the last good one when not even the link can be looked up', async () => {
    const { store, token, close, file } = await setUp();
    const cache = openFeedCache(store);
    const good = (await poll(store, token, { cache }))!;
    file.exec('alter table feeds rename to feeds_away');
    const during = (await poll(store, token, { cache, now: LATER }))!;
    expect([during.tag, during.bytes.equals(good.bytes)]).toEqual([good.tag, true]);
    await expect(openFeedCache(store).poll(token, NOW)).rejects.toThrow('feeds');
    await close();
  });
});

onSqlite('feeds that have to be rendered', (fresh) => {
  it('are rendered one in each turn of the event loop, and a few new events at a time, so that others get theirs', async () => {
    const store = await fresh();
    const tokens = await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      for (let n = 0; n < 25; n += 1) await addDeadline(tx, { contractYear: 2025 + n });
      const tokens: string[] = [];
      for (let n = 0; n < 20; n += 1) {
        const { id } = await addOrganisation(tx, { name: `Regio ${n}` });
        tokens.push((await createFeed(tx, id, { label: 'Agenda' }, NOW)).token);
      }
      return tokens;
    });
    let [turn, isOver] = [0, false];
    const count = () => {
      turn += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const cache = openFeedCache(store);
    const turns = await Promise.all(
      tokens.map(async (token) => {
        await cache.poll(token, NOW);
        return turn;
      }),
    );
    isOver = true;
    expect(new Set(turns).size).toBe(tokens.length);
    // The first one is waiting for 25 events, ten of them in a turn.
    expect(Math.min(...turns)).toBeGreaterThanOrEqual(3);
  });
});

onSqlite('a feed with too much in it', (fresh) => {
  it('leaves out the oldest and says so', async () => {
    const store = await fresh();
    const note = { origin: 'editor', reason: null, announcedOn: null, status: 'published' } as const;
    await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      for (let i = 0; i <= MAX_ENTRIES; i += 1) {
        const [year, quarter] = [2100 - (i % 75), Math.floor(i / 75)];
        const identity = {
          id: crypto.randomUUID(),
          ...identityOf({
            contractYear: year,
            slot: (quarter % 4) + 1,
            activity: (['signing', 'accounts', 'green_deal', 'publication', 'csrd_report', 'xis_mark', 'annual_plan'] as const)[
              Math.floor(quarter / 4)
            ]!,
          }),
        };
        const day = `${year - 1}-10-01`;
        await insertDeadline(tx, identity, contentOf(), { dueOn: day, lastSafeOn: day }, note, NOW);
      }
    });
    const ro = await store.write((tx) => addOrganisation(tx));
    const { token } = await linkFor(store, ro.id);
    const { events } = (await poll(store, token))!;
    expect(events.length).toBe(MAX_ENTRIES);
    expect(events[0]!.title).toBe('Inkoopkalender: deze agenda is vol, de oudste datums ontbreken');
  });
});
