/** When to remind: working days, digests, and what one run has to send. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, weekday } from '../../../calendars/days.ts';
import { isWorkingDay } from '../../../calendars/holidays.ts';
import {
  DEFAULT_LEAD_DAYS,
  DIGESTS,
  digestDay,
  duePlan,
  handOverDay,
  leadsFor,
  MOST_DAYS_AFTER,
  remindOn,
  timingOf,
  type DueInput,
} from '../../../calendars/reminders/reminders.ts';
import type { AgendaItem } from '../../../calendars/agenda/concern.ts';
import type { Certainty, Reader } from '../../../calendars/terms.ts';
import { itemOf as agendaItemOf } from '../../helpers/drafts.ts';
import { anyDay } from '../any.ts';

describe('remindOn', () => {
  it.each([
    ['the annual plan, six weeks ahead', '2024-09-30', 42, '2024-08-19'],
    ['the annual plan, two weeks ahead', '2024-09-30', 14, '2024-09-16'],
    ['the annual plan, three days ahead: a Friday', '2024-09-30', 3, '2024-09-27'],
    ['the annual plan, on the day', '2024-09-30', 0, '2024-09-30'],
    ['a Saturday', '2024-08-31', 0, '2024-08-30'],
    ['Easter Monday: the Thursday before Good Friday', '2024-04-01', 0, '2024-03-28'],
    ['a quarterly start on a Saturday', '2025-03-01', 0, '2025-02-28'],
    ['two weeks before the end of the year', '2024-12-31', 14, '2024-12-17'],
    ['a lead that falls on Christmas', '2024-12-28', 3, '2024-12-24'],
  ])('%s', (_, lastSafeOn, leadDays, expected) => {
    expect(remindOn(lastSafeOn, leadDays)).toBe(expected);
  });

  it('is a working day, at most the lead and five days off before the last safe day, never after it', () => {
    fc.assert(
      fc.property(anyDay, anyLead, (lastSafeOn, leadDays) => {
        const on = remindOn(lastSafeOn, leadDays);
        expect(isWorkingDay(on)).toBe(true);
        expect(daysBetween(on, lastSafeOn)).toBeGreaterThanOrEqual(leadDays);
        expect(daysBetween(on, lastSafeOn)).toBeLessThanOrEqual(leadDays + 5);
      }),
    );
  });
});

const itemOf = (as: Reader, certainty: Certainty = 'stated') => agendaItemOf({ certainty }, { as });

describe('leadsFor', () => {
  it('reminds who acts at every lead, and who only has to know once, on the day', () => {
    expect(leadsFor(itemOf('ro'), [42, 14])).toEqual([42, 14]);
    expect(leadsFor(itemOf('informed'), [42, 14])).toEqual([0]);
    expect(leadsFor(itemOf('informed'), [])).toEqual([0]);
    expect(DEFAULT_LEAD_DAYS).toEqual([42, 14, 3, 0]);
  });

  it('tells of an assumption once, 42 days before, or as long before as the reader wants to hear of anything', () => {
    for (const as of ['ro', 'informed'] as const) {
      expect(leadsFor(itemOf(as, 'template'), [42, 14, 3, 0])).toEqual([42]);
      expect(leadsFor(itemOf(as, 'template'), [14, 60])).toEqual([60]);
      expect(leadsFor(itemOf(as, 'template'), [3])).toEqual([42]);
      expect(leadsFor(itemOf(as, 'template'), [])).toEqual([]);
    }
  });

  describe('of signing for who has no agreement', () => {
    const signing = (over: Partial<AgendaItem>, certainty: Certainty = 'expected') => {
      const item = agendaItemOf(
        { certainty },
        { dueOn: '2026-12-31', lastSafeOn: certainty === 'template' ? null : '2026-12-31', ...over },
      );
      return { ...item, deadline: { ...item.deadline, activity: 'signing' as const } };
    };

    it.each<[string, Partial<AgendaItem>, Certainty, number[], number[]]>([
      ['the first lead after the request day', { requestOn: '2026-08-31' }, 'expected', [200, 42, 14, 3, 0], [42]],
      ['a later request day', { requestOn: '2026-12-01' }, 'expected', [42, 14, 3, 0], [14]],
      ['no request day: the first lead', {}, 'expected', [200, 42, 14], [200]],
      ['no lead after it: the last one', { requestOn: '2026-12-30' }, 'stated', [42, 14], [14]],
      ['an assumption', { requestOn: '2026-08-31' }, 'template', [200, 14], [42]],
      ['no leads at all', {}, 'stated', [], []],
    ])('has one: %s', (_, over, certainty, leads, expected) => {
      expect(leadsFor(signing({ relation: 'uncontracted', ...over }, certainty), leads)).toEqual(expected);
    });

    it('has all where one was offered, or nobody knows', () => {
      for (const relation of ['contracted', 'unknown'] as const)
        expect(leadsFor(signing({ relation, requestOn: '2026-08-31' }), [42, 14, 3, 0])).toEqual([42, 14, 3, 0]);
    });
  });
});

describe('digestDay', () => {
  it.each([
    ['a Monday stays', '2024-09-16', '2024-09-30', '2024-09-16'],
    ['a Tuesday waits for Monday', '2024-09-17', '2024-10-01', '2024-09-23'],
    ['the Monday may be the last safe day', '2024-09-27', '2024-09-30', '2024-09-30'],
    ['a Monday after the last safe day is too late', '2024-10-03', '2024-10-06', '2024-10-03'],
    ['Easter Monday: the Thursday before', '2024-03-26', '2024-04-30', '2024-03-28'],
    ['Easter Monday, from that Thursday: that Thursday', '2024-03-28', '2024-04-30', '2024-03-28'],
    ['Easter Monday, from Good Friday: the Tuesday after', '2024-03-29', '2024-04-30', '2024-04-02'],
    ['a Monday that is a holiday, in its own week before', '2025-04-30', '2025-06-01', '2025-05-02'],
    ['over the end of the year', '2024-12-31', '2025-02-01', '2025-01-06'],
  ])('%s', (_, on, lastSafeOn, expected) => {
    expect(digestDay(on, lastSafeOn, 'weekly')).toBe(expected);
    expect(digestDay(on, lastSafeOn, 'daily')).toBe(on);
  });

  it('is a working day from the reminder on, within a week and a day, never after the last safe day', () => {
    fc.assert(
      fc.property(anyDay, anyLead, (lastSafeOn, leadDays) => {
        const on = remindOn(lastSafeOn, leadDays);
        const sendOn = digestDay(on, lastSafeOn, 'weekly');
        expect(isWorkingDay(sendOn)).toBe(true);
        expect(sendOn >= on && sendOn <= lastSafeOn).toBe(true);
        expect(daysBetween(on, sendOn)).toBeLessThanOrEqual(6);
        if (weekday(on) === 1) expect(sendOn).toBe(on);
      }),
    );
  });
});

describe('duePlan', () => {
  const annualPlan: DueInput = {
    countsFrom: '2024-09-30',
    until: '2024-09-30',
    leads: DEFAULT_LEAD_DAYS,
    digest: 'daily',
    today: '2024-09-16',
    confirmedOn: '2024-01-01',
  };

  it('has nothing to send before the first reminder', () => {
    expect(duePlan({ ...annualPlan, today: '2024-08-18' })).toEqual([]);
    expect(duePlan({ ...annualPlan, today: '2024-08-19' })).toEqual([{ leadDays: 42, sendOn: '2024-08-19', state: 'pending' }]);
  });

  it('sends the newest and merges what was missed into it', () => {
    expect(duePlan(annualPlan)).toEqual([
      { leadDays: 14, sendOn: '2024-09-16', state: 'pending' },
      { leadDays: 42, sendOn: '2024-08-19', state: 'merged' },
    ]);
  });

  it('catches up on its last safe day, and says nothing after it', () => {
    expect(duePlan({ ...annualPlan, today: '2024-09-30' }).map(({ leadDays, state }) => [leadDays, state])).toEqual([
      [0, 'pending'],
      [3, 'merged'],
      [14, 'merged'],
      [42, 'merged'],
    ]);
    expect(duePlan({ ...annualPlan, today: '2024-10-01' })).toEqual([]);
  });

  it('sends nothing that fell before the confirmation, and what falls on its day', () => {
    expect(duePlan({ ...annualPlan, confirmedOn: '2024-09-17' })).toEqual([]);
    expect(duePlan({ ...annualPlan, confirmedOn: '2024-09-16' })).toEqual([{ leadDays: 14, sendOn: '2024-09-16', state: 'pending' }]);
  });

  it('sends one of two leads that fall on one day: the last safe day is a Monday holiday', () => {
    expect(
      duePlan({
        ...annualPlan,
        countsFrom: '2024-04-01',
        until: '2024-04-01',
        today: '2024-03-28',
        leads: [3, 0],
        confirmedOn: '2024-03-28',
      }),
    ).toEqual([
      { leadDays: 0, sendOn: '2024-03-28', state: 'pending' },
      { leadDays: 3, sendOn: '2024-03-28', state: 'merged' },
    ]);
  });

  it('reminds of a Saturday on the Friday before', () => {
    expect(duePlan({ ...annualPlan, countsFrom: '2024-08-31', until: '2024-08-31', leads: [0], today: '2024-08-30' })).toEqual([
      { leadDays: 0, sendOn: '2024-08-30', state: 'pending' },
    ]);
  });

  it('gathers a week for who wants one mail a week', () => {
    const weekly: DueInput = { ...annualPlan, countsFrom: '2024-10-01', until: '2024-10-01', digest: 'weekly', leads: [14] };
    expect(duePlan({ ...weekly, today: '2024-09-22' })).toEqual([]);
    expect(duePlan({ ...weekly, today: '2024-09-23' })).toEqual([{ leadDays: 14, sendOn: '2024-09-23', state: 'pending' }]);
  });

  it('gives one pending reminder at most, whatever the order of the leads, and forgets none as the days pass', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = duePlan(input);
        expect(plan.filter(({ state }) => state === 'pending')).toHaveLength(Math.min(plan.length, 1));
        expect(duePlan({ ...input, leads: [...input.leads, ...input.leads].reverse() })).toEqual(plan);
        for (const { sendOn } of plan) expect(input.confirmedOn <= sendOn && sendOn <= input.today).toBe(true);
        // The pending one is the last to be sent, too.
        for (const { sendOn } of plan) expect(sendOn <= (plan[0]?.sendOn ?? '')).toBe(true);
        const tomorrow = duePlan({ ...input, today: addDays(input.today, 1) });
        if (input.today < input.until) {
          const leads = tomorrow.map(({ leadDays }) => leadDays);
          expect(plan.filter(({ leadDays }) => !leads.includes(leadDays))).toEqual([]);
        }
      }),
    );
  });

  it('has said everything by the last safe day', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = duePlan({ ...input, today: input.until, confirmedOn: '2000-01-01' });
        expect(plan.map(({ leadDays }) => leadDays)).toEqual([...new Set(input.leads)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('timingOf', () => {
  const duty = { actors: ['ro' as const], onBehalfOf: ['wsv' as const], contractStatus: 'contracted' as const, deliverable: null };

  it('counts from the last safe day, of an assumption from the assumed one', () => {
    expect(timingOf(agendaItemOf())).toEqual({ countsFrom: '2024-09-30', until: '2024-09-30' });
    expect(timingOf(agendaItemOf({ certainty: 'template' }))).toEqual({ countsFrom: '2024-10-01', until: '2024-10-01' });
  });

  it('counts for who hands over from the advised day, also of an assumption, and is of use until the day that counts', () => {
    const handedOver = { as: 'wsv' as const, dueOn: '2027-10-01', lastSafeOn: '2027-09-30' };
    expect(timingOf(agendaItemOf({ duty }, handedOver))).toEqual({ countsFrom: '2027-09-16', until: '2027-09-30' });
    const assumed = agendaItemOf({ duty, certainty: 'template' }, { ...handedOver, lastSafeOn: null });
    expect(timingOf(assumed)).toEqual({ countsFrom: '2027-09-17', until: '2027-10-01' });
  });

  it.each([
    ['Easter Monday: the Tuesday', '2024-04-01', '2024-04-02'],
    ['a Thursday: itself', '2027-04-01', '2027-04-01'],
    ['a Saturday: the Monday', '2028-04-01', '2028-04-03'],
    ['Easter Sunday: the Tuesday', '2029-04-01', '2029-04-03'],
  ])('tells of what an insurer does itself on the working day on or after: %s', (_, on, expected) => {
    const item = agendaItemOf({ certainty: 'sector_rule' }, { dueOn: on, lastSafeOn: on, as: 'informed' });
    const { countsFrom, until } = timingOf(item);
    expect(countsFrom).toBe(expected);
    expect(until <= addDays(on, MOST_DAYS_AFTER)).toBe(true);
    const input = { countsFrom, until, leads: leadsFor(item, [42, 3]), confirmedOn: '2024-01-01' };
    for (const digest of DIGESTS) {
      expect(duePlan({ ...input, digest, today: addDays(expected, -1) })).toEqual([]);
      expect(duePlan({ ...input, digest, today: expected })).toEqual([{ leadDays: 0, sendOn: expected, state: 'pending' }]);
    }
  });

  it('is never of use later than is looked back for what was sent', () => {
    fc.assert(
      fc.property(anyDay, (on) => {
        const { countsFrom, until } = timingOf(agendaItemOf({}, { dueOn: on, lastSafeOn: on, as: 'informed' }));
        expect(isWorkingDay(countsFrom)).toBe(true);
        expect(until <= addDays(on, MOST_DAYS_AFTER)).toBe(true);
      }),
    );
  });
});

describe('handOverDay', () => {
  const duty = { actors: ['ro' as const], onBehalfOf: ['wsv' as const], contractStatus: 'contracted' as const, deliverable: null };

  it.each([
    ['ten working days before the annual plan', '2027-09-30', '2027-09-16'],
    ['over Christmas and Boxing Day', '2026-12-31', '2026-12-16'],
  ])('%s', (_, lastSafeOn, expected) => {
    expect(handOverDay(agendaItemOf({ duty }, { lastSafeOn, as: 'wsv' }))).toBe(expected);
  });

  it('counts back from the day of an assumption too', () => {
    expect(handOverDay(agendaItemOf({ duty, certainty: 'template' }, { dueOn: '2027-10-01', as: 'wsv' }))).toBe('2027-09-17');
  });

  it('is null for who submits itself', () => {
    expect(handOverDay(agendaItemOf({ duty }, { as: 'ro' }))).toBeNull();
  });
});

const anyLead = fc.nat({ max: 120 });
const anyInput: fc.Arbitrary<DueInput> = anyDay.chain((lastSafeOn) =>
  fc.record({
    countsFrom: fc.constant(lastSafeOn),
    until: fc.constant(lastSafeOn),
    leads: fc.array(anyLead, { maxLength: 6 }),
    digest: fc.constantFrom(...DIGESTS),
    today: fc.integer({ min: -130, max: 3 }).map((n) => addDays(lastSafeOn, n)),
    confirmedOn: fc.integer({ min: -200, max: 3 }).map((n) => addDays(lastSafeOn, n)),
  }),
);
