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
  marks: ReadonlyMap<string, Mark>;
  /** All members', by member and deadline: see `completionKey`. */
  completions: ReadonlyMap<string, Completion>;
  /** The organisation's own, by deadline. */
  steps: ReadonlyMap<string, Step[]>;
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
  const dealings = await db.select().from(relations).where(inArray(relations.organisationId, ids));
  return {
    members,
    relations: dealings.map((relation) => sharingText(relation, ids)),
    events: await db.select().from(events).where(inArray(events.organisationId, ids)),
    ownTerms: await db.select().from(ownTerms).where(inArray(ownTerms.organisationId, ids)),
    marks: orNone(await readMarks(db, organisationId)),
    completions: orNone(await readCompletions(db, ids)),
    steps: orNone(await readSteps(db, organisationId)),
  };
}

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
