/** Planning asks which reminders should exist by now and adds what is missing. It may run at any time, any number of times. */
import { setImmediate } from 'node:timers/promises';
import { addDays, amsterdamDay } from '../calendars/days.ts';
import type { Day } from '../calendars/terms.ts';
import { and, asc, eq, gt, inArray, or } from './drizzle.ts';
import { recordMissed } from './missed.ts';
import { openPlanner, type Planner, type RecipientPlan } from './planner.ts';
import { readRegistry, type Registry } from './registry.ts';
import { savePlans } from './reminders.ts';
import type { ReadDb, Store, WriteDb } from './store.ts';
import { noteOrganisation, organisationsChangedAfter, readCounters, readSetting, saveSetting } from './versions.ts';

/** What one run of planning did. */
export interface Planned {
  planned: number;
  cancelled: number;
  /** Reminders that came too late, since nothing was planned until their deadlines had passed; left out when there are none. */
  missed?: number;
}

/** How many organisations are planned in one go, before others get their turn. */
const SLICE = 50;
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

  const known = await readRegistry(read, counters);
  const planner = openPlanner(known, today);
  const total: Planned = { planned: 0, cancelled: 0 };
  const errors: unknown[] = [];
  for await (const ids of slicesToPlan(read, before, until, counters.sector)) {
    try {
      addTo(total, await planSlice(store, planner, ids, now));
    } catch {
      // One of them fails: the others must not.
      for (const id of ids) {
        try {
          addTo(total, await planSlice(store, planner, [id], now));
        } catch (error) {
          errors.push(error);
          await store.write((tx) => noteOrganisation(tx, id));
        }
      }
    }
  }
  if (before && before.day < addDays(today, -1)) {
    const missed = await recordMissed(store, { plannedUntil: before.day, registry: known, slices: () => allSlices(read), today }, now);
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
        const ids = await organisationsToPlan(tx, { day, ...before }, after.sector, MOST_AT_ONCE);
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

async function planSlice(store: Store, planner: Planner, ids: readonly string[], now: Date): Promise<Planned> {
  const pulse = store.pulse();
  const found = (await planner.plan(store.read, ids)).filter(({ plan }) => plan.drop.length + plan.merged.length + plan.missing.length > 0);
  await setImmediate();
  if (found.length === 0) return { planned: 0, cancelled: 0 };
  const concerned = [...new Set(found.map(({ organisation }) => organisation.id))];
  const planned = await store.write((tx) => {
    // Where nobody committed anything meanwhile, what was found still holds.
    const holds = pulse !== null && store.pulse() === pulse;
    return planAnew(tx, planner, concerned, now, holds ? found : undefined);
  });
  await setImmediate();
  return planned;
}

/** Plans for some organisations. `found`: what is known to be needed already. */
async function planAnew(
  tx: WriteDb,
  planner: Planner,
  ids: readonly string[],
  now: Date,
  found?: readonly RecipientPlan[],
): Promise<Planned> {
  const planned = await savePlans(tx, found ?? (await planner.plan(tx, ids)), now);
  // What is dropped may take its whole mail with it: what else was in that one goes in another.
  if (planned.cancelled > 0) addTo(planned, await savePlans(tx, await planner.plan(tx, ids), now));
  return planned;
}

const PLANNED_UNTIL = 'planned_until';

/** The day for which all was planned, and how far everything was then. */
interface PlannedUntil {
  day: Day;
  organisations: number;
  registry: number;
}

async function readPlannedUntil(db: ReadDb): Promise<PlannedUntil | null> {
  const text = await readSetting(db, PLANNED_UNTIL);
  // Written above, by nobody else.
  return text === undefined ? null : (JSON.parse(text) as PlannedUntil);
}

const isSame = (a: PlannedUntil, b: PlannedUntil) => a.day === b.day && a.organisations === b.organisations && a.registry === b.registry;

/** Who may need it, a few at a time: reading all that one change concerns would hold up everybody else. */
async function* slicesToPlan(db: ReadDb, before: PlannedUntil | null, until: PlannedUntil, sector: number) {
  if (before?.day !== until.day || sector > before.registry) {
    yield* allSlices(db);
    return;
  }
  const changed = await remindedAmong(db, await organisationsChangedAfter(db, before.organisations));
  for (let n = 0; n < changed.length; n += SLICE) yield changed.slice(n, n + SLICE);
  if (until.registry === before.registry) return;
  for await (const ids of allSlices(db)) {
    const concerned = await concernedAmong(db, ids, before.registry);
    if (concerned.length > 0) yield concerned;
    else await setImmediate();
  }
}

/** Those that deal with an insurer of which something changed, or deliver for one that does. */
async function concernedAmong(db: ReadDb, ids: readonly string[], registry: number): Promise<string[]> {
  const { insurers, organisations, relations } = db.tables;
  const wanted = [...ids];
  const rows = await db
    .selectDistinct({ id: organisations.id, parentId: organisations.parentId })
    .from(organisations)
    .innerJoin(relations, eq(relations.organisationId, organisations.id))
    .innerJoin(insurers, and(eq(insurers.slug, relations.insurerSlug), gt(insurers.version, registry)))
    .where(or(inArray(organisations.id, wanted), inArray(organisations.parentId, wanted)));
  const found = new Set(rows.flatMap(({ id, parentId }) => [id, parentId]));
  return wanted.filter((id) => found.has(id));
}

async function* allSlices(db: ReadDb) {
  const { recipients } = db.tables;
  for (let last = ''; ;) {
    const rows = await db
      .selectDistinct({ id: recipients.organisationId })
      .from(recipients)
      .where(gt(recipients.organisationId, last))
      .orderBy(asc(recipients.organisationId))
      .limit(SLICE);
    if (rows.length === 0) return;
    yield rows.map(({ id }) => id);
    last = rows.at(-1)!.id;
  }
}

/** The organisations that something changed for, with those that deliver for them; null when it may be all, or more than `most`. */
async function organisationsToPlan(db: ReadDb, before: PlannedUntil, sector: number, most: number): Promise<string[] | null> {
  if (sector > before.registry) return null;
  const { insurers, organisations, relations } = db.tables;
  const changed = await organisationsChangedAfter(db, before.organisations);
  const concerned = await db
    .selectDistinct({ id: relations.organisationId, parentId: organisations.parentId })
    .from(relations)
    .innerJoin(insurers, and(eq(insurers.slug, relations.insurerSlug), gt(insurers.version, before.registry)))
    .innerJoin(organisations, eq(organisations.id, relations.organisationId))
    // One more tells that there are too many: a write is waited for, and need not read them all.
    .limit(most + 1);
  const ids = new Set([...changed, ...concerned.flatMap(({ id, parentId }) => (parentId === null ? [id] : [id, parentId]))]);
  return ids.size > most ? null : remindedAmong(db, [...ids]);
}

/** Those that have a recipient at all. */
async function remindedAmong(db: ReadDb, ids: readonly string[]): Promise<string[]> {
  const { recipients } = db.tables;
  const found: string[] = [];
  for (let n = 0; n < ids.length; n += 500) {
    const some = inArray(recipients.organisationId, ids.slice(n, n + 500));
    const rows = await db.selectDistinct({ id: recipients.organisationId }).from(recipients).where(some);
    found.push(...rows.map(({ id }) => id));
  }
  return found.sort();
}

function addTo(total: Planned, { planned, cancelled }: Planned) {
  total.planned += planned;
  total.cancelled += cancelled;
}
