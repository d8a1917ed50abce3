/** Makes anew what many calendars share, when the registry changed and before anybody asks. */
import { setImmediate } from 'node:timers/promises';
import { packLater } from './calendar-bytes.ts';
import type { Registry } from './registry.ts';
import type { Sheets } from './sheets.ts';
import { stateIn, type Standing } from './standings.ts';

/** How often a sheet is made anew that nobody asks for. */
const MOST_UNASKED = 10;

/** Brings those sheets up to the registry that are in memory for an earlier state of it. What cannot be made now is made when it is asked for. */
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
    // Polls come first: all this may wait, they may not.
    await setImmediate();
  }
}
