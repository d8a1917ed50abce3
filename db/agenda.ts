/** An organisation's agenda: every deadline that concerns it or those it delivers for, with its own dates, steps and completions. */
import { concernOf, type AgendaItem, type Completion, type Step } from '../calendars/concern.ts';
import { compareDeadlines, type Sort } from '../calendars/listing.ts';
import { nameUuid } from '../calendars/name-uuid.ts';
import { ownSigningTerm } from '../calendars/own-terms.ts';
import { allDeadlines } from './deadlines.ts';
import { eq, inArray, or } from './drizzle.ts';
import type { OwnEvent } from './events.ts';
import { insurerNames } from './insurers.ts';
import { wholeSecond, type Revision } from './revisions.ts';
import type { Organisation, Relation, Tables } from './schema.ts';
import type { ReadDb } from './store.ts';

/** Whose deadlines: an organisation, and below it those it delivers for. */
interface Household {
  members: Organisation[];
  relations: Relation[];
  events: OwnEvent[];
  ownTerms: Tables['ownTerms']['$inferSelect'][];
}

/**
 * The agenda of one organisation, by day, undated last, preferred insurers first within a day. A deadline that concerns the organisation stands
 * once, in its own role; what concerns only those it delivers for stands once for all of them, and apart for each that has its own date.
 */
export async function readAgenda(
  db: ReadDb,
  organisationId: string,
  options: { sort?: Sort; fromContractYear?: number; withdrawnToo?: boolean } = {},
): Promise<AgendaItem[]> {
  const { sort, fromContractYear, withdrawnToo = false } = options;
  const household = await readHousehold(db, organisationId);
  const insurers = [...new Set(household.relations.map((relation) => relation.insurerSlug))];
  const years = fromContractYear === undefined ? {} : { fromContractYear };
  const all = await allDeadlines(db, { ...years, insurers, withSector: true, withdrawnToo: true });
  const names = await insurerNames(db);
  const notes = await readNotes(db, organisationId);
  const deadlines = withdrawnToo ? all : all.filter((deadline) => deadline.status === 'published');
  const signing = signingDays(all);
  const compare = compareDeadlines(sort);
  return household.members
    .flatMap((member) => itemsOf(member, household, deadlines, signing))
    .reduce<Candidate[]>((kept, candidate) => merge(kept, candidate, organisationId), [])
    .map(({ member: _, ownDated: __, ...item }) => ({
      ...item,
      insurerName: item.deadline.insurer === null ? null : (names.get(item.deadline.insurer) ?? item.deadline.insurer),
      preferred: household.relations.some(
        (r) => r.organisationId === organisationId && r.insurerSlug === item.deadline.insurer && r.preferred,
      ),
      completion: notes.completions.get(item.deadline.id) ?? null,
      steps: notes.steps.get(item.deadline.id) ?? [],
    }))
    .sort((a, b) => (sameDay(a, b, sort) && Number(b.preferred) - Number(a.preferred)) || compare(a.deadline, b.deadline));
}

/** An item on its way, before what is the whole agenda's is added. */
type Candidate = Omit<AgendaItem, 'insurerName' | 'preferred' | 'completion' | 'steps'> & { member: string; ownDated: boolean };

function itemsOf(
  member: Organisation,
  household: Household,
  deadlines: readonly Revision[],
  signing: ReadonlyMap<string, Revision>,
): Candidate[] {
  const relations = household.relations.filter((relation) => relation.organisationId === member.id);
  const party = { roles: member.roles, relations: new Map(relations.map((r) => [r.insurerSlug, r.contractStatus])) };
  return deadlines.flatMap((deadline): Candidate[] => {
    const as = concernOf(deadline, party);
    if (as === null) return [];
    const who = { as, organisations: [{ id: member.id, name: member.name }], member: member.id };
    const own = ownDates(member, household, deadline, signing);
    if (own) return [{ ...who, ...own, ownDated: true }];
    return [{ ...who, deadline, uid: deadline.id, sequence: deadline.sequence, changedAt: deadline.changedAt, ownDated: false }];
  });
}

/** The deadline with the days that the member's own event gives it, or null. Its signing term ends no later than signing itself. */
function ownDates(member: Organisation, household: Household, deadline: Revision, signing: ReadonlyMap<string, Revision>) {
  const { rule } = deadline;
  if (rule.kind !== 'offset' || !('event' in rule.from)) return null;
  const { event: kind } = rule.from;
  const event = household.events.find(
    (e) =>
      e.organisationId === member.id && e.kind === kind && e.insurerSlug === deadline.insurer && e.contractYear === deadline.contractYear,
  );
  if (!event) return null;
  const other = signing.get(signingKey(deadline));
  const bound = other?.status === 'published' ? other.lastSafeOn : null;
  const own = ownSigningTerm(event.occurredOn, rule, bound);
  const term = household.ownTerms.find((t) => t.organisationId === member.id && t.deadlineId === deadline.id);
  const moments = [deadline.changedAt, term?.changedAt ?? event.createdAt, ...(other ? [other.changedAt] : [])];
  return {
    deadline: { ...deadline, ...own },
    uid: term?.id ?? nameUuid(member.id, deadline.id),
    // Each part only ever rises, so the sum rises with any of them.
    sequence: deadline.sequence + (term?.sequence ?? 0) + (other?.sequence ?? 0),
    changedAt: wholeSecond(new Date(Math.max(...moments.map((moment) => moment.getTime())))),
  };
}

/** Keeps one item per deadline: the organisation's own before its members', members' together unless dated on their own. */
function merge(kept: Candidate[], candidate: Candidate, organisationId: string): Candidate[] {
  const same = kept.find((item) => item.deadline.id === candidate.deadline.id && !item.ownDated);
  if (candidate.ownDated || !same) return [...kept, candidate];
  if (same.member !== organisationId) same.organisations.push(...candidate.organisations);
  return kept;
}

async function readHousehold(db: ReadDb, organisationId: string): Promise<Household> {
  const { events, organisations, ownTerms, relations } = db.tables;
  const rows = await db
    .select()
    .from(organisations)
    .where(or(eq(organisations.id, organisationId), eq(organisations.parentId, organisationId)))
    .orderBy(organisations.name, organisations.id);
  // The organisation itself comes first: `merge` lets the first item stand.
  const members = [...rows.filter((row) => row.id === organisationId), ...rows.filter((row) => row.id !== organisationId)];
  const ids = members.map((member) => member.id);
  return {
    members,
    relations: await db.select().from(relations).where(inArray(relations.organisationId, ids)),
    events: await db.select().from(events).where(inArray(events.organisationId, ids)),
    ownTerms: await db.select().from(ownTerms).where(inArray(ownTerms.organisationId, ids)),
  };
}

async function readNotes(db: ReadDb, organisationId: string) {
  const { completions, steps } = db.tables;
  const done = await db.select().from(completions).where(eq(completions.organisationId, organisationId));
  const planned = await db.select().from(steps).where(eq(steps.organisationId, organisationId)).orderBy(steps.dueOn, steps.id);
  const stepsOf = new Map<string, Step[]>();
  for (const { id, title, dueOn, deadlineId } of planned)
    stepsOf.set(deadlineId, [...(stepsOf.get(deadlineId) ?? []), { id, title, dueOn }]);
  return {
    completions: new Map<string, Completion>(
      done.map(({ deadlineId, completedOn, by, evidence }) => [deadlineId, { completedOn, by, evidence }]),
    ),
    steps: stepsOf,
  };
}

/** The signing deadline that binds beside a signing term, by insurer and contract year; a withdrawn one still counts as a change. */
function signingDays(deadlines: readonly Revision[]): ReadonlyMap<string, Revision> {
  const dated = deadlines.filter((deadline) => deadline.activity === 'signing' && deadline.lastSafeOn !== null);
  return new Map(dated.map((deadline) => [signingKey(deadline), deadline]));
}

const signingKey = ({ insurer, contractYear }: Pick<Revision, 'insurer' | 'contractYear'>) => `${insurer}/${contractYear}`;

function sameDay(a: AgendaItem, b: AgendaItem, sort: Sort = 'dueOn'): boolean {
  return sort.endsWith('dueOn') && a.deadline.dueOn === b.deadline.dueOn;
}
