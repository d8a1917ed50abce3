/** The table of reminders. */
import { sql } from '../store/drizzle.ts';
import type { Kit, Target } from '../store/kit.ts';

/** What a reminder refers to. */
interface References {
  recipients: { id: Target };
  deadlines: { id: Target };
  organisations: { id: Target };
  messages: { id: Target };
}

export function reminderTables(kit: Kit, references: References) {
  return { reminders: remindersTable(kit, references) };
}

/** One reminder of one deadline, or of one step, to one recipient, this many days before. Never two for the same day to count from. */
function remindersTable(kit: Kit, { recipients, deadlines, organisations, messages }: References) {
  const columns = {
    id: kit.text().primaryKey(),
    recipientId: kit.ref(recipients.id, 'cascade').notNull(),
    /** The deadline that it is about; null: it is about a step. */
    deadlineId: kit.ref(deadlines.id, 'cascade'),
    /** The step that it is about, also once that is gone: what was sent stays on record. Of a step the lead is in working days. */
    stepId: kit.text(),
    /** Whose duty it is: the recipient's organisation, or one that it delivers for. */
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    /** The day it counts from (`countingDay`). */
    lastSafeOn: kit.day().notNull(),
    leadDays: kit.int().notNull(),
    messageId: kit.ref(messages.id, 'cascade'),
    state: kit.text().$type<'pending' | 'sent' | 'cancelled'>().notNull(),
    reason: kit.text(),
    createdAt: kit.moment().notNull(),
  };
  return kit.table('reminders', columns, (t) => [
    kit.uniqueIndex('reminders_once').on(t.recipientId, t.deadlineId, t.organisationId, t.lastSafeOn, t.leadDays),
    kit.uniqueIndex('reminders_step_once').on(t.recipientId, t.stepId, t.lastSafeOn, t.leadDays),
    kit.index('reminders_message').on(t.messageId),
    /** For an organisation that goes. */
    kit.index('reminders_organisation').on(t.organisationId),
    /** Few among very many: those that wait for their mail. */
    kit
      .index('reminders_pending')
      .on(t.recipientId)
      .where(sql`state = 'pending'`),
    kit.check('reminders_about', sql`(${t.deadlineId} is null) <> (${t.stepId} is null)`),
  ]);
}
