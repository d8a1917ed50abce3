/** Reminders that wait for their hour. */
import { and, eq, inArray, min } from '../../store/drizzle.ts';
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
