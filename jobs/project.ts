/** Makes next year's timelines, once a day: it adds what is missing and changes nothing else. */
import { amsterdamYear } from '../calendars/days.ts';
import type { Store } from '../db/store.ts';
import { projectTimelines } from '../db/timelines.ts';

/** Projects the contract years being bought at this moment. Gives the number of revisions added. */
export async function projectNow(store: Store, now: Date): Promise<number> {
  return store.writeAlone((tx) => projectTimelines(tx, amsterdamYear(now), now));
}
