/** What Dutch sentences name: days, months, quarters, years, amounts of time and intervals. A line per pattern, with examples that are its tests. */
import { isDay } from './days.ts';
import { monthOf, numberOf, quarterOfWord, unitOf, yearOf, type Unit } from './dutch-dates/words.ts';
import type { Day } from './terms.ts';

/** One thing that a text names. A year that is not printed is null: it is never guessed. */
export type Named =
  | { kind: 'day'; year: number | null; month: number; day: number; isBefore: boolean }
  | { kind: 'month'; year: number; number: number }
  | { kind: 'quarter'; year: number; number: number }
  | { kind: 'year'; year: number }
  | { kind: 'amount'; amount: number; unit: Unit }
  | { kind: 'interval'; every: 'quarter' };

interface Pattern {
  /** With the flags g, i and u. */
  pattern: RegExp;
  /** None where the words are of another kind after all. */
  read: (groups: Record<string, string | undefined>) => Named[];
  /** A text, and all that this pattern finds in it. */
  examples: readonly [text: string, named: readonly Named[]][];
}

const YEAR = String.raw`(?:20\d\d(?!\d)|['‘’]\d\d(?!\d))`;
const WEEKDAY = '(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\\s+)?';
const BEFORE = String.raw`(?<before>\b(?:voor|vóór|eerder\s+dan)\s+(?:de\s+)?${WEEKDAY})?`;
const day = (year: number | null, month: number, date: number, isBefore = false): Named => ({
  kind: 'day',
  year,
  month,
  day: date,
  isBefore,
});

export const PATTERNS: readonly Pattern[] = [
  {
    pattern: new RegExp(
      String.raw`${BEFORE}(?<![\p{L}\d.,/-])(?<day>\d{1,2})(?-i:e|ste|de)?\s+(?<month>\p{L}+)(?![\p{L}\d])(?:\.?\s*(?<year>${YEAR}))?`,
      'giu',
    ),
    read: ({ before, day: date, month, year }) => {
      const number = monthOf(month ?? '');
      return number === null ? [] : [day(year === undefined ? null : yearOf(year), number, Number(date), before !== undefined)];
    },
    examples: [
      ['uiterlijk 31 augustus 2024 indienen', [day(2024, 8, 31)]],
      ["Regioplan voor 1 september '21 indienen", [day(2021, 9, 1, true)]],
      ['Uiterlijk per 1 jan 2022', [day(2022, 1, 1)]],
      ['nog tot 1 juli om wijzigingen te publiceren', [day(null, 7, 1)]],
      ['1 augustis 2024', [day(2024, 8, 1)]],
      ['1 juii 2024, 5 patiënten 2024, 1 okt0ber 2024', []],
      ['op de 1e oktober 2026', [day(2026, 10, 1)]],
      ['vóór maandag 5 oktober 2026, eerder dan 1 mei 2026', [day(2026, 10, 5, true), day(2026, 5, 1, true)]],
    ],
  },
  {
    pattern: new RegExp(String.raw`${BEFORE}(?<![\p{L}\d.,/-])(?<day>\d{1,2})[-/.](?<month>\d{1,2})[-/.](?<year>${YEAR})(?!\d)`, 'giu'),
    read: ({ before, day: date, month, year }) => [day(yearOf(year ?? ''), Number(month), Number(date), before !== undefined)],
    examples: [
      ['Wijzigingen per 02-05-2024', [day(2024, 5, 2)]],
      ['voor 1/10/2024', [day(2024, 10, 1, true)]],
      ["uiterlijk 1-10-'26", [day(2026, 10, 1)]],
      ['9o-05-2024, l1-05-2024, 01-10-26', []],
    ],
  },
  {
    pattern: /(?<![\p{L}\d/.-])(?<year>20\d\d)-(?<month>\d\d)-(?<day>\d\d)(?![\d/-])/giu,
    read: ({ day: date, month, year }) => [day(Number(year), Number(month), Number(date))],
    examples: [
      ['Uiterste datum: 2026-10-01', [day(2026, 10, 1)]],
      ['rapporten/2024/01/26/visie, 2024-01-26/x', []],
    ],
  },
  {
    // Of two days the first may leave out what both share: its month, its year.
    pattern: new RegExp(
      String.raw`(?<![\p{L}\d.,/-])(?<day>\d{1,2})(?:\s+(?<first>\p{L}{3,}))?\s*(?:tot en met|t\/m|tot|–|—|-|(?<=tussen\s+\d{1,2}(?:\s+\p{L}+)?\s*)en)\s*\d{1,2}\s+(?<month>\p{L}{3,})\.?\s+(?<year>${YEAR})`,
      'giu',
    ),
    read: ({ day: date, first, month, year }) => {
      const [start, end] = [monthOf(first ?? month ?? ''), monthOf(month ?? '')];
      return start === null || end === null || start > end ? [] : [day(yearOf(year ?? ''), start, Number(date))];
    },
    examples: [
      ['van 1 tot en met 15 oktober 2026', [day(2026, 10, 1)]],
      ['tussen 1 september en 15 oktober 2026', [day(2026, 9, 1)]],
      ['1 november - 15 februari 2027, 1 en 15 oktober 2026', []],
    ],
  },
  {
    // Of several days in a row only the last one names the year that they share.
    pattern: new RegExp(
      String.raw`(?<![\p{L}\d.,/-])(?<!\btussen\s+)(?<day>\d{1,2})(?:\s+(?<first>\p{L}{3,}))?(?=(?:,\s+\d{1,2}(?:\s+\p{L}{3,})?)*\s+(?:en|of)\s+\d{1,2}\s+(?<month>\p{L}{3,})\.?\s+(?<year>${YEAR}))`,
      'giu',
    ),
    read: ({ day: date, first, month, year }) => {
      const [start, end] = [monthOf(first ?? month ?? ''), monthOf(month ?? '')];
      return start === null || end === null || start > end ? [] : [day(yearOf(year ?? ''), start, Number(date))];
    },
    examples: [
      ['op 1 en 15 mei 2026', [day(2026, 5, 1)]],
      ['op 1 maart, 1 juni of 1 september 2026', [day(2026, 3, 1), day(2026, 6, 1)]],
      ['tussen 1 en 15 mei 2026, 1 december en 1 maart 2027, artikel 22 en 23', []],
    ],
  },
  {
    pattern: new RegExp(
      String.raw`(?<!\d\s*)(?<!\p{L})(?<!(?<![\p{L}\d])[\dlIOoSB|!]{1,2}\s+)(?<month>\p{L}{3,})\.?\s+(?<year>${YEAR})`,
      'giu',
    ),
    read: ({ month, year }) => {
      const number = monthOf(month ?? '');
      return number === null ? [] : [{ kind: 'month', year: yearOf(year ?? ''), number }];
    },
    examples: [
      ['Per juli 2022 wordt verwacht', [{ kind: 'month', year: 2022, number: 7 }]],
      ['meer duidelijkheid september 2021.', [{ kind: 'month', year: 2021, number: 9 }]],
      ['Nazjuli2022 overgaan tot selectie, 1 juli 2022', []],
      ['3l augustus 2024, l juli 2024', []],
    ],
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:(?<word>eerste|tweede|derde|vierde|[1-4]e)\s+kwartaal|kwartaal\s+(?<number>[1-4])|q(?<short>[1-4]))(?:\s+\(q[1-4]\))?(?:\s+van|\s*-)?\s*(?<year>${YEAR})`,
      'giu',
    ),
    read: ({ word = '', number, short, year }) => [
      { kind: 'quarter', year: yearOf(year ?? ''), number: quarterOfWord(word) ?? Number(number ?? short ?? word[0]) },
    ],
    examples: [
      ['viterlijk eerste kwartaal 2022', [{ kind: 'quarter', year: 2022, number: 1 }]],
      ['in Q3 2024 of kwartaal 4 van 2024', [3, 4].map((number) => ({ kind: 'quarter', year: 2024, number }))],
      ['per kwartaal starten', []],
    ],
  },
  {
    pattern: /(?<![\d.,'‘’-])(?<year>20\d\d)(?![\d.,]*\d)|['‘’](?<short>\d\d)(?!\d)/giu,
    read: ({ year, short }) => [{ kind: 'year', year: short === undefined ? Number(year) : 2000 + Number(short) }],
    examples: [
      ['zodat we ze in 2025 tot en met 2026 verder kunnen uitbreiden', [2025, 2026].map((year) => ({ kind: 'year', year }))],
      ["Doorlopend in '22.", [{ kind: 'year', year: 2022 }]],
      ['minimaal 100.000 inwoners, (22)', []],
    ],
  },
  {
    // Two digits are a year beside a neighbour that is one.
    pattern: /(?<!\d)(?<year>\d\d)\s*(?:en|t\/m|tot en met|[-–—])\s*['‘’]\d\d(?!\d)/giu,
    read: ({ year }) => [{ kind: 'year', year: 2000 + Number(year) }],
    examples: [
      ["2-jarig contract (22 en '23)", [{ kind: 'year', year: 2022 }]],
      [`3 -jarige overeenkomst ("20 —'22)`, [{ kind: 'year', year: 2020 }]],
      ['artikel 22 en 23', []],
    ],
  },
  {
    pattern:
      /(?<![\d.,\p{L}])(?<amount>\d{1,3}|\p{L}+)(?:\s+\((?:\d{1,3}|\p{L}+)\))?\s+(?<unit>werkdag|kalenderdag|dag|week|maand|weken|jaar)(?:en)?\b/giu,
    read: ({ amount = '', unit = '' }) => {
      const number = numberOf(amount);
      return number === null ? [] : [{ kind: 'amount', amount: number, unit: unitOf(unit) }];
    },
    examples: [
      ['binnen zes weken na de dag van ontvangst', [{ kind: 'amount', amount: 6, unit: 'week' }]],
      [
        'heeft een maand de tijd nodig, of 10 werkdagen',
        [
          { kind: 'amount', amount: 1, unit: 'month' },
          { kind: 'amount', amount: 10, unit: 'working_day' },
        ],
      ],
      ['binnen zes (6) weken', [{ kind: 'amount', amount: 6, unit: 'week' }]],
      ['gedurende 3 (drie) maanden', [{ kind: 'amount', amount: 3, unit: 'month' }]],
      ['een duur van één jaar', [{ kind: 'amount', amount: 1, unit: 'year' }]],
      ['na de dag van ontvangst', []],
    ],
  },
  {
    pattern: /(?<![\d.,\p{L}])(?<amount>\d{1,2}|\p{L}+?)\s*-?\s*jarige?\b/giu,
    read: ({ amount = '' }) => {
      const number = numberOf(amount);
      return number === null ? [] : [{ kind: 'amount', amount: number, unit: 'year' }];
    },
    examples: [
      ['Huisartsen: 3 -jarige overeenkomst', [{ kind: 'amount', amount: 3, unit: 'year' }]],
      ['De eenjarige zorgovereenkomsten, een tweejarig contract', [1, 2].map((amount) => ({ kind: 'amount', amount, unit: 'year' }))],
      ['meerjarige zorgovereenkomsten', []],
    ],
  },
  {
    pattern: /\b(?:per|elk|ieder)\s+kwartaal\b(?!\s*(?:[1-4]|20))/giu,
    read: () => [{ kind: 'interval', every: 'quarter' }],
    examples: [
      ['De goedgekeurde innovaties kunnen per kwartaal starten.', [{ kind: 'interval', every: 'quarter' }]],
      ['Elk kwartaal een start', [{ kind: 'interval', every: 'quarter' }]],
      ['in het eerste kwartaal 2022', []],
    ],
  },
];

/** Where a text names something: from one character on, and before another. */
export interface Place {
  named: Named;
  from: number;
  to: number;
}

/** All that a text names, pattern by pattern. */
export function namedIn(text: string): Place[] {
  return PATTERNS.flatMap((pattern) => findIn(text, pattern));
}

/** What one pattern finds in a text. A day that does not exist is not named. */
export function findIn(text: string, { pattern, read }: Pattern): Place[] {
  return [...text.matchAll(pattern)].flatMap(({ 0: words, groups = {}, index }) =>
    read(groups)
      .filter(exists)
      .map((named) => ({ named, from: index, to: index + words.length })),
  );
}

/** A day as `YYYY-MM-DD`; null for one whose year is not printed. */
export function dayOf({ year, month, day: date }: Extract<Named, { kind: 'day' }>): Day | null {
  return year === null ? null : [year, pad(month), pad(date)].join('-');
}

function exists(named: Named): boolean {
  // Of a day without a year, a leap year decides.
  return named.kind !== 'day' || isDay(dayOf({ ...named, year: named.year ?? 2024 }) ?? '');
}

const pad = (number: number) => String(number).padStart(2, '0');
