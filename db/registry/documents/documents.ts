/** Documents as editors see them: with what they are for, and with the file, which is for editors alone. */
import type { Extraction } from '../../../calendars/extraction/proposal.ts';
import { asc, desc, eq, inArray } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';
import type { RegistryDocument } from '../insurers.ts';
import type { DocumentScope } from './keeping.ts';

/** What is known of a document's file without opening it. */
interface FileFacts {
  hash: string;
  mediaType: 'application/pdf' | 'text/plain';
  fileName: string | null;
  pages: number | null;
  addedAt: Date;
  addedBy: string;
}

export interface DeskDocument extends RegistryDocument {
  /** The insurers that it speaks of, by slug; none: the whole sector. */
  insurers: string[];
  /** What it is for, the newest year first; none where that was never said. */
  scopes: DocumentScope[];
  /** Null where there is only an address. */
  file: FileFacts | null;
}

/** All documents, those that came out last first; of one insurer alone where a slug is given. */
export async function listDeskDocuments(db: ReadDb, slug?: string): Promise<DeskDocument[]> {
  const { documents, insurerDocuments } = db.tables;
  const named = await db.select().from(insurerDocuments);
  const keys = slug === undefined ? null : named.filter(({ insurerSlug }) => insurerSlug === slug).map(({ documentKey }) => documentKey);
  if (keys?.length === 0) return [];
  const rows = await db
    .select()
    .from(documents)
    .where(keys === null ? undefined : inArray(documents.key, keys))
    .orderBy(desc(documents.publishedOn), asc(documents.key));
  const [files, scopes] = [await filesOf(db), await scopesOf(db)];
  const whole = rows.map((row) => ({
    ...row,
    insurers: named.filter(({ documentKey }) => documentKey === row.key).map(({ insurerSlug }) => insurerSlug),
    scopes: scopes.get(row.key) ?? [],
    file: files.get(row.key) ?? null,
  }));
  // Of two databases one puts what has no day first, and one last.
  return whole.sort((a, b) => Number(a.publishedOn === null) - Number(b.publishedOn === null));
}

/** One of them; null where there is none. */
export async function findDeskDocument(db: ReadDb, key: string): Promise<DeskDocument | null> {
  return (await listDeskDocuments(db)).find((one) => one.key === key) ?? null;
}

/** What was read in a document; null where there is only an address. */
export async function readText(db: ReadDb, key: string): Promise<{ text: string; extraction: Extraction } | null> {
  const { documentFiles } = db.tables;
  const [row] = await db
    .select({ text: documentFiles.text, extraction: documentFiles.extraction })
    .from(documentFiles)
    .where(eq(documentFiles.documentKey, key));
  return row ?? null;
}

/** The bytes as they were handed in; null where there are none. */
export async function readBytes(db: ReadDb, key: string): Promise<{ bytes: Buffer; mediaType: FileFacts['mediaType'] } | null> {
  const { documentFiles } = db.tables;
  const [row] = await db
    .select({ bytes: documentFiles.bytes, mediaType: documentFiles.mediaType })
    .from(documentFiles)
    .where(eq(documentFiles.documentKey, key));
  return row ?? null;
}

async function filesOf(db: ReadDb): Promise<Map<string, FileFacts>> {
  const { documentFiles } = db.tables;
  const { addedAt, addedBy, documentKey, fileName, hash, mediaType, pages } = documentFiles;
  const rows = await db.select({ documentKey, hash, mediaType, fileName, pages, addedAt, addedBy }).from(documentFiles);
  return new Map(rows.map(({ documentKey, ...facts }) => [documentKey, facts]));
}

async function scopesOf(db: ReadDb): Promise<Map<string, DocumentScope[]>> {
  const { documentScopes } = db.tables;
  const rows = await db.select().from(documentScopes).orderBy(desc(documentScopes.contractYear), asc(documentScopes.careType));
  const byKey = Map.groupBy(rows, ({ documentKey }) => documentKey);
  return new Map([...byKey].map(([key, some]) => [key, some.map(({ careType, contractYear }) => ({ careType, contractYear }))]));
}
