/** Makes next year's timelines, once a day: it adds what is missing and changes nothing else. */
import { setImmediate } from 'node:timers/promises';
import { addDays, amsterdamDay, amsterdamMoment, amsterdamYear } from '../calendars/days.ts';
import type { Day } from '../calendars/terms.ts';
import { listInsurers } from '../db/registry/insurers.ts';
import type { Store } from '../db/store/store.ts';
import { projectTermsOf } from '../db/registry/projected-terms.ts';
import { boughtIn, projectTimelineOf } from '../db/registry/timelines.ts';
import { readSetting, saveSetting } from '../db/store/settings.ts';

const PROJECTED_ON = 'projected_on';
/** From when on a day's timelines are made, by the clocks of Amsterdam: after the hours in which those change, before anybody is at work. */
const HOUR = '04:30';

/**
 * Makes the timelines unless this day's turn was taken. Due by the clock and the store alone, so that nothing is lost when nobody rang at the hour,
 * and a clock that jumps, ahead or back, brings one turn and not one for each day in between. Gives the revisions added; null when it was no turn.
 */
export async function projectWhenDue(store: Store, now: Date): Promise<number | null> {
  const turn = turnOf(now);
  if ((await readSetting(store.read, PROJECTED_ON)) === turn) return null;
  const added = await projectNow(store, now);
  await store.write((tx) => saveSetting(tx, PROJECTED_ON, turn));
  return added;
}

/** The day whose turn it is: until the hour that of the day before. */
export function turnOf(now: Date): Day {
  const today = amsterdamDay(now);
  return now < amsterdamMoment(today, HOUR) ? addDays(today, -1) : today;
}

/** Projects the contract years being bought at this moment, each insurer's in a transaction of its own. Gives the number of revisions added. */
export async function projectNow(store: Store, now: Date): Promise<number> {
  let added = 0;
  for (const insurer of await listInsurers(store.read)) {
    added += await store.writeAlone((tx) => projectTermsOf(tx, insurer.slug, { now, isSilent: true }));
    for (const contractYear of boughtIn(amsterdamYear(now))) {
      added += await store.writeAlone((tx) => projectTimelineOf(tx, insurer, contractYear, now));
      // Whoever waits for an answer goes first.
      await setImmediate();
    }
  }
  return added;
}
