/** What other editions did later with what an edition changed or moved along: it cannot be taken back before they are. */
import { AppError, type Fault } from '../../../calendars/errors.ts';
import { and, asc, eq, gte, inArray, isNull, lte, max, min, ne } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import type { Edition } from './drafts.ts';

/** An edition rests on one that was to be taken back: that one has to be taken back first. */
export class EditionOvertaken extends AppError {
  /** The later edition. */
  readonly laterId: string;
  /** The deadlines in which it rests on this one, as they are called. */
  readonly titles: readonly string[];

  constructor(laterId: string, titles: readonly string[], faults: readonly Fault[]) {
    super('conflict', 'Another edition changed one of its deadlines since; take that one back first.', faults);
    this.name = 'EditionOvertaken';
    this.laterId = laterId;
    this.titles = titles;
  }
}

/** The revisions that an edition made of a deadline, itself or since it moved along. */
export interface Touched {
  deadlineId: string;
  first: number;
  last: number;
}

/** All deadlines of which an edition made a revision. */
export async function touchedBy(db: ReadDb, editionId: string): Promise<Touched[]> {
  const { revisions } = db.tables;
  const { deadlineId, number } = revisions;
  const rows = await db
    .select({ deadlineId, first: min(number), last: max(number) })
    .from(revisions)
    .where(eq(revisions.editionId, editionId))
    .groupBy(deadlineId)
    .orderBy(asc(deadlineId));
  return rows.map((row) => ({ ...row, first: row.first!, last: row.last! }));
}

/**
 * Throws `EditionOvertaken` where a later edition made a revision of one of these deadlines after `last`; the faults name the entries, by `entryOf`, or
 * the deadline itself.
 */
export async function refuseOvertaken(
  db: ReadDb,
  { id, publishedAt }: Edition,
  deadlines: readonly Pick<Touched, 'deadlineId' | 'last'>[],
  entryOf: (deadlineId: string) => number | null,
): Promise<void> {
  if (deadlines.length === 0) return;
  const { editions, revisions } = db.tables;
  const ids = deadlines.map(({ deadlineId }) => deadlineId);
  const lastOf = new Map(deadlines.map(({ deadlineId, last }) => [deadlineId, last]));
  const isLater = and(ne(editions.id, id), eq(editions.status, 'published'), gte(editions.publishedAt, publishedAt!));
  const rows = await db
    .select({ deadlineId: revisions.deadlineId, number: revisions.number, title: revisions.title, editionId: editions.id })
    .from(revisions)
    .innerJoin(editions, eq(editions.id, revisions.editionId))
    .where(and(isLater, inArray(revisions.deadlineId, ids)))
    .orderBy(asc(editions.publishedAt), asc(revisions.deadlineId), asc(revisions.number));
  const later = rows.filter(({ deadlineId, number }) => number > lastOf.get(deadlineId)!);
  // The last one is the first to go.
  const editionId = later.at(-1)?.editionId;
  if (editionId === undefined) return;
  const its = [...new Map(later.filter((row) => row.editionId === editionId).map((row) => [row.deadlineId, row])).values()];
  const faults = its.map(({ deadlineId, title }) => {
    const n = entryOf(deadlineId);
    return { field: n === null ? 'deadlines' : `entries.${n}`, message: `was changed again by a later edition: ${title}` };
  });
  throw new EditionOvertaken(
    editionId,
    its.map(({ title }) => title),
    faults,
  );
}

/** The number of the revision that counts of each deadline of an insurer, null for the sector. */
export async function revisionsNow(db: ReadDb, slug: string | null): Promise<Map<string, number>> {
  const { deadlines } = db.tables;
  const { id, insurerSlug, revision } = deadlines;
  const rows = await db
    .select({ id, revision })
    .from(deadlines)
    .where(slug === null ? isNull(insurerSlug) : eq(insurerSlug, slug));
  return new Map(rows.map((row) => [row.id, row.revision]));
}

/**
 * Lets what was made of deadlines as they are taken back belong to where they came from, and what is still to be told of them start there: nobody is
 * told of what an edition said that was taken back. `stood`: `revisionsNow` before it was.
 */
export async function resumeEarlier(tx: WriteDb, touched: readonly Touched[], stood: ReadonlyMap<string, number>): Promise<void> {
  const { changes, revisions } = tx.tables;
  for (const { deadlineId, first, last } of touched) {
    const since = stood.get(deadlineId) ?? last;
    const [before] = await tx
      .select({ editionId: revisions.editionId })
      .from(revisions)
      .where(and(eq(revisions.deadlineId, deadlineId), eq(revisions.number, first - 1)));
    if (before && before.editionId !== null)
      await tx
        .update(revisions)
        .set({ editionId: before.editionId })
        .where(and(eq(revisions.deadlineId, deadlineId), eq(revisions.number, since + 1)));
    const startedHere = and(eq(changes.deadlineId, deadlineId), gte(changes.fromRevision, first), lte(changes.fromRevision, last));
    await tx
      .update(changes)
      .set({ fromRevision: first - 1 })
      .where(startedHere);
  }
}
