/** Insurers, how to reach them, and the documents that speak of them. */
import { RESERVED_SLUG } from '../../calendars/agenda/selection.ts';
import { AppError } from '../../calendars/errors.ts';
import type { Day } from '../../calendars/terms.ts';
import { and, asc, desc, eq, inArray, isNotNull } from '../store/drizzle.ts';
import { canonical, sameText } from '../../calendars/canonical.ts';
import type { Insurer, Tables } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { bumpRegistry } from '../store/counters.ts';
import { digestOf } from '../store/secrets.ts';
import { BY_FILES, noteAudit } from './audit.ts';

/** A source document as an insurer's page lists it. */
export interface ListedDocument {
  title: string;
  version: string | null;
  url: string | null;
  publishedOn: Day | null;
  /** Of its bytes (SHA-256), where somebody handed it in. */
  hash: string | null;
  remarks: string[];
}

export type RegistryInsurer = Omit<Insurer, 'version' | 'changedAt'> & { documents: readonly string[] };
export type RegistryDocument = Tables['documents']['$inferSelect'];

/** All insurers, by name. */
export async function listInsurers(db: ReadDb): Promise<Insurer[]> {
  const { insurers } = db.tables;
  return db.select().from(insurers).orderBy(asc(insurers.name));
}

/** One insurer with its documents. Throws `not_found`. */
export async function getInsurer(db: ReadDb, slug: string): Promise<Insurer & { documents: ListedDocument[] }> {
  const { documentFiles, documents, insurerDocuments, insurers } = db.tables;
  const [insurer] = await db.select().from(insurers).where(eq(insurers.slug, slug));
  if (!insurer) throw new AppError('not_found', 'No such insurer.');
  const rows = await db
    .select({
      title: documents.title,
      version: documents.version,
      url: documents.url,
      publishedOn: documents.publishedOn,
      hash: documentFiles.hash,
      remarks: documents.remarks,
    })
    .from(insurerDocuments)
    .innerJoin(documents, eq(documents.key, insurerDocuments.documentKey))
    .leftJoin(documentFiles, eq(documentFiles.documentKey, insurerDocuments.documentKey))
    .where(eq(insurerDocuments.insurerSlug, slug))
    .orderBy(asc(insurerDocuments.position));
  return { ...insurer, documents: rows };
}

/** Where insurers' policies stand, by slug: the first of their own documents that has an address. */
export async function policyUrls(db: ReadDb, slugs: readonly string[]): Promise<Map<string, string>> {
  const { documents, insurerDocuments } = db.tables;
  const rows = await db
    .select({ slug: insurerDocuments.insurerSlug, url: documents.url })
    .from(insurerDocuments)
    .innerJoin(documents, eq(documents.key, insurerDocuments.documentKey))
    .where(and(inArray(insurerDocuments.insurerSlug, [...slugs]), isNotNull(documents.url)))
    .orderBy(desc(insurerDocuments.position));
  return new Map(rows.flatMap(({ slug, url }) => (url === null ? [] : [[slug, url] as const])));
}

const RESERVED_FAULT = { field: 'slug', message: `must not be "${RESERVED_SLUG}": calendars of a choice stand at that address` };

/** Names by slug. */
export async function insurerNames(db: ReadDb): Promise<Map<string, string>> {
  const { insurers } = db.tables;
  const rows = await db.select({ slug: insurers.slug, name: insurers.name }).from(insurers);
  return new Map(rows.map(({ slug, name }) => [slug, name]));
}

/** Throws `invalid` naming every slug that no insurer has; `field` tells where each stood. */
export async function requireInsurers(db: ReadDb, slugs: readonly string[], field: (index: number) => string): Promise<void> {
  if (slugs.length === 0) return;
  const { insurers } = db.tables;
  const rows = await db
    .select({ slug: insurers.slug })
    .from(insurers)
    .where(inArray(insurers.slug, [...slugs]));
  const insurerSlugs = new Set(rows.map(({ slug }) => slug));
  const faults = slugs.flatMap((slug, i) =>
    insurerSlugs.has(slug) ? [] : [{ field: field(i), message: `"${slug}" is not the slug of an insurer` }],
  );
  if (faults.length > 0) throw new AppError('invalid', 'An insurer is not known.', faults);
}

/** Writes a document as the registry describes it; the version of the insurers that name it rises only when something differs. */
export async function saveDocument(tx: WriteDb, document: RegistryDocument, now: Date, by: string = BY_FILES): Promise<void> {
  const { documents, insurerDocuments } = tx.tables;
  const { key, ...set } = document;
  const [stored] = await tx.select().from(documents).where(eq(documents.key, key));
  if (stored && sameText(document, stored)) return;
  const naming = await tx
    .select({ slug: insurerDocuments.insurerSlug })
    .from(insurerDocuments)
    .where(eq(insurerDocuments.documentKey, key));
  for (const { slug } of naming) await bumpRegistry(tx, slug);
  await tx
    .insert(documents)
    .values({ key, ...set })
    .onConflictDoUpdate({ target: documents.key, set });
  const before = stored ? withoutKey(stored) : null;
  await noteAudit(tx, { by, what: 'document', subject: key, before, after: set }, now);
}

const withoutKey = ({ key: _, ...said }: RegistryDocument) => said;

/** Writes an insurer as the registry describes it; its version rises only when something differs. Says whether it did. Throws `invalid` for a slug that is reserved. */
export async function saveInsurer(
  tx: WriteDb,
  { documents, ...insurer }: RegistryInsurer,
  now: Date,
  by: string = BY_FILES,
): Promise<boolean> {
  if (insurer.slug === RESERVED_SLUG) throw new AppError('invalid', 'An insurer has a slug that is reserved.', [RESERVED_FAULT]);
  const { insurerDocuments, insurers } = tx.tables;
  const [stored] = await tx.select().from(insurers).where(eq(insurers.slug, insurer.slug));
  const after = { ...insurer, documents: [...documents] };
  const before = stored ? { ...saidOf(stored), documents: await documentKeys(tx, insurer.slug) } : null;
  if (before && sameText(before, after)) return false;
  await tx
    .insert(insurers)
    .values({ ...insurer, version: 0 })
    .onConflictDoUpdate({ target: insurers.slug, set: { ...insurer } });
  await tx.delete(insurerDocuments).where(eq(insurerDocuments.insurerSlug, insurer.slug));
  const rows = documents.map((documentKey, position) => ({ insurerSlug: insurer.slug, documentKey, position }));
  if (rows.length > 0) await tx.insert(insurerDocuments).values(rows);
  await bumpRegistry(tx, insurer.slug);
  await noteAudit(tx, { by, what: 'insurer', subject: insurer.slug, before, after }, now);
  return true;
}

const saidOf = ({ version: _, changedAt: __, ...said }: Insurer) => said;

/** What an editor changes of an insurer: all but its slug, which stands in addresses, and its documents. */
export type InsurerCard = Omit<RegistryInsurer, 'slug' | 'documents'>;

/** Who changes something, and when. */
interface Change {
  by: string;
  now: Date;
}

/** What an insurer says now, as a short text: whoever changes it says what they saw. */
export function insurerMark({ aliases, contacts, kind, name, remarks, website }: InsurerCard): string {
  return digestOf(canonical({ aliases, contacts, kind, name, remarks, website }));
}

/** Adds an insurer. Throws `conflict` where one has this slug, and `invalid` for one that is reserved. */
export async function addInsurer(tx: WriteDb, slug: string, card: InsurerCard, { by, now }: Change): Promise<void> {
  // Whoever raises the version waits for every change before: nobody else adds the same meanwhile.
  await bumpRegistry(tx, slug);
  const { insurers } = tx.tables;
  const [stored] = await tx.select({ slug: insurers.slug }).from(insurers).where(eq(insurers.slug, slug));
  if (stored) throw new AppError('conflict', 'An insurer has this slug already.');
  await saveInsurer(tx, { slug, ...card, documents: [] }, now, by);
}

/** Changes an insurer that still says what its editor saw, as `insurerMark` gave it. Throws `stale` where it says something else by now, and `not_found`. */
export async function editInsurer(
  tx: WriteDb,
  slug: string,
  card: InsurerCard,
  { seen, ...change }: Change & { seen: string },
): Promise<void> {
  await bumpRegistry(tx, slug);
  const { insurers } = tx.tables;
  const [stored] = await tx.select().from(insurers).where(eq(insurers.slug, slug));
  if (!stored) throw new AppError('not_found', 'No such insurer.');
  if (insurerMark(stored) !== seen) throw new AppError('stale', 'The insurer was changed meanwhile.');
  await saveInsurer(tx, { slug, ...card, documents: await documentKeys(tx, slug) }, change.now, change.by);
}

/** The keys of the documents that an insurer lists, in its order. */
export async function documentKeys(db: ReadDb, slug: string): Promise<string[]> {
  const { insurerDocuments } = db.tables;
  const rows = await db
    .select({ key: insurerDocuments.documentKey })
    .from(insurerDocuments)
    .where(eq(insurerDocuments.insurerSlug, slug))
    .orderBy(asc(insurerDocuments.position));
  return rows.map(({ key }) => key);
}
