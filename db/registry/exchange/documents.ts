/** Source documents as files of the registry name them: by their keys, with their hashes. */
import { documentName } from '../../../calendars/exchange/citing.ts';
import { readSetting, saveSetting } from '../../store/settings.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { allDeadlines } from '../deadlines.ts';

/** What sources call each document, by its key: as a text that a scan gave, where they do. */
export async function readDocumentNames(db: ReadDb): Promise<Map<string, string>> {
  const { documents } = db.tables;
  const cited = new Set((await allDeadlines(db, { withdrawnToo: true })).flatMap(({ sources }) => sources.map(({ document }) => document)));
  const rows = await db.select({ key: documents.key, title: documents.title, version: documents.version }).from(documents);
  return new Map(rows.map((row) => [row.key, nameOf(row, cited)]));
}

function nameOf(document: { title: string; version: string | null }, cited: ReadonlySet<string>): string {
  const [plain, scanned] = [documentName(document), documentName({ ...document, ocr: true })];
  return cited.has(scanned) && !cited.has(plain) ? scanned : plain;
}

/** What is remarked of each document, by its key. */
export async function readDocumentRemarks(db: ReadDb): Promise<Map<string, string[]>> {
  const { documents } = db.tables;
  const rows = await db.select({ key: documents.key, remarks: documents.remarks }).from(documents);
  return new Map(rows.map(({ key, remarks }) => [key, remarks]));
}

/** The hashes of the files that are kept here, by the keys of their documents. */
export async function readDocumentHashes(db: ReadDb): Promise<Map<string, string>> {
  const { documentFiles } = db.tables;
  const rows = await db.select({ key: documentFiles.documentKey, hash: documentFiles.hash }).from(documentFiles);
  return new Map(rows.map(({ hash, key }) => [key, hash]));
}

const KNOWN_HASHES = 'document_hashes';

/** The hashes of documents whose files are elsewhere, by key: what a file of the registry said of them. */
export async function readKnownHashes(db: ReadDb): Promise<Map<string, string>> {
  return new Map(Object.entries(JSON.parse((await readSetting(db, KNOWN_HASHES)) ?? '{}') as Record<string, string>));
}

/** Keeps them beside those that are known. */
export async function saveKnownHashes(tx: WriteDb, hashes: ReadonlyMap<string, string>): Promise<void> {
  if (hashes.size === 0) return;
  const all = new Map([...(await readKnownHashes(tx)), ...hashes]);
  await saveSetting(tx, KNOWN_HASHES, JSON.stringify(Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)))));
}
