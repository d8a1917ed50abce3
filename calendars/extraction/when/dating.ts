/** When something is due by its sentence: the rule that it words, how its day bounds, and what is missing of it. */
import { dayOf, type Place } from '../../dutch-dates.ts';
import { checkQuotedDays } from '../../quoted-days.ts';
import { resolveDays } from '../../deadlines/rules.ts';
import type { DateRule } from '../../deadlines/deadline.ts';
import { datesIn, type Dates } from './dates.ts';
import { offsetOf } from './offsets.ts';
import type { Proposal } from '../proposal.ts';

export type Dating = Pick<Proposal, 'boundary' | 'dueOn' | 'lack' | 'lastSafeOn' | 'printed' | 'rule' | 'years'>;

/** What a sentence says of when: its day or range, else its quarter or month, else how long after what. Of a year nothing is counted. */
export function dateOf(quote: string, head: string | null, dates: Dates = datesIn(quote)): Dating {
  const boundary = boundaryOf(quote, head, dates);
  const rule = ruleOf(quote, dates);
  if (rule !== null && isQuoted(rule, quote)) return settle(rule, boundary, printedIn(quote, dates));
  return { ...NO_DATE, lack: lackOf(quote, dates), printed: printedIn(quote, dates) };
}

/** The years that a sentence names, as the period that something runs. */
export function yearsOf(quote: string, { years }: Dates): Dating {
  const printed = years.map(({ named }) => (named.kind === 'year' ? named.year : 0));
  const [first, last] = [Math.min(...printed), Math.max(...printed)];
  if (printed.length === 0) return NO_DATE;
  const rule: DateRule =
    first === last
      ? { kind: 'period', unit: 'year', year: first, number: null }
      : { kind: 'range', from: `${first}-01-01`, to: `${last}-12-31` };
  const words = quote.slice(years[0]!.from, years.at(-1)!.to);
  return isQuoted(rule, quote) ? settle(rule, null, words) : { ...NO_DATE, printed: words };
}

/** Nothing is said of when. */
export const NO_DATE: Dating = {
  rule: { kind: 'none' },
  boundary: null,
  dueOn: null,
  lastSafeOn: null,
  lack: 'no_day',
  printed: null,
  years: null,
};

/** A rule with the days that follow from it. */
export function settle(rule: DateRule, boundary: Dating['boundary'], printed: string | null): Dating {
  const bounds = rule.kind === 'none' || rule.kind === 'event' ? null : boundary;
  // A rule that waits for another deadline has no day of its own; a slot's days follow from the year of its contract.
  const days = resolveDays(rule, bounds, { contractYear: 0, slot: null, dayOf: () => null });
  return { ...NO_DATE, rule, boundary: bounds, ...days, lack: null, printed };
}

/** The one rule of what a quote names also judges what is proposed. */
function isQuoted(rule: DateRule, quote: string): boolean {
  const sources = [{ document: '', section: null, quote, url: null }];
  return checkQuotedDays({ basis: null, certainty: 'stated', conflict: null, rule, sources }).length === 0;
}

function ruleOf(quote: string, dates: Dates): DateRule | null {
  const { range, yearEnds } = dates;
  if (range !== null) {
    const [from, to] = range.map(({ named }) => (named.kind === 'day' ? dayOf(named) : null));
    if (from && to) return from <= to ? { kind: 'range', from, to } : null;
  }
  const day = bindingDay(quote, dates);
  if (day !== null) {
    const on = day.named.kind === 'day' ? dayOf(day.named) : null;
    return on === null ? null : { kind: 'fixed', on };
  }
  const period = bindingMonth(quote, dates)?.named ?? yearEnds[0]?.named;
  if (period?.kind === 'month' || period?.kind === 'quarter')
    return { kind: 'period', unit: period.kind, year: period.year, number: period.number };
  if (period?.kind === 'year') return { kind: 'period', unit: 'year', year: period.year, number: null };
  return offsetOf(quote, dates);
}

/**
 * Of several days the one that bounds: behind "uiterlijk" before one behind "voor", else the first; one with a year before one without. None where
 * it is a month that bounds.
 */
function bindingDay(quote: string, { days, months }: Dates): Place | null {
  const bounds = (place: Place) => isBound(quote, place);
  const mayBound = (place: Place) => bounds(place) || isBefore(place);
  if (!days.some(mayBound) && months.some(bounds)) return null;
  return (
    days.find((day) => hasYear(day) && bounds(day)) ??
    days.find((day) => hasYear(day) && mayBound(day)) ??
    days.find(hasYear) ??
    days.find(mayBound) ??
    days[0] ??
    null
  );
}

const bindingMonth = (quote: string, { months }: Dates) => months.find((month) => isBound(quote, month)) ?? months[0];

/** Whether a word before a date makes it a bound. "Voor" does not: it may only say what for. */
function isBound(quote: string, { from, to }: Place): boolean {
  return (
    /(?:[uv]iterlijk|uiterste|vóór|eind(?:e)?|tot(?: en met)?|t\/m|deadline|later dan)\W*(?:\p{L}+\W+){0,2}$/iu.test(
      quote.slice(0, from),
    ) || /^(?:vóór|eerder)/iu.test(quote.slice(from, to))
  );
}

/** Whether a sentence names the day from which it binds, or by which. */
export const bindsOnDay = (quote: string, { days }: Dates) =>
  days.some((day) => hasYear(day) && (isBound(quote, day) || /(?:per|vanaf|met ingang van)\s+$/iu.test(quote.slice(0, day.from))));

const hasYear = ({ named }: Place) => named.kind === 'day' && named.year !== null;
const isBefore = ({ named }: Place) => named.kind === 'day' && named.isBefore;

/** A sentence with several dates, each of which is one to be in time for, once for each: "op 1 en 15 mei 2026", "vóór Q1 2027 en uiterlijk 1 mei 2027". */
export function dueDates(quote: string, dates: Dates): Dates[] {
  const { days, months, range } = dates;
  const isListed = (day: Place, i: number) => i === 0 || /^\s*(?:,|en|of|,\s*en)\s*$/iu.test(quote.slice(days[i - 1]!.to, day.from));
  if (range !== null) return [dates];
  if (days.length > 1 && days.every(hasYear) && days.every(isListed)) return days.map((day) => ({ ...dates, days: [day], months: [] }));
  const bounds = (place: Place) => isBound(quote, place);
  const points = [
    ...days.filter((day) => hasYear(day) && bounds(day)).map((day) => ({ ...dates, days: [day], months: [] })),
    ...months.filter(bounds).map((month) => ({ ...dates, days: [], months: [month] })),
  ];
  return points.length > 1 ? points : [dates];
}

/** How the day bounds: by the word before it, else by the head of its table. */
function boundaryOf(quote: string, head: string | null, dates: Dates): Dating['boundary'] {
  const { amounts, range } = dates;
  const place = dateIn(quote, dates);
  if (place === null) return null;
  const before = quote.slice(0, place.from);
  // "Tot 1 juli" is read with and without that day: the day before is in time by both.
  if (range !== null) return /\btot\s+$/iu.test(quote.slice(place.from, range[1].from)) ? 'before' : 'by';
  if (isBefore(place) || /(?:v[oó]{2}r|eerder dan)\s+(?:de\s+)?$/iu.test(before)) return 'before';
  if (/(?:v[oó]{2}r|tot)\s+(?:het\s+)?einde?\s+(?:van\s+)?(?:(?:het|de maand)\s+)*(?:(?:kalender)?jaar\s+)?$|\bultimo\s+$/iu.test(before))
    return 'by';
  if (/\btot\s+(?:uiterlijk\s+)?$/iu.test(before)) return /uiterlijk\s+$/iu.test(before) ? 'by' : 'before';
  if (/(?:[uv]iterlijk|uiterste|tot en met|t\/m|deadline|niet later dan|laatste dag|sluit)\W*(?:\p{L}+\W+){0,3}$/iu.test(before))
    return 'by';
  if (amounts[0] === place && /\bbinnen\b/iu.test(quote)) return 'by';
  if (/\b(?:die|welke|wie) (?:(?:wij|ons|u) )?na\s+$/iu.test(before)) return 'by';
  if (/\b(?:per|vanaf|met ingang van|sinds)\s+$/iu.test(before)) return 'per';
  const column = `${head ?? ''} ${quote.slice(place.to, place.to + 60)}`;
  return /uiterste|uiterlijk|deadline|laatste dag|sluit(?:ing|en\b)/iu.test(column) ? 'by' : null;
}

function lackOf(quote: string, { days, hasUnreadable, vague, years }: Dates): Dating['lack'] {
  if (days.some(({ named }) => named.kind === 'day' && named.year === null)) return 'year_not_printed';
  if (hasUnreadable) return 'unreadable';
  if (vague[0] !== undefined) return vague[0].lack;
  return years.some((year) => /eind(?:e)?\s+(?:van\s+)?$/iu.test(quote.slice(0, year.from))) ? 'imprecise' : 'no_day';
}

function printedIn(quote: string, dates: Dates): string | null {
  const { range, vague } = dates;
  if (range !== null) return quote.slice(range[0].from, Math.max(range[0].to, range[1].to));
  const place = dateIn(quote, dates);
  if (place === null) return vague[0] === undefined ? null : quote.slice(vague[0].from, vague[0].to);
  const words = quote.slice(place.from, place.to);
  return place.named.kind === 'day' ? words.replace(/^\D+/u, '') : words;
}

/** The date of a sentence, or the first of its two. */
function dateIn(quote: string, dates: Dates): Place | null {
  return dates.range?.[0] ?? bindingDay(quote, dates) ?? bindingMonth(quote, dates) ?? dates.yearEnds[0] ?? dates.amounts[0] ?? null;
}
