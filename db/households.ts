/** Households: an organisation and those it delivers for, with all that is their own in an agenda. */
import type { Completion, Step } from '../calendars/concern.ts';
import { eq, inArray, or, sql } from './drizzle.ts';
import type { Mark } from './event-marks.ts';
import type { OwnEvent } from './events.ts';
import type { Organisation, Relation, Tables } from './schema.ts';
import { preparedFor } from './prepared.ts';
import type { ReadDb } from './store.ts';

/** Whose deadlines: an organisation, and below it those it delivers for. */
export interface Household {
  /** The organisation itself first, then the others by name. None when there is no such organisation. */
  members: Organisation[];
  relations: Relation[];
  events: OwnEvent[];
  ownTerms: Tables['ownTerms']['$inferSelect'][];
  /** The organisation's own, by scope. */
  marks: ReadonlyMap<string, Mark>;
  /** All members', by member and deadline: see `completionKey`. */
  completions: ReadonlyMap<string, Completion>;
  /** The organisation's own, by deadline. */
  steps: ReadonlyMap<string, Step[]>;
}

/** The household of one organisation. */
export async function readHousehold(db: ReadDb, organisationId: string): Promise<Household> {
  const statements = statementsOf(db);
  const of = { id: organisationId };
  const rows = await statements.members.execute(of);
  const members = [...rows.filter((row) => row.id === organisationId), ...rows.filter((row) => row.id !== organisationId)];
  const ids = members.map((member) => member.id);
  const relations = await statements.relations.execute(of);
  return {
    members,
    relations: relations.map((relation) => sharingText(relation, ids)),
    events: await statements.events.execute(of),
    ownTerms: await statements.ownTerms.execute(of),
    marks: orNone(new Map((await statements.marks.execute(of)).map(({ scope, sequence, changedAt }) => [scope, { sequence, changedAt }]))),
    completions: orNone(
      new Map(
        (await statements.completions.execute(of)).map(({ organisationId: whose, deadlineId, completedOn, by, evidence }) => [
          completionKey(whose, deadlineId),
          { completedOn, by, evidence },
        ]),
      ),
    ),
    steps: orNone(byDeadline(await statements.steps.execute(of))),
  };
}

const statementsOf = preparedFor((db: ReadDb) => {
  const { completions, eventMarks, events, organisations, ownTerms, relations, steps } = db.tables;
  const id = sql.placeholder('id');
  const isMember = or(eq(organisations.id, id), eq(organisations.parentId, id));
  const members = db.select({ id: organisations.id }).from(organisations).where(isMember);
  return {
    members: db.select().from(organisations).where(isMember).orderBy(organisations.name, organisations.id).prepare('household_members'),
    relations: db.select().from(relations).where(inArray(relations.organisationId, members)).prepare('household_relations'),
    events: db.select().from(events).where(inArray(events.organisationId, members)).prepare('household_events'),
    ownTerms: db.select().from(ownTerms).where(inArray(ownTerms.organisationId, members)).prepare('household_own_terms'),
    completions: db.select().from(completions).where(inArray(completions.organisationId, members)).prepare('household_completions'),
    marks: db.select().from(eventMarks).where(eq(eventMarks.organisationId, id)).prepare('household_marks'),
    steps: db.select().from(steps).where(eq(steps.organisationId, id)).orderBy(steps.dueOn, steps.id).prepare('household_steps'),
  };
});

const words = new Map<string, string>();
/** There are some tens of insurers, and a few statuses. */
const MOST_WORDS = 1000;

/** The same relation with strings that many have in common: a household in memory is half as large. */
function sharingText({ organisationId, insurerSlug, contractStatus, ...relation }: Relation, ids: readonly string[]): Relation {
  return {
    ...relation,
    organisationId: ids.find((id) => id === organisationId) ?? organisationId,
    insurerSlug: sharedText(insurerSlug),
    contractStatus: sharedText(contractStatus),
  };
}

function sharedText<T extends string>(text: T): T {
  const known = words.get(text);
  // The very same text.
  if (known !== undefined) return known as T;
  if (words.size < MOST_WORDS) words.set(text, text);
  return text;
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

function orNone<V>(map: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  return map.size === 0 ? NONE : map;
}

function byDeadline(rows: readonly (Step & { deadlineId: string })[]): Map<string, Step[]> {
  const steps = new Map<string, Step[]>();
  for (const { id, title, dueOn, deadlineId } of rows) steps.set(deadlineId, [...(steps.get(deadlineId) ?? []), { id, title, dueOn }]);
  return steps;
}

/** Whose completion of what. */
export function completionKey(organisationId: string, deadlineId: string): string {
  return `${organisationId} ${deadlineId}`;
}
