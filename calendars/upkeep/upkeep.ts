/** What of the registry somebody has to see to: entries that are to be compared with their document again, and what an insurer's year lacks. */
import { addDays, addMonths, yearOf } from '../days.ts';
import type { Day } from '../terms.ts';
import { isAssumed, isProjected } from '../deadlines/certainty.ts';
import { countingDay, type Deadline } from '../deadlines/deadline.ts';
import { knowledgeOf, newestKnown } from '../deadlines/knowledge.ts';

/** Whose check it is where the files of the registry say when an entry was compared: no person's. */
export const BY_EDITION = 'vergeleken bij uitgave';

/** Why an entry is to be checked: a newer document of the insurer came, its day is near, or it is long ago. */
export type CheckReason = 'document' | 'soon' | 'long_ago';

/** The day is within so many days, and the check older than so many. */
const NEAR_DAYS = 42;
const NEAR_CHECK_DAYS = 90;
/** Both for what is further away. */
const MONTHS = 12;

/** Whether somebody can compare an entry with a document at all: what was only projected stands in none. */
export function canBeChecked(deadline: Pick<Deadline, 'certainty' | 'checkedOn' | 'status'>): boolean {
  const { certainty, checkedOn, status } = deadline;
  if (status !== 'published' || isProjected(deadline)) return false;
  return certainty !== 'sector_rule' || checkedOn !== null;
}

/** Why an entry is to be checked now; null where it need not be. `newestDocumentOn`: when the insurer's newest document came out, null where that is not known. */
export function checkReason(
  deadline: Pick<Deadline, 'certainty' | 'checkedOn' | 'contractYear' | 'dueOn' | 'lastSafeOn' | 'status'>,
  newestDocumentOn: Day | null,
  today: Day,
): CheckReason | null {
  if (!canBeChecked(deadline) || isPast(deadline, today)) return null;
  const day = countingDay(deadline);
  // Never is longer ago than any day.
  const checkedOn = deadline.checkedOn ?? '';
  if (newestDocumentOn !== null && newestDocumentOn > checkedOn) return 'document';
  if (day === null) return null;
  if (day <= addDays(today, NEAR_DAYS) && checkedOn < addDays(today, -NEAR_CHECK_DAYS)) return 'soon';
  return day <= addMonths(today, MONTHS) && checkedOn < addMonths(today, -MONTHS) ? 'long_ago' : null;
}

/** What has no day is of the past once its contract year has begun. */
function isPast(deadline: Pick<Deadline, 'contractYear' | 'dueOn' | 'lastSafeOn'>, today: Day): boolean {
  const day = countingDay(deadline);
  return day === null ? deadline.contractYear <= yearOf(today) : day < today;
}

/** What an insurer's year lacks, as far as it can still be put right. */
export interface Lacks {
  /** The contract year of which a policy had to be out, where none is known. */
  policyOf: number | null;
  /** Of the newest year of which a document is known: what no one could read in it, and where it contradicts itself. */
  unreadable: readonly Deadline[];
  conflicts: readonly Deadline[];
  /** What is only assumed, and lies ahead. */
  assumed: number;
  /** What is only expected, of a year whose policy is known by now, and lies ahead. */
  outdated: number;
}

/** What is lacking on a day. `deadlines`: all of one insurer. */
export function lacksOf(deadlines: readonly Deadline[], today: Day): Lacks {
  const year = policyYearOn(today);
  const published = deadlines.filter(({ status }) => status === 'published');
  const newest = newestKnown(published)?.year;
  const read = published.filter((one) => one.contractYear === newest && canBeChecked(one));
  const isKnown = (contractYear: number) => knowledgeOf(published, contractYear)?.from === 'policy';
  return {
    policyOf: knowledgeOf(published, year)?.from === 'policy' ? null : year,
    unreadable: read.filter(({ certainty, kind }) => certainty === 'unknown' && DATED.has(kind)),
    conflicts: read.filter(({ conflict }) => conflict?.kind === 'readings'),
    assumed: published.filter((one) => isAssumed(one) && !isPast(one, today)).length,
    outdated: published.filter((one) => one.certainty === 'expected' && isKnown(one.contractYear) && !isPast(one, today)).length,
  };
}

const DATED: ReadonlySet<Deadline['kind']> = new Set(['deadline', 'window', 'period']);

/** The newest contract year whose policy had to be out: it is published by 1 April of the year before. */
export function policyYearOn(today: Day): number {
  const year = yearOf(today);
  return today > `${year}-04-01` ? year + 1 : year;
}
