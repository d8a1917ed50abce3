/** Working days by the law, written out: Algemene termijnenwet, articles 2 and 3. No calendar of anybody's. */
import { shift } from '../helpers/mail-year.ts';

/** A calendar day, as `2027-12-31`. */
export type Day = string;

/** Of each year: Good Friday, Easter Monday, King's Day (of 2031 the day before, since the 27th is a Sunday), Ascension Day and Whit Monday. */
const MOVABLE = [
  ['2026-04-03', '2026-04-06', '2026-04-27', '2026-05-14', '2026-05-25'],
  ['2027-03-26', '2027-03-29', '2027-04-27', '2027-05-06', '2027-05-17'],
  ['2028-04-14', '2028-04-17', '2028-04-27', '2028-05-25', '2028-06-05'],
  ['2029-03-30', '2029-04-02', '2029-04-27', '2029-05-10', '2029-05-21'],
  ['2030-04-19', '2030-04-22', '2030-04-27', '2030-05-30', '2030-06-10'],
  ['2031-04-11', '2031-04-14', '2031-04-26', '2031-05-22', '2031-06-02'],
];
const FIXED = ['01-01', '05-05', '12-25', '12-26'];
const [FIRST, LAST] = [2026, 2031];
const HOLIDAYS = new Set(MOVABLE.flatMap((days, n) => [...days, ...FIXED.map((day) => `${FIRST + n}-${day}`)]));

/** Whether people are off. Throws outside of the years that are written out. */
export function isOff(day: Day): boolean {
  const year = Number(day.slice(0, 4));
  if (year < FIRST || year > LAST) throw new Error(`${day}: only ${FIRST} to ${LAST} are written out`);
  return [0, 6].includes(weekdayOf(day)) || HOLIDAYS.has(day);
}

/** That day, or the working day before it. */
export function workingDayBy(day: Day): Day {
  return isOff(day) ? workingDayBy(shift(day, -1)) : day;
}

/** That day, or the working day after it. */
export function workingDayFrom(day: Day): Day {
  return isOff(day) ? workingDayFrom(shift(day, 1)) : day;
}

/** The first working day after a day. */
export function workingDayAfter(day: Day): Day {
  return workingDayFrom(shift(day, 1));
}

/** So many working days earlier. */
export function workingDaysBefore(day: Day, count: number): Day {
  return count === 0 ? day : workingDaysBefore(workingDayBy(shift(day, -1)), count - 1);
}

/** The day of the weekly mail that comes next, that day included: Monday, or the working day before where that is a day off. */
export function weeklyDayFrom(day: Day): Day {
  return weekdayOf(day) === 1 ? workingDayBy(day) : weeklyDayFrom(shift(day, 1));
}

const weekdayOf = (day: Day) => new Date(`${day}T12:00:00Z`).getUTCDay();
