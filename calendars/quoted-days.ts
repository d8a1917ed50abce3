/** Whether the day that a deadline states stands in one of its quotes. Checked is the rule, not what follows from it. */
import { addDays, writeDay } from './days.ts';
import { dayOf, namedIn as findNamed, type Named, type Place } from './dutch-dates.ts';
import type { Fault } from './errors.ts';
import type { Day } from './terms.ts';
import type { Content, DateRule, Source } from './deadlines/deadline.ts';
import { resolveDays } from './deadlines/rules.ts';

type Stated = Pick<Content, 'basis' | 'certainty' | 'conflict' | 'rule' | 'sources'>;

/**
 * What of a stated date no quote names, with what the quotes do name. Nothing where it is computed and says so (`basis`), or where there is no date.
 */
export function checkQuotedDays({ basis, certainty, conflict, rule, sources }: Stated): Fault[] {
  const quotes = sources.flatMap(({ quote }) => (quote === null ? [] : [namedIn(quote)]));
  // That there is no quote at all is a fault of its own.
  if (certainty !== 'stated' || basis?.kind === 'computation' || quotes.length === 0) return [];
  const isNamed = quotes.some((named) => names(rule, named)) || (rule.kind === 'slot' && names(rule, quotes.flat()));
  const days = new Set(quotes.flat().flatMap(daysNamed));
  const unnamed = (conflict?.days ?? []).filter((day) => !days.has(day));
  const instead = quotes
    .flat()
    .map(write)
    .filter((text, i, all) => text !== '' && all.indexOf(text) === i);
  const refuse = (field: string, what: string): Fault => ({
    field,
    message: `must stand in a quote: they name ${instead.join(', ') || 'no date'}; not ${what}. What is computed needs a basis of kind computation`,
  });
  return [...(isNamed ? [] : [refuse('rule', writeRule(rule))]), ...unnamed.map((day) => refuse('conflict.days', writeDay(day, 'nl')))];
}

/** The one source that proves a day: the first of which the quote names it, else the first with a quote. Null where there is none. */
export function provingSource({ rule, sources }: Pick<Content, 'rule' | 'sources'>): Source | null {
  const quoted = sources.filter(({ quote }) => quote !== null);
  return quoted.find(({ quote }) => names(rule, namedIn(quote ?? ''))) ?? quoted[0] ?? sources[0] ?? null;
}

/** Which characters of a quote are the words of the date that it proves: from one on, and before another, in order. None where it is computed. */
export function placesOfDate({ conflict, rule }: Pick<Stated, 'conflict' | 'rule'>, quote: string): { from: number; to: number }[] {
  const isOfDate = (named: Named) => namesPart(rule, named) || daysNamed(named).some((day) => conflict?.days.includes(day));
  const places = placesIn(quote)
    .filter(({ named }) => isOfDate(named))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  return places.filter(({ from }, i) => places.slice(0, i).every((before) => before.to <= from)).map(({ from, to }) => ({ from, to }));
}

/** All that a quote names. A day without a year takes the one in a heading that is quoted before it, if that is only one. */
export function placesIn(quote: string): Place[] {
  let [heading, start]: [number[], number] = [[], 0];
  return quote.split(GAP).flatMap((part) => {
    const [year, ...others] = heading;
    const places = findNamed(part).map(({ from, named, to }) => ({
      named: named.kind === 'day' && named.year === null && year !== undefined && others.length === 0 ? { ...named, year } : named,
      from: start + from,
      to: start + to,
    }));
    start += part.length + GAP.length;
    const hasDay = places.some(({ named }) => named.kind === 'day');
    const years = places.flatMap(({ named }) => (named.kind === 'year' ? named.year : []));
    heading = hasDay ? heading : [...new Set([...heading, ...years])];
    return places;
  });
}

const namedIn = (quote: string) => placesIn(quote).map(({ named }) => named);

const GAP = '(…)';

/** Whether it is one of the things that a rule speaks of. */
function namesPart(rule: DateRule, named: Named): boolean {
  if (rule.kind === 'range') return edgeOf(named, 'first') === rule.from || edgeOf(named, 'last') === rule.to;
  if (rule.kind === 'slot') return named.kind === 'interval' || namesAmount([named], rule.lead.amount, rule.lead.unit);
  return rule.kind !== 'event' && rule.kind !== 'none' && (rule.kind !== 'offset' || rule.amount !== null) && names(rule, [named]);
}

function names(rule: DateRule, named: readonly Named[]): boolean {
  switch (rule.kind) {
    case 'fixed':
      return named.some((one) => one.kind === 'day' && dayOf(one) === rule.on);
    case 'range':
      return named.some((one) => edgeOf(one, 'first') === rule.from) && named.some((one) => edgeOf(one, 'last') === rule.to);
    case 'period':
      return named.some((one) => one.kind === rule.unit && one.year === rule.year && (one.kind === 'year' || one.number === rule.number));
    case 'offset':
      return rule.amount === null || namesAmount(named, rule.amount, rule.unit);
    case 'slot':
      return named.some(({ kind }) => kind === 'interval') && namesAmount(named, rule.lead.amount, rule.lead.unit);
    default:
      rule.kind satisfies 'event' | 'none';
      return true;
  }
}

function namesAmount(named: readonly Named[], amount: number, unit: string | null): boolean {
  return named.some((one) => one.kind === 'amount' && one.amount === amount && one.unit === unit);
}

/** The first or last day of what is named: both are the same for a day. */
function edgeOf(named: Named, edge: 'first' | 'last'): Day | null {
  if (named.kind === 'day') return dayOf(named);
  if (named.kind === 'amount' || named.kind === 'interval') return null;
  const number = named.kind === 'year' ? null : named.number;
  const rule: DateRule = { kind: 'period', unit: named.kind, year: named.year, number };
  const days = resolveDays(rule, edge === 'first' ? 'per' : 'by', { contractYear: named.year, slot: null, dayOf: () => null });
  return days.lastSafeOn;
}

/** A day, and the last one that is in time where it stands after "voor". */
function daysNamed(named: Named): Day[] {
  const day = named.kind === 'day' ? dayOf(named) : null;
  if (day === null) return [];
  return named.kind === 'day' && named.isBefore ? [day, addDays(day, -1)] : [day];
}

function write(named: Named): string {
  switch (named.kind) {
    case 'day': {
      const day = dayOf(named);
      return day === null
        ? `${writeDay(dayOf({ ...named, year: 2024 })!, 'nl').replace(/ 2024$/, '')} without a year`
        : writeDay(day, 'nl');
    }
    case 'year':
      return String(named.year);
    case 'amount':
      return `${named.amount} ${named.unit}`;
    case 'interval':
      return `every ${named.every}`;
    default:
      return `${named.kind} ${named.number} of ${named.year}`;
  }
}

function writeRule(rule: DateRule): string {
  switch (rule.kind) {
    case 'fixed':
      return writeDay(rule.on, 'nl');
    case 'range':
      return `${writeDay(rule.from, 'nl')} to ${writeDay(rule.to, 'nl')}`;
    case 'period':
      return rule.number === null ? String(rule.year) : `${rule.unit} ${rule.number} of ${rule.year}`;
    case 'offset':
      return `${rule.amount} ${rule.unit}`;
    case 'slot':
      return `every ${rule.every} with ${rule.lead.amount} ${rule.lead.unit} before it`;
    default:
      return rule.kind;
  }
}
