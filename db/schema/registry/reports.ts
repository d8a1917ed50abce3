/** The table of reports: what readers say is wrong with an entry. */
import type { Language } from '../../../calendars/terms.ts';
import type { Kit, Target } from '../../store/kit.ts';

/** What a report refers to. */
interface References {
  deadlines: { id: Target };
}

export function reportTables(kit: Kit, { deadlines }: References) {
  const columns = {
    id: kit.text().primaryKey(),
    deadlineId: kit.ref(deadlines.id, 'cascade').notNull(),
    /** The revision that the reader saw. */
    revision: kit.int().notNull(),
    language: kit.text().$type<Language>().notNull(),
    wrong: kit.text().notNull(),
    /** What it should be; null where the reader did not say. */
    correct: kit.text(),
    /** Where that stands. */
    proof: kit.text(),
    /** Where the reader can be asked; null where the reader does not want that, or no more. */
    email: kit.text(),
    /** A keyed digest of where it came from, for the limit; null once that is past. */
    caller: kit.text(),
    /** How many the same caller had sent when it came. */
    turn: kit.int().notNull(),
    createdAt: kit.moment().notNull(),
    closedAt: kit.moment(),
  };
  return {
    reports: kit.table('reports', columns, (t) => [
      kit.uniqueIndex('reports_turn').on(t.caller, t.turn),
      kit.index('reports_created').on(t.createdAt),
      kit.index('reports_deadline').on(t.deadlineId),
    ]),
  };
}
