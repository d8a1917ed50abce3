/** Public calendars of a choice: what stands in them, and that they keep what all feeds promise. */
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readSelection, selectionId } from '../../../calendars/agenda/selection.ts';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import { nameUuid } from '../../../calendars/name-uuid.ts';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { createFeed } from '../../../db/feeds/feeds.ts';
import { bumpForRenderer } from '../../../db/feeds/upkeep.ts';
import { openReadCache } from '../../../db/organisations/read-cache.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { bumpRegistry } from '../../../db/store/counters.ts';
import { eq, inArray } from '../../../db/store/drizzle.ts';
import { openStore, type Store, type WriteDb } from '../../../db/store/store.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { addDeadline, addInsurer, addOrganisation, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const any = { onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
const assumed = (over: Partial<Content> = {}): Partial<Content> => ({
  channel: null,
  consequence: null,
  extension: null,
  title: 'Zorgovereenkomst 2025 ondertekenen',
  rule: { kind: 'fixed', on: '2024-12-31' },
  boundary: null,
  certainty: 'template',
  basis: { kind: 'common_rhythm', deadlineId: null, text: 'Aanname op basis van een andere planning.' },
  duty: { actors: ['provider'], ...any },
  sources: [],
  ...over,
});

const PRACTICE = readSelection({ role: 'practice', status: 'contracted' });
const TWO = readSelection({ role: 'practice', insurer: 'zuid,noord', status: 'contracted' });

/** Three insurers; of each an assumed signing, of one a stated day for practices, and one for ROs. */
async function fill(store: Store) {
  const ids = await store.write(async (tx) => {
    const signings: string[] = [];
    for (const slug of ['noord', 'oost', 'zuid']) {
      await addInsurer(tx, slug);
      signings.push((await addDeadline(tx, { insurer: slug, activity: 'signing' }, assumed())).id);
    }
    const request = await addDeadline(
      tx,
      { activity: 'contract_request' },
      { title: 'Overeenkomst aanvragen', duty: { actors: ['provider'], ...any, contractStatus: 'uncontracted' } },
    );
    const plan = await addDeadline(tx);
    const accounts = await addDeadline(tx, { activity: 'accounts' }, { title: 'Rekening', duty: { actors: ['provider'], ...any } });
    return { signings, request: request.id, plan: plan.id, accounts: accounts.id };
  });
  await bumpForRenderer(store, NOW);
  return ids;
}

/** Takes an insurer out of the registry, as nothing in the service does. */
async function remove(tx: WriteDb, slug: string) {
  const { changes, deadlineRoles, deadlines, insurers, revisions } = tx.tables;
  const rows = await tx.select({ id: deadlines.id }).from(deadlines).where(eq(deadlines.insurerSlug, slug));
  const ids = rows.map(({ id }) => id);
  await tx.delete(changes).where(inArray(changes.deadlineId, ids));
  await tx.delete(deadlineRoles).where(inArray(deadlineRoles.deadlineId, ids));
  await tx.delete(revisions).where(inArray(revisions.deadlineId, ids));
  await tx.delete(deadlines).where(inArray(deadlines.id, ids));
  await tx.delete(insurers).where(eq(insurers.slug, slug));
  await bumpRegistry(tx, null, NOW);
}

onBothDialects('the calendar of a choice', (fresh, urlOf) => {
  it('shows what an organisation of that role with those contracts sees, assumptions together under an identity of its own', async () => {
    const store = await fresh();
    const { accounts } = await fill(store);
    const token = await store.write(async (tx) => {
      const insurers = ['noord', 'oost', 'zuid'].map((insurer) => ({ insurer, contractStatus: 'contracted' as const, preferred: false }));
      const { id } = await addOrganisation(tx, { name: 'Praktijk', roles: ['practice'], insurers });
      return (await createFeed(tx, id, { label: 'x' }, NOW)).token;
    });
    const cache = openFeedCache(store);
    const [own, open] = [
      readCalendar((await cache.poll(token, NOW))!.bytes!),
      readCalendar((await cache.pollSelection(PRACTICE, NOW)).bytes!),
    ];
    expect(open.name).toBe('Inkoopkalender huisartsenpraktijk alle verzekeraars');
    expect(open.events.map(({ uid, on, title }) => [uid, on, title])).toEqual([
      [accounts, '2024-10-01', 'Rekening 2025 – Noord'],
      [
        nameUuid(selectionId(PRACTICE), '2025/signing/practice'),
        '2024-12-31',
        'Zorgovereenkomst 2025 ondertekenen – 3 verzekeraars (aanname)',
      ],
    ]);
    expect(open.events.map(({ description }) => description)).toEqual(own.events.map(({ description }) => description));
  });

  it('hangs on the role, the insurers, the contract status, the kind and the language', async () => {
    const store = await fresh();
    await fill(store);
    await store.write((tx) =>
      addDeadline(tx, { activity: 'contract_term' }, { kind: 'term', title: 'Looptijd', duty: { actors: ['provider'], ...any } }),
    );
    const cache = openFeedCache(store);
    const titles = async (query: Record<string, string>) => {
      const { events } = readCalendar((await cache.pollSelection(readSelection(query), NOW)).bytes!);
      // On one day they stand by their ids.
      return events.map(({ title }) => title.replace(/ –.*/, '')).sort();
    };
    expect(await titles({ role: 'practice', status: 'uncontracted', insurer: 'noord' })).toEqual([
      'Overeenkomst aanvragen 2025',
      'Rekening 2025',
      'Zorgovereenkomst 2025 ondertekenen',
    ]);
    expect(await titles({ role: 'ro', status: 'contracted', insurer: 'noord' })).toContain('Jaarplan met begroting indienen 2025');
    expect(await titles({ role: 'practice', status: 'contracted', insurer: 'oost' })).toEqual(['Zorgovereenkomst 2025 ondertekenen']);
    expect(await titles({ role: 'practice', kind: 'term' })).toEqual(['Looptijd 2025']);
    expect(await titles({ role: 'practice', insurer: 'oost', lang: 'en' })).toEqual(['Sign the contract 2025']);
  });

  it('is one notice where nothing is found', async () => {
    const store = await fresh();
    await fill(store);
    const { bytes } = await openFeedCache(store).pollSelection(
      readSelection({ role: 'practice', insurer: 'oost', kind: 'commitment' }),
      NOW,
    );
    expect(readCalendar(bytes!).events).toMatchObject([{ on: '2024-01-01', title: 'Inkoopkalender: nog geen datums' }]);
  });

  it('takes in an insurer that comes later where none was named, and only there', async () => {
    const store = await fresh();
    await fill(store);
    const cache = openFeedCache(store);
    const before = [await cache.pollSelection(PRACTICE, NOW), await cache.pollSelection(TWO, NOW)];
    await store.write(async (tx) => {
      await addInsurer(tx, 'west');
      await addDeadline(tx, { insurer: 'west', activity: 'signing' }, assumed());
    });
    const after = [await cache.pollSelection(PRACTICE, NOW), await cache.pollSelection(TWO, NOW)];
    expect(readCalendar(after[0]!.bytes!).events.at(-1)!.title).toContain('4 verzekeraars');
    expect(after[0]!.lastModified).toBeGreaterThan(before[0]!.lastModified);
    expect([after[1]!.tag, after[1]!.bytes!.equals(before[1]!.bytes!)]).toEqual([before[1]!.tag, true]);
  });

  it('leaves an insurer out that is gone, and then is newer; names one that never was', async () => {
    const store = await fresh();
    await fill(store);
    const cache = openFeedCache(store);
    const groupIn = (bytes: Buffer) => readCalendar(bytes).events.at(-1)!;
    const before = await Promise.all([TWO, PRACTICE].map(async (one) => cache.pollSelection(one, NOW)));
    await store.write((tx) => remove(tx, 'zuid'));
    for (const [i, selection] of [TWO, PRACTICE].entries()) {
      for (const from of [cache, openFeedCache(store)]) {
        const after = await from.pollSelection(selection, NOW);
        expect([after.fault, after.tag === before[i]!.tag]).toEqual([null, false]);
        const [had, has] = [groupIn(before[i]!.bytes!), groupIn(after.bytes!)];
        expect([has.uid, has.categories.includes('Zuid')]).toEqual([had.uid, false]);
        expect(has.sequence).toBeGreaterThan(had.sequence);
        expect(has.changedAt > had.changedAt).toBe(true);
      }
    }
    // All that were named are gone: that is not all there are.
    const gone = await cache.pollSelection(readSelection({ role: 'practice', insurer: 'zuid' }), NOW);
    expect(readCalendar(gone.bytes!).events.map(({ title }) => title)).toEqual(['Inkoopkalender: nog geen datums']);
    await expect(cache.pollSelection(readSelection({ role: 'practice', insurer: 'west,noord,ost' }), NOW)).rejects.toMatchObject({
      kind: 'not_found',
      message: expect.stringContaining('insurer ost, west is no slug') as string,
    });
  });

  it('lets what was only assumed go once its day is over, and shows what is withdrawn as cancelled', async () => {
    const store = await fresh();
    const { accounts, signings } = await fill(store);
    const cache = openFeedCache(store);
    const before = await cache.pollSelection(PRACTICE, NOW);
    await store.write((tx) => withdrawDeadline(tx, accounts, 'Vervallen.', NOW));
    const moved: Partial<Content> = { ...assumed(), rule: { kind: 'fixed', on: '2024-04-02' }, conflict: null };
    await store.write((tx) => amendDeadline(tx, signings[0]!, { baseRevision: 1, reason: 'Gewijzigd.', ...moved }, NOW));
    const seen = async (now: Date) => {
      const { bytes, tag } = await cache.pollSelection(PRACTICE, now);
      return { tag, events: readCalendar(bytes!).events };
    };
    const today = await seen(NOW);
    expect(today.events.map(({ status, title }) => [status, title.includes('3 verzekeraars')])).toEqual([
      ['TENTATIVE', true],
      ['CANCELLED', false],
    ]);
    const tomorrow = await seen(new Date('2024-04-03T00:00:00Z'));
    expect(tomorrow.events.find(({ status }) => status === 'TENTATIVE')!.title).toContain('2 verzekeraars');
    expect(new Set([before.tag, today.tag, tomorrow.tag]).size).toBe(3);
    const sequences = [readCalendar(before.bytes!), today, tomorrow].map(
      ({ events }) => events.find(({ status }) => status === 'TENTATIVE')!.sequence,
    );
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('is given as it was last while the database is away, whoever asks for the same in whatever order', async () => {
    const store = await openStore(await urlOf());
    await fill(store);
    const cache = openFeedCache(store);
    const good = await cache.pollSelection(TWO, NOW, () => 'gzip');
    await store.close();
    for (const insurer of ['zuid,noord', 'noord,zuid', ['zuid', 'noord', 'zuid']]) {
      const during = await cache.pollSelection(readSelection({ status: 'contracted', insurer, role: 'practice' }), NOW);
      expect(during.fault).not.toBeNull();
      expect([during.tag, during.bytes!.equals(gunzipSync(good.bytes!))]).toEqual([good.tag, true]);
    }
    await expect(cache.pollSelection(PRACTICE, NOW)).rejects.toThrow();
  });

  it('takes no place from an organisation’s calendar, however many are asked for', async () => {
    const store = await fresh();
    await fill(store);
    const token = await store.write(async (tx) => {
      const { id } = await addOrganisation(tx);
      return (await createFeed(tx, id, { label: 'x' }, NOW)).token;
    });
    const readCache = openReadCache(store);
    const few = { links: 5000, editions: 5000, entries: 4000, identity: 4000, gzip: 4000 };
    const cache = openFeedCache(store, { readCache, limits: { ...few, links: 1, editions: 1, identity: 50_000 }, selectionLimits: few });
    const { tag } = (await cache.poll(token, NOW))!;
    const tags = new Set<string>();
    for (const role of ['ro', 'wsv', 'practice', 'provider'])
      for (const status of ['contracted', 'uncontracted', 'unknown'])
        for (const lang of ['nl', 'en']) tags.add((await cache.pollSelection(readSelection({ role, status, lang }), NOW)).tag);
    expect(tags.size).toBe(24);
    if (store.dialect === 'sqlite') expect(cache.ready(token, NOW, () => 'identity')?.tag).toBe(tag);
    // What had to go is made again.
    expect((await cache.pollSelection(readSelection({ role: 'ro', status: 'contracted' }), NOW)).fault).toBeNull();
  });

  it('cannot be taken by an insurer of that name', async () => {
    const store = await fresh();
    await expect(store.write((tx) => addInsurer(tx, 'selection'))).rejects.toMatchObject({
      kind: 'invalid',
      faults: [{ field: 'slug', message: expect.stringContaining('must not be "selection"') as string }],
    });
  });

  it('stays the same over a new start', async () => {
    const store = await fresh();
    await fill(store);
    const [one, other] = [await openFeedCache(store).pollSelection(TWO, NOW), await openFeedCache(store).pollSelection(TWO, NOW)];
    expect([one.tag, one.lastModified, one.bytes!.equals(other.bytes!)]).toEqual([other.tag, other.lastModified, true]);
  });
});
