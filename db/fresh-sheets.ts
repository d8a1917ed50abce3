/** Made before anybody asks, when the registry changed: events, and the sheets that many calendars share. */
import { setImmediate } from 'node:timers/promises';
import { concernOf } from '../calendars/concern.ts';
import type { Deadline } from '../calendars/deadline.ts';
import { itemForAll, type FeedItem } from '../calendars/feed.ts';
import { LANGUAGES, ROLES } from '../calendars/terms.ts';
import { packLater } from './calendar-bytes.ts';
import { firstContractYear } from './feed-contents.ts';
import type { Registry } from './registry.ts';
import type { Sheets } from './sheets.ts';
import { stateIn, type Standing } from './standings.ts';

/** How often a sheet is made anew that nobody asks for. */
const MOST_UNASKED = 10;

/** Renders the events of a year's calendars that were not rendered yet. Says how many those were. */
export async function renderEvents(sheets: Sheets, registry: Registry, year: number): Promise<number> {
  let rendered = 0;
  for (const item of itemsIn(registry, year)) {
    for (const variant of variantsOf(item)) {
      for (const language of LANGUAGES) if (sheets.render(variant, language)) rendered += 1;
    }
    // Polls come first: rendering may wait, they may not.
    await setImmediate();
  }
  return rendered;
}

/**
 * Brings those sheets up to the registry that are in memory for an earlier state of it. What a calendar that changed since was the example of is
 * made when it is asked for.
 */
export async function refreshSheets(standings: readonly Standing[], sheets: Sheets, registry: Registry): Promise<void> {
  for (const standing of standings) {
    const { made, source, unasked } = standing;
    if (source === null || made === null || unasked >= MOST_UNASKED || !sheets.has(made)) continue;
    const name = stateIn(standing, registry)?.sheet;
    if (name == null || sheets.has(name)) continue;
    const contents = (await source(registry))?.();
    // Notices are a calendar's own.
    if (!contents || contents.notices.length > 0) continue;
    standing.made = name;
    standing.unasked += 1;
    await packLater(await sheets.make(name, contents));
    // Here, too, polls come first.
    await setImmediate();
  }
}

/** All events of the registry, as everyone gets them. */
function itemsIn({ parts, names }: Registry, year: number): FeedItem[] {
  return [...parts].flatMap(([slug, { deadlines }]) =>
    deadlines
      .filter(({ contractYear }) => contractYear >= firstContractYear(year))
      .flatMap((deadline) => itemForAll(deadline, names.get(slug) ?? null) ?? []),
  );
}

/** An item as everyone and as each possible reader gets it. */
function variantsOf(item: FeedItem): FeedItem[] {
  return [item, ...readersOf(item.deadline).map((as) => ({ ...item, as }))];
}

function readersOf(deadline: Pick<Deadline, 'insurer' | 'duty'>) {
  const relations = new Map(deadline.insurer === null ? [] : [[deadline.insurer, 'unknown' as const]]);
  const readers = ROLES.map((role) => concernOf(deadline, { roles: [role], relations }));
  return [...new Set(readers)].filter((as) => as !== null);
}
