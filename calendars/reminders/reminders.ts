/** When a deadline is reminded of: on working days, counted back from the last day that is safe. */
import { addDays, weekday } from '../days.ts';
import { nextWorkingDay, previousWorkingDay } from '../holidays.ts';
import type { Day, Reader } from '../terms.ts';

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
}

/** The working day on which to remind: `leadDays` calendar days before the last safe day, or the nearest working day before that. */
export function remindOn(lastSafeOn: Day, leadDays: number): Day {
  return previousWorkingDay(addDays(lastSafeOn, -leadDays));
}

/** The lead days that hold for a reader: who only has to know of a deadline hears of it once, on the day. */
export function leadsFor(as: Reader, leadDays: readonly number[]): readonly number[] {
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

/**
 * The reminders of one deadline for one recipient that are due by today, the newest first. Only that one is `pending`; what was missed
 * before it is `merged` into it. None when the last safe day is past.
 */
export function duePlan({ lastSafeOn, leads, digest, today, confirmedOn }: DueInput): DueReminder[] {
  if (lastSafeOn < today) return [];
  return [...new Set(leads)]
    .sort((a, b) => a - b)
    .map((leadDays) => ({ leadDays, sendOn: digestDay(remindOn(lastSafeOn, leadDays), lastSafeOn, digest) }))
    .filter(({ sendOn }) => sendOn <= today && sendOn >= confirmedOn)
    .map((due, i) => ({ ...due, state: i === 0 ? 'pending' : 'merged' }));
}
