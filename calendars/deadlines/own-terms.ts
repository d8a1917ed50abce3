/** Terms that start with an organisation's own event: the day on which its contract was received. */
import type { Basis, Conflict, Content, Days, Deadline, Precedent } from './deadline.ts';
import { nameUuid } from '../name-uuid.ts';
import { UNSAID } from './content.ts';
import { precedentFor } from './precedent.ts';
import { resolveDays, type OffsetRule } from './rules.ts';
import type { Activity, CareType, Day, EventKind } from '../terms.ts';
import { projectedGround, writeTerms } from './wording/grounds.ts';

/** A rule that an own event starts, with its length. */
export type OwnTermRule = OffsetRule & { amount: number; from: { event: EventKind } };

/** The rule of a term that an own event starts; null for every other rule, and where the term's length is not known. */
export function ownTermRule({ rule }: Pick<Content, 'rule'>): OwnTermRule | null {
  return rule.kind === 'offset' && 'event' in rule.from && rule.amount !== null ? (rule as OwnTermRule) : null;
}

/** A term of a contract year that no document gives it for. It has no day before its event. */
export interface ProjectedTerm {
  id: string;
  careType: CareType;
  activity: Activity;
  content: Content;
  precedent: Precedent | null;
}

/**
 * The terms that an insurer is expected to have in a contract year, by the last document that has the rule: of an earlier year, or else of the
 * first year after. What has no activity of its own is expected in no other year. None for an activity that somebody entered for the year itself, also when it was withdrawn since. `known`: what is known of
 * this insurer. The same input gives the same answer, ids included.
 */
export function projectOwnTerms(insurer: string, contractYear: number, known: readonly Deadline[]): ProjectedTerm[] {
  const stated = known.filter(
    (one) => one.insurer === insurer && one.activity !== 'other' && one.certainty === 'stated' && ownTermRule(one) !== null,
  );
  const entered = new Set(
    known.filter((one) => one.contractYear === contractYear && one.certainty !== 'expected').map((one) => one.activity),
  );
  const others = stated.filter((one) => one.status === 'published' && !entered.has(one.activity));
  return [...Map.groupBy(others, ({ activity }) => activity).values()].flatMap((terms) => {
    const years = terms.map((one) => one.contractYear);
    const before = years.filter((year) => year < contractYear);
    const from = before.length > 0 ? Math.max(...before) : Math.min(...years);
    return terms.filter((one) => one.contractYear === from).map((one) => projectTerm(insurer, contractYear, one));
  });
}

/** Drawn once, and never to change: from it follow the ids of projected terms. */
const NAMESPACE = '8a2c1f0e-6d0b-4c61-9e0f-5c2c8e1f7d34';

function projectTerm(insurer: string, contractYear: number, stated: Deadline): ProjectedTerm {
  const { activity, boundary, careType, duty, id: deadlineId, insurerKind = null, kind, rule, title } = stated;
  const ground = { kind: 'earlier_year', deadlineId } as const;
  const said = projectedGround({ activity, contractYear, insurerKind, rule, precedent: stated, basis: ground }, 'nl');
  const basis: Basis = { ...ground, text: said!.join(' ') };
  return {
    id: nameUuid(NAMESPACE, `${insurer}/${contractYear}/${activity}/${careType}`),
    careType,
    activity,
    content: {
      kind,
      title: laterTitle(title, contractYear - stated.contractYear),
      rule,
      boundary,
      certainty: 'expected',
      basis,
      reportingYear: null,
      duty: { ...duty, deliverable: null },
      ...UNSAID,
    },
    precedent: precedentFor({ insurer, contractYear, activity, basis }, [stated]),
  };
}

/** A title with every year that it names moved along. */
function laterTitle(title: string, years: number): string {
  return title.replaceAll(/\b20\d\d\b/g, (year) => String(Number(year) + years));
}

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

/** The assumed day of signing (`assumedOn`) beside a term, where it is sooner: an assumption shortens no term, and is told beside it. */
export function besideAssumption(dueOn: Day | null, assumedOn: Day | null): Day | null {
  return dueOn === null || assumedOn === null || assumedOn >= dueOn ? null : assumedOn;
}

function conflictOfTerms(signingSafeOn: Day, dueOn: Day): Conflict {
  const days = [signingSafeOn, dueOn];
  return { kind: 'terms', days, text: writeTerms(days, 'nl') };
}
