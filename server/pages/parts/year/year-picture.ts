/** Where everything stands in the picture of a year: last month and the twelve from now on from left to right, a row for each insurer. */
import { addDays, addMonths, daysBetween } from '../../../../calendars/days.ts';
import type { Activity, Certainty, Day } from '../../../../calendars/terms.ts';

/** A date of one's own, which no document names. */
export interface OwnDate {
  day: Day;
  title: string;
}

/** What is due, as the picture shows it. `day` is null where none is known. */
export interface YearItem {
  insurer: string;
  day: Day | null;
  /** `own`: a date that the organisation chose by itself. */
  activity: Activity | 'own';
  certainty: Certainty;
  contractYear: number;
  title: string;
}

export interface PlacedItem extends YearItem {
  x: number;
  y: number;
}

export interface YearRow {
  /** Those of whom the same is known: they share the row. */
  insurers: readonly string[];
  items: readonly PlacedItem[];
  /** What has no day: on the shelf at the end of the row. */
  undated: readonly PlacedItem[];
  top: number;
  height: number;
}

export interface YearPicture {
  width: number;
  height: number;
  /** Where the days end and the shelf begins; the width where nothing is on it. */
  shelf: number;
  months: readonly { first: Day; x: number; width: number }[];
  today: number;
  rows: readonly YearRow[];
}

/** Above the rows, a line each: today, the years, the months. */
export const HEAD = 60;
/** Of a line of names. */
export const LINE = 20;
const WIDTH = 920;
const SHELF = 84;
const MONTHS = 13;
/** What a mark takes up, with the space around it. */
const MARK = 24;
const PADDING = 10;
/** How many letters of names fit in a line. */
const LETTERS = 96;

/** The first and the last day of the picture on a day. */
export function yearAround(today: Day): { first: Day; last: Day } {
  const first = addMonths(`${today.slice(0, 8)}01`, -1);
  return { first, last: addDays(addMonths(first, MONTHS), -1) };
}

/** Lays out the picture. Rows stand as their first insurers come in `insurers`; of items that would cover each other the later ones stand lower. */
export function layOutYear(items: readonly YearItem[], insurers: readonly string[], today: Day): YearPicture {
  const { first, last } = yearAround(today);
  const shown = items.filter(({ day }) => day === null || (day >= first && day <= last));
  const shelf = shown.some(({ day }) => day === null) ? WIDTH - SHELF : WIDTH;
  const xOf = (day: Day) => (shelf * daysBetween(first, day)) / (daysBetween(first, last) + 1);
  const middleOf = (day: Day) => (xOf(day) + xOf(addDays(day, 1))) / 2;
  let top = HEAD;
  const rows = sharedRows(shown, insurers).map((row) => {
    const names = wrapNames(row.insurers.join(', ')).length * LINE;
    const dated = stack(row.items, ({ day }) => clamp(middleOf(day!), shelf));
    const undated = row.undated.map((item, at) => ({ ...item, x: shelf + MARK * (0.75 + (at % 3)), lane: Math.floor(at / 3) }));
    const lanes = Math.max(1, ...[...dated, ...undated].map(({ lane }) => lane + 1));
    const place = ({ lane, ...item }: YearItem & { x: number; lane: number }) => ({
      ...item,
      y: top + PADDING + names + MARK * (lane + 0.5),
    });
    const placed = {
      insurers: row.insurers,
      items: dated.map(place),
      undated: undated.map(place),
      top,
      height: 2 * PADDING + names + MARK * lanes,
    };
    top += placed.height;
    return placed;
  });
  const months = Array.from({ length: MONTHS }, (_, n) => {
    const month = addMonths(first, n);
    return { first: month, x: xOf(month), width: xOf(addMonths(month, 1)) - xOf(month) };
  });
  return { width: WIDTH, height: top, shelf, months, today: middleOf(today), rows };
}

/** Names in lines that fit. */
export function wrapNames(names: string): string[] {
  return names.split(/(?<=, )/).reduce<string[]>((lines, name) => {
    const line = lines.at(-1);
    if (line === undefined || (line + name).length > LETTERS) lines.push(name);
    else lines[lines.length - 1] = line + name;
    return lines;
  }, []);
}

/** A row for each insurer that has something, but one for all of whom the same is known. */
function sharedRows(items: readonly YearItem[], insurers: readonly string[]) {
  const byInsurer = Map.groupBy(items, ({ insurer }) => insurer);
  const rows = insurers.flatMap((insurer) => {
    const all = byInsurer.get(insurer);
    return all ? [{ insurer, all: all.toSorted((a, b) => compare(keyOf(a), keyOf(b))) }] : [];
  });
  return [...Map.groupBy(rows, ({ all }) => JSON.stringify(all.map(keyOf))).values()].map((same) => {
    const all = same[0]!.all;
    return {
      insurers: same.map(({ insurer }) => insurer),
      items: all.filter(({ day }) => day !== null),
      undated: all.filter(({ day }) => day === null),
    };
  });
}

/** Puts each on the highest lane where it covers no other. They come by day. */
function stack(items: readonly YearItem[], xOf: (item: YearItem) => number) {
  const ends: number[] = [];
  return items.map((item) => {
    const x = xOf(item);
    const free = ends.findIndex((end) => end <= x);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = x + MARK;
    return { ...item, x, lane };
  });
}

const keyOf = ({ activity, certainty, contractYear, day, title }: YearItem) =>
  [day ?? '', activity, contractYear, certainty, title].join(' ');
const clamp = (x: number, end: number) => Math.min(Math.max(x, MARK / 2), end - MARK / 2);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
