import { expect, it } from 'vitest';
import { complete, findCompletion, listCompletions, reopen } from '../../../db/organisations/completions.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { recordOwnEvent } from '../../../db/organisations/own-events.ts';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { changeFeed, createFeed, deleteFeed, listFeeds, rotateFeed, type FeedInput } from '../../../db/feeds/feeds.ts';
import { changeOrganisation, deleteOrganisation, saveRelation } from '../../../db/organisations/organisations.ts';
import type { Store } from '../../../db/store/store.ts';
import { publishFeeds } from '../../../jobs/publish.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { addDeadline, addOrganisation, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const daysAfter = (days: number, moment = NOW) => new Date(moment.getTime() + days * 24 * 3600 * 1000);
const LATER = daysAfter(1);
const any = { contractStatus: 'any' as const, deliverable: null };

/** A feed with these choices, and what a poll of it gets. */
async function feedOf(store: Store, organisationId: string, input: Partial<FeedInput> = {}, cache = openFeedCache(store)) {
  const feed = await store.write((tx) => createFeed(tx, organisationId, { label: 'Agenda', ...input }, NOW));
  const poll = async (now = NOW, token = feed.token) => {
    const { bytes, ...name } = (await cache.poll(token, now))!;
    return { ...name, bytes: bytes!, ...readCalendar(bytes!) };
  };
  const change = async (choices: Partial<FeedInput>, now = LATER) =>
    store.write((tx) => changeFeed(tx, organisationId, feed.id, choices, now));
  return { ...feed, cache, poll, change };
}

const titlesOf = ({ events }: { events: { title: string }[] }) => events.map(({ title }) => title.replace(/^.* – | \(.*|: .*/g, '')).sort();

/** An RO with a WSV that deals with all three insurers, and a deadline of each and of the sector. */
async function setUp(store: Store) {
  const cast = await castIn(store);
  await store.write(async (tx) => {
    for (const insurer of ['oost', 'zuid'])
      await saveRelation(tx, cast.ro.id, insurer, { contractStatus: 'unknown', preferred: false }, NOW);
    await addDeadline(tx);
    await addDeadline(
      tx,
      { insurer: 'oost' },
      { certainty: 'expected', basis: { kind: 'earlier_year', deadlineId: null, text: 'Vorig jaar.' }, sources: [] },
    );
    await addDeadline(tx, { insurer: 'zuid', activity: 'publication' }, { duty: { actors: ['insurer'], onBehalfOf: [], ...any } });
    await addDeadline(tx, { insurer: null }, { duty: { actors: ['ro'], onBehalfOf: [], ...any } });
  });
  return cast;
}

onBothDialects('a feed’s choices', (fresh) => {
  it('are of insurers, of the sector, of certainty and as whom: apart and together', async () => {
    const store = await fresh();
    const { ro } = await setUp(store);
    const shown = async (choices: Partial<FeedInput>) => titlesOf(await (await feedOf(store, ro.id, choices)).poll());
    expect(await shown({})).toEqual(['Noord', 'Oost', 'Zuid', 'hele sector']);
    expect(await shown({ insurers: ['noord'] })).toEqual(['Noord']);
    expect(await shown({ insurers: ['sector', 'oost'] })).toEqual(['Oost', 'hele sector']);
    expect(await shown({ certainty: ['stated'] })).toEqual(['Noord', 'Zuid', 'hele sector']);
    expect(await shown({ certainty: ['expected', 'template'] })).toEqual(['Oost']);
    expect(await shown({ roles: ['informed'] })).toEqual(['Zuid']);
    expect(await shown({ roles: ['ro'] })).toEqual(['Noord', 'Oost', 'hele sector']);
    expect(await shown({ roles: ['ro'], certainty: ['stated'], insurers: ['noord', 'oost', 'zuid'] })).toEqual(['Noord']);
    expect(await shown({ insurers: ['zuid'], roles: ['ro'] })).toEqual(['Inkoopkalender']);
  });

  it('tell as whom an organisation with several roles reads', async () => {
    const store = await fresh();
    await castIn(store);
    const both = await store.write((tx) => addOrganisation(tx, { name: 'Beide', roles: ['ro', 'practice'] }));
    await store.write((tx) => addDeadline(tx, {}, { duty: { actors: ['ro', 'practice'], onBehalfOf: [], ...any } }));
    const lineIn = async (choices: Partial<FeedInput>) =>
      /^Wie: .*$/m.exec((await (await feedOf(store, both.id, choices)).poll()).events[0]!.description)![0];
    expect(await lineIn({})).toBe('Wie: u, als regio-organisatie');
    expect(await lineIn({ roles: ['practice'] })).toBe('Wie: u, als huisartsenpraktijk');
  });

  it('are a language, alarms and what was done, each under the same link and in newer events', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { poll, change } = await feedOf(store, ro.id);
    await store.write((tx) => complete(tx, ro.id, id, { completedOn: '2024-09-27', by: 'A. de Vries', evidence: 'zie map' }, NOW));
    const seen = [await poll()];
    for (const choices of [{ language: 'en' }, { alarms: [0, 7, 7] }, { showCompleted: true }, { showCompleted: false }] as const) {
      await change(choices as Partial<FeedInput>);
      seen.push(await poll());
    }
    expect(seen.map(({ events }) => events[0]!.title)).toEqual([
      'Jaarplan met begroting indienen 2025 – Noord',
      'Submit the annual plan with budget 2025 – Noord',
      'Submit the annual plan with budget 2025 – Noord',
      'Done: Submit the annual plan with budget 2025 – Noord',
      'Submit the annual plan with budget 2025 – Noord',
    ]);
    const triggers = seen.map(
      ({ bytes }) =>
        bytes
          .toString()
          .match(/^TRIGGER:.*$/gm)
          ?.map((line) => line.trim()) ?? [],
    );
    // What is done needs no alarm any more.
    expect(triggers).toEqual([[], [], ['TRIGGER:-P6DT15H', 'TRIGGER:PT9H'], [], ['TRIGGER:-P6DT15H', 'TRIGGER:PT9H']]);
    expect(seen[3]!.bytes.toString()).not.toMatch(/Vries|map/);
    for (const [i, { events, tag, lastModified }] of seen.entries()) {
      const before = seen[i - 1];
      if (!before) continue;
      expect(events[0]!.uid).toBe(id);
      expect(events[0]!.sequence).toBeGreaterThan(before.events[0]!.sequence);
      expect(events[0]!.changedAt > before.events[0]!.changedAt).toBe(true);
      expect(tag).not.toBe(before.tag);
      expect(lastModified > before.lastModified).toBe(true);
    }
  });

  it('say of what is not applicable that it is, in a newer event, and what is done after all', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { poll } = await feedOf(store, ro.id, { showCompleted: true });
    const said = { by: 'A. de Vries', evidence: null, completedOn: '2024-09-27' };
    const seen = [await poll()];
    for (const notApplicable of [' Wij hebben geen budget. ', 'Geen budget.', undefined]) {
      await store.write((tx) => complete(tx, ro.id, id, { ...said, ...(notApplicable ? { notApplicable } : {}) }, NOW));
      seen.push(await poll());
      expect(await findCompletion(store.read, ro.id, id)).toEqual({
        ...said,
        ...(notApplicable ? { notApplicable: notApplicable.trim() } : {}),
      });
      expect(await listCompletions(store.read, ro.id)).toMatchObject([
        { deadlineId: id, title: 'Jaarplan met begroting indienen', recordedAt: NOW },
      ]);
    }
    expect(seen.map(({ events }) => [events[0]!.title.split(':')[0], events[0]!.sequence])).toEqual([
      ['Jaarplan met begroting indienen 2025 – Noord', 0],
      ['Niet van toepassing', 1],
      ['Niet van toepassing', 1],
      ['Gedaan', 2],
    ]);
    expect(seen[1]!.bytes.toString()).toContain('Dit is niet van toepassing: zo gemeld op');
    await expect(store.write((tx) => complete(tx, ro.id, id, { ...said, notApplicable: ' ' }, NOW))).rejects.toMatchObject({
      kind: 'invalid',
      faults: [{ field: 'notApplicable', message: 'must say why' }],
    });
  });

  it('follow a completion and its undoing, each in a newer event', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { poll } = await feedOf(store, ro.id, { showCompleted: true });
    const plain = await feedOf(store, ro.id);
    const before = await plain.poll();
    const seen = [await poll()];
    const done = { by: 'A. de Vries', evidence: null };
    await store.write((tx) => complete(tx, ro.id, id, { ...done, completedOn: '2024-09-27' }, NOW));
    seen.push(await poll());
    await store.write((tx) => complete(tx, ro.id, id, { ...done, completedOn: '2024-09-28' }, NOW));
    seen.push(await poll());
    await store.write((tx) => reopen(tx, ro.id, id, NOW));
    seen.push(await poll());
    expect(seen.map(({ events }) => [events[0]!.title.split(/: | met/)[0], events[0]!.sequence])).toEqual([
      ['Jaarplan', 0],
      ['Gedaan', 1],
      ['Gedaan', 2],
      ['Jaarplan', 3],
    ]);
    const moments = seen.map(({ events }) => events[0]!.changedAt);
    expect(new Set(moments).size).toBe(4);
    expect(moments).toEqual(moments.toSorted());
    // A calendar that does not show what was done is the same all the while.
    expect((await plain.poll()).bytes.equals(before.bytes)).toBe(true);
  });

  it('change no byte when nothing is chosen anew, nor when only the name is', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { poll, change } = await feedOf(store, ro.id, { alarms: [7] });
    const before = await poll();
    await change({ alarms: [7, 7], language: null });
    await change({ label: 'Thuis' });
    expect((await poll()).bytes.equals(before.bytes)).toBe(true);
    // Another insurer more or less is another calendar, of events that look the same.
    await change({ insurers: ['noord', 'oost'] });
    expect((await poll()).bytes.equals(before.bytes)).toBe(true);
  });

  it('refuse an insurer that nobody knows', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await expect(feedOf(store, ro.id, { insurers: ['noord', 'west'] })).rejects.toMatchObject({
      kind: 'invalid',
      faults: [{ field: 'insurers' }],
    });
    const { change } = await feedOf(store, ro.id);
    await expect(change({ insurers: ['west'] })).rejects.toMatchObject({ kind: 'invalid' });
  });
});

onBothDialects('a feed’s link', (fresh) => {
  it('is replaced: the old one works on with a notice, then tells that it is gone, and is forgotten in the end', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id: deadlineId } = await store.write((tx) => addDeadline(tx));
    const { id, token, cache, poll } = await feedOf(store, ro.id);
    const before = await poll();
    const rotated = await store.write((tx) => rotateFeed(tx, ro.id, id, { overlapDays: 7 }, LATER));
    expect(rotated.token).not.toBe(token);
    const [old, fresher] = [await poll(LATER), await poll(LATER, rotated.token)];
    expect(fresher.bytes.equals(before.bytes)).toBe(true);
    const [end, notice] = [daysAfter(7, LATER), old.events.find(({ uid }) => uid !== deadlineId)!];
    expect(old.events.length).toBe(2);
    expect([notice.title, notice.on]).toEqual(['Inkoopkalender: deze agendalink stopt op 10 april 2024', '2024-04-10']);
    expect(old.tag).not.toBe(fresher.tag);
    expect(old.lastModified > before.lastModified).toBe(true);
    // The deadline itself is the same event in both.
    expect(old.events.find(({ uid }) => uid === deadlineId)).toEqual(before.events[0]);
    expect((await listFeeds(store.read, ro.id, LATER)).map(({ formerLinkEndsAt }) => formerLinkEndsAt)).toEqual([end]);

    const lastMoment = new Date(end.getTime() - 1);
    expect((await poll(lastMoment)).bytes.equals(old.bytes)).toBe(true);
    await expect(poll(end)).rejects.toMatchObject({ kind: 'gone' });
    await expect(openFeedCache(store).poll(token, end)).rejects.toMatchObject({ kind: 'gone' });
    expect((await listFeeds(store.read, ro.id, end)).map(({ formerLinkEndsAt }) => formerLinkEndsAt)).toEqual([null]);
    const forgotten = daysAfter(60, end);
    await expect(openFeedCache(store).poll(token, new Date(forgotten.getTime() - 1))).rejects.toMatchObject({ kind: 'gone' });
    expect(await openFeedCache(store).poll(token, forgotten)).toBeNull();
    await publishFeeds({ store, feeds: cache }, forgotten);
    expect(await store.read.select().from(store.read.tables.formerLinks)).toEqual([]);
    expect((await poll(forgotten, rotated.token)).events.length).toBe(1);
  });

  it('may be replaced again and again, and at once', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { id, token, poll } = await feedOf(store, ro.id);
    const second = await store.write((tx) => rotateFeed(tx, ro.id, id, { overlapDays: 7 }, NOW));
    const third = await store.write((tx) => rotateFeed(tx, ro.id, id, { overlapDays: 0 }, NOW));
    expect((await poll(NOW, token)).events.length).toBe(2);
    await expect(poll(NOW, second.token)).rejects.toMatchObject({ kind: 'gone' });
    expect((await poll(NOW, third.token)).events.length).toBe(1);
  });

  it('ends at once with its feed, the former ones too, and with its organisation; others stay', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const cache = openFeedCache(store);
    const [one, two, other] = [
      await feedOf(store, ro.id, {}, cache),
      await feedOf(store, ro.id, {}, cache),
      await feedOf(store, outsider.id, {}, cache),
    ];
    const moved = await store.write((tx) => rotateFeed(tx, ro.id, one.id, { overlapDays: 7 }, NOW));
    await one.poll();
    await one.poll(NOW, moved.token);
    await store.write((tx) => deleteFeed(tx, ro.id, one.id, NOW));
    for (const token of [one.token, moved.token]) await expect(one.poll(NOW, token)).rejects.toMatchObject({ kind: 'gone' });
    expect((await two.poll()).events.length).toBe(1);
    await store.write((tx) => deleteOrganisation(tx, ro.id, NOW));
    await expect(two.poll()).rejects.toMatchObject({ kind: 'gone' });
    expect((await other.poll()).events.length).toBe(1);
    const kept = JSON.stringify(await store.read.select().from(store.read.tables.formerLinks));
    for (const secret of [one.token, moved.token, two.token, ro.id]) expect(kept).not.toContain(secret);
  });
});

onBothDialects('a feed’s events', (fresh) => {
  it('are newer when the organisation speaks another language, has another role, or a member another name', async () => {
    const store = await fresh();
    const { ro, wsv } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { duty: { actors: ['wsv'], onBehalfOf: [], ...any } }));
    const { poll } = await feedOf(store, ro.id);
    const seen = [await poll()];
    const changes = [
      () => store.write((tx) => changeOrganisation(tx, ro.id, { language: 'en' }, NOW)),
      () => store.write((tx) => changeOrganisation(tx, wsv.id, { name: 'WSV De Buurt' }, NOW)),
      () => store.write((tx) => changeOrganisation(tx, ro.id, { roles: ['ro', 'wsv'] }, NOW)),
      () => store.write((tx) => addOrganisation(tx, { name: 'WSV Nieuw', roles: ['wsv'], parent: ro.id }, NOW)),
      () => store.write((tx) => changeOrganisation(tx, ro.id, { roles: ['ro'] }, NOW)),
      () => store.write((tx) => deleteOrganisation(tx, wsv.id, NOW)),
    ];
    for (const change of changes) {
      await change();
      seen.push(await poll());
    }
    const who = seen.map(({ events }) => /^(Wie|Who): .*$/m.exec(events[0]!.description)![0]);
    expect(who).toEqual([
      'Wie: WSV De Wijk, als wijksamenwerkingsverband',
      'Who: WSV De Wijk, as neighbourhood partnership',
      'Who: WSV De Buurt, as neighbourhood partnership',
      'Who: you, as neighbourhood partnership',
      // One more of which nothing is seen while the RO acts itself.
      'Who: you, as neighbourhood partnership',
      'Who: WSV De Buurt, WSV Nieuw, as neighbourhood partnership',
      'Who: WSV Nieuw, as neighbourhood partnership',
    ]);
    const sequences = seen.map(({ events }) => events[0]!.sequence);
    expect(sequences.map((sequence, i) => sequence - (sequences[i - 1] ?? sequence) > 0)).toEqual([
      false,
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
    const moments = seen.map(({ events }) => events[0]!.changedAt);
    expect(moments.map((moment, i) => i > 0 && moment > moments[i - 1]!)).toEqual([false, true, true, true, false, true, true]);
  });

  it('are newer when another day comes to bind beside an own term, and when it goes', async () => {
    const store = await fresh();
    const { outsider } = await castIn(store);
    const duty = { actors: ['provider' as const], onBehalfOf: [], ...any };
    const rule = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
    const term = await store.write((tx) => addDeadline(tx, { insurer: 'oost', activity: 'signing_term' }, { rule, duty }));
    const received = { kind: 'contract_received', insurer: 'oost', contractYear: 2025, occurredOn: '2024-11-25' } as const;
    await store.write((tx) => recordOwnEvent(tx, outsider.id, received, NOW));
    const { poll } = await feedOf(store, outsider.id);
    const own = async () => (await poll()).events.find(({ title }) => !title.includes('tekenen tweemaal'))!;
    const seen = [await own()];
    const signing = { insurer: 'oost', activity: 'signing', careType: 'general' } as const;
    const binding = { title: 'tekenen tweemaal', rule: { kind: 'fixed' as const, on: '2024-12-31' }, duty };
    const { id } = await store.write((tx) => addDeadline(tx, signing, binding));
    seen.push(await own());
    const sources = [{ document: 'Beleid 2025', section: null, quote: '15 december 2024', url: null }];
    const changes = [
      { rule: { kind: 'fixed' as const, on: '2024-12-15' }, sources },
      { rule: { kind: 'none' as const }, boundary: null, certainty: 'unknown' as const },
    ];
    for (const [i, change] of changes.entries()) {
      await store.write((tx) => amendDeadline(tx, id, { baseRevision: i + 1, reason: 'Gewijzigd.', ...change }, NOW));
      seen.push(await own());
    }
    expect(seen.map(({ on }) => on)).toEqual(['2025-01-06', '2024-12-31', '2024-12-15', '2025-01-06']);
    expect(new Set(seen.map(({ uid }) => uid)).size).toBe(1);
    expect(seen[0]!.uid).not.toBe(term.id);
    for (const [i, { sequence, changedAt }] of seen.slice(1).entries()) {
      expect(sequence).toBeGreaterThan(seen[i]!.sequence);
      expect(changedAt > seen[i]!.changedAt).toBe(true);
    }
  });

  it('are the very same after the organisation changed nothing that shows', async () => {
    const store = await fresh();
    const { ro, wsv } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { poll } = await feedOf(store, ro.id);
    const before = await poll();
    await store.write((tx) => changeOrganisation(tx, ro.id, { language: 'nl', roles: ['ro'], name: 'Regio Zuid' }, LATER));
    await store.write((tx) => saveRelation(tx, ro.id, 'noord', { contractStatus: 'contracted', preferred: false }, LATER));
    expect((await poll()).tag).toBe(before.tag);
    await store.write((tx) => saveRelation(tx, ro.id, 'noord', { contractStatus: 'contracted', preferred: true }, LATER));
    await store.write((tx) => saveRelation(tx, wsv.id, 'oost', { contractStatus: 'contracted', preferred: true }, LATER));
    await store.write((tx) => complete(tx, ro.id, id, { completedOn: '2024-09-27', by: 'A', evidence: null }, LATER));
    expect((await poll(LATER)).bytes.equals(before.bytes)).toBe(true);
  });

  it('keep what is withdrawn without an alarm', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { poll } = await feedOf(store, ro.id, { alarms: [7] });
    expect((await poll()).bytes.toString()).toContain('BEGIN:VALARM');
    await store.write((tx) => withdrawDeadline(tx, id, 'Vervallen.', LATER));
    const gone = await poll(LATER);
    expect([gone.events[0]!.status, gone.bytes.includes('VALARM')]).toEqual(['CANCELLED', false]);
  });
});
