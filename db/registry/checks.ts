/** Comparing a deadline with its document: no revision, since it says the same; nobody is told. */
import { bumpRegistry } from '../store/counters.ts';
import { AppError } from '../../calendars/errors.ts';
import { and, eq } from '../store/drizzle.ts';
import type { WriteDb } from '../store/store.ts';
import { BY_FILES, noteAudit } from './audit.ts';
import type { Grace } from './public/publishing.ts';
import type { Checked, Revision } from './revisions.ts';
import { laterThan } from '../../calendars/ics/moments.ts';

/**
 * Records when a deadline was compared, and by whom, and gives whether that is new: not where a later day is known, nor where that of this day has
 * the same name. A person's name takes the place of another of the same day; that of the files does not, since they are loaded at each start.
 * Its events become newer. Throws `stale` where it has another revision by now: that one nobody compared. Who does not hold the registry
 * (`waitForRegistry`, before the deadline is read) and publishes beside others would wait for one that waits for it.
 */
export async function recordCheck(
  tx: WriteDb,
  deadline: Revision,
  { on, by }: Checked,
  now: Date,
  actor: string = BY_FILES,
): Promise<boolean> {
  if (!isNewCheck(deadline, { on, by }, actor)) return false;
  const { checkedOn, id, revision } = deadline;
  const { deadlines } = tx.tables;
  const [row] = await tx
    .update(deadlines)
    .set({ checkedOn: on, checkedBy: by, sequence: deadline.sequence + 1, changedAt: laterThan(deadline.changedAt, now) })
    .where(and(eq(deadlines.id, id), eq(deadlines.revision, revision)))
    .returning({ id: deadlines.id });
  if (row === undefined) throw new AppError('stale', `The deadline is not at revision ${revision} any more; read it again.`);
  await bumpRegistry(tx, deadline.insurer, now);
  // Under which name stands beside it: the audit names nobody.
  await noteAudit(tx, { by: actor, what: 'check', subject: id, before: { checkedOn }, after: { checkedOn: on } }, now);
  return true;
}

/** Whether `recordCheck` would record it. */
export function isNewCheck(
  { checkedBy, checkedOn }: Pick<Revision, 'checkedBy' | 'checkedOn'>,
  { on, by }: Checked,
  actor: string = BY_FILES,
): boolean {
  const isSameDay = checkedOn === on && (checkedBy === by || actor === BY_FILES);
  return checkedOn === null || (checkedOn <= on && !isSameDay);
}

/** Lets no mail tell of a deadline until the grace time is over of an edition that changes nothing but when it was compared. */
export async function holdUntil(tx: WriteDb, { id }: Pick<Revision, 'id'>, { until }: Grace): Promise<void> {
  const { deadlines } = tx.tables;
  await tx.update(deadlines).set({ heldUntil: until }).where(eq(deadlines.id, id));
}
