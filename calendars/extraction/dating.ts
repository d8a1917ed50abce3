/** When something is due by its sentence: the rule that it words, how its day bounds, and what is missing of it. */
import { addDays } from '../days.ts';
import { dayOf, type Named, type Place } from '../dutch-dates.ts';
import { unreadableIn } from '../dutch-dates/unreadable.ts';
import { checkQuotedDays, placesIn } from '../quoted-days.ts';
import { resolveDays } from '../deadlines/rules.ts';
import type { DateRule } from '../deadlines/deadline.ts';
import { activityOf } from './activities.ts';
import type { Proposal } from './proposal.ts';

export type Dating = Pick<Proposal, 'boundary' | 'dueOn' | 'lack' | 'lastSafeOn' | 'printed' | 'rule' | 'years'>;

/** What a sentence names that may be its date, the one that binds first; of things in one another only the outer one. */
export interface Dates {
  days: Place[];
  /** Two days that belong together. */
  range: [Place, Place] | null;
  months: Place[];
  years: Place[];
  amounts: Place[];
  isRecurring: boolean;
  hasUnreadable: boolean;
}

/** All that a quote names and that can be read. */
export function datesIn(quote: string): Dates {
  const broken = unreadableIn(quote);
  const legible = placesIn(quote).filter(({ from, to }) => !broken.some((place) => place.from < to && from < place.to));
  const places = legible.filter((place) => !legible.some((other) => isPartOf(place, other)));
  places.sort((a, b) => a.from - b.from);
  const ofKind = (...kinds: Named['kind'][]) => places.filter(({ named }) => kinds.includes(named.kind));
  const days = ofKind('day');
  return {
    days,
    range: rangeAmong(days, quote),
    months: ofKind('month', 'quarter'),
    years: ofKind('year'),
    amounts: ofKind('amount'),
    isRecurring: ofKind('interval').length > 0,
    hasUnreadable: broken.length > 0,
  };
}

/** Whether something is no more than a piece of what stands around it: the month of a day, the first day of two without the year they share. */
function isPartOf(inner: Place, outer: Place): boolean {
  if (inner === outer || outer.from > inner.from || inner.to > outer.to || outer.named.kind === 'year') return false;
  if (inner.named.kind !== 'day' || outer.named.kind !== 'day') return true;
  return (
    inner.named.year === null && outer.named.year !== null && inner.named.day === outer.named.day && inner.named.month === outer.named.month
  );
}

function rangeAmong(days: readonly Place[], quote: string): [Place, Place] | null {
  for (const [i, last] of days.entries()) {
    const first = days[i - 1];
    if (first === undefined) continue;
    const between = quote.slice(first.to, last.from);
    // The first of two days that share a month reaches over both.
    const isShared = last.from < first.to;
    if (isShared || /^\s*(?:tot en met|t\/m|tot|–|—|-)\s*$/iu.test(between)) return [first, last];
    if (/^\s*en\s*$/iu.test(between) && /tussen\s*$/iu.test(quote.slice(0, first.from))) return [first, last];
  }
  return null;
}

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
  const { days, months, range } = dates;
  if (range !== null) {
    const [from, to] = range.map(({ named }) => (named.kind === 'day' ? dayOf(named) : null));
    if (from && to)
      return from <= to
        ? { kind: 'range', from, to: /\btot\s*$/iu.test(quote.slice(range[0].to, range[1].from)) ? addDays(to, -1) : to }
        : null;
  }
  const day = bindingDay(quote, days);
  if (day !== null) {
    const on = day.named.kind === 'day' ? dayOf(day.named) : null;
    return on === null ? null : { kind: 'fixed', on };
  }
  const month = months[0];
  if (month !== undefined && month.named.kind !== 'day' && !isVague(quote, month)) {
    const { named } = month;
    if (named.kind === 'month' || named.kind === 'quarter')
      return { kind: 'period', unit: named.kind, year: named.year, number: named.number };
  }
  return offsetOf(quote, dates);
}

/** Of several days the one that bounds: behind "uiterlijk" or "voor", else the first; one with a year before one without. */
function bindingDay(quote: string, days: readonly Place[]): Place | null {
  const bounds = (place: Place) =>
    /(?:uiterlijk|viterlijk|uiterste|v[oó][oó]r|tot(?: en met)?|deadline)\W*(?:\p{L}+\W+){0,2}$/iu.test(quote.slice(0, place.from)) ||
    isBefore(place);
  return days.find((day) => hasYear(day) && bounds(day)) ?? days.find(hasYear) ?? days.find(bounds) ?? days[0] ?? null;
}

const hasYear = ({ named }: Place) => named.kind === 'day' && named.year !== null;
const isBefore = ({ named }: Place) => named.kind === 'day' && named.isBefore;

const isVague = (quote: string, { from }: Place) =>
  /(?:begin|medio|half|halverwege|midden|rond|omstreeks|circa|in de loop van)\s+$/iu.test(quote.slice(0, from));

/** So long after an own event or another deadline; what waits for anything else says so in its own words. */
function offsetOf(quote: string, { amounts }: Dates): DateRule | null {
  for (const { from, named, to } of amounts) {
    if (named.kind !== 'amount' || named.unit === 'year') continue;
    const [before, after] = [quote.slice(0, from), quote.slice(to)];
    const direction = /^\s+(?:\p{L}+\s+)?(?:na|nadat|vanaf)\b/iu.test(after)
      ? 'after'
      : /^\s+(?:v[oó][oó]r|voorafgaand|voordat|eerder)\b/iu.test(after)
        ? 'before'
        : null;
    const isSoLong = /\bbinnen\s+(?:de\s+)?$/iu.test(before) || /^\s+de tijd\b(?!\s+nodig)/iu.test(after);
    if (direction === null && !isSoLong) continue;
    const anchor = anchorIn(after);
    const { amount, unit } = named;
    if (/ontvang|aanbieding|aangeboden|aanbod/iu.test(anchor) && /overeenkomst|contract|aanbod/iu.test(quote))
      return { kind: 'offset', from: { event: 'contract_received' }, amount, unit, direction: direction ?? 'after' };
    const activity = activityOf(anchor);
    // What counts from itself counts from nothing: it only seems to name another one.
    if (activity !== null && activity !== activityOf(quote.replace(anchor, '')) && direction !== null)
      return { kind: 'offset', from: { activity }, amount, unit, direction };
    return {
      kind: 'event',
      text: quote
        .slice(
          Math.max(0, /\bbinnen\s+(?:de\s+)?$/iu.exec(before)?.index ?? from),
          to + (anchor === '' ? 0 : after.indexOf(anchor) + anchor.length),
        )
        .trim()
        .slice(0, 500),
    };
  }
  return null;
}

/** What is counted from: up to the verb of what is to be done. */
function anchorIn(after: string): string {
  const words =
    /^\s+(?:\p{L}+\s+)?(?:na|nadat|vanaf|v[oó][oó]r|voorafgaand aan|voordat)\s+(?<anchor>[^,.;]{3,120})/iu.exec(after)?.groups?.[
      'anchor'
    ] ?? '';
  return words.split(
    /\s(?:levert?|leveren|dient?|dienen|stuurt?|sturen|moet|moeten|kunt|kan|is|zijn|wordt|worden|u|wij|door)(?:\s|$)/iu,
  )[0]!;
}

/** How the day bounds: by the word before it, else by the head of its table. */
function boundaryOf(quote: string, head: string | null, { amounts, days, months, range }: Dates): Dating['boundary'] {
  const place = range?.[0] ?? bindingDay(quote, days) ?? months[0] ?? amounts[0];
  if (place === undefined || place === null) return null;
  const before = quote.slice(0, place.from);
  if (isBefore(place) || /(?:v[oó][oó]r|eerder dan)\s+(?:de\s+)?$/iu.test(before)) return 'before';
  if (range !== null) return 'by';
  // "Tot 1 juli" is read with and without that day: the day before is in time by both.
  if (/\btot\s+(?:uiterlijk\s+)?$/iu.test(before)) return /uiterlijk\s+$/iu.test(before) ? 'by' : 'before';
  if (/(?:[uv]iterlijk|uiterste|tot en met|t\/m|deadline|niet later dan|laatste dag|sluit)\W*(?:\p{L}+\W+){0,3}$/iu.test(before))
    return 'by';
  if (amounts[0] === place && /\bbinnen\b/iu.test(quote)) return 'by';
  if (/\b(?:per|vanaf|met ingang van|sinds)\s+$/iu.test(before)) return 'per';
  const column = `${head ?? ''} ${quote.slice(place.to, place.to + 60)}`;
  return /uiterste|uiterlijk|deadline|laatste dag/iu.test(column) ? 'by' : null;
}

function lackOf(quote: string, { days, hasUnreadable, months, years }: Dates): Dating['lack'] {
  if (days.some(({ named }) => named.kind === 'day' && named.year === null)) return 'year_not_printed';
  if (hasUnreadable) return 'unreadable';
  const isImprecise =
    months.some((month) => isVague(quote, month)) ||
    years.some((year) => /(?:begin|eind|medio|voorjaar|zomer|najaar|herfst|winter|helft)\s+(?:van\s+)?$/iu.test(quote.slice(0, year.from)));
  return isImprecise ? 'imprecise' : 'no_day';
}

function printedIn(quote: string, { amounts, days, months, range }: Dates): string | null {
  if (range !== null) return quote.slice(range[0].from, Math.max(range[0].to, range[1].to));
  const place = bindingDay(quote, days) ?? months[0] ?? amounts[0];
  return place === undefined || place === null ? null : quote.slice(place.from, place.to).replace(/^(?:voor|vóór)\s+/iu, '');
}
