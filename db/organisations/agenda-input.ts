/** The input of an agenda beside the registry: an organisation and those it delivers for, with all that is their own. */
import { readStanding } from '../../calendars/agenda/leading.ts';
import { completionOf, holdsSince, type AgendaItem, type Completion } from '../../calendars/agenda/concern.ts';
import { doneTogetherWith, type Act } from '../../calendars/agenda/done-together.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import type { Step } from '../../calendars/agenda/step.ts';
import { and, eq, inArray, ne, or, sql } from '../store/drizzle.ts';
import type { SequenceNumber } from './numbering/sequence-numbers.ts';
import type { OwnEvent } from './own-events.ts';
import { stepOf } from './steps/step-row.ts';
import type { Organisation, Tables } from '../schema/schema.ts';
import { preparedFor } from '../store/statements.ts';
import type { ReadDb } from '../store/store.ts';

/** One of the organisations whose deadlines stand in an agenda. */
export interface Member extends Organisation {
  /** How it stands with insurers, by slug. */
  relations: readonly Pick<Tables['relations']['$inferSelect'], 'insurerSlug' | 'contractStatus' | 'preferred'>[];
}

/** A completion, and when it was said. `ofAnother`: of what is done together with it, and it holds for that. */
export type RecordedCompletion = Completion & { recordedAt: Date; ofAnother?: true };

/** The input of an agenda: an organisation, and below it those it delivers for. */
export interface AgendaInput {
  /** The organisation itself first, then the others by name. None when there is no such organisation. */
  members: Member[];
  /** The slugs of insurers that the organisation's RO named as leading. */
  parentPreferred: readonly string[];
  ownEvents: readonly OwnEvent[];
  ownTerms: readonly Tables['ownTerms']['$inferSelect'][];
  /** The organisation's own, by `EntryScope`. */
  sequenceNumbers: ReadonlyMap<string, SequenceNumber>;
  /** All members', by member and deadline: see `completionKey`. */
  completions: ReadonlyMap<string, RecordedCompletion>;
  /** The organisation's own, by day. */
  steps: readonly Step[];
}

/** The input of one organisation's agenda. */
export async function readAgendaInput(db: ReadDb, organisationId: string): Promise<AgendaInput> {
  const statements = statementsOf(db);
  const of = { id: organisationId };
  const rows = await statements.members.execute(of);
  const ownFirst = [...rows.filter((row) => row.id === organisationId), ...rows.filter((row) => row.id !== organisationId)];
  const relationsBy = Map.groupBy(await statements.relations.execute(of), (relation) => relation.organisationId);
  const hasParent = ownFirst[0]?.id === organisationId && ownFirst[0].parentId !== null;
  return {
    parentPreferred: hasParent ? (await statements.parentPreferred.execute(of)).map(({ slug }) => slug) : NO_LIST,
    members: ownFirst.map((row) => ({ ...row, relations: relationsBy.get(row.id) ?? [] })),
    ownEvents: listOrNone(await statements.ownEvents.execute(of)),
    ownTerms: listOrNone(await statements.ownTerms.execute(of)),
    sequenceNumbers: mapOrNone(
      new Map((await statements.sequenceNumbers.execute(of)).map(({ scope, sequence, changedAt }) => [scope, { sequence, changedAt }])),
    ),
    completions: mapOrNone(new Map((await statements.completions.execute(of)).map(recordedIn))),
    steps: listOrNone((await statements.steps.execute(of)).map(stepOf)),
  };
}

const statementsOf = preparedFor((db: ReadDb) => {
  const { completions, eventMarks, events, organisations, ownTerms, relations, steps } = db.tables;
  const id = sql.placeholder('id');
  const isMember = or(eq(organisations.id, id), eq(organisations.parentId, id));
  const members = db.select({ id: organisations.id }).from(organisations).where(isMember);
  return {
    members: db.select().from(organisations).where(isMember).orderBy(organisations.name, organisations.id).prepare('household_members'),
    relations: db
      .select()
      .from(relations)
      .where(inArray(relations.organisationId, members))
      .orderBy(relations.organisationId, relations.insurerSlug)
      .prepare('household_relations'),
    parentPreferred: db
      .select({ slug: relations.insurerSlug })
      .from(organisations)
      .innerJoin(relations, and(eq(relations.organisationId, organisations.parentId), isLeading(relations)))
      .where(eq(organisations.id, id))
      .orderBy(relations.insurerSlug)
      .prepare('household_parent_preferred'),
    ownEvents: db.select().from(events).where(inArray(events.organisationId, members)).prepare('household_events'),
    ownTerms: db.select().from(ownTerms).where(inArray(ownTerms.organisationId, members)).prepare('household_own_terms'),
    completions: db.select().from(completions).where(inArray(completions.organisationId, members)).prepare('household_completions'),
    sequenceNumbers: db.select().from(eventMarks).where(eq(eventMarks.organisationId, id)).prepare('household_marks'),
    steps: db.select().from(steps).where(eq(steps.organisationId, id)).orderBy(steps.dueOn, steps.id).prepare('household_steps'),
  };
});

/** Most have nothing of their own: in memory they share that, too. */
const NO_LIST: readonly never[] = [];
const NO_MAP: ReadonlyMap<string, never> = new Map<string, never>();

function listOrNone<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NO_LIST : list;
}

function mapOrNone<V>(map: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  return map.size === 0 ? NO_MAP : map;
}

/** The input of an organisation that is nothing but its roles and how it stands with insurers, and has nothing of its own: of who only chose so. */
export function plainInput({ id, language, relations, roles }: Pick<Member, 'id' | 'language' | 'relations' | 'roles'>): AgendaInput {
  const owner = { id, name: '', language, roles, parentId: null, version: 0, changedAt: null, relations };
  return {
    members: [{ ...owner, createdAt: new Date(0), unremindedSince: null, unremindedWhy: null }],
    parentPreferred: NO_LIST,
    ownEvents: NO_LIST,
    ownTerms: NO_LIST,
    sequenceNumbers: NO_MAP,
    completions: NO_MAP,
    steps: NO_LIST,
  };
}

/** Whose completion of what. */
function completionKey(organisationId: string, deadlineId: string): string {
  return `${organisationId} ${deadlineId}`;
}

/** A completion as it is kept, under whose it is and of what. */
export function recordedIn(row: Tables['completions']['$inferSelect']): [key: string, RecordedCompletion] {
  return [completionKey(row.organisationId, row.deadlineId), { ...completionOf(row), recordedAt: row.recordedAt }];
}

/** A deadline as far as it is told whether it is done. */
type Doable = Act & Pick<Deadline, 'confirmedAt'>;

/**
 * What a member said of a deadline, or else that it has done what is done together with it: of that only that it is done, not that it is not applicable.
 * `all`: the deadlines of its insurer.
 */
export function recordedOf(
  completions: AgendaInput['completions'],
  memberId: string,
  deadline: Doable,
  all: readonly Doable[],
): RecordedCompletion | null {
  const own = completions.get(completionKey(memberId, deadline.id)) ?? null;
  if (own !== null && holdsSince(own.recordedAt, deadline)) return own;
  const others = completions.size === 0 ? [] : doneTogetherWith(deadline, all);
  for (const other of others) {
    const said = completions.get(completionKey(memberId, other.id));
    if (said && said.notApplicable === undefined && holdsSince(said.recordedAt, other)) return { ...said, ofAnother: true };
  }
  return own;
}

/** A completion as it counts: what was done before the day was stated is asked again. */
export function answerOf(recorded: RecordedCompletion | null, deadline: Deadline): Pick<AgendaItem, 'completion' | 'askedAgain'> {
  if (recorded === null) return NO_ANSWER;
  const { ofAnother, recordedAt, ...completion } = recorded;
  return ofAnother || holdsSince(recordedAt, deadline) ? { completion, askedAgain: null } : { completion: null, askedAgain: completion };
}

const NO_ANSWER = { completion: null, askedAgain: null };

/** The insurers that a member named as leading. */
export function preferredOf({ relations }: Pick<Member, 'relations'>): string[] {
  return relations.filter((one) => readStanding(one).preferred).map(({ insurerSlug }) => insurerSlug);
}

/** The same, as the database is asked. */
export function isLeading({ contractStatus, preferred }: Tables['relations']) {
  return and(eq(preferred, true), ne(contractStatus, 'uncontracted'));
}
