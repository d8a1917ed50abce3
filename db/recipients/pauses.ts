/** Pauses and deputies on a day: whether a recipient's mail waits, until when, and to whom it goes meanwhile. */
import { addDays, amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import { newsTime, type NewsTime } from '../../calendars/reminders/news-time.ts';
import type { Day } from '../../calendars/terms.ts';
import type { DeclinableKind, Recipient } from '../schema/schema.ts';

/** A pause of more days than these is none that somebody comes back from: nobody is reminded meanwhile. */
const LONG_PAUSE_DAYS = 365;

/** Where a recipient's mail goes on a day: to itself, or to its deputy while there is one that confirmed. */
export function addresseeOf(recipient: Recipient, today: Day): string {
  return hasDeputy(recipient, today) ? recipient.deputyEmail! : recipient.email;
}

/** Whether a deputy gets the recipient's mail on a day. */
function hasDeputy({ deputyEmail, deputyUntil, deputyConfirmedAt }: Recipient, today: Day): boolean {
  return deputyEmail !== null && deputyConfirmedAt !== null && deputyUntil !== null && today <= deputyUntil;
}

/** Whether mail waits on a day. While a deputy gets it, there is nothing to wait for. */
export function isPaused(recipient: Recipient, today: Day): boolean {
  return recipient.pausedUntil !== null && today < recipient.pausedUntil && !hasDeputy(recipient, today);
}

/** Why a recipient gets no mail of a kind on a day; null when it does. */
export function silenceOf(recipient: Recipient, today: Day, kind: DeclinableKind = 'reminder'): 'not_wanted' | 'paused' | null {
  if (recipient.declined.includes(kind)) return 'not_wanted';
  return isPaused(recipient, today) ? 'paused' : null;
}

/** The ids of those among recipients who get reminders on a day. */
export function reachableAmong(recipients: readonly Recipient[], today: Day): ReadonlySet<string> {
  return new Set(recipients.flatMap((one) => (one.status === 'confirmed' && silenceOf(one, today) === null ? one.id : [])));
}

/** Whether its mail waits for more than a year from a day on. */
export function isPausedForLong(recipient: Recipient, today: Day): boolean {
  const { pausedUntil } = recipient;
  return pausedUntil !== null && isPaused(recipient, today) && pausedUntil > addDays(today, LONG_PAUSE_DAYS);
}

/** When a recipient is told of a change: by the days that it is about, and never before a pause ends. */
export function newsTimeFor(
  recipient: Recipient,
  { changedAt, days }: { changedAt: Date; days: readonly (Day | null)[] },
  now: Date,
): NewsTime {
  const pauseEndsAt = pauseEnd(recipient, now);
  return pauseEndsAt === null ? newsTime(changedAt, days, recipient.sendHour) : { readyAt: pauseEndsAt, dueAt: pauseEndsAt };
}

/** The moment from which mail may go to a recipient again, or null when it is not paused. */
export function pauseEnd(recipient: Recipient, now: Date): Date | null {
  // Asking the calendar what day it is takes longer than all the rest.
  if (recipient.pausedUntil === null || !isPaused(recipient, amsterdamDay(now))) return null;
  return amsterdamMoment(recipient.pausedUntil, recipient.sendHour);
}
