/** Date rules: every shape, every boundary, and the conflicts between them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../calendars/days.ts';
import type { Conflict, DateRule } from '../../../calendars/deadlines/deadline.ts';
import { checkRule, quarterOf, resolveDays, type RuleContext } from '../../../calendars/deadlines/rules.ts';
import { BOUNDARIES } from '../../../calendars/terms.ts';
import { anyDay } from '../any.ts';

const alone: RuleContext = { contractYear: 2025, slot: null, dayOf: () => null };
const days = (dueOn: string | null, lastSafeOn: string | null) => ({ dueOn, lastSafeOn });
const month = { kind: 'period', unit: 'month', year: 2022, number: 7 } as const;
const quarter = { kind: 'period', unit: 'quarter', year: 2022, number: 1 } as const;
const year = { kind: 'period', unit: 'year', year: 2025, number: null } as const;
const range = { kind: 'range', from: '2025-01-01', to: '2026-12-31' } as const;

describe('resolveDays', () => {
  it.each([
    ['uiterlijk 1 oktober 2024', { kind: 'fixed', on: '2024-10-01' }, 'by', days('2024-10-01', '2024-10-01')],
    ['voor 1 oktober 2024', { kind: 'fixed', on: '2024-10-01' }, 'before', days('2024-10-01', '2024-09-30')],
    ["voor 1 september '21", { kind: 'fixed', on: '2021-09-01' }, 'before', days('2021-09-01', '2021-08-31')],
    ['voor 1 maart 2024', { kind: 'fixed', on: '2024-03-01' }, 'before', days('2024-03-01', '2024-02-29')],
    ['uiterlijk per 1 jan 2022', { kind: 'fixed', on: '2022-01-01' }, 'per', days('2022-01-01', '2022-01-01')],
    ['31 augustus 2024, a Saturday', { kind: 'fixed', on: '2024-08-31' }, 'by', days('2024-08-31', '2024-08-31')],
    ['without a boundary', { kind: 'fixed', on: '2024-04-01' }, null, days('2024-04-01', '2024-04-01')],
    ['per juli 2022', month, 'per', days('2022-07-31', '2022-07-01')],
    ['in juli 2022', month, 'by', days('2022-07-31', '2022-07-31')],
    ['februari 2024', { ...month, year: 2024, number: 2 }, 'by', days('2024-02-29', '2024-02-29')],
    ['uiterlijk eerste kwartaal 2022', quarter, 'by', days('2022-03-31', '2022-03-31')],
    ['per vierde kwartaal 2022', { ...quarter, number: 4 }, 'per', days('2022-12-31', '2022-10-01')],
    ['in 2025', year, 'by', days('2025-12-31', '2025-12-31')],
    ['vanaf 2025', year, 'per', days('2025-12-31', '2025-01-01')],
    ['2025 tot en met 2026', range, 'by', days('2026-12-31', '2026-12-31')],
    ['2025 to 2026, from its start', range, 'per', days('2026-12-31', '2025-01-01')],
    ['2025 tot 31 december 2026', range, 'before', days('2026-12-31', '2026-12-30')],
    ['zodra er meer bekend is', { kind: 'event', text: 'zodra er meer bekend is' }, null, days(null, null)],
    ['unreadable', { kind: 'none' }, 'before', days(null, null)],
  ] as [string, DateRule, (typeof BOUNDARIES)[number] | null, ReturnType<typeof days>][])('reads %s', (_, rule, boundary, expected) => {
    expect(resolveDays(rule, boundary, alone)).toEqual(expected);
  });

  it.each([
    [1, '2024-12-01'],
    [2, '2025-03-01'],
    [3, '2025-06-01'],
    [4, '2025-09-01'],
  ])('has slot %i of 2025, a month ahead, on %s', (slot, expected) => {
    const rule: DateRule = { kind: 'slot', every: 'quarter', lead: { amount: 1, unit: 'month' } };
    expect(resolveDays(rule, 'by', { ...alone, slot })).toEqual(days(expected, expected));
    expect(resolveDays(rule, 'by', alone)).toEqual(days(null, null));
  });

  it.each([
    ['day', 1, '2025-03-31'],
    ['week', 2, '2025-03-18'],
    ['month', 0, '2025-04-01'],
  ] as const)('counts the lead of a slot in %ss', (unit, amount, expected) => {
    expect(resolveDays({ kind: 'slot', every: 'quarter', lead: { amount, unit } }, 'by', { ...alone, slot: 2 }).dueOn).toBe(expected);
  });

  it.each([
    ['day', 3, 'after', '2024-04-04'],
    ['week', 6, 'before', '2024-02-19'],
    ['month', 1, 'before', '2024-03-01'],
    ['working_day', 1, 'after', '2024-04-02'],
    ['working_day', 1, 'before', '2024-03-28'],
    ['working_day', 0, 'before', '2024-04-01'],
  ] as const)('counts an offset in %ss: %i %s', (unit, amount, direction, expected) => {
    const rule: DateRule = { kind: 'offset', from: { activity: 'publication' }, amount, unit, direction };
    expect(resolveDays(rule, 'by', { ...alone, dayOf: dayOfPublication })).toEqual(days(expected, expected));
  });

  it('leaves an offset undated while its start or its length is not known', () => {
    const rule = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
    const known = { ...alone, dayOf: () => '2024-11-04' };
    expect(resolveDays(rule, 'by', known)).toEqual(days('2024-12-16', '2024-12-16'));
    expect(resolveDays(rule, 'by', alone)).toEqual(days(null, null));
    expect(resolveDays({ ...rule, amount: null, unit: null }, 'by', known)).toEqual(days(null, null));
  });

  it('never guesses the month of a period that names none', () => {
    expect(resolveDays({ ...month, number: null }, 'by', alone)).toEqual(days(null, null));
    expect(resolveDays({ ...quarter, number: 5 }, 'by', alone)).toEqual(days(null, null));
  });

  it('is safe by every reading where two quotes differ', () => {
    const conflict: Conflict = { kind: 'readings', days: ['2024-09-30', '2024-10-01'], text: 'paragraaf 5.3 en paragraaf 6.3' };
    const rule: DateRule = { kind: 'fixed', on: '2024-10-01' };
    expect(resolveDays(rule, 'by', { ...alone, conflict })).toEqual(days('2024-10-01', '2024-09-30'));
    expect(resolveDays(rule, 'before', { ...alone, conflict: { ...conflict, days: ['2024-10-05', '2024-10-04'] } })).toEqual(
      days('2024-10-01', '2024-09-30'),
    );
    expect(resolveDays({ kind: 'none' }, 'by', { ...alone, conflict })).toEqual(days(null, null));
  });

  it('never calls a day safe that is later than the named one, nor one that is known unsafe', () => {
    fc.assert(
      fc.property(
        anyRule,
        fc.constantFrom(...BOUNDARIES, null),
        fc.array(anyDay, { maxLength: 3 }),
        anyDay,
        (rule, boundary, others, start) => {
          const conflict: Conflict | null = others.length < 2 ? null : { kind: 'readings', days: others, text: 'x' };
          const { dueOn, lastSafeOn } = resolveDays(rule, boundary, { contractYear: 2025, slot: 3, dayOf: () => start, conflict });
          if (dueOn === null || lastSafeOn === null) {
            expect([dueOn, lastSafeOn]).toEqual([null, null]);
            return;
          }
          expect(lastSafeOn <= dueOn).toBe(true);
          if (boundary === 'before') expect(lastSafeOn < dueOn).toBe(true);
          for (const day of conflict?.days ?? []) expect(lastSafeOn <= day).toBe(true);
        },
      ),
    );
  });
});

describe('checkRule', () => {
  it.each([
    [{ kind: 'range', from: '2025-02-01', to: '2025-01-31' }, [{ field: 'rule.to', message: 'must not be before rule.from, 2025-02-01' }]],
    [{ ...month, number: null }, [{ field: 'rule.number', message: 'must be 1 to 12 for a month' }]],
    [{ ...quarter, number: 5 }, [{ field: 'rule.number', message: 'must be 1 to 4 for a quarter' }]],
    [{ ...year, number: 1 }, [{ field: 'rule.number', message: 'must be null for a year' }]],
    [
      { kind: 'offset', from: { activity: 'signing' }, amount: 6, unit: null, direction: 'after' },
      [{ field: 'rule.unit', message: 'must be given when the other of amount and unit is' }],
    ],
    [
      { kind: 'offset', from: { activity: 'signing' }, amount: null, unit: 'week', direction: 'after' },
      [{ field: 'rule.amount', message: 'must be given when the other of amount and unit is' }],
    ],
  ] as [DateRule, unknown][])('refuses %j', (rule, faults) => {
    expect(checkRule(rule)).toEqual(faults);
  });

  it('finds nothing wrong with a rule that has its numbers', () => {
    fc.assert(fc.property(anyRule, (rule) => checkRule(rule).length === 0));
    expect(checkRule({ kind: 'offset', from: { activity: 'annual_plan' }, amount: null, unit: null, direction: 'before' })).toEqual([]);
    expect(checkRule({ kind: 'range', from: '2025-01-01', to: '2025-01-01' })).toEqual([]);
  });
});

describe('quarterOf', () => {
  it.each([
    ['2024-01-01', 1],
    ['2024-03-31', 1],
    ['2024-04-01', 2],
    ['2024-09-30', 3],
    ['2024-10-01', 4],
    ['2024-12-31', 4],
  ])('%s lies in quarter %i', (day, expected) => {
    expect(quarterOf(day)).toBe(expected);
  });
});

const dayOfPublication: RuleContext['dayOf'] = (from) => ('activity' in from && from.activity === 'publication' ? '2024-04-01' : null);

const anyYear = fc.integer({ min: 2014, max: 2050 });
const anyRule: fc.Arbitrary<DateRule> = fc.oneof(
  fc.record({ kind: fc.constant('fixed'), on: anyDay }),
  fc.tuple(anyDay, fc.nat({ max: 900 })).map(([from, n]): DateRule => ({ kind: 'range', from, to: addDays(from, n) })),
  fc.record({ kind: fc.constant('period'), unit: fc.constant('month'), year: anyYear, number: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('period'), unit: fc.constant('quarter'), year: anyYear, number: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('period'), unit: fc.constant('year'), year: anyYear, number: fc.constant(null) }),
  fc.record({
    kind: fc.constant('offset'),
    from: fc.constant({ activity: 'signing' as const }),
    amount: fc.nat({ max: 300 }),
    unit: fc.constantFrom('day', 'week', 'month', 'working_day'),
    direction: fc.constantFrom('before', 'after'),
  }),
  fc.record({
    kind: fc.constant('slot'),
    every: fc.constant('quarter'),
    lead: fc.record({ amount: fc.nat({ max: 24 }), unit: fc.constantFrom('day', 'week', 'month') }),
  }),
  fc.constant<DateRule>({ kind: 'none' }),
);
