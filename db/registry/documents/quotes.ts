/** Where quotes stood, so that they are found again in a new version of a document; and which of them no longer stand there. */
import { openText, type QuoteFinding, type QuotePlace } from '../../../calendars/extraction/finding.ts';
import { fold } from '../../../calendars/extraction/passages.ts';
import type { Proposal } from '../../../calendars/extraction/proposal.ts';
import { digestOf } from '../../store/secrets.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import type { Revision } from '../revisions.ts';
import { inArray } from '../../store/drizzle.ts';
import { listDeskDocuments, readText, type DeskDocument } from './documents.ts';

/** So many characters before and after a quote are kept. */
const AROUND = 60;

/** Keeps what stands around the quotes of proposals in a document's text. */
export async function noteQuotePlaces(
  tx: WriteDb,
  documentKey: string,
  text: string,
  proposals: readonly Pick<Proposal, 'from' | 'page' | 'quote' | 'to'>[],
): Promise<void> {
  const rows = proposals.map(({ from, page, quote, to }) => ({
    documentKey,
    quote: digestOf(fold(quote)),
    before: text.slice(Math.max(0, from - AROUND), from),
    after: text.slice(to, to + AROUND),
    page,
  }));
  if (rows.length > 0) await tx.insert(tx.tables.quotePlaces).values(rows).onConflictDoNothing();
}

/** An entry with a quote of an earlier document, and whether that still stands in a text. */
export interface QuotedEntry {
  entry: Revision;
  quote: string;
  finding: QuoteFinding;
}

/**
 * Of each published entry of a document's contract years whose quotes stood in another document of its insurer: whether they stand in this text too. Nothing of
 * a document without a text, or of which nobody said what year it is for.
 */
export async function findQuotesAgain(
  db: ReadDb,
  document: Pick<DeskDocument, 'insurers' | 'key' | 'scopes'>,
  entries: readonly Revision[],
): Promise<QuotedEntry[]> {
  const [slug] = document.insurers;
  const read = await readText(db, document.key);
  if (read === null || slug === undefined) return [];
  const earlier = (await listDeskDocuments(db, slug)).filter(({ key }) => key !== document.key);
  const places = await placesIn(
    db,
    earlier.map(({ key }) => key),
  );
  const find = openText(read.text);
  const years = new Set(document.scopes.map(({ contractYear }) => contractYear));
  return entries
    .filter(({ contractYear, status }) => status === 'published' && years.has(contractYear))
    .flatMap((entry) =>
      quotesOf(entry, earlier).map((quote) => ({ entry, quote, finding: find(quote, places.get(digestOf(fold(quote))) ?? null) })),
    );
}

/** The quotes of an entry that stood in these documents. A source names its document with more behind it, as its version. */
function quotesOf({ sources }: Revision, documents: readonly DeskDocument[]): string[] {
  const isOf = (name: string) => documents.some(({ title }) => name === title || name.startsWith(`${title} (`));
  return sources.flatMap(({ document, quote }) => (quote !== null && isOf(document) ? [quote] : []));
}

async function placesIn(db: ReadDb, keys: readonly string[]): Promise<Map<string, QuotePlace>> {
  if (keys.length === 0) return new Map();
  const { quotePlaces } = db.tables;
  const rows = await db
    .select()
    .from(quotePlaces)
    .where(inArray(quotePlaces.documentKey, [...keys]));
  return new Map(rows.map(({ after, before, quote }) => [quote, { before, after }]));
}
