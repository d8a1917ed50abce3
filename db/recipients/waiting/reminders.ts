/** Reminders that wait for their hour, and whether those of a day have left. */
import { amsterdamMoment } from '../../../calendars/days.ts';
import type { Day } from '../../../calendars/terms.ts';
import { and, eq, gte, inArray, min } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';

/** When the next reminder of each recipient leaves, where one waits. */
export async function waitingReminders(db: ReadDb, recipientIds: readonly string[]): Promise<Map<string, Date>> {
  const { messages } = db.tables;
  const rows = await db
    .select({ id: messages.recipientId, dueAt: min(messages.dueAt) })
    .from(messages)
    .where(and(inArray(messages.recipientId, [...recipientIds]), eq(messages.kind, 'reminder'), eq(messages.state, 'pending')))
    .groupBy(messages.recipientId);
  return new Map(rows.flatMap(({ dueAt, id }) => (id === null || dueAt === null ? [] : [[id, dueAt] as const])));
}

/** Whether a reminder left for a recipient today. */
export async function isReminded(db: ReadDb, recipientId: string, today: Day): Promise<boolean> {
  const { messages } = db.tables;
  const isTodays = gte(messages.sentAt, amsterdamMoment(today, '00:00'));
  return (await db.$count(messages, and(eq(messages.recipientId, recipientId), eq(messages.kind, 'reminder'), isTodays))) > 0;
}
