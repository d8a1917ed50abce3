/** The table of steps: an organisation's own dates, which no document names. */
import type { Kit, Target } from '../store/kit.ts';

/** What a step refers to. */
interface References {
  organisations: { id: Target };
  deadlines: { id: Target };
  recipients: { id: Target };
}

export function stepTables(kit: Kit, references: References) {
  return { steps: stepsTable(kit, references) };
}

/** What an organisation wants to have done by a day of its own, before a deadline or by itself. */
function stepsTable(kit: Kit, { organisations, deadlines, recipients }: References) {
  const columns = {
    id: kit.text().primaryKey(),
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    /** The deadline that it is before; null: it stands by itself. */
    deadlineId: kit.ref(deadlines.id, 'cascade'),
    title: kit.text().notNull(),
    /** The fixed day. What is to move along with a deadline may get a column of its own beside it. */
    dueOn: kit.day().notNull(),
    /** Which recipient sees to it; null: nobody in particular. */
    ownerId: kit.ref(recipients.id, 'set null'),
    /** On which day it was done, and who said so; both null where it is not. */
    completedOn: kit.day(),
    completedBy: kit.text(),
    createdAt: kit.moment().notNull(),
    /** When its day was given, or was another one last: nothing from before is caught up on. Null: before that was kept. */
    setAt: kit.moment(),
    /** Its part in the sequence number of its calendar entry, and when that rose; null: it never did. */
    sequence: kit.int().notNull().default(0),
    changedAt: kit.moment(),
  };
  return kit.table('steps', columns, (t) => [
    kit.index('steps_of').on(t.organisationId, t.deadlineId),
    /** For a recipient that goes. */
    kit.index('steps_owner').on(t.ownerId),
  ]);
}
