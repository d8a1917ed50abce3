/** The days of a deadline in its place in the registry: what it counts from may be another one. */
import { isAssumed, isProjected } from '../../calendars/deadlines/certainty.ts';
import type { Content, Days, Identity } from '../../calendars/deadlines/deadline.ts';
import { resolveDays } from '../../calendars/deadlines/rules.ts';
import type { Activity, CareType, Certainty, Day } from '../../calendars/terms.ts';
import { and, eq, isNull } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';

/** A deadline as a draft would leave it; `id` null where the draft enters it, `dueOn` undefined where it is withdrawn. */
export interface Planned {
  id: string | null;
  careType: CareType;
  activity: Activity;
  certainty: Certainty;
  dueOn: Day | null | undefined;
}

/**
 * The days of a content in its place: an offset counts from the deadline of the same insurer and contract year that it names. `planned`: what a draft
 * says of that year, which then counts instead of what stands.
 */
export async function resolveIn(
  db: ReadDb,
  identity: Omit<Identity, 'id'>,
  content: Content,
  planned: readonly Planned[] = [],
): Promise<Days> {
  const { rule, boundary, conflict } = content;
  const base = rule.kind === 'offset' && 'activity' in rule.from ? await dueOnOf(db, identity, rule.from.activity, planned) : null;
  const days = resolveDays(rule, boundary, {
    contractYear: identity.contractYear,
    slot: identity.slot,
    dayOf: (from) => ('activity' in from ? base : null),
    conflict,
  });
  // What is only assumed is safe on no day, whoever says it.
  return isAssumed(content) ? { ...days, lastSafeOn: null } : days;
}

/** The due day of a published activity; the earliest, where several care types have it. */
async function dueOnOf(
  db: ReadDb,
  { insurer, contractYear, careType }: Omit<Identity, 'id'>,
  activity: Activity,
  planned: readonly Planned[],
): Promise<Day | null> {
  const { deadlines, revisions } = db.tables;
  const standing = await db
    .select({ id: deadlines.id, dueOn: revisions.dueOn, careType: deadlines.careType, certainty: revisions.certainty })
    .from(deadlines)
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(
      and(
        eq(deadlines.activity, activity),
        eq(deadlines.contractYear, contractYear),
        insurer === null ? isNull(deadlines.insurerSlug) : eq(deadlines.insurerSlug, insurer),
        eq(revisions.status, 'published'),
      ),
    );
  const ours = planned.filter((one) => one.activity === activity);
  // What a document says takes the place of what was only projected.
  const isReplaced = ours.some(({ dueOn, id, ...one }) => id === null && dueOn !== undefined && !isProjected(one));
  const rows = [
    ...standing.filter((row) => !ours.some(({ id }) => id === row.id) && !(isReplaced && isProjected(row))),
    ...ours.flatMap(({ dueOn, ...one }) => (dueOn === undefined ? [] : [{ ...one, dueOn }])),
  ];
  const same = rows.filter((row) => row.careType === careType);
  return (
    (same.length > 0 ? same : rows)
      .map((row) => row.dueOn)
      .filter((day) => day !== null)
      .sort()[0] ?? null
  );
}
