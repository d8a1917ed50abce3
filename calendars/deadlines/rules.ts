/** From a date rule to days: the day the text names, and the last day that is in time by every reading. */
import { addDays, addMonths, addWeeks, earliest } from '../days.ts';
import type { Conflict, Content, DateRule, Days } from './deadline.ts';
import type { Fault } from '../errors.ts';
import { addWorkingDays } from '../holidays.ts';
import type { Day } from '../terms.ts';

export type OffsetRule = Extract<DateRule, { kind: 'offset' }>;
type PeriodRule = Extract<DateRule, { kind: 'period' }>;
type SlotRule = Extract<DateRule, { kind: 'slot' }>;

/** Whether a rule's day is reckoned from another day, so that no source names it. */
export function isReckoned({ kind }: DateRule): boolean {
  return kind === 'offset' || kind === 'slot';
}

/** What a rule needs beside itself. */
export interface RuleContext {
  contractYear: number;
  /** The quarter of the contract year, 1 to 4, where a rule gives one deadline per quarter. */
  slot: number | null;
  /** The day of the other deadline or own event that an offset counts from; null when it is not known. */
  dayOf: (from: OffsetRule['from']) => Day | null;
  conflict?: Conflict | null;
}

/**
 * `dueOn` is the day the rule names, never moved: of a range or period the last. `lastSafeOn` is that day for `by`, the day before for
 * `before` (of a period: before its first day), and the first day of a range or period for `per`; where readings or terms conflict, the earliest of all. Null: not known.
 */
export function resolveDays(rule: DateRule, boundary: Content['boundary'], context: RuleContext): Days {
  const named = namedDays(rule, context);
  if (!named) return { dueOn: null, lastSafeOn: null };
  return { dueOn: named.last, lastSafeOn: earliest([safeDay(rule, named, boundary), ...(context.conflict?.days ?? [])]) };
}

/** What is wrong with a rule that fits the schema: a range that ends before it starts, a number its unit does not have, half an offset. */
export function checkRule(rule: DateRule): Fault[] {
  switch (rule.kind) {
    case 'range':
      return rule.from > rule.to ? [{ field: 'rule.to', message: `must not be before rule.from, ${rule.from}` }] : [];
    case 'period':
      return checkPeriod(rule);
    case 'offset':
      if ('activity' in rule.from && rule.from.activity === 'other')
        return [{ field: 'rule.from.activity', message: 'must not be other: a year may have several of these' }];
      if ((rule.amount === null) === (rule.unit === null)) return [];
      return [{ field: rule.amount === null ? 'rule.amount' : 'rule.unit', message: 'must be given when the other of amount and unit is' }];
    default:
      return [];
  }
}

/** The quarter in which a day lies, 1 to 4. */
export function quarterOf(day: Day): number {
  return Math.ceil(Number(day.slice(5, 7)) / 3);
}

/** The first and the last day that a rule names: the same one, save for a range or a period. */
interface Named {
  first: Day;
  last: Day;
}

function namedDays(rule: DateRule, context: RuleContext): Named | null {
  switch (rule.kind) {
    case 'fixed':
      return oneDay(rule.on);
    case 'range':
      return { first: rule.from, last: rule.to };
    case 'period':
      return periodDays(rule);
    case 'offset':
      return oneDay(offsetDay(rule, context.dayOf(rule.from)));
    case 'slot':
      return oneDay(slotDay(rule, context));
    default:
      rule.kind satisfies 'event' | 'none';
      return null;
  }
}

function oneDay(day: Day | null): Named | null {
  return day === null ? null : { first: day, last: day };
}

const MONTHS_IN = { month: 1, quarter: 3, year: 12 } as const;

/** Null for a period whose number does not fit its unit, rather than a guess. */
function periodDays(rule: PeriodRule): Named | null {
  if (checkPeriod(rule).length > 0) return null;
  const months = MONTHS_IN[rule.unit];
  const first = addMonths(`${rule.year}-01-01`, ((rule.number ?? 1) - 1) * months);
  return { first, last: addDays(addMonths(first, months), -1) };
}

function checkPeriod({ unit, number }: PeriodRule): Fault[] {
  const field = 'rule.number';
  if (unit === 'year') return number === null ? [] : [{ field, message: 'must be null for a year' }];
  const most = 12 / MONTHS_IN[unit];
  return number !== null && number >= 1 && number <= most ? [] : [{ field, message: `must be 1 to ${most} for a ${unit}` }];
}

function offsetDay({ amount, unit, direction }: OffsetRule, from: Day | null): Day | null {
  if (from === null || amount === null || unit === null) return null;
  return ADD[unit](from, direction === 'after' ? amount : -amount);
}

/** The start of a quarter, less the time that is needed before it. */
function slotDay({ lead }: SlotRule, { contractYear, slot }: RuleContext): Day | null {
  if (slot === null) return null;
  return ADD[lead.unit](addMonths(`${contractYear}-01-01`, (slot - 1) * 3), -lead.amount);
}

const ADD = { day: addDays, week: addWeeks, month: addMonths, working_day: addWorkingDays } as const;

/** "Before July" means before its first day; "before" a range is read as before its end, since its start is when the work begins. */
function safeDay(rule: DateRule, { first, last }: Named, boundary: Content['boundary']): Day {
  if (boundary === 'before') return addDays(rule.kind === 'period' ? first : last, -1);
  return boundary === 'per' ? first : last;
}
