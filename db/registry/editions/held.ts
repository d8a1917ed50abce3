/** Deadlines in the grace time of an edition, of which no mail tells yet. */
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { and, asc, eq, inArray, isNotNull, isNull } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { holdEdition } from './drafts.ts';

export interface HeldDeadline extends Pick<Deadline, 'activity' | 'contractYear' | 'insurer' | 'key'> {
  until: Date;
}

/** By id; mostly there are none. It lasts until the change is public, however late that is. */
export async function readHeldDeadlines(db: ReadDb): Promise<Map<string, HeldDeadline>> {
  const { deadlines } = db.tables;
  const { activity, contractYear, heldUntil, id, insurerSlug: insurer, requirementKey: key } = deadlines;
  const rows = await db.select({ id, activity, contractYear, insurer, key, until: heldUntil }).from(deadlines).where(isNotNull(heldUntil));
  return new Map(rows.flatMap(({ id: heldId, until, ...place }) => (until === null ? [] : [[heldId, { ...place, until }] as const])));
}

/** Holds every edition that is not public yet until the commit, always in the same order: nobody takes one of them back meanwhile. */
export async function holdGraces(tx: WriteDb): Promise<void> {
  const { editions, publicChanges } = tx.tables;
  const waiting = tx.select({ id: publicChanges.editionId }).from(publicChanges).where(isNull(publicChanges.number));
  const rows = await tx
    .select({ id: editions.id })
    .from(editions)
    .where(and(eq(editions.status, 'published'), inArray(editions.id, waiting)))
    .orderBy(asc(editions.publicAt), asc(editions.id));
  for (const { id } of rows) await holdEdition(tx, id);
}
