/** What a piece of news is for its reader: one word for what became of a deadline, and whether it is worth telling at all. */
import { compareNames } from '../collation.ts';
import { daysBetween } from '../days.ts';
import { isAssumed, isProjected } from '../deadlines/certainty.ts';
import { countingDay, type Deadline } from '../deadlines/deadline.ts';
import type { Day, Language, Reader } from '../terms.ts';

/** By what happened, as people are told it first. */
export const NEWS_KINDS = ['new', 'dated', 'moved', 'confirmed', 'changed', 'gone'] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];

/** A deadline as its reader knew it, or knows it now. */
export type Told = Pick<Deadline, 'certainty' | 'dueOn' | 'lastSafeOn' | 'rule'>;

/**
 * What became of a deadline. `before` and `after` are null where its reader did not have it, or has it no more. A term after an event of the
 * reader's own stands for a day until it has one.
 */
export function newsKind(before: Told | null, after: Told | null): NewsKind {
  if (after === null) return 'gone';
  if (before === null) return 'new';
  const [was, is] = [whenOf(before), whenOf(after)];
  const isStated = after.certainty === 'stated';
  if (was === is) return isStated && is !== null && isUnstated(before) ? 'confirmed' : 'changed';
  return isStated && is !== null && (was === null || isAssumed(before)) ? 'dated' : 'moved';
}

/** A piece of news, as far as it decides what it is told with. */
export interface Piece {
  kind: NewsKind;
  after: Deadline;
  insurerName: string | null;
  as: Reader;
  organisations: readonly { id: string }[];
}

/**
 * Puts together what happened to one activity of one contract year at several insurers, for the same reader and holders and equally sure. Groups
 * stand in the order of their first piece; in a group the soonest day comes first, and on one day, or without one, they stand by name.
 */
export function newsGroups<T extends Piece>(pieces: readonly T[], language: Language): [T, ...T[]][] {
  const compare = (a: T, b: T) => compareDays(a, b) || compareNames(a.insurerName ?? '', b.insurerName ?? '', language);
  return [...Map.groupBy(pieces, groupKey).values()].map((some) => {
    const [first, ...rest] = some.toSorted(compare);
    return [first!, ...rest];
  });
}

function groupKey({ kind, after, as, organisations }: Piece): string {
  const { activity, certainty, contractYear, key, slot, status } = after;
  const holders = organisations.map(({ id }) => id);
  return JSON.stringify([kind, status, as, holders, activity, contractYear, certainty, slot, key]);
}

function compareDays(a: Piece, b: Piece): number {
  const [first, second] = [a, b].map(({ after }) => countingDay(after) ?? '9999');
  return first! < second! ? -1 : first! > second! ? 1 : 0;
}

/** For how many days after its day something is still told: somebody may have to act on it all the same. */
const TOLD_FOR_DAYS = 31;

/** Whether news is of any use on a day. `days`: those that count, before and after; where all that there are lie long back, it is not. */
export function isWorthTelling(days: readonly (Day | null)[], today: Day): boolean {
  const named = days.filter((day) => day !== null);
  return named.length === 0 || named.some((day) => daysBetween(day, today) <= TOLD_FOR_DAYS);
}

/** Whether nobody stated a day that there was. */
function isUnstated(told: Told): boolean {
  return isProjected(told) || told.certainty === 'sector_rule';
}

/** When it is, in one text: the day that counts, else the term that starts with an own event; null where nothing is known. */
function whenOf({ rule, ...days }: Told): string | null {
  const day = countingDay(days);
  if (day !== null || rule.kind !== 'offset' || !('event' in rule.from) || rule.amount === null) return day;
  return JSON.stringify([rule.from.event, rule.amount, rule.unit, rule.direction]);
}
