/** A reader's whole year, day by day, beside an oracle: daily or weekly, with a pause, whatever it chose. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import { planFor, type StoredReminder } from '../../calendars/reminders/reminder-plan.ts';
import type { Day } from '../../calendars/terms.ts';
import { itemOf } from '../helpers/drafts.ts';
import { digestFrom, expectedYear, isOff, sendDay, shift, type ReaderChoices } from '../helpers/mail-year.ts';

const [FIRST, LAST] = ['2025-01-01', '2025-12-31'];
const anyDay = fc.integer({ min: 0, max: 364 }).map((n) => shift(FIRST, n));
const anyReader: fc.Arbitrary<ReaderChoices> = fc.record({
  leads: fc.uniqueArray(fc.constantFrom(0, 1, 2, 3, 5, 7, 10, 14, 30, 42), { minLength: 1, maxLength: 5 }),
  digest: fc.constantFrom('daily', 'weekly'),
  confirmedOn: fc.oneof(fc.constant('2024-06-01'), anyDay),
  pause: fc.option(
    fc.tuple(anyDay, fc.integer({ min: 1, max: 40 })).map(([from, days]) => ({ from, until: shift(from, days) })),
    { nil: null },
  ),
});
const anyDeadlines = fc
  .uniqueArray(anyDay, { minLength: 1, maxLength: 12 })
  .map((days) => new Map(days.map((day, n): [string, Day] => [`d${n}`, day])));

/** What planning gives, sent on the day it is planned. */
function plannedYear(deadlines: ReadonlyMap<string, Day>, { leads, digest, confirmedOn, pause }: ReaderChoices): Record<Day, string[]> {
  // Each of a contract year of its own: none takes another along.
  const items = [...deadlines].map(([name, last], n) => {
    const item = itemOf({}, { dueOn: last, lastSafeOn: last, uid: name, contractYear: 2025 + n });
    return { ...item, deadline: { ...item.deadline, id: name } };
  });
  const stored: StoredReminder[] = [];
  const year: Record<Day, string[]> = {};
  for (let today = FIRST; today <= LAST; today = shift(today, 1)) {
    if (today < confirmedOn) continue;
    // No lead is longer, and a day off moves none by a week.
    const near = items.filter(({ deadline }) => countingDay(deadline) >= today && countingDay(deadline) <= shift(today, 50));
    const silence = pause && today >= pause.from && today < pause.until ? ('paused' as const) : null;
    const question = { items: near, readerId: 'ro', stored, leadDays: leads, digest, confirmedOn, today, mailLeft: false, silence };
    const { missing, merged } = planFor(question);
    for (const { deadlineId, organisationId, lastSafeOn, leadDays } of missing) {
      const place = { deadlineId, organisationId, lastSafeOn, leadDays };
      stored.push({ ...place, id: `${deadlineId} ${leadDays}`, state: 'sent', reason: null, leaving: true });
    }
    for (const { deadlineId, organisationId, lastSafeOn, leadDays } of merged) {
      const place = { deadlineId, organisationId, lastSafeOn, leadDays };
      stored.push({ ...place, id: `${deadlineId} ${leadDays}`, state: 'cancelled', reason: 'merged', leaving: false });
    }
    const names = missing.map(({ deadlineId, leadDays }) => `${deadlineId} ${leadDays}`);
    if (names.length > 0) year[today] = names;
  }
  return year;
}

const sorted = (year: Record<Day, string[]>) =>
  Object.entries(year)
    .map(([day, names]) => [day, ...names.toSorted()].join(' '))
    .toSorted();

it('brings every reminder on the day that the oracle names, and no other', () => {
  fc.assert(
    fc.property(anyDeadlines, anyReader, (deadlines, reader) => {
      expect(sorted(plannedYear(deadlines, reader))).toEqual(sorted(expectedYear(deadlines, reader, FIRST, LAST)));
    }),
    { numRuns: 60 },
  );
});

it('never lets the weekly digest delay a reminder whose last safe day comes before the next one, and gathers all others', () => {
  fc.assert(
    fc.property(anyDeadlines, anyReader, (deadlines, reader) => {
      const weekly = { ...reader, digest: 'weekly' as const, pause: null, confirmedOn: '2024-06-01' };
      const said = Object.entries(plannedYear(deadlines, weekly)).flatMap(([day, names]) => names.map((name) => ({ day, name })));
      for (const { day, name } of said) {
        const [id, lead] = name.split(' ');
        const last = deadlines.get(id!)!;
        const own = sendDay(last, Number(lead), 'daily');
        expect(day <= last).toBe(true);
        // Before the year began there was no mail: what was due then comes on its first working day.
        if (own < '2025-01-02') continue;
        expect(isOff(day)).toBe(false);
        expect(day).toBe(digestFrom(own) <= last ? digestFrom(own) : own);
      }
      // Nobody who reads weekly hears of fewer deadlines than who reads daily.
      const heardOf = (year: Record<Day, string[]>) => [
        ...new Set(Object.values(year).flatMap((names) => names.map((name) => name.split(' ')[0]))),
      ];
      expect(heardOf(plannedYear(deadlines, weekly)).toSorted()).toEqual(
        heardOf(plannedYear(deadlines, { ...weekly, digest: 'daily' })).toSorted(),
      );
    }),
    { numRuns: 30 },
  );
});
