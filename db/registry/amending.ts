/** An editor's three changes of the registry: new, amend, withdraw. What rests on a deadline changes with it. */
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
import { appendRevision, contentOf, insertDeadline, type Checked, type Revision } from './revisions.ts';
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
}

/**
 * Enters a deadline. What is stated becomes the next revision of what was projected for it. Throws `invalid` with every fault, or `conflict` when
 * there is one for the same insurer, year, care type and activity. `prove`: what it rests on is looked up, which is quotes and a deadline it is taken from.
 */
export async function createDeadline(
  tx: WriteDb,
  input: { identity: Omit<Identity, 'id'>; content: Content; reason: string | null; announcedOn: Day | null; prove?: boolean; by?: string },
  now: Date,
): Promise<Entered> {
  const { identity, content, reason, announcedOn, prove = false, by = BY_SERVICE } = input;
  await requireInsurer(tx, identity.insurer);
  refuse([...checkContent(content, identity), ...(prove ? await checkProof(tx, content) : [])]);
  const days = await resolveIn(tx, identity, content);
  const note = { origin: 'editor', reason, announcedOn, status: 'published', checked: checkedAt(now), by } as const;
  const { retired, doubtful } = content.certainty === 'stated' ? await findRetirement(tx, identity) : NOTHING_RETIRED;
  const deadline = retired
    ? await appendRevision(tx, await takeOver(tx, retired, { careType: identity.careType, by, now }), content, days, note, now)
    : await insertDeadline(tx, { id: randomUUID(), ...identity }, content, days, note, now);
  await changeDependents(tx, deadline, now, by);
  return { deadline, isNew: retired === null, doubtful };
}

/**
 * Adds a revision on top of `baseRevision`; a withdrawn deadline is published again by it. A new date, boundary or certainty drops what spoke of
 * the old one and is not given again (conflict, extension, basis, sources, a year that only a projection had), and as `stated` needs its own
 * sources. Throws `not_found`, `stale` or `invalid`.
 */
export async function amendDeadline(tx: WriteDb, id: string, amendment: Amendment, now: Date, by: string = BY_SERVICE): Promise<Revision> {
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
  const note = { origin: 'editor', reason, announcedOn, status: 'published', checked: checkedAt(now), by } as const;
  const revised = await appendRevision(tx, deadline, content, days, note, now);
  await changeDependents(tx, revised, now, by);
  return revised;
}

/** Withdraws a deadline: it stays in history and in calendars as cancelled. Withdrawing twice changes nothing. */
export async function withdrawDeadline(tx: WriteDb, id: string, reason: string, now: Date, by: string = BY_SERVICE): Promise<Revision> {
  const deadline = await getDeadline(tx, id);
  if (deadline.status === 'withdrawn') return deadline;
  const { dueOn, lastSafeOn } = deadline;
  const note = { origin: 'editor', reason, announcedOn: null, status: 'withdrawn', by } as const;
  const withdrawn = await appendRevision(tx, deadline, contentOf(deadline), { dueOn, lastSafeOn }, note, now);
  await changeDependents(tx, withdrawn, now, by);
  return withdrawn;
}

/** Deadlines that count from this one move along, each as a revision of its own. `isSilent`: nobody is told of what was not stated. */
export async function moveFollowers(
  tx: WriteDb,
  moved: Revision,
  now: Date,
  { seen = new Set(), isSilent = false, by }: { seen?: ReadonlySet<string>; isSilent?: boolean; by: string },
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
      by,
    } as const;
    const revised = await appendRevision(tx, follower, contentOf(follower), days, note, now);
    await moveFollowers(tx, revised, now, { seen: new Set([...seen, moved.id]), isSilent, by });
  }
}

/** What rests on a deadline changes with it: until the next morning a calendar would contradict itself. */
async function changeDependents(tx: WriteDb, changed: Revision, now: Date, by: string) {
  await moveFollowers(tx, changed, now, { by });
  if (changed.insurer !== null) await renewTimelines(tx, [changed.insurer], now);
}

/** Whoever changes a deadline has its document at hand. */
function checkedAt(now: Date): Checked {
  return { on: amsterdamDay(now), by: EDITOR };
}

const NOTHING_RETIRED: Retirement = { retired: null, doubtful: [] };

/** What who holds the editor's key is called. */
const EDITOR = 'redactie';

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

async function requireInsurer(db: ReadDb, slug: string | null) {
  if (slug === null) return;
  const { insurers } = db.tables;
  const [row] = await db.select({ slug: insurers.slug }).from(insurers).where(eq(insurers.slug, slug));
  if (!row)
    throw new AppError('invalid', 'The deadline names an unknown insurer.', [
      { field: 'insurer', message: 'is not the slug of an insurer' },
    ]);
}
