/** Plans reminders: adds those that are missing, cancels those that no longer hold. */
import { planReminders, type Planned } from '../db/planning.ts';
import type { Store } from '../db/store.ts';

/** Brings the reminders up to date. A second run does nothing. */
export async function planNow({ store }: { store: Store }, now: Date): Promise<Planned> {
  return planReminders(store, now);
}
