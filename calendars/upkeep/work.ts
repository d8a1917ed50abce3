/** What the registry asks of its editors, per insurer: as counts, and in words. */
import type { Deadline } from '../deadlines/deadline.ts';
import type { Day } from '../terms.ts';
import type { Say } from '../words.ts';
import { checkReason, lacksOf } from './upkeep.ts';

/** What there is to do for an insurer. */
export interface ShelfWork {
  /** The contract year whose policy is missing. */
  policyOf: number | null;
  /** How many entries are to be checked, and how many are so. */
  check: number;
  unreadable: number;
  conflict: number;
  assumed: number;
  outdated: number;
}

/** In the order in which they are said. */
const COUNTED = ['check', 'unreadable', 'conflict', 'assumed', 'outdated'] as const satisfies readonly (keyof ShelfWork)[];

/** What an insurer's entries, or those that hold for all, ask for on a day. */
export function workOf(
  { deadlines, isSector, newestDocumentOn }: { deadlines: readonly Deadline[]; isSector: boolean; newestDocumentOn: Day | null },
  today: Day,
): ShelfWork {
  const { assumed, conflicts, outdated, policyOf, unreadable } = lacksOf(deadlines, today);
  return {
    // No policy is expected of what holds for all insurers.
    policyOf: isSector ? null : policyOf,
    check: deadlines.filter((one) => checkReason(one, newestDocumentOn, today) !== null).length,
    unreadable: unreadable.length,
    conflict: conflicts.length,
    assumed,
    outdated,
  };
}

/** A line for each thing that there is to do. */
export function workLines({ policyOf, ...counts }: ShelfWork, say: Say): string[] {
  const [check, ...rest] = COUNTED.map((name) => (counts[name] === 0 ? [] : [say(`common:work.${name}`, { count: counts[name] })]));
  const policy = policyOf === null ? [] : [say('common:work.policy', { year: policyOf, before: policyOf - 1 })];
  return [...check!, ...policy, ...rest.flat()];
}
