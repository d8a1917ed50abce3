/** When news leaves: soon in working hours and where a day is near, else with the next working day's mail. */
import { addDays, amsterdamDay, amsterdamMoment } from '../days.ts';
import { isWorkingDay, nextWorkingDay } from '../holidays.ts';
import type { Day } from '../terms.ts';

/** How long news waits for what else an editor changes, and for the editor to take it back: it is told in no mail before that. */
export const GRACE_MS = 10 * 60_000;
/** When people are at work, by the clocks of Amsterdam: both moments belong to it. */
const [OPENS, CLOSES] = ['07:00', '19:00'];
/** How many calendar days ahead a day is too near to wait for the morning. */
const NEAR_DAYS = 3;

/** From when news may go along in another mail, and when it leaves by itself. */
export interface NewsTime {
  readyAt: Date;
  dueAt: Date;
}

/**
 * Ten minutes after the change where that is in working hours of a working day, or a day that it is about is near; else the first send hour of a
 * working day from then on. `days`: those that count, before and after. Near is from the day of the change until three days after those minutes.
 */
export function newsTime(changedAt: Date, days: readonly (Day | null)[], sendHour: string): NewsTime {
  const readyAt = new Date(changedAt.getTime() + GRACE_MS);
  const isNear = isAnyBetween(days, amsterdamDay(changedAt), addDays(amsterdamDay(readyAt), NEAR_DAYS));
  return { readyAt, dueAt: isNear || isAtWork(readyAt) ? readyAt : nextMailTime(readyAt, sendHour) };
}

function isAnyBetween(days: readonly (Day | null)[], from: Day, until: Day): boolean {
  return days.some((day) => day !== null && day >= from && day <= until);
}

function isAtWork(moment: Date): boolean {
  const day = amsterdamDay(moment);
  return isWorkingDay(day) && moment >= amsterdamMoment(day, OPENS) && moment <= amsterdamMoment(day, CLOSES);
}

/** The first send hour of a working day that is not before a moment. */
export function nextMailTime(moment: Date, sendHour: string): Date {
  const day = nextWorkingDay(amsterdamDay(moment));
  const atHour = amsterdamMoment(day, sendHour);
  return atHour >= moment ? atHour : amsterdamMoment(nextWorkingDay(addDays(day, 1)), sendHour);
}
