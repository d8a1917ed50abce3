/** What a sentence names that may be its date: days, months, years, amounts of time, and what is only about so. */
import type { Named, Place } from '../../dutch-dates.ts';
import { unreadableIn } from '../../dutch-dates/unreadable.ts';
import { vagueIn, type Vague } from '../../dutch-dates/vague.ts';
import { placesIn } from '../../quoted-days.ts';

/** Each in the order of the sentence; of things in one another only the outer one. */
export interface Dates {
  /** Days by which something may be due: without those that only tell which document, state or contract is meant. */
  days: Place[];
  /** Two days that belong together. */
  range: [Place, Place] | null;
  months: Place[];
  years: Place[];
  /** Years up to the end of which something may be due: "ultimo 2026". */
  yearEnds: Place[];
  amounts: Place[];
  vague: Vague[];
  isRecurring: boolean;
  hasUnreadable: boolean;
  /** Every day, and every month or quarter. */
  named: Place[];
}

/** All that a quote names and that can be read. */
export function datesIn(quote: string): Dates {
  const broken = unreadableIn(quote);
  const vague = vagueIn(quote);
  const legible = placesIn(quote).filter((place) => !isIn(place, broken));
  const places = legible.filter((place) => !legible.some((other) => isPartOf(place, other)));
  places.sort((a, b) => a.from - b.from);
  const ofKind = (...kinds: Named['kind'][]) => places.filter(({ named }) => kinds.includes(named.kind));
  const [named, years] = [ofKind('day'), ofKind('year')];
  const days = named.filter((place) => !isIn(place, vague) && !REFERENCE.test(quote.slice(0, place.from)));
  const months = ofKind('month', 'quarter');
  return {
    days,
    range: rangeAmong(days, quote),
    months: months.filter((place) => !isIn(place, vague)),
    years,
    yearEnds: years.filter((place) => !isIn(place, vague) && YEAR_END.test(quote.slice(0, place.from))),
    amounts: ofKind('amount'),
    vague: vague.filter((place) => !isIn(place, broken)),
    isRecurring: ofKind('interval').length > 0,
    hasUnreadable: broken.length > 0,
    named: [...named, ...months],
  };
}

/** Whether something is a part of one of others, or has one in it. */
const isIn = ({ from, to }: Pick<Place, 'from' | 'to'>, others: readonly Pick<Place, 'from' | 'to'>[]) =>
  others.some((place) => place.from < to && from < place.to);

/** Whether a sentence names a date of any kind, be it about so or unreadable; not where it only counts or repeats. */
export function isDated({ days, hasUnreadable, months, vague, yearEnds }: Dates): boolean {
  return days.length + months.length + vague.length + yearEnds.length > 0 || hasUnreadable;
}

/** A document that is named by its day, the day of a state, the day from which a contract or a price holds. */
const REFERENCE =
  /(?:\b(?:\p{L}*brief|besluit|publicatie|versie|memo|nota|circulaire|wet|regeling|beleidsregel|akkoord|\p{L}*bijeenkomst|vergadering|webinar|uitspraak|arrest|advies)\b(?:\s+\p{L}+){0,3}\s+(?:van|d\.d\.|dd\.?|op)|\bd\.d\.|\bzoals \p{L}+ (?:op|per|van)|\bprijspeil|\bpeildatum|\bstand per|\bsinds|\bgeldig (?:vanaf|per|tot(?: en met)?)|\bgeld(?:t|en) (?:vanaf|per|tot(?: en met)?|sinds)|\bingaande? (?:op|per)|\bwie per|(?:ontstaat|eindigt|gesloten) op)\s*$/iu;

const YEAR_END =
  /\b(?:ultimo|(?:uiterlijk|v[oó]{2}r|tot|per)\s+(?:(?:het|in)\s+)?eind(?:e)?(?:\s+van)?(?:\s+het\s+(?:kalender)?jaar)?|uiterlijk in|vóór|eind(?:e)? van het (?:kalender)?jaar)\s+$/iu;

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
    if (
      isShared ||
      /^\s*(?:tot en met|t\/m|tot(?: uiterlijk)?|–|—|-)\s*(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\s+)?$/iu.test(between)
    )
      return [first, last];
    // The cells of a row: from, to.
    if (/^\s+$/u.test(between) && hasYear(first) && hasYear(last)) return [first, last];
    if (/^\s*en\s*$/iu.test(between) && /tussen\s*$/iu.test(quote.slice(0, first.from))) return [first, last];
  }
  return null;
}

const hasYear = ({ named }: Place) => named.kind === 'day' && named.year !== null;
