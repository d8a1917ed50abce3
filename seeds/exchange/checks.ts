/** What must hold in a file of the registry beyond the shape of its parts: between fields, and between parts. */
import { RESERVED_SLUG } from '../../calendars/agenda/selection.ts';
import { isAssumed } from '../../calendars/deadlines/certainty.ts';
import { checkContent } from '../../calendars/deadlines/content.ts';
import { checkRule, resolveDays } from '../../calendars/deadlines/rules.ts';
import type { Day } from '../../calendars/terms.ts';
import type { Fault } from '../../calendars/errors.ts';
import { checkQuotedDays } from '../../calendars/quoted-days.ts';
import type { FilePart } from './reader.ts';
import { declaredIn, slugOf, type FileDeadline, type FileRegistry, type FileRevision } from './registry.ts';

/** Faults of what the parts say of who and of which documents, before they are put together. `stored`: the keys of the registry's own documents. */
export function checkParts(parts: readonly FilePart[], stored: ReadonlySet<string>): Fault[] {
  const declared = parts.flatMap(({ locate, part }) =>
    declaredIn(part).map(([{ key }, n]): Named => ({ value: key, at: () => locate(`documents.${n}.key`), what: 'document' })),
  );
  const keys = new Set([...stored, ...declared.map(({ value }) => value)]);
  const insurers = parts.flatMap(({ locate, part: { insurer } }): Named[] =>
    insurer !== null && typeof insurer !== 'string' ? [{ value: insurer.slug, at: () => locate('insurer.slug'), what: 'insurer' }] : [],
  );
  return [
    ...parts.flatMap((one) => [...checkWho(one), ...checkCitations(one, keys), ...checkIdentities(one)]),
    ...checkOnce(declared),
    ...checkOnce(insurers),
  ];
}

/** Faults of the deadlines of a file, all together. */
export function checkFile({ deadlines }: FileRegistry): Fault[] {
  const named = (what: string, valueOf: (one: FileDeadline) => string | null, field: string): Named[] =>
    deadlines.flatMap((one) => {
      const value = valueOf(one);
      return value === null ? [] : [{ value, at: () => one.at(field), what }];
    });
  const revisions = deadlines.flatMap(({ revisions }) => revisions);
  return [
    ...checkOnce(named('id', ({ id }) => id, 'id')),
    ...checkOnce(named('deadline', ({ identity }) => placeOf(identity), 'activity')),
    ...checkOnce(
      revisions.flatMap(({ at, change, changeId }): Named[] =>
        change && changeId ? [{ value: changeId, at: () => at('changeId'), what: 'change' }] : [],
      ),
    ),
    ...checkOnce(
      revisions.flatMap(({ at, change }): Named[] =>
        change?.number ? [{ value: String(change.number), at: () => at('change.number'), what: 'change' }] : [],
      ),
    ),
    ...deadlines.flatMap(checkDeadline),
  ];
}

/** Nobody has compared anything on a day to come; it would stop every check until then. */
export function checkCompared({ deadlines }: FileRegistry, today: Day): Fault[] {
  return deadlines.flatMap(({ at, checked }) =>
    checked === null || checked.on <= today
      ? []
      : [{ field: at('checked.on'), message: `must be ${today} at the latest, also where it is given for all of an insurer` }],
  );
}

/** Insurer, contract year and what it is about, as people write it. */
export function placeOf({ activity, careType, contractYear, insurer, key, slot }: FileDeadline['identity']): string {
  return [insurer ?? 'sector', contractYear, careType, activity, slot, key].filter((part) => part !== null).join(' ');
}

function checkWho({ locate, part }: FilePart): Fault[] {
  const { contacts, documents, insurer, remarks } = part;
  if (slugOf(part) === RESERVED_SLUG)
    return [{ field: locate('insurer.slug'), message: `must not be ${RESERVED_SLUG}: calendars of a choice stand at that address` }];
  const given = [
    ...(contacts?.length ? ['contacts'] : []),
    ...(remarks?.length ? ['remarks'] : []),
    ...(documents?.length && typeof insurer === 'string' ? ['documents'] : []),
  ];
  if (insurer !== null && typeof insurer !== 'string') return [];
  return given.map((field) => ({
    field: locate(field),
    message:
      insurer === null
        ? 'must be empty for the sector: they are kept of insurers'
        : 'must stand in the part that has the whole insurer, with its name and kind',
  }));
}

function checkCitations({ locate, part }: FilePart, keys: ReadonlySet<string>): Fault[] {
  const { deadlines = [], documents = [], remarks = [] } = part;
  const isUnknown = (key: string | undefined) => key !== undefined && !keys.has(key);
  const unknown = (field: string): Fault => ({
    field: locate(field),
    message: 'must be the key of a document of this file or of the registry',
  });
  return [
    ...documents.flatMap((one, n) => (typeof one === 'string' && isUnknown(one) ? [unknown(`documents.${n}`)] : [])),
    ...remarks.flatMap(({ document, quote }, n) => [
      ...(isUnknown(document) ? [unknown(`remarks.${n}.document`)] : []),
      ...(quote !== undefined && document === undefined
        ? [{ field: locate(`remarks.${n}.document`), message: 'is required with a quote: the key of its document' }]
        : []),
    ]),
    ...deadlines.flatMap(({ revisions }, i) =>
      revisions.flatMap(({ sources }, j) =>
        sources.flatMap(({ document, documentName }, k) => {
          const field = `deadlines.${i}.revisions.${j}.sources.${k}.document`;
          if ((document === undefined) === (documentName === undefined))
            return [{ field: locate(field), message: 'is required, or documentName where it is no document of the file: one of them' }];
          return isUnknown(document) ? [unknown(field)] : [];
        }),
      ),
    ),
  ];
}

function checkIdentities({ locate, part: { deadlines = [] } }: FilePart): Fault[] {
  return deadlines.flatMap(({ id, slot, slots }, i) =>
    slots && (id !== undefined || (slot ?? null) !== null)
      ? [{ field: locate(`deadlines.${i}.slots`), message: 'must not stand beside an id or a slot' }]
      : [],
  );
}

function checkDeadline({ at, identity, revisions }: FileDeadline): Fault[] {
  const last = revisions.at(-1);
  const firstNew = revisions.findIndex(({ revisedAt }) => revisedAt === null);
  return [
    ...(firstNew >= 0 && revisions.slice(firstNew).some(({ revisedAt }) => revisedAt !== null)
      ? [{ field: at(`revisions.${firstNew}.revisedAt`), message: 'is required: a revision that was published stands after it' }]
      : []),
    ...revisions.flatMap(({ changeId }, n) =>
      changeId === null || revisions.slice(0, n + 1).some((one) => one.change !== null && one.changeId === changeId)
        ? []
        : [{ field: at(`revisions.${n}.changeId`), message: 'must be that of a change of this revision or of one before it' }],
    ),
    ...revisions.flatMap((one, n) => checkRevision(one, identity, { number: n + 1, isLast: one === last })),
  ];
}

function checkRevision(
  revision: FileRevision,
  identity: FileDeadline['identity'],
  { isLast, number }: { number: number; isLast: boolean },
): Fault[] {
  const { at, change, changeId, content, origin, revisedAt } = revision;
  const faults: Fault[] = [...checkDays(revision, identity)];
  const refuse = (field: string, message: string) => faults.push({ field, message });
  if (change && changeId === null) refuse('changeId', 'is required with a change');
  if (change && change.from >= number) refuse('change.from', `must be below ${number}, the number of this revision`);
  if (origin === 'projection' && revisedAt === null) refuse('origin', 'must not be projection for what is new');
  if (isLast && origin !== 'projection') {
    faults.push(...checkContent(content, identity));
    // What was published before that was checked stays as it is.
    if (revisedAt === null && checkRule(content.rule).length === 0) faults.push(...checkQuotedDays(content));
  }
  return faults.map(({ field, message }) => ({ field: at(field), message }));
}

/** The days that something new says, where it says any, are those of its rule. */
function checkDays(
  { content, dueOn, lastSafeOn, origin, revisedAt }: FileRevision,
  { contractYear, slot }: FileDeadline['identity'],
): Fault[] {
  const { boundary, certainty, conflict, rule } = content;
  if (certainty === 'unknown' && dueOn !== null) return [{ field: 'dueOn', message: 'must not be given when the certainty is unknown' }];
  if ((dueOn === null) !== (lastSafeOn === null) && !(certainty === 'template' && dueOn !== null))
    return [{ field: 'dueOn', message: 'must be given together with lastSafeOn, or neither' }];
  // What was published keeps its days, and so does what is counted from elsewhere or projected.
  if (
    dueOn === null ||
    revisedAt !== null ||
    origin === 'projection' ||
    rule.kind === 'offset' ||
    isAssumed(content) ||
    checkRule(rule).length > 0
  )
    return [];
  const days = resolveDays(rule, boundary, { contractYear, slot, dayOf: () => null, conflict });
  const said = { dueOn, lastSafeOn };
  return (['dueOn', 'lastSafeOn'] as const).flatMap((field) =>
    said[field] === days[field]
      ? []
      : [
          {
            field,
            message:
              days[field] === null ? 'must not be given: the rule gives no day' : `must be ${days[field]}, which follows from the rule`,
          },
        ],
  );
}

interface Named {
  value: string;
  at: () => string;
  what: string;
}

/** One fault for each value that has stood before. */
function checkOnce(all: readonly Named[]): Fault[] {
  const first = new Map<string, Named['at']>();
  return all.flatMap(({ at, value, what }) => {
    const before = first.get(value);
    if (before === undefined) first.set(value, at);
    return before === undefined ? [] : [{ field: at(), message: `must stand once; ${what} ${value} stands at ${before()} too` }];
  });
}
