/** Taking an edition back in its grace time: what stood before stands there again, and nobody is told of either. */
import { sameText } from '../../../calendars/canonical.ts';
import type { Days } from '../../../calendars/deadlines/deadline.ts';
import { followReason, TAKEN_BACK_REASON } from '../../../calendars/deadlines/wording/reasons.ts';
import { AppError } from '../../../calendars/errors.ts';
import { laterThan } from '../../../calendars/ics/moments.ts';
import type { Beside } from '../../schema/registry/editions.ts';
import { bumpRegistry } from '../../store/counters.ts';
import { and, eq, gt, inArray, isNotNull, isNull, max, ne, or } from '../../store/drizzle.ts';
import type { WriteDb } from '../../store/store.ts';
import { changeDependents } from '../amending.ts';
import { noteAudit } from '../audit.ts';
import { allDeadlines, getDeadline, listRevisions } from '../deadlines.ts';
import type { Grace } from '../public/publishing.ts';
import { appendRevision, contentOf, keyOf, type Revision } from '../revisions.ts';
import { resolveIn } from '../resolving.ts';
import { takeOver } from '../retiring.ts';
import { refuseOvertaken, resumeEarlier, revisionsNow, touchedBy } from './overtaken.ts';
import { graceOf, waitForRegistry } from './publish.ts';
import { entriesOf, holdEdition, type Edition, type EditionEntry } from './drafts.ts';

/**
 * Takes a published edition back: each of its deadlines gets a revision that says what it said before, what was entered is no longer there, and what
 * moved along moves back. Throws `not_found`, `EditionOvertaken` where a later edition changed any of it that has to be taken back first, and `conflict`
 * where it is public already, is no published edition, was changed since by whom nobody takes back, or has its place taken.
 */
export async function takeBack(tx: WriteDb, id: string, by: string, now: Date): Promise<Edition> {
  const { editions, publicChanges } = tx.tables;
  const edition = await holdEdition(tx, id);
  if (edition.status !== 'published') throw new AppError('conflict', 'The edition is not published.');
  if (edition.publicAt === null || now >= edition.publicAt) throw new AppError('conflict', 'The edition is public already.');
  await waitForRegistry(tx, edition);
  await refusePublic(tx, id);
  const entries = await entriesOf(tx, id);
  await undo(tx, edition, entries, { by, now });
  await tx.delete(publicChanges).where(and(eq(publicChanges.editionId, id), isNull(publicChanges.number)));
  await release(tx, edition, now);
  const [taken] = await tx
    .update(editions)
    .set({ status: 'taken_back', version: edition.version + 1, endedAt: now, endedBy: by })
    .where(eq(editions.id, id))
    .returning();
  await noteAudit(tx, { by, what: 'edition', subject: id, before: { status: 'published' }, after: { status: 'taken_back' } }, now);
  return taken!;
}

/** It may have waited for its turn, or its clock is slow: what has its place among the changes is public whatever `now` says. */
async function refusePublic(tx: WriteDb, id: string): Promise<void> {
  const { publicChanges } = tx.tables;
  const numbered = await tx.$count(publicChanges, and(eq(publicChanges.editionId, id), isNotNull(publicChanges.number)));
  if (numbered > 0) throw new AppError('conflict', 'The edition is public already.');
}

/** Who does it, and when. */
interface Moment {
  by: string;
  now: Date;
}

/** Puts back what its entries changed and what moved along, unless a later edition rests on any of it. */
async function undo(tx: WriteDb, edition: Edition, entries: readonly EditionEntry[], moment: Moment): Promise<void> {
  const { changes } = tx.tables;
  const { id, insurerSlug } = edition;
  const touched = await touchedBy(tx, id);
  const entryOf = (deadlineId: string) => {
    const entry = entries.find((one) => one.deadlineId === deadlineId);
    return entry === undefined ? null : entries.indexOf(entry);
  };
  await refuseOvertaken(tx, edition, touched, entryOf);
  const stood = await revisionsNow(tx, insurerSlug);
  for (const [n, entry] of [...entries.entries()].reverse()) await restore(tx, { entry, n }, moment);
  // What did not move along then, and would now, a later edition made to rest on this one.
  const moved = [...(await revisionsNow(tx, insurerSlug))].filter(([one, revision]) => revision !== stood.get(one)).map(([one]) => one);
  const others = moved.filter((one) => !touched.some(({ deadlineId }) => deadlineId === one));
  await refuseOvertaken(
    tx,
    edition,
    others.map((deadlineId) => ({ deadlineId, last: 0 })),
    entryOf,
  );
  await tx.delete(changes).where(eq(changes.editionId, id));
  await resumeEarlier(tx, touched, stood);
}

/** Gives a deadline what stood there before an entry. */
async function restore(tx: WriteDb, { entry, n }: { entry: EditionEntry; n: number }, { by, now }: Moment): Promise<void> {
  const { act, baseRevision, deadlineId } = entry;
  const was = entry.content.was ?? null;
  const revisions = await listRevisions(tx, deadlineId!);
  const before = revisions.find(({ revision }) => revision === baseRevision) ?? null;
  const made = revisions.find(({ revision }) => revision === (baseRevision ?? 0) + (act === 'check' ? 0 : 1))!;
  const current = await getDeadline(tx, deadlineId!);
  if (!saysTheSame(current, made))
    throw new AppError('conflict', 'One of its deadlines was changed since.', [
      { field: `entries.${n}`, message: `was changed again: the deadline is at revision ${current.revision}` },
    ]);
  if (act !== 'check') {
    const restored = await appendRevision(
      tx,
      await withCareType(tx, current, was?.careType ?? current.careType, { by, now }),
      contentOf(before ?? current),
      daysOf(before ?? current),
      {
        ...standingBefore(before),
        reason: TAKEN_BACK_REASON,
        announcedOn: null,
        isUntold: true,
        by,
      },
      now,
    );
    await changeDependents(tx, restored, now, { by, isUntold: true });
    await followAgain(tx, restored, { by, now });
  }
  await restoreCheck(tx, current.id, was, { by, now });
}

/** What was entered goes as what was projected and fell away: without a trace in calendars. */
function standingBefore(before: Revision | null) {
  if (before === null) return { origin: 'projection', status: 'withdrawn' } as const;
  const { origin, precedent, status } = before;
  return { origin, precedent, status };
}

const daysOf = ({ dueOn, lastSafeOn }: Days): Days => ({ dueOn, lastSafeOn });

/** What it counts from may be another day by now: it follows, as it would have done then, and with the edition that moved that day if it is not public yet. */
async function followAgain(tx: WriteDb, restored: Revision, { by, now }: Moment): Promise<void> {
  const { rule } = restored;
  if (rule.kind !== 'offset' || !('activity' in rule.from) || restored.status !== 'published') return;
  const { activity } = rule.from;
  const content = contentOf(restored);
  const days = await resolveIn(tx, restored, content);
  if (sameText(days, daysOf(restored))) return;
  const { contractYear, insurer, origin } = restored;
  const its = { insurers: insurer === null ? [] : [insurer], withSector: insurer === null, fromContractYear: contractYear };
  const bases = (await allDeadlines(tx, its)).filter((one) => one.contractYear === contractYear && one.activity === activity);
  const base = bases.find(({ dueOn, careType }) => dueOn !== null && careType === restored.careType) ?? bases[0];
  const grace = base === undefined ? undefined : await graceIn(tx, base, now);
  const reason = base === undefined ? TAKEN_BACK_REASON : followReason(base, 'nl');
  const followed = await appendRevision(
    tx,
    restored,
    content,
    days,
    { origin, reason, announcedOn: null, status: 'published', by, grace },
    now,
  );
  await changeDependents(tx, followed, now, { by, grace });
}

/** The grace time in which a deadline says what it does; undefined where that is public. */
async function graceIn(tx: WriteDb, { id, revision }: Revision, now: Date): Promise<Grace | undefined> {
  const { editions, revisions } = tx.tables;
  const [edition] = await tx
    .select()
    .from(editions)
    .innerJoin(revisions, eq(revisions.editionId, editions.id))
    .where(and(eq(revisions.deadlineId, id), eq(revisions.number, revision), eq(editions.status, 'published'), gt(editions.publicAt, now)));
  return edition && graceOf(edition.editions);
}

/** Days that follow from elsewhere aside. */
function saysTheSame(one: Revision, other: Revision): boolean {
  return one.status === other.status && sameText(contentOf(one), contentOf(other));
}

/** An entry that took over an assumption had its kind of care for as long. Throws `conflict` where another one has that place by now. */
async function withCareType(tx: WriteDb, deadline: Revision, careType: Revision['careType'], { by, now }: Moment): Promise<Revision> {
  const { deadlines } = tx.tables;
  const isTaken = careType !== deadline.careType && (await tx.$count(deadlines, eq(deadlines.key, keyOf({ ...deadline, careType })))) > 0;
  if (isTaken)
    throw new AppError('conflict', 'Another deadline has the place by now that one of its deadlines had before.', [
      { field: 'careType', message: 'is taken by another deadline' },
    ]);
  return takeOver(tx, deadline, { careType, by, now });
}

/** When it was last compared with its document, as far as the edition said so: who compared it since then has said so, and that stays. */
async function restoreCheck(tx: WriteDb, id: string, was: Beside | null, { by, now }: Moment): Promise<void> {
  const { deadlines } = tx.tables;
  const { changedAt, checkedBy, checkedOn, insurer, sequence } = await getDeadline(tx, id);
  const before = was ?? { checkedOn: null, checkedBy: null };
  if (checkedOn === before.checkedOn && checkedBy === before.checkedBy) return;
  const made = was?.made;
  if (made !== undefined && (checkedOn !== made?.on || checkedBy !== made.by)) return;
  await tx
    .update(deadlines)
    .set({ checkedOn: before.checkedOn, checkedBy: before.checkedBy, sequence: sequence + 1, changedAt: laterThan(changedAt, now) })
    .where(eq(deadlines.id, id));
  await bumpRegistry(tx, insurer, now);
  if (checkedOn !== before.checkedOn)
    await noteAudit(tx, { by, what: 'check', subject: id, before: { checkedOn }, after: { checkedOn: before.checkedOn } }, now);
}

/** Mails may tell of its deadlines again, unless another edition of the same insurer still has its grace time. */
async function release(tx: WriteDb, { id, insurerSlug }: Edition, now: Date): Promise<void> {
  const { deadlines, editions, publicChanges } = tx.tables;
  const isOf = (slug: typeof editions.insurerSlug | typeof deadlines.insurerSlug) =>
    insurerSlug === null ? isNull(slug) : eq(slug, insurerSlug);
  const unnumbered = tx.select({ id: publicChanges.editionId }).from(publicChanges).where(isNull(publicChanges.number));
  const [other] = await tx
    .select({ until: max(editions.publicAt) })
    .from(editions)
    .where(
      and(
        isOf(editions.insurerSlug),
        ne(editions.id, id),
        eq(editions.status, 'published'),
        or(gt(editions.publicAt, now), inArray(editions.id, unnumbered)),
      ),
    );
  await tx
    .update(deadlines)
    .set({ heldUntil: other?.until ?? null })
    .where(and(isOf(deadlines.insurerSlug), isNotNull(deadlines.heldUntil)));
}
