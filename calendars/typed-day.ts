/** A day as it is typed where a browser has no field for days: "4-11-2026", "4 november 2026". */
import { isDay } from './days.ts';
import { dayOf, namedIn } from './dutch-dates.ts';
import type { Day } from './terms.ts';

/** The day that a text is, with nothing beside it; null where it is none. */
export function readDay(text: string): Day | null {
  const typed = text.trim();
  if (isDay(typed)) return typed;
  const whole = namedBy(typed);
  return whole?.kind === 'day' && !whole.isBefore ? dayOf(whole) : null;
}

/** Whether a text is a day of which only the year is missing: "1 juli". */
export function isYearless(text: string): boolean {
  const whole = namedBy(text.trim());
  return whole?.kind === 'day' && !whole.isBefore && whole.year === null && dayOf({ ...whole, year: LEAP_YEAR }) !== null;
}

const LEAP_YEAR = 2024;

/** What a text names, with nothing beside it. */
const namedBy = (typed: string) => namedIn(typed).find(({ from, to }) => from === 0 && to === typed.length)?.named;
