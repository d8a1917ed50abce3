/** Writes what a file says anew, as an editor's: an edition for each insurer, kind of care and contract year that it changes, told as any other. */
import { randomUUID } from 'node:crypto';
import { sameText } from '../../calendars/canonical.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import type { Activity } from '../../calendars/terms.ts';
import { moveFollowers, withdrawDeadline } from '../../db/registry/amending.ts';
import { holdUntil, isNewCheck, recordCheck } from '../../db/registry/checks.ts';
import { allDeadlines, getDeadline } from '../../db/registry/deadlines.ts';
import type { Edition, EditionPlace } from '../../db/registry/editions/drafts.ts';
import { graceOf } from '../../db/registry/editions/publish.ts';
import type { Made } from '../../db/registry/exchange/editions.ts';
import type { Grace } from '../../db/registry/public/publishing.ts';
import { resolveIn } from '../../db/registry/resolving.ts';
import { correctCareType, takeOver } from '../../db/registry/retiring.ts';
import { appendRevision, contentOf, insertDeadline, type Revision, type RevisionNote } from '../../db/registry/revisions.ts';
import type { ReadDb, WriteDb } from '../../db/store/store.ts';
import { placeOf } from './checks.ts';
import type { Planned } from './planning.ts';
import { refuseFile } from './reader.ts';
import type { FileDeadline } from './registry.ts';

/** Who applies it, for the audit and by the name that readers see, why, and when. */
export interface Applying {
  by: string;
  label: string;
  reason: string;
  now: Date;
}

/** An edition with what was made under it so far. */
export interface OpenEdition {
  edition: Edition;
  made: Made[];
}

export interface OpenEditions {
  /** That of a place, opened where it is not yet. */
  of: (place: EditionPlace) => Promise<OpenEdition>;
}

/** The activities that deadlines of the registry or of the file count from: only when these move, others follow. */
export async function activitiesCountedFrom(db: ReadDb, deadlines: readonly FileDeadline[]): Promise<Set<Activity>> {
  const rules = [
    ...(await allDeadlines(db)).map(({ rule }) => rule),
    ...deadlines.flatMap(({ revisions }) => revisions.map(({ content }) => content.rule)),
  ];
  return new Set(rules.flatMap((rule) => (rule.kind === 'offset' && 'activity' in rule.from ? [rule.from.activity] : [])));
}

/** Writes it under the edition of its place, and moves what counts from it. Nothing, where the registry says so already. */
export async function writePlanned(
  tx: WriteDb,
  planned: Planned,
  { applying, countedFrom, editions }: { applying: Applying; countedFrom: ReadonlySet<Activity>; editions: OpenEditions },
): Promise<void> {
  const { by, now } = applying;
  const { act, current, deadline, isBehind } = planned;
  const isRetyped = current !== null && current.id === deadline.id && current.careType !== deadline.identity.careType;
  const canBeChecked = current?.status === 'published' && !isBehind;
  const isChecked = canBeChecked && deadline.checked !== null && isNewCheck(current, deadline.checked, by);
  if (act === 'nothing' && !isRetyped && !isChecked) return;
  const open = await editions.of(deadline.identity);
  const grace = graceOf(open.edition);
  const made = await makeOne(tx, planned, { ...applying, grace, isRetyped });
  open.made.push(made);
  if (made.act !== 'check' && (isRetyped || countedFrom.has(made.deadline.activity)))
    await moveFollowers(tx, made.deadline, now, { by, grace });
}

interface Making extends Applying {
  grace: Grace;
  isRetyped: boolean;
}

async function makeOne(tx: WriteDb, planned: Planned, making: Making): Promise<Made> {
  const { act, current, deadline } = planned;
  const { announcedOn, content } = deadline.revisions.at(-1)!;
  if (current === null) return enter(tx, planned, making);
  const retyped = making.isRetyped ? await withCareType(tx, current, deadline, making) : current;
  const reason = reasonFor(deadline, current, making);
  const made = { before: current, reason, announcedOn };
  if (act === 'withdraw') {
    const { by, grace, now } = making;
    const withdrawn = await withdrawDeadline(tx, current.id, reason, now, { by, grace });
    return { ...made, act: 'withdraw', deadline: withdrawn, content: {}, announcedOn: null };
  }
  if (act === 'amend') return { ...made, act: 'amend', deadline: await amend(tx, retyped, deadline, making), content };
  return confirm(tx, retyped, planned, making);
}

/** Makes it, or the next revision of what was projected for it, under the id that calendars know. */
async function enter(tx: WriteDb, { deadline, retired }: Planned, making: Making): Promise<Made> {
  const { id, identity, revisions } = deadline;
  const { announcedOn, content } = revisions.at(-1)!;
  const { by, now } = making;
  const note = noteOf(deadline, null, making);
  const days = await resolveIn(tx, identity, content);
  const made = { act: 'enter', before: retired, content, reason: note.reason, announcedOn } as const;
  if (retired === null)
    return { ...made, deadline: await insertDeadline(tx, { id: id ?? randomUUID(), ...identity }, content, days, note, now) };
  const taken = await takeOver(tx, await getDeadline(tx, retired.id), { careType: identity.careType, by, now });
  return { ...made, before: retired, deadline: await appendRevision(tx, taken, content, days, note, now) };
}

async function amend(tx: WriteDb, current: Revision, deadline: FileDeadline, making: Making): Promise<Revision> {
  const { content } = deadline.revisions.at(-1)!;
  const isRedated = (['rule', 'boundary', 'certainty', 'conflict'] as const).some((field) => !sameText(content[field], current[field]));
  // What is not dated anew keeps its days.
  const days = isRedated ? await resolveIn(tx, current, content) : { dueOn: current.dueOn, lastSafeOn: current.lastSafeOn };
  return appendRevision(tx, current, content, days, noteOf(deadline, current, making), making.now);
}

/** Says what it said: with another kind of care as a revision that has a reason, else only when it was compared. */
async function confirm(tx: WriteDb, current: Revision, { current: before, deadline, isBehind }: Planned, making: Making): Promise<Made> {
  const { by, grace, isRetyped, now, reason } = making;
  const made = { before, reason, announcedOn: null };
  if (!isRetyped) {
    await recordCheck(tx, current, deadline.checked!, now, by);
    await holdUntil(tx, current, grace);
    return { ...made, act: 'check', deadline: current, content: {} };
  }
  const { dueOn, lastSafeOn, origin, precedent, status } = current;
  const note = {
    origin,
    precedent,
    status,
    reason,
    announcedOn: null,
    checked: isBehind ? null : newerCheck(deadline, current),
    by,
    grace,
  };
  const revised = await appendRevision(tx, current, contentOf(current), { dueOn, lastSafeOn }, note, now);
  return { ...made, act: 'amend', deadline: revised, content: contentOf(current) };
}

/** The entry with the kind of care that the file says it has. */
async function withCareType(tx: WriteDb, current: Revision, { at, identity }: FileDeadline, { by, now }: Making): Promise<Revision> {
  const retyped = await correctCareType(tx, current, identity.careType, now, by);
  if (retyped === null)
    refuseFile([{ field: at('careType'), message: `must stay ${current.careType}: another entry is ${placeOf(identity)}` }]);
  return retyped!;
}

function noteOf(deadline: FileDeadline, current: Revision | null, making: Making): RevisionNote {
  const { by, grace, label, now } = making;
  const { announcedOn } = deadline.revisions.at(-1)!;
  const checked = newerCheck(deadline, current) ?? { on: amsterdamDay(now), by: label };
  return { origin: 'editor', reason: reasonFor(deadline, current, making), announcedOn, status: 'published', checked, by, grace };
}

/** That it was compared with its document, where the registry does not say so yet. */
function newerCheck({ checked }: FileDeadline, current: Revision | null): FileDeadline['checked'] {
  return checked !== null && checked.on > (current?.checkedOn ?? '') ? checked : null;
}

/** Its own reason, unless that is the one which stands there already: then why the file is applied. */
function reasonFor({ revisions }: FileDeadline, current: Revision | null, { reason: why }: Applying): string {
  const { reason } = revisions.at(-1)!;
  return reason === null || reason === current?.reason ? why : reason;
}
