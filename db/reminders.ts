/** A recipient's reminders and the mail that gathers them, as a plan changes them. */
import { randomUUID } from 'node:crypto';
import { amsterdamDay, amsterdamMoment } from '../calendars/days.ts';
import type { ReminderPlan } from '../calendars/reminder-plan.ts';
import { and, asc, eq, gte, lte, notExists } from './drizzle.ts';
import { cancelMessage, insertMessage } from './messages.ts';
import type { Message, Recipient } from './schema.ts';
import type { ReadDb, WriteDb } from './store.ts';

/** When mails of a day leave, by the clocks of Amsterdam. */
const SEND_HOUR = '07:30';

/** Carries out a plan for one recipient: cancels, keeps on record what was merged, and puts what is missing in the mail that leaves next. */
export async function savePlan(tx: WriteDb, recipient: Recipient, { drop, merged, missing }: ReminderPlan, now: Date): Promise<void> {
  const { reminders } = tx.tables;
  for (const { id, reason } of drop) await tx.update(reminders).set({ state: 'cancelled', reason }).where(eq(reminders.id, id));
  const common = { recipientId: recipient.id, createdAt: now };
  for (const { deadlineId, organisationId, lastSafeOn, leadDays } of merged) {
    const place = { deadlineId, organisationId, lastSafeOn, leadDays };
    await tx
      .insert(reminders)
      .values({ id: randomUUID(), ...common, ...place, messageId: null, state: 'cancelled', reason: 'merged' })
      .onConflictDoNothing();
  }
  const message = missing.length > 0 ? await openMail(tx, recipient, now) : null;
  for (const { deadlineId, organisationId, lastSafeOn, leadDays, revives } of missing) {
    const planned = { messageId: message!.id, state: 'pending' as const, reason: null };
    const place = { deadlineId, organisationId, lastSafeOn, leadDays };
    if (revives !== null)
      await tx
        .update(reminders)
        .set(planned)
        .where(and(eq(reminders.id, revives), eq(reminders.state, 'cancelled')));
    else
      await tx
        .insert(reminders)
        .values({ id: randomUUID(), ...common, ...place, ...planned })
        .onConflictDoNothing();
  }
  if (drop.length > 0) await cancelEmptied(tx, recipient.id, drop[0]!.reason);
}

/** The recipient's reminder mail that has not left yet, if there is one. */
export async function findOpenMail(db: ReadDb, recipientId: string): Promise<Message | undefined> {
  const { messages } = db.tables;
  const [open] = await db
    .select()
    .from(messages)
    .where(and(eq(messages.recipientId, recipientId), eq(messages.kind, 'reminder'), eq(messages.state, 'pending')))
    .orderBy(asc(messages.dueAt), asc(messages.id))
    .limit(1);
  return open;
}

/** When a mail of today leaves: at the send hour, or now when that is past. */
export function mailTime(now: Date): Date {
  const atHour = amsterdamMoment(amsterdamDay(now), SEND_HOUR);
  return atHour > now ? atHour : now;
}

/** The mail that gathers what is due: the one that has not left, or a new one for today. */
async function openMail(tx: WriteDb, recipient: Recipient, now: Date): Promise<Message> {
  const { messages } = tx.tables;
  const open = await findOpenMail(tx, recipient.id);
  if (open) {
    // Takes the row's lock, so that on PostgreSQL no sender freezes its bytes before what is added is in it.
    const [held] = await tx
      .update(messages)
      .set({ state: 'pending' })
      .where(and(eq(messages.id, open.id), eq(messages.state, 'pending')))
      .returning();
    if (held) return held;
  }
  const today = amsterdamDay(now);
  const key = `${recipient.id}/reminder/${today}`;
  const earlier = await tx.$count(
    messages,
    and(eq(messages.recipientId, recipient.id), gte(messages.key, key), lte(messages.key, `${key}~`)),
  );
  return insertMessage(tx, recipient, { kind: 'reminder', key: earlier === 0 ? key : `${key}/${earlier + 1}`, dueAt: mailTime(now) }, now);
}

/** A mail of which everything was dropped need not be composed to find that out. */
async function cancelEmptied(tx: WriteDb, recipientId: string, reason: ReminderPlan['drop'][number]['reason']) {
  const { messages, reminders } = tx.tables;
  const held = tx
    .select({ id: reminders.id })
    .from(reminders)
    .where(and(eq(reminders.messageId, messages.id), eq(reminders.state, 'pending')));
  const empty = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.recipientId, recipientId), eq(messages.kind, 'reminder'), eq(messages.state, 'pending'), notExists(held)));
  for (const { id } of empty) await cancelMessage(tx, id, reason);
}
