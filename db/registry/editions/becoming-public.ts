/** Becoming public: when the grace time of an edition is over, its changes get their place among all, and whoever they concern is told. */
import { and, asc, eq, inArray, isNull, lte, not, sql } from '../../store/drizzle.ts';
import { bumpRegistry } from '../../store/counters.ts';
import type { ReadDb, Store, WriteDb } from '../../store/store.ts';
import { laterThan } from '../../../calendars/ics/moments.ts';
import { makeChangePublic } from '../public/publishing.ts';
import { forgetMutes, isConfirmed, type Revision } from '../revisions.ts';
import { listRevisions } from '../deadlines.ts';

/**
 * Makes public what was published at least ten minutes ago and not taken back, the earliest first. Gives how many changes that were; a second run does
 * nothing, and of two at once one does. An edition that fails does not keep the others: its deadlines stay held, and what failed is thrown at the end.
 */
export async function makeEditionsPublic(store: Store, now: Date): Promise<number> {
  if (!(await isAnyDue(store.read, now))) return 0;
  let made = 0;
  const failures: unknown[] = [];
  for (const id of await dueEditions(store.read, now))
    await store
      .write((tx) => publishDue(tx, id, now))
      .then((count) => (made += count))
      .catch((error: unknown) => failures.push(error));
  await store.write((tx) => release(tx, now));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} editions could not be made public`);
  return made;
}

/** The same within a transaction, which what fails first ends: it is thrown as it is. */
export async function makeEditionsPublicIn(tx: WriteDb, now: Date): Promise<void> {
  for (const id of await dueEditions(tx, now)) await publishDue(tx, id, now);
  await release(tx, now);
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

/** The editions of which something is to become public, the earliest first, and none before one that changed the same deadline before it. */
async function dueEditions(db: ReadDb, now: Date): Promise<string[]> {
  const { editions, publicChanges } = db.tables;
  const { deadlineId, revision } = publicChanges;
  const isDue = and(eq(editions.status, 'published'), lte(editions.publicAt, now), isNull(publicChanges.number));
  const rows = await db
    .select({ id: editions.id, deadlineId, revision })
    .from(editions)
    .innerJoin(publicChanges, eq(publicChanges.editionId, editions.id))
    .where(isDue)
    .orderBy(asc(editions.publicAt), asc(editions.id));
  const waiting = Map.groupBy(rows, ({ id }) => id);
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const others = (id: string) => [...waiting].flatMap(([other, changes]) => (other === id ? [] : changes));
    const restsOn = (id: string) =>
      waiting.get(id)!.some((one) => others(id).some((other) => other.deadlineId === one.deadlineId && other.revision < one.revision));
    const [first] = waiting.keys();
    const next = [...waiting.keys()].find((id) => !restsOn(id)) ?? first!;
    waiting.delete(next);
    ordered.push(next);
  }
  return ordered;
}

/** Makes an edition public; it is held until the commit: who takes it back comes before, or too late. */
async function publishDue(tx: WriteDb, id: string, now: Date): Promise<number> {
  const { deadlines, editions, publicChanges } = tx.tables;
  // Asked again: it may have been taken back.
  const [held] = await tx
    .update(editions)
    .set({ status: sql`${editions.status}` })
    .where(and(eq(editions.id, id), eq(editions.status, 'published')))
    .returning({ id: editions.id });
  if (!held) return 0;
  // Read after it is held: another process may have been first.
  const rows = await tx
    .select({ change: publicChanges, insurer: deadlines.insurerSlug })
    .from(publicChanges)
    .innerJoin(deadlines, eq(deadlines.id, publicChanges.deadlineId))
    .where(and(isNull(publicChanges.number), eq(publicChanges.editionId, id)))
    .orderBy(asc(publicChanges.deadlineId), asc(publicChanges.revision));
  for (const { change, insurer } of rows) {
    const version = await bumpRegistry(tx, insurer, now);
    const fromRevision = await makeChangePublic(tx, change, version, now);
    if (fromRevision === null) continue;
    const revisions = await listRevisions(tx, change.deadlineId);
    const [before, after] = [fromRevision, change.revision].map((n) => revisions.find(({ revision }) => revision === n));
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

/** Lets mails tell of the deadlines again, but for what an edition changed or moved along that is not public yet. */
async function release(tx: WriteDb, now: Date): Promise<void> {
  const { deadlines, publicChanges, revisions } = tx.tables;
  const waiting = isNull(publicChanges.number);
  const editionIds = tx.select({ id: publicChanges.editionId }).from(publicChanges).where(waiting);
  const changed = tx.select({ id: publicChanges.deadlineId }).from(publicChanges).where(waiting);
  const movedAlong = tx.select({ id: revisions.deadlineId }).from(revisions).where(inArray(revisions.editionId, editionIds));
  await tx
    .update(deadlines)
    .set({ heldUntil: null })
    .where(and(lte(deadlines.heldUntil, now), not(inArray(deadlines.id, changed)), not(inArray(deadlines.id, movedAlong))));
}
