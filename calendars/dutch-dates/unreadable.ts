/** What looks like a day or a year and cannot be read as one: letters among digits, months that fit two names, words run together. */
import { namedIn } from '../dutch-dates.ts';
import { MONTH_NAMES, monthOf } from './words.ts';

/** Where a text has a date that is not legible. */
export interface Unreadable {
  from: number;
  to: number;
}

interface Suspect {
  /** With the flags g, i and u. */
  pattern: RegExp;
  /** Whether the words are a date after all, to which something happened. */
  isDate: (groups: Record<string, string | undefined>) => boolean;
  /** A text, and what in it is a date that cannot be read. */
  examples: readonly [text: string, broken: readonly string[]][];
}

const DIGIT = String.raw`[\dlIOoSB|!]`;
const YEAR = String.raw`(?:2\s?[0Oo]\s?${DIGIT}\s?${DIGIT}|['‘’]${DIGIT}{2})(?![\p{L}\d])`;
const NAMES = MONTH_NAMES.join('|');
/** What stands where a sign could not be read, or is still to be filled in. */
const BLANK = '[?#_*]|(?<![\\p{L}\\d])[xX]{1,2}(?!\\p{L})|\\.{2,}|…';

/** Each pattern with its examples, which are its tests. */
export const SUSPECTS: readonly Suspect[] = [
  {
    // A day, something like a month, something like a year.
    pattern: new RegExp(String.raw`(?<![\p{L}\d.,/-])(?<day>${DIGIT}{1,2})\s+(?<month>[\p{L}\d]{3,10})\.?\s+(?<year>${YEAR})`, 'giu'),
    isDate: ({ month = '' }) => isLikeMonth(month),
    examples: [
      ['uiterlijk 31 augustus 2O24 indienen', ['31 augustus 2O24']],
      ['voor 3l augustus 2024 en 1 juii 2024', ['3l augustus 2024', '1 juii 2024']],
      ['31 februari 2026', ['31 februari 2026']],
      ['1 oktober 2024, 5 patiënten 2024', []],
    ],
  },
  {
    // Days, months and years in digits, with letters among them, or of a day that there is not.
    pattern: new RegExp(
      String.raw`(?<![\p{L}\d.,/-])(?<digits>${DIGIT}{1,2}[-/.]${DIGIT}{1,2}[-/.]2[0Oo]${DIGIT}{2})(?![\p{L}\d/-])`,
      'giu',
    ),
    isDate: () => true,
    examples: [
      ['Wijzigingen per 9o-05-2024', ['9o-05-2024']],
      ['per 31-02-2026', ['31-02-2026']],
      ['per 01-10-2026, lijst/2024/01/26/visie', []],
    ],
  },
  {
    // A day without a year of which a digit or the month is broken.
    pattern: new RegExp(String.raw`(?<![\p{L}\d.,/-])(?<day>${DIGIT}{1,2})\s+(?<month>${NAMES})(?![\p{L}\d])`, 'giu'),
    isDate: ({ day = '' }) => !/^\d+$/.test(day),
    examples: [
      ['voor 3l augustus', ['3l augustus']],
      ['uiterlijk I oktober', ['I oktober']],
      ['uiterlijk 1 oktober', []],
    ],
  },
  {
    // A day of which a sign is missing.
    pattern: new RegExp(
      String.raw`(?<![\p{L}\d.,/-])(?<day>(?:\d|${BLANK}){1,4})\s*(?<month>${NAMES})(?![\p{L}\d])\.?(?:\s+(?<year>${YEAR}|20(?:\d|${BLANK}){1,2}))?`,
      'giu',
    ),
    isDate: ({ day = '' }) => /[^\d\s]/.test(day),
    examples: [
      ['uiterlijk ?? september 2026, 1? mei', ['?? september 2026', '1? mei']],
      ['uiterlijk __ november 2026 of xx oktober', ['__ november 2026', 'xx oktober']],
      ['uiterlijk 1 oktober 2026 … in juni 2026', []],
    ],
  },
  {
    // A year of which a sign is missing.
    pattern: new RegExp(String.raw`(?<![\p{L}\d.,/-])\d{1,2}\s+(?:${NAMES})\.?\s+(?<year>20(?:\d|${BLANK}){0,2})(?![\p{L}\d])`, 'giu'),
    isDate: ({ year = '' }) => !/^\d{4}$/.test(year),
    examples: [
      ['uiterlijk 1 oktober 20?? en 1 mei 202_', ['1 oktober 20??', '1 mei 202_']],
      ['uiterlijk 1 oktober 2026', []],
    ],
  },
  {
    // Days, months and years in digits, of which a sign is missing.
    pattern: /(?<![\p{L}\d.,/-])(?<digits>[\d?#_*xX]{1,2}[-/.][\d?#_*xX]{1,2}[-/.](?:20)?[\d?#_*xX]{2})(?![\p{L}\d/-])/giu,
    isDate: ({ digits = '' }) => /[?#_*xX]/.test(digits),
    examples: [
      ['uiterlijk ##-##-2026, 1?-10-2026, xx-10-2026', ['##-##-2026', '1?-10-2026', 'xx-10-2026']],
      ['uiterlijk 01-10-2026', []],
    ],
  },
  {
    // What is run together.
    pattern: new RegExp(
      String.raw`(?<![\p{L}\d])(?<glued>\p{L}*\d{1,2}(?:${NAMES})(?:\s?20\d\d)?|(?<before>\p{L}*)(?:${NAMES})(?:20\d\d))(?![\p{L}\d])`,
      'giu',
    ),
    isDate: () => true,
    examples: [
      ['Nazjuli2022 overgaan tot selectie', ['Nazjuli2022']],
      ['uiterlijk 1oktober 2024', ['1oktober 2024']],
      ['in juli 2022', []],
    ],
  },
];

/** Every date in a text that cannot be read, in order. None where the same words name a day. */
export function unreadableIn(text: string): Unreadable[] {
  if (!LIKE.test(text)) return [];
  const whole = namedIn(text).filter(({ named }) => named.kind === 'day' && named.year !== null);
  const places = SUSPECTS.flatMap((suspect) => suspectsIn(text, suspect)).filter(
    (place) => !whole.some((day) => day.from < place.to && place.from < day.to),
  );
  return places
    .filter((place, i) => !places.some((other, j) => j !== i && contains(other, place) && (!contains(place, other) || j < i)))
    .sort((a, b) => a.from - b.from);
}

/** Without a digit or the name of a month there is no date. */
const LIKE = new RegExp(String.raw`\d|${NAMES}`, 'iu');

/** What one pattern suspects in a text. */
export function suspectsIn(text: string, { pattern, isDate }: Suspect): Unreadable[] {
  return [...text.matchAll(pattern)]
    .filter(({ groups = {} }) => isDate(groups))
    .map(({ 0: words, index }) => ({ from: index, to: index + words.length }));
}

const contains = (outer: Unreadable, inner: Unreadable) => outer.from <= inner.from && inner.to <= outer.to;

/** Whether a word is a month, or up to two letters away from one. */
function isLikeMonth(word: string): boolean {
  const name = word.toLowerCase();
  if (monthOf(name) !== null) return true;
  return MONTH_NAMES.some((month) => month.length >= 4 && Math.abs(month.length - name.length) <= 1 && distance(month, name) <= 2);
}

/** How many letters must be put in, left out or exchanged to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1];
    for (const [j, other] of b.split('').entries())
      next.push(Math.min(row[j]! + (letter === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    row = next;
  }
  return row[b.length]!;
}
