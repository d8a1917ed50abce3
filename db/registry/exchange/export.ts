/** The registry as it goes into a file: with all its history, without what is only projected, and without anybody's id. */
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../../calendars/errors.ts';
import { documentName } from '../../../calendars/exchange/citing.ts';
import { inOrder, said } from '../../../calendars/exchange/content.ts';
import { FORMAT, type DocumentEntry, type ExchangeHead, type ExchangePart } from '../../../calendars/exchange/shape.ts';
import type { Tables } from '../../schema/schema.ts';
import { and, asc, eq, inArray, isNull, ne } from '../../store/drizzle.ts';
import { readCounters } from '../../store/counters.ts';
import type { ReadDb } from '../../store/store.ts';
import { auditHead } from '../audit.ts';
import { entryOfDeadline, type DeadlineRows } from './deadline-entry.ts';
import { readLoaded } from '../documents/loaded-files.ts';
import { readDocumentHashes, readKnownHashes } from './documents.ts';

/** A whole export, as it was at one moment. */
export interface RegistryExport {
  head: ExchangeHead;
  /** The sector first, then the insurers by slug; one with many deadlines goes on in further parts. */
  parts: ExchangePart[];
}

/** How many deadlines stand in one part: who reads the file need not hold more of it at once. */
const MOST_IN_PART = 200;
/** How often it is read anew where somebody changes the registry meanwhile. */
const MOST_READINGS = 10;

/** Reads all of it. Throws `unavailable` where the registry never rests. */
export async function readExport(db: ReadDb): Promise<RegistryExport> {
  for (let reading = 0; reading < MOST_READINGS; reading += 1) {
    const before = await readCounters(db);
    const audit = await auditHead(db);
    const parts = await readParts(db);
    const isSame = (await readCounters(db)).registry === before.registry && (await auditHead(db)).number === audit.number;
    if (isSame) return { head: { format: FORMAT, audit: { rows: audit.number, head: audit.hash } }, parts };
  }
  throw new AppError('unavailable', 'The registry changes all the time; ask again.');
}

async function readParts(db: ReadDb): Promise<ExchangePart[]> {
  const { insurers } = db.tables;
  const rows = await db.select().from(insurers).orderBy(asc(insurers.slug));
  const bySlug = new Map<string | null, DeadlineRows[]>();
  for (const slug of [null, ...rows.map((row) => row.slug)]) {
    bySlug.set(slug, await readDeadlines(db, slug));
    // Others get their turn.
    await setImmediate();
  }
  const listed = await readListed(db);
  const loaded = await readLoaded(db);
  const papers = await readDocuments(db, citedNames(bySlug), loaded);
  const declare = declaring(papers, new Set(listed.values().flatMap((keys) => keys)));
  const keyOf = keysByName(papers);
  const deadlinesOf = (slug: string | null) => (bySlug.get(slug) ?? []).map((one) => entryOfDeadline(one, keyOf));
  return [
    ...sectorParts(declare(null), deadlinesOf(null)),
    ...rows.flatMap((row) => {
      const documents = declare(listed.get(row.slug) ?? []);
      return insurerParts(row, { loaded: loaded.get(`insurer/${row.slug}`), documents }, deadlinesOf(row.slug));
    }),
  ];
}

/** The deadlines of an insurer, or the sector's, that were ever more than a projection; each with its revisions and changes. */
async function readDeadlines(db: ReadDb, slug: string | null): Promise<DeadlineRows[]> {
  const { deadlines, publicChanges, revisions } = db.tables;
  const isTheirs = slug === null ? isNull(deadlines.insurerSlug) : eq(deadlines.insurerSlug, slug);
  const rows = await db.select().from(deadlines).where(isTheirs);
  const ids = db.select({ id: deadlines.id }).from(deadlines).where(isTheirs);
  const spoken = new Set(
    (
      await db
        .selectDistinct({ id: revisions.deadlineId })
        .from(revisions)
        .innerJoin(deadlines, eq(deadlines.id, revisions.deadlineId))
        .where(and(isTheirs, ne(revisions.origin, 'projection')))
    ).map(({ id }) => id),
  );
  const revised = Map.groupBy(
    await db.select().from(revisions).where(inArray(revisions.deadlineId, ids)).orderBy(asc(revisions.number)),
    ({ deadlineId }) => deadlineId,
  );
  const changed = Map.groupBy(
    await db.select().from(publicChanges).where(inArray(publicChanges.deadlineId, ids)),
    ({ deadlineId }) => deadlineId,
  );
  return rows
    .filter(({ id }) => spoken.has(id))
    .sort(inOrderOfPlace)
    .map((deadline) => ({ deadline, revisions: revised.get(deadline.id) ?? [], changes: changed.get(deadline.id) ?? [] }));
}

/** PostgreSQL and SQLite do not agree on where what is null stands. */
function inOrderOfPlace(a: Tables['deadlines']['$inferSelect'], b: Tables['deadlines']['$inferSelect']): number {
  const text = (one: typeof a) => [one.activity, one.careType, one.slot ?? 0, one.requirementKey ?? '', one.id].join(' ');
  return a.contractYear - b.contractYear || (text(a) < text(b) ? -1 : 1);
}

/** The keys of the documents that each insurer lists, in its order. */
async function readListed(db: ReadDb): Promise<Map<string, string[]>> {
  const { insurerDocuments } = db.tables;
  const rows = await db.select().from(insurerDocuments).orderBy(asc(insurerDocuments.position));
  const bySlug = Map.groupBy(rows, ({ insurerSlug }) => insurerSlug);
  return new Map([...bySlug].map(([slug, some]) => [slug, some.map(({ documentKey }) => documentKey)]));
}

function citedNames(bySlug: ReadonlyMap<unknown, readonly DeadlineRows[]>): Set<string> {
  const all = [...bySlug.values()].flat().flatMap(({ revisions }) => revisions.flatMap(({ sources }) => sources));
  return new Set(all.map(({ document }) => document));
}

/** All documents by key. Which text a scan gave is known by what its sources call it. */
async function readDocuments(
  db: ReadDb,
  cited: ReadonlySet<string>,
  loaded: ReadonlyMap<string, string>,
): Promise<Map<string, DocumentEntry>> {
  const { documents } = db.tables;
  const rows = await db.select().from(documents).orderBy(asc(documents.key));
  const hashes = new Map([...(await readKnownHashes(db)), ...(await readDocumentHashes(db))]);
  return new Map(
    rows.map((row) => [row.key, documentEntry(row, { hash: hashes.get(row.key), loaded: loaded.get(`document/${row.key}`) }, cited)]),
  );
}

function documentEntry(
  { key, publishedOn, remarks, title, url, version }: Tables['documents']['$inferSelect'],
  { hash, loaded }: { hash: string | undefined; loaded: string | undefined },
  cited: ReadonlySet<string>,
): DocumentEntry {
  const isScanned = cited.has(documentName({ title, version, ocr: true })) && !cited.has(documentName({ title, version }));
  return said({
    key,
    title,
    version,
    url,
    publishedOn,
    hash,
    loaded,
    ocr: isScanned ? true : null,
    remarks: remarks.length > 0 ? remarks.map((text) => ({ text })) : null,
  }) as DocumentEntry;
}

/** Keys by what documents are called; what two are called names neither. */
function keysByName(papers: ReadonlyMap<string, DocumentEntry>): Map<string, string> {
  const byName = Map.groupBy(papers.values(), (one) => documentName(one));
  return new Map([...byName].flatMap(([name, some]) => (some.length === 1 ? [[name, some[0]!.key] as const] : [])));
}

/** Gives the documents of each list, the first time with all that is known of them, then by their keys. Null: those that no insurer lists. */
function declaring(papers: ReadonlyMap<string, DocumentEntry>, listed: ReadonlySet<string>) {
  const declared = new Set<string>();
  return (keys: readonly string[] | null): (DocumentEntry | string)[] =>
    (keys ?? [...papers.keys()].filter((key) => !listed.has(key))).map((key) => {
      if (declared.has(key)) return key;
      declared.add(key);
      return papers.get(key) ?? key;
    });
}

type Entries = NonNullable<ExchangePart['deadlines']>;

/** Nothing, where nothing is said of the sector. */
function sectorParts(documents: (DocumentEntry | string)[], deadlines: Entries): ExchangePart[] {
  if (documents.length + deadlines.length === 0) return [];
  const [first = [], ...further] = slices(deadlines);
  return [{ insurer: null, documents, deadlines: first }, ...further.map((some) => ({ insurer: null, deadlines: some }))];
}

function insurerParts(
  row: Tables['insurers']['$inferSelect'],
  { documents, loaded }: { documents: (DocumentEntry | string)[]; loaded: string | undefined },
  deadlines: Entries,
): ExchangePart[] {
  const { aliases, contacts, kind, name, remarks, slug, website } = row;
  const [first = [], ...further] = slices(deadlines);
  const insurer = { slug, name, kind, website, aliases };
  return [
    {
      insurer,
      ...(loaded === undefined ? {} : { loaded }),
      contacts: inOrder(contacts),
      documents,
      remarks: remarks.map((text) => ({ text })),
      deadlines: first,
    },
    ...further.map((some) => ({ insurer: slug, deadlines: some })),
  ];
}

function slices(deadlines: Entries): Entries[] {
  return Array.from({ length: Math.ceil(deadlines.length / MOST_IN_PART) }, (_, n) =>
    deadlines.slice(n * MOST_IN_PART, (n + 1) * MOST_IN_PART),
  );
}
