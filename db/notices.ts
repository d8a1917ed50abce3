/** Mails that tell of something: which one a notice goes in, and what a reader was told before. */
import { randomUUID } from 'node:crypto';
import { and, asc, eq, isNull, sql } from './drizzle.ts';
import { insertMessage } from './messages.ts';
import type { Message, MessageKind, Notice, Recipient } from './schema.ts';
import type { ReadDb, WriteDb } from './store.ts';

/** The notices that a message is to tell, in the order of their deadlines' ids. */
export async function noticesIn(db: ReadDb, messageId: string): Promise<Notice[]> {
  const { notices } = db.tables;
  return db
    .select()
    .from(notices)
    .where(and(eq(notices.messageId, messageId), isNull(notices.reason)))
    .orderBy(asc(notices.deadlineId), asc(notices.id));
}

/** Adds a notice under a key of its own; one that was left out of an earlier mail moves to this one. */
export async function addNotice(tx: WriteDb, notice: Omit<Notice, 'id' | 'reason'>): Promise<void> {
  const { notices } = tx.tables;
  await tx
    .insert(notices)
    .values({ id: randomUUID(), ...notice, reason: null })
    .onConflictDoUpdate({ target: notices.key, set: { messageId: notice.messageId, lastSafeOn: notice.lastSafeOn, reason: null } });
}

/**
 * The recipient's mail of a kind that still gathers notices: the one that has not left, or a new one. It leaves at `dueAt`, or earlier when
 * it was to leave earlier.
 */
export async function gatheringMail(
  tx: WriteDb,
  recipient: Recipient,
  mail: { kind: MessageKind; key: string; dueAt: Date },
  now: Date,
): Promise<Message> {
  const { messages } = tx.tables;
  const waiting = and(
    eq(messages.recipientId, recipient.id),
    eq(messages.kind, mail.kind),
    // Not as a plain comparison: SQLite would look through all messages that wait instead of through the recipient's own.
    sql`${messages.state} || '' = 'pending'`,
    isNull(messages.raw),
  );
  const [open] = await tx.select().from(messages).where(waiting).orderBy(asc(messages.dueAt), asc(messages.id)).limit(1);
  if (open) {
    // Takes the row's lock, so that on PostgreSQL no sender freezes its bytes before what is added is in it.
    const [held] = await tx
      .update(messages)
      .set({ dueAt: open.dueAt < mail.dueAt ? open.dueAt : mail.dueAt })
      .where(and(eq(messages.id, open.id), waiting))
      .returning();
    if (held) return held;
  }
  const earlier = await tx.select().from(messages).where(eq(messages.key, mail.key));
  return insertMessage(tx, recipient, { ...mail, key: earlier.length === 0 ? mail.key : `${mail.key}/${randomUUID()}` }, now);
}

/** Marks notices as left out of their mail. */
export async function leaveOut(tx: WriteDb, dropped: readonly { id: string; reason: string }[]): Promise<void> {
  const { notices } = tx.tables;
  for (const { id, reason } of dropped) await tx.update(notices).set({ reason }).where(eq(notices.id, id));
}

/** Moves what a mail was to tell to a new one, which is made anew: of the old one nothing is known but that its bytes no longer hold. */
export async function carryOver(tx: WriteDb, message: Message, now: Date): Promise<void> {
  const { notices, recipients } = tx.tables;
  const held = await noticesIn(tx, message.id);
  const [recipient] = await tx
    .select()
    .from(recipients)
    .where(eq(recipients.id, message.recipientId ?? ''));
  if (held.length === 0 || !recipient) return;
  const { aboutId, dueAt, kind } = message;
  const next = await insertMessage(tx, recipient, { kind, key: `${message.key}/${randomUUID()}`, dueAt, aboutId }, now);
  await tx.update(notices).set({ messageId: next.id }).where(eq(notices.messageId, message.id));
}

/** Whether a mail about a deadline reached a recipient's server: only then is there something to take back. */
export async function wasTold(db: ReadDb, recipientId: string, deadlineId: string): Promise<boolean> {
  const { messages, notices, reminders } = db.tables;
  const reminded = and(eq(reminders.recipientId, recipientId), eq(reminders.deadlineId, deadlineId), eq(reminders.state, 'sent'));
  if ((await db.$count(reminders, reminded)) > 0) return true;
  const rows = await db
    .select({ id: notices.id })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(
      and(eq(messages.recipientId, recipientId), eq(messages.state, 'sent'), eq(notices.deadlineId, deadlineId), isNull(notices.reason)),
    )
    .limit(1);
  return rows.length > 0;
}

/** What a notice of a change starts from. */
export type KnownState = Pick<Notice, 'deadlineId' | 'organisationId' | 'fromRevision' | 'lastSafeOn' | 'knownOn'>;

/** Whether a notice tells of an organisation's own term instead of the day in the registry. */
export function isOwnNotice({ knownOn, lastSafeOn }: Pick<Notice, 'knownOn' | 'lastSafeOn'>): boolean {
  return knownOn !== null || lastSafeOn !== null;
}

/** What a recipient knows: the oldest state that a mail was to tell of and did not, else the one before this change. */
export async function knownBefore(
  db: ReadDb,
  recipientId: string,
  change: KnownState,
): Promise<Pick<KnownState, 'fromRevision' | 'knownOn'>> {
  const { messages, notices } = db.tables;
  const { deadlineId, fromRevision, knownOn, organisationId } = change;
  const rows = await db
    .select({ notice: notices, state: messages.state })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(
      and(eq(messages.recipientId, recipientId), eq(messages.kind, 'change'), eq(notices.deadlineId, deadlineId), isNull(notices.reason)),
    )
    .orderBy(asc(messages.createdAt), asc(messages.id));
  const isOwn = isOwnNotice(change);
  let known: Notice | null = null;
  for (const { notice, state } of rows) {
    if (isOwnNotice(notice) !== isOwn || (isOwn && notice.organisationId !== organisationId)) continue;
    if (state === 'sent') known = null;
    else if (state === 'pending' || state === 'sending') known ??= notice;
  }
  return known ? { fromRevision: known.fromRevision, knownOn: known.knownOn } : { fromRevision, knownOn };
}
