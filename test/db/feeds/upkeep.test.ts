import { expect, it } from 'vitest';
import { withdrawDeadline } from '../../../db/registry/amending.ts';
import { recordOwnEvent } from '../../../db/organisations/own-events.ts';
import { openFeedCache, type FeedCache } from '../../../db/feeds/cache.ts';
import { bumpForRenderer, expireTombstones } from '../../../db/feeds/upkeep.ts';
import { createFeed } from '../../../db/feeds/feeds.ts';
import type { Store } from '../../../db/store/store.ts';
import { saveSetting } from '../../../db/store/settings.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { addDeadline, addInsurer, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const daysAfter = (days: number) => new Date(NOW.getTime() + days * 24 * 3600 * 1000);
const publicEvents = async (cache: FeedCache, slug: string, now = NOW) =>
  readCalendar((await cache.pollInsurer(slug, { language: 'nl' }, now))!.bytes!).events;
const rows = async (store: Store) => {
  const { deadlines } = store.read.tables;
  return store.read
    .select({ insurer: deadlines.insurerSlug, sequence: deadlines.sequence, changedAt: deadlines.changedAt })
    .from(deadlines)
    .orderBy(deadlines.key);
};

onBothDialects('the upkeep of feeds', (fresh) => {
  it('shows a withdrawn deadline as cancelled for 60 days, and then makes another feed without it', async () => {
    const store = await fresh();
    await castIn(store);
    const [one, two] = [await store.write((tx) => addDeadline(tx)), await store.write((tx) => addDeadline(tx, { activity: 'signing' }))];
    await store.write((tx) => withdrawDeadline(tx, one.id, 'Vervallen.', NOW));
    const cache = openFeedCache(store);
    const statuses = async (now: Date) =>
      Object.fromEntries((await publicEvents(cache, 'noord', now)).map(({ uid, status }) => [uid, status]));
    expect(await statuses(NOW)).toEqual({ [one.id]: 'CANCELLED', [two.id]: 'CONFIRMED' });
    const before = new Date(daysAfter(60).getTime() - 1);
    expect(await expireTombstones(store, before)).toBe(0);
    expect(await statuses(before)).toEqual({ [one.id]: 'CANCELLED', [two.id]: 'CONFIRMED' });
    const { tag } = (await cache.pollInsurer('noord', { language: 'nl' }, before))!;
    expect(await expireTombstones(store, daysAfter(60))).toBe(1);
    expect(await expireTombstones(store, daysAfter(60))).toBe(0);
    expect(await statuses(daysAfter(60))).toEqual({ [two.id]: 'CONFIRMED' });
    expect((await cache.pollInsurer('noord', { language: 'nl' }, daysAfter(60)))!.tag).not.toBe(tag);
  });

  it('makes every event of an insurer newer when it gets another name, and no other', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    expect(await bumpForRenderer(store, NOW)).toBe(0);
    await store.write((tx) => addInsurer(tx, 'noord', 'Noord & Co'));
    expect(await bumpForRenderer(store, NOW)).toBe(1);
    expect(await bumpForRenderer(store, NOW)).toBe(0);
    expect(await rows(store)).toEqual([
      { insurer: 'noord', sequence: 1, changedAt: new Date(NOW.getTime() + 1000) },
      { insurer: 'oost', sequence: 0, changedAt: NOW },
    ]);
    expect((await publicEvents(openFeedCache(store), 'noord'))[0]).toMatchObject({
      title: 'Jaarplan met begroting indienen 2025 – Noord & Co',
      sequence: 1,
    });
  });

  it('makes all events newer, own terms too, when they look different from a former version’s', async () => {
    const store = await fresh();
    const { outsider } = await castIn(store);
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    const rule = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
    await store.write((tx) => addDeadline(tx, { insurer: 'oost', activity: 'signing_term' }, { rule, duty }));
    await store.write((tx) => addDeadline(tx, { insurer: null }, { duty }));
    await store.write((tx) =>
      recordOwnEvent(tx, outsider.id, { kind: 'contract_received', insurer: 'oost', contractYear: 2025, occurredOn: '2024-11-04' }, NOW),
    );
    const { token } = await store.write((tx) => createFeed(tx, outsider.id, { label: 'Agenda' }, NOW));
    const cache = openFeedCache(store);
    const events = async () =>
      readCalendar((await cache.poll(token, NOW))!.bytes!).events.map(({ uid, sequence, changedAt }) => ({
        uid,
        sequence,
        changedAt,
      }));
    const before = await events();
    expect(before.length).toBe(2);
    await store.write((tx) => saveSetting(tx, 'rendered', JSON.stringify({ '': '0 ', noord: '0 Noord', oost: '0 Oost', zuid: '0 Zuid' })));
    expect(await bumpForRenderer(store, daysAfter(1))).toBe(2);
    const after = await events();
    expect(after.map(({ uid, sequence }) => [uid, sequence])).toEqual(before.map(({ uid, sequence }) => [uid, sequence + 1]));
    for (const [i, { changedAt }] of after.entries()) expect(changedAt > before[i]!.changedAt).toBe(true);
  });

  it('makes all events newer, once, when the service is reached elsewhere and their links lead there', async () => {
    const store = await fresh();
    await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    await bumpForRenderer(store, NOW, 'https://oud.example');
    const eventAt = async (publicUrl: string) => {
      const { bytes } = (await openFeedCache(store, { publicUrl }).pollInsurer('noord', { language: 'nl' }, NOW))!;
      return readCalendar(bytes!).events[0]!;
    };
    const before = await eventAt('https://oud.example');
    expect([await bumpForRenderer(store, NOW, 'https://oud.example'), await bumpForRenderer(store, NOW, 'https://nieuw.example')]).toEqual([
      0, 1,
    ]);
    const after = await eventAt('https://nieuw.example');
    expect([before.url, after.url]).toEqual([`https://oud.example/datums/${id}`, `https://nieuw.example/datums/${id}`]);
    expect([after.sequence, after.changedAt > before.changedAt]).toEqual([before.sequence + 1, true]);
    expect(await bumpForRenderer(store, NOW, 'https://nieuw.example')).toBe(0);
  });
});
