/** Ways back: to an earlier revision of a deadline, and from an edition that was taken back to a draft of the same. */
import { AppError } from '../../../calendars/errors.ts';
import type { WriteDb } from '../../store/store.ts';
import { listRevisions } from '../deadlines.ts';
import { contentOf } from '../revisions.ts';
import { addEntry, entriesOf, getEdition, openDraft, type Edition, type EditionEntry } from './drafts.ts';
import { noteWriters, writersOf } from './writers.ts';

/**
 * Adds to the draft of its place that a deadline says again what it said in an earlier revision: one amendment, which brings it back where it was
 * withdrawn. Where the draft has an entry about it, that one is given. Throws `not_found`, `invalid` for the revision that stands there or for one that was
 * withdrawn.
 */
export async function returnToRevision(
  tx: WriteDb,
  { deadlineId, revision, reason, by }: { deadlineId: string; revision: number; reason: string | null; by: string },
  now: Date,
): Promise<{ edition: Edition; entry: EditionEntry; isNew: boolean }> {
  const revisions = await listRevisions(tx, deadlineId);
  const wanted = revisions.find((one) => one.revision === revision);
  const current = revisions.at(-1)!;
  if (!wanted) throw new AppError('not_found', 'No such revision.');
  if (wanted === current || wanted.status === 'withdrawn')
    throw new AppError('invalid', 'There is nothing to go back to.', [
      { field: 'revision', message: 'must be an earlier revision that was published' },
    ]);
  const { careType, contractYear, insurer } = current;
  const edition = await openDraft(tx, { insurer, careType, contractYear, by }, now);
  const said = { act: 'amend', deadlineId, baseRevision: current.revision, content: contentOf(wanted), reason } as const;
  return { edition, ...(await addEntry(tx, edition.id, { ...said, by }, now)) };
}

/**
 * Puts all that an edition held which was taken back in the draft of its place, to be corrected and published again. What the draft says of the same
 * deadline already stays. Throws `not_found`, or `conflict` for an edition that was not taken back.
 */
export async function draftAgain(tx: WriteDb, id: string, by: string, now: Date): Promise<Edition> {
  const { careType, contractYear, insurerSlug: insurer, status } = await getEdition(tx, id);
  if (status !== 'taken_back') throw new AppError('conflict', 'The edition was not taken back.');
  const draft = await openDraft(tx, { insurer, careType, contractYear, by }, now);
  for (const entry of await entriesOf(tx, id)) {
    const { act, activity, content: kept, deadlineId, documentKey, proposal, reason, requirementKey, slot } = entry;
    const { was: _, ...content } = kept;
    const said = { act, content, reason, documentKey, proposal };
    const place = act === 'enter' ? { activity, slot, requirementKey } : { deadlineId };
    await addEntry(tx, draft.id, { ...said, ...place, by }, now);
  }
  // What they wrote is in it again.
  await noteWriters(tx, draft.id, await writersOf(tx, id));
  return getEdition(tx, draft.id);
}
