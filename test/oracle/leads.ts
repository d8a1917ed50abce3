/** On which days somebody is reminded of an entry: its leads, counted back by the words and never by the code. */
import { shift } from '../helpers/mail-year.ts';
import type { Concern } from './concern.ts';
import { countingDay, isAssumption, type Row } from './registry.ts';
import { weeklyDayFrom, workingDayBy, workingDayFrom, workingDaysBefore, type Day } from './working-days.ts';

/** What a recipient chose, as far as it decides on which day it hears something. */
export interface Choices {
  leadDays: readonly number[];
  digest: 'daily' | 'weekly';
}

/** A reminder that is to come: on one of these days, and on the last of them at the latest. */
export interface Lead {
  lead: number;
  days: readonly Day[];
}

/** An assumption is told once, so many days before it. */
const ASSUMED = 42;
/** Who hands in through another counts from a day that lies so many working days before the one that counts. */
const ADVICE = 10;

/**
 * The reminders of an entry, the first one first. `requestOn`: the last day on which a contract of that insurer and year could be asked for,
 * where one is known.
 */
export function leadsOf(row: Row, concern: Concern, choices: Choices, requestOn: Day | null): Lead[] {
  const counting = countingDay(row)!;
  const own = [...choices.leadDays].sort((a, b) => b - a);
  const leads = isAssumption(row) ? [Math.max(ASSUMED, own[0]!)] : own;
  if (concern.as === 'informed') {
    const after = informedDays(row, choices);
    // For what an insurer is assumed to do both rules speak: long before, as of an assumption, or once the day has come. It is told once.
    const before = isAssumption(row) ? daysFor(leads[0]!, counting, counting, choices.digest) : [];
    return [{ lead: 0, days: [...before, ...after] }];
  }
  const from = concern.as === 'hands_over' ? workingDaysBefore(counting, ADVICE) : counting;
  const all = leads.map((lead) => ({ lead, days: daysFor(lead, from, counting, choices.digest) }));
  if (!concern.isOnce) return all;
  return all.filter(({ days }) => requestOn === null || days[0]! > requestOn).slice(0, 1);
}

/** What an insurer does itself is told once, on the working day on or after: the day it names, or the last on which it is in time. */
function informedDays(row: Row, { digest }: Choices): Day[] {
  const days = [countingDay(row)!, row.dueOn!].map(workingDayFrom);
  return [...new Set(digest === 'daily' ? days : [...days, ...days.map(weeklyDayFrom)])].sort();
}

/** So many days before, or the working day before that; with its week on Monday, unless that is too late. */
function daysFor(lead: number, from: Day, counting: Day, digest: Choices['digest']): Day[] {
  const own = workingDayBy(shift(from, -lead));
  const gathered = weeklyDayFrom(own);
  if (digest === 'daily' || gathered > counting) return [own];
  // Too late for whom: for the advice or for the day that counts? The words leave it open.
  return gathered > from ? [...new Set([own, gathered])] : [gathered];
}
