/** Deadlines in the grace time of an edition, of which no mail tells yet. */
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isNotNull } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';

export interface HeldDeadline extends Pick<Deadline, 'activity' | 'contractYear' | 'insurer'> {
  until: Date;
}

/** By id; mostly there are none. It lasts until the change is public, however late that is. */
export async function readHeldDeadlines(db: ReadDb): Promise<Map<string, HeldDeadline>> {
  const { deadlines } = db.tables;
  const { activity, contractYear, heldUntil, id, insurerSlug: insurer } = deadlines;
  const rows = await db.select({ id, activity, contractYear, insurer, until: heldUntil }).from(deadlines).where(isNotNull(heldUntil));
  return new Map(rows.flatMap(({ id: heldId, until, ...place }) => (until === null ? [] : [[heldId, { ...place, until }] as const])));
}
