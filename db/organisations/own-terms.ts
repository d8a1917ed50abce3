/** Own terms, which start with an own event: how a revision moves their days, of their deadline or of the signing that binds beside it. */
import { holdsFor, type AgendaItem } from '../../calendars/agenda/concern.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import { ownTermRule } from '../../calendars/deadlines/own-terms.ts';
import type { Day, NoTermReason, RelationStatus } from '../../calendars/terms.ts';
import { agendaOf } from './agenda.ts';
import { NEW } from '../registry/changes.ts';
import { allDeadlines, listRevisions } from '../registry/deadlines.ts';
import { and, eq, inArray, or } from '../store/drizzle.ts';
import { readAgendaInput } from './agenda-input.ts';
import type { OwnEvent } from './own-events.ts';
import type { Revision } from '../registry/revisions.ts';
import type { ReadDb } from '../store/store.ts';

/** A revision of a deadline: as it is now, and as it was. Before it was made it was not there. */
export interface Revised {
  before: Revision | undefined;
  after: Revision;
}

/** What a revision did to the own terms in an organisation's agenda. */
export interface TermMoves {
  /** The terms to tell of, each with its owner, the revision that counts for it, and its days. */
  moved: { deadlineId: string; owner: string; fromRevision: number; knownOn: Day | null; lastSafeOn: Day | null }[];
  /** For whom the deadline itself is a term of its own: to them its days in the registry say nothing. */
  owners: ReadonlySet<string>;
}

/** By reading organisation what a revision did to own terms, its own and those of whom it delivers for; who has none is left out. */
export async function termMoves(db: ReadDb, readerIds: readonly string[], { before, after }: Revised): Promise<Map<string, TermMoves>> {
  const moves = new Map<string, TermMoves>();
  const ids = await readersWithEvents(db, readerIds, after);
  if (ids.length === 0) return moves;
  const now = await deadlinesBeside(db, after);
  const then = now.flatMap((deadline) => (deadline.id === after.id ? (before ?? []) : deadline));
  for (const id of ids) {
    const agendaInput = await readAgendaInput(db, id);
    const agenda = (deadlines: readonly Revision[]) => agendaOf(agendaInput, { deadlines, names: NO_NAMES }, { withdrawnToo: true });
    const had = new Map(agenda(then).map((item) => [item.uid, item]));
    const has = agenda(now);
    const moved: TermMoves['moved'] = has.filter(isOwnTerm).flatMap((item) => {
      const { id: deadlineId, lastSafeOn, revision } = item.deadline;
      const knownOn = had.get(item.uid)?.deadline.lastSafeOn ?? null;
      const isRevised = deadlineId === after.id;
      if (!isRevised && knownOn === lastSafeOn) return [];
      return {
        deadlineId,
        owner: termOwner(item),
        fromRevision: isRevised ? (before?.revision ?? NEW) : revision,
        knownOn,
        lastSafeOn,
      };
    });
    const ownTerms = has.filter((item) => item.deadline.id === after.id && isOwnTerm(item));
    moves.set(id, { moved, owners: new Set(ownTerms.map(termOwner)) });
  }
  return moves;
}

/** An own term as it stands in an agenda, and what there is to say of how it came there. */
export interface OwnTerm {
  now: AgendaItem;
  /** The same with the term as it was at an earlier revision, beside today's signing. */
  earlier: AgendaItem | undefined;
  /** The newest of the deadlines that its days follow from. */
  movedBy: Revision;
}

/** The own term of an owner in an organisation's agenda; null when there is none any more. */
export async function readOwnTerm(
  db: ReadDb,
  readerId: string,
  { deadlineId, owner, fromRevision }: { deadlineId: string; owner: string; fromRevision: number | null },
): Promise<OwnTerm | null> {
  const agendaInput = await readAgendaInput(db, readerId);
  const revisions = await listRevisions(db, deadlineId);
  const after = revisions.at(-1)!;
  const before = revisions.find(({ revision }) => revision === fromRevision) ?? after;
  const deadlines = await deadlinesBeside(db, after);
  const termIn = (deadlines: readonly Revision[]) =>
    agendaOf(agendaInput, { deadlines, names: NO_NAMES }, { withdrawnToo: true }).find(
      (item) => item.deadline.id === deadlineId && isOwnTerm(item) && termOwner(item) === owner,
    );
  const now = termIn(deadlines);
  if (!now) return null;
  const movedBy = deadlines
    .filter(({ activity, id }) => activity === 'signing' || id === deadlineId)
    .reduce((newest, one) => (one.revisedAt > newest.revisedAt ? one : newest));
  return { now, earlier: termIn(deadlines.map((one) => (one.id === deadlineId ? before : one))), movedBy };
}

/** Whether a deadline stands in an organisation's agenda only as own terms of those it delivers for: each of them alone says that it is done. */
export async function isMembersAlone(db: ReadDb, organisationId: string, deadline: Revision): Promise<boolean> {
  const agendaInput = await readAgendaInput(db, organisationId);
  const deadlines = await deadlinesBeside(db, deadline);
  const items = agendaOf(agendaInput, { deadlines, names: NO_NAMES }).filter((item) => item.deadline.id === deadline.id);
  return items.length > 0 && items.every((item) => isOwnTerm(item) && termOwner(item) !== organisationId);
}

/** What an own event started. */
export interface StartedTerms {
  terms: AgendaItem[];
  /** Null where it started one. */
  noTermReason: NoTermReason | null;
}

/** By event: the terms in the organisation's agenda that it started, or why it started none. */
export async function startedTerms(db: ReadDb, organisationId: string, ownEvents: readonly OwnEvent[]): Promise<Map<string, StartedTerms>> {
  const agendaInput = await readAgendaInput(db, organisationId);
  const relations = new Map(agendaInput.members[0]?.relations.map((one) => [one.insurerSlug, one.contractStatus]));
  const insurers = [...new Set(ownEvents.map(({ insurerSlug }) => insurerSlug))];
  const deadlines = await allDeadlines(db, { insurers });
  const items = agendaOf(agendaInput, { deadlines, names: NO_NAMES }).filter(
    (item) => isOwnTerm(item) && termOwner(item) === organisationId,
  );
  return new Map(
    ownEvents.map((event) => {
      const isOf = (deadline: Deadline) =>
        deadline.insurer === event.insurerSlug &&
        deadline.contractYear === event.contractYear &&
        ownTermRule(deadline)?.from.event === event.kind;
      const terms = items.filter(({ deadline }) => isOf(deadline));
      const status = relations.get(event.insurerSlug);
      return [event.id, { terms, noTermReason: terms.length > 0 ? null : whyNoTerm(deadlines.filter(isOf), status) }];
    }),
  );
}

/** `rules`: the published terms that this event starts for whom they concern. */
function whyNoTerm(rules: readonly Deadline[], status: RelationStatus | undefined): NoTermReason {
  if (status === undefined) return 'no_relation';
  if (rules.length === 0) return 'no_rule';
  return rules.some(({ duty }) => holdsFor(duty, status)) ? 'other_role' : 'other_contract_status';
}

/** Whether an organisation's own event gave an item its days. */
export function isOwnTerm({ uid, deadline }: Pick<AgendaItem, 'uid' | 'deadline'>): boolean {
  return uid !== deadline.id;
}

const termOwner = ({ organisations }: AgendaItem) => organisations[0]!.id;
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** The readers that have an own event of this insurer and contract year, or deliver for one that has. */
async function readersWithEvents(db: ReadDb, readerIds: readonly string[], { insurer, contractYear }: Revision): Promise<string[]> {
  if (insurer === null || readerIds.length === 0) return [];
  const { events, organisations } = db.tables;
  const ids = [...readerIds];
  const rows = await db
    .selectDistinct({ id: organisations.id, parentId: organisations.parentId })
    .from(events)
    .innerJoin(organisations, eq(organisations.id, events.organisationId))
    .where(
      and(
        eq(events.insurerSlug, insurer),
        eq(events.contractYear, contractYear),
        or(inArray(organisations.id, ids), inArray(organisations.parentId, ids)),
      ),
    );
  const concernedIds = new Set(rows.flatMap(({ id, parentId }) => [id, parentId]));
  return ids.filter((id) => concernedIds.has(id));
}

/** All deadlines of the same insurer and contract year, withdrawn ones too. */
async function deadlinesBeside(db: ReadDb, { insurer, contractYear }: Revision): Promise<Revision[]> {
  const all = await allDeadlines(db, { insurers: insurer === null ? [] : [insurer], fromContractYear: contractYear, withdrawnToo: true });
  return all.filter((deadline) => deadline.contractYear === contractYear);
}
