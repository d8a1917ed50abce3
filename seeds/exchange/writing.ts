/** Writes what a file says anew of a deadline, as an editor's: it is told as any other change. */
import { randomUUID } from 'node:crypto';
import { sameText } from '../../calendars/canonical.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import type { Activity } from '../../calendars/terms.ts';
import { moveFollowers, withdrawDeadline } from '../../db/registry/amending.ts';
import { recordCheck } from '../../db/registry/checks.ts';
import { allDeadlines } from '../../db/registry/deadlines.ts';
import { resolveIn } from '../../db/registry/resolving.ts';
import { correctCareType, findRetirement, takeOver } from '../../db/registry/retiring.ts';
import { appendRevision, insertDeadline, type Revision } from '../../db/registry/revisions.ts';
import type { ReadDb, WriteDb } from '../../db/store/store.ts';
import { placeOf } from './checks.ts';
import type { Planned } from './planning.ts';
import { refuseFile } from './reader.ts';
import type { FileDeadline, FileRevision } from './registry.ts';

/** Who applies it, for the audit and by the name that readers see, why, and when. */
export interface Applying {
  by: string;
  label: string;
  reason: string;
  now: Date;
}

/** The activities that deadlines of the registry or of the file count from: only when these move, others follow. */
export async function activitiesCountedFrom(db: ReadDb, deadlines: readonly FileDeadline[]): Promise<Set<Activity>> {
  const rules = [
    ...(await allDeadlines(db)).map(({ rule }) => rule),
    ...deadlines.flatMap(({ revisions }) => revisions.map(({ content }) => content.rule)),
  ];
  return new Set(rules.flatMap((rule) => (rule.kind === 'offset' && 'activity' in rule.from ? [rule.from.activity] : [])));
}

/** Writes it, and moves what counts from it. Says whether anything but a check was written. */
export async function writePlanned(
  tx: WriteDb,
  planned: Planned,
  countedFrom: ReadonlySet<Activity>,
  applying: Applying,
): Promise<boolean> {
  const { by, now } = applying;
  const { deadline } = planned;
  const last = deadline.revisions.at(-1)!;
  const [current, isRetyped] = await withCareType(tx, planned, applying);
  const written = await write(tx, { ...planned, current }, last, applying);
  if (written === null) {
    if (current !== null && deadline.checked) await recordCheck(tx, current, deadline.checked, now, by);
    if (current !== null && isRetyped) await moveFollowers(tx, current, now, { by });
    return isRetyped;
  }
  if (countedFrom.has(written.activity)) await moveFollowers(tx, written, now, { by });
  return true;
}

/** The entry with the kind of care that the file says it has, and whether that was another. */
async function withCareType(tx: WriteDb, { current, deadline }: Planned, { by, now }: Applying): Promise<[Revision | null, boolean]> {
  const { at, id, identity } = deadline;
  if (current === null || current.id !== id || current.careType === identity.careType) return [current, false];
  const retyped = await correctCareType(tx, current, identity.careType, now, by);
  if (retyped === null)
    refuseFile([{ field: at('careType'), message: `must stay ${current.careType}: another entry is ${placeOf(identity)}` }]);
  return [retyped, true];
}

async function write(tx: WriteDb, { act, current, deadline }: Planned, last: FileRevision, applying: Applying): Promise<Revision | null> {
  const { by, now } = applying;
  const reason = reasonFor(last, current, applying);
  if (act === 'nothing') return null;
  if (current !== null && act === 'withdraw') return withdrawDeadline(tx, current.id, reason, now, { by });
  const { content } = last;
  const checked = newerCheck(deadline, current) ?? { on: amsterdamDay(now), by: applying.label };
  const note = { origin: 'editor', reason, announcedOn: last.announcedOn, status: 'published', checked, by } as const;
  if (current === null) return enter(tx, deadline, last, { note, now });
  const isRedated = (['rule', 'boundary', 'certainty', 'conflict'] as const).some((field) => !sameText(content[field], current[field]));
  // What is not dated anew keeps its days.
  const days = isRedated ? await resolveIn(tx, current, content) : { dueOn: current.dueOn, lastSafeOn: current.lastSafeOn };
  return appendRevision(tx, current, content, days, note, now);
}

/** That it was compared with its document, where the registry does not say so yet. */
function newerCheck({ checked }: FileDeadline, current: Revision | null): FileDeadline['checked'] {
  return checked !== null && checked.on > (current?.checkedOn ?? '') ? checked : null;
}

/** Its own reason, unless that is the one which stands there already: then why the file is applied. */
function reasonFor({ reason }: FileRevision, current: Revision | null, applying: Applying): string {
  return reason === null || reason === current?.reason ? applying.reason : reason;
}

type Note = Parameters<typeof appendRevision>[4];

/** What is stated becomes the next revision of what was projected for it, under the id that calendars know. */
async function enter(
  tx: WriteDb,
  { id, identity }: FileDeadline,
  { content }: FileRevision,
  { note, now }: { note: Note & { by: string }; now: Date },
): Promise<Revision> {
  const days = await resolveIn(tx, identity, content);
  const { retired } = content.certainty === 'stated' ? await findRetirement(tx, identity) : { retired: null };
  if (retired === null) return insertDeadline(tx, { id: id ?? randomUUID(), ...identity }, content, days, note, now);
  const { by } = note;
  return appendRevision(tx, await takeOver(tx, retired, { careType: identity.careType, by, now }), content, days, note, now);
}
