import { beforeEach, describe, expect, it } from 'vitest';
import { amendDeadline, createDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { findDeadlines, getDeadline, listRevisions } from '../../../db/registry/deadlines.ts';
import { complete, findCompletion } from '../../../db/organisations/completions.ts';
import { muteDeadline } from '../../../db/recipients/preferences.ts';
import type { Store } from '../../../db/store/store.ts';
import { addDeadline, castIn, contentOf, identityOf, NOW } from '../../helpers/cast.ts';
import { addConfirmed } from '../../helpers/mail.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const LATER = new Date('2024-05-02T09:00:00Z');
const moved = {
  baseRevision: 1,
  reason: 'Op verzoek een week later.',
  rule: { kind: 'fixed' as const, on: '2024-10-08' },
  sources: [{ document: 'Beleid 2025, versie 2', section: '6.3', quote: '8 oktober 2024', url: null }],
};

onBothDialects('deadlines', (fresh) => {
  let store: Store;
  let ro: { id: string };
  beforeEach(async () => {
    store = await fresh();
    ({ ro } = await castIn(store));
  });
  const add: (...args: Parameters<typeof addDeadline> extends [unknown, ...infer R] ? R : never) => ReturnType<typeof addDeadline> = (
    ...args
  ) => store.write((tx) => addDeadline(tx, ...args));
  const amend = (id: string, amendment: Parameters<typeof amendDeadline>[2], now = LATER) =>
    store.write((tx) => amendDeadline(tx, id, amendment, now));

  it('keeps what a deadline said before, with the reason of the change', async () => {
    const { id } = await add();
    await amend(id, moved);
    const history = await listRevisions(store.read, id);
    expect(history.map((r) => [r.revision, r.dueOn, r.reason, r.revisedAt])).toEqual([
      [1, '2024-10-01', null, NOW],
      [2, '2024-10-08', 'Op verzoek een week later.', LATER],
    ]);
    expect(await getDeadline(store.read, id)).toMatchObject({
      dueOn: '2024-10-08',
      lastSafeOn: '2024-10-08',
      sequence: 1,
      changedAt: LATER,
    });
  });

  it('refuses an amendment on an old revision, and changes nothing', async () => {
    const { id } = await add();
    await amend(id, moved);
    await expect(amend(id, moved)).rejects.toMatchObject({ kind: 'stale' });
    expect(await listRevisions(store.read, id)).toHaveLength(2);
  });

  it('wants the quote that proves a new stated date', async () => {
    const { id } = await add();
    const { sources: _, ...unproved } = moved;
    await expect(amend(id, unproved)).rejects.toMatchObject({
      kind: 'invalid',
      faults: [{ field: 'sources', message: 'must hold at least one literal quote when certainty is stated' }],
    });
  });

  it('drops a conflict of readings when the date is set anew', async () => {
    const conflict = { kind: 'readings' as const, days: ['2024-09-30', '2024-10-01'], text: 'Twee teksten verschillen een dag.' };
    const { id, lastSafeOn } = await add({}, { conflict });
    expect(lastSafeOn).toBe('2024-09-30');
    expect(await amend(id, moved)).toMatchObject({ conflict: null, extension: null, lastSafeOn: '2024-10-08' });
  });

  it('keeps the days when only words change, and does not call it a change when nothing does', async () => {
    const { id } = await add();
    expect(await amend(id, { baseRevision: 1, reason: 'Spelling.', title: 'Jaarplan en begroting indienen' })).toMatchObject({
      dueOn: '2024-10-01',
      sequence: 1,
    });
    expect(await amend(id, { baseRevision: 2, reason: 'Nog eens.' })).toMatchObject({ revision: 3, sequence: 1, changedAt: LATER });
  });

  it('lets the moment of change rise by a second for two changes within one', async () => {
    const { id } = await add();
    const first = await amend(id, moved);
    const second = await amend(id, { ...moved, baseRevision: 2, rule: { kind: 'fixed', on: '2024-10-09' } });
    expect(second.changedAt.getTime() - first.changedAt.getTime()).toBe(1000);
    expect([first.sequence, second.sequence]).toEqual([1, 2]);
  });

  it('moves what counts from a deadline along with it', async () => {
    const plan = await add();
    const rule = { kind: 'offset', from: { activity: 'annual_plan' }, amount: 2, unit: 'week', direction: 'before' } as const;
    const review = await add({ activity: 'wsv_plan_review' }, { title: 'Eerste beoordeling', rule });
    expect(review.dueOn).toBe('2024-09-17');
    await amend(plan.id, moved);
    expect(await getDeadline(store.read, review.id)).toMatchObject({ dueOn: '2024-09-24', revision: 2 });
    expect((await listRevisions(store.read, review.id))[1]!.reason).toBe('Mee verschoven met: Jaarplan met begroting indienen.');
  });

  it('withdraws once: gone from lists, kept in history', async () => {
    const { id } = await add();
    const withdraw = () => store.write((tx) => withdrawDeadline(tx, id, 'Vervallen.', LATER));
    expect(await withdraw()).toMatchObject({ status: 'withdrawn', revision: 2, sequence: 1 });
    expect(await withdraw()).toMatchObject({ revision: 2 });
    expect((await findDeadlines(store.read, {}, { page: 1, pageSize: 50 }, '2024-05-01')).total).toBe(0);
  });

  it('publishes a withdrawn deadline again when an editor amends it', async () => {
    const { id } = await add();
    await store.write((tx) => withdrawDeadline(tx, id, 'Vergissing.', LATER));
    expect(await amend(id, { baseRevision: 2, reason: 'Toch niet vervallen.' })).toMatchObject({
      status: 'published',
      revision: 3,
      dueOn: '2024-10-01',
      sequence: 2,
    });
    expect((await findDeadlines(store.read, {}, { page: 1, pageSize: 50 }, '2024-05-01')).total).toBe(1);
  });

  it.each([
    ['another day', '2024-10-08', LATER],
    ['the very day', '2024-10-01', null],
    ['a day where none was', null, LATER],
  ])('knows since when a day is confirmed that was only expected, and asks anew then alone: %s', async (_, expectedOn, confirmedAt) => {
    const event = { event: 'contract_received' } as const;
    const rule = expectedOn
      ? ({ kind: 'fixed', on: expectedOn } as const)
      : ({ kind: 'offset', from: event, amount: 6, unit: 'week', direction: 'after' } as const);
    const basis = { kind: 'earlier_year', deadlineId: null, text: 'Zo was het voor 2024.' } as const;
    const { id, dueOn } = await add({}, { rule, certainty: 'expected', basis });
    expect(dueOn).toBe(expectedOn);
    const reader = await addConfirmed(store, ro.id, NOW);
    await store.write((tx) => muteDeadline(tx, reader.id, id, NOW));
    await store.write((tx) => complete(tx, ro.id, id, { completedOn: '2024-04-02', by: 'Jan', evidence: null }, NOW));
    const { rule: statedRule, sources } = contentOf();
    await amend(id, { baseRevision: 1, reason: 'Genoemd.', certainty: 'stated', basis: null, rule: statedRule, sources });
    expect((await getDeadline(store.read, id)).confirmedAt ?? null).toEqual(confirmedAt);
    const isMuted = (await store.read.$count(store.read.tables.mutes)) > 0;
    const isDone = (await findCompletion(store.read, ro.id, id)) !== null;
    expect([isMuted, isDone]).toEqual(confirmedAt === null ? [true, true] : [false, false]);
  });

  it('refuses a second deadline for the same insurer, year, care type and activity', async () => {
    await add();
    await expect(add()).rejects.toMatchObject({ kind: 'conflict' });
    await add({ careType: 'gp_care' });
  });

  it('names every contradiction of a new deadline together', async () => {
    const content = contentOf({ certainty: 'unknown', rule: { kind: 'range', from: '2024-10-02', to: '2024-10-01' } });
    const input = { identity: identityOf({ slot: 2 }), content, reason: null, announcedOn: null };
    await expect(store.write((tx) => createDeadline(tx, input, NOW))).rejects.toMatchObject({
      faults: [
        { field: 'rule.to', message: 'must not be before rule.from, 2024-10-02' },
        { field: 'rule', message: 'must not name a day when certainty is unknown' },
        { field: 'slot', message: 'must be null unless rule is a slot' },
      ],
    });
    await expect(add({ insurer: 'nergens' })).rejects.toMatchObject({
      faults: [{ field: 'insurer', message: 'is not the slug of an insurer' }],
    });
  });

  describe('asked for in part', () => {
    const found = async (filter: Parameters<typeof findDeadlines>[1]) =>
      (await findDeadlines(store.read, filter, { page: 1, pageSize: 50 }, '2024-09-20')).items.map((d) => d.activity);
    beforeEach(async () => {
      const quote = contentOf().sources;
      await add();
      await add(
        { activity: 'contract_request' },
        {
          rule: { kind: 'fixed', on: '2024-08-31' },
          duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'uncontracted', deliverable: null },
        },
      );
      await add(
        { activity: 'publication' },
        {
          rule: { kind: 'fixed', on: '2024-04-01' },
          duty: { actors: ['insurer'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
        },
      );
      await add({ activity: 'review_meeting' }, { rule: { kind: 'none' }, boundary: null, certainty: 'unknown' });
      await add(
        { insurer: null, activity: 'green_deal' },
        { rule: { kind: 'period', unit: 'year', year: 2026, number: null }, sources: quote },
      );
    });

    it.each([
      ['everything dated', {}, ['publication', 'contract_request', 'annual_plan', 'green_deal']],
      ['undated last', { includeUndated: true }, ['publication', 'contract_request', 'annual_plan', 'green_deal', 'review_meeting']],
      [
        'one insurer, never the sector',
        { insurer: 'noord', includeUndated: true },
        ['publication', 'contract_request', 'annual_plan', 'review_meeting'],
      ],
      ['an RO with a contract', { role: 'ro', contractStatus: 'contracted' }, ['annual_plan', 'green_deal']],
      ['a practice without one', { role: 'practice', contractStatus: 'uncontracted' }, ['contract_request']],
      ['what an insurer does', { role: 'insurer' }, ['publication']],
      ['a window with both ends', { asOf: '2024-08-31', withinDays: 31, includeUndated: true }, ['contract_request', 'annual_plan']],
      ['from today when only days are given', { withinDays: 11 }, ['annual_plan']],
      ['the narrowest of two windows', { from: '2024-09-01', asOf: '2024-08-01', to: '2024-09-30', withinDays: 400 }, []],
      ['a certainty', { certainty: 'unknown', includeUndated: true }, ['review_meeting']],
    ] as const)('gives %s', async (_, filter, activities) => {
      expect(await found(filter)).toEqual(activities);
    });
  });
});
