/** Insurers and documents as the registry's files say them: what an editor changed since stays, until the files say something else than they did. */
import { canonical } from '../../../calendars/canonical.ts';
import { asc, eq, inArray } from '../../store/drizzle.ts';
import { digestOf } from '../../store/secrets.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { saveDocument, saveInsurer, type RegistryDocument, type RegistryInsurer } from '../insurers.ts';

/** Writes a document as a file says it; nothing where it says what it said when it was loaded last. */
export async function loadDocument(tx: WriteDb, document: RegistryDocument, now: Date): Promise<void> {
  const subject = subjectOf(document.key);
  if ((await lastSaid(tx, subject)) === digestIn(document)) return;
  await saveDocument(tx, document, now);
  await noteSaid(tx, subject, document);
}

/** The same for an insurer; documents that an editor added stay with it, before the file's. Says whether anything changed. */
export async function loadInsurer(tx: WriteDb, insurer: RegistryInsurer, now: Date): Promise<boolean> {
  const subject = `insurer/${insurer.slug}`;
  const last = await lastSaid(tx, subject);
  if (last === digestIn(insurer)) return false;
  // Before files were noted no editor could add a document.
  const added = last === null ? [] : await addedDocuments(tx, insurer);
  const isChanged = await saveInsurer(tx, { ...insurer, documents: [...added, ...insurer.documents] }, now);
  await noteSaid(tx, subject, insurer);
  return isChanged;
}

/** The documents of an insurer that stand in no file, in their order. */
async function addedDocuments(tx: WriteDb, { documents, slug }: RegistryInsurer): Promise<string[]> {
  const { insurerDocuments, loadedFiles } = tx.tables;
  const rows = await tx
    .select({ key: insurerDocuments.documentKey })
    .from(insurerDocuments)
    .where(eq(insurerDocuments.insurerSlug, slug))
    .orderBy(asc(insurerDocuments.position));
  const keys = rows.map(({ key }) => key).filter((key) => !documents.includes(key));
  if (keys.length === 0) return [];
  const filed = await tx
    .select({ subject: loadedFiles.subject })
    .from(loadedFiles)
    .where(inArray(loadedFiles.subject, keys.map(subjectOf)));
  const subjects = new Set(filed.map(({ subject }) => subject));
  return keys.filter((key) => !subjects.has(subjectOf(key)));
}

const subjectOf = (key: string) => `document/${key}`;
const digestIn = (said: object) => digestOf(canonical(said));

async function lastSaid(tx: WriteDb, subject: string): Promise<string | null> {
  const { loadedFiles } = tx.tables;
  const [row] = await tx.select({ digest: loadedFiles.digest }).from(loadedFiles).where(eq(loadedFiles.subject, subject));
  return row?.digest ?? null;
}

async function noteSaid(tx: WriteDb, subject: string, said: object): Promise<void> {
  const { loadedFiles } = tx.tables;
  const set = { digest: digestIn(said) };
  await tx
    .insert(loadedFiles)
    .values({ subject, ...set })
    .onConflictDoUpdate({ target: loadedFiles.subject, set });
}

/** What is noted of each, by its subject: `insurer/` with a slug, or `document/` with a key. */
export async function readLoaded(db: ReadDb): Promise<Map<string, string>> {
  const rows = await db.select().from(db.tables.loadedFiles);
  return new Map(rows.map(({ digest, subject }) => [subject, digest]));
}

/** Notes it as it was noted elsewhere. */
export async function restoreLoaded(tx: WriteDb, noted: ReadonlyMap<string, string>): Promise<void> {
  const { loadedFiles } = tx.tables;
  for (const [subject, digest] of noted)
    await tx.insert(loadedFiles).values({ subject, digest }).onConflictDoUpdate({ target: loadedFiles.subject, set: { digest } });
}
