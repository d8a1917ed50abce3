/** The rows that drafts of several messages are made from, read together in a few queries. */
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { isOfDeadline } from '../../calendars/reminders/due-reminder.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import { policyUrls } from '../registry/insurers.ts';
import { and, asc, eq, inArray, max, or } from '../store/drizzle.ts';
import { readActFacts, stampOfActs, type ActFact } from '../notices/act-facts.ts';
import type { Message, Notice, Organisation, Recipient, Tables } from '../schema/schema.ts';
import { readTakenAway, type TakenAway } from '../reminders/taken-away.ts';
import { readHeldDeadlines, type HeldDeadline } from '../registry/editions/held.ts';
import { readStepFacts, stampOfSteps, type StepFacts } from '../reminders/step-review.ts';
import type { ReadDb } from '../store/store.ts';
import { readCounters } from '../store/counters.ts';

type Reminder = Tables['reminders']['$inferSelect'] & { deadlineId: string };

export type Relation = Pick<Tables['relations']['$inferSelect'], 'insurerSlug' | 'contractStatus'>;

export interface DraftFacts {
  /** The last committed version of the sector's rows. */
  sector: number;
  /** By id. */
  recipients: ReadonlyMap<string, Recipient>;
  /** By id: the messages' own, those that deliver for them, and all others that they tell of. */
  organisations: ReadonlyMap<string, Organisation>;
  /** By organisation: the highest version among its insurers, its children's included. */
  registry: ReadonlyMap<string, number>;
  /** By message: what it is to remind of, by day. */
  pending: ReadonlyMap<string, Reminder[]>;
  /** What mails remind of among own dates. */
  ownDates: StepFacts;
  /** By message, in the order of their deadlines. */
  notices: ReadonlyMap<string, Notice[]>;
  /** By message: what it is to tell of acts, the oldest first. */
  acts: ReadonlyMap<string, ActFact[]>;
  /** By recipient: the other organisations of which its address gets mails too, by name; none for who gets those of one. */
  otherNames: ReadonlyMap<string, readonly string[]>;
  /** By organisation: how it stands with its insurers, by slug. */
  relations: ReadonlyMap<string, Relation[]>;
  /** How many insurers the registry has. */
  insurerCount: number;
  /** By recipient: which reminders a new release took away. */
  takenAway: ReadonlyMap<string, TakenAway>;
  /** By recipient: the deadlines that it wants no mail about, in the order in which it said so. */
  muted: ReadonlyMap<string, string[]>;
  /** By id: the deadlines of which no mail tells yet. */
  held: ReadonlyMap<string, HeldDeadline>;
}

export async function readDraftFacts(db: ReadDb, about: readonly Message[]): Promise<DraftFacts> {
  const { mutes, notices, organisations, recipients, reminders } = db.tables;
  const ids = about.map(({ id }) => id);
  const recipientIds = unique(about.map(({ recipientId }) => recipientId));
  const noticeRows = await db
    .select()
    .from(notices)
    .where(inArray(notices.messageId, ids))
    .orderBy(asc(notices.deadlineId), asc(notices.id));
  const ownIds = unique(about.map(({ organisationId }) => organisationId));
  const organisationIds = unique([
    ...ownIds,
    ...noticeRows.map(({ organisationId }) => organisationId),
    ...about.map(({ aboutId }) => aboutId),
  ]);
  const organisationRows = await db.select().from(organisations).where(inArray(organisations.id, organisationIds));
  const parents = unique(organisationRows.map(({ parentId }) => parentId)).filter((id) => !organisationIds.includes(id));
  if (parents.length > 0) organisationRows.push(...(await db.select().from(organisations).where(inArray(organisations.id, parents))));
  const told = noticeRows.filter(({ reason }) => reason === null);
  const pending = await db
    .select()
    .from(reminders)
    .where(and(inArray(reminders.messageId, ids), eq(reminders.state, 'pending')))
    .orderBy(asc(reminders.lastSafeOn), asc(reminders.id));
  const people = await db.select().from(recipients).where(inArray(recipients.id, recipientIds));
  const muteRows = await db
    .select({ recipientId: mutes.recipientId, deadlineId: mutes.deadlineId })
    .from(mutes)
    .where(inArray(mutes.recipientId, recipientIds))
    .orderBy(mutes.createdAt, mutes.deadlineId);
  return {
    sector: (await readCounters(db)).sector,
    recipients: new Map(people.map((row) => [row.id, row])),
    organisations: new Map(organisationRows.map((row) => [row.id, row])),
    registry: await registryVersions(db, ownIds),
    pending: Map.groupBy(pending.filter(isOfDeadline), ({ messageId }) => messageId!),
    ownDates: await readStepFacts(db, pending),
    notices: Map.groupBy(
      told.filter(isOfDeadline).filter(({ kind }) => kind !== 'acts'),
      ({ messageId }) => messageId,
    ),
    acts: await readActFacts(
      db,
      told.filter(({ kind }) => kind === 'acts'),
    ),
    otherNames: await otherNamesOf(db, people),
    relations: await relationsOf(db, ownIds),
    insurerCount: await db.$count(db.tables.insurers),
    held: await readHeldDeadlines(db),
    takenAway: await readTakenAway(db, recipientIds),
    muted: new Map([...Map.groupBy(muteRows, (row) => row.recipientId)].map(([id, rows]) => [id, rows.map((row) => row.deadlineId)])),
  };
}

/** Changes with everything that a draft is made of; comparing it is cheaper than drafting again. */
export function stampFrom(
  { acts, organisations, muted, notices, otherNames, ownDates, pending, recipients, registry, sector, takenAway }: DraftFacts,
  message: Message,
  now: Date,
): string {
  const { aboutId, id, recipientId } = message;
  const organisationId = message.organisationId ?? '';
  const organisation = organisations.get(organisationId);
  const ownNotices = notices.get(id) ?? [];
  const otherIds = [...ownNotices.map((notice) => notice.organisationId), aboutId, organisation?.parentId ?? null];
  const versions = [...new Set(otherIds.filter((other) => other !== null))]
    .sort()
    .map((other) => [other, organisations.get(other)?.version]);
  return JSON.stringify([
    amsterdamDay(now),
    organisation?.version,
    Math.max(registry.get(organisationId) ?? 0, sector),
    recipients.get(recipientId ?? ''),
    otherNames.get(recipientId ?? ''),
    muted.get(recipientId ?? ''),
    takenAway.get(recipientId ?? ''),
    pending.get(id)?.map((reminder) => reminder.id),
    ownNotices.map((notice) => notice.id),
    stampOfActs(acts.get(id) ?? []),
    stampOfSteps(id, ownDates, amsterdamDay(now)),
    versions,
  ]);
}

async function relationsOf(db: ReadDb, organisationIds: string[]): Promise<Map<string, Relation[]>> {
  const { relations } = db.tables;
  const rows = await db
    .select({ id: relations.organisationId, insurerSlug: relations.insurerSlug, contractStatus: relations.contractStatus })
    .from(relations)
    .where(inArray(relations.organisationId, organisationIds))
    .orderBy(asc(relations.insurerSlug));
  return Map.groupBy(rows, ({ id }) => id);
}

async function otherNamesOf(db: ReadDb, people: readonly Recipient[]): Promise<Map<string, string[]>> {
  const { organisations, recipients } = db.tables;
  const emails = unique(people.map(({ email }) => email));
  const rows = await db
    .select({ email: recipients.email, organisationId: recipients.organisationId, status: recipients.status, name: organisations.name })
    .from(recipients)
    .innerJoin(organisations, eq(organisations.id, recipients.organisationId))
    .where(inArray(recipients.email, emails))
    .orderBy(asc(organisations.name), asc(organisations.id));
  const confirmed = Map.groupBy(
    rows.filter(({ status }) => status === 'confirmed'),
    ({ email }) => email,
  );
  return new Map(
    people.flatMap(({ email, id, organisationId }) => {
      const others = (confirmed.get(email) ?? []).filter((row) => row.organisationId !== organisationId);
      return others.length === 0 ? [] : [[id, others.map(({ name }) => name)] as const];
    }),
  );
}

/** What insurers do themselves, with where their policy stands: in a source of its own, else where they published before. */
export async function withPolicies<T extends { item: AgendaItem }>(db: ReadDb, due: readonly T[]): Promise<T[]> {
  const slugs = due.flatMap(({ item }) => (item.as === 'informed' ? (item.deadline.insurer ?? []) : []));
  if (slugs.length === 0) return [...due];
  const urls = await policyUrls(db, slugs);
  return due.map((one) => {
    const { insurer, sources } = one.item.deadline;
    const policyUrl = sources.find(({ url }) => url !== null)?.url ?? urls.get(insurer ?? '') ?? null;
    return one.item.as === 'informed' ? { ...one, item: { ...one.item, policyUrl } } : one;
  });
}

async function registryVersions(db: ReadDb, organisationIds: string[]): Promise<Map<string, number>> {
  const { insurers, organisations, relations } = db.tables;
  const rows = await db
    .select({ id: organisations.id, parentId: organisations.parentId, version: max(insurers.version) })
    .from(organisations)
    .innerJoin(relations, eq(relations.organisationId, organisations.id))
    .innerJoin(insurers, eq(insurers.slug, relations.insurerSlug))
    .where(or(inArray(organisations.id, organisationIds), inArray(organisations.parentId, organisationIds)))
    .groupBy(organisations.id, organisations.parentId);
  const versions = new Map<string, number>();
  for (const { id, parentId, version } of rows)
    for (const one of [id, parentId]) if (one !== null) versions.set(one, Math.max(versions.get(one) ?? 0, version ?? 0));
  return versions;
}

const unique = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))];
