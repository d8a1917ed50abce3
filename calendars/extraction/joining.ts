/** Proposals that say one thing twice: a duty in the running text and once more in the table of days. They become one entry, with all their quotes. */
import { daysBetween } from '../days.ts';
import type { Proposal } from './proposal.ts';

/** Proposals that belong together, the one that words the day first: a row of a table before a sentence, else in the order of the text. */
export type Joined = readonly [Proposal, ...Proposal[]];

/** All proposals, joined where two of one activity say one date, or two days beside each other ("voor 1 oktober" and "1 oktober"). In the order of the text. */
export function joinProposals(proposals: readonly Proposal[]): Joined[] {
  const groups: [Proposal, ...Proposal[]][] = [];
  for (const proposal of proposals) {
    const group = groups.find((some) => some.every((one) => isSameDuty(one, proposal)));
    if (group === undefined) groups.push([proposal]);
    else group.push(proposal);
  }
  return groups.map((group) => {
    const main = group.find(isRow) ?? group[0];
    return [main, ...group.filter((one) => one !== main)];
  });
}

function isSameDuty(a: Proposal, b: Proposal): boolean {
  if (a.activity === null || a.activity !== b.activity || a.kind !== b.kind || !COUNTED.has(a.kind)) return false;
  if (a.dueOn === null || b.dueOn === null || a.rule.kind !== b.rule.kind) return false;
  // Who has a contract and who has none may have one day, and do not have one duty.
  const statuses = new Set([a.contractStatus, b.contractStatus]);
  return !(statuses.has('contracted') && statuses.has('uncontracted')) && Math.abs(daysBetween(a.dueOn, b.dueOn)) <= 1;
}

const COUNTED: ReadonlySet<Proposal['kind']> = new Set(['deadline', 'window', 'period']);

/** A row begins or ends with its day, or is quoted with the head of its table. */
function isRow({ printed, quote }: Proposal): boolean {
  return quote.includes(' (…) ') || (printed !== null && (quote.startsWith(printed) || quote.endsWith(` ${printed}`)));
}
