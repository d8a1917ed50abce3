/** How many requirements insurers have, as far as they concern an organisation. */
import { compareNames } from '../collation.ts';
import { areByMemo } from '../deadlines/certainty.ts';
import type { Buyer } from '../deadlines/wording/buyers.ts';
import type { AgendaItem } from './concern.ts';
import type { Activity } from '../terms.ts';

/** An insurer's requirements of the newest contract year that there are any of. */
export interface Requirements extends Buyer {
  insurerName: string;
  contractYear: number;
  count: number;
  /** Whether a memo of InEen alone says so. */
  isByMemo: boolean;
}

/** The activities before which a reader has to know of them. */
const ASKING: ReadonlySet<Activity> = new Set(['contract_request', 'signing']);

/** By insurer, in the order of their names. */
export function requirementsIn(items: readonly AgendaItem[]): Requirements[] {
  const all = items.filter(({ deadline }) => deadline.kind === 'requirement' && deadline.status === 'published');
  const byInsurer = Map.groupBy(all, ({ insurerName }) => insurerName ?? '');
  return [...byInsurer]
    .map(([insurerName, own]) => {
      const contractYear = Math.max(...own.map(({ deadline }) => deadline.contractYear));
      const newest = own.filter(({ deadline }) => deadline.contractYear === contractYear);
      return {
        insurerName,
        insurerKind: newest[0]?.deadline.insurerKind ?? null,
        contractYear,
        count: newest.length,
        isByMemo: areByMemo(newest.map(({ deadline }) => deadline)),
      };
    })
    .sort((a, b) => compareNames(a.insurerName, b.insurerName, 'nl'));
}

/** Those of the insurers with whom a contract is asked for or signed among what is due. */
export function requirementsFor(due: readonly AgendaItem[], items: readonly AgendaItem[]): Requirements[] {
  const names = new Set(due.flatMap(({ deadline, insurerName }) => (ASKING.has(deadline.activity) ? [insurerName] : [])));
  return names.size === 0 ? [] : requirementsIn(items.filter(({ insurerName }) => names.has(insurerName)));
}
