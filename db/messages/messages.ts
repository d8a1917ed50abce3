/** Messages: one mail to one recipient each. They are queued here, and stay as the proof of what was sent. */
import { randomUUID } from 'node:crypto';
import { and, eq, inArray, or, sql } from '../store/drizzle.ts';
import { isHeld } from '../store/recall.ts';
import { OPERATOR, PERSONAL_KINDS, type Message, type MessageKind, type OwnMessage, type Recipient } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Why a message or a reminder was not sent. `struck`: an operator took it out while mail was held. */
export const CANCEL_REASONS = [
  'merged',
  'completed',
  'withdrawn',
  'moved',
  'passed',
  'not_concerned',
  'not_wanted',
  'not_confirmed',
  'confirmed_already',
  'unsubscribed',
  'recipient_removed',
  'replaced',
  'undeliverable',
  'declined',
  'empty',
  'paused',
  'reverted',
  'not_told',
  'struck',
] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/** Queues a mail that does not wait for a day: to be sent at once. */
export async function queueMessage(tx: WriteDb, recipient: Recipient, kind: MessageKind, now: Date): Promise<Message> {
  const { messages } = tx.tables;
  const earlier = await tx
    .select({ key: messages.key })
    .from(messages)
    .where(and(eq(messages.recipientId, recipient.id), eq(messages.kind, kind)));
  // Not by how many there are: those of long ago are purged, and a number that is taken would be no new mail.
  const numbers = earlier.map(({ key }) => Number(key.slice(`${recipient.id}/${kind}/`.length)) || 0);
  const key = `${recipient.id}/${kind}/${Math.max(0, ...numbers) + 1}`;
  return insertMessage(tx, recipient, { kind, key, dueAt: now }, now);
}

/** Adds a message under a key of its own. On PostgreSQL another process may have been first: then it is that one. */
export async function insertMessage(
  tx: WriteDb,
  recipient: Recipient,
  message: Omit<NewMessage, 'recipient'>,
  now: Date,
): Promise<Message> {
  const { messages } = tx.tables;
  await insertMessages(tx, [{ recipient, ...message }], now);
  const [row] = await tx.select().from(messages).where(eq(messages.key, message.key));
  return row!;
}

/** A message to be. */
export type NewMessage = Pick<OwnMessage, 'kind' | 'key' | 'dueAt'> &
  Partial<Pick<Message, 'aboutId' | 'nextAt'>> & { recipient: Recipient };

/** Adds messages, and gives their ids with the recipients'; those whose key was there already keep their own id. */
export async function insertMessages(tx: WriteDb, wanted: readonly NewMessage[], now: Date): Promise<[string, string][]> {
  const { messages } = tx.tables;
  const blank = { reason: null, claimedAt: null, messageId: null, subject: null, raw: null, sentAt: null, response: null };
  const ids: [string, string][] = [];
  for (let n = 0; n < wanted.length; n += MOST_ROWS) {
    const some = wanted.slice(n, n + MOST_ROWS);
    const rows = some.map(({ recipient, ...message }) => ({
      id: randomUUID(),
      ...message,
      ...blank,
      organisationId: recipient.organisationId,
      recipientId: recipient.id,
      state: 'pending' as const,
      claim: 0,
      attempts: 0,
      createdAt: now,
    }));
    await tx.insert(messages).values(rows).onConflictDoNothing();
    const keys = rows.map(({ key }) => key);
    const storedRows = await tx
      .select({ id: messages.id, recipientId: messages.recipientId })
      .from(messages)
      .where(inArray(messages.key, keys));
    for (const { id, recipientId } of storedRows) if (recipientId !== null) ids.push([id, recipientId]);
  }
  return ids;
}

/** How many rows go in one statement: SQLite takes 32,766 values in one. */
const MOST_ROWS = 500;

/** Cancels what waits for a recipient, also what a sender holds of which nothing left yet. A message that is leaving is left to finish. */
export async function cancelPending(tx: WriteDb, recipientId: string, reason: CancelReason, kind?: MessageKind): Promise<void> {
  const { messages } = tx.tables;
  const rows = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.recipientId, recipientId),
        kind === undefined ? undefined : eq(messages.kind, kind),
        or(eq(messages.state, 'pending'), isHeld(tx)),
      ),
    );
  for (const { id } of rows) await cancelMessage(tx, id, reason);
}

/** Cancels a message with the reminders that it holds. Its frozen bytes go, and what a personal mail holds: nothing will send them. */
export async function cancelMessage(tx: WriteDb, id: string, reason: CancelReason): Promise<void> {
  const { messages, reminders } = tx.tables;
  await tx
    .update(messages)
    .set({ state: 'cancelled', reason, raw: null, holder: null, content: contentOnceSettled(tx) })
    .where(eq(messages.id, id));
  await tx
    .update(reminders)
    .set({ state: 'cancelled', reason })
    .where(and(eq(reminders.messageId, id), eq(reminders.state, 'pending')));
}

/** What stays of a message's content once it is settled: of a personal mail, which may hold a code or a token, nothing. */
export function contentOnceSettled(db: ReadDb) {
  const { messages } = db.tables;
  return sql<string | null>`case when ${inArray(messages.kind, [...PERSONAL_KINDS])} then null else ${messages.content} end`;
}

/** Whether a message is to an organisation's people, and no summary for the operator. */
export function isOwn(message: Message): message is OwnMessage {
  return message.organisationId !== null && message.kind !== OPERATOR;
}
