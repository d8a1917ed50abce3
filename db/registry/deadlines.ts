/** Queries for deadlines: lists, one by its id, and its revisions. */
import type { SQL } from 'drizzle-orm';
import { AppError } from '../../calendars/errors.ts';
import {
  kindsFor,
  rolesFor,
  type Sort,
  statusesFor,
  undatedFor,
  windowOf,
  type DeadlineFilter,
} from '../../calendars/deadlines/listing.ts';
import { contractTerms, type ContractTerm } from '../../calendars/deadlines/contract-terms.ts';
import type { Day } from '../../calendars/terms.ts';
import { and, asc, count, desc, eq, exists, gte, inArray, isNotNull, lte, or, sql } from '../store/drizzle.ts';
import { markOf, prefixOf } from './named-deadlines.ts';
import { toDeadline, type Revision } from './revisions.ts';
import type { ReadDb } from '../store/store.ts';

/** Which part of a list is asked for; pages count from 1. */
export interface PageQuery {
  page: number;
  pageSize: number;
}

/** The published deadlines that fit, one page of them, with the total. `today` (in Amsterdam) counts when `withinDays` stands alone. */
export async function findDeadlines(db: ReadDb, filter: DeadlineFilter, order: PageQuery & { sort?: Sort }, today: Day) {
  const { deadlines, revisions } = db.tables;
  const where = conditionsOf(db, filter, today);
  const sort = order.sort ?? 'dueOn';
  const field = sort.replace('-', '') as 'dueOn' | 'lastSafeOn' | 'revisedAt';
  // As countingDay: what is only assumed has no last safe day, and comes after all that has one.
  const counting = sql`coalesce(${revisions.lastSafeOn}, ${revisions.dueOn})`;
  const value = { dueOn: revisions.dueOn, lastSafeOn: counting, revisedAt: revisions.revisedAt }[field];
  const rows = await current(db)
    .where(where)
    .orderBy(
      sql`${revisions[field]} is null`,
      sql`${value} is null`,
      sort.startsWith('-') ? desc(value) : asc(value),
      sql`coalesce(${deadlines.insurerSlug}, '')`,
      asc(deadlines.activity),
      asc(deadlines.id),
    )
    .limit(order.pageSize)
    .offset((order.page - 1) * order.pageSize);
  const [counted] = await db.select({ total: count() }).from(deadlines).innerJoin(revisions, isCurrent(db)).where(where);
  return { items: rows.map((row) => toDeadline(row.deadline, row.revision, { insurerKind: row.insurerKind })), total: counted!.total };
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
  return rows.map((row) => toDeadline(row.deadline, row.revision, row));
}

/** The ids of the deadlines that a link names by their marks, in the order of the marks. Of two that are alike by chance neither is meant. */
export async function idsByMark(db: ReadDb, marks: readonly string[]): Promise<string[]> {
  const { deadlines } = db.tables;
  // Every digit sorts before "g".
  const begins = marks.map((mark) => and(gte(deadlines.id, prefixOf(mark)), lte(deadlines.id, `${prefixOf(mark)}g`)));
  const rows =
    marks.length === 0
      ? []
      : await db
          .select({ id: deadlines.id })
          .from(deadlines)
          .where(or(...begins));
  const byMark = Map.groupBy(rows, ({ id }) => markOf(id));
  return marks.flatMap((mark) => {
    const [row, ...others] = byMark.get(mark) ?? [];
    return row && others.length === 0 ? [row.id] : [];
  });
}

/** The contract terms that an insurer states, the newest first. */
export async function readContractTerms(db: ReadDb, insurer: string): Promise<ContractTerm[]> {
  const { deadlines, revisions } = db.tables;
  const rows = await current(db).where(
    and(eq(deadlines.insurerSlug, insurer), eq(deadlines.activity, 'contract_term'), eq(revisions.status, 'published')),
  );
  return contractTerms(
    rows.map((row) => toDeadline(row.deadline, row.revision, row)),
    insurer,
  );
}

/** One deadline as it stands now, withdrawn ones included. Throws `not_found`. */
export async function getDeadline(db: ReadDb, id: string): Promise<Revision> {
  const [row] = await current(db).where(eq(db.tables.deadlines.id, id));
  if (!row) throw new AppError('not_found', 'No such deadline.');
  return toDeadline(row.deadline, row.revision, row);
}

/** Whether there is a deadline with this id. */
export async function hasDeadline(db: ReadDb, id: string): Promise<boolean> {
  const { deadlines } = db.tables;
  return (await db.$count(deadlines, eq(deadlines.id, id))) > 0;
}

/** The natural keys of deadlines, by their ids. */
export async function keysOfDeadlines(db: ReadDb, ids: readonly string[]): Promise<Map<string, string>> {
  const { deadlines } = db.tables;
  const keys = new Map<string, string>();
  for (let n = 0; n < ids.length; n += KEYS_AT_ONCE) {
    const some = inArray(deadlines.id, ids.slice(n, n + KEYS_AT_ONCE));
    const rows = await db.select({ id: deadlines.id, key: deadlines.key }).from(deadlines).where(some);
    for (const { id, key } of rows) keys.set(id, key);
  }
  return keys;
}

const KEYS_AT_ONCE = 1000;

/** A deadline's history, oldest first. Throws `not_found`. */
export async function listRevisions(db: ReadDb, id: string): Promise<Revision[]> {
  const { deadlines, insurers, revisions } = db.tables;
  const rows = await db
    .select({ deadline: deadlines, revision: revisions, insurerKind: insurers.kind })
    .from(revisions)
    .innerJoin(deadlines, eq(deadlines.id, revisions.deadlineId))
    .leftJoin(insurers, eq(insurers.slug, deadlines.insurerSlug))
    .where(eq(revisions.deadlineId, id))
    .orderBy(asc(revisions.number));
  if (rows.length === 0) throw new AppError('not_found', 'No such deadline.');
  return rows.map((row) => toDeadline(row.deadline, row.revision, { insurerKind: row.insurerKind }));
}

/** Deadlines joined to the revision that counts now. */
function current(db: ReadDb) {
  const { deadlines, insurers, revisions } = db.tables;
  return db
    .select({ deadline: deadlines, revision: revisions, confirmedAt: confirmedAtOf(db), insurerKind: insurers.kind })
    .from(deadlines)
    .innerJoin(revisions, isCurrent(db))
    .leftJoin(insurers, eq(insurers.slug, deadlines.insurerSlug))
    .$dynamic();
}

/**
 * Since when a day is stated that nobody stated before, as `isConfirmed` in revisions.ts tells it; null where it is not. No day is another than any.
 * What was stated and taken back is an assumption again; and an edition that was taken back confirms nothing, nor does taking it back.
 */
function confirmedAtOf(db: ReadDb): SQL<Date | null> {
  const { deadlines, revisions } = db.tables;
  return sql`(select max(stated.revised_at) from revisions stated
    inner join revisions earlier on earlier.deadline_id = stated.deadline_id and earlier.number = stated.number - 1
    where stated.deadline_id = ${deadlines.id} and ${revisions.certainty} = 'stated' and stated.certainty = 'stated' and (earlier.certainty in ('template', 'sector_rule')
      or earlier.certainty = 'expected'
        and coalesce(earlier.last_safe_on, earlier.due_on) is distinct from coalesce(stated.last_safe_on, stated.due_on))
      and not exists (select 1 from edition_entries entry inner join editions edition on edition.id = entry.edition_id
        where entry.deadline_id = stated.deadline_id and entry.act <> 'check' and edition.status = 'taken_back'
          and (entry.base_revision + 1 = stated.number or edition.ended_at = stated.revised_at)))`.mapWith(revisions.revisedAt);
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
  const kinds = kindsFor(filter);
  const hasRole =
    role &&
    db
      .select({ one: sql`1` })
      .from(deadlineRoles)
      .where(and(eq(deadlineRoles.deadlineId, deadlines.id), inArray(deadlineRoles.role, [...rolesFor(role)])));
  return and(
    eq(revisions.status, 'published'),
    {
      all: undefined,
      requirements: or(isNotNull(revisions.dueOn), eq(revisions.kind, 'requirement')),
      none: isNotNull(revisions.dueOn),
    }[undatedFor(filter)],
    kinds === null ? undefined : inArray(revisions.kind, [...kinds]),
    from === null ? undefined : gte(revisions.dueOn, from),
    to === null ? undefined : lte(revisions.dueOn, to),
    filter.insurer === undefined ? undefined : eq(deadlines.insurerSlug, filter.insurer),
    filter.contractYear === undefined ? undefined : eq(deadlines.contractYear, filter.contractYear),
    filter.activity === undefined ? undefined : eq(deadlines.activity, filter.activity),
    filter.certainty === undefined ? undefined : eq(revisions.certainty, filter.certainty),
    contractStatus === undefined ? undefined : inArray(revisions.contractStatus, statusesFor(contractStatus)),
    hasRole === undefined ? undefined : exists(hasRole),
  );
}
