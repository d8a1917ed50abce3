/** Changes that come one by one, by the API or from a file: each is an edition published alone, at once, with the same ten minutes as any other. */
import { aloneReasonOf } from '../../../calendars/editions/alone.ts';
import type { Content, Identity } from '../../../calendars/deadlines/deadline.ts';
import type { Day } from '../../../calendars/terms.ts';
import type { WriteDb } from '../../store/store.ts';
import { amendDeadline, createDeadline, requireInsurer, withdrawDeadline, type Amendment, type Entered } from '../amending.ts';
import { getDeadline } from '../deadlines.ts';
import type { Revision } from '../revisions.ts';
import { addEntry, insertEdition, type Edition, type EditionEntry, type EntryInput } from './drafts.ts';
import { graceOf, keepBase, notePublished, openGrace, waitForRegistry } from './publish.ts';

/** By which door it comes, and who sends it. */
export interface Sender {
  door: 'api' | 'file';
  by: string;
}

/** As `createDeadline`. */
export async function enterAlone(
  tx: WriteDb,
  input: { identity: Omit<Identity, 'id'>; content: Content; reason: string | null; announcedOn: Day | null },
  sender: Sender,
  now: Date,
): Promise<Entered> {
  const { announcedOn, content, identity, reason } = input;
  const { activity, key: requirementKey, slot } = identity;
  const said = { act: 'enter', activity, slot, requirementKey, content, reason } as const;
  await requireInsurer(tx, identity.insurer);
  await waitForRegistry(tx, { insurerSlug: identity.insurer });
  const { edition, entry } = await openAlone(tx, identity, { said, announcedOn, sender }, now);
  const entered = await createDeadline(tx, { ...input, prove: true, by: sender.by, grace: graceOf(edition) }, now);
  await keepBase(tx, entry, { ...entered, now });
  await notePublished(tx, edition, now);
  return entered;
}

/** As `amendDeadline`. */
export async function amendAlone(tx: WriteDb, id: string, amendment: Amendment, sender: Sender, now: Date): Promise<Revision> {
  const { announcedOn = null, baseRevision, prove: _, reason, ...content } = amendment;
  const deadline = await readInTurn(tx, id);
  const said = { act: 'amend', deadlineId: id, baseRevision, content, reason } as const;
  const { edition, entry } = await openAlone(tx, deadline, { said, announcedOn, sender }, now);
  await keepBase(tx, entry, { deadline, before: deadline, now });
  const revised = await amendDeadline(tx, id, amendment, now, { by: sender.by, grace: graceOf(edition) });
  await notePublished(tx, edition, now);
  return revised;
}

/** As `withdrawDeadline`: withdrawing twice changes nothing. */
export async function withdrawAlone(tx: WriteDb, id: string, reason: string, sender: Sender, now: Date): Promise<Revision> {
  const known = await getDeadline(tx, id);
  const deadline = known.status === 'withdrawn' ? known : await readInTurn(tx, id);
  if (deadline.status === 'withdrawn') return deadline;
  const said = { act: 'withdraw', deadlineId: id, baseRevision: deadline.revision, reason } as const;
  const { edition, entry } = await openAlone(tx, deadline, { said, announcedOn: null, sender }, now);
  await keepBase(tx, entry, { deadline, before: deadline, now });
  const withdrawn = await withdrawDeadline(tx, id, reason, now, { by: sender.by, grace: graceOf(edition) });
  await notePublished(tx, edition, now);
  return withdrawn;
}

/** A deadline as it stands once no other change of the registry is under way. */
async function readInTurn(tx: WriteDb, id: string): Promise<Revision> {
  const { insurer } = await getDeadline(tx, id);
  await waitForRegistry(tx, { insurerSlug: insurer });
  return getDeadline(tx, id);
}

interface Alone {
  said: EntryInput;
  announcedOn: Day | null;
  sender: Sender;
}

/** An edition with one entry, in its grace time. */
async function openAlone(
  tx: WriteDb,
  { careType, contractYear, insurer }: Omit<Identity, 'id'>,
  { said, announcedOn, sender: { by, door } }: Alone,
  now: Date,
): Promise<{ edition: Edition; entry: EditionEntry }> {
  const draft = await insertEdition(tx, { insurer, careType, contractYear, door, status: 'draft', announcedOn, by }, now);
  const { entry } = await addEntry(tx, draft.id, { ...said, by }, now);
  return { edition: await openGrace(tx, draft, { by, aloneReason: aloneReasonOf(door) }, now), entry };
}
