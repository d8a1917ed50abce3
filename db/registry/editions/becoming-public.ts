/** Becoming public: when the grace time of an edition is over, its changes get their place among all, and whoever they concern is told. */
import { and, asc, eq, inArray, isNotNull, isNull, lte, sql } from '../../store/drizzle.ts';
import { bumpRegistry } from '../../store/counters.ts';
import type { ReadDb, Store, WriteDb } from '../../store/store.ts';
import { laterThan } from '../../../calendars/ics/moments.ts';
import { makeChangePublic } from '../public/publishing.ts';
import { forgetMutes, isConfirmed, type Revision } from '../revisions.ts';
import { listRevisions } from '../deadlines.ts';

/**
 * Makes public what was published at least ten minutes ago and not taken back, the earliest first. Gives how many changes that were; a second run does
 * nothing, and of two at once one does.
 */
export async function makeEditionsPublic(store: Store, now: Date): Promise<number> {
  if (!(await isAnyDue(store.read, now))) return 0;
  return store.write(async (tx) => {
    const ids = await holdDue(tx, now);
    const made = await publishDue(tx, ids, now);
    await release(tx, now);
    return made;
  });
}

async function isAnyDue(db: ReadDb, now: Date): Promise<boolean> {
  const { deadlines, editions, publicChanges } = db.tables;
  if ((await db.$count(deadlines, lte(deadlines.heldUntil, now))) > 0) return true;
  const [row] = await db
    .select({ id: publicChanges.id })
    .from(publicChanges)
    .innerJoin(editions, eq(editions.id, publicChanges.editionId))
    .where(and(isNull(publicChanges.number), lte(editions.publicAt, now)))
    .limit(1);
  return row !== undefined;
}

/** The editions of which something is to become public, held until the commit: who takes one back comes before, or too late. */
async function holdDue(tx: WriteDb, now: Date): Promise<string[]> {
  const { editions, publicChanges } = tx.tables;
  const unnumbered = tx.select({ id: publicChanges.editionId }).from(publicChanges).where(isNull(publicChanges.number));
  const isDue = and(eq(editions.status, 'published'), lte(editions.publicAt, now), inArray(editions.id, unnumbered));
  const rows = await tx.select({ id: editions.id }).from(editions).where(isDue).orderBy(asc(editions.id));
  const ids: string[] = [];
  // One after the other, so that two processes take them in one order; and asked again, since one may have been taken back.
  for (const { id } of rows)
    ids.push(
      ...(
        await tx
          .update(editions)
          .set({ status: sql`${editions.status}` })
          .where(and(eq(editions.id, id), eq(editions.status, 'published')))
          .returning({ id: editions.id })
      ).map((row) => row.id),
    );
  return ids;
}

async function publishDue(tx: WriteDb, ids: readonly string[], now: Date): Promise<number> {
  const { deadlines, editions, publicChanges } = tx.tables;
  if (ids.length === 0) return 0;
  // Read after they are held: another process may have been first.
  const rows = await tx
    .select({ change: publicChanges, insurer: deadlines.insurerSlug })
    .from(publicChanges)
    .innerJoin(deadlines, eq(deadlines.id, publicChanges.deadlineId))
    .innerJoin(editions, eq(editions.id, publicChanges.editionId))
    .where(and(isNull(publicChanges.number), inArray(publicChanges.editionId, [...ids])))
    .orderBy(asc(editions.publicAt), asc(editions.id), asc(publicChanges.deadlineId), asc(publicChanges.revision));
  for (const { change, insurer } of rows) {
    const version = await bumpRegistry(tx, insurer, now);
    await makeChangePublic(tx, change, version, now);
    const revisions = await listRevisions(tx, change.deadlineId);
    const [before, after] = [change.fromRevision, change.revision].map((n) => revisions.find(({ revision }) => revision === n));
    if (before && after && isConfirmed(before, after, after)) await forgetMutes(tx, change.deadlineId);
    if (after && after.revision > 1) await nameChange(tx, revisions.at(-1)!, now);
  }
  return rows.length;
}

/** From now on calendars name the change: their events become newer. */
async function nameChange(tx: WriteDb, deadline: Revision, now: Date): Promise<void> {
  const { deadlines } = tx.tables;
  const set = { sequence: deadline.sequence + 1, changedAt: laterThan(deadline.changedAt, now) };
  await tx.update(deadlines).set(set).where(eq(deadlines.id, deadline.id));
}

/** Lets mails tell of the deadlines again. */
async function release(tx: WriteDb, now: Date): Promise<void> {
  const { deadlines } = tx.tables;
  await tx
    .update(deadlines)
    .set({ heldUntil: null })
    .where(and(isNotNull(deadlines.heldUntil), lte(deadlines.heldUntil, now)));
}
