import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { AppError } from '../../calendars/errors.ts';
import { amendDeadline, withdrawDeadline } from '../../db/deadlines.ts';
import { recordEvent } from '../../db/events.ts';
import { openFeedBook } from '../../db/feed-book.ts';
import { MAX_EVENTS } from '../../db/feed-contents.ts';
import { createFeed, deleteFeed, listFeeds } from '../../db/feeds.ts';
import { changeOrganisation } from '../../db/organisations.ts';
import { insertDeadline } from '../../db/revisions.ts';
import { openStore, type Store } from '../../db/store.ts';
import { publishFeeds } from '../../jobs/publish.ts';
import { bumpRegistry } from '../../db/versions.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { addDeadline, addInsurer, addOrganisation, castIn, contentOf, identityOf, NOW } from '../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../helpers/stores.ts';

const LATER = new Date('2024-04-03T08:00:00Z');

const linkFor = (store: Store, id: string, label = 'Agenda') => store.write((tx) => createFeed(tx, id, { label }, NOW));
const signingTerm = {
  rule: { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' },
} as const;

/** What a poll gets, from a book that was just opened unless one is given. */
async function poll(store: Store, token: string, { now = NOW, book = openFeedBook(store) } = {}) {
  const edition = await book.feedFor(token, now);
  if (!edition) return null;
  const bytes = await edition.body('identity');
  return { tag: edition.tag, lastModified: edition.lastModified, fault: edition.fault, bytes, ...readCalendar(bytes) };
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

  it('is the same byte for byte from another book, also gzipped', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    await store.write((tx) => addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'fixed', on: '2024-12-31' }, certainty: 'stated' }));
    const { token } = await linkFor(store, ro.id);
    const [one, two] = [await poll(store, token), await poll(store, token, { now: new Date('2024-11-30T23:59:59Z') })];
    expect(two!.bytes.equals(one!.bytes)).toBe(true);
    expect(two!.tag).toBe(one!.tag);
    const edition = await openFeedBook(store).feedFor(token, NOW);
    expect(gunzipSync(await edition!.body('gzip')).equals(one!.bytes)).toBe(true);
  });

  it('moves the same event when its deadline is amended, newer each time, within one second too', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { token } = await linkFor(store, ro.id);
    const book = openFeedBook(store);
    const seen = [await poll(store, token, { book })];
    for (const [baseRevision, on] of [
      [1, '2024-10-08'],
      [2, '2024-10-09'],
    ] as const) {
      const sources = contentOf().sources;
      await store.write((tx) => amendDeadline(tx, id, { baseRevision, reason: 'Verplaatst.', rule: { kind: 'fixed', on }, sources }, NOW));
      seen.push(await poll(store, token, { book }));
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
    const book = openFeedBook(store);
    expect((await poll(store, token, { book }))!.events[0]!.title).toBe('Noord 2025: Jaarplan met begroting indienen');
    await store.write((tx) => changeOrganisation(tx, ro.id, { language: 'en' }, NOW));
    expect((await poll(store, token, { book }))!.events[0]!.title).toBe('Noord 2025: Submit the annual plan with budget');
  });

  it('holds the contract years from last year on, and no dates that are not known', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    for (const contractYear of [2022, 2023, 2026]) await store.write((tx) => addDeadline(tx, { contractYear }));
    await store.write((tx) =>
      addDeadline(tx, { activity: 'review_meeting' }, { rule: { kind: 'none' }, boundary: null, certainty: 'unknown' }),
    );
    const { token } = await linkFor(store, ro.id);
    const book = openFeedBook(store);
    const years = (feed: Awaited<ReturnType<typeof poll>>) => feed!.events.map(({ title }) => title.slice(0, 10)).sort();
    const [last, next] = [new Date('2024-12-31T22:59:59Z'), new Date('2024-12-31T23:00:00Z')];
    expect(years(await poll(store, token, { book, now: last }))).toEqual(['Noord 2023', 'Noord 2026']);
    expect(years(await poll(store, token, { book, now: next }))).toEqual(['Noord 2026']);
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
    const book = openFeedBook(store);
    expect((await poll(store, token, { book }))!.events.map(({ on }) => on)).toEqual(['2024-12-31']);
    const event = { kind: 'contract_received', insurer: 'oost', contractYear: 2025, occurredOn: '2024-11-04' } as const;
    await store.write((tx) => recordEvent(tx, outsider.id, event, LATER));
    const own = (await poll(store, token, { book }))!.events[0]!;
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
    const book = openFeedBook(store);
    expect(await poll(store, one.token, { book })).not.toBeNull();
    expect((await listFeeds(store.read, ro.id, NOW)).map(({ label }) => label).sort()).toEqual([' Thuis;\n ', 'Kantoor']);
    await expect(store.write((tx) => deleteFeed(tx, outsider.id, one.id, NOW))).rejects.toThrow(AppError);
    await store.write((tx) => deleteFeed(tx, ro.id, one.id, NOW));
    await expect(poll(store, one.token, { book })).rejects.toThrow('ended');
    expect(await poll(store, two.token, { book })).not.toBeNull();
    await expect(store.write((tx) => deleteFeed(tx, ro.id, one.id, NOW))).rejects.toThrow('No such feed.');
    const rows = await store.read.select().from(store.read.tables.feeds);
    expect(JSON.stringify(rows)).not.toContain(two.token);
  });

  it('gives everyone who asks at once the same edition', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { token } = await linkFor(store, ro.id);
    const book = openFeedBook(store);
    const editions = await Promise.all(Array.from({ length: 20 }, () => book.feedFor(token, NOW)));
    expect(new Set(editions.map((edition) => `${edition!.tag} ${edition!.lastModified}`)).size).toBe(1);
    const bodies = await Promise.all(editions.map((edition) => edition!.body('identity')));
    expect(new Set(bodies.map((body) => body.toString())).size).toBe(1);
  });
});

onBothDialects('an insurer’s public feed', (fresh) => {
  it('holds the dated deadlines of that insurer, in the language asked for', async () => {
    const store = await fresh();
    await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    const book = openFeedBook(store);
    const [nl, en] = [await book.insurerFeed('noord', 'nl', NOW), await book.insurerFeed('noord', 'en', NOW)];
    const read = readCalendar(await en!.body('identity'));
    expect([read.name, read.events.map(({ uid, title }) => [uid, title])]).toEqual([
      'Inkoopkalender Noord',
      [[id, 'Noord 2025: Submit the annual plan with budget']],
    ]);
    expect(readCalendar(await nl!.body('identity')).events[0]!.description).toContain(
      'Wie: regio-organisatie; ook namens: wijksamenwerkingsverband',
    );
    expect(nl!.tag).not.toBe(en!.tag);
    expect(await book.insurerFeed('west', 'nl', NOW)).toBeNull();
  });

  it('has the insurer’s new name as soon as it has one, and another tag', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const book = openFeedBook(store);
    const before = (await book.insurerFeed('noord', 'nl', NOW))!;
    await store.write((tx) => addInsurer(tx, 'noord', 'Noord & Co'));
    const after = (await book.insurerFeed('noord', 'nl', NOW))!;
    expect(readCalendar(await after.body('identity')).name).toBe('Inkoopkalender Noord & Co');
    expect(after.tag).not.toBe(before.tag);
    expect(after.lastModified).toBeGreaterThan(before.lastModified);
    expect((await openFeedBook(store).insurerFeed('noord', 'nl', NOW))!.tag).toBe(after.tag);
  });

  it('says so when there is nothing yet, again each year', async () => {
    const store = await fresh();
    await castIn(store);
    const on = async (now: Date) => readCalendar(await (await openFeedBook(store).insurerFeed('zuid', 'nl', now))!.body('identity')).events;
    const [[first], [next]] = [await on(NOW), await on(new Date('2025-04-02T10:00:00Z'))];
    expect([first!.uid, first!.on, next!.on]).toEqual([next!.uid, '2024-01-01', '2025-01-01']);
    expect(next!.sequence).toBeGreaterThan(first!.sequence);
    expect(next!.changedAt > first!.changedAt).toBe(true);
  });
});

onBothDialects('publishing', (fresh) => {
  it('renders ahead what changed, and nothing twice', async () => {
    const store = await fresh();
    await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    const feeds = openFeedBook(store);
    // Each of two deadlines for everyone, as RO and as WSV, in two languages.
    expect(await publishFeeds({ store, feeds }, NOW)).toEqual({ raised: 0, expired: 0, rendered: 12 });
    expect(await publishFeeds({ store, feeds }, NOW)).toEqual({ raised: 0, expired: 0, rendered: 0 });
    await store.write((tx) => withdrawDeadline(tx, id, 'Vervallen.', LATER));
    expect(await publishFeeds({ store, feeds }, LATER)).toEqual({ raised: 0, expired: 0, rendered: 6 });
  });
});

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
    const edition = await openFeedBook(store).feedFor(token, NOW);
    expect(edition!.tag).toBe(tag);
    await expect(edition!.body('identity')).rejects.toThrow('never');
    await close();
  });

  it('stays the last good one, and becomes the new one when that can be made', async () => {
    const { store, ro, id, token, close, breakBodies, mend } = await setUp();
    const book = openFeedBook(store);
    const good = (await poll(store, token, { book }))!;
    const another = await store.write((tx) => createFeed(tx, ro.id, { label: 'Nog een' }, NOW));
    breakBodies();
    await store.write((tx) => withdrawDeadline(tx, id, 'Vervallen.', LATER));
    expect((await poll(store, another.token, { book, now: LATER }))!.bytes.equals(good.bytes)).toBe(true);
    const during = (await poll(store, token, { book, now: LATER }))!;
    expect([during.tag, during.lastModified, during.bytes.equals(good.bytes)]).toEqual([good.tag, good.lastModified, true]);
    expect(during.fault).toBeInstanceOf(Error);
    await mend();
    const after = (await poll(store, token, { book, now: LATER }))!;
    expect([after.fault, after.events[0]!.status]).toEqual([null, 'CANCELLED']);
    await close();
  });

  it('stays the last good one when not even the link can be looked up', async () => {
    const { store, token, close, file } = await setUp();
    const book = openFeedBook(store);
    const good = (await poll(store, token, { book }))!;
    file.exec('alter table feeds rename to feeds_away');
    const during = (await poll(store, token, { book, now: LATER }))!;
    expect([during.tag, during.bytes.equals(good.bytes)]).toEqual([good.tag, true]);
    await expect(openFeedBook(store).feedFor(token, NOW)).rejects.toThrow('feeds');
    await close();
  });
});

onSqlite('a feed with too much in it', (fresh) => {
  it('leaves out the oldest and says so', async () => {
    const store = await fresh();
    const note = { origin: 'editor', reason: null, announcedOn: null, status: 'published' } as const;
    await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      for (let i = 0; i <= MAX_EVENTS; i += 1) {
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
    expect(events.length).toBe(MAX_EVENTS);
    expect(events[0]!.title).toBe('Inkoopkalender: niet alle datums staan in deze agenda');
  });
});
