/** Arithmetic on calendar days, and the one place where days and moments meet: the clock of Amsterdam. */
import { Temporal } from 'temporal-polyfill';
import type { Day, Language } from './terms.ts';

/** The zone in which every day of the registry begins and ends. */
export const AMSTERDAM = 'Europe/Amsterdam';

/** Whether a text is a calendar day that exists, as YYYY-MM-DD, in the years 1900 to 2200. */
export function isDay(text: string): boolean {
  const [, year, month, day] = (/^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  // Out of its month, a day is clamped to the last one: then the text comes back changed.
  return year >= 1900 && year <= 2200 && Temporal.PlainDate.from({ year, month, day }).toString() === text;
}

/** The day `n` calendar days later; earlier when `n` is negative. Throws `RangeError` when `n` is no whole number. */
export function addDays(day: Day, n: number): Day {
  if (!Number.isInteger(n)) throw new RangeError(`Not a whole number of days: ${n}`);
  return dayAt(midnightOf(day).getTime() + n * DAY_MS);
}

/** The day `n` weeks later; earlier when `n` is negative. */
export function addWeeks(day: Day, n: number): Day {
  return addDays(day, 7 * n);
}

/** The same day of the month `n` months later, or that month's last day when it is shorter. */
export function addMonths(day: Day, n: number): Day {
  return plainDate(day).add({ months: n }).toString();
}

/** How many days `to` lies after `from`; negative when it lies before. */
export function daysBetween(from: Day, to: Day): number {
  return (midnightOf(to).getTime() - midnightOf(from).getTime()) / DAY_MS;
}

/** The day of the week by ISO 8601: Monday is 1, Sunday 7. */
export function weekday(day: Day): number {
  return midnightOf(day).getUTCDay() || 7;
}

export function yearOf(day: Day): number {
  return midnightOf(day).getUTCFullYear();
}

/** The earliest of the days that are known, or null when none is. */
export function earliest(days: readonly (Day | null)[]): Day | null {
  return days.filter((day) => day !== null).reduce<Day | null>((first, day) => (first === null || day < first ? day : first), null);
}

/** The day in words, without its weekday: "1 oktober 2024", "1 October 2024". */
export function writeDay(day: Day, language: Language): string {
  const date = plainDate(day);
  return `${date.day} ${MONTHS[language][date.month - 1]} ${date.year}`;
}

/** The same with its weekday: "dinsdag 1 oktober 2024", "Tuesday 1 October 2024". */
export function writeLongDay(day: Day, language: Language): string {
  return `${WEEKDAYS[language][weekday(day) - 1]} ${writeDay(day, language)}`;
}

/** The calendar day in Amsterdam at a moment. */
export function amsterdamDay(moment: Date): Day {
  return inAmsterdam(moment).toPlainDate().toString();
}

/** `amsterdamDay` for who asks it all the time, of moments that follow each other: it is worked out once a minute. */
export function rememberDay(): (moment: Date) => Day {
  let [day, minute]: [Day, number] = ['', NaN];
  return (moment) => {
    const current = Math.floor(moment.getTime() / 60_000);
    if (current !== minute) [day, minute] = [amsterdamDay(moment), current];
    return day;
  };
}

/** The calendar year in Amsterdam at a moment. */
export function amsterdamYear(moment: Date): number {
  return inAmsterdam(moment).year;
}

/**
 * The moment at which the clocks of Amsterdam show a time ('HH:MM') on a day. In the hour that is skipped in spring it is as much
 * later as the clocks jump (02:30 becomes 03:30); of the hour that comes twice in autumn it is the first. RangeError on another time.
 */
export function amsterdamMoment(day: Day, time: string): Date {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw new RangeError(`Not a time as HH:MM: ${time}`);
  const zoned = plainDate(day).toZonedDateTime({ timeZone: AMSTERDAM, plainTime: Temporal.PlainTime.from(time) });
  return new Date(zoned.epochMilliseconds);
}

/** As Intl writes them. Asked itself it makes a formatter for each day, which costs more than all the rest of an entry (VEVENT). */
const MONTHS = {
  nl: ['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september', 'oktober', 'november', 'december'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
} as const satisfies Record<Language, readonly string[]>;

/** From Monday. */
const WEEKDAYS = {
  nl: ['maandag', 'dinsdag', 'woensdag', 'donderdag', 'vrijdag', 'zaterdag', 'zondag'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
} as const satisfies Record<Language, readonly string[]>;

function inAmsterdam(moment: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(AMSTERDAM);
}

const DAY_MS = 86_400_000;

/** Days have no zone: among themselves they are counted in UTC, where each is as long. RangeError on what is no day. */
function midnightOf(day: Day): Date {
  const midnight = new Date(DAY.test(day) ? day : NaN);
  // One that does not exist is taken for one of the next month.
  if (Number.isNaN(midnight.getTime()) || dayAt(midnight.getTime()) !== day) throw new RangeError(`Not a day as YYYY-MM-DD: ${day}`);
  return midnight;
}

function dayAt(midnight: number): Day {
  return new Date(midnight).toISOString().slice(0, -14);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Temporal reads many notations, times included; a day has one. RangeError on anything else. */
function plainDate(day: Day): Temporal.PlainDate {
  if (!DAY.test(day)) throw new RangeError(`Not a day as YYYY-MM-DD: ${day}`);
  return Temporal.PlainDate.from(day);
}
