/** The tables of organisations: who they are, with whom they deal, and what is their own. */
import type { EventKind, Language, Outcome, RelationStatus, Role } from '../../calendars/terms.ts';
import { sql } from '../store/drizzle.ts';
import type { Kit, Target } from '../store/kit.ts';

/** What an organisation's own tables refer to. */
interface Others {
  insurers: { slug: Target };
  deadlines: { id: Target };
}

/** What a step refers to. */
interface StepReferences {
  organisations: { id: Target };
  deadlines: { id: Target };
  recipients: { id: Target };
}

export function organisationTables(kit: Kit, { insurers, deadlines }: Others) {
  const organisations = organisationsTable(kit);
  return {
    organisations,
    keys: keysTable(kit, organisations),
    relations: relationsTable(kit, organisations, insurers),
    events: eventsTable(kit, organisations, insurers),
    ownTerms: ownTermsTable(kit, organisations, deadlines),
    completions: completionsTable(kit, organisations, deadlines),
    eventMarks: eventMarksTable(kit, organisations),
  };
}

/** The table of an organisation's own dates, which no document names; recipients see to them. */
export function stepTables(kit: Kit, references: StepReferences) {
  return { steps: stepsTable(kit, references) };
}

/** `version` rises with every change of the organisation's own that its list or feed shows. */
function organisationsTable(kit: Kit) {
  const columns = {
    id: kit.text().primaryKey(),
    name: kit.text().notNull(),
    language: kit.text().$type<Language>().notNull(),
    roles: kit.json<Role[]>().notNull(),
    parentId: kit.text(),
    version: kit.int().notNull(),
    /** When `version` rose last; null when it never did since it was made. */
    changedAt: kit.moment(),
    createdAt: kit.moment().notNull(),
    /** Since when nobody gets its reminders any more, after somebody did; null while somebody does, or never did. */
    unremindedSince: kit.moment(),
    /** `choice` where those who are left want no reminders, or none for long; null where nobody is left. */
    unremindedWhy: kit.text().$type<'choice'>(),
  };
  return kit.table('organisations', columns, (t) => [
    kit.foreignKey({ name: 'organisations_parent_fk', columns: [t.parentId], foreignColumns: [t.id] }).onDelete('set null'),
    kit.index('organisations_parent').on(t.parentId),
    kit
      .index('organisations_unreminded')
      .on(t.unremindedSince)
      .where(sql`unreminded_since is not null`),
  ]);
}

/** Access keys as SHA-256. Without an organisation it is an editor's. */
function keysTable(kit: Kit, organisations: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    organisationId: kit.ref(organisations.id, 'cascade'),
    label: kit.text().notNull(),
    hash: kit.text().notNull(),
    createdAt: kit.moment().notNull(),
    /** The beginning of the hour in which it was used last; null when it never was since this is kept. */
    lastUsedAt: kit.moment(),
    /** From when it lets nobody in, because another took its place; null: it stays. */
    endsAt: kit.moment(),
  };
  return kit.table('keys', columns, (t) => [kit.uniqueIndex('keys_hash').on(t.hash), kit.index('keys_organisation').on(t.organisationId)]);
}

function relationsTable(kit: Kit, organisations: { id: Target }, insurers: { slug: Target }) {
  const columns = {
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    insurerSlug: kit.ref(insurers.slug).notNull(),
    contractStatus: kit.text().$type<RelationStatus>().notNull(),
    preferred: kit.bool().notNull(),
  };
  return kit.table('relations', columns, (t) => [
    kit.primaryKey({ name: 'relations_pk', columns: [t.organisationId, t.insurerSlug] }),
    kit.index('relations_insurer').on(t.insurerSlug),
    /** Who deals with an insurer, a few at a time. */
    kit.index('relations_dealing').on(t.insurerSlug, t.organisationId),
  ]);
}

/** What happened at the organisation itself and starts a term. */
function eventsTable(kit: Kit, organisations: { id: Target }, insurers: { slug: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    kind: kit.text().$type<EventKind>().notNull(),
    insurerSlug: kit.ref(insurers.slug).notNull(),
    contractYear: kit.int().notNull(),
    occurredOn: kit.day().notNull(),
    createdAt: kit.moment().notNull(),
  };
  return kit.table('events', columns, (t) => [kit.uniqueIndex('events_once').on(t.organisationId, t.kind, t.insurerSlug, t.contractYear)]);
}

/** The identity of an organisation's own computed date in its calendar. Kept when the event goes, so that a correction moves the same item. */
function ownTermsTable(kit: Kit, organisations: { id: Target }, deadlines: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    deadlineId: kit.ref(deadlines.id, 'cascade').notNull(),
    sequence: kit.int().notNull(),
    changedAt: kit.moment().notNull(),
  };
  return kit.table('own_terms', columns, (t) => [kit.uniqueIndex('own_terms_once').on(t.organisationId, t.deadlineId)]);
}

function completionsTable(kit: Kit, organisations: { id: Target }, deadlines: { id: Target }) {
  const columns = {
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    deadlineId: kit.ref(deadlines.id, 'cascade').notNull(),
    completedOn: kit.day().notNull(),
    by: kit.text().notNull(),
    evidence: kit.text(),
    /** Whether it was handed in, or need not be; then why. */
    outcome: kit.text().$type<Outcome>().notNull().default('submitted'),
    reason: kit.text(),
    recordedAt: kit.moment().notNull(),
  };
  return kit.table('completions', columns, (t) => [kit.primaryKey({ name: 'completions_pk', columns: [t.organisationId, t.deadlineId] })]);
}

/** What changes of an organisation itself add to the sequence numbers of its calendar entries, by scope. Never removed, so that they only rise. */
function eventMarksTable(kit: Kit, organisations: { id: Target }) {
  const columns = {
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    /** `all`, `event:` with a UID, or `done:` with a deadline's id. */
    scope: kit.text().notNull(),
    sequence: kit.int().notNull(),
    changedAt: kit.moment().notNull(),
  };
  return kit.table('event_marks', columns, (t) => [kit.primaryKey({ name: 'event_marks_pk', columns: [t.organisationId, t.scope] })]);
}

/** What an organisation wants to have done by a day of its own, before a deadline or by itself. */
function stepsTable(kit: Kit, { organisations, deadlines, recipients }: StepReferences) {
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
