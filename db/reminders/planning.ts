/** Planning asks which reminders should exist by now and adds what is missing. It may run at any time, any number of times. */
import { addDays, amsterdamDay } from '../../calendars/days.ts';
import type { Day } from '../../calendars/terms.ts';
import { planAnew, planSlices, type PlanningResult } from './planning-slices.ts';
import { recordMissed } from './missed.ts';
import { openPlanner } from './planner.ts';
import { readRegistry, type Registry } from '../registry/snapshot.ts';
import type { ReadDb, Store } from '../store/store.ts';
import { readCounters, readSetting, saveSetting } from '../store/versions.ts';
import { changedAfter, concernedAmong, fewChangedAfter, slicesOfOrganisations, type PlannedState } from './slices.ts';

/** What one run of planning did. */
export interface Planned extends PlanningResult {
  /** Reminders that came too late, since nothing was planned until their deadlines had passed; left out when there are none. */
  missed?: number;
}

/** How many organisations may be planned inside the transaction of a change; where there are more, the next round of work does it in slices. */
const MOST_AT_ONCE = 8;

/**
 * Plans for every organisation that may need it, in slices with a transaction each: on a new day all, else those of which something changed
 * since the last time. What fails for one holds up no other: it is thrown at the end, and tried again the next time.
 */
export async function planReminders(store: Store, now: Date): Promise<Planned> {
  const { read } = store;
  const today = amsterdamDay(now);
  const counters = await readCounters(read);
  const before = await readPlannedUntil(read);
  const until = { day: today, organisations: counters.organisations, registry: counters.registry };
  if (before && isSame(before, until)) return { planned: 0, cancelled: 0 };

  const registry = await readRegistry(read, counters);
  const planner = openPlanner(registry, today);
  const total: Planned = { planned: 0, cancelled: 0 };
  const errors: unknown[] = [];
  const planEach = async (ids: readonly string[]) => {
    const result = await planSlices(store, planner, ids, now);
    total.planned += result.planned;
    total.cancelled += result.cancelled;
    errors.push(...result.errors);
  };
  const since = before?.day === today && counters.sector <= before.registry ? before : null;
  if (since) await planEach(await changedAfter(read, since.organisations));
  if (since?.registry !== until.registry)
    for await (const ids of slicesOfOrganisations(read)) await planEach(since ? await concernedAmong(read, ids, since.registry) : ids);
  if (before && before.day < addDays(today, -1)) {
    const missed = await recordMissed(store, { plannedUntil: before.day, registry, today }, now);
    if (missed > 0) total.missed = missed;
  }
  await store.write((tx) => saveSetting(tx, PLANNED_UNTIL, JSON.stringify(until)));
  if (errors.length > 0) throw new AggregateError(errors, `Planning failed for ${errors.length} organisations`);
  return total;
}

/**
 * A store whose writes plan anew for whatever they changed, before they are committed. A change that concerns many organisations only takes
 * back what no longer holds: what it adds is planned by the next round of work, which it rings for.
 */
export function planInWrites(store: Store, clock: () => Date): Store {
  let registry: Registry | undefined;
  return {
    ...store,
    async write(work) {
      let read = registry;
      const result = await store.write(async (tx) => {
        const before = await readCounters(tx);
        const result = await work(tx);
        const after = await readCounters(tx);
        const day = amsterdamDay(clock());
        if (isSame({ day, ...before }, { day, ...after })) return result;
        const ids = await fewChangedAfter(tx, before, after.sector, MOST_AT_ONCE);
        if (ids === null) return result;
        read = await readRegistry(tx, after, registry);
        await planAnew(tx, openPlanner(read, day), ids, clock());
        return result;
      });
      // Kept only when it was committed: what was rolled back may come again under the same number and say something else.
      registry = read;
      return result;
    },
  };
}

const PLANNED_UNTIL = 'planned_until';

/** The day for which all was planned, and how far everything was then. */
interface PlannedUntil extends PlannedState {
  day: Day;
}

async function readPlannedUntil(db: ReadDb): Promise<PlannedUntil | null> {
  const text = await readSetting(db, PLANNED_UNTIL);
  // Written above, by nobody else.
  return text === undefined ? null : (JSON.parse(text) as PlannedUntil);
}

const isSame = (a: PlannedUntil, b: PlannedUntil) => a.day === b.day && a.organisations === b.organisations && a.registry === b.registry;
