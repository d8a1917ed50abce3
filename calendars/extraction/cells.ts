/** The cells of a table's row as one line of text has them: which of them says when, and which of them nobody can read. */
import { namedIn, type Place } from '../dutch-dates.ts';
import { unreadableIn } from '../dutch-dates/unreadable.ts';
import { vagueIn } from '../dutch-dates/vague.ts';

/** Characters of a line. */
export interface Cell {
  from: number;
  to: number;
}

/** The cells of a line in which signs part them: bars, tabs, a wide gap. One for any other line. */
export function cellsOf(line: string): Cell[] {
  const gaps = [...line.matchAll(/\s*[|\t][|\s]*|\s{3,}/g)].map(({ 0: gap, index }) => ({ from: index, to: index + gap.length }));
  const starts = [0, ...gaps.map(({ to }) => to)];
  const ends = [...gaps.map(({ from }) => from), line.length];
  return starts.map((from, i) => ({ from, to: ends[i]! })).filter(({ from, to }) => line.slice(from, to).trim() !== '');
}

/** Whether a line is a row that signs part into cells, of which one says when and nothing else. */
export function isRow(line: string): boolean {
  const cells = cellsOf(line);
  return cells.length > 1 && cells.some(({ from, to }) => isWhen(line.slice(from, to)));
}

/** The cell of a line that has nothing but signs for what cannot be read, or is not filled in, "##". Null where there is none. */
export function brokenCellOf(line: string): Cell | null {
  const cells = cellsOf(line);
  const cell = cells.length > 1 ? cells.find(({ from, to }) => BROKEN.test(line.slice(from, to))) : undefined;
  if (cell !== undefined) return cell;
  const [words] = BROKEN_END.exec(line) ?? BROKEN_START.exec(line) ?? [];
  if (words === undefined) return null;
  const from = line.startsWith(words) ? 0 : line.length - words.length;
  return { from, to: from + words.length };
}

/** Whether a line names columns: beside the cells of a table with its dates. */
export const namesColumns = (line: string) =>
  /datum|data\b|wanneer|moment|planning|deadline|termijn|tijdstip|activiteit|uiterlijk|mijlpa|\bactie\b/iu.test(line) &&
  !/[.:;,]$/.test(line);

const BROKEN = /^(?:[#?_*…\s]*[#?_]+[#?_*…\s]*|\[?onleesbaar\]?)$/iu;
const BROKEN_END = /(?<=\p{L}[\p{L})]\s+)[#?_]{2,}$/u;
const BROKEN_START = /^[#?_]{2,}(?=\s+\p{Lu})/u;

function isWhen(cell: string): boolean {
  if (OFFSET.test(cell)) return true;
  const places = datesIn(cell);
  // From the last one on, so that the others stay where they are.
  const rest = places.toReversed().reduce((text, { from, to }) => text.slice(0, from) + ' '.repeat(to - from) + text.slice(to), cell);
  return places.length > 0 && rest.replaceAll(AROUND, '').replaceAll(/[^\p{L}\d]/gu, '') === '';
}

/** "Binnen zes weken na ontvangst". */
const OFFSET =
  /^(?:uiterlijk\s+)?(?:binnen\s+)?(?:\d{1,3}|\p{L}+)\s+(?:kalender|werk)?(?:dag|dagen|week|weken|maand|maanden)\s+(?:na|v[oó]{2}r|voorafgaand)\b/iu;
const AROUND =
  /(?<!\p{L})(?:uiterlijk|uiterste|vóór|voor|vanaf|per|op|tot|met|t\/m|eind|einde|ultimo|begin|medio|half|van|tussen|en|of|de|het|in|om|uur|(?:maan|dins|woens|donder|vrij|zater|zon)dag|ma|di|wo|do|vr|za|zo|\d{1,2}[.:]\d\d)(?!\p{L})/giu;

/** Days, months and quarters, also those that are only about so or cannot be read: what stands in the column of dates. */
export function datesIn(line: string): Pick<Place, 'from' | 'to'>[] {
  const named = namedIn(line).filter(({ named: { kind } }) => kind === 'day' || kind === 'month' || kind === 'quarter');
  const about = vagueIn(line).filter(({ from, lack, to }) => lack === 'year_not_printed' || /\d/.test(line.slice(from, to)));
  return [...named, ...about, ...unreadableIn(line)].sort((a, b) => a.from - b.from || b.to - a.to);
}
