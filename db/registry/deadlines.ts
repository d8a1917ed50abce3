/** Deadlines: asking for them, and an editor's three changes: new, amend, withdraw. */
import { randomUUID } from 'node:crypto';
import { checkContent } from '../../calendars/deadlines/content.ts';
import { reportedYear, type Content, type Identity } from '../../calendars/deadlines/deadline.ts';
import { AppError } from '../../calendars/errors.ts';
import { rolesFor, type Sort, statusesFor, takesUndated, windowOf, type DeadlineFilter } from '../../calendars/deadlines/listing.ts';
import type { Day } from '../../calendars/terms.ts';
import { and, asc, count, desc, eq, exists, gte, inArray, isNotNull, isNull, lte, sql } from '../store/drizzle.ts';
import { appendRevision, contentOf, insertDeadline, resolveIn, sameText, toDeadline, type Revision } from './revisions.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Which part of a list is asked for; pages count from 1. */
export interface Page {
  page: number;
  pageSize: number;
}

/** What an editor may change in an amendment. What is not given stays as it was. */
export type Amendment = { baseRevision: number; reason: string; announcedOn?: Day | null } & Partial<Content>;

/** The published deadlines that fit, one page of them, with the total. `today` (in Amsterdam) counts when `withinDays` stands alone. */
export async function findDeadlines(db: ReadDb, filter: DeadlineFilter, order: Page & { sort?: Sort }, today: Day) {
  const { deadlines, revisions } = db.tables;
  const where = conditionsOf(db, filter, today);
  const sort = order.sort ?? 'dueOn';
  const column = { dueOn: revisions.dueOn, lastSafeOn: revisions.lastSafeOn, revisedAt: revisions.revisedAt }[
    sort.replace('-', '') as 'dueOn' | 'lastSafeOn' | 'revisedAt'
  ];
  const rows = await current(db)
    .where(where)
    .orderBy(
      sql`${column} is null`,
      sort.startsWith('-') ? desc(column) : asc(column),
      sql`coalesce(${deadlines.insurerSlug}, '')`,
      asc(deadlines.activity),
      asc(deadlines.id),
    )
    .limit(order.pageSize)
    .offset((order.page - 1) * order.pageSize);
  const [counted] = await db.select({ total: count() }).from(deadlines).innerJoin(revisions, isCurrent(db)).where(where);
  return { items: rows.map((row) => toDeadline(row.deadline, row.revision)), total: counted!.total };
}

/** Every deadline that fits no other condition than these: for feeds, lists and jobs. */
export async function allDeadlines(
  db: ReadDb,
  only: { insurers?: readonly string[]; withSector?: boolean; fromContractYear?: number; withdrawnToo?: boolean } = {},
): Promise<Revision[]> {
  const { deadlines, revisions } = db.tables;
  const insurer = only.insurers && (only.insurers.length > 0 ? inArray(deadlines.insurerSlug, [...only.insurers]) : sql`false`);
  const rows = await current(db).where(
    and(
      only.withdrawnToo ? undefined : eq(revisions.status, 'published'),
      only.fromContractYear === undefined ? undefined : gte(deadlines.contractYear, only.fromContractYear),
      insurer && only.withSector ? sql`(${insurer} or ${deadlines.insurerSlug} is null)` : insurer,
    ),
  );
  return rows.map((row) => toDeadline(row.deadline, row.revision));
}

/** One deadline as it stands now, withdrawn ones included. Throws `not_found`. */
export async function getDeadline(db: ReadDb, id: string): Promise<Revision> {
  const [row] = await current(db).where(eq(db.tables.deadlines.id, id));
  if (!row) throw new AppError('not_found', 'No such deadline.');
  return toDeadline(row.deadline, row.revision);
}

/** A deadline's history, oldest first. Throws `not_found`. */
export async function listRevisions(db: ReadDb, id: string): Promise<Revision[]> {
  const { deadlines, revisions } = db.tables;
  const rows = await db
    .select({ deadline: deadlines, revision: revisions })
    .from(revisions)
    .innerJoin(deadlines, eq(deadlines.id, revisions.deadlineId))
    .where(eq(revisions.deadlineId, id))
    .orderBy(asc(revisions.number));
  if (rows.length === 0) throw new AppError('not_found', 'No such deadline.');
  return rows.map((row) => toDeadline(row.deadline, row.revision));
}

/** Makes a deadline. Throws `invalid` with every fault, or `conflict` when there is one for the same insurer, year, care type and activity. */
export async function createDeadline(
  tx: WriteDb,
  input: { identity: Omit<Identity, 'id'>; content: Content; reason: string | null; announcedOn: Day | null },
  now: Date,
): Promise<Revision> {
  const { identity, content, reason, announcedOn } = input;
  await requireInsurer(tx, identity.insurer);
  refuseFaults(content, identity.slot);
  const days = await resolveIn(tx, identity, content);
  const made = await insertDeadline(
    tx,
    { id: randomUUID(), ...identity },
    content,
    days,
    { origin: 'editor', reason, announcedOn, status: 'published' },
    now,
  );
  await moveFollowers(tx, made, now);
  return made;
}

/**
 * Adds a revision on top of `baseRevision`; a withdrawn deadline is published again by it. A new date, boundary or certainty drops what spoke of
 * the old one and is not given again (conflict, extension, basis, sources, a year that only a projection had), and as `stated` needs its own
 * sources. Throws `not_found`, `stale` or `invalid`.
 */
export async function amendDeadline(tx: WriteDb, id: string, amendment: Amendment, now: Date): Promise<Revision> {
  const { baseRevision, reason, announcedOn = null, ...change } = amendment;
  const deadline = await getDeadline(tx, id);
  if (deadline.revision !== baseRevision)
    throw new AppError('stale', `The deadline is at revision ${deadline.revision}, not ${baseRevision}; read it again.`);
  const base = contentOf(deadline);
  const redated = (['rule', 'boundary', 'certainty'] as const).some(
    (field) => change[field] !== undefined && !sameText(change[field], base[field]),
  );
  const dropped = { conflict: null, extension: null, basis: null, sources: [], reportingYear: reportedYear(deadline) };
  const content: Content = { ...base, ...(redated ? dropped : {}), ...change };
  refuseFaults(content, deadline.slot);
  // What is not dated anew keeps its days: a projection's earliest safe day does not follow from its rule.
  const kept = { dueOn: deadline.dueOn, lastSafeOn: deadline.lastSafeOn };
  const days = redated || change.conflict !== undefined ? await resolveIn(tx, deadline, content) : kept;
  const note = { origin: 'editor', reason, announcedOn, status: 'published' } as const;
  const revised = await appendRevision(tx, deadline, content, days, note, now);
  await moveFollowers(tx, revised, now);
  return revised;
}

/** Withdraws a deadline: it stays in history and in calendars as cancelled. Withdrawing twice changes nothing. */
export async function withdrawDeadline(tx: WriteDb, id: string, reason: string, now: Date): Promise<Revision> {
  const deadline = await getDeadline(tx, id);
  if (deadline.status === 'withdrawn') return deadline;
  const { dueOn, lastSafeOn } = deadline;
  const note = { origin: 'editor', reason, announcedOn: null, status: 'withdrawn' } as const;
  const withdrawn = await appendRevision(tx, deadline, contentOf(deadline), { dueOn, lastSafeOn }, note, now);
  await moveFollowers(tx, withdrawn, now);
  return withdrawn;
}

/** Deadlines that count from this one move along, each as a revision of its own. */
export async function moveFollowers(tx: WriteDb, moved: Revision, now: Date, seen: ReadonlySet<string> = new Set()): Promise<void> {
  if (seen.has(moved.id)) return;
  const { deadlines } = tx.tables;
  const rows = await current(tx).where(
    and(
      eq(deadlines.contractYear, moved.contractYear),
      moved.insurer === null ? isNull(deadlines.insurerSlug) : eq(deadlines.insurerSlug, moved.insurer),
      eq(tx.tables.revisions.status, 'published'),
    ),
  );
  for (const follower of rows.map((row) => toDeadline(row.deadline, row.revision))) {
    const { rule } = follower;
    if (rule.kind !== 'offset' || !('activity' in rule.from) || rule.from.activity !== moved.activity || follower.id === moved.id) continue;
    const days = await resolveIn(tx, follower, contentOf(follower));
    if (days.dueOn === follower.dueOn && days.lastSafeOn === follower.lastSafeOn) continue;
    const note = {
      origin: follower.origin,
      reason: followReason(moved),
      announcedOn: null,
      status: 'published',
    } as const;
    const revised = await appendRevision(tx, follower, contentOf(follower), days, note, now);
    await moveFollowers(tx, revised, now, new Set([...seen, moved.id]));
  }
}

/** Why a day moved that follows from another deadline: as people read it. */
export function followReason({ status, title }: Pick<Revision, 'status' | 'title'>): string {
  return `${status === 'withdrawn' ? 'Vervallen is waar deze dag van afhing' : 'Verschoven mee met'}: ${title}.`;
}

/** Deadlines joined to the revision that counts now. */
function current(db: ReadDb) {
  const { deadlines, revisions } = db.tables;
  return db.select({ deadline: deadlines, revision: revisions }).from(deadlines).innerJoin(revisions, isCurrent(db)).$dynamic();
}

function isCurrent(db: ReadDb) {
  const { deadlines, revisions } = db.tables;
  return and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision));
}

/** The same conditions as `fits` in calendars/listing.ts, for the database. */
function conditionsOf(db: ReadDb, filter: DeadlineFilter, today: Day) {
  const { deadlineRoles, deadlines, revisions } = db.tables;
  const { from, to } = windowOf(filter, today);
  const { role, contractStatus } = filter;
  const named =
    role &&
    db
      .select({ one: sql`1` })
      .from(deadlineRoles)
      .where(and(eq(deadlineRoles.deadlineId, deadlines.id), inArray(deadlineRoles.role, [...rolesFor(role)])));
  return and(
    eq(revisions.status, 'published'),
    takesUndated(filter) ? undefined : isNotNull(revisions.dueOn),
    from === null ? undefined : gte(revisions.dueOn, from),
    to === null ? undefined : lte(revisions.dueOn, to),
    filter.insurer === undefined ? undefined : eq(deadlines.insurerSlug, filter.insurer),
    filter.contractYear === undefined ? undefined : eq(deadlines.contractYear, filter.contractYear),
    filter.activity === undefined ? undefined : eq(deadlines.activity, filter.activity),
    filter.certainty === undefined ? undefined : eq(revisions.certainty, filter.certainty),
    contractStatus === undefined ? undefined : inArray(revisions.contractStatus, statusesFor(contractStatus)),
    named === undefined ? undefined : exists(named),
  );
}

function refuseFaults(content: Content, slot: number | null) {
  const faults = checkContent(content, slot);
  if (faults.length > 0) throw new AppError('invalid', 'The deadline contradicts itself.', faults);
}

async function requireInsurer(db: ReadDb, slug: string | null) {
  if (slug === null) return;
  const { insurers } = db.tables;
  const [row] = await db.select({ slug: insurers.slug }).from(insurers).where(eq(insurers.slug, slug));
  if (!row)
    throw new AppError('invalid', 'The deadline names an unknown insurer.', [
      { field: 'insurer', message: 'is not the slug of an insurer' },
    ]);
}
