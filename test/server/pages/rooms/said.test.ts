/** What a page says was done: only where it was, to who did it, just now. */
import { expect, it } from 'vitest';
import { createFeed } from '../../../../db/feeds/feeds.ts';
import { recordOwnEvent } from '../../../../db/organisations/own-events.ts';
import { addStep } from '../../../../db/organisations/steps/steps.ts';
import { addRecipient } from '../../../../db/recipients/recipients.ts';
import { NOW } from '../../../helpers/cast.ts';
import { roomOf, saying, sessionOf } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const STATUS = 'class="notice status" role="status"';
const ALL = [
  'nieuw',
  'bewaard',
  'proef',
  'weg',
  'uitgenodigd',
  'ingetrokken',
  'rol',
  'verwijderd',
  'overgedragen',
  'taal',
  'adres',
  'sessie',
];
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

onBothDialects('what a page says was done', (fresh) => {
  it('is said of nothing by an address that somebody made up, on any page', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    const { id: feed } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, NOW));
    const input = { email: 'a@ro.example', leadDays: [14], digest: 'daily' as const };
    const { id: recipient } = await store.write((tx) => addRecipient(tx, ro.id, input, NOW));
    const received = { kind: 'contract_received' as const, insurer: 'noord', contractYear: 2025, occurredOn: '2024-04-01' };
    const { id: event } = await store.write((tx) => recordOwnEvent(tx, ro.id, received, NOW));
    const { id: step } = await store.write((tx) =>
      addStep(tx, ro.id, { title: 'Concept', dueOn: '2024-09-01', deadlineId: null, ownerId: null }, NOW),
    );
    const pages = [
      'verzekeraars',
      'ontvangers',
      `ontvangers/${recipient}`,
      'agenda',
      `agenda/${feed}`,
      'sleutels',
      'leden',
      'gebeurtenissen',
      'eigen-datums',
    ];
    const forever = minutes(1_000_000).getTime().toString(36);
    for (const page of [...pages.map(path), '/mijn/account']) {
      const noticesOf = ({ body }: { body: string }) => body.split('class="notice').length - 1;
      const before = noticesOf(await manager.get(page));
      const forged = [...ALL, event, step].map((done) => `gedaan=${done}.${forever}.${'x'.repeat(22)}`);
      const former = [`nieuw=${event}`, `bewaard=${step}`, ...ALL.map((done) => `${done}=ja`)].join('&');
      for (const query of [former, 'gedaan=uitgenodigd', 'gedaan=bewaard..', ...forged]) {
        const answer = await manager.get(`${page}?${query}`);
        expect([page, query, answer.status, noticesOf(answer)]).toEqual([page, query, 200, before]);
      }
    }
  });

  it('is said to who did it, in both languages, for five minutes, and to nobody else', async () => {
    const store = await fresh();
    const { app, clock, manager, path, people, reader } = await roomOf(store, NOW);
    const page = path('verzekeraars');
    const fields = { name: 'Regio Noord', language: 'nl', roles: 'ro', 'status-noord': 'contracted', 'status-oost': '', 'status-zuid': '' };
    const { location } = await manager.post(page, fields);
    expect(location).toEqual(saying(page, 'bewaard'));
    const isSaid = async (browser = manager, address = location!) => (await browser.get(address)).body.includes(STATUS);
    expect([await isSaid(), await isSaid(), await isSaid(manager, `/en${location}`)]).toEqual([true, true, true]);
    // Of another page, of something else, by another member, in another session of the same.
    const other = await sessionOf(app, store, people.manager.id, NOW);
    expect([
      await isSaid(manager, location!.replace('verzekeraars', 'ontvangers').replace('bewaard', 'weg')),
      await isSaid(manager, location!.replace('verzekeraars', 'agenda')),
      await isSaid(reader),
      await isSaid(other),
    ]).toEqual([false, false, false, false]);
    clock.now = minutes(4);
    expect(await isSaid()).toBe(true);
    clock.now = minutes(5);
    expect(await isSaid()).toBe(false);
  });
});
