/** Ways back: to an earlier revision of a deadline, and from an edition that was taken back to a draft of the same. */
import { isProjected } from '../../../calendars/deadlines/certainty.ts';
import { sameText } from '../../../calendars/canonical.ts';
import { AppError } from '../../../calendars/errors.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { getDeadline, listRevisions } from '../deadlines.ts';
import { contentOf } from '../revisions.ts';
import { addEntry, entriesOf, getEdition, openDraft, saveEdition, type Edition, type EditionEntry, type EntryInput } from './drafts.ts';
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
  if (isProjected(wanted))
    throw new AppError('invalid', 'What nobody stated is worked out by itself, and not gone back to.', [
      { field: 'revision', message: 'must not be one that was only expected or assumed' },
    ]);
  const { careType, contractYear, insurer } = current;
  const edition = await openDraft(tx, { insurer, careType, contractYear, by }, now);
  const said = { act: 'amend', deadlineId, baseRevision: current.revision, content: contentOf(wanted), reason } as const;
  return { edition, ...(await addEntry(tx, edition.id, { ...said, by }, now)) };
}

/** The draft that has it all again. */
export interface DraftedAgain {
  edition: Edition;
  /** Those of the draft that stayed, since they say something else of the same deadline than what was taken back. */
  kept: EditionEntry[];
}

/**
 * Puts all that an edition held which was taken back in the draft of its place, to be corrected and published again, with its reason and when it was
 * announced. What the draft says of the same deadline already stays, and so do its own reason and day; drafted twice it is there once. Throws
 * `not_found`, or `conflict` for an edition that was not taken back.
 */
export async function draftAgain(tx: WriteDb, id: string, by: string, now: Date): Promise<DraftedAgain> {
  const old = await getEdition(tx, id);
  const { careType, contractYear, insurerSlug: insurer } = old;
  if (old.status !== 'taken_back') throw new AppError('conflict', 'The edition was not taken back.');
  const draft = await openDraft(tx, { insurer, careType, contractYear, by }, now);
  const there = await entriesOf(tx, draft.id);
  const said = { reason: draft.reason ?? old.reason, announcedOn: draft.announcedOn ?? old.announcedOn };
  if (said.reason !== draft.reason || said.announcedOn !== draft.announcedOn)
    await saveEdition(tx, { id: draft.id, version: draft.version, by }, said);
  const kept: EditionEntry[] = [];
  for (const entry of await entriesOf(tx, id)) {
    const again = { ...againOf(entry, said.reason === old.reason ? null : old.reason), baseRevision: await baseOf(tx, entry) };
    const same = there.find((one) => isOfSame(one, entry));
    if (same === undefined) await addEntry(tx, draft.id, { ...again, by }, now);
    else if (same.act !== entry.act || !sameText(same.content, again.content)) kept.push(same);
  }
  // What they wrote is in it again.
  await noteWriters(tx, draft.id, await writersOf(tx, id));
  return { edition: await getEdition(tx, draft.id), kept };
}

/** On top of what it is said again: of what another edition changed since, what was seen then, so that nobody overwrites that unseen. */
async function baseOf(db: ReadDb, { act, baseRevision, deadlineId }: EditionEntry): Promise<number | null> {
  if (act === 'enter' || deadlineId === null || baseRevision === null) return null;
  const { revision } = await getDeadline(db, deadlineId);
  // It made one revision, and taking it back another.
  const isAsLeft = revision === (act === 'check' ? baseRevision : baseRevision + 2);
  return isAsLeft ? revision : baseRevision;
}

/** What an entry said, to be said again. `reason`: that of its edition, where another one stands in the draft. */
function againOf(entry: EditionEntry, reason: string | null): EntryInput & Pick<EditionEntry, 'content'> {
  const { act, activity, content: published, deadlineId, documentKey, proposal, requirementKey, slot } = entry;
  const { was: _, ...content } = published;
  const said = { act, content, reason: entry.reason ?? reason, documentKey, proposal };
  return act === 'enter' ? { ...said, activity, slot, requirementKey } : { ...said, deadlineId };
}

/** Whether two entries are about one deadline, or would be. */
function isOfSame(one: EditionEntry, other: EditionEntry): boolean {
  if (one.deadlineId !== null && one.deadlineId === other.deadlineId) return true;
  if (one.proposal !== null && one.proposal === other.proposal) return true;
  const isSamePlace = one.activity === other.activity && one.slot === other.slot && one.requirementKey === other.requirementKey;
  return one.act === 'enter' && other.act === 'enter' && isSamePlace;
}
