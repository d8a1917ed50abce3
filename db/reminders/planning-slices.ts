/** Carries plans out, a slice of organisations in one transaction. */
import { setImmediate } from 'node:timers/promises';
import type { Planner, RecipientPlan } from './planner.ts';
import { savePlans } from './reminders.ts';
import { SLICE } from './slices.ts';
import { isToCarryOut, wholePlan } from './whole-plan.ts';
import type { Store, WriteDb } from '../store/store.ts';
import { noteOrganisation } from '../store/counters.ts';

/** How many reminders were added and cancelled. */
export interface PlanningResult {
  planned: number;
  cancelled: number;
}

/**
 * Plans for organisations, in slices with a transaction each. What fails for one holds up no other: its error is given, and it counts as changed,
 * so that it is tried again the next time.
 */
export async function planSlices(
  store: Store,
  planner: Planner,
  ids: readonly string[],
  now: Date,
): Promise<PlanningResult & { errors: unknown[] }> {
  const total = { planned: 0, cancelled: 0, errors: [] as unknown[] };
  for (let n = 0; n < ids.length; n += SLICE) {
    const some = ids.slice(n, n + SLICE);
    try {
      addTo(total, await planSlice(store, planner, some, now));
    } catch {
      // One of them fails: the others must not.
      for (const id of some) {
        try {
          addTo(total, await planSlice(store, planner, [id], now));
        } catch (error) {
          total.errors.push(error);
          await store.write((tx) => noteOrganisation(tx, id));
        }
      }
    }
  }
  return total;
}

async function planSlice(store: Store, planner: Planner, ids: readonly string[], now: Date): Promise<PlanningResult> {
  const pulse = store.pulse();
  const plans = (await planner.plan(store.read, ids)).filter((one) => isToCarryOut(wholePlan(one)));
  await setImmediate();
  if (plans.length === 0) return { planned: 0, cancelled: 0 };
  const organisationIds = [...new Set(plans.map(({ organisation }) => organisation.id))];
  const planned = await store.write((tx) => {
    // Where nobody committed anything meanwhile, what was found still holds.
    const holds = pulse !== null && store.pulse() === pulse;
    return planAnew(tx, planner, organisationIds, now, holds ? plans : undefined);
  });
  await setImmediate();
  return planned;
}

/** Plans for some organisations within a transaction. `found`: what is known to be needed already. */
export async function planAnew(
  tx: WriteDb,
  planner: Planner,
  ids: readonly string[],
  now: Date,
  plans?: readonly RecipientPlan[],
): Promise<PlanningResult> {
  const planned = await savePlans(tx, plans ?? (await planner.plan(tx, ids)), now);
  // What is dropped may take its whole mail with it: what else was in that one goes in another.
  if (planned.cancelled > 0) addTo(planned, await savePlans(tx, await planner.plan(tx, ids), now));
  return planned;
}

function addTo(total: PlanningResult, { planned, cancelled }: PlanningResult) {
  total.planned += planned;
  total.cancelled += cancelled;
}
