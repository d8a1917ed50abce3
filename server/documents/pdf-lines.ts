/** The lines of a PDF's page: what stands beside each other, in the order in which it is read, cells and columns parted. */

/** A piece of text at its place: from the left, and from the bottom up. */
export interface Piece {
  str: string;
  x: number;
  y: number;
  width: number;
  fontSize: number;
}

/** What stands together in a line: a cell of a table, a line of a column. */
interface Cell {
  text: string;
  x: number;
  right: number;
}

export interface PageLine {
  cells: Cell[];
  y: number;
  fontSize: number;
}

/** The lines of a page from top to bottom; of a page in columns, one column after the other. */
export function linesOf(pieces: readonly Piece[]): PageLine[] {
  const seen = pieces.filter(({ str }) => str.trim() !== '');
  const lines = gather(seen);
  const gutter = gutterOf(lines);
  if (gutter === null) return lines;
  return columnsOf(seen, lines, gutter);
}

/** Pieces at one height make a line; a wide gap parts its cells. */
function gather(pieces: readonly Piece[]): PageLine[] {
  const rows: Piece[][] = [];
  for (const piece of [...pieces].sort((a, b) => b.y - a.y || a.x - b.x)) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row !== undefined && first !== undefined && first.y - piece.y < Math.max(first.fontSize, piece.fontSize) * 0.45) row.push(piece);
    else rows.push([piece]);
  }
  return rows.map((row) => ({
    cells: cellsOf(row.sort((a, b) => a.x - b.x)),
    y: row[0]!.y,
    fontSize: Math.max(...row.map(({ fontSize }) => fontSize)),
  }));
}

function cellsOf(row: readonly Piece[]): Cell[] {
  const cells: Cell[] = [];
  for (const { fontSize, str, width, x } of row) {
    const cell = cells.at(-1);
    const gap = cell === undefined ? Infinity : x - cell.right;
    if (cell === undefined || gap > fontSize * 1.2) cells.push({ text: str, x, right: x + width });
    else {
      cell.text += (gap > fontSize * 0.12 && !/\s$/.test(cell.text) && !/^\s/.test(str) ? ' ' : '') + str;
      cell.right = Math.max(cell.right, x + width);
    }
  }
  return cells.map((cell) => ({ ...cell, text: cell.text.replaceAll(/\s+/g, ' ').trim() }));
}

/**
 * Where a page is parted in two columns of running text, from left to right; null where it is not. In a table the cells on the left are short, or they
 * are dates; in columns both sides are about as wide.
 */
function gutterOf(lines: readonly PageLine[]): number | null {
  const parted = lines.filter(({ cells }) => cells.length === 2);
  if (parted.length < 8 || parted.length < lines.length * 0.5) return null;
  const left = median(parted.map(({ cells }) => cells[0]!.right - cells[0]!.x));
  const right = median(parted.map(({ cells }) => cells[1]!.right - cells[1]!.x));
  if (Math.min(left, right) < Math.max(left, right) * 0.6) return null;
  const edge = Math.max(...parted.map(({ cells }) => cells[0]!.right));
  const start = Math.min(...parted.map(({ cells }) => cells[1]!.x));
  return edge < start ? (edge + start) / 2 : null;
}

/** The left column, then the right one, between lines that reach over both. */
function columnsOf(pieces: readonly Piece[], lines: readonly PageLine[], gutter: number): PageLine[] {
  const over = lines.filter(({ cells }) => cells.some(({ right, x }) => x < gutter && right > gutter));
  const bounds = [Infinity, ...over.map(({ y }) => y), -Infinity];
  return bounds.slice(0, -1).flatMap((top, i) => {
    const bottom = bounds[i + 1]!;
    const between = pieces.filter(({ y }) => y < top - 1 && y > bottom + 1);
    const sides = [gather(between.filter(({ x }) => x < gutter)), gather(between.filter(({ x }) => x >= gutter))];
    return [...(over[i - 1] === undefined ? [] : [over[i - 1]!]), ...sides.flat()];
  });
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
