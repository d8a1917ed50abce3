/** The change, as routes and commands make one: it writes, plans the reminders that follow, and rings for the jobs. */
import { amsterdamDay } from '../../calendars/days.ts';
import { readSnapshot, type Snapshot } from '../registry/snapshot.ts';
import type { Store } from '../store/store.ts';
import { readCounters } from '../store/counters.ts';
import { planAnew } from './planning-slices.ts';
import { openPlanner } from './planner.ts';
import { fewChangedAfter } from './slices.ts';

/**
 * Runs work in one write transaction, as `Store.write` does, with the reminders that follow from it, and rings when it is committed: once, and
 * never for what was rolled back. A change that concerns many organisations only takes back what no longer holds: what it adds is planned by the
 * round of work that it rings for.
 */
export type Change = Store['write'];

/** How many organisations may be planned for inside the transaction; where there are more, the next round of work does it in slices. */
const MOST_AT_ONCE = 8;

/** Opens changing a store. `ring` says that something changed, so that the jobs need not wait for their minute. */
export function openChange(store: Store, clock: () => Date, ring: () => void): Change {
  let registry: Snapshot | undefined;
  return async (work) => {
    let newest = registry;
    const result = await store.write(async (tx) => {
      const before = await readCounters(tx);
      const result = await work(tx);
      const after = await readCounters(tx);
      if (after.organisations === before.organisations && after.registry === before.registry) return result;
      const ids = await fewChangedAfter(tx, before, after.sector, MOST_AT_ONCE);
      if (ids === null) return result;
      const now = clock();
      newest = await readSnapshot(tx, after, registry);
      await planAnew(tx, openPlanner(newest, amsterdamDay(now)), ids, now);
      return result;
    });
    // Kept only when it was committed: what was rolled back may come again under the same number and say something else.
    registry = newest;
    ring();
    return result;
  };
}
