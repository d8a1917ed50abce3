/** Messages: one mail to one recipient each. They are queued here, and stay as the proof of what was sent. */
import { randomUUID } from 'node:crypto';
import type { SQL } from 'drizzle-orm';
import { isAssumed } from '../../calendars/deadlines/certainty.ts';
import type { PageQuery } from '../registry/deadlines.ts';
import { and, asc, desc, eq, inArray, isNull, or, sql } from '../store/drizzle.ts';
import { isHeld } from '../store/recall.ts';
import {
  OPERATOR,
  type DeclinableKind,
  type Message,
  type MessageKind,
  type OwnMessage,
  type Recipient,
  type Tables,
} from '../schema/schema.ts';
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

export type Attempt = Omit<Tables['attempts']['$inferSelect'], 'messageId'>;

/** A message as the organisation sees it: what it was about, and what became of it. */
export interface MessageRecord extends Omit<OwnMessage, 'raw' | 'content'> {
  /** Null when the recipient was removed. */
  email: string | null;
  tries: Attempt[];
  /** `kind`: what it tells of each; lead days where it reminds. `reason`: why the mail does not tell of it after all; null when it does. */
  deadlines: {
    kind: DeclinableKind;
    deadlineId: string;
    title: string;
    lastSafeOn: string | null;
    leadDays: number | null;
    reason: string | null;
  }[];
}

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
export type NewMessage = Pick<OwnMessage, 'kind' | 'key' | 'dueAt'> & Partial<Pick<Message, 'aboutId'>> & { recipient: Recipient };

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

/** Cancels a message with the reminders that it holds. Its frozen bytes go: nothing will send them. */
export async function cancelMessage(tx: WriteDb, id: string, reason: CancelReason): Promise<void> {
  const { messages, reminders } = tx.tables;
  await tx.update(messages).set({ state: 'cancelled', reason, raw: null, holder: null }).where(eq(messages.id, id));
  await tx
    .update(reminders)
    .set({ state: 'cancelled', reason })
    .where(and(eq(reminders.messageId, id), eq(reminders.state, 'pending')));
}

/** An organisation's messages, the newest first, one page of them with the total. */
export async function listMessages(
  db: ReadDb,
  organisationId: string,
  { page, pageSize }: PageQuery,
): Promise<{ items: MessageRecord[]; total: number }> {
  const { messages, recipients } = db.tables;
  const isOfOrganisation = eq(messages.organisationId, organisationId);
  const rows = await db
    .select({ message: messages, email: recipients.email })
    .from(messages)
    .leftJoin(recipients, eq(recipients.id, messages.recipientId))
    .where(isOfOrganisation)
    .orderBy(desc(messages.createdAt), asc(messages.id))
    .limit(pageSize)
    .offset((page - 1) * pageSize);
  const ids = rows.map((row) => row.message.id);
  const tries = await triesOf(db, ids);
  const about = await deadlinesOf(db, ids);
  const recordOf = ({ raw: _, content: __, ...message }: OwnMessage, email: string | null): MessageRecord => ({
    ...message,
    email,
    tries: tries.filter((row) => row.messageId === message.id).map(({ messageId: _, ...attempt }) => attempt),
    deadlines: about.filter((row) => row.messageId === message.id).map(({ messageId: _, ...deadline }) => deadline),
  });
  return {
    items: rows.flatMap(({ message, email }) => (isOwn(message) ? [recordOf(message, email)] : [])),
    total: await db.$count(messages, isOfOrganisation),
  };
}

/** Whether a message is to an organisation's people, and no summary for the operator. */
export function isOwn(message: Message): message is OwnMessage {
  return message.organisationId !== null && message.kind !== OPERATOR;
}

async function triesOf(db: ReadDb, ids: string[]) {
  const { attempts } = db.tables;
  return db.select().from(attempts).where(inArray(attempts.messageId, ids)).orderBy(asc(attempts.number));
}

/** What messages are about: reminders first, with older ones that they speak for, then notices, each by day. */
async function deadlinesOf(db: ReadDb, ids: string[]) {
  const ownReminders = await remindedOf(db, inArray(db.tables.reminders.messageId, ids));
  const reminded = [...ownReminders, ...(await mergedInto(db, ownReminders))].sort(compareReminded);
  const reminders = reminded.map(({ messageId, deadlineId, title, certainty, lastSafeOn, leadDays, reason }) => {
    // What was only assumed was safe on no day.
    return {
      messageId,
      kind: 'reminder' as const,
      deadlineId,
      title,
      lastSafeOn: isAssumed({ certainty }) ? null : lastSafeOn,
      leadDays,
      reason,
    };
  });
  return [...reminders, ...(await noticedOf(db, ids))];
}

/** A notice of a change has the day that holds now. */
async function noticedOf(db: ReadDb, ids: string[]) {
  const { deadlines, notices, revisions } = db.tables;
  const rows = await db
    .select({
      messageId: notices.messageId,
      kind: notices.kind,
      deadlineId: notices.deadlineId,
      lastSafeOn: sql<string | null>`coalesce(${notices.lastSafeOn}, ${revisions.lastSafeOn})`,
      title: revisions.title,
    })
    .from(notices)
    .innerJoin(deadlines, eq(deadlines.id, notices.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(and(inArray(notices.messageId, ids), isNull(notices.reason)))
    // As in the mail: what is not done before what changed.
    .orderBy(desc(notices.kind), asc(revisions.lastSafeOn), asc(notices.deadlineId));
  return rows.map((row) => ({ ...row, leadDays: null, reason: null }));
}

type Reminded = Awaited<ReturnType<typeof remindedOf>>[number];

async function remindedOf(db: ReadDb, some: SQL | undefined) {
  const { deadlines, reminders, revisions } = db.tables;
  return db
    .select({
      messageId: reminders.messageId,
      recipientId: reminders.recipientId,
      organisationId: reminders.organisationId,
      deadlineId: reminders.deadlineId,
      lastSafeOn: reminders.lastSafeOn,
      leadDays: reminders.leadDays,
      reason: reminders.reason,
      title: revisions.title,
      certainty: revisions.certainty,
    })
    .from(reminders)
    .innerJoin(deadlines, eq(deadlines.id, reminders.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(some);
}

/** Reminders that never had a mail of their own, because a later one came first: with the mail of that one. */
async function mergedInto(db: ReadDb, reminded: readonly Reminded[]): Promise<Reminded[]> {
  const { reminders } = db.tables;
  if (reminded.length === 0) return [];
  const recipients = [...new Set(reminded.map(({ recipientId }) => recipientId))];
  const deadlines = [...new Set(reminded.map(({ deadlineId }) => deadlineId))];
  const all = await remindedOf(db, and(inArray(reminders.recipientId, recipients), inArray(reminders.deadlineId, deadlines)));
  const mails = new Set(reminded.map(({ messageId }) => messageId));
  return all
    .filter(({ messageId, reason }) => messageId === null && reason === 'merged')
    .flatMap((older) => {
      const later = all.filter((one) => isSamePlace(one, older) && one.messageId !== null && one.leadDays < older.leadDays);
      const messageId = later.sort((a, b) => b.leadDays - a.leadDays)[0]?.messageId ?? null;
      return mails.has(messageId) ? [{ ...older, messageId }] : [];
    });
}

function isSamePlace(a: Reminded, b: Reminded): boolean {
  return (['recipientId', 'organisationId', 'deadlineId', 'lastSafeOn'] as const).every((field) => a[field] === b[field]);
}

/** By day, then by deadline; of one deadline the reminder that speaks for the others first. */
function compareReminded(a: Reminded, b: Reminded): number {
  return compare(a.lastSafeOn, b.lastSafeOn) || compare(a.deadlineId, b.deadlineId) || a.leadDays - b.leadDays;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
