/** An oracle of a reader's year, written without the code it checks: working days by another calendar, clocks by Intl. */
import Holidays from 'date-holidays';
import type { Day } from '../../calendars/terms.ts';

/** What a reader chose, as far as it decides on which day a reminder comes. */
export interface ReaderChoices {
  leads: readonly number[];
  digest: 'daily' | 'weekly';
  confirmedOn: Day;
  /** The first day without mail, and the first on which there is mail again. */
  pause: { from: Day; until: Day } | null;
}

/** The reminders of each day as `deadline lead`, for deadlines by name with their last safe day. Days without any are left out. */
export function expectedYear(deadlines: ReadonlyMap<string, Day>, reader: ReaderChoices, from: Day, to: Day): Record<Day, string[]> {
  const year: Record<Day, string[]> = {};
  const told = new Map<string, number>();
  for (let today = from; today <= to; today = shift(today, 1)) {
    if (reader.pause && today >= reader.pause.from && today < reader.pause.until) continue;
    for (const [name, last] of deadlines) {
      if (last < today) continue;
      const due = reader.leads.filter((lead) => {
        const on = sendDay(last, lead, reader.digest);
        return on <= today && on >= reader.confirmedOn;
      });
      const newest = Math.min(...due);
      // One reminder speaks for those that it comes after, and none is said twice.
      if (due.length === 0 || newest >= (told.get(name) ?? Infinity)) continue;
      if (isOff(today) && nextWorking(today) <= last) continue;
      told.set(name, newest);
      (year[today] ??= []).push(`${name} ${newest}`);
    }
  }
  return year;
}

/** The day on which a reminder is to come, on its own or with its week. */
export function sendDay(last: Day, lead: number, digest: 'daily' | 'weekly'): Day {
  const own = backToWork(shift(last, -lead));
  if (digest === 'daily') return own;
  const gathered = digestFrom(own);
  return gathered > last ? own : gathered;
}

/** The next digest from a working day on: on Monday, and where that is a day off on the working day before it. */
export function digestFrom(day: Day): Day {
  let monday = day;
  while (weekdayOf(monday) !== 1) monday = shift(monday, 1);
  return backToWork(monday);
}

/** Whether people are off: weekends, and the holidays of the Algemene termijnenwet. */
export function isOff(day: Day): boolean {
  return [0, 6].includes(weekdayOf(day)) || holidaysOf(Number(day.slice(0, 4))).has(day);
}

/** A day so many days later. */
export function shift(day: Day, days: number): Day {
  return new Date(noon(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What the clocks of Amsterdam show, as `2024-09-16 07:30`. */
export function localTime(moment: Date): string {
  return CLOCK.format(moment).replace(', ', ' ');
}

/** The moment at which they do. */
export function momentAt(day: Day, time: string): Date {
  for (const offset of ['+01:00', '+02:00']) {
    const moment = new Date(`${day}T${time}:00${offset}`);
    if (localTime(moment) === `${day} ${time}`) return moment;
  }
  throw new Error(`no clock shows ${time} on ${day}`);
}

const CLOCK = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam', dateStyle: 'short', timeStyle: 'short' });
const noon = (day: Day) => Date.parse(`${day}T12:00:00Z`);
const weekdayOf = (day: Day) => new Date(noon(day)).getUTCDay();

function backToWork(day: Day): Day {
  let on = day;
  while (isOff(on)) on = shift(on, -1);
  return on;
}

function nextWorking(today: Day): Day {
  let on = shift(today, 1);
  while (isOff(on)) on = shift(on, 1);
  return on;
}

const NAMES =
  /^(Nieuwjaar|Tweede paasdag|Koningsdag|Hemelvaartsdag|Tweede pinksterdag|Kerstmis|Tweede kerstdag|Bevrijdingsdag|Goede Vrijdag)/i;
const calendar = new Holidays('NL');
const known = new Map<number, ReadonlySet<Day>>();

function holidaysOf(year: number): ReadonlySet<Day> {
  const days =
    known.get(year) ?? new Set(calendar.getHolidays(year, 'nl').flatMap(({ date, name }) => (NAMES.test(name) ? [date.slice(0, 10)] : [])));
  known.set(year, days);
  return days;
}
