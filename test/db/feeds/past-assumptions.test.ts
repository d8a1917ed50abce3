import { expect, it } from 'vitest';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import { withdrawDeadline } from '../../../db/registry/amending.ts';
import { openFeedCache, type Answer } from '../../../db/feeds/cache.ts';
import { createFeed } from '../../../db/feeds/feeds.ts';
import type { Store } from '../../../db/store/store.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const ON_THE_DAY = new Date('2024-10-01T21:59:59Z');
const AFTER_MIDNIGHT = new Date('2024-10-01T22:00:00Z');

const assumed = (title: string, on: string): Partial<Content> => ({
  title,
  rule: { kind: 'fixed', on },
  boundary: null,
  certainty: 'template',
  basis: { kind: 'common_rhythm', deadlineId: null, text: 'Aanname.' },
  sources: [],
});

/** An RO with a feed, and of one day what is stated, expected and assumed, of which one was withdrawn. */
async function setUp(store: Store) {
  const { ro } = await castIn(store);
  return store.write(async (tx) => {
    await addDeadline(tx, {}, { title: 'Jaarplan' });
    const basis = { kind: 'earlier_year' as const, deadlineId: null, text: 'Vorig jaar.' };
    await addDeadline(tx, { activity: 'accounts' }, { title: 'Rekening', certainty: 'expected', basis, sources: [] });
    await addDeadline(tx, { activity: 'regional_plan' }, assumed('Regioplan', '2024-10-01'));
    const withdrawn = await addDeadline(tx, { activity: 'elderly_care_plan' }, assumed('Ouderen', '2024-10-01'));
    await withdrawDeadline(tx, withdrawn.id, 'Vervallen.', NOW);
    await addDeadline(tx, { activity: 'ict_readiness' }, assumed('ICT', '2024-10-02'));
    const { token } = await createFeed(tx, ro.id, { label: 'Agenda' }, NOW);
    return token;
  });
}

/** The titles without year and insurer. */
const seenIn = ({ bytes }: Answer) =>
  readCalendar(bytes!)
    .events.map(({ title }) => title.replace(' 2025 – Noord', ''))
    .sort();

onBothDialects('what was only assumed', (fresh) => {
  it.each(['an organisation’s', 'a public'])('leaves %s feed without a word at the first poll after its day', async (whose) => {
    const store = await fresh();
    const token = await setUp(store);
    const cache = openFeedCache(store);
    const poll = async (now: Date, from = cache) =>
      (await (whose === 'a public' ? from.pollInsurer('noord', { language: 'nl' }, now) : from.poll(token, now)))!;
    const before = await poll(NOW);
    const withdrawn = whose === 'a public' ? ['VERVALLEN: Ouderen (aanname)'] : [];
    expect(seenIn(before)).toEqual(['ICT (aanname)', 'Jaarplan', 'Regioplan (aanname)', 'Rekening (verwacht)', ...withdrawn]);
    const last = await poll(ON_THE_DAY);
    expect([last.tag, last.lastModified]).toEqual([before.tag, before.lastModified]);
    const after = await poll(AFTER_MIDNIGHT);
    expect(seenIn(after)).toEqual(['ICT (aanname)', 'Jaarplan', 'Rekening (verwacht)']);
    // Who asks whether it changed since is told so, also by another process, and after a restart.
    expect(after.tag).not.toBe(before.tag);
    expect(after.lastModified).toBe(AFTER_MIDNIGHT.getTime());
    expect(await poll(AFTER_MIDNIGHT, openFeedCache(store))).toEqual(after);
    // The day after that nothing is left to leave.
    const next = await poll(new Date('2024-10-02T22:00:00Z'));
    expect(seenIn(next)).toEqual(['Jaarplan', 'Rekening (verwacht)']);
    expect((await poll(new Date('2024-12-01T12:00:00Z'))).tag).toBe(next.tag);
  });

  it('is looked for off the wire too, without asking the store', async () => {
    const store = await fresh();
    const token = await setUp(store);
    const cache = openFeedCache(store);
    const { tag } = (await cache.poll(token, ON_THE_DAY))!;
    const ready = (now: Date) => cache.ready(token, now, () => 'identity');
    if (store.dialect === 'sqlite') expect(ready(ON_THE_DAY)?.tag).toBe(tag);
    expect(ready(AFTER_MIDNIGHT)).toBe(null);
    const after = (await cache.poll(token, AFTER_MIDNIGHT))!;
    expect(after.tag).not.toBe(tag);
    if (store.dialect === 'sqlite') expect(ready(AFTER_MIDNIGHT)?.tag).toBe(after.tag);
  });
});
