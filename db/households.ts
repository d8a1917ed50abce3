/** Households: an organisation and those it delivers for, with all that is their own in an agenda. */
import type { Completion, Step } from '../calendars/concern.ts';
import { eq, inArray, or } from './drizzle.ts';
import { readMarks, type Mark } from './event-marks.ts';
import type { OwnEvent } from './events.ts';
import type { Organisation, Relation, Tables } from './schema.ts';
import type { ReadDb } from './store.ts';

/** Whose deadlines: an organisation, and below it those it delivers for. */
export interface Household {
  /** The organisation itself first, then the others by name. None when there is no such organisation. */
  members: Organisation[];
  relations: Relation[];
  events: OwnEvent[];
  ownTerms: Tables['ownTerms']['$inferSelect'][];
  /** The organisation's own, by scope. */
  marks: Map<string, Mark>;
  /** All members', by member and deadline: see `completionKey`. */
  completions: Map<string, Completion>;
  /** The organisation's own, by deadline. */
  steps: Map<string, Step[]>;
}

/** The household of one organisation. */
export async function readHousehold(db: ReadDb, organisationId: string): Promise<Household> {
  const { events, organisations, ownTerms, relations } = db.tables;
  const rows = await db
    .select()
    .from(organisations)
    .where(or(eq(organisations.id, organisationId), eq(organisations.parentId, organisationId)))
    .orderBy(organisations.name, organisations.id);
  const members = [...rows.filter((row) => row.id === organisationId), ...rows.filter((row) => row.id !== organisationId)];
  const ids = members.map((member) => member.id);
  return {
    members,
    relations: await db.select().from(relations).where(inArray(relations.organisationId, ids)),
    events: await db.select().from(events).where(inArray(events.organisationId, ids)),
    ownTerms: await db.select().from(ownTerms).where(inArray(ownTerms.organisationId, ids)),
    marks: await readMarks(db, organisationId),
    completions: await readCompletions(db, ids),
    steps: await readSteps(db, organisationId),
  };
}

/** Whose completion of what. */
export function completionKey(organisationId: string, deadlineId: string): string {
  return `${organisationId} ${deadlineId}`;
}

async function readCompletions(db: ReadDb, organisationIds: readonly string[]): Promise<Household['completions']> {
  const { completions } = db.tables;
  const rows = await db
    .select()
    .from(completions)
    .where(inArray(completions.organisationId, [...organisationIds]));
  return new Map(
    rows.map(({ organisationId, deadlineId, completedOn, by, evidence }) => [
      completionKey(organisationId, deadlineId),
      { completedOn, by, evidence },
    ]),
  );
}

async function readSteps(db: ReadDb, organisationId: string): Promise<Household['steps']> {
  const { steps } = db.tables;
  const rows = await db.select().from(steps).where(eq(steps.organisationId, organisationId)).orderBy(steps.dueOn, steps.id);
  const byDeadline = new Map<string, Step[]>();
  for (const { id, title, dueOn, deadlineId } of rows)
    byDeadline.set(deadlineId, [...(byDeadline.get(deadlineId) ?? []), { id, title, dueOn }]);
  return byDeadline;
}
