/** Carrying common planning out, a few organisations at a time: what is found is written as soon as nobody else waits, if it still holds then. */
import { setImmediate } from 'node:timers/promises';
import type { CommonPlan, CommonPlanner, CommonPlans } from './common-plans.ts';
import type { Range } from './common-queries.ts';
import { saveCommonPlans } from './common-saves.ts';
import type { TakeIds } from './rising-ids.ts';
import type { ReadDb, Store } from './store.ts';

export interface CommonRun {
  store: Store;
  planner: CommonPlanner;
  /** For mails and reminders: each sorts after the one before. */
  takeIds: TakeIds;
  now: Date;
}

export interface CommonResult {
  planned: number;
  /** The organisations that remain to be planned exactly. */
  others: string[];
}

/** How many reminders are written in one turn: with a mail for each it takes less than 20 ms. */
export const MOST_REMINDERS = 1000;
/** What is found in so many turns is written in one transaction: the more they are, the longer other writes wait. */
export const PORTIONS = 4;

/** Plans in common for the organisations of some ranges, or for those of them that are among `only`. */
export async function planInCommon(run: CommonRun, ranges: readonly Range[], only?: ReadonlySet<string>): Promise<CommonResult> {
  const find: Find = async (db, range) => firstOf(await run.planner.plan(db, range), range, only);
  const others = new Set<string>();
  let planned = 0;
  for (let rest = [...ranges]; rest.length > 0;) {
    const pulse = run.store.pulse();
    const portions: Portion[] = [];
    // The checkpoint of the last transaction goes on meanwhile.
    while (rest.length > 0 && portions.length < PORTIONS) {
      const [range, ...later] = rest as [Range, ...Range[]];
      const portion = await find(run.store.read, range);
      portions.push(portion);
      rest = portion.until < range.until ? [{ after: portion.until, until: range.until }, ...later] : later;
      await setImmediate();
    }
    for (const portion of portions) addAll(others, portion.others);
    const saved = await savePortions(
      run,
      portions.filter(({ missing }) => missing.length > 0),
      { find, pulse },
    );
    // After the commit, too.
    await setImmediate();
    planned += saved.planned;
    addAll(others, saved.others);
  }
  return { planned, others: [...others].sort() };
}

type Find = (db: ReadDb, range: Range) => Promise<Portion>;

/** What was found in a range. */
interface Portion extends CommonPlans, Range {}

/** In one transaction, in which others get their turn after each portion. */
async function savePortions(
  run: CommonRun,
  portions: readonly Portion[],
  { find, pulse }: { find: Find; pulse: number | null },
): Promise<CommonResult> {
  const { store } = run;
  if (portions.length === 0) return { planned: 0, others: [] };
  return store.write(async (tx) => {
    // Where nobody committed anything meanwhile, what was found still holds.
    const holds = pulse !== null && store.pulse() === pulse;
    const result: CommonResult = { planned: 0, others: [] };
    // Called back by a checkpoint, it would otherwise write two portions in one go: such callbacks run right before immediates.
    await setImmediate();
    for (const found of portions) {
      for (let { after, until } = found; after < until;) {
        const portion = holds ? found : await find(tx, { after, until });
        const saved = await saveCommonPlans(tx, store.dialect, portion.missing, run);
        result.planned += saved.planned;
        result.others.push(...portion.others, ...saved.others);
        after = portion.until;
        await setImmediate();
      }
    }
    return result;
  });
}

function addAll(ids: Set<string>, more: Iterable<string>) {
  for (const id of more) ids.add(id);
}

/** As much of what was found as is written in one go. */
function firstOf({ missing, others }: CommonPlans, { after, until }: Range, only?: ReadonlySet<string>): Portion {
  const isAsked = (id: string) => only?.has(id) ?? true;
  const wanted = only ? missing.filter(({ organisationId }) => isAsked(organisationId)) : missing;
  const end = endOf(wanted) ?? until;
  return {
    missing: end === until ? wanted : wanted.filter(({ organisationId }) => organisationId <= end),
    others: new Set([...others].filter((id) => id <= end && isAsked(id))),
    after,
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
