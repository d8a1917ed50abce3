/** Comparing a deadline with its document: no revision, since it says the same; nobody is told. */
import { bumpRegistry } from '../store/counters.ts';
import { eq } from '../store/drizzle.ts';
import type { WriteDb } from '../store/store.ts';
import { BY_FILES, noteAudit } from './audit.ts';
import { type Checked, type Revision } from './revisions.ts';
import { laterThan } from '../../calendars/ics/moments.ts';

/** Records when a deadline was compared, and by whom, unless that was known or a later day is. Its events become newer. */
export async function recordCheck(
  tx: WriteDb,
  deadline: Revision,
  { on, by }: Checked,
  now: Date,
  actor: string = BY_FILES,
): Promise<void> {
  const { checkedOn, id } = deadline;
  if (checkedOn !== null && checkedOn >= on) return;
  const { deadlines } = tx.tables;
  await tx
    .update(deadlines)
    .set({ checkedOn: on, checkedBy: by, sequence: deadline.sequence + 1, changedAt: laterThan(deadline.changedAt, now) })
    .where(eq(deadlines.id, id));
  await bumpRegistry(tx, deadline.insurer, now);
  // Under which name stands beside it: the audit names nobody.
  await noteAudit(tx, { by: actor, what: 'check', subject: id, before: { checkedOn }, after: { checkedOn: on } }, now);
}
