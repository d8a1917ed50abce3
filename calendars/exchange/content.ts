/** From what a file says in one revision to its content, and from a content to what a file says: what is null or empty is not written. */
import type { Content, Identity, Source } from '../deadlines/deadline.ts';
import { KIND_OF } from '../deadlines/kinds.ts';
import type { CitedEntry, RevisionEntry } from './shape.ts';

/** What a revision of any form of file says of its content; a source may name its document in the one way or in the other. */
export type ContentEntry = Pick<
  RevisionEntry,
  | 'boundary'
  | 'certainty'
  | 'channel'
  | 'conflict'
  | 'consequence'
  | 'duty'
  | 'extension'
  | 'kind'
  | 'reportingYear'
  | 'rule'
  | 'strictness'
  | 'title'
> & { basis?: RevisionEntry['basis']; sources: readonly Partial<CitedEntry>[] };

/** The content of a revision. `nameOf`: what documents are called, by their keys. `{slot}` in a title is the quarter's number. */
export function contentOfEntry(
  entry: ContentEntry,
  { activity, slot }: Pick<Identity, 'activity' | 'slot'>,
  nameOf: ReadonlyMap<string, string>,
): Content {
  const { basis, channel, consequence, duty } = entry;
  return {
    kind: entry.kind ?? KIND_OF[activity],
    title: slot ? entry.title.replaceAll('{slot}', String(slot)) : entry.title,
    rule: entry.rule,
    boundary: entry.boundary ?? null,
    certainty: entry.certainty,
    basis: basis ? { ...basis, deadlineId: basis.deadlineId ?? null } : null,
    reportingYear: entry.reportingYear ?? null,
    duty: { ...duty, onBehalfOf: duty.onBehalfOf ?? [], deliverable: duty.deliverable ?? null },
    channel: channel ? { address: null, subject: null, hours: null, ...channel } : null,
    consequence: consequence ? { kind: 'note', ...consequence } : null,
    extension: entry.extension ?? null,
    sources: entry.sources.map((source) => sourceOf(source, nameOf)),
    conflict: entry.conflict ?? null,
    strictness: entry.strictness ?? null,
  };
}

function sourceOf(
  { document, documentName, quote = null, section = null, url = null }: Partial<CitedEntry>,
  nameOf: ReadonlyMap<string, string>,
): Source {
  return { document: documentName ?? nameOf.get(document ?? '') ?? document ?? '', section, quote, url };
}

/** What a file says of a content. `keyOf`: the keys of documents, by what they are called. The same content always gives the same text. */
export function entryOfContent(content: Content, activity: Identity['activity'], keyOf: ReadonlyMap<string, string>): ContentEntry {
  const { basis, channel, consequence, duty } = content;
  return said({
    kind: content.kind === KIND_OF[activity] ? null : content.kind,
    title: content.title,
    rule: inOrder(content.rule),
    boundary: content.boundary,
    certainty: content.certainty,
    basis:
      basis &&
      said({
        kind: basis.kind,
        deadlineId: basis.deadlineId,
        text: basis.text,
        successorSeen: basis.successorSeen,
        term: inOrder(basis.term ?? null),
      }),
    reportingYear: content.reportingYear,
    duty: said({
      actors: duty.actors,
      onBehalfOf: duty.onBehalfOf.length > 0 ? duty.onBehalfOf : null,
      contractStatus: duty.contractStatus,
      deliverable: duty.deliverable,
    }),
    channel: channel && said({ kind: channel.kind, address: channel.address, subject: channel.subject, hours: channel.hours }),
    consequence: consequence && { kind: consequence.kind, modality: consequence.modality, text: consequence.text },
    extension: inOrder(content.extension),
    conflict: inOrder(content.conflict),
    strictness: content.strictness,
    sources: content.sources.map((source) => citedOf(source, keyOf)),
  }) as ContentEntry;
}

function citedOf({ document, quote, section, url }: Source, keyOf: ReadonlyMap<string, string>): CitedEntry {
  const key = keyOf.get(document);
  const named = key === undefined ? { documentName: document } : { document: key };
  return { ...named, ...(section === null ? {} : { section }), quote, ...(url === null ? {} : { url }) };
}

/** Without what is null: that is not said. */
export function said<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  // Only fields without a value are left out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

/** The order in which parts are written that the store keeps as JSON: PostgreSQL gives them in one of its own. What is not here comes last, by name. */
const ORDER = [
  'purpose',
  'kind',
  'deadlineId',
  'contractYear',
  'dueOn',
  'lastSafeOn',
  'on',
  'unit',
  'year',
  'number',
  'from',
  'to',
  'amount',
  'direction',
  'every',
  'lead',
  'activity',
  'event',
  'possible',
  'first',
  'last',
  'document',
  'section',
  'quote',
  'days',
  'modality',
  'address',
  'email',
  'phone',
  'subject',
  'text',
  'url',
  'hours',
];
const RANKS = new Map(ORDER.map((name, rank) => [name, rank]));
const rankOf = (name: string) => RANKS.get(name) ?? ORDER.length;

/** The same value with its fields, and those of its parts, in one order. */
export function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map((part: unknown) => inOrder(part)) as T;
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).sort(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, part]) => [name, inOrder(part)])) as T;
}
