/** Dead letters: messages that wait for a person. They are listed for who runs the service, and sent when that person says so. */
import { AppError } from '../../calendars/errors.ts';
import type { PageQuery } from '../registry/deadlines.ts';
import { and, desc, eq, inArray, sql } from '../store/drizzle.ts';
import { OPERATOR, type Message, type MessageKind, type Organisation } from '../schema/schema.ts';
import { digestsOf } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { cancelMessage } from './messages.ts';
import { isPersonal } from './personal-mails.ts';
import { forgetDead } from './unaskable.ts';
import { notePreferences } from '../store/counters.ts';

/** Why nobody may send it any more. */
export const DEAD_REASONS = ['uncertain', 'undeliverable', 'refused'] as const;
type DeadReason = (typeof DEAD_REASONS)[number];

/** A message nobody may send any more, with whose it is. */
export interface DeadLetter extends Pick<
  Message,
  'id' | 'subject' | 'reason' | 'response' | 'dueAt' | 'claimedAt' | 'copies' | 'messageId'
> {
  /** Nothing personal waits for a person here. */
  kind: MessageKind | typeof OPERATOR;
  /** Null: it is the operator's. */
  organisation: Pick<Organisation, 'id' | 'name'> | null;
  /** Null when the recipient was removed. */
  recipient: string | null;
}

/** One page of the dead letters, the newest first, with the total. */
export async function listDeadLetters(db: ReadDb, { page, pageSize }: PageQuery): Promise<{ items: DeadLetter[]; total: number }> {
  const { messages } = db.tables;
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(isDead(db))
    .orderBy(desc(messages.dueAt), desc(messages.id))
    .limit(pageSize)
    .offset((page - 1) * pageSize);
  const ids = rows.map(({ id }) => id);
  const items = await deadLetters(db, ids);
  return { items: items.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)), total: await countDead(db) };
}

/** How many dead letters there are. */
export async function countDead(db: ReadDb): Promise<number> {
  const { messages } = db.tables;
  return db.$count(messages, eq(messages.state, 'dead'));
}

/** In the very words by which SQLite knows its index of those. */
function isDead(db: ReadDb) {
  return sql`${db.tables.messages.state} || '' = 'dead'`;
}

/**
 * Out of the queue until a person looks: the organisation is not reminded by this message any more. What is personal is settled instead: whoever
 * asked for it asks again.
 */
export async function buryMessage(tx: WriteDb, id: string, reason: DeadReason) {
  const { messages, reminders } = tx.tables;
  const [row] = await tx.select({ kind: messages.kind }).from(messages).where(eq(messages.id, id));
  if (row && isPersonal(row)) return cancelMessage(tx, id, 'undeliverable');
  await tx.update(messages).set({ state: 'dead', reason, holder: null }).where(eq(messages.id, id));
  await tx
    .update(reminders)
    .set({ state: 'cancelled', reason: 'undeliverable' })
    .where(and(eq(reminders.messageId, id), eq(reminders.state, 'pending')));
}

/**
 * Lets a dead letter be sent once more, at once. What may have arrived keeps its bytes, and has one try; an address that was given up for
 * dead gets mail again. Throws `not_found` unless it is a dead letter.
 */
export async function redriveMessage(tx: WriteDb, id: string, secret: string, now: Date): Promise<DeadLetter> {
  const { messages, recipients, reminders } = tx.tables;
  const [letter] = await deadLetters(tx, [id]);
  if (!letter) throw new AppError('not_found', 'No such dead letter.');
  const fresh = { attempts: 0, nextAt: null, markedAt: null, holder: null, dueAt: now };
  const [message] = await tx
    .update(messages)
    .set({ state: 'pending', reason: null, ...fresh, copies: sql`case when ${messages.copies} > 2 then 2 else ${messages.copies} end` })
    .where(and(eq(messages.id, id), eq(messages.state, 'dead')))
    .returning();
  if (letter.reason === 'undeliverable' && message!.sentTo !== null) await forgetDead(tx, digestsOf(secret, message!.sentTo), now);
  if (letter.reason === 'undeliverable' && message!.kind === 'deputy_confirmation')
    await tx
      .update(recipients)
      .set({ deputyFault: null })
      .where(and(eq(recipients.id, message!.recipientId ?? ''), eq(recipients.deputyEmail, message!.sentTo ?? '')));
  else if (letter.reason === 'undeliverable' && message!.recipientId !== null) {
    const again = {
      status: sql<'confirmed'>`case when ${recipients.confirmedAt} is null then 'pending' else 'confirmed' end`,
      fault: null,
    };
    await tx
      .update(recipients)
      .set(again)
      .where(and(eq(recipients.id, message!.recipientId), eq(recipients.status, 'undeliverable')));
  }
  await tx
    .update(reminders)
    .set({ state: 'pending', reason: null })
    .where(and(eq(reminders.messageId, id), eq(reminders.state, 'cancelled'), eq(reminders.reason, 'undeliverable')));
  if (message!.organisationId !== null) await notePreferences(tx, message!.organisationId);
  return letter;
}

async function deadLetters(db: ReadDb, ids: readonly string[]): Promise<DeadLetter[]> {
  const { messages, organisations, recipients } = db.tables;
  return db
    .select({
      id: messages.id,
      kind: sql<DeadLetter['kind']>`${messages.kind}`,
      subject: messages.subject,
      reason: messages.reason,
      response: messages.response,
      dueAt: messages.dueAt,
      claimedAt: messages.claimedAt,
      copies: messages.copies,
      messageId: messages.messageId,
      organisation: { id: organisations.id, name: organisations.name },
      recipient: sql<string | null>`case when ${messages.kind} = ${OPERATOR} then ${messages.sentTo} else ${recipients.email} end`,
    })
    .from(messages)
    .leftJoin(organisations, eq(organisations.id, messages.organisationId))
    .leftJoin(recipients, eq(recipients.id, messages.recipientId))
    .where(and(isDead(db), inArray(messages.id, [...ids])));
}
