/** When a deadline is reminded of: on working days, counted back from the last day that is safe. */
import { addDays, weekday } from '../days.ts';
import { addWorkingDays, nextWorkingDay, previousWorkingDay } from '../holidays.ts';
import { isAssumed } from '../deadlines/certainty.ts';
import { isAskedOnce, isHandedOver, type AgendaItem } from '../agenda/concern.ts';
import { countingDay, type Deadline, type Duty } from '../deadlines/deadline.ts';
import { isCounted } from '../deadlines/kinds.ts';
import { isInsurersAct } from '../deadlines/listing.ts';
import type { Certainty, Day, Reader } from '../terms.ts';

/** How many days before the day that counts a recipient is reminded, unless it chose otherwise. */
export const DEFAULT_LEAD_DAYS: readonly number[] = [42, 14, 3, 0];

export const DIGESTS = ['daily', 'weekly'] as const;
export type Digest = (typeof DIGESTS)[number];

/** One reminder that has become due. `merged`: missed, and said by a newer one. */
export interface DueReminder {
  leadDays: number;
  sendOn: Day;
  state: 'pending' | 'merged';
}

export interface DueInput extends Timing {
  leads: readonly number[];
  digest: Digest;
  today: Day;
  /** The day on which the recipient confirmed: nothing is due from before. */
  confirmedOn: Day;
  /** For how many days what was not sent is caught up on; not given: as long as it is of use. */
  catchUpDays?: number;
  /** The working day on which to remind, so much before the day that it counts from; not given: by calendar days. */
  remindOn?: (countsFrom: Day, lead: number) => Day;
}

/** The days that the reminders of an item go by. */
export interface Timing {
  /** The day that leads count back from. */
  countsFrom: Day;
  /** The last day on which it is of use to hear of it. */
  until: Day;
}

/** The working day on which to remind: `leadDays` calendar days before the day that it counts from, or the nearest working day before that. */
export function remindOn(countsFrom: Day, leadDays: number): Day {
  return previousWorkingDay(addDays(countsFrom, -leadDays));
}

/** How many working days before the day that counts who only hands its part over should have done so. */
const HAND_OVER_WORKING_DAYS = 10;

/** The day on which who hands its part over had best do so: advice, since no document names it. Null for who submits itself, or has nothing to do. */
export function handOverDay({ as, deadline }: Pick<AgendaItem, 'as'> & { deadline: Omit<TimedDeadline, 'certainty'> }): Day | null {
  return isHandedOver(deadline.duty, as) ? addWorkingDays(countingDay(deadline), -HAND_OVER_WORKING_DAYS) : null;
}

/** The same of what stands in an agenda, where it asks something: not of what was withdrawn, or has no day. */
export function handOverDayOf({ as, deadline }: Pick<AgendaItem, 'as' | 'deadline'>): Day | null {
  const { dueOn, status } = deadline;
  return dueOn === null || status === 'withdrawn' || !isCounted(deadline) ? null : handOverDay({ as, deadline: { ...deadline, dueOn } });
}

/** How many days before an assumed day it is told, once, unless the reader's longest lead is longer. */
export const ASSUMED_LEAD_DAYS = 42;
/**
 * For how long what is told once is still told after the day on which it was to leave. An assumption is not caught up on, but the one mail that there
 * is of it must not be lost to days off (at most six), a pause that ends, or a service or a mail server that was away. Who confirms later never gets it.
 */
export const CATCH_UP_DAYS = 7;
/** After how many days nobody is told of an item any more: days off, then the days of catching up. */
export const MOST_DAYS_AFTER = 14;

/**
 * Leads count back from the day that counts; for who only hands its part over from the day on which that had best be done, and a missed one is of use
 * until the day that counts. What an insurer does itself is told on the working day on or after its day, and is of use a little longer.
 */
export function timingOf(item: Pick<AgendaItem, 'as'> & { deadline: TimedDeadline }): Timing {
  const day = countingDay(item.deadline);
  if (!isToldAfter(item)) return { countsFrom: handOverDay(item) ?? day, until: day };
  const countsFrom = nextWorkingDay(day);
  return { countsFrom, until: addDays(countsFrom, CATCH_UP_DAYS) };
}

/** Until when a reminder is of use that counts from a day, whoever reads it: what an insurer does itself is told after that. */
export function usefulUntil({ certainty, duty }: Pick<TimedDeadline, 'certainty' | 'duty'>, countsOn: Day): Day {
  if (!isInsurersAct({ duty })) return countsOn;
  return timingOf({ as: 'informed', deadline: { certainty, duty, dueOn: countsOn, lastSafeOn: countsOn } }).until;
}

/** What is needed of a deadline to tell when to remind of it. */
type TimedDeadline = Pick<Deadline, 'certainty' | 'lastSafeOn'> & { dueOn: Day; duty: Pick<Duty, 'actors' | 'onBehalfOf'> };

/** Whether it is told when it has happened, not before: what an insurer does itself on a day that is not only assumed. */
export function isToldAfter({ as, deadline }: { as: Reader; deadline: { certainty: Certainty } }): boolean {
  return as === 'informed' && !isAssumed(deadline);
}

/** Whether there is one reminder of it alone: of what is only assumed, and of what an insurer does itself. */
export function isToldOnce(item: { as: Reader; deadline: { certainty: Certainty } }): boolean {
  return isAssumed(item.deadline) || isToldAfter(item);
}

/** How many days before an assumed day it is told, for a reader with these lead days: once, or never. */
export function assumedLeads(leadDays: readonly number[]): number[] {
  return leadDays.length === 0 ? [] : [Math.max(ASSUMED_LEAD_DAYS, ...leadDays)];
}

/**
 * The lead days that hold for a reader: an assumption is told once, long before; of what is sure, who only has to know hears once, on the day. Who
 * chose no lead at all is told of no assumption. Who has no agreement is asked once whether it was offered one: at its first lead after the day on
 * which requests ended.
 */
export function leadsFor(item: LedItem, leadDays: readonly number[]): readonly number[] {
  if (isAskedOnce(item)) return askedAt(item, leadDays);
  if (isAssumed(item.deadline)) return assumedLeads(leadDays);
  return item.as === 'informed' ? [0] : leadDays;
}

/** What is needed of an item to tell at which leads to remind of it. */
type LedItem = Pick<AgendaItem, 'as' | 'relation' | 'requestOn'> & { deadline: TimedDeadline & Pick<Deadline, 'activity'> };

function askedAt(item: LedItem, leadDays: readonly number[]): readonly number[] {
  if (leadDays.length === 0) return [];
  const leads = isAssumed(item.deadline) ? [...leadDays.filter((lead) => lead > ASSUMED_LEAD_DAYS), ASSUMED_LEAD_DAYS] : leadDays;
  const { requestOn = null } = item;
  const { countsFrom } = timingOf(item);
  const after = leads.filter((lead) => requestOn === null || remindOn(countsFrom, lead) > requestOn);
  return [after.length > 0 ? Math.max(...after) : Math.min(...leads)];
}

/**
 * The day on which a reminder is sent. A weekly digest goes out on the first Monday from `remindOn` on (on a holiday, the working day
 * before it that is not before `remindOn`, else the one after), but never after the day that it counts from: then it goes on its own day.
 */
export function digestDay(remindOn: Day, countsFrom: Day, digest: Digest): Day {
  if (digest === 'daily') return remindOn;
  const monday = addDays(remindOn, (8 - weekday(remindOn)) % 7);
  const before = previousWorkingDay(monday);
  const sendOn = before < remindOn ? nextWorkingDay(monday) : before;
  return sendOn > countsFrom ? remindOn : sendOn;
}

/** What the first reminder is of: something to do, what is only assumed, or what an insurer does itself. */
export type FirstOf = 'duty' | 'assumption' | 'insurer';

/** The day of the first reminder of open items from a day on; null where none can be foreseen. */
export function firstReminderOn(
  items: readonly LedItem[],
  { digest, from, leadDays }: { digest: Digest; from: Day; leadDays: readonly number[] },
): Day | null {
  const days = items.flatMap((item) => {
    const { countsFrom } = timingOf(item);
    return leadsFor(item, leadDays).map((lead) => digestDay(remindOn(countsFrom, lead), countsFrom, digest));
  });
  return (
    days
      .filter((day) => day >= from)
      .sort()
      .at(0) ?? null
  );
}

/** For whom and from when it is foretold. `pausedUntil`: the day from which mail comes again. */
interface Foreseen {
  digest: Digest;
  leadDays: readonly number[];
  /** The first day of which the reminders can still leave. */
  from: Day;
  pausedUntil: Day | null;
}

/** Whether no reminder of an item comes any more: each day of one is over, and what is told once is caught up on for a week at most. */
export function isReminderOver(item: LedItem, { digest, from, leadDays, pausedUntil }: Foreseen): boolean {
  const isPaused = pausedUntil !== null && pausedUntil > from;
  if (isPaused && timingOf(item).until < pausedUntil) return true;
  const since = isPaused && isToldOnce(item) ? latest(from, addDays(pausedUntil, -CATCH_UP_DAYS)) : from;
  return firstReminderOn([item], { digest, from: since, leadDays }) === null;
}

/**
 * The reminders of one deadline for one recipient that are due by today, the newest first. Only that one is `pending`; what was missed
 * before it is `merged` into it. None when it is of no use any more.
 */
export function duePlan({
  countsFrom,
  until,
  leads,
  digest,
  today,
  confirmedOn,
  catchUpDays,
  remindOn: onDay = remindOn,
}: DueInput): DueReminder[] {
  if (until < today) return [];
  const since = catchUpDays === undefined ? confirmedOn : latest(confirmedOn, addDays(today, -catchUpDays));
  return [...new Set(leads)]
    .sort((a, b) => a - b)
    .map((leadDays) => ({ leadDays, sendOn: digestDay(onDay(countsFrom, leadDays), countsFrom, digest) }))
    .filter(({ sendOn }) => sendOn <= today && sendOn >= since)
    .map((due, i) => ({ ...due, state: i === 0 ? 'pending' : 'merged' }));
}

const latest = (a: Day, b: Day) => (a > b ? a : b);
