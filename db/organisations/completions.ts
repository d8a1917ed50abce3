/** Completions of deadlines. */
import { isCounted } from '../../calendars/deadlines/kinds.ts';
import { completionOf, type Completion } from '../../calendars/agenda/concern.ts';
import { doneTogetherWith, mayBeDoneTogether } from '../../calendars/agenda/done-together.ts';
import { AppError } from '../../calendars/errors.ts';
import { wordsIn } from '../../calendars/words.ts';
import { and, asc, eq, inArray, or } from '../store/drizzle.ts';
import { answerOf, recordedIn, recordedOf } from './agenda-input.ts';
import { requireConcern } from './concerns.ts';
import { eraseDoers, isSaidSince, isSameSaid, noteAct, type Doer } from './acts/acts.ts';
import { allDeadlines, getDeadline } from '../registry/deadlines.ts';
import type { Revision } from '../registry/revisions.ts';
import { isMembersAlone } from './own-terms.ts';
import { raiseSequenceNumbers } from './numbering/sequence-numbers.ts';
import { getOrganisation } from './organisations.ts';
import type { Said } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { bumpOrganisation } from '../store/counters.ts';

/**
 * Marks a deadline as done, or as not applicable, or corrects what was said of it. Throws `not_found` for an unknown deadline, `invalid` for what is
 * none, was withdrawn, does not concern the organisation, is dated by those alone that it delivers for, or is not applicable without a reason. The
 * organisation's others hear of it; `doer` says by which way it is said.
 */
export async function complete(
  tx: WriteDb,
  organisationId: string,
  deadlineId: string,
  completion: Completion,
  now: Date,
  doer: Omit<Doer, 'by'> = { way: 'page' },
): Promise<Completion> {
  const { completions } = tx.tables;
  const deadline = await getDeadline(tx, deadlineId);
  if (!isCounted(deadline))
    throw new AppError(
      'invalid',
      `Only a deadline, or the end of a window, is marked as done; the kind of this entry is ${deadline.kind}.`,
    );
  await requireConcern(tx, organisationId, deadline);
  if (await isMembersAlone(tx, organisationId, deadline))
    throw new AppError(
      'invalid',
      'Own events of those that the organisation delivers for date this deadline: each of them alone says that it is done.',
    );
  const { notApplicable, ...said } = completion;
  if (notApplicable?.trim() === '')
    throw new AppError('invalid', 'What is not applicable has a reason.', [{ field: 'notApplicable', message: 'must say why' }]);
  const outcome = notApplicable === undefined ? ('submitted' as const) : ('not_applicable' as const);
  const values = { ...said, outcome, reason: notApplicable?.trim() ?? null, recordedAt: now };
  const before = await findCompletion(tx, organisationId, deadlineId);
  await tx
    .insert(completions)
    .values({ organisationId, deadlineId, ...values })
    .onConflictDoUpdate({ target: [completions.organisationId, completions.deadlineId], set: values });
  await bumpOrganisation(tx, organisationId, now);
  const earlier = before && saidIn(before);
  if (!isSameSaid(earlier, { outcome, reason: values.reason }))
    await noteAct(tx, { kind: 'completed', organisationId, deadlineId, before: earlier }, { ...doer, by: completion.by }, now);
  const isShownSo =
    before?.completedOn === completion.completedOn && (before.notApplicable === undefined) === (notApplicable === undefined);
  if (!isShownSo) await markDone(tx, organisationId, [deadline, ...(await togetherWith(tx, deadline))], now);
  return completion;
}

/** What an organisation said of a deadline that it completed, or of what is done together with it, or null: also where that was before its day was known. */
export async function findCompletion(db: ReadDb, organisationId: string, deadlineId: string): Promise<Completion | null> {
  const { completions } = db.tables;
  const deadline = await getDeadline(db, deadlineId);
  const others = await togetherWith(db, deadline);
  const rows = await db
    .select()
    .from(completions)
    .where(and(eq(completions.organisationId, organisationId), inArray(completions.deadlineId, [deadlineId, ...idsOf(others)])));
  const said = new Map(rows.map(recordedIn));
  return answerOf(recordedOf(said, organisationId, deadline, [deadline, ...others]), deadline).completion;
}

/** Whether an organisation said anything else since of a deadline, or of what is done together with it. */
export async function isSaidOfSince(db: ReadDb, organisationId: string, deadline: Revision, since: Date): Promise<boolean> {
  return isSaidSince(db, organisationId, { deadlineIds: [deadline.id, ...idsOf(await togetherWith(db, deadline))] }, since);
}

/** All that an organisation said of deadlines it has done with, with their titles as they are now, by day. */
export async function listCompletions(
  db: ReadDb,
  organisationId: string,
): Promise<(Completion & { deadlineId: string; title: string; recordedAt: Date })[]> {
  const { completions, deadlines, revisions } = db.tables;
  const rows = await db
    .select({ title: revisions.title, row: completions })
    .from(completions)
    .innerJoin(deadlines, eq(deadlines.id, completions.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(eq(completions.organisationId, organisationId))
    .orderBy(asc(completions.completedOn), asc(completions.deadlineId));
  return rows.map(({ row, title }) => ({ deadlineId: row.deadlineId, title, ...completionOf(row), recordedAt: row.recordedAt }));
}

/** Marks it, and what is done together with it, as not done after all, of which the organisation's others hear. Throws `not_found` when it was not done. */
export async function reopen(
  tx: WriteDb,
  organisationId: string,
  deadlineId: string,
  now: Date,
  doer: Doer = { way: 'page', by: null },
): Promise<void> {
  const { completions } = tx.tables;
  const deadline = await getDeadline(tx, deadlineId);
  const others = await togetherWith(tx, deadline);
  const before = await findCompletion(tx, organisationId, deadlineId);
  const isOf = eq(completions.organisationId, organisationId);
  // What others are not applicable for stays: it says nothing of this one.
  const isDone = and(inArray(completions.deadlineId, idsOf(others)), eq(completions.outcome, 'submitted'));
  const rows = await tx
    .delete(completions)
    .where(and(isOf, or(eq(completions.deadlineId, deadlineId), isDone)))
    .returning();
  if (rows.length === 0) throw new AppError('not_found', 'The deadline is not completed.');
  await bumpOrganisation(tx, organisationId, now);
  // What was said of an assumption was open again before.
  if (before) await noteAct(tx, { kind: 'reopened', organisationId, deadlineId, before: saidIn(before) }, doer, now);
  await markDone(tx, organisationId, [deadline, ...others], now);
}

/** What is said of a deadline, without who said so and when. */
export function saidIn({ notApplicable }: Completion): Said {
  return notApplicable === undefined ? { outcome: 'submitted', reason: null } : { outcome: 'not_applicable', reason: notApplicable };
}

/** Takes addresses out of who said that something is done, where a link in a mail wrote them: then it was somebody who was removed. */
export async function eraseSayers(tx: WriteDb, organisationId: string, addresses: readonly string[], now: Date): Promise<void> {
  const { completions } = tx.tables;
  if (addresses.length === 0) return;
  const { language } = await getOrganisation(tx, organisationId);
  const removed = wordsIn(language)('common:removed_sayer');
  await eraseDoers(tx, organisationId, addresses, removed);
  const rows = await tx.select().from(completions).where(eq(completions.organisationId, organisationId));
  const said = rows.filter(({ by }) => addresses.some((address) => by.toLowerCase().includes(address)));
  if (said.length === 0) return;
  for (const { deadlineId } of said)
    await tx
      .update(completions)
      .set({ by: removed })
      .where(and(eq(completions.organisationId, organisationId), eq(completions.deadlineId, deadlineId)));
  await bumpOrganisation(tx, organisationId, now);
}

/** The deadlines that are done together with this one, withdrawn ones too: what was signed stays so. */
async function togetherWith(db: ReadDb, deadline: Revision): Promise<Revision[]> {
  const { contractYear, insurer } = deadline;
  if (insurer === null || !mayBeDoneTogether(deadline)) return [];
  return doneTogetherWith(deadline, await allDeadlines(db, { insurers: [insurer], fromContractYear: contractYear, withdrawnToo: true }));
}

/** Makes the calendar entries newer where they show that it is done: at the organisation, and at the one that delivers for it. */
async function markDone(tx: WriteDb, organisationId: string, deadlines: readonly Revision[], now: Date) {
  const { parentId } = await getOrganisation(tx, organisationId);
  const scopes = deadlines.map(({ id }) => `done:${id}` as const);
  for (const id of [organisationId, parentId]) if (id !== null) await raiseSequenceNumbers(tx, id, scopes, now);
}

const idsOf = (deadlines: readonly Revision[]) => deadlines.map(({ id }) => id);
