/** Documents as editors hand them in: a file or a text with what was read in it, or an address with its day. They stay for good. */
import { hash as digestBytes } from 'node:crypto';
import { canonical } from '../../../calendars/canonical.ts';
import { AppError } from '../../../calendars/errors.ts';
import type { Extraction } from '../../../calendars/extraction/proposal.ts';
import type { CareType } from '../../../calendars/terms.ts';
import { bumpRegistry } from '../../store/counters.ts';
import { and, asc, eq, sql } from '../../store/drizzle.ts';
import { digestOf } from '../../store/secrets.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { noteAudit } from '../audit.ts';
import { getInsurer, saveDocument, saveInsurer, type RegistryDocument } from '../insurers.ts';

/** What readers see of a document. */
export type DocumentCard = Omit<RegistryDocument, 'key' | 'remarks'>;

/** What a document is for. */
export interface DocumentScope {
  contractYear: number;
  careType: CareType;
}

/** What was handed in, and what was read in it. */
export interface HandedIn {
  bytes: Buffer;
  hash: string;
  mediaType: 'application/pdf' | 'text/plain';
  /** Null where a text was pasted. */
  fileName: string | null;
  text: string;
  pages: number | null;
  extraction: Extraction;
}

interface NewDocument {
  /** Null: it speaks of the whole sector. */
  insurer: string | null;
  card: DocumentCard;
  scope: DocumentScope;
  /** Null where only its address and its day are recorded. */
  file: HandedIn | null;
}

interface Change {
  by: string;
  now: Date;
}

/** SHA-256 of a document's bytes, in hexadecimal digits. */
export function documentHash(bytes: Buffer): string {
  return digestBytes('sha256', bytes, 'hex');
}

/** The document of an insurer that has these very bytes; null where there is none. */
export async function findSameFile(db: ReadDb, insurer: string | null, hash: string): Promise<string | null> {
  const { documentFiles, insurerDocuments } = db.tables;
  const rows = await db
    .select({ key: documentFiles.documentKey, insurer: insurerDocuments.insurerSlug })
    .from(documentFiles)
    .leftJoin(insurerDocuments, eq(insurerDocuments.documentKey, documentFiles.documentKey))
    .where(eq(documentFiles.hash, hash));
  return rows.find((row) => row.insurer === insurer)?.key ?? null;
}

/**
 * Keeps a document. The same bytes of an insurer again, or an address of it with the same day, are the document that is there, which then is for this
 * year and kind of care too. Throws `not_found` for an insurer that is not there.
 */
export async function keepDocument(
  tx: WriteDb,
  { card, file, insurer, scope }: NewDocument,
  change: Change,
): Promise<{ key: string; isNew: boolean }> {
  // Whoever raises the version waits for every change before: nobody else keeps the same meanwhile.
  await bumpRegistry(tx, insurer);
  const stored = insurer === null ? null : await getInsurer(tx, insurer);
  const key = `${insurer ?? 'sector'}-${scope.contractYear}-${(file?.hash ?? digestOf(canonical({ insurer, ...card }))).slice(0, 12)}`;
  const there = file === null ? await findRecorded(tx, insurer, card) : await findSameFile(tx, insurer, file.hash);
  if (there !== null) {
    await addScope(tx, there, scope);
    return { key: there, isNew: false };
  }
  await saveDocument(tx, { key, ...card, remarks: [] }, change.now, change.by);
  if (file !== null) await keepFile(tx, key, file, change);
  await addScope(tx, key, scope);
  if (stored !== null) {
    const { changedAt: _, documents: __, version: ___, ...said } = stored;
    const keys = await keysOf(tx, said.slug);
    await saveInsurer(tx, { ...said, documents: [key, ...keys] }, change.now, change.by);
  }
  return { key, isNew: true };
}

/** What a document says of itself now, as a short text: whoever changes it says what they saw. */
export function documentMark({ publishedOn, title, url, version }: DocumentCard): string {
  return digestOf(canonical({ publishedOn, title, url, version }));
}

/** Changes what readers see of a document. Throws `stale` where that is not what its editor saw, and `not_found`. */
export async function editDocument(
  tx: WriteDb,
  key: string,
  card: DocumentCard,
  { seen, ...change }: Change & { seen: string },
): Promise<void> {
  const { documents } = tx.tables;
  // Whoever writes a row waits for every change of it before.
  const [stored] = await tx
    .update(documents)
    .set({ title: sql`${documents.title}` })
    .where(eq(documents.key, key))
    .returning();
  if (!stored) throw new AppError('not_found', 'No such document.');
  if (documentMark(stored) !== seen) throw new AppError('stale', 'The document was changed meanwhile.');
  await saveDocument(tx, { ...stored, ...card }, change.now, change.by);
}

/** Says that a document is for this year and kind of care too. */
export async function addScope(tx: WriteDb, documentKey: string, scope: DocumentScope): Promise<void> {
  await tx
    .insert(tx.tables.documentScopes)
    .values({ documentKey, ...scope })
    .onConflictDoNothing();
}

async function keepFile(tx: WriteDb, documentKey: string, file: HandedIn, { by, now }: Change): Promise<void> {
  await tx.insert(tx.tables.documentFiles).values({ documentKey, ...file, addedAt: now, addedBy: by });
  await noteAudit(tx, { by, what: 'document', subject: documentKey, before: { hash: null }, after: { hash: file.hash } }, now);
}

/** What an insurer published at an address on a day is one document, whatever it was called when it was recorded. */
async function findRecorded(db: ReadDb, insurer: string | null, { publishedOn, url }: DocumentCard): Promise<string | null> {
  const { documents, insurerDocuments } = db.tables;
  if (url === null || publishedOn === null) return null;
  const rows = await db
    .select({ key: documents.key, insurer: insurerDocuments.insurerSlug })
    .from(documents)
    .leftJoin(insurerDocuments, eq(insurerDocuments.documentKey, documents.key))
    .where(and(eq(documents.url, url), eq(documents.publishedOn, publishedOn)))
    .orderBy(asc(documents.key));
  return rows.find((row) => row.insurer === insurer)?.key ?? null;
}

async function keysOf(db: ReadDb, slug: string): Promise<string[]> {
  const { insurerDocuments } = db.tables;
  const rows = await db
    .select({ key: insurerDocuments.documentKey, position: insurerDocuments.position })
    .from(insurerDocuments)
    .where(eq(insurerDocuments.insurerSlug, slug));
  return rows.sort((a, b) => a.position - b.position).map(({ key }) => key);
}
