/** Changes of the registry that are public: all, those after a mark, or one. Their order is that of becoming public. */
import { newsKind, type NewsKind } from '../../../calendars/agenda/news.ts';
import { AppError } from '../../../calendars/errors.ts';
import type { InsurerKind } from '../../../calendars/terms.ts';
import type { Tables } from '../../schema/schema.ts';
import { and, asc, desc, eq, gt, inArray, isNotNull, lt } from '../../store/drizzle.ts';
import { readCounters } from '../../store/counters.ts';
import type { ReadDb } from '../../store/store.ts';
import { toDeadline, type Revision } from '../revisions.ts';

/** A change as readers see it. */
export interface PublicChange {
  id: string;
  /** Its place in the order of becoming public: rises with each, and never changes. */
  number: number;
  publicAt: Date;
  /** Null where the deadline is new. */
  before: Revision | null;
  after: Revision;
  /** Why one editor published it alone, as long as nobody else has looked at it; null where somebody has. */
  aloneReason: string | null;
}

/** Of one insurer's deadlines alone. */
interface Only {
  insurer?: string | undefined;
}

/** The newest changes, the newest first. `below`: only those before a number. */
export async function newestChanges(
  db: ReadDb,
  { insurer, below }: Only & { below?: number | undefined },
  most: number,
): Promise<PublicChange[]> {
  const { publicChanges } = db.tables;
  const rows = await changeRows(db)
    .where(and(isPublic(db), ofInsurer(db, insurer), below === undefined ? undefined : lt(publicChanges.number, below)))
    .orderBy(desc(publicChanges.number))
    .limit(most);
  return withRevisions(db, rows);
}

/** The changes after a number, the oldest first, at most so many. */
export async function changesAfter(db: ReadDb, { insurer, number }: Only & { number: number }, most: number): Promise<PublicChange[]> {
  const { publicChanges } = db.tables;
  const rows = await changeRows(db)
    .where(and(gt(publicChanges.number, number), ofInsurer(db, insurer)))
    .orderBy(asc(publicChanges.number))
    .limit(most);
  return withRevisions(db, rows);
}

/** A number that no public change has exceeded, and every later one does. Read before the changes are. */
export async function lastPossibleNumber(db: ReadDb): Promise<number> {
  return (await readCounters(db)).registry;
}

/** One change. Throws `not_found`, also for one that is not public yet. */
export async function getPublicChange(db: ReadDb, id: string): Promise<PublicChange> {
  const { publicChanges } = db.tables;
  const [change] = await withRevisions(db, await changeRows(db).where(and(eq(publicChanges.id, id), isPublic(db))));
  if (!change) throw new AppError('not_found', 'No such change.');
  return change;
}

/** One word for it, by which people are told of it in mails too. */
export function kindOfChange({ after, before }: Pick<PublicChange, 'after' | 'before'>): NewsKind {
  return newsKind(standing(before), standing(after));
}

/** What is withdrawn is not there for readers. */
const standing = (revision: Revision | null) => (revision?.status === 'published' ? revision : null);

const isPublic = (db: ReadDb) => isNotNull(db.tables.publicChanges.number);

const ofInsurer = (db: ReadDb, slug: string | undefined) => (slug === undefined ? undefined : eq(db.tables.deadlines.insurerSlug, slug));

interface ChangeRow {
  change: Tables['publicChanges']['$inferSelect'];
  deadline: Tables['deadlines']['$inferSelect'];
  insurerKind: InsurerKind | null;
  edition: Pick<Tables['editions']['$inferSelect'], 'aloneReason' | 'lookedAt'> | null;
}

function changeRows(db: ReadDb) {
  const { deadlines, editions, insurers, publicChanges } = db.tables;
  const edition = { aloneReason: editions.aloneReason, lookedAt: editions.lookedAt };
  return db
    .select({ change: publicChanges, deadline: deadlines, insurerKind: insurers.kind, edition })
    .from(publicChanges)
    .innerJoin(deadlines, eq(deadlines.id, publicChanges.deadlineId))
    .leftJoin(insurers, eq(insurers.slug, deadlines.insurerSlug))
    .leftJoin(editions, eq(editions.id, publicChanges.editionId))
    .$dynamic();
}

/** Each with its two revisions. */
async function withRevisions(db: ReadDb, rows: readonly ChangeRow[]): Promise<PublicChange[]> {
  if (rows.length === 0) return [];
  const { revisions } = db.tables;
  const ids = [...new Set(rows.map(({ deadline }) => deadline.id))];
  const numbers = [...new Set(rows.flatMap(({ change }) => [change.fromRevision, change.revision]))];
  const among = and(inArray(revisions.deadlineId, ids), inArray(revisions.number, numbers));
  const byPlace = new Map((await db.select().from(revisions).where(among)).map((row) => [`${row.deadlineId} ${row.number}`, row]));
  return rows.flatMap(({ change, deadline, edition, insurerKind }) => {
    const revisionAt = (number: number) => {
      const row = byPlace.get(`${deadline.id} ${number}`);
      return row ? toDeadline(deadline, row, { insurerKind }) : null;
    };
    const { fromRevision, id, number, publicAt, revision } = change;
    const after = revisionAt(revision);
    if (!after || number === null || publicAt === null) return [];
    const aloneReason = edition?.lookedAt === null ? edition.aloneReason : null;
    return [{ id, number, publicAt, before: revisionAt(fromRevision), after, aloneReason }];
  });
}
