/** The words of Dutch dates: months, quarters, numbers, units of time, and years. */

const MONTHS = ['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september', 'oktober', 'november', 'december'];
const SHORT: Readonly<Record<string, number>> = {
  jan: 1,
  feb: 2,
  mrt: 3,
  apr: 4,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  sept: 9,
  okt: 10,
  nov: 11,
  dec: 12,
};
/** Words that are a letter away from a month. */
const WORDS = new Set(['met', 'men', 'mee', 'mij', 'mes', 'zei', 'wei', 'lei', 'hei', 'taart', 'kaart', 'vaart', 'paart']);

const QUARTERS: Readonly<Record<string, number>> = { eerste: 1, tweede: 2, derde: 3, vierde: 4 };

const NUMBERS: Readonly<Record<string, number>> = {
  een: 1,
  één: 1,
  twee: 2,
  drie: 3,
  vier: 4,
  vijf: 5,
  zes: 6,
  zeven: 7,
  acht: 8,
  negen: 9,
  tien: 10,
  elf: 11,
  twaalf: 12,
  dertien: 13,
  veertien: 14,
  vijftien: 15,
  twintig: 20,
  dertig: 30,
  zestig: 60,
  negentig: 90,
};

export type Unit = 'day' | 'week' | 'month' | 'year' | 'working_day';

const UNITS: Readonly<Record<string, Unit>> = {
  dag: 'day',
  kalenderdag: 'day',
  werkdag: 'working_day',
  week: 'week',
  weken: 'week',
  maand: 'month',
  jaar: 'year',
};

/** Every name of a month, long and short, the longest first. */
export const MONTH_NAMES: readonly string[] = [...MONTHS, ...Object.keys(SHORT)].sort((a, b) => b.length - a.length);

/** The number of a month by its name. One letter may be wrong, if only one month fits: a scan reads "augustis". Null for another word. */
export function monthOf(word: string): number | null {
  const name = word.toLowerCase();
  const exact = SHORT[name] ?? MONTHS.indexOf(name) + 1;
  if (exact > 0) return exact;
  if (WORDS.has(name)) return null;
  const near = MONTHS.flatMap((month, i) => (isOneLetterOff(month, name) ? [i + 1] : []));
  return near.length === 1 ? near[0]! : null;
}

/** The number of a quarter by its word; null for another word. */
export const quarterOfWord = (word: string): number | null => QUARTERS[word.toLowerCase()] ?? null;

/** A number in figures or in words; null for another word. */
export function numberOf(word: string): number | null {
  return /^\d+$/.test(word) ? Number(word) : (NUMBERS[word.toLowerCase()] ?? null);
}

/** The unit of a word without its plural. */
export const unitOf = (word: string): Unit => UNITS[word.toLowerCase()] ?? 'day';

/** A year of four digits, or of two after an apostrophe. */
export const yearOf = (text: string): number => Number(text.replace(/^['‘’]/, '20'));

function isOneLetterOff(month: string, name: string): boolean {
  return month.length === name.length && month.split('').filter((letter, i) => letter !== name[i]).length === 1;
}
