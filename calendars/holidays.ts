/** Dutch holidays and working days. A deadline never moves because of them; a reminder does. */
import { addDays, weekday, yearOf } from './days.ts';
import type { Day } from './terms.ts';

export interface Holiday {
  on: Day;
  /** In Dutch. */
  name: string;
}

/**
 * The holidays that Dutch law recognises or equates with them (Algemene termijnenwet, article 3), in order of day; Easter Sunday and
 * Whit Sunday are Sundays anyway. Two can fall on one day. King's Day exists since 2014: for earlier years this is today's list, not
 * that of the time, as nothing is reminded of back then.
 */
export function holidaysOf(year: number): Holiday[] {
  const easter = easterOf(year);
  const holidays = [
    { on: `${year}-01-01`, name: 'Nieuwjaarsdag' },
    { on: addDays(easter, -2), name: 'Goede Vrijdag' },
    { on: addDays(easter, 1), name: 'Tweede paasdag' },
    { on: kingsDayOf(year), name: 'Koningsdag' },
    { on: `${year}-05-05`, name: 'Bevrijdingsdag' },
    { on: addDays(easter, 39), name: 'Hemelvaartsdag' },
    { on: addDays(easter, 50), name: 'Tweede pinksterdag' },
    { on: `${year}-12-25`, name: 'Eerste kerstdag' },
    { on: `${year}-12-26`, name: 'Tweede kerstdag' },
  ];
  return holidays.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** Whether a day is Monday to Friday and no holiday. */
export function isWorkingDay(day: Day): boolean {
  return weekday(day) <= 5 && !isHoliday(day);
}

/** The day itself when it is a working day, else the nearest earlier one. */
export function previousWorkingDay(day: Day): Day {
  return isWorkingDay(day) ? day : previousWorkingDay(addDays(day, -1));
}

/** The day itself when it is a working day, else the nearest later one. */
export function nextWorkingDay(day: Day): Day {
  return isWorkingDay(day) ? day : nextWorkingDay(addDays(day, 1));
}

/** The `n`-th working day after a day; before it when `n` is negative. The day itself does not count, and is the answer for 0. */
export function addWorkingDays(day: Day, n: number): Day {
  if (!Number.isInteger(n)) throw new RangeError(`Not a whole number of working days: ${n}`);
  let reached = day;
  for (let left = Math.abs(n); left > 0; left -= 1) {
    reached = n > 0 ? nextWorkingDay(addDays(reached, 1)) : previousWorkingDay(addDays(reached, -1));
  }
  return reached;
}

/** How many working days one has to go from one day to another: the first day does not count, the last does. Negative backwards. */
export function workingDaysBetween(from: Day, to: Day): number {
  const step = to < from ? -1 : 1;
  let count = 0;
  for (let day = from; day !== to;) {
    day = addDays(day, step);
    if (isWorkingDay(day)) count += step;
  }
  return count;
}

function isHoliday(day: Day): boolean {
  return holidaysOf(yearOf(day)).some(({ on }) => on === day);
}

function kingsDayOf(year: number): Day {
  return weekday(`${year}-04-27`) === 7 ? `${year}-04-26` : `${year}-04-27`;
}

/** Easter Sunday in the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8). */
function easterOf(year: number): Day {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const leapsSkipped = century - Math.floor(century / 4);
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + leapsSkipped - moonCorrection + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - epact - (year % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  return addDays(`${year}-03-22`, epact + toSunday - 7 * late);
}
