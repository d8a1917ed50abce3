/** The list of dates in months, and the months on pages: no month is parted, and nothing is left out. */
import type { Entry, UndatedEntry } from '../parts/entry-groups.ts';

/** One month of the list, as `2026-12`; null for what has no day. */
export interface Section {
  month: string | null;
  entries: readonly (Entry | UndatedEntry)[];
}

/** So many entries fill a page. A month that has more stands on one of its own. */
const ENTRIES_PER_PAGE = 40;

/** The months in order, what has no day behind them. */
export function sectionsOf(
  dated: readonly Entry[],
  undated: readonly UndatedEntry[],
  { isNewestFirst }: { isNewestFirst: boolean },
): Section[] {
  const months = [...Map.groupBy(dated, ({ day }) => day.slice(0, 7))].map(([month, entries]) => ({ month, entries }));
  const ordered: Section[] = isNewestFirst ? months.toReversed() : months;
  return undated.length === 0 ? ordered : [...ordered, { month: null, entries: undated }];
}

/** The sections page by page, each page with at least one. */
export function pagesOf(sections: readonly Section[], most = ENTRIES_PER_PAGE): Section[][] {
  const pages: Section[][] = [];
  let room = 0;
  for (const section of sections) {
    const size = section.entries.length;
    if (size > room || pages.length === 0) {
      pages.push([]);
      room = most;
    }
    pages.at(-1)!.push(section);
    room -= size;
  }
  return pages;
}
