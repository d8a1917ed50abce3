/** Carrying common planning out, a few organisations at a time: what is found is written as soon as nobody else waits, if it still holds then. */
import { setImmediate } from 'node:timers/promises';
import type { CommonPlan, CommonPlanner, CommonPlans } from './common-plans.ts';
import type { Range } from './common-queries.ts';
import { saveCommonPlans } from './common-saves.ts';
import type { ReadDb, Store } from './store.ts';

export interface CommonRun {
  store: Store;
  planner: CommonPlanner;
  /** For mails and reminders: each sorts after the one before. */
  newId: () => string;
  now: Date;
}

export interface CommonResult {
  planned: number;
  /** The organisations that remain to be planned exactly. */
  others: string[];
}

/** How many reminders are written in one go: with a mail for each it takes less than 20 ms. */
export const MOST_REMINDERS = 1000;

/** Plans in common for the organisations of a range, or for those of them that are among `only`. */
export async function planInCommon(run: CommonRun, { after, until }: Range, only?: ReadonlySet<string>): Promise<CommonResult> {
  const { store, planner, newId, now } = run;
  const others = new Set<string>();
  let planned = 0;
  for (let from = after; from < until;) {
    const find = async (db: ReadDb) => firstOf(await planner.plan(db, { after: from, until }), until, only);
    const pulse = store.pulse();
    let found = await find(store.read);
    await setImmediate();
    if (found.missing.length > 0) {
      const saved = await store.write(async (tx) => {
        // Where nobody committed anything meanwhile, what was found still holds.
        if (pulse === null || store.pulse() !== pulse) found = await find(tx);
        return saveCommonPlans(tx, store.dialect, found.missing, { newId, now });
      });
      await setImmediate();
      planned += saved.planned;
      for (const id of saved.others) others.add(id);
    }
    for (const id of found.others) others.add(id);
    from = found.until;
  }
  return { planned, others: [...others].sort() };
}

interface Portion extends CommonPlans {
  /** The last organisation of which all is in it. */
  until: string;
}

/** As much of what was found as is written in one go. */
function firstOf({ missing, others }: CommonPlans, until: string, only?: ReadonlySet<string>): Portion {
  const isAsked = (id: string) => only?.has(id) ?? true;
  const wanted = only ? missing.filter(({ organisationId }) => isAsked(organisationId)) : missing;
  const end = endOf(wanted) ?? until;
  return {
    missing: end === until ? wanted : wanted.filter(({ organisationId }) => organisationId <= end),
    others: new Set([...others].filter((id) => id <= end && isAsked(id))),
    until: end,
  };
}

/** The organisation up to which it is enough; null when all of it is. */
function endOf(plans: readonly CommonPlan[]): string | null {
  if (plans.length <= MOST_REMINDERS) return null;
  const ids = plans.map(({ organisationId }) => organisationId).sort();
  const beyond = ids[MOST_REMINDERS]!;
  return ids.findLast((id, n) => n < MOST_REMINDERS && id < beyond) ?? beyond;
}
