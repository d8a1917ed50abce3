/** Moments of change as calendar apps compare them (RFC 5545, 3.8.7.3): whole seconds, each later than the one before. */

/** A moment of change that a calendar app sees as newer: calendars know whole seconds only. */
export function laterThan(previous: Date, now: Date): Date {
  return wholeSecond(new Date(Math.max(now.getTime(), previous.getTime() + 1000)));
}

/** A moment as calendars know it: without its fraction of a second. */
export function wholeSecond(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}
