/** The tables of the editors' work: documents as they were handed in, editions that gather changes of the registry, and what insurers' purchasers say. */
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import type { EditionAct } from '../../../calendars/editions/entry-faults.ts';
import type { Extraction } from '../../../calendars/extraction/proposal.ts';
import type { Activity, CareType } from '../../../calendars/terms.ts';
import type { Kit, Target } from '../../store/kit.ts';

/** What these tables refer to. */
interface References {
  insurers: { slug: Target };
  documents: { key: Target };
  deadlines: { id: Target };
  editions: { id: Target };
}

/** How far an edition is. `published`: told of once it is public, ten minutes later; until then it can be taken back, and nobody hears of it. */
const EDITION_STATUSES = ['draft', 'published', 'taken_back', 'discarded'] as const;
export type EditionStatus = (typeof EDITION_STATUSES)[number];

/** Through which door it came: the editors' pages, the API, or a file that was applied. */
const EDITION_DOORS = ['desk', 'api', 'file'] as const;
export type EditionDoor = (typeof EDITION_DOORS)[number];

/** What stood beside a deadline before an edition changed it, kept so that the edition can be taken back. */
export interface Beside {
  careType: CareType;
  checkedOn: string | null;
  checkedBy: string | null;
  /** What the edition itself says of when it was compared, null where nothing: what is said of that since then stays when it is taken back. */
  made?: { on: string; by: string | null } | null;
}

/** What is changed together for one insurer, kind of care and contract year. Who did what to it is said as in the audit. */
export function editionsTable(kit: Kit, insurers: { slug: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    /** Null: for the whole sector. */
    insurerSlug: kit.ref(insurers.slug),
    contractYear: kit.int().notNull(),
    careType: kit.text().$type<CareType>().notNull(),
    door: kit.text().$type<EditionDoor>().notNull(),
    status: kit.text().$type<EditionStatus>().notNull(),
    /** Why it changes what was published before, for readers; an entry may have its own reason. */
    reason: kit.text(),
    announcedOn: kit.day(),
    /** For optimistic locking: rises with each change of these fields. Its entries have versions of their own. */
    version: kit.int().notNull(),
    createdAt: kit.moment().notNull(),
    createdBy: kit.text().notNull(),
    publishedAt: kit.moment(),
    publishedBy: kit.text(),
    /** When its grace time ends. */
    publicAt: kit.moment(),
    /** Why nobody else looked before it was published; null where somebody did. */
    aloneReason: kit.text(),
    /** When somebody else looked at it afterwards, and who. */
    lookedAt: kit.moment(),
    lookedBy: kit.text(),
    /** When it was taken back or discarded, and by whom. */
    endedAt: kit.moment(),
    endedBy: kit.text(),
  };
  return kit.table('editions', columns, (t) => [
    kit.index('editions_status').on(t.status, t.publicAt),
    kit.index('editions_insurer').on(t.insurerSlug, t.contractYear),
  ]);
}

export function editionTables(kit: Kit, { insurers, documents, deadlines, editions }: References) {
  const purchaserLinks = purchaserLinksTable(kit, insurers);
  return {
    editionEntries: editionEntriesTable(kit, { editions, deadlines, documents }),
    editionWriters: editionWritersTable(kit, editions),
    documentFiles: documentFilesTable(kit, documents),
    documentScopes: documentScopesTable(kit, documents),
    quotePlaces: quotePlacesTable(kit, documents),
    rejections: rejectionsTable(kit),
    purchaserLinks,
    purchaserAnswers: purchaserAnswersTable(kit, purchaserLinks, deadlines),
  };
}

/** One change in an edition. Its content may be half written while the edition is a draft. */
function editionEntriesTable(kit: Kit, { editions, deadlines, documents }: Pick<References, 'editions' | 'deadlines' | 'documents'>) {
  const columns = {
    id: kit.text().primaryKey(),
    editionId: kit.ref(editions.id, 'cascade').notNull(),
    position: kit.int().notNull(),
    act: kit.text().$type<EditionAct>().notNull(),
    /** Which deadline it changes, on top of which revision; null where it enters one, until it is published. */
    deadlineId: kit.ref(deadlines.id),
    baseRevision: kit.int(),
    activity: kit.text().$type<Activity>(),
    slot: kit.int(),
    requirementKey: kit.text(),
    /** `was`: added when it is published; null where the deadline is new. */
    content: kit.json<Partial<Content> & { was?: Beside | null }>().notNull(),
    reason: kit.text(),
    /** The document that it was read in, and the digest of the sentence that proposed it. */
    documentKey: kit.ref(documents.key),
    proposal: kit.text(),
    /** For optimistic locking: rises with every save. */
    version: kit.int().notNull(),
    editedAt: kit.moment().notNull(),
    editedBy: kit.text().notNull(),
  };
  return kit.table('edition_entries', columns, (t) => [
    kit.index('edition_entries_edition').on(t.editionId, t.position),
    kit.index('edition_entries_deadline').on(t.deadlineId),
    kit.index('edition_entries_proposal').on(t.proposal),
  ]);
}

/** Everybody who wrote any of an edition, also what was removed or written over since: none of them is its second pair of eyes. */
function editionWritersTable(kit: Kit, editions: { id: Target }) {
  const columns = { editionId: kit.ref(editions.id, 'cascade').notNull(), by: kit.text().notNull() };
  return kit.table('edition_writers', columns, (t) => [kit.primaryKey({ name: 'edition_writers_pk', columns: [t.editionId, t.by] })]);
}

/** A document as it was handed in, with the text that was read and what it proposes. It stays for good, and is for editors alone. */
function documentFilesTable(kit: Kit, documents: { key: Target }) {
  const columns = {
    documentKey: kit.ref(documents.key).primaryKey(),
    /** SHA-256 of the bytes, in hexadecimal digits. */
    hash: kit.text().notNull(),
    mediaType: kit.text().$type<'application/pdf' | 'text/plain'>().notNull(),
    /** Null where a text was pasted. */
    fileName: kit.text(),
    bytes: kit.bytes().notNull(),
    /** What was read; the places in `extraction` count its characters. */
    text: kit.text().notNull(),
    pages: kit.int(),
    extraction: kit.json<Extraction>().notNull(),
    addedAt: kit.moment().notNull(),
    addedBy: kit.text().notNull(),
  };
  return kit.table('document_files', columns, (t) => [kit.index('document_files_hash').on(t.hash)]);
}

/** For which contract year and kind of care a document is; it may be for several. */
function documentScopesTable(kit: Kit, documents: { key: Target }) {
  const columns = {
    documentKey: kit.ref(documents.key, 'cascade').notNull(),
    contractYear: kit.int().notNull(),
    careType: kit.text().$type<CareType>().notNull(),
  };
  return kit.table('document_scopes', columns, (t) => [
    kit.primaryKey({ name: 'document_scopes_pk', columns: [t.documentKey, t.contractYear, t.careType] }),
  ]);
}

/** Where in a document a quote stood, with what stood before and after it, so that it is found again in a new version. */
function quotePlacesTable(kit: Kit, documents: { key: Target }) {
  const columns = {
    documentKey: kit.ref(documents.key, 'cascade').notNull(),
    /** The digest of the quote, white space folded. */
    quote: kit.text().notNull(),
    before: kit.text().notNull(),
    after: kit.text().notNull(),
    page: kit.int(),
  };
  return kit.table('quote_places', columns, (t) => [kit.primaryKey({ name: 'quote_places_pk', columns: [t.documentKey, t.quote] })]);
}

/** What an editor rejected: the same sentence of the same insurer is not proposed again, whatever document it stands in. */
function rejectionsTable(kit: Kit) {
  const columns = {
    /** Empty for the whole sector. */
    insurerSlug: kit.text().notNull(),
    /** The digest of the sentence, as `edition_entries.proposal`. */
    proposal: kit.text().notNull(),
    reason: kit.text().notNull(),
    rejectedAt: kit.moment().notNull(),
    rejectedBy: kit.text().notNull(),
  };
  return kit.table('rejections', columns, (t) => [kit.primaryKey({ name: 'rejections_pk', columns: [t.insurerSlug, t.proposal] })]);
}

/** A link for an insurer's own purchaser, handed over by an editor. */
function purchaserLinksTable(kit: Kit, insurers: { slug: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    insurerSlug: kit.ref(insurers.slug, 'cascade').notNull(),
    /** A digest (db/store/secrets.ts). */
    token: kit.text().notNull(),
    createdAt: kit.moment().notNull(),
    createdBy: kit.text().notNull(),
    expiresAt: kit.moment().notNull(),
    revokedAt: kit.moment(),
    lastUsedAt: kit.moment(),
  };
  return kit.table('purchaser_links', columns, (t) => [
    kit.uniqueIndex('purchaser_links_token').on(t.token),
    kit.index('purchaser_links_insurer').on(t.insurerSlug),
  ]);
}

/** What a purchaser says of an entry: that it is right, or what is wrong. The registry does not change by it. */
function purchaserAnswersTable(kit: Kit, links: { id: Target }, deadlines: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    linkId: kit.ref(links.id, 'cascade').notNull(),
    deadlineId: kit.ref(deadlines.id, 'cascade').notNull(),
    /** The revision that the purchaser saw. */
    revision: kit.int().notNull(),
    /** Null: it is right. */
    wrong: kit.text(),
    createdAt: kit.moment().notNull(),
    closedAt: kit.moment(),
  };
  return kit.table('purchaser_answers', columns, (t) => [
    kit.index('purchaser_answers_link').on(t.linkId),
    kit.index('purchaser_answers_deadline').on(t.deadlineId),
  ]);
}
