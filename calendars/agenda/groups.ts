/** Groups: what is told of together, because it is one activity of one contract year, equally sure, of the same reader. */
import { compareNames } from '../collation.ts';
import { isAssumed } from '../deadlines/certainty.ts';
import { mayLackOffer, type AgendaItem } from './concern.ts';
import { countingDay } from '../deadlines/deadline.ts';
import type { OpenItem } from './open-duties.ts';
import { CERTAINTIES, type Certainty, type Day, type Language } from '../terms.ts';

/** Entries that are told of together: at least one. */
export interface Group<T extends AgendaItem = OpenItem> {
  items: readonly [T, ...T[]];
  /** Whether they are one block with one sentence: nobody stated a day of their own. Else each has its own day, way and quote below one heading. */
  isOneBlock: boolean;
}

/**
 * Puts what belongs together in groups: the same activity, contract year, certainty, reader role and holders. Groups stand in the order of their
 * first item, and in a group items stand by name where they are one block, else in the order they came in.
 */
export function groupsOf<T extends AgendaItem>(items: readonly T[], language: Language): Group<T>[] {
  return [...Map.groupBy(items, groupKey).values()].map((all) => {
    const isOneBlock = toldAsOne(all[0]!.deadline);
    const [first, ...rest] = isOneBlock ? all.toSorted((a, b) => compareInsurers(a, b, language)) : all;
    return { items: [first!, ...rest], isOneBlock };
  });
}

/** The first and the last day that a group counts from. */
export function daysOf({ items }: Group): { first: Day; last: Day } {
  const days = items.map(({ deadline }) => countingDay(deadline)).sort();
  return { first: days[0]!, last: days.at(-1)! };
}

/**
 * The order of mails: who acts before who only has to know, what is assumed after all others, then the soonest day, on one day the surer first,
 * whom the reader prefers, and by name.
 */
export function compareInMail(a: OpenItem, b: OpenItem, language: Language): number {
  return (
    Number(a.as === 'informed') - Number(b.as === 'informed') ||
    Number(isAssumed(a.deadline)) - Number(isAssumed(b.deadline)) ||
    compare(countingDay(a.deadline), countingDay(b.deadline)) ||
    surenessOf(a.deadline) - surenessOf(b.deadline) ||
    Number(b.preferred) - Number(a.preferred) ||
    compareInsurers(a, b, language) ||
    compare(a.uid, b.uid)
  );
}

function compareInsurers(a: Pick<AgendaItem, 'insurerName'>, b: Pick<AgendaItem, 'insurerName'>, language: Language): number {
  return compareNames(a.insurerName ?? '', b.insurerName ?? '', language);
}

function groupKey(item: AgendaItem): string {
  const { activity, certainty, contractYear, slot, key } = item.deadline;
  const holders = item.organisations.map(({ id }) => id);
  return JSON.stringify([item.as, holders, activity, contractYear, certainty, slot, key, mayLackOffer(item)]);
}

/** A rule for all, and what is assumed for many: one day, or two that a working day parts. */
function toldAsOne({ certainty }: { certainty: Certainty }): boolean {
  return certainty === 'template' || certainty === 'sector_rule';
}

/** The surer, the lower. */
const surenessOf = ({ certainty }: { certainty: Certainty }) => CERTAINTIES.indexOf(certainty);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
