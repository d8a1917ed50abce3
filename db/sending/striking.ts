/** What an operator takes out while mail is held: it never leaves, and is not planned anew. */
import { AppError, type Fault } from '../../calendars/errors.ts';
import { foldAddress } from '../../calendars/mail-address.ts';
import { carryOver } from '../messages/carry-over.ts';
import { cancelMessage } from '../messages/messages.ts';
import { leaseEnd } from './claims.ts';
import type { Message } from '../schema/schema.ts';
import { and, eq, inArray, isNull, lte, or } from '../store/drizzle.ts';
import { isHeld } from '../store/recall.ts';
import { notePreferences } from '../store/counters.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

export interface Strike {
  /** Messages by id, and recipients by address. */
  targets: readonly string[];
  /** Only what the mails tell of this deadline; else all that they tell. */
  deadlineId?: string | undefined;
}

/**
 * Strikes out mails that wait, or what they tell of one deadline. Gives how many mails that concerned. Throws `invalid`, with nothing done, where
 * a target names no mail that waits, or none that tells of the deadline.
 */
export async function strikeMail(tx: WriteDb, { targets, deadlineId }: Strike, now: Date): Promise<number> {
  const faults: Fault[] = [];
  const struck = new Map<string, Message>();
  for (const target of targets) {
    const waiting = await waitingFor(tx, target, now);
    const concerned = deadlineId === undefined ? waiting : await tellingOf(tx, waiting, deadlineId);
    for (const message of concerned) struck.set(message.id, message);
    if (concerned.length > 0) continue;
    const about = deadlineId === undefined ? '' : ` that tells of the deadline ${deadlineId}`;
    faults.push({ field: target, message: `names no mail that waits${about}: give the id of a mail, or the address of a recipient` });
  }
  if (faults.length > 0) throw new AppError('invalid', 'Nothing was struck out.', faults);
  for (const message of struck.values()) {
    if (deadlineId === undefined) await strikeAll(tx, message);
    else await strikeOne(tx, message, deadlineId, now);
    if (message.organisationId !== null) await notePreferences(tx, message.organisationId);
  }
  return struck.size;
}

/** Mails that did not leave, or of which nobody will hear any more whether they did. */
async function waitingFor(db: ReadDb, target: string, now: Date): Promise<Message[]> {
  const { messages, recipients } = db.tables;
  const address = foldAddress(target);
  const people = await db.select({ id: recipients.id }).from(recipients).where(eq(recipients.email, address));
  const theirs = inArray(
    messages.recipientId,
    people.map(({ id }) => id),
  );
  const whose = target.includes('@')
    ? or(theirs, and(isNull(messages.organisationId), eq(messages.sentTo, address)))
    : eq(messages.id, target.toLowerCase());
  const isOver = and(eq(messages.state, 'sending'), lte(messages.markedAt, leaseEnd(now)));
  return db
    .select()
    .from(messages)
    .where(and(whose, or(eq(messages.state, 'pending'), isHeld(db), isOver)));
}

async function tellingOf(db: ReadDb, waiting: readonly Message[], deadlineId: string): Promise<Message[]> {
  const { notices, reminders } = db.tables;
  const ids = waiting.map(({ id }) => id);
  const reminding = await db
    .select({ id: reminders.messageId })
    .from(reminders)
    .where(and(inArray(reminders.messageId, ids), eq(reminders.deadlineId, deadlineId), eq(reminders.state, 'pending')));
  const noting = await db
    .select({ id: notices.messageId })
    .from(notices)
    .where(and(inArray(notices.messageId, ids), eq(notices.deadlineId, deadlineId), isNull(notices.reason)));
  const telling = new Set([...reminding, ...noting].map(({ id }) => id));
  return waiting.filter(({ id }) => telling.has(id));
}

async function strikeAll(tx: WriteDb, { id }: Message) {
  const { notices } = tx.tables;
  await tx
    .update(notices)
    .set({ reason: 'struck' })
    .where(and(eq(notices.messageId, id), isNull(notices.reason)));
  await cancelMessage(tx, id, 'struck');
}

async function strikeOne(tx: WriteDb, message: Message, deadlineId: string, now: Date) {
  const { notices, reminders } = tx.tables;
  const { id, raw } = message;
  await tx
    .update(reminders)
    .set({ state: 'cancelled', reason: 'struck' })
    .where(and(eq(reminders.messageId, id), eq(reminders.deadlineId, deadlineId), eq(reminders.state, 'pending')));
  await tx
    .update(notices)
    .set({ reason: 'struck' })
    .where(and(eq(notices.messageId, id), eq(notices.deadlineId, deadlineId), isNull(notices.reason)));
  const left =
    (await tx.$count(reminders, and(eq(reminders.messageId, id), eq(reminders.state, 'pending')))) +
    (await tx.$count(notices, and(eq(notices.messageId, id), isNull(notices.reason))));
  if (left === 0) return strikeAll(tx, message);
  if (raw === null) return;
  // Its bytes tell what was struck out. The rest goes in another mail: reminders are planned anew.
  await carryOver(tx, id, now);
  await cancelMessage(tx, id, 'replaced');
}
