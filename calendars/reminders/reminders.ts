/** When a deadline is reminded of: on working days, counted back from the last day that is safe. */
import { addDays, weekday } from '../days.ts';
import { addWorkingDays, nextWorkingDay, previousWorkingDay } from '../holidays.ts';
import { isAssumed } from '../deadlines/certainty.ts';
import { isHandedOver, type AgendaItem } from '../agenda/concern.ts';
import { countingDay, type Deadline } from '../deadlines/deadline.ts';
import type { Certainty, Day, Reader } from '../terms.ts';

/** How many days before the last safe day a recipient is reminded, unless it chose otherwise. */
export const DEFAULT_LEAD_DAYS: readonly number[] = [42, 14, 3, 0];

export const DIGESTS = ['daily', 'weekly'] as const;
export type Digest = (typeof DIGESTS)[number];

/** One reminder that has become due. `merged`: missed, and said by a newer one. */
export interface DueReminder {
  leadDays: number;
  sendOn: Day;
  state: 'pending' | 'merged';
}

export interface DueInput {
  lastSafeOn: Day;
  leads: readonly number[];
  digest: Digest;
  today: Day;
  /** The day on which the recipient confirmed: nothing is due from before. */
  confirmedOn: Day;
  /** For how many days what was not sent is caught up on; not given: as long as it is of use. */
  catchUpDays?: number;
}

/** The working day on which to remind: `leadDays` calendar days before the last safe day, or the nearest working day before that. */
export function remindOn(lastSafeOn: Day, leadDays: number): Day {
  return previousWorkingDay(addDays(lastSafeOn, -leadDays));
}

/** How many working days before the day that counts who only hands its part over should have done so. */
const HAND_OVER_WORKING_DAYS = 10;

/** The day on which who hands its part over had best do so: advice, since no document names it. Null for who submits itself, or has nothing to do. */
export function handOverDay({
  as,
  deadline,
}: Pick<AgendaItem, 'as'> & { deadline: Pick<Deadline, 'duty' | 'lastSafeOn'> & { dueOn: Day } }): Day | null {
  return isHandedOver(deadline.duty, as) ? addWorkingDays(countingDay(deadline), -HAND_OVER_WORKING_DAYS) : null;
}

/** How many days before an assumed day it is told, once, unless the reader's longest lead is longer. */
const ASSUMED_LEAD_DAYS = 42;
/** For how long after its day an assumption is still told, where nothing could be sent: longer ago it is not caught up on. */
export const ASSUMED_CATCH_UP_DAYS = 7;

/**
 * The lead days that hold for a reader: an assumption is told once, long before; of what is sure, who only has to know hears once, on the day. Who
 * chose no lead at all is told of no assumption.
 */
export function leadsFor(
  { as, deadline }: { as: Reader; deadline: { certainty: Certainty } },
  leadDays: readonly number[],
): readonly number[] {
  if (isAssumed(deadline)) return leadDays.length === 0 ? [] : [Math.max(ASSUMED_LEAD_DAYS, ...leadDays)];
  return as === 'informed' ? [0] : leadDays;
}

/**
 * The day on which a reminder is sent. A weekly digest goes out on the first Monday from `remindOn` on (on a holiday, the working day
 * before it that is not before `remindOn`, else the one after), but never after the last safe day: then the reminder goes on its own day.
 */
export function digestDay(remindOn: Day, lastSafeOn: Day, digest: Digest): Day {
  if (digest === 'daily') return remindOn;
  const monday = addDays(remindOn, (8 - weekday(remindOn)) % 7);
  const before = previousWorkingDay(monday);
  const sendOn = before < remindOn ? nextWorkingDay(monday) : before;
  return sendOn > lastSafeOn ? remindOn : sendOn;
}

/** The day of the first reminder of open items from a day on; null where none can be foreseen. */
export function firstReminderOn(
  items: readonly (Pick<AgendaItem, 'as'> & { deadline: Pick<Deadline, 'certainty' | 'lastSafeOn'> & { dueOn: Day } })[],
  { digest, from, leadDays }: { digest: Digest; from: Day; leadDays: readonly number[] },
): Day | null {
  const days = items.flatMap((item) => {
    const day = countingDay(item.deadline);
    return leadsFor(item, leadDays).map((lead) => digestDay(remindOn(day, lead), day, digest));
  });
  return (
    days
      .filter((day) => day >= from)
      .sort()
      .at(0) ?? null
  );
}

/**
 * The reminders of one deadline for one recipient that are due by today, the newest first. Only that one is `pending`; what was missed
 * before it is `merged` into it. None when the last safe day is past.
 */
export function duePlan({ lastSafeOn, leads, digest, today, confirmedOn, catchUpDays }: DueInput): DueReminder[] {
  if (lastSafeOn < today) return [];
  const since = catchUpDays === undefined ? confirmedOn : latest(confirmedOn, addDays(today, -catchUpDays));
  return [...new Set(leads)]
    .sort((a, b) => a - b)
    .map((leadDays) => ({ leadDays, sendOn: digestDay(remindOn(lastSafeOn, leadDays), lastSafeOn, digest) }))
    .filter(({ sendOn }) => sendOn <= today && sendOn >= since)
    .map((due, i) => ({ ...due, state: i === 0 ? 'pending' : 'merged' }));
}

const latest = (a: Day, b: Day) => (a > b ? a : b);
