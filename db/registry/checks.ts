/** Comparing a deadline with its document: no revision, since it says the same; nobody is told. */
import { bumpRegistry } from '../store/counters.ts';
import { eq } from '../store/drizzle.ts';
import type { WriteDb } from '../store/store.ts';
import { type Checked, type Revision } from './revisions.ts';
import { laterThan } from '../../calendars/ics/moments.ts';

/** Records when a deadline was compared, and by whom, unless that was known or a later day is. Its events become newer. */
export async function recordCheck(tx: WriteDb, deadline: Revision, { on, by }: Checked, now: Date): Promise<void> {
  if (deadline.checkedOn !== null && deadline.checkedOn >= on) return;
  const { deadlines } = tx.tables;
  await tx
    .update(deadlines)
    .set({ checkedOn: on, checkedBy: by, sequence: deadline.sequence + 1, changedAt: laterThan(deadline.changedAt, now) })
    .where(eq(deadlines.id, deadline.id));
  await bumpRegistry(tx, deadline.insurer, now);
}
