/** What must hold in the registry beyond the shape of its files: between fields, and between files. */
import { RESERVED_SLUG } from '../calendars/agenda/selection.ts';
import { proofFor } from '../calendars/deadlines/certainty.ts';
import type { DateRule } from '../calendars/deadlines/deadline.ts';
import type { Fault } from '../calendars/errors.ts';
import { checkRequirement, HAVE_DAYS } from '../calendars/deadlines/content.ts';
import { KIND_OF } from '../calendars/deadlines/kinds.ts';
import { checkQuotedDays } from '../calendars/quoted-days.ts';
import { checkRule } from '../calendars/deadlines/rules.ts';
import type { DeadlineEntry, DocumentEntry, RegistryFile, RevisionEntry } from './schema.ts';
import type { YamlText } from './yaml.ts';

/** A file whose shape is right. */
export interface ParsedFile extends YamlText {
  entry: RegistryFile;
}

/** All faults of all files together; each field is `file.yaml:LINE path`. */
export function checkFiles(files: readonly ParsedFile[]): Fault[] {
  const declared = new Map(files.flatMap((file) => declarations(file).map(({ document }) => [document.key, document] as const)));
  return [
    ...files.flatMap((file) => [...checkName(file), ...checkCitations(file, declared), ...checkDeadlines(file)]),
    ...checkOnce(files.flatMap((file) => declarations(file).map(({ document, at }) => ({ value: document.key, at, what: 'document' })))),
    ...checkOnce(files.flatMap(idsOf)),
    ...checkOnce(files.flatMap(keysOf)),
  ];
}

function declarations({ entry, locate }: ParsedFile): { document: DocumentEntry; at: string }[] {
  return entry.documents.flatMap((document, i) => (typeof document === 'string' ? [] : [{ document, at: locate(`documents.${i}.key`) }]));
}

function checkName({ name, entry, locate }: ParsedFile): Fault[] {
  if (!entry.insurer) return name === 'sector.yaml' ? [] : [{ field: locate('insurer'), message: 'may be null in sector.yaml only' }];
  const expected = name.replace(/\.yaml$/, '');
  if (entry.insurer.slug === RESERVED_SLUG)
    return [{ field: locate('insurer.slug'), message: `must not be ${RESERVED_SLUG}: calendars of a choice stand at that address` }];
  return entry.insurer.slug === expected ? [] : [{ field: locate('insurer.slug'), message: `must be the file's name, ${expected}` }];
}

/** A file cites only documents that its own list declares or names, and quotes only from those that have a text. */
function checkCitations({ entry, locate }: ParsedFile, declared: ReadonlyMap<string, DocumentEntry>): Fault[] {
  const listed = entry.documents.map((document) => (typeof document === 'string' ? document : document.key));
  const unknown = entry.documents.flatMap((document, i) =>
    typeof document === 'string' && !declared.has(document)
      ? [{ field: locate(`documents.${i}`), message: `is not a declared document; declared are ${[...declared.keys()].join(', ')}` }]
      : [],
  );
  const cited = (document: string | undefined, quote: string | null | undefined, path: string): Fault[] => {
    if (document === undefined)
      return quote ? [{ field: locate(`${path}.document`), message: 'is required with a quote: the key of its document' }] : [];
    if (!listed.includes(document))
      return [{ field: locate(`${path}.document`), message: `must be one of this file's documents: ${listed.join(', ') || 'none yet'}` }];
    if (quote && declared.has(document) && !declared.get(document)?.file)
      return [{ field: locate(`${path}.quote`), message: `needs the text it stands in: document ${document} has no file` }];
    return [];
  };
  return [
    ...unknown,
    ...declarations({ entry, locate } as ParsedFile).flatMap(({ document }) =>
      (document.remarks ?? []).flatMap(({ quote }, j) =>
        cited(document.key, quote, `documents.${entry.documents.indexOf(document)}.remarks.${j}`),
      ),
    ),
    ...entry.remarks.flatMap(({ document, quote }, i) => cited(document, quote, `remarks.${i}`)),
    ...entry.deadlines.flatMap(({ revisions }, i) =>
      revisions.flatMap(({ sources }, j) =>
        sources.flatMap(({ document, quote }, k) => cited(document, quote, `deadlines.${i}.revisions.${j}.sources.${k}`)),
      ),
    ),
  ];
}

function checkDeadlines({ entry, locate }: ParsedFile): Fault[] {
  return entry.deadlines.flatMap((deadline, i) => {
    const place = (path: string) => locate(`deadlines.${i}.${path}`);
    const identity =
      deadline.id === undefined && !deadline.slots ? [{ field: place('id'), message: 'is required: an id, or slots with four' }] : [];
    const both = deadline.id !== undefined && deadline.slots ? [{ field: place('slots'), message: 'must not stand beside an id' }] : [];
    return [
      ...identity,
      ...both,
      ...deadline.revisions.flatMap((revision, j) => checkRevision(deadline, revision, (path) => place(`revisions.${j}.${path}`))),
    ];
  });
}

function checkRevision(deadline: DeadlineEntry, revision: RevisionEntry, place: (path: string) => string): Fault[] {
  const { activity, key = null } = deadline;
  const { kind = KIND_OF[activity], rule, boundary = null, certainty, sources, strictness = null } = revision;
  const faults = checkRule(rule).map(({ field, message }) => ({ field: place(field), message }));
  const refuse = (path: string, message: string) => faults.push({ field: place(path), message });
  if ((rule.kind === 'slot') !== Boolean(deadline.slots)) refuse('rule.kind', 'must be slot for a deadline with slots, and for no other');
  if (proofFor(certainty) === 'quote' && !sources.some(({ quote }) => quote))
    refuse('sources', `must hold a quote when the certainty is ${certainty}`);
  if (certainty === 'unknown' && isUsable(rule))
    refuse('certainty', 'must not be unknown when the rule gives a day; unknown goes with none, event, or an offset without amount');
  for (const { field, message } of checkRequirement({ certainty, kind, rule, strictness }, { activity, key })) refuse(field, message);
  if (certainty !== 'unknown' && !isUsable(rule) && HAVE_DAYS.has(kind)) refuse('certainty', 'must be unknown when the rule gives no day');
  if (isUsable(rule) && boundary === null) refuse('boundary', 'is required when the rule gives a day: by, before or per');
  if (!isUsable(rule) && boundary !== null) refuse('boundary', 'must be null when the rule gives no day');
  // What contradicts itself is not compared with its quotes.
  if (faults.length > 0) return faults;
  const basis = revision.basis ? { ...revision.basis, deadlineId: null } : null;
  const quoted = sources.map(({ document, quote, section = null, url = null }) => ({ document, quote, section, url }));
  for (const { field, message } of checkQuotedDays({ basis, certainty, conflict: revision.conflict ?? null, rule, sources: quoted }))
    refuse(field, message);
  return faults;
}

/** Whether a day follows from the rule, now or once an event has happened. */
function isUsable(rule: DateRule): boolean {
  if (rule.kind === 'offset') return rule.amount !== null;
  return rule.kind !== 'none' && rule.kind !== 'event';
}

interface Named {
  value: string;
  at: string;
  what: string;
}

function idsOf({ entry, locate }: ParsedFile): Named[] {
  return entry.deadlines.flatMap(({ id, slots }, i) => [
    ...(id ? [{ value: id, at: locate(`deadlines.${i}.id`), what: 'id' }] : []),
    ...Object.entries(slots ?? {}).map(([slot, value]) => ({ value, at: locate(`deadlines.${i}.slots.${slot}`), what: 'id' })),
  ]);
}

function keysOf({ name, entry, locate }: ParsedFile): Named[] {
  return entry.deadlines.map(({ contractYear, careType, activity, key }, i) => ({
    value: [contractYear, careType, activity, key, 'of', entry.insurer?.slug ?? name].filter((part) => part !== undefined).join(' '),
    at: locate(`deadlines.${i}.activity`),
    what: 'deadline',
  }));
}

/** One fault for each value that has stood before, in whatever file. */
function checkOnce(all: Named[]): Fault[] {
  const first = new Map<string, string>();
  return all.flatMap(({ value, at, what }) => {
    const before = first.get(value);
    if (before === undefined) first.set(value, at);
    return before === undefined ? [] : [{ field: at, message: `must stand once; ${what} ${value} stands at ${before} too` }];
  });
}
