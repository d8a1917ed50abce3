/** What of a page fits on one sheet of paper, and what is left out of it. */
import type { SafeHtml } from '../html.ts';

/** Lines of a sheet at 8 points in two columns, and letters of a line: fewer than there are, since letters differ. */
const SHEET = { lines: 106, letters: 54 };
/** Lines that a heading takes, with the space around it. */
const HEADING = 1.5;

/** A list, with all that stands above it. */
export interface PaperList {
  head: readonly (SafeHtml | string)[];
  items: readonly SafeHtml[];
}

/** How many items of each list are printed, in the order of the lists: what comes first has the room first. What does not fit ends the sheet. */
export function fitOnPaper(lists: readonly PaperList[], lines = SHEET.lines): number[] {
  let left = lines;
  return lists.map(({ head, items }) => {
    if (items.length === 0) return 0;
    left -= HEADING + sum(head.map((text) => linesOf(String(text))));
    const at = items.findIndex((item) => (left -= itemLines(item)) < 0);
    if (at !== -1) left = 0;
    return at === -1 ? items.length : at;
  });
}

/** Lines that an item takes: its title stands alone, and all else runs on. */
function itemLines(item: SafeHtml): number {
  const [title = '', ...rest] = String(item).split(/(?<=<\/(?:h3|p)>)/);
  return linesOf(title) + linesOf(rest.join(' '));
}

function linesOf(html: string): number {
  const letters = html
    .replaceAll(/<svg.*?<\/svg>|<time.*?<\/time>|<details.*?<\/details>|<[^>]*>/gs, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim().length;
  return Math.ceil(letters / SHEET.letters);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
