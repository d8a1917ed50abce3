/** Draft editions: what editors gather for an insurer, a kind of care and a contract year until it is published, each save on top of what was read. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../../calendars/errors.ts';
import type { EditionAct } from '../../../calendars/editions/entry-faults.ts';
import type { CareType, Day } from '../../../calendars/terms.ts';
import type { Tables } from '../../schema/schema.ts';
import { and, asc, eq, isNull, max, sql } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { getDeadline } from '../deadlines.ts';
import { requireInsurers } from '../insurers.ts';
import { StaleDraft } from './stale.ts';
import { noteWriters } from './writers.ts';

export type Edition = Tables['editions']['$inferSelect'];
export type EditionEntry = Tables['editionEntries']['$inferSelect'];

/** What an edition is about. */
export interface EditionPlace {
  /** Null: the whole sector. */
  insurer: string | null;
  careType: CareType;
  contractYear: number;
}

/** What an editor says in an entry; what is not given is null, or nothing. Its content may be half written: its faults are told by `readEdition`. */
export interface EntryInput {
  act: EditionAct;
  /** The deadline that is changed, checked or withdrawn, and the revision of it that was read; not for what is entered. */
  deadlineId?: string | null;
  baseRevision?: number | null;
  /** Of what is entered. */
  activity?: EditionEntry['activity'];
  slot?: number | null;
  requirementKey?: string | null;
  content?: EditionEntry['content'];
  /** Why; the edition's reason where it is not given. */
  reason?: string | null;
  documentKey?: string | null;
  /** The digest of the sentence that proposed it. */
  proposal?: string | null;
}

/** Which version of what was read is saved on top of, and who saves it: a text as in the audit. */
export interface Save {
  id: string;
  version: number;
  by: string;
}

/** The one open draft of a place, made where there is none. Two who open it at once get the same one. Throws `invalid` for an unknown insurer. */
export async function openDraft(
  tx: WriteDb,
  { insurer, careType, contractYear, by }: EditionPlace & { by: string },
  now: Date,
): Promise<Edition> {
  const { editions } = tx.tables;
  await requireInsurers(tx, insurer === null ? [] : [insurer], () => 'insurer');
  await holdPlace(tx, insurer);
  const [draft] = await tx
    .select()
    .from(editions)
    .where(
      and(
        eq(editions.status, 'draft'),
        insurer === null ? isNull(editions.insurerSlug) : eq(editions.insurerSlug, insurer),
        eq(editions.careType, careType),
        eq(editions.contractYear, contractYear),
      ),
    )
    .orderBy(asc(editions.createdAt), asc(editions.id))
    .limit(1);
  return draft ?? insertEdition(tx, { insurer, careType, contractYear, door: 'desk', status: 'draft', by }, now);
}

/** Makes an edition. */
export async function insertEdition(
  tx: WriteDb,
  {
    insurer,
    by,
    ...said
  }: EditionPlace & Pick<Edition, 'door' | 'status'> & Partial<Pick<Edition, 'reason' | 'announcedOn'>> & { by: string },
  now: Date,
): Promise<Edition> {
  const row = { id: randomUUID(), insurerSlug: insurer, version: 1, createdAt: now, createdBy: by, ...said };
  const [edition] = await tx.insert(tx.tables.editions).values(row).returning();
  await noteWriters(tx, row.id, [by]);
  return edition!;
}

/**
 * Adds an entry to a draft. Where the draft has one about that deadline, or of that proposal, nothing is added and that one is given: who presses twice
 * adds once, and `isNew` tells. Throws `not_found`, `conflict` where the edition is no draft any more, and `invalid` for a deadline of elsewhere.
 */
export async function addEntry(
  tx: WriteDb,
  editionId: string,
  input: EntryInput & { by: string },
  now: Date,
): Promise<{ entry: EditionEntry; isNew: boolean }> {
  const { editionEntries } = tx.tables;
  const edition = await holdDraft(tx, editionId);
  const row = await rowOf(tx, edition, input);
  const entries = await entriesOf(tx, editionId);
  const same = entries.find(
    ({ deadlineId, proposal }) =>
      (row.deadlineId !== null && deadlineId === row.deadlineId) || (row.proposal !== null && proposal === row.proposal),
  );
  if (same) return { entry: same, isNew: false };
  const position = Math.max(0, ...entries.map((one) => one.position)) + 1;
  const placed = { id: randomUUID(), editionId, position, version: 1, editedAt: now, editedBy: input.by };
  const [entry] = await tx
    .insert(editionEntries)
    .values({ ...placed, ...row })
    .returning();
  await noteWriters(tx, editionId, [input.by]);
  return { entry: entry!, isNew: true };
}

/**
 * Saves all that an entry of a draft says. Throws `StaleDraft` with what another editor wrote meanwhile, `conflict` where the edition is no draft any
 * more, `not_found`.
 */
export async function saveEntry(tx: WriteDb, { id, version, by }: Save, input: EntryInput, now: Date): Promise<EditionEntry> {
  const { editionEntries } = tx.tables;
  const current = await holdEntry(tx, { id, version });
  const row = await rowOf(tx, current.edition, input);
  const [saved] = await tx
    .update(editionEntries)
    .set({ ...row, version: version + 1, editedAt: now, editedBy: by })
    .where(eq(editionEntries.id, id))
    .returning();
  await noteWriters(tx, current.edition.id, [by]);
  return saved!;
}

/** Takes an entry out of a draft. Removing what is gone changes nothing; else it throws as `saveEntry` does. */
export async function removeEntry(tx: WriteDb, { id, version, by }: Save): Promise<void> {
  const { editionEntries } = tx.tables;
  if ((await tx.$count(editionEntries, eq(editionEntries.id, id))) === 0) return;
  const { edition } = await holdEntry(tx, { id, version });
  await tx.delete(editionEntries).where(eq(editionEntries.id, id));
  await noteWriters(tx, edition.id, [by]);
}

/** Saves what a draft says of itself: the reason, for readers, and when the insurer announced it. Throws as `saveEntry` does. */
export async function saveEdition(
  tx: WriteDb,
  { id, version, by }: Save,
  { reason, announcedOn }: { reason: string | null; announcedOn: Day | null },
): Promise<Edition> {
  const { editions } = tx.tables;
  const draft = await holdDraft(tx, id);
  if (draft.version !== version) throw new StaleDraft(draft);
  const [saved] = await tx
    .update(editions)
    .set({ reason, announcedOn, version: version + 1 })
    .where(eq(editions.id, id))
    .returning();
  await noteWriters(tx, id, [by]);
  return saved!;
}

/** An edition. Throws `not_found`. */
export async function getEdition(db: ReadDb, id: string): Promise<Edition> {
  const { editions } = db.tables;
  const [edition] = await db.select().from(editions).where(eq(editions.id, id));
  if (!edition) throw new AppError('not_found', 'No such edition.');
  return edition;
}

/** Its entries, in the order in which they were added. */
export async function entriesOf(db: ReadDb, editionId: string): Promise<EditionEntry[]> {
  const { editionEntries } = db.tables;
  return db
    .select()
    .from(editionEntries)
    .where(eq(editionEntries.editionId, editionId))
    .orderBy(asc(editionEntries.position), asc(editionEntries.id));
}

/** A draft as a list shows it. */
export interface ListedDraft {
  edition: Edition;
  entries: number;
  /** When an entry was saved last; null where there is none. */
  editedAt: Date | null;
}

/** All drafts, by insurer and year, or those of one insurer. */
export async function listDrafts(db: ReadDb, only: { insurer?: string | null } = {}): Promise<ListedDraft[]> {
  const { editionEntries, editions } = db.tables;
  const { insurer } = only;
  const rows = await db
    .select({ edition: editions, entries: sql<number>`cast(count(${editionEntries.id}) as int)`, editedAt: max(editionEntries.editedAt) })
    .from(editions)
    .leftJoin(editionEntries, eq(editionEntries.editionId, editions.id))
    .where(
      and(
        eq(editions.status, 'draft'),
        insurer === undefined ? undefined : insurer === null ? isNull(editions.insurerSlug) : eq(editions.insurerSlug, insurer),
      ),
    )
    .groupBy(editions.id)
    .orderBy(asc(editions.insurerSlug), asc(editions.contractYear), asc(editions.careType));
  return rows;
}

/** Holds a draft until the commit: who publishes or discards it comes before or after. */
export async function holdDraft(tx: WriteDb, id: string): Promise<Edition> {
  const edition = await holdEdition(tx, id);
  if (edition.status !== 'draft') throw new AppError('conflict', 'The edition is no draft any more.');
  return edition;
}

/** Holds an edition until the commit. Throws `not_found`. */
export async function holdEdition(tx: WriteDb, id: string): Promise<Edition> {
  const { editions } = tx.tables;
  const [edition] = await tx
    .update(editions)
    .set({ status: sql`${editions.status}` })
    .where(eq(editions.id, id))
    .returning();
  if (!edition) throw new AppError('not_found', 'No such edition.');
  return edition;
}

/** Holds an entry of a draft at a version that was read. */
async function holdEntry(tx: WriteDb, { id, version }: Omit<Save, 'by'>): Promise<{ entry: EditionEntry; edition: Edition }> {
  const { editionEntries } = tx.tables;
  const entryOf = async () => (await tx.select().from(editionEntries).where(eq(editionEntries.id, id)))[0];
  const known = await entryOf();
  if (!known) throw new StaleDraft<EditionEntry>(null);
  const edition = await holdDraft(tx, known.editionId);
  // Read again: somebody else may have saved or removed it before the edition was held.
  const entry = await entryOf();
  if (!entry || entry.version !== version) throw new StaleDraft<EditionEntry>(entry ?? null);
  return { entry, edition };
}

/** What is stored of what an editor says. */
async function rowOf(db: ReadDb, edition: Edition, input: EntryInput) {
  const { act, deadlineId = null, baseRevision = null, activity = null, slot = null, requirementKey = null } = input;
  const { content = {}, reason = null, documentKey = null, proposal = null } = input;
  const said = { act, content, reason, documentKey, proposal };
  if (act === 'enter') return { ...said, deadlineId: null, baseRevision: null, activity, slot, requirementKey };
  if (deadlineId === null) throw new AppError('invalid', 'An entry has a fault.', [{ field: 'deadlineId', message: 'is required' }]);
  const deadline = await getDeadline(db, deadlineId);
  if (deadline.insurer !== edition.insurerSlug || deadline.contractYear !== edition.contractYear)
    throw new AppError('invalid', 'An entry has a fault.', [
      { field: 'deadlineId', message: 'must be of the insurer and contract year of the edition' },
    ]);
  const { activity: its, key, slot: quarter } = deadline;
  return { ...said, deadlineId, baseRevision: baseRevision ?? deadline.revision, activity: its, slot: quarter, requirementKey: key };
}

/** One at a time may look whether a place has a draft and make one. */
async function holdPlace(tx: WriteDb, insurer: string | null): Promise<void> {
  const { insurers, settings } = tx.tables;
  if (insurer !== null) await tx.update(insurers).set({ slug: insurer }).where(eq(insurers.slug, insurer));
  else {
    const name = 'sector_drafts';
    await tx
      .insert(settings)
      .values({ name, value: '' })
      .onConflictDoUpdate({ target: settings.name, set: { value: '' } });
  }
}
