/** What Dutch sentences say of about when: parts of a month or year, seasons, weeks; and months and quarters without their year. */
import { MONTH_NAMES } from './words.ts';

/** Why such words name no day, as a proposal says it. */
type Vagueness = 'imprecise' | 'year_not_printed';

export interface Vague {
  lack: Vagueness;
  from: number;
  to: number;
}

interface Pattern {
  /** With the flags g, i and u. */
  pattern: RegExp;
  lack: Vagueness;
  /** A text, and all that this pattern finds in it. */
  examples: readonly [text: string, words: readonly string[]][];
}

const YEAR = String.raw`(?:20\d\d(?!\d)|['‘’]\d\d(?!\d))`;
const MONTH = `(?:${MONTH_NAMES.join('|')})`;
const ABOUT = String.raw`\b(?:begin|aanvang|medio|half|halverwege|midden(?:\s+in)?|rond|omstreeks|circa|ca\.|rondom|in\s+de\s+loop\s+van|(?:eerste|tweede|laatste)\s+helft\s+van)\s+(?:de\s+maand\s+)?`;
const QUARTER = String.raw`(?:(?:eerste|tweede|derde|vierde|laatste|[1-4]e)\s+kwartaal|kwartaal\s+[1-4]|Q[1-4])`;

export const VAGUE: readonly Pattern[] = [
  {
    lack: 'imprecise',
    pattern: new RegExp(String.raw`${ABOUT}(?:\d{1,2}\s+)?${MONTH}\.?\s+${YEAR}`, 'giu'),
    examples: [
      ['Medio september 2026 dient u het plan in, en rond 1 oktober 2026', ['Medio september 2026', 'rond 1 oktober 2026']],
      ['eind oktober 2026, rond deze tijd', []],
    ],
  },
  {
    lack: 'imprecise',
    pattern: new RegExp(String.raw`${ABOUT}(?:het\s+(?:jaar|${QUARTER})\s+(?:van\s+)?)?(?:het\s+jaar\s+)?${YEAR}`, 'giu'),
    examples: [
      [
        'In de loop van 2026, begin 2027, in de loop van het tweede kwartaal 2027',
        ['In de loop van 2026', 'begin 2027', 'in de loop van het tweede kwartaal 2027'],
      ],
      ['eind 2026, in 2026', []],
    ],
  },
  {
    lack: 'imprecise',
    pattern: new RegExp(
      String.raw`\b(?:voorjaar|zomer|najaar|herfst|winter|voor\s+de\s+zomer|(?:eerste|tweede)\s+(?:half\s?jaar|helft))(?:\s+van)?(?:\s+${YEAR})?`,
      'giu',
    ),
    examples: [
      ['In het voorjaar van 2026, na de zomer', ['voorjaar van 2026', 'zomer']],
      ['een jaar, 2026', []],
    ],
  },
  {
    lack: 'imprecise',
    pattern: /\bweek\s+(?:[1-4]?\d|5[0-3])(?!\d)(?:\s*(?:van|,|-)?\s*20\d\d)?/giu,
    examples: [
      ['Voorlopige gunning: week 26, of week 40 van 2026', ['week 26', 'week 40 van 2026']],
      ['binnen een week, twee weken', []],
    ],
  },
  {
    lack: 'year_not_printed',
    pattern: new RegExp(
      String.raw`\b(?:in|uiterlijk|per|eind|einde(?:\s+van)?|ultimo|begin|medio|half|halverwege|vanaf|v[oó][oó]r|loop\s+van|maand)\s+(?:de\s+maand\s+)?${MONTH}(?!\.?\s*${YEAR})(?![\p{L}\d])`,
      'giu',
    ),
    examples: [
      ['Uiterlijk eind november, in juni of medio mei', ['eind november', 'in juni', 'medio mei']],
      ['eind oktober 2026, in de praktijk, voor met name', []],
    ],
  },
  {
    lack: 'year_not_printed',
    pattern: new RegExp(String.raw`\b${QUARTER}(?!(?:\s+\(Q[1-4]\))?(?:\s+van|\s*-)?\s*(?:het\s+jaar\s+)?${YEAR})(?![\p{L}\d])`, 'giu'),
    examples: [
      ['voor het einde van het tweede kwartaal, in Q3', ['tweede kwartaal', 'Q3']],
      ['in het tweede kwartaal van 2026, per kwartaal', []],
    ],
  },
];

/** All that a text says of about when, in order; of things in one another only the outer one. */
export function vagueIn(text: string): Vague[] {
  const places = VAGUE.flatMap((pattern) => findVague(text, pattern));
  return places
    .filter((place, i) => !places.some((other, j) => j !== i && contains(other, place) && (!contains(place, other) || j < i)))
    .sort((a, b) => a.from - b.from);
}

/** What one pattern finds in a text. */
export function findVague(text: string, { lack, pattern }: Pattern): Vague[] {
  return [...text.matchAll(pattern)].map(({ 0: words, index }) => ({ lack, from: index, to: index + words.length }));
}

const contains = (outer: Vague, inner: Vague) => outer.from <= inner.from && inner.to <= outer.to;
