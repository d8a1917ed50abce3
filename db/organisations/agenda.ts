/** An organisation's agenda: every deadline that concerns it or those it delivers for, with its own dates, steps and completions. */
import { isTakenBack } from '../../calendars/deadlines/certainty.ts';
import { concernOf, type AgendaItem, type Party } from '../../calendars/agenda/concern.ts';
import { preferredAmong } from '../../calendars/agenda/leading.ts';
import { isOtherCare } from '../../calendars/deadlines/contract-terms.ts';
import { isCounted } from '../../calendars/deadlines/kinds.ts';
import { compareDeadlines, type Sort } from '../../calendars/deadlines/listing.ts';
import { arrangedBefore, mayComeBefore } from '../../calendars/deadlines/precedent.ts';
import { handOverDayOf } from '../../calendars/reminders/reminders.ts';
import type { Reader, RelationStatus } from '../../calendars/terms.ts';
import { allDeadlines } from '../registry/deadlines.ts';
import { combineSequenceNumbers, type SequenceNumber } from './numbering/sequence-numbers.ts';
import {
  answerOf,
  preferredOf,
  readAgendaInput,
  recordedOf,
  type AgendaInput,
  type Member,
  type RecordedCompletion,
} from './agenda-input.ts';
import { ownDates } from './own-dates.ts';
import { activityKey, contractKey, indexDeadlines, type AgendaIndex } from './agenda-index.ts';
import { insurerNames } from '../registry/insurers.ts';
import type { Revision } from '../registry/revisions.ts';
import type { ReadDb } from '../store/store.ts';

/**
 * The agenda of one organisation, by day, undated last, preferred insurers first within a day. A deadline that concerns the organisation stands
 * once, in its own role; what concerns only those it delivers for stands once for all of them, and apart for each that has its own date.
 * With `readers` only what concerns it, or those, as one of them.
 */
export async function readAgenda(db: ReadDb, organisationId: string, options: AgendaOptions = {}): Promise<AgendaItem[]> {
  const agendaInput = await readAgendaInput(db, organisationId);
  const insurers = insurersOf(agendaInput);
  const deadlines = await allDeadlines(db, { insurers, withSector: true, withdrawnToo: true });
  return agendaOf(agendaInput, { deadlines, names: await insurerNames(db) }, options);
}

/** Reads agendas with what was withdrawn, that of each organisation once. */
export function agendaReader(db: ReadDb): (organisationId: string) => Promise<AgendaItem[]> {
  const agendas = new Map<string, Promise<AgendaItem[]>>();
  return (id) => {
    const agenda = agendas.get(id) ?? readAgenda(db, id, { withdrawnToo: true });
    agendas.set(id, agenda);
    return agenda;
  };
}

export interface AgendaOptions {
  sort?: Sort;
  fromContractYear?: number;
  withdrawnToo?: boolean;
  readers?: readonly Reader[] | null;
}

/** The registry's part of an agenda: every deadline of its insurers and of the sector, withdrawn ones too, and names by slug. */
export interface AgendaSource {
  deadlines: readonly Revision[];
  names: ReadonlyMap<string, string>;
}

/** The slugs of all insurers that these organisations deal with. */
export function insurersOf({ members }: Pick<AgendaInput, 'members'>): string[] {
  return [...new Set(members.flatMap(({ relations }) => relations.map(({ insurerSlug }) => insurerSlug)))];
}

/** The agenda as `readAgenda` gives it, from what was read before. */
export function agendaOf(agendaInput: AgendaInput, { deadlines: all, names }: AgendaSource, options: AgendaOptions = {}): AgendaItem[] {
  const { sort, fromContractYear = 0, withdrawnToo = false, readers = null } = options;
  const organisationId = agendaInput.members[0]?.id;
  const index = indexDeadlines(all, fromContractYear);
  const deadlines = index.deadlines.filter((one) => (withdrawnToo ? !isTakenBack(one) : one.status === 'published'));
  const compare = compareDeadlines(sort);
  const [owner] = agendaInput.members;
  const preferred = new Set(owner ? preferredOf(owner) : []);
  const steps = Map.groupBy(agendaInput.steps, ({ deadlineId }) => deadlineId);
  return mergeAll(
    agendaInput.members.flatMap((member) => itemsOf(member, agendaInput, { ...index, deadlines, readers })),
    organisationId,
  )
    .map(({ member, ownDated, ...item }) => ({
      ...item,
      ...renumbered(item, agendaInput.sequenceNumbers),
      ...handedOver(item, member === organisationId),
      doneSequenceNumber: agendaInput.sequenceNumbers.get(`done:${item.deadline.id}`) ?? null,
      insurerName: item.deadline.insurer === null ? null : (names.get(item.deadline.insurer) ?? item.deadline.insurer),
      preferred: item.deadline.insurer !== null && preferred.has(item.deadline.insurer),
      ...answerOf(completionOf({ member, ownDated, ...item }, agendaInput, index), item.deadline),
      steps: steps.get(item.deadline.id) ?? [],
    }))
    .sort((a, b) => (sameDay(a, b, sort) && Number(b.preferred) - Number(a.preferred)) || compare(a.deadline, b.deadline));
}

/**
 * What stands beside a deadline, and its sequence number with theirs. `all`: what is known of its insurer, withdrawn ones too. With `party` only
 * what concerns it; the number is the same for everybody.
 */
export function withArranged(
  deadline: Revision,
  all: readonly Revision[],
  party?: Party,
): SequenceNumber & { arrangedBefore: readonly Revision[] } {
  // Withdrawn or overtaken ones go on to count: what was counted once must not fall away.
  const counted = all
    .filter((one) => mayComeBefore(one, deadline))
    .map(({ sequence, changedAt }) => ({ sequence: sequence + 1, changedAt }));
  return {
    arrangedBefore: arrangedBefore(deadline, all).filter((one) => party === undefined || concernOf(one, party) !== null),
    ...combineSequenceNumbers([deadline, ...counted]),
  };
}

/** An item on its way, before what is the whole agenda's is added. */
type Candidate = Omit<AgendaItem, 'insurerName' | 'preferred' | 'completion' | 'askedAgain' | 'doneSequenceNumber' | 'steps'> & {
  member: string;
  ownDated: boolean;
};

function itemsOf(
  member: Member,
  agendaInput: AgendaInput,
  { arranged, deadlines, readers, requests, siblings, signings, terms }: AgendaIndex & Pick<Required<AgendaOptions>, 'readers'>,
): Candidate[] {
  const roles = member.roles.filter((role) => readers?.includes(role) ?? true);
  const [owner] = agendaInput.members;
  const ofParent = owner && owner.id !== member.id ? preferredOf(owner) : agendaInput.parentPreferred;
  const party = {
    roles,
    relations: new Map(member.relations.map((relation) => [relation.insurerSlug, relation.contractStatus])),
    preferred: preferredAmong(preferredOf(member), ofParent),
    terms,
  };
  return deadlines.flatMap((deadline): Candidate[] => {
    const as = concernOf(deadline, party);
    if (as === null || (readers && !readers.includes(as))) return [];
    const before = withArranged(deadline, arranged.get(deadline.insurer) ?? [], party);
    const who = {
      as,
      organisations: [{ id: member.id, name: member.name }],
      relation: relationFor(member.id, deadline, party, agendaInput),
      member: member.id,
      ...careOf(deadline, as === 'informed' ? roles : [as], siblings.get(activityKey(deadline)) ?? [], before),
      ...(deadline.activity === 'signing' ? { requestOn: requests.get(contractKey(deadline)) ?? null } : {}),
    };
    const ownDeadline = ownDates(member, agendaInput, deadline, signings.get(contractKey(deadline)) ?? []);
    if (ownDeadline) return [{ ...who, ...ownDeadline, ownDated: true }];
    return [{ ...who, deadline, uid: deadline.id, ownDated: false }];
  });
}

/**
 * Whether a stated day is for a kind of care that none of these roles has, and what the others of its activity add to its sequence number: whether
 * one for the reader's own is stated beside it changes what is said of it.
 */
function careOf(
  deadline: Revision,
  roles: readonly Reader[],
  siblings: readonly Revision[],
  before: ReturnType<typeof withArranged>,
): ReturnType<typeof withArranged> & Pick<AgendaItem, 'otherCare'> {
  // All count, always, whatever they say and whoever reads: what was counted once must not fall away.
  const counted = siblings.filter(({ id }) => id !== deadline.id).map(({ sequence, changedAt }) => ({ sequence: sequence + 1, changedAt }));
  const numbered = { ...before, ...combineSequenceNumbers([before, ...counted]) };
  const own = roles.filter((role) => role !== 'informed');
  if (deadline.certainty !== 'stated' || deadline.dueOn === null || !isCounted(deadline) || !isOtherCare(deadline.careType, own))
    return numbered;
  const isBeside = siblings.some(
    ({ careType, certainty, dueOn, status }) =>
      !isOtherCare(careType, own) && certainty === 'stated' && dueOn !== null && status === 'published',
  );
  return { ...numbered, otherCare: isBeside ? 'beside' : 'only' };
}

/** How a member stands with a deadline's insurer: who received the agreement of its year has one. */
function relationFor(
  memberId: string,
  { contractYear, insurer }: Revision,
  { relations }: Party,
  { ownEvents }: AgendaInput,
): RelationStatus | null {
  const hasReceived = ownEvents.some(
    (event) =>
      event.kind === 'contract_received' &&
      event.organisationId === memberId &&
      event.insurerSlug === insurer &&
      event.contractYear === contractYear,
  );
  return hasReceived ? 'contracted' : insurer === null ? null : (relations.get(insurer) ?? null);
}

/**
 * Whether it is done. A member's own date is done by that member alone; what is the organisation's, or delivered by it for others, when it says so
 * itself; and what is only others' also when each of them does.
 */
function completionOf(
  { member, ownDated, deadline, organisations }: Pick<Candidate, 'member' | 'ownDated' | 'deadline' | 'organisations'>,
  agendaInput: AgendaInput,
  { signed }: AgendaIndex,
): RecordedCompletion | null {
  const by = (id: string) => recordedOf(agendaInput.completions, id, deadline, signed.get(contractKey(deadline)) ?? []);
  const ownerId = agendaInput.members[0]?.id ?? member;
  if (member === ownerId) return by(member);
  const [one] = organisations;
  if (ownDated && one) return asToldToOthers(by(member), one);
  const own = by(ownerId);
  if (own) return own;
  const all = organisations.map(({ id }) => by(id));
  const last = organisations.at(-1);
  return all.includes(null) || !last ? null : asToldToOthers(all.at(-1) ?? null, last);
}

/** What others learn of what a member did: that it did, and when; not which of its people said so, nor what proves it. */
function asToldToOthers(recorded: RecordedCompletion | null, { name }: { name: string }): RecordedCompletion | null {
  if (recorded === null) return null;
  const { notApplicable, ...done } = recorded;
  const told = { ...done, by: name, evidence: null };
  return notApplicable === undefined ? told : { ...told, notApplicable: '' };
}

/** By when the reader hands its own part over; what it has no part in, because others hand theirs over, is not told so. */
function handedOver(item: Pick<Candidate, 'as' | 'deadline'>, isReaders: boolean): Pick<AgendaItem, 'handOverOn'> {
  const handOverOn = isReaders ? handOverDayOf(item) : null;
  return handOverOn === null ? {} : { handOverOn };
}

/** The sequence number of an item, with what changes of the organisation itself add to it. */
function renumbered(
  { uid, sequence, changedAt }: Pick<Candidate, 'uid' | 'sequence' | 'changedAt'>,
  numbers: AgendaInput['sequenceNumbers'],
): SequenceNumber {
  const ownNumbers = [numbers.get('all'), numbers.get(`event:${uid}`)].filter((number) => number !== undefined);
  return combineSequenceNumbers([{ sequence, changedAt }, ...ownNumbers]);
}

/** Keeps one item per deadline: the organisation's own before its members', members' together unless dated on their own. */
function mergeAll(candidates: readonly Candidate[], organisationId: string | undefined): Candidate[] {
  const shared = new Map<string, Candidate>();
  return candidates.filter((candidate) => {
    const same = candidate.ownDated ? undefined : shared.get(candidate.deadline.id);
    if (same && same.member !== organisationId) {
      same.organisations.push(...candidate.organisations);
      same.relation = closest(same.relation, candidate.relation);
      // What holds for the care of one of them holds.
      if (!candidate.otherCare) same.otherCare = null;
    }
    if (!same && !candidate.ownDated) shared.set(candidate.deadline.id, candidate);
    return !same;
  });
}

/** Of two relations the one that asks more: who has an agreement signs it. */
function closest(a: RelationStatus | null, b: RelationStatus | null): RelationStatus | null {
  return CLOSENESS.find((relation) => relation === a || relation === b) ?? null;
}

const CLOSENESS = ['contracted', 'unknown', 'uncontracted'] as const satisfies readonly RelationStatus[];

function sameDay(a: AgendaItem, b: AgendaItem, sort: Sort = 'dueOn'): boolean {
  return sort.endsWith('dueOn') && a.deadline.dueOn === b.deadline.dueOn;
}
