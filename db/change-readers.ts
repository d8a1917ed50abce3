/** Who may have to be told of a change: the organisations that somebody reads for, a slice of them at a time. */
import { and, asc, count, eq, gt, inArray, lte, sql } from './drizzle.ts';
import type { Tables } from './schema.ts';
import type { ReadDb } from './store.ts';

/** How many organisations are looked at in one go. */
const PAGE = 200;
/** How many recipients, and organisations that are delivered for, are seen to in one transaction; of one organisation all are. */
const MOST = 24;

/** Organisations that are seen to together, by id, and how far the change is then; null after the last ones. */
export interface ReaderSlice {
  readers: string[];
  last: string | null;
}

/**
 * The next organisations that somebody reads for who had confirmed when the change was recorded, and that deal with the insurer or deliver for
 * one that does. Looks at some hundreds, however few of them are concerned.
 */
export async function slicesAfter(
  db: ReadDb,
  { deadlineId, recordedAt, seenTo }: Tables['changes']['$inferSelect'],
): Promise<ReaderSlice[]> {
  const { deadlines, organisations, recipients } = db.tables;
  const after = seenTo === null ? undefined : gt(organisations.id, seenTo);
  const page = await db.select({ id: organisations.id }).from(organisations).where(after).orderBy(asc(organisations.id)).limit(PAGE);
  const ids = page.map(({ id }) => id);
  const last = ids.at(-1) ?? null;
  if (last === null) return [{ readers: [], last }];
  const told = await db
    .select({ id: recipients.organisationId, people: count() })
    .from(recipients)
    .where(and(inArray(recipients.organisationId, ids), eq(recipients.status, 'confirmed'), lte(recipients.confirmedAt, recordedAt)))
    .groupBy(recipients.organisationId);
  const people = new Map(told.map((row) => [row.id, row.people]));
  const [deadline] = await db.select({ insurer: deadlines.insurerSlug }).from(deadlines).where(eq(deadlines.id, deadlineId));
  const readers = await dealingAmong(db, [...people.keys()], deadline?.insurer ?? null);
  const members = await countMembers(db, readers);
  return cut(readers, (id) => people.get(id)! + (members.get(id) ?? 0), last);
}

/** Those that deal with the insurer, or deliver for one that does; all of them where no insurer asks. */
async function dealingAmong(db: ReadDb, ids: readonly string[], insurer: string | null): Promise<string[]> {
  const { organisations, relations } = db.tables;
  const wanted = [...ids].sort();
  if (insurer === null) return wanted;
  const own = await db
    .select({ id: relations.organisationId })
    .from(relations)
    .where(and(eq(relations.insurerSlug, insurer), inArray(relations.organisationId, wanted)));
  const delivering = await db
    .selectDistinct({ id: organisations.parentId })
    .from(organisations)
    // Not as a plain comparison: SQLite would look through all that deal with the insurer instead of through those they deliver for.
    .innerJoin(relations, and(eq(relations.organisationId, organisations.id), sql`${relations.insurerSlug} || '' = ${insurer}`))
    .where(inArray(organisations.parentId, wanted));
  const found = new Set([...own, ...delivering].map(({ id }) => id));
  return wanted.filter((id) => found.has(id));
}

async function countMembers(db: ReadDb, ids: readonly string[]): Promise<Map<string | null, number>> {
  const { organisations } = db.tables;
  const rows = await db
    .select({ id: organisations.parentId, members: count() })
    .from(organisations)
    .where(inArray(organisations.parentId, [...ids]))
    .groupBy(organisations.parentId);
  return new Map(rows.map(({ id, members }) => [id, members]));
}

/** Slices of about the same work; the last one is seen to as far as was looked. */
function cut(readers: readonly string[], workOf: (id: string) => number, last: string): ReaderSlice[] {
  const slices: ReaderSlice[] = [];
  let readersOf: string[] = [];
  let work = 0;
  for (const id of readers) {
    if (readersOf.length > 0 && work + workOf(id) > MOST) {
      slices.push({ readers: readersOf, last: readersOf.at(-1)! });
      [readersOf, work] = [[], 0];
    }
    readersOf.push(id);
    work += workOf(id);
  }
  return [...slices, { readers: readersOf, last }];
}
