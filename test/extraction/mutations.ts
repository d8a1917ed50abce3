/** Twenty ways to spoil a text: days moved, columns swapped, letters misread, date cells that nobody can read. The same each time. */

interface Mutation {
  name: string;
  of: (text: string) => string;
}

const DATE =
  /\b\d{1,2} (?:jan(?:uari)?|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)(?: (?:20\d\d|'\d\d))?|\b\d\d-\d\d-20\d\d/g;
const MONTHS = ['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september', 'oktober', 'november', 'december'];
/** What a scan takes a letter for. */
const MISREAD: Readonly<Record<string, string>> = {
  e: 'c',
  i: 'l',
  l: '1',
  o: '0',
  u: 'v',
  n: 'h',
  a: 'o',
  s: '5',
  t: 'f',
  r: 'n',
  d: 'cl',
  m: 'rn',
  g: 'q',
  b: '6',
  k: 'h',
  v: 'y',
  w: 'vv',
  z: 's',
  h: 'b',
  p: 'q',
  c: 'e',
};
/** And a digit for; never for another digit. */
const BROKEN: Readonly<Record<string, string>> = { 0: 'O', 1: 'l', 2: 'Z', 3: 'E', 4: 'A', 5: 'S', 6: 'G', 7: 'T', 8: 'B', 9: 'q' };

export const MUTATIONS: readonly Mutation[] = [
  ...[1, 2, 3, 4, 5].map((seed) => ({ name: `days moved ${seed}`, of: (text: string) => moveDays(text, seed) })),
  ...[1, 2, 3].map((seed) => ({ name: `columns swapped ${seed}`, of: (text: string) => swapColumns(text, seed) })),
  ...[0.01, 0.01, 0.02, 0.02, 0.05, 0.05, 0.05].map((share, i) => ({
    name: `${share * 100} % of letters misread ${i + 1}`,
    of: (text: string) => misread(text, share, i + 1),
  })),
  ...[0, 1, 2, 3, 4].map((nth) => ({ name: `date cell ${nth + 1} broken`, of: (text: string) => breakCell(text, nth) })),
];

function moveDays(text: string, seed: number): string {
  const random = randomOf(seed);
  return text.replace(DATE, (date) => {
    const [day, month, ...year] = date.split(' ');
    if (month === undefined || random() < 0.4) return date;
    return [1 + ((Number(day) + Math.floor(random() * 20)) % 28), MONTHS[Math.floor(random() * 12)], ...year].join(' ');
  });
}

/** Cells of dates behind what is due: all of them, or each other one. */
function swapColumns(text: string, seed: number): string {
  const random = randomOf(seed);
  return text.replaceAll(/^(\d{1,2} \p{Ll}+ 20\d\d) (.+)$/gmu, (line, date: string, rest: string) =>
    seed > 1 && random() < 0.5 ? line : `${rest} ${date}`,
  );
}

function misread(text: string, share: number, seed: number): string {
  const random = randomOf(seed);
  const dates = [...text.matchAll(DATE)].map(({ 0: date, index }) => [index, index + date.length] as const);
  const isDate = new Set(dates.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)));
  return text
    .split('')
    .map((letter, i) => (!isDate.has(i) && random() < share ? (MISREAD[letter] ?? letter) : letter))
    .join('');
}

/** One cell of a table of dates, of which each digit of the day became a letter, or one of the year. */
function breakCell(text: string, nth: number): string {
  let seen = -1;
  return text.replaceAll(/^\d{1,2} \p{Ll}+ 20\d\d(?= )/gmu, (date) => {
    seen++;
    if (seen !== nth) return date;
    return nth % 2 === 0
      ? date.replaceAll(/^\d+/g, (day) => day.replaceAll(/\d/g, (digit) => BROKEN[digit]!))
      : date.replace(/\d$/, (digit) => BROKEN[digit]!);
  });
}

/** Mulberry32: numbers from 0 to 1 that are the same for a seed. */
function randomOf(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
