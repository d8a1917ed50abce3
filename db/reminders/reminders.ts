/** A recipient's reminders and the mail that gathers them, as a plan changes them. */
import { randomUUID } from 'node:crypto';
import { amsterdamDay } from '../../calendars/days.ts';
import type { ReminderPlan } from '../../calendars/reminders/reminder-plan.ts';
import { and, asc, eq, gte, inArray, isNotNull, isNull, or, sql } from '../store/drizzle.ts';
import { mailTime } from '../messages/mail-time.ts';
import { carryOver } from '../messages/carry-over.ts';
import { cancelMessage, insertMessages, type CancelReason } from '../messages/messages.ts';
import type { RecipientPlan } from './planner.ts';
import type { Recipient, Tables } from '../schema/schema.ts';
import { wholePlan, type WholePlan } from './whole-plan.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteOrganisation } from '../store/counters.ts';

/** Carries out plans: cancels, keeps on record what was merged, and puts what is missing in the mail that leaves next. */
export async function savePlans(tx: WriteDb, plans: readonly RecipientPlan[], now: Date): Promise<{ planned: number; cancelled: number }> {
  const { reminders } = tx.tables;
  const whole = plans.map((one) => ({ recipient: one.recipient, ...wholePlan(one) }));
  const mails = await openMails(tx, whole, now);
  const added: Tables['reminders']['$inferInsert'][] = [];
  const total = { planned: 0, cancelled: 0 };
  const dropped = whole.flatMap(({ drop }) => drop);
  for (const [reason, rows] of Map.groupBy(dropped, (row) => row.reason))
    for (const some of slicesOf(rows.map(({ id }) => id)))
      await tx.update(reminders).set({ state: 'cancelled', reason }).where(inArray(reminders.id, some));
  for (const { recipient, drop, merged, missing } of whole) {
    total.planned += missing.length;
    total.cancelled += drop.length;
    const common = { recipientId: recipient.id, createdAt: now };
    for (const place of merged)
      added.push({ id: randomUUID(), ...common, ...place, messageId: null, state: 'cancelled', reason: 'merged' });
    for (const { revives, ...place } of missing) {
      const planned = { messageId: mails.get(recipient.id)!, state: 'pending' as const, reason: null };
      if (revives === null) added.push({ id: randomUUID(), ...common, ...place, ...planned });
      else
        await tx
          .update(reminders)
          .set(planned)
          .where(and(eq(reminders.id, revives), eq(reminders.state, 'cancelled')));
    }
  }
  for (let n = 0; n < added.length; n += MOST_ROWS)
    await tx
      .insert(reminders)
      .values(added.slice(n, n + MOST_ROWS))
      .onConflictDoNothing();
  for (const some of slicesOf(dropped)) await clearAfterDrop(tx, some, now);
  return total;
}

/** How many rows go in one statement: SQLite takes 32,766 values in one. */
const MOST_ROWS = 500;

/** By recipient the mail that gathers what is due: the one that has not left, or a new one for today. */
async function openMails(tx: WriteDb, plans: readonly (WholePlan & { recipient: Recipient })[], now: Date): Promise<Map<string, string>> {
  const { messages } = tx.tables;
  const recipients = plans.filter(({ missing }) => missing.length > 0).map(({ recipient }) => recipient);
  const ids = recipients.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const today = amsterdamDay(now);
  const mails = new Map<string, string>();
  const mailRows = await tx
    .select({ id: messages.id, recipientId: messages.recipientId, key: messages.key, isGathering: isGathering(tx) })
    .from(messages)
    .where(
      and(inArray(messages.recipientId, ids), eq(messages.kind, 'reminder'), or(isGathering(tx), gte(messages.createdAt, dayBefore(now)))),
    )
    .orderBy(asc(messages.dueAt), asc(messages.id));
  const earlier = new Map<string, number>();
  for (const { id, recipientId, key, isGathering } of mailRows) {
    if (recipientId === null) continue;
    if (isGathering && !mails.has(recipientId)) mails.set(recipientId, id);
    if (key.startsWith(`${recipientId}/reminder/${today}`)) earlier.set(recipientId, (earlier.get(recipientId) ?? 0) + 1);
  }
  // Takes the rows' locks, so that on PostgreSQL no sender freezes their bytes before what is added is in them.
  const lockedIds = new Set<string>();
  for (const some of slicesOf([...mails.values()])) {
    const rows = await tx
      .update(messages)
      .set({ state: sql`${messages.state}` })
      // By id alone: with a state beside it SQLite looks through all that are in that state.
      .where(inArray(messages.id, some))
      .returning({ id: messages.id, isGathering: isGathering(tx) });
    for (const { id, isGathering } of rows) if (isGathering) lockedIds.add(id);
  }
  for (const [recipientId, id] of mails) if (!lockedIds.has(id)) mails.delete(recipientId);
  const newMails = recipients
    .filter(({ id }) => !mails.has(id))
    .map((recipient) => {
      const n = (earlier.get(recipient.id) ?? 0) + 1;
      const key = `${recipient.id}/reminder/${today}${n === 1 ? '' : `/${n}`}`;
      return { recipient, kind: 'reminder' as const, key, dueAt: mailTime(recipient, now) };
    });
  for (const [id, recipientId] of await insertMessages(tx, newMails, now)) mails.set(recipientId, id);
  return mails;
}

/** A mail that has not left and of which no copy may have arrived: what is added to it is in it. */
function isGathering(db: ReadDb) {
  const { messages } = db.tables;
  return sql<boolean>`${and(eq(messages.state, 'pending'), isNull(messages.raw))}`.mapWith(Boolean);
}

const dayBefore = (now: Date) => new Date(now.getTime() - 86_400_000);

function slicesOf<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / MOST_ROWS) }, (_, n) => all.slice(n * MOST_ROWS, (n + 1) * MOST_ROWS));
}

/**
 * A mail of which everything was dropped need not be composed to find that out; bytes that may have arrived and say what no longer holds are not
 * repeated. What else such a mail was to tell goes into another.
 */
async function clearAfterDrop(tx: WriteDb, dropped: ReminderPlan['drop'], now: Date) {
  const { messages, notices, reminders } = tx.tables;
  const reasons = new Map(dropped.map(({ id, reason }) => [id, reason]));
  const rows = await tx
    .select({ id: reminders.id, messageId: reminders.messageId })
    .from(reminders)
    .where(inArray(reminders.id, [...reasons.keys()]));
  const about = new Map<string, CancelReason>();
  for (const { id, messageId } of rows) if (messageId !== null && !about.has(messageId)) about.set(messageId, reasons.get(id)!);
  const ids = [...about.keys()];
  // By id alone: with a state beside it SQLite looks through all that are in that state.
  const mails = await tx
    .select({
      id: messages.id,
      organisationId: messages.organisationId,
      state: messages.state,
      isFrozen: sql<boolean>`${isNotNull(messages.raw)}`.mapWith(Boolean),
    })
    .from(messages)
    .where(inArray(messages.id, ids));
  const reminderRows = await tx
    .select({ id: reminders.messageId, state: reminders.state })
    .from(reminders)
    .where(inArray(reminders.messageId, ids));
  const noticeRows = await tx
    .select({ id: notices.messageId })
    .from(notices)
    .where(and(inArray(notices.messageId, ids), isNull(notices.reason)));
  const full = new Set([...reminderRows.filter(({ state }) => state === 'pending'), ...noticeRows].map(({ id }) => id));
  for (const { id, organisationId, state, isFrozen } of mails) {
    if (state !== 'pending') continue;
    if (isFrozen) {
      await carryOver(tx, id, now);
      await cancelMessage(tx, id, 'replaced');
      if (organisationId !== null) await noteOrganisation(tx, organisationId);
    } else if (!full.has(id)) await cancelMessage(tx, id, about.get(id)!);
  }
}
