/** Plans reminders: adds those that are missing, cancels those that no longer hold; and queues what else is to be told. */
import { planReminders, type Planned } from '../db/reminders/planning.ts';
import type { Store } from '../db/store/store.ts';
import { notifyNow } from './notify.ts';

/** Brings the reminders and the notices up to date, the ones also when the others fail. A second run does nothing. */
export async function planNow({ store }: { store: Store }, now: Date): Promise<Planned> {
  try {
    return await planReminders(store, now);
  } finally {
    await notifyNow({ store }, now);
  }
}
