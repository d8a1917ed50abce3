/** Own dates in calendars: in those of their organisation, and in no other. */
import { expect, it } from 'vitest';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { changeFeed, createFeed } from '../../../db/feeds/feeds.ts';
import { DEFAULT_CHOICES } from '../../../calendars/ics/feed-choices.ts';
import { addStep, changeStep, completeStep, removeStep, reopenStep } from '../../../db/organisations/steps/steps.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';
import type { Store } from '../../../db/store/store.ts';

const TITLE = 'Begroting rond; versie 2, "concept"';
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

async function setUp(store: Store) {
  const { ro, wsv } = await castIn(store);
  const cache = openFeedCache(store);
  const feedOf = async (organisationId: string) => store.write((tx) => createFeed(tx, organisationId, { label: 'Agenda' }, NOW));
  const [feed, others] = [await feedOf(ro.id), await feedOf(wsv.id)];
  await store.write((tx) => addDeadline(tx));
  const input = { title: TITLE, dueOn: '2024-09-10', deadlineId: null, ownerId: null };
  const step = await store.write((tx) => addStep(tx, ro.id, input, NOW));
  const text = async (token: string, now: Date) => (await cache.poll(token, now))!.bytes!.toString().replaceAll('\r\n ', '');
  /** The entry as it stands there, and its lines. */
  const entry = async (now: Date) => {
    const all = await text(feed.token, now);
    const { events } = readCalendar((await cache.poll(feed.token, now))!.bytes!);
    const lines =
      all
        .split('BEGIN:VEVENT\r\n')
        .find((part) => part.includes(`UID:${step.id}`))
        ?.split('\r\n') ?? [];
    return { count: events.length, lines, sequence: Number(lines.find((line) => line.startsWith('SEQUENCE:'))?.slice(9)) };
  };
  return { cache, entry, feed, others, ro, step, text };
}

onBothDialects('own dates in calendars', (fresh) => {
  it('stand in each feed of their organisation, and in nobody else’s nor a public one', async () => {
    const store = await fresh();
    const { cache, entry, others, text } = await setUp(store);
    const { count, lines } = await entry(NOW);
    expect(count).toBe(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        'DTSTART;VALUE=DATE:20240910',
        'SUMMARY:Begroting rond\\; versie 2\\, "concept"',
        'DESCRIPTION:Een eigen datum van uw organisatie. Hij staat in geen document.',
        'CATEGORIES:Eigen datum',
        'STATUS:CONFIRMED',
      ]),
    );
    expect(await text(others.token, NOW)).not.toContain('Begroting');
    const insurer = await cache.pollInsurer('noord', { language: 'nl' }, NOW);
    expect(insurer!.bytes!.toString()).not.toContain('Begroting');
  });

  it('rise in number with every change, are marked as done where the feed shows so, and go when they are removed', async () => {
    const store = await fresh();
    const { entry, feed, ro, step } = await setUp(store);
    let last = (await entry(NOW)).sequence;
    const next = async (now: Date) => {
      const found = await entry(now);
      expect(found.sequence).toBeGreaterThan(last);
      last = found.sequence;
      return found.lines.join('\n');
    };
    await store.write((tx) => changeStep(tx, ro.id, step.id, { dueOn: '2024-09-12' }, at(10)));
    expect(await next(at(11))).toContain('DTSTART;VALUE=DATE:20240912');
    await store.write((tx) => changeFeed(tx, ro.id, feed.id, { alarms: [3], showCompleted: true }, at(20)));
    expect(await next(at(21))).toContain('TRIGGER:-P2DT15H');
    await store.write((tx) => completeStep(tx, ro.id, step.id, { completedOn: '2024-09-01', by: 'A' }, at(30)));
    const done = await next(at(31));
    expect(done).toContain('SUMMARY:Gedaan: Begroting rond');
    expect(done).toContain('DESCRIPTION:Dit is gedaan op 1 september 2024.\\n\\nEen eigen datum');
    expect(done).not.toContain('VALARM');
    await store.write((tx) => reopenStep(tx, ro.id, step.id, at(40)));
    expect(await next(at(41))).toContain('SUMMARY:Begroting rond');
    await store.write((tx) => removeStep(tx, ro.id, step.id, at(50)));
    expect((await entry(at(51))).lines).toEqual([]);
  });

  it('stand in a feed whatever was chosen among deadlines, also where no deadline does', async () => {
    const store = await fresh();
    const { entry, feed, ro } = await setUp(store);
    await store.write((tx) => changeFeed(tx, ro.id, feed.id, { ...DEFAULT_CHOICES, insurers: ['zuid'] }, at(10)));
    const { count, lines } = await entry(at(11));
    // The other one says that there is no deadline.
    expect([count, lines.includes('DTSTART;VALUE=DATE:20240910')]).toEqual([2, true]);
  });
});
