/** The readers of a change: the organisations that it may concern and that have a recipient, a slice at a time. */
import { setImmediate } from 'node:timers/promises';
import { and, asc, count, eq, gt, inArray, lte, sql } from '../store/drizzle.ts';
import { parameter, preparedFor } from '../store/statements.ts';
import type { Tables } from '../schema/schema.ts';
import type { ReadDb } from '../store/store.ts';

/** How many organisations are looked at in one go. */
const PAGE = 200;
/** How many recipients, and organisations that are delivered for, are seen to in one transaction; of one organisation all are. */
const MOST = 24;

/** Organisations that are announced to together, by id. `last`: up to which id the change is announced then; null after the last ones. */
export interface ReaderSlice {
  readers: string[];
  last: string | null;
}

/**
 * The next organisations with a recipient who had confirmed when the change was recorded, and that deal with the insurer or deliver for one that
 * does. Looks at some hundreds at a time, until some of them are concerned.
 */
export async function slicesAfter(
  db: ReadDb,
  { deadlineId, recordedAt, seenTo }: Tables['changes']['$inferSelect'],
): Promise<ReaderSlice[]> {
  const { deadlines } = db.tables;
  const statements = statementsOf(db);
  const [deadline] = await db.select({ insurer: deadlines.insurerSlug }).from(deadlines).where(eq(deadlines.id, deadlineId));
  for (let after = seenTo ?? ''; ;) {
    const page = await statements.page.execute({ after });
    const last = page.at(-1)?.id;
    if (last === undefined) return [{ readers: [], last: null }];
    const rows = await statements.confirmed.execute({ after, last, recordedAt });
    const people = new Map(rows.map((row) => [row.id, row.people]));
    const readers = people.size === 0 ? [] : await dealingAmong(db, [...people.keys()], deadline?.insurer ?? null);
    if (readers.length > 0) {
      const members = await countMembers(db, readers);
      return cut(readers, (id) => people.get(id)! + (members.get(id) ?? 0), last);
    }
    // The position is only saved with the next slice that it concerns: after a restart these are looked at again.
    after = last;
    await setImmediate();
  }
}

const statementsOf = preparedFor((db: ReadDb) => {
  const { recipients } = db.tables;
  const { organisationId, confirmedAt } = recipients;
  const after = gt(organisationId, sql.placeholder('after'));
  return {
    page: db
      .selectDistinct({ id: organisationId })
      .from(recipients)
      .where(after)
      .orderBy(asc(organisationId))
      .limit(PAGE)
      .prepare('change_readers_page'),
    confirmed: db
      .select({ id: organisationId, people: count() })
      .from(recipients)
      .where(
        and(
          after,
          lte(organisationId, sql.placeholder('last')),
          eq(recipients.status, 'confirmed'),
          lte(confirmedAt, parameter('recordedAt', confirmedAt)),
        ),
      )
      .groupBy(organisationId)
      .prepare('change_readers_told'),
  };
});

/** Those that deal with the insurer, or deliver for one that does; all of them where no insurer asks. */
export async function dealingAmong(db: ReadDb, ids: readonly string[], insurer: string | null): Promise<string[]> {
  const { organisations, relations } = db.tables;
  const candidates = [...ids].sort();
  if (insurer === null) return candidates;
  const dealing = await db
    .select({ id: relations.organisationId })
    .from(relations)
    .where(and(eq(relations.insurerSlug, insurer), inArray(relations.organisationId, candidates)));
  const delivering = await db
    .selectDistinct({ id: organisations.parentId })
    .from(organisations)
    // Not as a plain comparison: SQLite would look through all that deal with the insurer instead of through those they deliver for.
    .innerJoin(relations, and(eq(relations.organisationId, organisations.id), sql`${relations.insurerSlug} || '' = ${insurer}`))
    .where(inArray(organisations.parentId, candidates));
  const concernedIds = new Set([...dealing, ...delivering].map(({ id }) => id));
  return candidates.filter((id) => concernedIds.has(id));
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

/** Slices of about the same work; the last one ends where the page ends. */
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
