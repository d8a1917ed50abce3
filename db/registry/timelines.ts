/** The projected timelines: every insurer's five deadlines for the two contract years being bought, as honest as can be known. */
import { amsterdamYear } from '../../calendars/days.ts';
import type { Precedent } from '../../calendars/deadlines/deadline.ts';
import { precedentFor } from '../../calendars/deadlines/precedent.ts';
import { contractTerms, isBoundByTerm, runningTerm, writeTerm } from '../../calendars/deadlines/contract-terms.ts';
import { projectTimeline, type Projected } from '../../calendars/deadlines/projection.ts';
import { PROJECTED_REASON } from '../../calendars/deadlines/wording/reasons.ts';
import { allDeadlines } from './deadlines.ts';
import { BY_PROJECTION } from './audit.ts';
import { listInsurers } from './insurers.ts';
import { projectTermsOf } from './projected-terms.ts';
import type { Grace } from './public/publishing.ts';
import { takeOver } from './retiring.ts';
import { appendRevision, contentOf, insertDeadline, type Revision } from './revisions.ts';
import { sameText } from '../../calendars/canonical.ts';
import type { Insurer } from '../schema/schema.ts';
import type { WriteDb } from '../store/store.ts';

/**
 * Makes the timelines for the contract years `year + 1` and `year + 2` where they are missing, and renews what it made itself when its basis
 * changed, of which nobody is told. What a document states, an editor revised or withdrew, or the registry holds is never touched. Gives the number of revisions added.
 */
export async function projectTimelines(tx: WriteDb, year: number, now: Date): Promise<number> {
  const deadlines = await allDeadlines(tx, { withdrawnToo: true });
  let added = 0;
  for (const insurer of await listInsurers(tx)) {
    const insurerDeadlines = deadlines.filter((deadline) => deadline.insurer === insurer.slug);
    for (const contractYear of boughtIn(year)) added += await projectYear(tx, { insurer, contractYear, deadlines: insurerDeadlines }, now);
  }
  return added;
}

/** The same for one insurer and contract year. */
export async function projectTimelineOf(tx: WriteDb, insurer: Insurer, contractYear: number, now: Date): Promise<number> {
  return projectYear(tx, { insurer, contractYear, deadlines: await allOf(tx, insurer) }, now);
}

/** Renews what was projected for insurers after a change that it may rest on, and tells of it unless `isSilent`. What is missing stays missing. */
export async function renewTimelines(
  tx: WriteDb,
  slugs: readonly string[],
  now: Date,
  { isSilent = false, grace }: Partial<Pick<Saving, 'isSilent' | 'grace'>> = {},
): Promise<void> {
  // Whoever changes a deadline has raised the registry's version, and with it waited for every change before: all that is read here is the newest.
  for (const insurer of (await listInsurers(tx)).filter(({ slug }) => slugs.includes(slug))) {
    const deadlines = await allOf(tx, insurer);
    const timelines = boughtIn(amsterdamYear(now)).map((contractYear): Timeline => ({ insurer, contractYear, deadlines }));
    for (const timeline of timelines) await withdrawBound(tx, timeline, now, grace);
    const projections = timelines.flatMap(projectionsOf);
    await save(
      tx,
      projections.filter(({ revisions }) => revisions.length > 0),
      { now, isSilent, grace },
    );
    await projectTermsOf(tx, insurer.slug, { now, isSilent, grace });
  }
}

/** The contract years that are bought in a calendar year. */
export function boughtIn(year: number): number[] {
  return [year + 1, year + 2];
}

const allOf = (tx: WriteDb, { slug }: Insurer) => allDeadlines(tx, { insurers: [slug], withdrawnToo: true });

/** The contract year that is projected, and all that is stored of its insurer. */
interface Timeline {
  insurer: Insurer;
  contractYear: number;
  deadlines: readonly Revision[];
}

async function projectYear(tx: WriteDb, timeline: Timeline, now: Date): Promise<number> {
  const withdrawn = await withdrawBound(tx, timeline, now);
  return withdrawn + (await save(tx, projectionsOf(timeline), { now, isSilent: true }));
}

/** Takes back what was projected and falls away, since a contract term was entered. Nobody is told of what nobody stated. Gives how many. */
async function withdrawBound(tx: WriteDb, { insurer, contractYear, deadlines }: Timeline, now: Date, grace?: Grace): Promise<number> {
  const terms = contractTerms(deadlines, insurer.slug);
  let withdrawn = 0;
  for (const one of deadlines.filter((one) => one.contractYear === contractYear && isBoundByTerm(one))) {
    const term = runningTerm(terms, contractYear, one.careType);
    if (term === null || one.origin !== 'projection' || one.status === 'withdrawn') continue;
    const { dueOn, lastSafeOn } = one;
    const reason = `Er loopt een overeenkomst ${writeTerm(term)}.`;
    const note = { origin: 'projection', reason, announcedOn: null, status: 'withdrawn', isSilent: true, grace } as const;
    await appendRevision(tx, one, contentOf(one), { dueOn, lastSafeOn }, note, now);
    withdrawn += 1;
  }
  return withdrawn;
}

/** A projected deadline, and the revisions that stand in its place. */
interface Projection {
  place: { insurer: string; contractYear: number };
  projected: Projected;
  precedent: Precedent | null;
  revisions: Revision[];
}

function projectionsOf({ insurer, contractYear, deadlines }: Timeline): Projection[] {
  const place = { insurer: insurer.slug, contractYear };
  return projectTimeline({ insurer, contractYear, earlier: deadlines }).map((projected) => ({
    place,
    projected,
    precedent: precedentFor({ ...place, activity: projected.activity, basis: projected.content.basis }, deadlines),
    revisions: deadlines.filter((deadline) => deadline.contractYear === contractYear && deadline.activity === projected.activity),
  }));
}

/** When it is saved, and whether nobody is told of what was made before. */
interface Saving {
  now: Date;
  isSilent: boolean;
  /** That of the edition on which it rests. */
  grace?: Grace | undefined;
}

/** Gives how many of them became a revision. */
async function save(tx: WriteDb, projections: readonly Projection[], saving: Saving): Promise<number> {
  let added = 0;
  for (const projection of projections) if (await saveOne(tx, projection, saving)) added++;
  return added;
}

async function saveOne(
  tx: WriteDb,
  { place, projected, precedent, revisions }: Projection,
  { now, isSilent, grace }: Saving,
): Promise<boolean> {
  const { id, careType, activity, content, days } = projected;
  const note = {
    origin: 'projection',
    reason: PROJECTED_REASON,
    announcedOn: null,
    status: 'published',
    precedent,
    isSilent,
    grace,
  } as const;
  const [current, ...further] = revisions;
  if (!current) {
    await insertDeadline(tx, { id, ...place, careType, activity, slot: null, key: null }, content, days, note, now);
    return true;
  }
  if (further.length > 0 || current.origin !== 'projection') return false;
  const { dueOn, lastSafeOn } = current;
  const isSame = sameText({ ...contentOf(current), dueOn, lastSafeOn, precedent: current.precedent }, { ...content, ...days, precedent });
  if (current.status === 'published' && isSame) return false;
  // What comes back was taken back without a word; what an editor entered and took back may be of another kind of care.
  const comesBack = current.status === 'withdrawn' ? await takeOver(tx, current, { careType, by: BY_PROJECTION, now }) : current;
  await appendRevision(tx, comesBack, content, days, { ...note, isSilent: isSilent || current.status === 'withdrawn' }, now);
  return true;
}
