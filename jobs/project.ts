/** Makes next year's timelines, once a day: it adds what is missing and changes nothing else. */
import { setImmediate } from 'node:timers/promises';
import { amsterdamYear } from '../calendars/days.ts';
import { listInsurers } from '../db/insurers.ts';
import type { Store } from '../db/store.ts';
import { boughtIn, projectTimelineOf } from '../db/timelines.ts';

/** Projects the contract years being bought at this moment, each insurer's in a transaction of its own. Gives the number of revisions added. */
export async function projectNow(store: Store, now: Date): Promise<number> {
  let added = 0;
  for (const insurer of await listInsurers(store.read))
    for (const contractYear of boughtIn(amsterdamYear(now))) {
      added += await store.writeAlone((tx) => projectTimelineOf(tx, insurer, contractYear, now));
      // Whoever waits for an answer goes first.
      await setImmediate();
    }
  return added;
}
