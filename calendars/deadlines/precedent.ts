/** How it went before: what was known in the year that a date is taken from, and what had to be arranged before a deadline without a day of its own. */
import type { Content, Deadline, Identity, Precedent } from './deadline.ts';
import { newestStated } from './projection.ts';
import type { Activity } from '../terms.ts';

/**
 * What was known for the year that a projected date is taken from: of the deadline that its basis names; of one by the sector's rule, the
 * insurer's own newest. Null where there is none. `earlier`: what is known of this insurer.
 */
export function precedentFor(
  { insurer, contractYear, activity, basis }: Pick<Identity, 'insurer' | 'contractYear' | 'activity'> & Pick<Content, 'basis'>,
  earlier: readonly Deadline[],
): Precedent | null {
  if (basis?.kind === 'earlier_year') return asPrecedent(earlier.find(({ id }) => id === basis.deadlineId));
  if (basis?.kind !== 'sector_rule' || insurer === null) return null;
  return asPrecedent(newestStated(earlier, { insurer, contractYear, activity }));
}

/**
 * What has to be arranged before a deadline and has no day of its own, of the newest contract year that says so, its own included; of an earlier
 * year also what had a day then. `all`: what is known of its insurer.
 */
export function arrangedBefore<T extends Deadline>(deadline: Place, all: readonly T[]): T[] {
  const said = all.filter(
    (one) =>
      mayComeBefore(one, deadline) &&
      one.status === 'published' &&
      // What is projected repeats what another year says.
      (one.certainty === 'stated' || one.certainty === 'unknown'),
  );
  return (BEFORE[deadline.activity] ?? [])
    .flatMap((activity) => ofNewestYear(said.filter((one) => one.activity === activity)))
    .filter((one) => one.contractYear < deadline.contractYear || one.dueOn === null);
}

/** Which deadline it is, as far as another may have to be arranged before it. */
type Place = Pick<Identity, 'insurer' | 'contractYear' | 'activity'>;

/** Whether one is of what is arranged before another, of the same insurer and its contract year or an earlier one. */
export function mayComeBefore(one: Place, { activity, contractYear, insurer }: Place): boolean {
  return (
    insurer !== null && one.insurer === insurer && one.contractYear <= contractYear && BEFORE[activity]?.includes(one.activity) === true
  );
}

/** The activities that something has to be arranged before, and what: they have no day of their own. */
const BEFORE: Partial<Record<Activity, readonly Activity[]>> = {
  signing: ['certificate_request', 'register_check', 'early_contracting', 'signing_term'],
  annual_plan: ['wsv_plan_review'],
};

/** The activities that are arranged before others. */
export const ARRANGED_BEFORE: ReadonlySet<Activity> = new Set(Object.values(BEFORE).flat());

function ofNewestYear<T extends Deadline>(deadlines: readonly T[]): T[] {
  const newest = Math.max(...deadlines.map(({ contractYear }) => contractYear));
  return deadlines.filter(({ contractYear }) => contractYear === newest).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function asPrecedent(deadline: Deadline | undefined): Precedent | null {
  if (!deadline) return null;
  const { id: deadlineId, contractYear, dueOn, lastSafeOn, channel, duty, consequence, extension, conflict, sources } = deadline;
  return { deadlineId, contractYear, dueOn, lastSafeOn, channel, deliverable: duty.deliverable, consequence, extension, conflict, sources };
}
