/** The text of a PDF's pages: paragraphs and headings parted by an empty line, rows of a table as one line, torn words joined, pages by a form feed. */
import { dateCellOf } from '../../calendars/extraction/lines.ts';
import { linesOf, type PageLine, type Piece } from './pdf-lines.ts';

/** The text of all pages, as `extractFrom` reads it. */
export function textOfPages(pages: readonly (readonly Piece[])[]): string {
  const size = bodySize(pages);
  return pages.map((pieces) => joinTorn(textOf(linesOf(pieces), size))).join('\f');
}

/** The size of most of the text: what is larger is a heading. */
function bodySize(pages: readonly (readonly Piece[])[]): number {
  const sizes = new Map<number, number>();
  for (const { fontSize, str } of pages.flat()) {
    const size = Math.round(fontSize * 2) / 2;
    sizes.set(size, (sizes.get(size) ?? 0) + str.length);
  }
  return [...sizes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

function textOf(lines: readonly PageLine[], size: number): string {
  const step = spacing(lines);
  const texts: string[] = [];
  let above: PageLine | null = null;
  for (const line of withRows(lines, step)) {
    const isHeading = line.fontSize > size * 1.12;
    const isApart = above !== null && (above.y - line.y > step * 1.45 || above.y < line.y || isHeading !== above.fontSize > size * 1.12);
    if (isApart) texts.push('');
    texts.push(line.cells.map(({ text }) => text).join('\t'));
    above = line;
  }
  return texts.join('\n');
}

/** How far the lines of a paragraph stand from each other: the nearer ones of a page, of which others are parted by more. */
function spacing(lines: readonly PageLine[]): number {
  const steps = lines.slice(1).map(({ y }, i) => lines[i]!.y - y);
  return steps.filter((step) => step > 4).sort((a, b) => a - b)[Math.floor(steps.length * 0.15)] ?? 12;
}

/** Joins the lines of each row of a table, cell by cell: a row begins at a date, or after a wider gap. */
function withRows(lines: readonly PageLine[], step: number): PageLine[] {
  const rows: PageLine[] = [];
  let bottom = 0;
  for (const line of lines) {
    const row = rows.at(-1);
    const isClose = row !== undefined && bottom - line.y > 0 && bottom - line.y < step * 1.35 && row.fontSize === line.fontSize;
    bottom = line.y;
    if (row !== undefined && isClose && row.cells.length > 1 && goesOn(row, line)) extend(row, line);
    else rows.push({ ...line, cells: line.cells.map((cell) => ({ ...cell })) });
  }
  return rows;
}

/** Whether a line is more of a row: each of its cells stands below one of the row's, and it begins no row of its own. */
function goesOn(row: PageLine, line: PageLine): boolean {
  if (line.cells.some((cell) => below(row, cell) === null)) return false;
  if (line.cells.length === 1) return below(row, line.cells[0]!) !== row.cells[0] || isYear(line.cells[0]!.text);
  return (
    isYear(line.cells[0]!.text) ||
    (below(row, line.cells[0]!) === row.cells[0] && isTorn(row.cells[0].text) && dateCellOf(line.cells[0]!.text) === null)
  );
}

const isYear = (text: string) => /^20\d\d$/.test(text);
/** A cell that ends within a word or a phrase. */
const isTorn = (text: string) => /(?:[-,]|\b(?:en|of|van|de|het|voor|tot|met|uiterlijk|t\/m))$/iu.test(text);

const below = (row: PageLine, { x }: { x: number }) => row.cells.find((cell) => Math.abs(cell.x - x) < 8) ?? null;

function extend(row: PageLine, line: PageLine): void {
  for (const cell of line.cells) {
    const own = below(row, cell)!;
    own.text = join(own.text, cell.text);
    own.right = Math.max(own.right, cell.right);
  }
}

/** A word that a hyphen parts at a line's end: a soft one goes, a printed one stays. */
function join(text: string, next: string): string {
  if (SOFT.test(text) && /^\p{Ll}/u.test(next)) return text.slice(0, -1) + next;
  return PRINTED.test(text) && /^\p{Ll}/u.test(next) && !/^(?:en|of)\b/.test(next) ? text + next : `${text} ${next}`;
}

const SOFT = /\p{L}[\u00ad\u2010]$/u;
const PRINTED = /\p{L}-$/u;

function joinTorn(text: string): string {
  return text
    .replaceAll(/(?<=\p{L})[\u00ad\u2010]\n(?=\p{Ll})/gu, '')
    .replaceAll(/(?<=\p{L}-)\n(?=\p{Ll})(?!(?:en|of)\b)/gu, '')
    .replaceAll('\u00ad', '');
}
