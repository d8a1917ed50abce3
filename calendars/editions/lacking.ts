/** What an edition says nothing of yet: dates of its year that nobody stated, and what the year before had. */
import { canBeChecked } from '../upkeep/upkeep.ts';
import { countingDay, type Deadline } from '../deadlines/deadline.ts';
import type { Activity, CareType } from '../terms.ts';

/** What it is about, and which deadlines and places its entries have. */
export interface Gathered {
  careType: CareType;
  contractYear: number;
  entries: readonly { deadlineId: string | null; activity: Activity | null; slot: number | null; requirementKey: string | null }[];
}

export interface Lacking<D> {
  /** Of its year, assumed, expected or by a rule: to be confirmed one by one. By day. */
  unstated: D[];
  /** Of the year before, stated or known to be undated, of which its year has nothing at all. By day. */
  unfollowed: D[];
}

/** `deadlines`: all of one insurer, or of the sector. */
export function lackingIn<D extends Deadline>(deadlines: readonly D[], { careType, contractYear, entries }: Gathered): Lacking<D> {
  const published = deadlines.filter(({ status }) => status === 'published');
  const current = published.filter((one) => one.contractYear === contractYear);
  const isGathered = (one: D) => entries.some((entry) => entry.deadlineId === one.id || isAlike(entry, one));
  const isOfCare = (one: D) => one.careType === careType || one.careType === 'general';
  return {
    unstated: current
      .filter((one) => !canBeChecked(one) && (isOfCare(one) || one.certainty !== 'expected') && !isGathered(one))
      .toSorted(byDay),
    unfollowed: published
      .filter((one) => one.contractYear === contractYear - 1 && canBeChecked(one) && isOfCare(one) && !isGathered(one))
      .filter((one) => !current.some((other) => isAlike({ ...other, requirementKey: other.key }, one)))
      .toSorted(byDay),
  };
}

const isAlike = (entry: Pick<Gathered['entries'][number], 'activity' | 'requirementKey' | 'slot'>, { activity, key, slot }: Deadline) =>
  entry.activity === activity && entry.requirementKey === key && entry.slot === slot;

/** What has no day comes last. */
function byDay(a: Deadline, b: Deadline): number {
  const [one, other] = [countingDay(a) ?? '9', countingDay(b) ?? '9'];
  return one < other ? -1 : one > other ? 1 : a.title < b.title ? -1 : 1;
}
