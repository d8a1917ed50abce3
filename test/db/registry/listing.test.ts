import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays } from '../../../calendars/days.ts';
import { compareDeadlines, fits, SORTS, type DeadlineFilter } from '../../../calendars/deadlines/listing.ts';
import { ACTORS, CERTAINTIES, DATED_KINDS, DUTY_STATUSES, KINDS, ROLES, type Actor } from '../../../calendars/terms.ts';
import { allDeadlines, findDeadlines } from '../../../db/registry/deadlines.ts';
import type { Store } from '../../../db/store/store.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const TODAY = '2024-09-15';
const ACTIVITIES = ['annual_plan', 'signing', 'accounts', 'review_meeting'] as const;
const INSURERS = ['noord', 'oost', null] as const;

/** Forty-eight deadlines and two requirements in which every word that a filter asks for occurs, some of them on the same day. */
async function fill(store: Store) {
  const actors: readonly Actor[] = ACTORS;
  await store.write(async (tx) => {
    let i = 0;
    for (const insurer of INSURERS) {
      for (const contractYear of [2025, 2026]) {
        for (const activity of ACTIVITIES) {
          for (const careType of ['general', 'gp_care'] as const) {
            i += 1;
            // The same of both kinds of care: what a document says takes the place of what was only expected.
            const certainty = CERTAINTIES[Math.ceil(i / 2) % CERTAINTIES.length]!;
            const on = addDays('2024-08-01', (i * 7) % 90);
            const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'De gebruikelijke dag.' };
            const duty = {
              actors: [actors[i % 5]!],
              onBehalfOf: i % 3 === 0 ? [actors[(i + 2) % 5]!] : [],
              contractStatus: DUTY_STATUSES[i % 3]!,
              deliverable: null,
            };
            const rule = certainty === 'unknown' ? ({ kind: 'none' } as const) : ({ kind: 'fixed', on } as const);
            const boundary = i % 2 === 0 ? ('before' as const) : ('by' as const);
            // Moments differ as well, so that sorting by them says something.
            await addDeadline(
              tx,
              { insurer, contractYear, activity, careType },
              { certainty, rule, duty, basis, boundary, kind: i % 4 === 0 ? DATED_KINDS[(i / 4) % 6]! : 'deadline' },
              new Date(NOW.getTime() + (i % 7) * 1000),
            );
          }
        }
      }
    }
    for (const strictness of ['hard', 'soft'] as const)
      await addDeadline(
        tx,
        { activity: 'contract_requirement', key: strictness },
        { certainty: 'stated', rule: { kind: 'none' }, boundary: null, strictness },
      );
  });
}

const day = fc.integer({ min: -5, max: 100 }).map((n) => addDays('2024-08-01', n));
const everyField = fc.record<Required<DeadlineFilter>>({
  insurer: fc.constantFrom('noord', 'oost', 'zuid'),
  contractYear: fc.constantFrom(2024, 2025, 2026),
  activity: fc.constantFrom(...ACTIVITIES, 'contract_requirement' as const),
  role: fc.constantFrom(...ROLES, 'insurer' as const),
  contractStatus: fc.constantFrom(...DUTY_STATUSES),
  certainty: fc.constantFrom(...CERTAINTIES),
  kinds: fc.subarray([...KINDS], { minLength: 1 }),
  from: day,
  to: day,
  asOf: day,
  upcoming: fc.boolean(),
  withinDays: fc.integer({ min: 0, max: 60 }),
  includeUndated: fc.boolean(),
});
const FIELDS = [
  'insurer',
  'contractYear',
  'activity',
  'role',
  'contractStatus',
  'certainty',
  'kinds',
  'from',
  'to',
  'asOf',
  'upcoming',
  'withinDays',
  'includeUndated',
];
/** At most three at once: with more of them hardly anything fits. */
const filters = fc
  .tuple(everyField, fc.subarray(FIELDS, { maxLength: 3 }))
  .map(([filter, asked]): DeadlineFilter => Object.fromEntries(Object.entries(filter).filter(([field]) => asked.includes(field))));

onBothDialects('a list of deadlines', (fresh) => {
  it('is the same, in the same order, whether the database or the calendar filters it', async () => {
    const store = await fresh();
    await castIn(store);
    await fill(store);
    const all = await allDeadlines(store.read);
    expect(all).toHaveLength(50);
    let found = 0;
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(undefined, ...SORTS), fc.integer({ min: 1, max: 20 }), async (filter, sort, pageSize) => {
        const expected = all
          .filter((deadline) => fits(deadline, filter, TODAY))
          .sort(compareDeadlines(sort))
          .map(({ id }) => id);
        const ids: string[] = [];
        for (let page = 1; ; page++) {
          const { items, total } = await findDeadlines(store.read, filter, { page, pageSize, ...(sort ? { sort } : {}) }, TODAY);
          expect(total).toBe(expected.length);
          if (items.length === 0) break;
          ids.push(...items.map(({ id }) => id));
        }
        expect(ids).toEqual(expected);
        found += ids.length;
      }),
      { numRuns: 150, seed: 20240915 },
    );
    // A property over empty lists would prove nothing.
    expect(found).toBeGreaterThan(1000);
  });

  it.each([
    ['lastSafeOn', ['stated 2024-10-01', 'stated 2024-12-01', 'template 2024-09-01', 'template 2024-11-01', 'unknown null']],
    ['-lastSafeOn', ['stated 2024-12-01', 'stated 2024-10-01', 'template 2024-11-01', 'template 2024-09-01', 'unknown null']],
    ['dueOn', ['template 2024-09-01', 'stated 2024-10-01', 'template 2024-11-01', 'stated 2024-12-01', 'unknown null']],
  ] as const)('by %s puts what is assumed after all that has a last safe day, before what has no day', async (sort, order) => {
    const store = await fresh();
    await castIn(store);
    const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Een aanname.' };
    const on = (day: string) => ({ rule: { kind: 'fixed' as const, on: day } });
    const assumed = { certainty: 'template' as const, basis, sources: [] };
    await store.write(async (tx) => {
      await addDeadline(tx, { activity: 'signing' }, { ...on('2024-11-01'), ...assumed });
      await addDeadline(tx, { activity: 'accounts' }, { ...on('2024-09-01'), ...assumed });
      await addDeadline(tx, { activity: 'annual_plan' }, on('2024-12-01'));
      await addDeadline(tx, { activity: 'review_meeting' }, { rule: { kind: 'none' }, certainty: 'unknown', sources: [] });
      await addDeadline(tx, { activity: 'regional_plan' }, on('2024-10-01'));
    });
    const filter = { includeUndated: true };
    const write = ({ certainty, dueOn }: { certainty: string; dueOn: string | null }) => `${certainty} ${dueOn}`;
    const { items } = await findDeadlines(store.read, filter, { page: 1, pageSize: 10, sort }, TODAY);
    expect(items.map(write)).toEqual(order);
    expect((await allDeadlines(store.read)).sort(compareDeadlines(sort)).map(write)).toEqual(order);
  });
});
