/** Which deadlines concern an organisation, and as whom. */
import { isProjected } from '../deadlines/certainty.ts';
import { careTypeOf, isBoundByTerm, runningTerm, type ContractTerm } from '../deadlines/contract-terms.ts';
import type { Deadline, Duty } from '../deadlines/deadline.ts';
import type { Step } from './step.ts';
import { ROLES, type Day, type Outcome, type Reader, type RelationStatus, type Role } from '../terms.ts';

/** What must be known of an organisation to tell what concerns it. */
export interface Party {
  roles: readonly Role[];
  /** How it stands with each insurer it deals with, by slug. */
  relations: ReadonlyMap<string, RelationStatus>;
  /** The insurers that lead for it, by slug: those it named, else those its RO named; null where nobody named any. */
  preferred: ReadonlySet<string> | null;
  /** The contract terms of the insurers it deals with, by slug. */
  terms: ReadonlyMap<string | null, readonly ContractTerm[]>;
}

/** Something done with: by whom, when, and what proves it. */
export interface Completion {
  completedOn: Day;
  by: string;
  evidence: string | null;
  /** Why it does not hold for the organisation; not there where it was handed in. */
  notApplicable?: string;
}

/** A completion as it is kept: whether it was handed in stands beside why it need not be. */
export function completionOf({
  by,
  completedOn,
  evidence,
  outcome,
  reason,
}: Omit<Completion, 'notApplicable'> & { outcome: Outcome; reason: string | null }): Completion {
  return { completedOn, by, evidence, ...(outcome === 'not_applicable' ? { notApplicable: reason ?? '' } : {}) };
}

/** Whether what was said of a deadline then still holds: not, where it was of an assumption and the real day came after. */
export function holdsSince(recordedAt: Date, { confirmedAt = null }: Pick<Deadline, 'confirmedAt'>): boolean {
  return confirmedAt === null || recordedAt >= confirmedAt;
}

/** One deadline as it stands in one organisation's list. */
export interface AgendaItem {
  /** With the organisation's own computed days in place of the registry's, where an own event started a term. */
  deadline: Deadline;
  /** Null for a duty of the whole sector. */
  insurerName: string | null;
  preferred: boolean;
  as: Reader;
  /** Whose duty it is: the organisation itself, or those it delivers for. */
  organisations: { id: string; name: string }[];
  /** How those stand with the insurer, the closest of them: contracted too who received the agreement of that year. Null for a duty of the whole sector. */
  relation: RelationStatus | null;
  /** Identity in a calendar: stable for life, rising with every visible change. */
  uid: string;
  sequence: number;
  changedAt: Date;
  completion: Completion | null;
  /** What was done while the day was not known, and does not count for the one that is stated now: to be asked again. Else null. */
  askedAgain: Completion | null;
  /** How often its completion changed, and when last: it counts where a calendar shows completions. */
  doneSequenceNumber: { sequence: number; changedAt: Date } | null;
  steps: Step[];
  /** Until when its insurer took requests for a contract of that year, beside signing for whom may have none; not given where nobody knows. */
  requestOn?: Day | null;
  /** By when the reader had best hand its own part to who submits it: our advice. Not given where it submits it itself, or has no part. */
  handOverOn?: Day | null;
  /** That a stated day is for another kind of care than the reader's: the only one that is stated (`only`), or beside one for the reader's own. Not given where it is not. */
  otherCare?: 'only' | 'beside' | null;
  /** Who else has not said that it is done, by name, where its reader is told so with its own reminder; not given where it is not. */
  undoneBy?: readonly string[];
  /** Where the policy of the insurer stands, of what it does itself; not given where nobody knows. */
  policyUrl?: string | null;
  /** What had to be arranged before it without a day of its own, as far as that concerns the reader. */
  arrangedBefore: readonly Deadline[];
}

/**
 * As whom the deadline concerns the organisation, or null when it does not. An insurer's own act concerns its organisations as `informed`. For whom
 * an agreement runs on, there is nothing to sign, nor to read, unless the insurer says so itself.
 */
export function concernOf(
  deadline: Pick<Deadline, 'activity' | 'certainty' | 'contractYear' | 'insurer' | 'duty'>,
  party: Party,
): Reader | null {
  if (deadline.insurer !== null && !holdsFor(deadline.duty, party.relations.get(deadline.insurer))) return null;
  if (deadline.insurer !== null && isForPreferred(deadline) && !mayPrefer(deadline.insurer, party)) return null;
  if (isContracted(deadline, party)) return null;
  return readerOf(deadline.duty, party.roles);
}

/** Whether the reader hands its part to whoever submits it on its behalf, and submits nothing itself. */
export function isHandedOver({ actors, onBehalfOf }: Pick<Duty, 'actors' | 'onBehalfOf'>, as: Reader): boolean {
  return as !== 'informed' && onBehalfOf.includes(as) && !actors.includes(as) && !actors.includes('provider');
}

/** Whether there may be nothing to sign for the reader: nobody knows that an agreement was offered. Then that is asked first. */
export function mayLackOffer({
  as,
  deadline,
  relation,
}: Pick<AgendaItem, 'as' | 'relation'> & { deadline: Pick<Deadline, 'activity'> }): boolean {
  return deadline.activity === 'signing' && as !== 'informed' && relation !== null && relation !== 'contracted';
}

/** Whether the reader has no agreement with the insurer, as far as anybody knows: then it is asked once whether it was offered one, and no more. */
export function isAskedOnce(item: Parameters<typeof mayLackOffer>[0]): boolean {
  return mayLackOffer(item) && item.relation === 'uncontracted';
}

/** Plans and accounts go to the insurer that leads, and the others follow: what another insurer is only thought to want, nobody is told. */
function isForPreferred(deadline: Pick<Deadline, 'activity' | 'certainty'>): boolean {
  return isProjected(deadline) && (deadline.activity === 'accounts' || deadline.activity === 'annual_plan');
}

/** Whether nobody stated it, and each of the roles has an agreement that runs on. */
function isContracted(deadline: Pick<Deadline, 'activity' | 'certainty' | 'contractYear' | 'insurer'>, { roles, terms }: Party): boolean {
  if (deadline.certainty === 'stated' || !isBoundByTerm(deadline) || roles.length === 0) return false;
  const ofInsurer = terms.get(deadline.insurer) ?? [];
  return roles.every((role) => {
    const careType = careTypeOf(role);
    return careType !== null && runningTerm(ofInsurer, deadline.contractYear, careType) !== null;
  });
}

function mayPrefer(insurer: string, { preferred, relations }: Party): boolean {
  return relations.get(insurer) !== 'uncontracted' && (preferred?.has(insurer) ?? true);
}

/** Whether a duty holds for who stands so with its insurer: an unknown contract status gets the duties of both. */
export function holdsFor(duty: Duty, status: RelationStatus | undefined): boolean {
  if (status === undefined) return false;
  return duty.contractStatus === 'any' || status === 'unknown' || duty.contractStatus === status;
}

function readerOf({ actors, onBehalfOf }: Duty, roles: readonly Role[]): Reader | null {
  const inOrder = ROLES.filter((role) => roles.includes(role));
  const named = inOrder.find((role) => actors.includes(role)) ?? inOrder.find((role) => onBehalfOf.includes(role));
  if (named) return named;
  if (actors.includes('provider') || onBehalfOf.includes('provider')) return inOrder[0] ?? null;
  return actors.every((actor) => actor === 'insurer') ? 'informed' : null;
}
