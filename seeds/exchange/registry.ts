/** What a file says of the registry, once its parts are put together: what is not given is null, or as the store has it. */
import type { Content, Days, Identity, Precedent } from '../../calendars/deadlines/deadline.ts';
import { documentName, remarkText } from '../../calendars/exchange/citing.ts';
import { contentOfEntry } from '../../calendars/exchange/content.ts';
import type { DeadlineEntry, DocumentEntry, ExchangePart, RevisionEntry } from '../../calendars/exchange/shape.ts';
import type { Day, Origin } from '../../calendars/terms.ts';
import type { Contact } from '../../db/schema/schema.ts';
import type { FilePart } from './reader.ts';

/** Where a field of something stands in the file. */
type At = (field: string) => string;

export interface FileDocument {
  key: string;
  title: string;
  version: string | null;
  url: string | null;
  publishedOn: Day | null;
  /** Null: as they are. */
  remarks: string[] | null;
  hash: string | null;
  /** What the registry's own files said of it when they were loaded last, as a digest. */
  loaded: string | null;
  at: At;
}

export interface FileInsurer {
  slug: string;
  name: string;
  kind: 'health_insurer' | 'purchasing_party';
  website: string | null;
  aliases: string[];
  /** Null: as they are. */
  contacts: Contact[] | null;
  remarks: string[] | null;
  documents: string[] | null;
  loaded: string | null;
  at: At;
}

export interface FileRevision extends Days {
  content: Content;
  reason: string | null;
  announcedOn: Day | null;
  /** Null: it is new, and was never published. */
  revisedAt: Date | null;
  origin: Origin;
  status: 'published' | 'withdrawn';
  precedent: Precedent | null;
  digest: string | null;
  changeId: string | null;
  change: { from: number; number: number | null; publicAt: Date | null } | null;
  at: At;
}

export interface FileDeadline {
  /** Null: known by its place. */
  id: string | null;
  identity: Omit<Identity, 'id'>;
  checked: { on: Day; by: string } | null;
  sequence: number | null;
  createdAt: Date | null;
  changedAt: Date | null;
  revisions: FileRevision[];
  at: At;
}

export interface FileRegistry {
  documents: FileDocument[];
  insurers: FileInsurer[];
  deadlines: FileDeadline[];
}

/** Puts a file's parts together. `stored`: what documents of the registry are called that the file does not hold, by their keys. */
export function assembleFile(parts: readonly FilePart[], stored: ReadonlyMap<string, string>): FileRegistry {
  const nameOf = new Map([
    ...stored,
    ...parts.flatMap(({ part }) => declaredIn(part).map(([one]) => [one.key, documentName(one)] as const)),
  ]);
  return {
    documents: parts.flatMap(({ locate, part }) =>
      declaredIn(part).map(([one, n]) => documentOf(one, nameOf, below(locate, `documents.${n}`))),
    ),
    insurers: parts.flatMap((one) => insurersOf(one, nameOf)),
    deadlines: parts.flatMap(({ locate, part }) =>
      (part.deadlines ?? []).flatMap((entry, n) => deadlinesOf(entry, part, nameOf, below(locate, `deadlines.${n}`))),
    ),
  };
}

/** The documents that a part declares, and their places in its list. */
export function declaredIn({ documents = [] }: ExchangePart): [DocumentEntry, number][] {
  return documents.flatMap((document, n) => (typeof document === 'string' ? [] : [[document, n] as [DocumentEntry, number]]));
}

/** The slug of who a part is about; null for the sector. */
export function slugOf({ insurer }: ExchangePart): string | null {
  return typeof insurer === 'string' || insurer === null ? insurer : insurer.slug;
}

const below =
  (locate: At, place: string): At =>
  (field) =>
    locate(field === '' ? place : `${place}.${field}`);

type Names = ReadonlyMap<string, string>;

function documentOf(entry: DocumentEntry, nameOf: Names, at: At): FileDocument {
  const { hash = null, key, loaded = null, publishedOn = null, remarks = null, title, url = null, version = null } = entry;
  return {
    key,
    title,
    version,
    url,
    publishedOn,
    hash,
    loaded,
    remarks: remarks && remarks.map((one) => remarkText({ ...one, document: key }, nameOf)),
    at,
  };
}

function insurersOf({ locate, part }: FilePart, nameOf: Names): FileInsurer[] {
  const { contacts = null, documents = null, insurer, loaded = null, remarks = null } = part;
  if (insurer === null || typeof insurer === 'string') return [];
  const keys = documents && documents.map((one) => (typeof one === 'string' ? one : one.key));
  const texts = remarks && remarks.map((one) => remarkText(one, nameOf));
  return [{ ...insurer, contacts, remarks: texts, documents: keys, loaded, at: below(locate, 'insurer') }];
}

function deadlinesOf(entry: DeadlineEntry, part: ExchangePart, nameOf: Names, at: At): FileDeadline[] {
  const { activity, careType, checked = part.checked ?? null, contractYear, key = null, slots } = entry;
  const places = slots
    ? ([1, 2, 3, 4] as const).map((slot) => ({ slot, id: slots[slot] }))
    : [{ slot: entry.slot ?? null, id: entry.id ?? null }];
  return places.map(({ id, slot }) => ({
    id,
    identity: { insurer: slugOf(part), contractYear, careType, activity, slot, key },
    checked,
    sequence: entry.sequence ?? null,
    createdAt: momentOf(entry.createdAt),
    changedAt: momentOf(entry.changedAt),
    revisions: entry.revisions.map((one, n) => revisionOf(one, { activity, slot }, nameOf, below(at, `revisions.${n}`))),
    at,
  }));
}

function revisionOf(entry: RevisionEntry, place: Pick<Identity, 'activity' | 'slot'>, nameOf: Names, at: At): FileRevision {
  const { change, changeId = null, digest = null, dueOn = null, lastSafeOn = null, precedent = null } = entry;
  return {
    content: contentOfEntry(entry, place, nameOf),
    dueOn,
    lastSafeOn,
    reason: entry.reason ?? null,
    announcedOn: entry.announcedOn ?? null,
    revisedAt: momentOf(entry.revisedAt),
    origin: entry.origin ?? 'editor',
    status: entry.status ?? 'published',
    precedent,
    digest,
    changeId,
    change: change ? { from: change.from, number: change.number ?? null, publicAt: momentOf(change.publicAt) } : null,
    at,
  };
}

const momentOf = (text: string | undefined) => (text === undefined ? null : new Date(text));
