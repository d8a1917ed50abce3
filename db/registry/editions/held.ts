/** Deadlines in the grace time of an edition, of which no mail tells yet. */
import type { Activity } from '../../../calendars/terms.ts';
import { isNotNull } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';

export interface HeldDeadline {
  until: Date;
  activity: Activity;
}

/** By id; mostly there are none. It lasts until the change is public, however late that is. */
export async function readHeldDeadlines(db: ReadDb): Promise<Map<string, HeldDeadline>> {
  const { deadlines } = db.tables;
  const { activity, heldUntil, id } = deadlines;
  const rows = await db.select({ id, activity, until: heldUntil }).from(deadlines).where(isNotNull(heldUntil));
  return new Map(rows.flatMap((row) => (row.until === null ? [] : [[row.id, { activity: row.activity, until: row.until }] as const])));
}
