/** Queues what somebody is to be told beside reminders: of changes, of what others did not do, and of what they did. */
import { tellOfActs } from '../db/notices/acts.ts';
import { announceChanges } from '../db/notices/news.ts';
import { makeEditionsPublic } from '../db/registry/editions/becoming-public.ts';
import { escalate } from '../db/notices/escalations.ts';
import type { Store } from '../db/store/store.ts';

/**
 * Makes public what is no longer to be taken back, and brings the notices up to date: each of it also where another fails, and what failed is thrown at the
 * end. A second run does nothing.
 */
export async function notifyNow({ store }: { store: Store }, now: Date): Promise<{ told: number; escalated: number; heard: number }> {
  const failures: unknown[] = [];
  const tried = async (work: typeof makeEditionsPublic) => {
    try {
      return await work(store, now);
    } catch (error) {
      failures.push(error);
      return 0;
    }
  };
  await tried(makeEditionsPublic);
  const done = { told: await tried(announceChanges), escalated: await tried(escalate), heard: await tried(tellOfActs) };
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'not all could be told');
  return done;
}
