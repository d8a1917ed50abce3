/** Messages: one mail to one recipient each. They are queued here, and stay as the proof of what was sent. */
import { randomUUID } from 'node:crypto';
import type { Page } from './deadlines.ts';
import { and, asc, count, desc, eq, inArray } from './drizzle.ts';
import type { Message, MessageKind, Recipient, Tables } from './schema.ts';
import type { ReadDb, WriteDb } from './store.ts';

/** Why a message or a reminder was not sent. */
export type CancelReason =
  | 'merged'
  | 'completed'
  | 'withdrawn'
  | 'moved'
  | 'passed'
  | 'not_concerned'
  | 'not_wanted'
  | 'not_confirmed'
  | 'confirmed_already'
  | 'unsubscribed'
  | 'recipient_removed'
  | 'replaced'
  | 'undeliverable'
  | 'empty';

export type Attempt = Omit<Tables['attempts']['$inferSelect'], 'messageId'>;

/** A message as the organisation sees it: what it was about, and what became of it. */
export interface MessageRecord extends Omit<Message, 'raw'> {
  /** Null when the recipient was removed. */
  email: string | null;
  tries: Attempt[];
  deadlines: { deadlineId: string; title: string; lastSafeOn: string; leadDays: number }[];
}

/** Queues a mail that does not wait for a day: to be sent at once. */
export async function queueMessage(tx: WriteDb, recipient: Recipient, kind: MessageKind, now: Date): Promise<Message> {
  const { messages } = tx.tables;
  const [earlier] = await tx
    .select({ count: count() })
    .from(messages)
    .where(and(eq(messages.recipientId, recipient.id), eq(messages.kind, kind)));
  return insertMessage(tx, recipient, { kind, key: `${recipient.id}/${kind}/${earlier!.count + 1}`, dueAt: now }, now);
}

/** Adds a message under a key of its own. On PostgreSQL another process may have been first: then it is that one. */
export async function insertMessage(
  tx: WriteDb,
  recipient: Recipient,
  message: Pick<Message, 'kind' | 'key' | 'dueAt'>,
  now: Date,
): Promise<Message> {
  const { messages } = tx.tables;
  const blank = { reason: null, claimedAt: null, messageId: null, subject: null, raw: null, sentAt: null, response: null };
  await tx
    .insert(messages)
    .values({
      id: randomUUID(),
      ...message,
      ...blank,
      organisationId: recipient.organisationId,
      recipientId: recipient.id,
      state: 'pending',
      claim: 0,
      attempts: 0,
      createdAt: now,
    })
    .onConflictDoNothing();
  const [row] = await tx.select().from(messages).where(eq(messages.key, message.key));
  return row!;
}

/** Cancels what waits for a recipient. A message that is being sent at this moment is left to finish. */
export async function cancelPending(tx: WriteDb, recipientId: string, reason: CancelReason): Promise<void> {
  const { messages } = tx.tables;
  const rows = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.recipientId, recipientId), eq(messages.state, 'pending')));
  for (const { id } of rows) await cancelMessage(tx, id, reason);
}

/** Cancels a message with the reminders that it holds. Its frozen bytes go: nothing will send them. */
export async function cancelMessage(tx: WriteDb, id: string, reason: CancelReason): Promise<void> {
  const { messages, reminders } = tx.tables;
  await tx.update(messages).set({ state: 'cancelled', reason, raw: null }).where(eq(messages.id, id));
  await tx
    .update(reminders)
    .set({ state: 'cancelled', reason })
    .where(and(eq(reminders.messageId, id), eq(reminders.state, 'pending')));
}

/** An organisation's messages, the newest first, one page of them with the total. */
export async function listMessages(
  db: ReadDb,
  organisationId: string,
  { page, pageSize }: Page,
): Promise<{ items: MessageRecord[]; total: number }> {
  const { messages, recipients } = db.tables;
  const own = eq(messages.organisationId, organisationId);
  const rows = await db
    .select({ message: messages, email: recipients.email })
    .from(messages)
    .leftJoin(recipients, eq(recipients.id, messages.recipientId))
    .where(own)
    .orderBy(desc(messages.createdAt), asc(messages.id))
    .limit(pageSize)
    .offset((page - 1) * pageSize);
  const ids = rows.map((row) => row.message.id);
  const tries = await triesOf(db, ids);
  const about = await deadlinesOf(db, ids);
  return {
    items: rows.map(({ message: { raw: _, ...message }, email }) => ({
      ...message,
      email,
      tries: tries.filter((row) => row.messageId === message.id).map(({ messageId: _, ...attempt }) => attempt),
      deadlines: about.filter((row) => row.messageId === message.id).map(({ messageId: _, ...deadline }) => deadline),
    })),
    total: await db.$count(messages, own),
  };
}

async function triesOf(db: ReadDb, ids: string[]) {
  const { attempts } = db.tables;
  return db.select().from(attempts).where(inArray(attempts.messageId, ids)).orderBy(asc(attempts.number));
}

async function deadlinesOf(db: ReadDb, ids: string[]) {
  const { deadlines, reminders, revisions } = db.tables;
  return db
    .select({
      messageId: reminders.messageId,
      deadlineId: reminders.deadlineId,
      lastSafeOn: reminders.lastSafeOn,
      leadDays: reminders.leadDays,
      title: revisions.title,
    })
    .from(reminders)
    .innerJoin(deadlines, eq(deadlines.id, reminders.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(inArray(reminders.messageId, ids))
    .orderBy(asc(reminders.lastSafeOn), asc(reminders.deadlineId));
}
