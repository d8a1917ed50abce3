/** Days as a mail writes them: with their weekday, since that is how people plan. */
import { AMSTERDAM, daysBetween, writeDay, yearOf } from '../../calendars/days.ts';
import { isAssumed } from '../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../calendars/deadlines/deadline.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { wordsIn } from '../../calendars/words.ts';

/** Short: "ma 30 sep", with the year when that is not the reader's own. */
export function writeShortDay(day: Day, language: Language, today: Day): string {
  const short = FORMATTERS[language].format(noonOf(day)).replaceAll(/[,.]/g, '');
  return yearOf(day) === yearOf(today) ? short : `${short} ${yearOf(day)}`;
}

/** The day that counts, as a list writes it: "ma 30 sep", of an assumption "rond do 31 dec". */
export function writeListedDay(
  deadline: Pick<Deadline, 'certainty' | 'lastSafeOn'> & { dueOn: Day },
  language: Language,
  today: Day,
): string {
  const day = writeShortDay(countingDay(deadline), language, today);
  return isAssumed(deadline) ? wordsIn(language)('mail:around', { day }) : day;
}

/** How far off a day is, as a mail begins with it: "Over 14 dagen", "Vandaag", "Gisteren". */
export function writeDistance(day: Day, language: Language, today: Day): string {
  const count = daysBetween(today, day);
  return wordsIn(language)(count < 0 ? 'mail:ago' : 'mail:when', { count: Math.abs(count) });
}

/** Where the source names a period and no day in it: "in de loop van 2025". Empty where a day is meant. */
export function periodOf({ rule, dueOn, lastSafeOn }: Pick<Deadline, 'rule' | 'dueOn' | 'lastSafeOn'>, language: Language): string {
  if (rule.kind !== 'period' || dueOn === null || dueOn !== lastSafeOn) return '';
  const say = wordsIn(language);
  const { unit, year } = rule;
  const month = () => writeDay(dueOn, language).replace(/^\d+ /, '');
  const period = { year: () => String(year), quarter: () => say('feed:quarter', { number: rule.number ?? '', year }), month }[unit]();
  return say('feed:in_course_of', { period });
}

/** The time of a moment by the clocks of Amsterdam: "09:05". */
export const writeTime = (moment: Date) => TIME.format(moment);
const TIME = new Intl.DateTimeFormat('nl', { timeZone: AMSTERDAM, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Noon in UTC is the same calendar day wherever it is formatted as UTC. */
const noonOf = (day: Day) => new Date(`${day}T12:00:00Z`);

/** Made once: making a formatter costs a thousand times as much as using one. */
const FORMATTERS = {
  nl: new Intl.DateTimeFormat('nl-NL', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' }),
} as const satisfies Record<Language, Intl.DateTimeFormat>;
