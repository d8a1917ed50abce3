/** Taking an edition back in its grace time: what stood before stands there again, and nobody is told of either. */
import { sameText } from '../../../calendars/canonical.ts';
import type { Content, Days } from '../../../calendars/deadlines/deadline.ts';
import { TAKEN_BACK_REASON } from '../../../calendars/deadlines/wording/reasons.ts';
import { AppError } from '../../../calendars/errors.ts';
import { laterThan } from '../../../calendars/ics/moments.ts';
import type { Beside } from '../../schema/registry/editions.ts';
import { bumpRegistry } from '../../store/counters.ts';
import { and, eq, gt, inArray, isNotNull, isNull, max, ne, or } from '../../store/drizzle.ts';
import type { WriteDb } from '../../store/store.ts';
import { changeDependents } from '../amending.ts';
import { noteAudit } from '../audit.ts';
import { getDeadline, listRevisions } from '../deadlines.ts';
import { appendRevision, contentOf, keyOf, type Revision } from '../revisions.ts';
import { resolveIn } from '../resolving.ts';
import { takeOver } from '../retiring.ts';
import { waitForRegistry } from './publish.ts';
import { entriesOf, holdEdition, type Edition, type EditionEntry } from './drafts.ts';

/**
 * Takes a published edition back: each of its deadlines gets a revision that says what it said before, what was entered is no longer there, and what
 * moved along moves back. Throws `not_found`, and `conflict` where it is public already, is no published edition, was changed since by another edition
 * that would have to be taken back first, or has its place taken.
 */
export async function takeBack(tx: WriteDb, id: string, by: string, now: Date): Promise<Edition> {
  const { changes, editions, publicChanges } = tx.tables;
  const edition = await holdEdition(tx, id);
  if (edition.status !== 'published') throw new AppError('conflict', 'The edition is not published.');
  if (edition.publicAt === null || now >= edition.publicAt) throw new AppError('conflict', 'The edition is public already.');
  await waitForRegistry(tx, edition);
  await refusePublic(tx, id);
  for (const entry of (await entriesOf(tx, id)).reverse()) await restore(tx, entry, { by, edition }, now);
  await tx.delete(changes).where(eq(changes.editionId, id));
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

/** Whose edition it is, and who takes it back. */
interface Taking {
  edition: Edition;
  by: string;
}

/** Who does it, and when. */
interface Moment {
  by: string;
  now: Date;
}

/** Gives a deadline what stood there before an entry. */
async function restore(tx: WriteDb, entry: EditionEntry, { by }: Taking, now: Date): Promise<void> {
  const { act, baseRevision, deadlineId } = entry;
  const was = entry.content.was ?? null;
  const revisions = await listRevisions(tx, deadlineId!);
  const before = revisions.find(({ revision }) => revision === baseRevision) ?? null;
  const made = revisions.find(({ revision }) => revision === (baseRevision ?? 0) + (act === 'check' ? 0 : 1))!;
  const current = await getDeadline(tx, deadlineId!);
  if (!saysTheSame(current, made))
    throw new AppError('conflict', 'Another edition changed one of its deadlines since; take that one back first.', [
      { field: `entries.${entry.position - 1}`, message: `was changed again: the deadline is at revision ${current.revision}` },
    ]);
  if (act !== 'check') {
    const restored = await appendRevision(
      tx,
      await withCareType(tx, current, was?.careType ?? current.careType, { by, now }),
      ...(await earlier(tx, current, before)),
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
  }
  await restoreCheck(tx, current.id, was, { by, now });
}

/** What was entered goes as what was projected and fell away: without a trace in calendars. */
function standingBefore(before: Revision | null) {
  if (before === null) return { origin: 'projection', status: 'withdrawn' } as const;
  const { origin, precedent, status } = before;
  return { origin, precedent, status };
}

async function earlier(tx: WriteDb, current: Revision, before: Revision | null): Promise<[Content, Days]> {
  const { dueOn, lastSafeOn } = before ?? current;
  const content = contentOf(before ?? current);
  const { rule } = content;
  // What it counts from may be another day by now.
  const isReckoned = rule.kind === 'offset' && 'activity' in rule.from;
  return [content, isReckoned ? await resolveIn(tx, current, content) : { dueOn, lastSafeOn }];
}

/** Days that follow from elsewhere aside. */
function saysTheSame(one: Revision, other: Revision): boolean {
  return one.status === other.status && sameText(contentOf(one), contentOf(other));
}

/** An entry that took over an assumption had its kind of care for as long. Throws `conflict` where another one has that place by now. */
async function withCareType(tx: WriteDb, deadline: Revision, careType: Revision['careType'], { by, now }: Moment): Promise<Revision> {
  const { deadlines } = tx.tables;
  const isTaken = careType !== deadline.careType && (await tx.$count(deadlines, eq(deadlines.key, keyOf({ ...deadline, careType })))) > 0;
  if (isTaken) throw new AppError('conflict', 'Another deadline has the place by now that one of its deadlines had before.');
  return takeOver(tx, deadline, { careType, by, now });
}

/** When it was last compared with its document, as far as the edition said so. */
async function restoreCheck(tx: WriteDb, id: string, was: Beside | null, { by, now }: Moment): Promise<void> {
  const { deadlines } = tx.tables;
  const { changedAt, checkedBy, checkedOn, insurer, sequence } = await getDeadline(tx, id);
  const before = was ?? { checkedOn: null, checkedBy: null };
  if (checkedOn === before.checkedOn && checkedBy === before.checkedBy) return;
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
