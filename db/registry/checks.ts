/** Comparing a deadline with its document: no revision, since it says the same; nobody is told. */
import { bumpRegistry } from '../store/counters.ts';
import { eq } from '../store/drizzle.ts';
import type { WriteDb } from '../store/store.ts';
import { BY_FILES, noteAudit } from './audit.ts';
import { type Checked, type Revision } from './revisions.ts';
import { laterThan } from '../../calendars/ics/moments.ts';

/**
 * Records when a deadline was compared, and by whom, and gives whether that is new: not where a later day is known, nor where that of this day has
 * the same name. A person's name takes the place of another of the same day; that of the files does not, since they are loaded at each start.
 * Its events become newer.
 */
export async function recordCheck(
  tx: WriteDb,
  deadline: Revision,
  { on, by }: Checked,
  now: Date,
  actor: string = BY_FILES,
): Promise<boolean> {
  const { checkedBy, checkedOn, id } = deadline;
  const isSameDay = checkedOn === on && (checkedBy === by || actor === BY_FILES);
  if (checkedOn !== null && (checkedOn > on || isSameDay)) return false;
  const { deadlines } = tx.tables;
  await tx
    .update(deadlines)
    .set({ checkedOn: on, checkedBy: by, sequence: deadline.sequence + 1, changedAt: laterThan(deadline.changedAt, now) })
    .where(eq(deadlines.id, id));
  await bumpRegistry(tx, deadline.insurer, now);
  // Under which name stands beside it: the audit names nobody.
  await noteAudit(tx, { by: actor, what: 'check', subject: id, before: { checkedOn }, after: { checkedOn: on } }, now);
  return true;
}
