/** What the planner reads: the recipients of a slice of organisations with what they chose, and what was planned and sent to them before. */
import { addDays, amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import { isOfDeadline, isOfStep } from '../../calendars/reminders/due-reminder.ts';
import type { StoredReminder } from '../../calendars/reminders/reminder-plan.ts';
import { MOST_DAYS_AFTER } from '../../calendars/reminders/reminders.ts';
import type { StoredStep } from '../../calendars/reminders/step-plan.ts';
import type { Day } from '../../calendars/terms.ts';
import type { AgendaInput } from '../organisations/agenda-input.ts';
import { readAgendaInputs } from '../organisations/agendas.ts';
import type { Recipient } from '../schema/schema.ts';
import { and, eq, gte, inArray, or } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';

/** What is read for a slice of organisations. */
export interface Slice {
  /** The confirmed ones, by organisation and address. */
  recipients: Recipient[];
  agendaInputs: Map<string, AgendaInput>;
  mutes: Map<string, Set<string>>;
  /** The recipients that have a reminder to be sent. */
  waiting: Set<string>;
}

/** Reads what the plans of these organisations' confirmed recipients rest on, but for what was sent to them. */
export async function readSlice(db: ReadDb, organisationIds: readonly string[]): Promise<Slice> {
  const tables = db.tables;
  const ids = [...organisationIds];
  const recipients = await db
    .select()
    .from(tables.recipients)
    .where(and(inArray(tables.recipients.organisationId, ids), eq(tables.recipients.status, 'confirmed')))
    .orderBy(tables.recipients.organisationId, tables.recipients.email);
  const recipientIds = recipients.map(({ id }) => id);
  const mutes = await db.select().from(tables.mutes).where(inArray(tables.mutes.recipientId, recipientIds));
  const waitingRows = await db
    .selectDistinct({ id: tables.reminders.recipientId })
    .from(tables.reminders)
    .where(and(inArray(tables.reminders.recipientId, recipientIds), eq(tables.reminders.state, 'pending')));
  const mutesOf = new Map<string, Set<string>>();
  for (const { recipientId, deadlineId } of mutes) mutesOf.set(recipientId, (mutesOf.get(recipientId) ?? new Set()).add(deadlineId));
  return {
    recipients,
    agendaInputs: await readAgendaInputs(db, [...new Set(recipients.map(({ organisationId }) => organisationId))]),
    mutes: mutesOf,
    waiting: new Set(waitingRows.map(({ id }) => id)),
  };
}

/** What was planned and sent of one recipient. */
export interface History {
  /** The reminders of deadlines that can still matter: for days to come or just over, or not sent yet. */
  rows: StoredReminder[];
  /** The same of the organisation's own dates. */
  steps: StoredStep[];
  /** Whether today's mail has left. */
  mailLeft: boolean;
}

export const NO_HISTORY: Readonly<History> = { rows: [], steps: [], mailLeft: false };

/** By recipient; who has none is left out. */
export async function readHistories(db: ReadDb, recipientIds: string[], today: Day): Promise<Map<string, History>> {
  const { deadlines, messages, reminders } = db.tables;
  const histories = new Map<string, History>();
  const of = (id: string) => {
    const history = histories.get(id) ?? { rows: [], steps: [], mailLeft: false };
    histories.set(id, history);
    return history;
  };
  const rows = await db
    .select({ reminder: reminders, messageState: messages.state })
    .from(reminders)
    .leftJoin(messages, eq(messages.id, reminders.messageId))
    .where(
      and(
        inArray(reminders.recipientId, recipientIds),
        or(
          gte(reminders.lastSafeOn, addDays(today, -MOST_DAYS_AFTER)),
          eq(reminders.state, 'pending'),
          // Who is asked once whether there is something to sign is not asked again when its day moved far.
          inArray(reminders.deadlineId, db.select({ id: deadlines.id }).from(deadlines).where(eq(deadlines.activity, 'signing'))),
        ),
      ),
    );
  for (const { reminder, messageState } of rows) {
    const leaving = messageState !== null && messageState !== 'pending';
    const history = of(reminder.recipientId);
    if (isOfDeadline(reminder)) history.rows.push({ ...reminder, leaving });
    else if (isOfStep(reminder)) history.steps.push({ ...reminder, leaving });
  }
  const mailsLeft = await db
    .select({ recipientId: messages.recipientId, claimedAt: messages.claimedAt })
    .from(messages)
    .where(
      and(
        inArray(messages.recipientId, recipientIds),
        eq(messages.kind, 'reminder'),
        inArray(messages.state, ['sending', 'sent']),
        gte(messages.claimedAt, amsterdamMoment(today, '00:00')),
      ),
    );
  for (const { recipientId, claimedAt } of mailsLeft)
    if (recipientId !== null && claimedAt !== null && amsterdamDay(claimedAt) === today) of(recipientId).mailLeft = true;
  return histories;
}
