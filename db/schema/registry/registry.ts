/** The tables of the registry: insurers, their documents, and deadlines with all that they ever said. */
import type { Conflict, Content, Precedent } from '../../../calendars/deadlines/deadline.ts';
import type { Activity, Actor, CareType, InsurerKind, Kind, Origin, Strictness } from '../../../calendars/terms.ts';
import { sql } from '../../store/drizzle.ts';
import type { Kit, Target } from '../../store/kit.ts';
import { editionsTable, editionTables } from './editions.ts';

/** One way to reach an insurer, for one purpose. */
export interface Contact {
  purpose: string;
  email: string | null;
  phone: string | null;
  url: string | null;
  hours: string | null;
}

export function registryTables(kit: Kit) {
  const insurers = insurersTable(kit);
  const documents = documentsTable(kit);
  const editions = editionsTable(kit, insurers);
  const deadlines = deadlinesTable(kit, insurers);
  const publicChanges = publicChangesTable(kit, deadlines, editions);
  return {
    insurers,
    documents,
    insurerDocuments: insurerDocumentsTable(kit, insurers, documents),
    editions,
    deadlines,
    publicChanges,
    revisions: revisionsTable(kit, { deadlines, editions, publicChanges }),
    deadlineRoles: deadlineRolesTable(kit, deadlines),
    changes: changesTable(kit, deadlines, editions),
    loadedFiles: loadedFilesTable(kit),
    ...editionTables(kit, { insurers, documents, deadlines, editions }),
  };
}

/** Health insurers, and parties that buy care without being one. `version` rises with every change that a reader can see. */
function insurersTable(kit: Kit) {
  return kit.table('insurers', {
    slug: kit.text().primaryKey(),
    name: kit.text().notNull(),
    kind: kit.text().$type<InsurerKind>().notNull(),
    website: kit.text(),
    aliases: kit.json<string[]>().notNull(),
    contacts: kit.json<Contact[]>().notNull(),
    remarks: kit.json<string[]>().notNull(),
    version: kit.int().notNull(),
    /** When something in its feeds changed last; null when that is not known to have happened. */
    changedAt: kit.moment(),
  });
}

function documentsTable(kit: Kit) {
  return kit.table('documents', {
    key: kit.text().primaryKey(),
    title: kit.text().notNull(),
    version: kit.text(),
    url: kit.text(),
    publishedOn: kit.day(),
    remarks: kit.json<string[]>().notNull(),
  });
}

/** What the registry's files said when they were loaded last: what an editor changed since stays, until the files say something else. */
function loadedFilesTable(kit: Kit) {
  return kit.table('loaded_files', {
    /** `insurer/` with a slug, or `document/` with a key. */
    subject: kit.text().primaryKey(),
    digest: kit.text().notNull(),
  });
}

/** Which insurers a document speaks of. */
function insurerDocumentsTable(kit: Kit, insurers: { slug: Target }, documents: { key: Target }) {
  const columns = {
    insurerSlug: kit.ref(insurers.slug, 'cascade').notNull(),
    documentKey: kit.ref(documents.key, 'cascade').notNull(),
    position: kit.int().notNull(),
  };
  return kit.table('insurer_documents', columns, (t) => [
    kit.primaryKey({ name: 'insurer_documents_pk', columns: [t.insurerSlug, t.documentKey] }),
  ]);
}

/** One row per deadline for life; what it says stands in its revisions. */
function deadlinesTable(kit: Kit, insurers: { slug: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    /** Insurer, contract year, care type, activity, slot and which requirement in one text: at most one deadline each. */
    key: kit.text().notNull(),
    insurerSlug: kit.ref(insurers.slug),
    contractYear: kit.int().notNull(),
    careType: kit.text().$type<CareType>().notNull(),
    activity: kit.text().$type<Activity>().notNull(),
    slot: kit.int(),
    /** Which of an insurer's requirements; null for everything else. */
    requirementKey: kit.text(),
    /** The number of the revision that counts now. */
    revision: kit.int().notNull(),
    /** Rises with every visible change, and with it `changedAt` by at least a second (RFC 5545, 3.8.7.4; calendar apps compare both). */
    sequence: kit.int().notNull(),
    changedAt: kit.moment().notNull(),
    createdAt: kit.moment().notNull(),
    /** When it was last compared with its document, and by whom: no revision, since it says the same. */
    checkedOn: kit.day(),
    checkedBy: kit.text(),
    /** Until when no mail tells of it: the end of the grace time of the edition that changed it last. */
    heldUntil: kit.moment(),
  };
  return kit.table('deadlines', columns, (t) => [
    kit.uniqueIndex('deadlines_key').on(t.key),
    kit.index('deadlines_insurer_year').on(t.insurerSlug, t.contractYear),
    kit.check('deadlines_slot', sql`${t.slot} between 1 and 4`),
  ]);
}

/** What readers are told of as one change of the registry: of a deadline, from one revision to another. It stays for good. */
function publicChangesTable(kit: Kit, deadlines: { id: Target }, editions: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    /** Its place in the order of becoming public, which is that of the commits; null until it is public. */
    number: kit.int(),
    /** Since when it is public; null until then. */
    publicAt: kit.moment(),
    deadlineId: kit.ref(deadlines.id, 'cascade').notNull(),
    /** The number of the revision before; 0 where the deadline is new. */
    fromRevision: kit.int().notNull(),
    /** The number of the revision that it made. */
    revision: kit.int().notNull(),
    /** The edition that it came with; null where the registry's files said it. */
    editionId: kit.ref(editions.id),
  };
  return kit.table('public_changes', columns, (t) => [
    kit.uniqueIndex('public_changes_number').on(t.number),
    kit.uniqueIndex('public_changes_once').on(t.deadlineId, t.revision),
    kit.index('public_changes_edition').on(t.editionId),
  ]);
}

/** What a deadline said from some moment on. Append only. */
function revisionsTable(
  kit: Kit,
  { deadlines, editions, publicChanges }: Record<'deadlines' | 'editions' | 'publicChanges', { id: Target }>,
) {
  const columns = {
    deadlineId: kit.ref(deadlines.id, 'cascade').notNull(),
    number: kit.int().notNull(),
    origin: kit.text().$type<Origin>().notNull(),
    /** What the registry's file said, as a digest, so that loading it again adds nothing. */
    digest: kit.text(),
    reason: kit.text(),
    announcedOn: kit.day(),
    revisedAt: kit.moment().notNull(),
    status: kit.text().$type<'published' | 'withdrawn'>().notNull(),
    kind: kit.text().$type<Kind>().notNull().default('deadline'),
    title: kit.text().notNull(),
    rule: kit.json<Content['rule']>().notNull(),
    boundary: kit.text().$type<NonNullable<Content['boundary']>>(),
    dueOn: kit.day(),
    lastSafeOn: kit.day(),
    certainty: kit.text().$type<Content['certainty']>().notNull(),
    basis: kit.json<NonNullable<Content['basis']>>(),
    reportingYear: kit.int(),
    actors: kit.json<Actor[]>().notNull(),
    onBehalfOf: kit.json<Actor[]>().notNull(),
    contractStatus: kit.text().$type<Content['duty']['contractStatus']>().notNull(),
    deliverable: kit.text(),
    channel: kit.json<NonNullable<Content['channel']>>(),
    consequence: kit.json<NonNullable<Content['consequence']>>(),
    extension: kit.json<NonNullable<Content['extension']>>(),
    sources: kit.json<Content['sources']>().notNull(),
    conflict: kit.json<Conflict>(),
    strictness: kit.text().$type<Strictness>(),
    /** What was known for the year that a projection is taken from. */
    precedent: kit.json<Precedent>(),
    /** The newest change that readers are told of up to this revision; null where there is none. */
    changeId: kit.ref(publicChanges.id),
    /** The edition that it came with, also where it only moved along; null where no edition made it, and of what takes one back. */
    editionId: kit.ref(editions.id),
  };
  return kit.table('revisions', columns, (t) => [
    kit.primaryKey({ name: 'revisions_pk', columns: [t.deadlineId, t.number] }),
    kit.index('revisions_due_on').on(t.dueOn),
    kit.index('revisions_edition').on(t.editionId),
    // "Unreadable is never guessed" holds in the store too, whoever writes.
    kit.check('revisions_unknown_has_no_day', sql`${t.certainty} <> 'unknown' or ${t.dueOn} is null`),
    // What is only assumed has no safe day.
    kit.check(
      'revisions_days_together',
      sql`(${t.dueOn} is null) = (${t.lastSafeOn} is null) or (${t.certainty} = 'template' and ${t.dueOn} is not null)`,
    ),
  ]);
}

/** Who a deadline's current revision names, as actor or on whose behalf: for asking by role. */
function deadlineRolesTable(kit: Kit, deadlines: { id: Target }) {
  const columns = { deadlineId: kit.ref(deadlines.id, 'cascade').notNull(), role: kit.text().$type<Actor>().notNull() };
  return kit.table('deadline_roles', columns, (t) => [
    kit.primaryKey({ name: 'deadline_roles_pk', columns: [t.deadlineId, t.role] }),
    kit.index('deadline_roles_role').on(t.role),
  ]);
}

/** Revisions that change what somebody has to do, until everybody concerned has a mail queued about them. */
function changesTable(kit: Kit, deadlines: { id: Target }, editions: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    deadlineId: kit.ref(deadlines.id, 'cascade').notNull(),
    /** The number of the revision that counted before; 0 when it is new, and -1 when it is and only own terms are told of. */
    fromRevision: kit.int().notNull(),
    recordedAt: kit.moment().notNull(),
    /** The last organisation that was seen to, by id; null before the first. */
    seenTo: kit.text(),
    /** The edition that it came with, and the end of its grace time, before which nobody is told. */
    editionId: kit.ref(editions.id),
    notBefore: kit.moment(),
  };
  return kit.table('changes', columns, (t) => [kit.index('changes_recorded').on(t.recordedAt)]);
}
