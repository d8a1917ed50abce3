/** The table of acts: what somebody did that ends reminders, or lets them go on, so that the others of the organisation hear of it. */
import type { Outcome } from '../../calendars/terms.ts';
import { sql } from '../store/drizzle.ts';
import type { Kit, Target } from '../store/kit.ts';

export type ActKind = 'completed' | 'reopened' | 'muted' | 'unsubscribed';
/** By which way: a link in a mail, the organisation's page, an API key, or the operator's command line. */
export type ActWay = 'link' | 'page' | 'key' | 'command';

/** What was said of a deadline: that it was handed in, or that it need not be, and why. */
export interface Said {
  outcome: Outcome;
  reason: string | null;
}

/** What an act refers to. */
interface References {
  organisations: { id: Target };
  deadlines: { id: Target };
  recipients: { id: Target };
  steps: { id: Target };
}

export function actTables(kit: Kit, references: References) {
  return { acts: actsTable(kit, references) };
}

function actsTable(kit: Kit, { organisations, deadlines, recipients, steps }: References) {
  const columns = {
    id: kit.text().primaryKey(),
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    kind: kit.text().$type<ActKind>().notNull(),
    /** Null where it is about no deadline. */
    deadlineId: kit.ref(deadlines.id, 'cascade'),
    /** The own date that it is about; null where it is about none. */
    stepId: kit.ref(steps.id, 'cascade'),
    /** Who did it by a link in its mail; null where that was nobody's mail, or its reader was removed. */
    recipientId: kit.ref(recipients.id, 'set null'),
    /** Its address, or the name that was given; null where none was. */
    by: kit.text(),
    way: kit.text().$type<ActWay>().notNull(),
    /** What was said of the deadline, or of the own date, before; null where it was open. */
    before: kit.json<Said>(),
    at: kit.moment().notNull(),
    /** When it was put in the mails of who is to hear of it; null while that is to come. */
    queuedAt: kit.moment(),
  };
  return kit.table('acts', columns, (t) => [
    kit.index('acts_organisation').on(t.organisationId),
    kit.index('acts_recipient').on(t.recipientId),
    kit.index('acts_deadline').on(t.deadlineId),
    kit.index('acts_step').on(t.stepId),
    /** Few among all: those that nobody was told of yet. */
    kit
      .index('acts_new')
      .on(t.at)
      .where(sql`queued_at is null`),
  ]);
}
