/** How well a text was read: what of the gold was found, what beside it, and what was made up. Shares nothing with the grammar on purpose. */
import type { Extraction, Proposal } from '../../calendars/extraction/extraction.ts';
import { locate, type GoldRow, type Span } from './gold.ts';

export interface Score {
  /** The rows whose sentence stands in the text, and those of them that were found with their value. */
  rows: { row: GoldRow; isFound: boolean }[];
  due: Precision;
  requirements: Precision;
  zeros: Zeros;
}

export interface Precision {
  right: number;
  proposed: number;
  found: number;
  wanted: number;
}

export interface Zeros {
  yearsInvented: string[];
  daysInvented: string[];
  notLiteral: string[];
}

export function score(rows: readonly GoldRow[], text: string, extraction: Extraction): Score {
  const places = locate(rows, text);
  const present = rows.filter(({ id }) => places.get(id)!.length > 0);
  const spansOf = (row: GoldRow) => places.get(row.id)!;
  const isKind = (kinds: readonly string[]) => (one: { kind: string | null }) => one.kind !== null && kinds.includes(one.kind);
  const measure = (isOne: (one: { kind: string | null }) => boolean): Precision => {
    const [wanted, proposed] = [present.filter(isOne), extraction.proposals.filter(isOne)];
    const meet = (proposal: Proposal, row: GoldRow) => spansOf(row).some((span) => overlaps(proposal, span));
    return {
      right: proposed.filter((proposal) => wanted.some((row) => meet(proposal, row))).length,
      proposed: proposed.length,
      found: wanted.filter((row) => proposed.some((proposal) => meet(proposal, row))).length,
      wanted: wanted.length,
    };
  };
  return {
    rows: present.map((row) => ({ row, isFound: spansOf(row).some((span) => isFound(row, span, extraction)) })),
    due: measure(isKind(['deadline', 'window'])),
    requirements: measure(isKind(['requirement'])),
    zeros: zerosOf(text, extraction),
  };
}

function isFound(row: GoldRow, span: Span, { mentions, proposals, unreadable }: Extraction): boolean {
  const near = proposals.filter((proposal) => overlaps(proposal, span));
  switch (row.class) {
    case 'A':
      if (row.kind === null || row.kind === 'commitment')
        return mentions.some((mention) => overlaps(mention, span) && readDay(mention.printed) === row.value);
      return near.some((proposal) => proposal.kind === row.kind && valueOf(proposal) === row.value);
    case 'B':
      return near.some(({ lack, printed, rule }) => lack === 'year_not_printed' && rule.kind === 'none' && printed === row.value);
    case 'C':
      return near.some((proposal) => (row.kind === null || proposal.kind === row.kind) && valueOf(proposal) === row.value);
    case 'E':
      // The cell stands before its sentence.
      return unreadable.some(({ from, to }) => from < span.to && span.from - to < 5) && !near.some(({ dueOn }) => dueOn !== null);
    default:
      return near.some(({ kind }) => kind === row.kind);
  }
}

/** Whether one covers half of the other. */
function overlaps(a: Span, b: Span): boolean {
  return Math.min(a.to, b.to) - Math.max(a.from, b.from) >= Math.min(a.to - a.from, b.to - b.from) / 2;
}

/** When, in one line. */
function valueOf({ boundary, rule, years }: Proposal): string | null {
  const bound = boundary === null ? '' : ` ${boundary}`;
  switch (rule.kind) {
    case 'fixed':
      return rule.on + bound;
    case 'range':
      return `${rule.from}/${rule.to}`;
    case 'period': {
      const number = rule.number === null ? '' : rule.unit === 'quarter' ? `-Q${rule.number}` : `-${String(rule.number).padStart(2, '0')}`;
      return `${rule.year}${number}${bound}`;
    }
    case 'offset':
      return `${rule.amount} ${rule.unit} ${rule.direction} ${'event' in rule.from ? rule.from.event : rule.from.activity}`;
    case 'slot':
      return `every ${rule.every}, ${rule.lead.amount} ${rule.lead.unit} before`;
    default:
      return years === null ? null : `${years} year`;
  }
}

const MONTHS = ['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september', 'oktober', 'november', 'december'];

/** "2 mei 2024" or "02-05-2024" as a day. */
function readDay(printed: string): string | null {
  const [, day, month, year] = /(\d{1,2})[ -](\S+)[ -](\d{4})/.exec(printed) ?? [];
  const number = MONTHS.indexOf(month ?? '') + 1 || Number(month);
  return year === undefined ? null : `${year}-${String(number).padStart(2, '0')}-${day!.padStart(2, '0')}`;
}

export function zerosOf(text: string, { mentions, proposals, unreadable }: Extraction): Zeros {
  const whole = fold(text);
  const quotes = [...proposals, ...mentions, ...unreadable].map(({ quote }) => quote);
  return {
    yearsInvented: proposals.flatMap(({ quote, rule }) =>
      yearsIn(rule)
        .filter((year) => !isYearIn(year, quote))
        .map((year) => `${year}: ${quote}`),
    ),
    daysInvented: proposals.flatMap(({ quote, rule }) =>
      daysIn(rule)
        .filter((day) => !isDayIn(day, quote))
        .map((day) => `${day}: ${quote}`),
    ),
    notLiteral: quotes.filter((quote) => !quote.split(' (…) ').every((part) => whole.includes(part))),
  };
}

const fold = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

function yearsIn(rule: Proposal['rule']): number[] {
  if (rule.kind === 'fixed') return [Number(rule.on.slice(0, 4))];
  if (rule.kind === 'range') return [Number(rule.from.slice(0, 4)), Number(rule.to.slice(0, 4))];
  return rule.kind === 'period' ? [rule.year] : [];
}

/** Days that a rule names; the edges of whole years are none. */
function daysIn(rule: Proposal['rule']): string[] {
  if (rule.kind === 'fixed') return [rule.on];
  return rule.kind !== 'range' || (rule.from.endsWith('-01-01') && rule.to.endsWith('-12-31')) ? [] : [rule.from, rule.to];
}

const isYearIn = (year: number, quote: string) => new RegExp(String.raw`(?<!\d)(?:20)?${String(year).slice(2)}(?!\d)`).test(quote);

function isDayIn(on: string, quote: string): boolean {
  const [, month, day] = on.split('-').map(Number) as [number, number, number];
  // "Tot 15 oktober" ends the day before.
  return (
    [day, day + 1].some((date) => new RegExp(String.raw`(?<![\p{L}\d])0?${date}(?:e|ste|de)?(?![\p{L}\d])`, 'u').test(quote)) &&
    isMonthIn(month, quote)
  );
}

function isMonthIn(month: number, quote: string): boolean {
  const name = MONTHS[month - 1]!;
  const isNear = (word: string) => word.length === name.length && word.split('').filter((letter, i) => letter !== name[i]).length <= 1;
  const words = quote.toLowerCase().match(/\p{L}+/gu) ?? [];
  return (
    words.some((word) => isNear(word) || (word.length >= 3 && word.length <= 4 && name.replace('maart', 'mrt').startsWith(word))) ||
    new RegExp(String.raw`[-/.]0?${month}[-/.]`).test(quote)
  );
}
