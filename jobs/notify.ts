/** Queues what somebody is to be told beside reminders: of changes, of what others did not do, and of what they did. */
import { tellOfActs } from '../db/notices/acts.ts';
import { announceChanges } from '../db/notices/news.ts';
import { makeEditionsPublic } from '../db/registry/editions/becoming-public.ts';
import { escalate } from '../db/notices/escalations.ts';
import type { Store } from '../db/store/store.ts';

/** Makes public what is no longer to be taken back, and brings the notices up to date. A second run does nothing. */
export async function notifyNow({ store }: { store: Store }, now: Date): Promise<{ told: number; escalated: number; heard: number }> {
  await makeEditionsPublic(store, now);
  return { told: await announceChanges(store, now), escalated: await escalate(store, now), heard: await tellOfActs(store, now) };
}
