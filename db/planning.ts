/** Planning asks which reminders should exist by now and adds what is missing. It may run at any time, any number of times. */
import { setImmediate } from 'node:timers/promises';
import { addDays, amsterdamDay } from '../calendars/days.ts';
import type { Day } from '../calendars/terms.ts';
import { openCommonPlanner } from './common-plans.ts';
import type { Range } from './common-queries.ts';
import { planInCommon, PORTIONS, type CommonResult, type CommonRun } from './common-runs.ts';
import { planAnew, planExactly, type ExactResult } from './exact-runs.ts';
import { recordMissed } from './missed.ts';
import { openPlanner } from './planner.ts';
import { readRegistry, type Registry } from './registry.ts';
import { risingIds } from './rising-ids.ts';
import type { ReadDb, Store } from './store.ts';
import { readCounters, readSetting, saveSetting } from './versions.ts';
import { changedAfter, concernedIn, fewChangedAfter, organisationsIn, rangeAfter, type PlannedState } from './whom-to-plan.ts';

/** What one run of planning did. */
export interface Planned extends ExactResult {
  /** Reminders that came too late, since nothing was planned until their deadlines had passed; left out when there are none. */
  missed?: number;
}

/** How many organisations are looked at in one turn: at first, and where few have something due. Else as many as make so many reminders. */
const RANGE = { first: 300, most: 1200, reminders: 720 };
/** Organisations whose past is looked through in one go. */
const PAST_RANGE = 50;
/** How many organisations may be planned inside the transaction of a change; where there are more, the next round of work does it in slices. */
const MOST_AT_ONCE = 8;

/**
 * Plans for every organisation that may need it, in slices with a transaction each: on a new day all, else those of which something changed
 * since the last time. What fails for one holds up no other: it is thrown at the end, and tried again the next time. `exactly`: each organisation
 * for itself, also where many are alike.
 */
export async function planReminders(store: Store, now: Date, { exactly = false } = {}): Promise<Planned> {
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
    const { planned, cancelled, errors: found } = await planExactly(store, planner, ids, now);
    total.planned += planned;
    total.cancelled += cancelled;
    errors.push(...found);
  };
  const since = before?.day === today && counters.sector <= before.registry ? before : null;
  if (since) await planEach(await changedAfter(read, since.organisations));
  if (since?.registry !== until.registry) {
    const run = exactly ? null : { store, planner: openCommonPlanner(store.dialect, registry, today), takeIds: risingIds(now), now };
    for (let size: number = RANGE.first, after = ''; ;) {
      const ranges = await rangesAfter(read, after, size);
      const last = ranges.at(-1);
      if (!last) break;
      const only = since ? await concernedIn(read, { after, until: last.until }, since.registry) : undefined;
      const { planned, others } = await planRanges(read, run, ranges, only);
      total.planned += planned;
      await planEach(others);
      size = Math.min(RANGE.most, size * 2, Math.ceil((size * ranges.length * RANGE.reminders) / Math.max(planned, 1)));
      after = last.until;
    }
  }
  if (before && before.day < addDays(today, -1)) {
    const missed = await recordMissed(store, { plannedUntil: before.day, registry, slices: () => allSlices(read), today }, now);
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

/** What is common, and who remains: all of them where that is not wanted, or failed. */
async function planRanges(
  db: ReadDb,
  run: CommonRun | null,
  ranges: readonly Range[],
  only: ReadonlySet<string> | undefined,
): Promise<CommonResult> {
  // Others get their turn, also where nobody has to be looked at.
  if (only?.size === 0) return setImmediate({ planned: 0, others: [] });
  try {
    if (run) return await planInCommon(run, ranges, only);
  } catch {
    // Whatever it is, it may be of one organisation: planned exactly, the others are not held up.
  }
  const ids = await organisationsIn(db, { after: ranges[0]!.after, until: ranges.at(-1)!.until });
  return { planned: 0, others: only ? ids.filter((id) => only.has(id)) : ids };
}

async function rangesAfter(db: ReadDb, after: string, size: number): Promise<Range[]> {
  const ranges: Range[] = [];
  while (ranges.length < PORTIONS) {
    const range = await rangeAfter(db, ranges.at(-1)?.until ?? after, size);
    if (!range) break;
    ranges.push(range);
  }
  return ranges;
}

async function* allSlices(db: ReadDb) {
  for (let after = ''; ;) {
    const range = await rangeAfter(db, after, PAST_RANGE);
    if (!range) return;
    yield organisationsIn(db, range);
    after = range.until;
  }
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
