/** Terms that start with an organisation's own event: the day on which its contract was received. */
import { writeDay } from '../days.ts';
import type { Conflict, Days } from './deadline.ts';
import { resolveDays, type OffsetRule } from './rules.ts';
import type { Day } from '../terms.ts';

/** How long the term is. What is not given: after the receipt of the contract. */
type Term = Pick<OffsetRule, 'amount' | 'unit'> & Partial<OffsetRule>;

/**
 * The days of a signing term for an organisation that received its contract: "within six weeks after the day of receipt" ends 42 days
 * later, that day included. Where signing is due earlier (`signingSafeOn`, null when not known) both bind: the last safe day is the
 * earlier one, and a conflict of terms names both. All null when the term's length is not known.
 */
export function ownSigningTerm(receivedOn: Day, term: Term, signingSafeOn: Day | null): Days & { conflict: Conflict | null } {
  const rule: OffsetRule = { from: { event: 'contract_received' }, direction: 'after', ...term, kind: 'offset' };
  const resolve = (conflict: Conflict | null) =>
    resolveDays(rule, 'by', { contractYear: 0, slot: null, dayOf: () => receivedOn, conflict });
  const { dueOn } = resolve(null);
  const conflict = dueOn !== null && signingSafeOn !== null && dueOn > signingSafeOn ? conflictOfTerms(signingSafeOn, dueOn) : null;
  return { ...resolve(conflict), conflict };
}

function conflictOfTerms(signingSafeOn: Day, dueOn: Day): Conflict {
  const [signing, term] = [writeDay(signingSafeOn, 'nl'), writeDay(dueOn, 'nl')];
  return {
    kind: 'terms',
    days: [signingSafeOn, dueOn],
    text: `Er gelden twee termijnen. De termijn na ontvangst loopt tot en met ${term}, maar de laatste veilige dag om te ondertekenen is ${signing}. Houd ${signing} aan.`,
  };
}
