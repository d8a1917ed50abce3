/** An editor's three changes of the registry: new, amend, withdraw. What rests on a deadline changes with it. */
import { isProjected, isTakenBack, retiresProjected } from '../../calendars/deadlines/certainty.ts';
import { randomUUID } from 'node:crypto';
import { amsterdamDay } from '../../calendars/days.ts';
import { amendedContent, isRedated } from '../../calendars/editions/amended.ts';
import { checkContent } from '../../calendars/deadlines/content.ts';
import { checkRule } from '../../calendars/deadlines/rules.ts';
import { checkQuotedDays } from '../../calendars/quoted-days.ts';
import type { Content, Identity } from '../../calendars/deadlines/deadline.ts';
import { followReason } from '../../calendars/deadlines/wording/reasons.ts';
import { AppError, type Fault } from '../../calendars/errors.ts';
import type { Day } from '../../calendars/terms.ts';
import { eq } from '../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { BY_SERVICE } from './audit.ts';
import { allDeadlines, getDeadline } from './deadlines.ts';
import { appendRevision, contentOf, insertDeadline, keyOf, type Checked, type Revision } from './revisions.ts';
import type { Grace } from './public/publishing.ts';
import { resolveIn } from './resolving.ts';
import { findRetirement, takeOver, type Retirement } from './retiring.ts';
import { renewTimelines } from './timelines.ts';

/** What an editor may change in an amendment. What is not given stays as it was. `prove`: see `createDeadline`; `by`, wherever it stands: see audit.ts. */
export type Amendment = { baseRevision: number; reason: string; announcedOn?: Day | null; prove?: boolean } & Partial<Content>;

/** A deadline that was entered. */
export interface Entered extends Pick<Retirement, 'doubtful'> {
  deadline: Revision;
  /** Not, where it is the next revision of what was projected until now. */
  isNew: boolean;
  /** What stood in its place: what was projected, or was taken back; null where nothing did. */
  before: Revision | null;
}

/** Who changes it, in the grace time of which edition, and by which name readers know who compared it with its document. */
export interface Editing {
  by: string;
  grace?: Grace | undefined;
  label?: string | undefined;
}

/**
 * Enters a deadline. What a document says, also that it names no day, becomes the next revision of what was projected for it. Throws `invalid` with every fault, or `conflict` when
 * there is one for the same insurer, year, care type and activity. `prove`: what it rests on is looked up, which is quotes and a deadline it is taken from.
 */
export async function createDeadline(
  tx: WriteDb,
  input: {
    identity: Omit<Identity, 'id'>;
    content: Content;
    reason: string | null;
    announcedOn: Day | null;
    prove?: boolean;
  } & Partial<Editing>,
  now: Date,
): Promise<Entered> {
  const { identity, content, reason, announcedOn, prove = false, by = BY_SERVICE, grace, label } = input;
  await requireInsurer(tx, identity.insurer);
  refuse([...checkContent(content, identity), ...(prove ? await checkProof(tx, content) : [])]);
  const days = await resolveIn(tx, identity, content);
  const note = { origin: 'editor', reason, announcedOn, status: 'published', checked: checkedAt(now, label), by, grace } as const;
  const { retired, doubtful } = retiresProjected(content) ? await findRetirement(tx, identity) : NOTHING_RETIRED;
  const before = retired ?? (await findTakenBack(tx, identity));
  const deadline = before
    ? await appendRevision(tx, await takeOver(tx, before, { careType: identity.careType, by, now }), content, days, note, now)
    : await insertDeadline(tx, { id: randomUUID(), ...identity }, content, days, note, now);
  await changeDependents(tx, deadline, now, { by, grace });
  return { deadline, isNew: before === null || isTakenBack(before), before, doubtful };
}

/**
 * Adds a revision on top of `baseRevision`; a withdrawn deadline is published again by it. A new date, boundary or certainty drops what spoke of
 * the old one and is not given again (conflict, extension, basis, sources, a year that only a projection had), and as `stated` needs its own
 * sources. Throws `not_found`, `stale` or `invalid`.
 */
export async function amendDeadline(
  tx: WriteDb,
  id: string,
  amendment: Amendment,
  now: Date,
  { by, grace, label }: Editing = NOBODY,
): Promise<Revision> {
  const { baseRevision, reason, announcedOn = null, prove = false, ...change } = amendment;
  const deadline = await getDeadline(tx, id);
  if (deadline.revision !== baseRevision)
    throw new AppError('stale', `The deadline is at revision ${deadline.revision}, not ${baseRevision}; read it again.`);
  const redated = isRedated(deadline, change);
  const content = amendedContent(deadline, change);
  refuse([...checkContent(content, deadline), ...(prove ? await checkProof(tx, content) : [])]);
  // What is not dated anew keeps its days: a projection's earliest safe day does not follow from its rule.
  const currentDays = { dueOn: deadline.dueOn, lastSafeOn: deadline.lastSafeOn };
  const days = redated || change.conflict !== undefined ? await resolveIn(tx, deadline, content) : currentDays;
  // What no document says was compared with none.
  const checked = isProjected(content) ? {} : { checked: checkedAt(now, label) };
  const note = { origin: 'editor', reason, announcedOn, status: 'published', ...checked, by, grace } as const;
  const revised = await appendRevision(tx, deadline, content, days, note, now);
  await changeDependents(tx, revised, now, { by, grace });
  return revised;
}

/** Withdraws a deadline: it stays in history and in calendars as cancelled. Withdrawing twice changes nothing. */
export async function withdrawDeadline(
  tx: WriteDb,
  id: string,
  reason: string,
  now: Date,
  { by, grace }: Editing = NOBODY,
): Promise<Revision> {
  const deadline = await getDeadline(tx, id);
  if (deadline.status === 'withdrawn') return deadline;
  const { dueOn, lastSafeOn } = deadline;
  const note = { origin: 'editor', reason, announcedOn: null, status: 'withdrawn', by, grace } as const;
  const withdrawn = await appendRevision(tx, deadline, contentOf(deadline), { dueOn, lastSafeOn }, note, now);
  await changeDependents(tx, withdrawn, now, { by, grace });
  return withdrawn;
}

/** How deadlines move along. `isSilent`: nobody is told of what was not stated; `isUntold`: of nothing. */
interface Moving extends Omit<Editing, 'label'> {
  seen?: ReadonlySet<string>;
  isSilent?: boolean;
  isUntold?: boolean;
}

/** Deadlines that count from this one move along, each as a revision of its own. */
export async function moveFollowers(
  tx: WriteDb,
  moved: Revision,
  now: Date,
  { seen = new Set(), isSilent = false, isUntold = false, by, grace }: Moving,
): Promise<void> {
  if (seen.has(moved.id)) return;
  const { contractYear, insurer } = moved;
  const its = { insurers: insurer === null ? [] : [insurer], withSector: insurer === null, fromContractYear: contractYear };
  for (const follower of (await allDeadlines(tx, its)).filter((one) => one.contractYear === contractYear)) {
    const { rule } = follower;
    if (rule.kind !== 'offset' || !('activity' in rule.from) || rule.from.activity !== moved.activity || follower.id === moved.id) continue;
    const days = await resolveIn(tx, follower, contentOf(follower));
    if (days.dueOn === follower.dueOn && days.lastSafeOn === follower.lastSafeOn) continue;
    const note = {
      origin: follower.origin,
      reason: followReason(moved, 'nl'),
      announcedOn: null,
      status: 'published',
      isSilent,
      isUntold,
      by,
      grace,
    } as const;
    const revised = await appendRevision(tx, follower, contentOf(follower), days, note, now);
    await moveFollowers(tx, revised, now, { seen: new Set([...seen, moved.id]), isSilent, isUntold, by, grace });
  }
}

/** What rests on a deadline changes with it: until the next morning a calendar would contradict itself. */
export async function changeDependents(tx: WriteDb, changed: Revision, now: Date, moving: Moving): Promise<void> {
  await moveFollowers(tx, changed, now, moving);
  const { grace, isUntold = false } = moving;
  // None of it is stated.
  if (changed.insurer !== null) await renewTimelines(tx, [changed.insurer], now, { isSilent: isUntold, grace });
}

/** Whoever changes a deadline has its document at hand. */
function checkedAt(now: Date, label: string = EDITORS): Checked {
  return { on: amsterdamDay(now), by: label };
}

/** What was entered in the same place and taken back, of whatever certainty: it is entered again as the same deadline. */
async function findTakenBack(db: ReadDb, identity: Omit<Identity, 'id'>): Promise<Revision | null> {
  const { deadlines } = db.tables;
  const [row] = await db
    .select({ id: deadlines.id })
    .from(deadlines)
    .where(eq(deadlines.key, keyOf(identity)));
  const deadline = row ? await getDeadline(db, row.id) : null;
  return deadline && isTakenBack(deadline) ? deadline : null;
}

const NOBODY: Editing = { by: BY_SERVICE };

const NOTHING_RETIRED: Retirement = { retired: null, doubtful: [] };

/** What who checks is called where no name is given: who holds an editor's key. */
export const EDITORS = 'redactie';

/** What a date rests on and does not: a quote that names another day, and a deadline that is none. What contradicts itself is not compared with its quotes. */
async function checkProof(db: ReadDb, content: Content): Promise<Fault[]> {
  const { deadlines } = db.tables;
  const unquoted = checkRule(content.rule).length > 0 ? [] : checkQuotedDays(content);
  const id = content.basis?.deadlineId ?? null;
  if (id === null || (await db.$count(deadlines, eq(deadlines.id, id))) > 0) return unquoted;
  return [...unquoted, { field: 'basis.deadlineId', message: 'must be the id of a deadline, or null' }];
}

function refuse(faults: readonly Fault[]) {
  if (faults.length > 0) throw new AppError('invalid', 'The deadline contradicts itself.', [...faults]);
}

/** Throws `invalid` where no insurer has that slug. */
export async function requireInsurer(db: ReadDb, slug: string | null): Promise<void> {
  if (slug === null) return;
  const { insurers } = db.tables;
  const [row] = await db.select({ slug: insurers.slug }).from(insurers).where(eq(insurers.slug, slug));
  if (!row)
    throw new AppError('invalid', 'The deadline names an unknown insurer.', [
      { field: 'insurer', message: 'is not the slug of an insurer' },
    ]);
}
