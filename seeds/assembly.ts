/** Puts the files of the registry together. */
import type { Identity } from '../calendars/deadlines/deadline.ts';
import { documentName, remarkText } from '../calendars/exchange/citing.ts';
import { contentOfEntry } from '../calendars/exchange/content.ts';
import type { ParsedFile } from './checks.ts';
import type { Registry, RegistryDeadline, RegistryDocument, RegistryInsurer, RegistryQuote, RegistryRevision } from './registry.ts';
import type { DeadlineEntry, RegistryFile, RevisionEntry } from './schema.ts';

/** Puts checked files together. What a file does not give is null, or an empty list. */
export function assembleRegistry(files: readonly ParsedFile[]): Registry {
  const declared = files.flatMap(({ entry }) => entry.documents.filter((document) => typeof document !== 'string'));
  const nameOf: Names = new Map(declared.map((document) => [document.key, documentName(document)]));
  return {
    insurers: files.flatMap((file) => insurersOf(file, nameOf)),
    documents: files.flatMap((file) => documentsOf(file, nameOf)),
    deadlines: files.flatMap((file) => file.entry.deadlines.flatMap((entry) => deadlinesOf(entry, file.entry, nameOf))),
    quotes: files.flatMap(quotesOf),
  };
}

/** How a source names its document, by the document's key. */
type Names = Map<string, string>;

function insurersOf({ entry: { insurer, contacts, remarks, documents } }: ParsedFile, nameOf: Names): RegistryInsurer[] {
  if (!insurer) return [];
  const keys = documents.map((document) => (typeof document === 'string' ? document : document.key));
  return [{ ...insurer, contacts, remarks: remarks.map((remark) => remarkText(remark, nameOf)), documents: keys }];
}

function documentsOf(file: ParsedFile, nameOf: Names): RegistryDocument[] {
  return file.entry.documents.flatMap((document, i) => {
    if (typeof document === 'string') return [];
    const { key, title, version = null, url = null, publishedOn = null, file: text = null } = document;
    const remarks = (document.remarks ?? []).map((remark) => remarkText({ ...remark, document: key }, nameOf));
    return [{ key, title, version, url, publishedOn, remarks, file: text, at: file.locate(`documents.${i}`) }];
  });
}

function deadlinesOf(entry: DeadlineEntry, file: RegistryFile, nameOf: Names): RegistryDeadline[] {
  const { contractYear, careType, activity, key = null, checked = file.checked ?? null } = entry;
  const insurer = file.insurer?.slug ?? null;
  const slots = entry.slots ? ([1, 2, 3, 4] as const).map((slot) => ({ slot, id: entry.slots?.[slot] })) : [{ slot: null, id: entry.id }];
  return slots.flatMap(({ slot, id }) => {
    // Never: checkFiles has refused a deadline without an id.
    if (!id) return [];
    const revisions = entry.revisions.map((revision) => revisionOf(revision, { activity, slot }, nameOf));
    return [{ id, insurer, contractYear, careType, activity, slot, key, checked, revisions }];
  });
}

function revisionOf(entry: RevisionEntry, place: Pick<Identity, 'activity' | 'slot'>, nameOf: Names): RegistryRevision {
  const { announcedOn = null, basis, reason } = entry;
  // A file says nothing of ids that the store gives.
  const content = contentOfEntry({ ...entry, basis: basis && { ...basis, deadlineId: null } }, place, nameOf);
  return { reason, announcedOn, content };
}

function quotesOf({ entry, locate }: ParsedFile): RegistryQuote[] {
  const quotes: RegistryQuote[] = [];
  const add = (document: string | undefined, quote: string | null | undefined, path: string) => {
    if (document && quote) quotes.push({ document, quote, at: locate(`${path}.quote`) });
  };
  entry.documents.forEach((document, i) => {
    if (typeof document === 'string') return;
    document.remarks?.forEach(({ quote }, j) => add(document.key, quote, `documents.${i}.remarks.${j}`));
  });
  entry.remarks.forEach(({ document, quote }, i) => add(document, quote, `remarks.${i}`));
  entry.deadlines.forEach(({ revisions }, i) =>
    revisions.forEach(({ sources }, j) =>
      sources.forEach(({ document, quote }, k) => add(document, quote, `deadlines.${i}.revisions.${j}.sources.${k}`)),
    ),
  );
  return quotes;
}
