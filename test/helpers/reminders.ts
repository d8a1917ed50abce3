/** What the tests of reminders look at: the rows, without their ids. */
import { asc } from '../../db/store/drizzle.ts';
import type { Store } from '../../db/store/store.ts';

/** Monday 16 September 2024, 07:30 in Amsterdam: 14 days before the annual plan's last safe day. */
export const MONDAY = new Date('2024-09-16T07:30:00+02:00');

/** A moment in Amsterdam's summer of 2024. */
export const at = (local: string) => new Date(`2024-${local}:00+02:00`);

/** A store's reminders: lead, last safe day, state and reason, by day and lead. */
export async function remindersIn(store: Store) {
  const { reminders } = store.read.tables;
  const rows = await store.read.select().from(reminders).orderBy(asc(reminders.lastSafeOn), asc(reminders.leadDays));
  return rows.map(({ lastSafeOn, leadDays, state, reason }) => [lastSafeOn, leadDays, state, reason]);
}

/** A store's reminder mails: when due, state and reason, the oldest first. */
export async function reminderMailsIn(store: Store) {
  const { messages } = store.read.tables;
  const rows = await store.read.select().from(messages).orderBy(asc(messages.createdAt), asc(messages.key));
  return rows.filter(({ kind }) => kind === 'reminder').map(({ dueAt, state, reason }) => [dueAt.toISOString(), state, reason]);
}
