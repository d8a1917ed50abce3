/** Planning adds the reminders that should exist by now. It may run at any time, any number of times. */
import { addDays, amsterdamDay } from '../../calendars/days.ts';
import type { Day } from '../../calendars/terms.ts';
import { planSlices, type PlanningResult } from './planning-slices.ts';
import { recordMissed } from './missed.ts';
import { openPlanner } from './planner.ts';
import { readSnapshot } from '../registry/snapshot.ts';
import type { ReadDb, Store } from '../store/store.ts';
import { readCounters } from '../store/counters.ts';
import { readSetting, saveSetting } from '../store/settings.ts';
import { changedAfter, withChangedInsurers, slicesOfOrganisations, type PlannedState } from './slices.ts';

/** What one run of planning did. */
export interface Planned extends PlanningResult {
  /** Reminders that came too late, since nothing was planned until their deadlines had passed; left out when there are none. */
  missed?: number;
}

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

  const registry = await readSnapshot(read, counters);
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
    for await (const ids of slicesOfOrganisations(read)) await planEach(since ? await withChangedInsurers(read, ids, since.registry) : ids);
  if (before && before.day < addDays(today, -1)) {
    const missed = await recordMissed(store, { plannedUntil: before.day, registry, today }, now);
    if (missed > 0) total.missed = missed;
  }
  await store.write((tx) => saveSetting(tx, PLANNED_UNTIL, JSON.stringify(until)));
  if (errors.length > 0) throw new AggregateError(errors, `Planning failed for ${errors.length} organisations`);
  return total;
}

const PLANNED_UNTIL = 'planned_until';

/** The day that was planned last, with the counters of then. */
interface PlannedUntil extends PlannedState {
  day: Day;
}

async function readPlannedUntil(db: ReadDb): Promise<PlannedUntil | null> {
  const text = await readSetting(db, PLANNED_UNTIL);
  // Written above, by nobody else.
  return text === undefined ? null : (JSON.parse(text) as PlannedUntil);
}

const isSame = (a: PlannedUntil, b: PlannedUntil) => a.day === b.day && a.organisations === b.organisations && a.registry === b.registry;
