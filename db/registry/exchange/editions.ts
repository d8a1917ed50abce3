/** Changes that come together in a file: an edition for each insurer, kind of care and contract year, published alone, at once, with the ten minutes of any other. */
import { randomUUID } from 'node:crypto';
import { aloneReasonOf } from '../../../calendars/editions/alone.ts';
import type { EditionAct } from '../../../calendars/editions/entry-faults.ts';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import type { Day } from '../../../calendars/terms.ts';
import type { Beside } from '../../schema/registry/editions.ts';
import { and, eq, isNull } from '../../store/drizzle.ts';
import type { WriteDb } from '../../store/store.ts';
import type { Revision } from '../revisions.ts';
import { insertEdition, type Edition, type EditionPlace } from '../editions/drafts.ts';
import { notePublished, openGrace } from '../editions/publish.ts';

/** A change that was made under an edition. */
export interface Made {
  act: EditionAct;
  /** What stood there, as it was before anything was written; null where it is new. */
  before: Revision | null;
  /** As it is now. */
  deadline: Revision;
  /** What was said of it: nothing, where it is checked or withdrawn. */
  content: Partial<Content>;
  /** Null: that of the edition. */
  reason: string | null;
  announcedOn: Day | null;
}

/** Opens an edition in its grace time, under which changes are made then. The caller has waited for the registry. */
export async function openTogether(
  tx: WriteDb,
  place: EditionPlace,
  { by, reason }: { by: string; reason: string },
  now: Date,
): Promise<Edition> {
  const { careType, contractYear, insurer } = place;
  const draft = await insertEdition(tx, { insurer, careType, contractYear, door: 'file', status: 'draft', reason, by }, now);
  return openGrace(tx, draft, { by, aloneReason: aloneReasonOf('file') }, now);
}

/** Keeps what was made under it, in that order, and notes in the audit that it was published. Comes after all that is changed in the transaction. */
export async function closeTogether(tx: WriteDb, edition: Edition, made: readonly Made[], now: Date): Promise<void> {
  const { editionEntries, editions } = tx.tables;
  const checks = await checksIn(tx, edition);
  const rows = made.map((one, n) => ({ ...entryOf(one, edition, checks.get(one.deadline.id) ?? null), position: n + 1, editedAt: now }));
  for (let from = 0; from < rows.length; from += AT_ONCE) await tx.insert(editionEntries).values(rows.slice(from, from + AT_ONCE));
  const [announcedOn, ...others] = new Set(made.flatMap((one) => one.announcedOn ?? []));
  if (announcedOn !== undefined && others.length === 0) await tx.update(editions).set({ announcedOn }).where(eq(editions.id, edition.id));
  await notePublished(tx, edition, now);
}

/** When each deadline of its insurer and year was compared, and by whom, as the edition leaves it. */
async function checksIn(tx: WriteDb, { contractYear, insurerSlug }: Edition): Promise<Map<string, NonNullable<Beside['made']> | null>> {
  const { deadlines } = tx.tables;
  const { checkedBy: by, checkedOn: on, id } = deadlines;
  const isIts = insurerSlug === null ? isNull(deadlines.insurerSlug) : eq(deadlines.insurerSlug, insurerSlug);
  const rows = await tx
    .select({ id, on, by })
    .from(deadlines)
    .where(and(isIts, eq(deadlines.contractYear, contractYear)));
  return new Map(rows.map((row) => [row.id, row.on === null ? null : { on: row.on, by: row.by }]));
}

/** How many entries are written in one go. */
const AT_ONCE = 300;

function entryOf(
  { act, before, content, deadline, reason }: Made,
  { createdBy, id: editionId }: Edition,
  made: NonNullable<Beside['made']> | null,
) {
  const { activity, id: deadlineId, key: requirementKey, slot } = deadline;
  const was = before && { careType: before.careType, checkedOn: before.checkedOn, checkedBy: before.checkedBy, made };
  const place = { editionId, deadlineId, baseRevision: before?.revision ?? null, activity, slot, requirementKey };
  const said = { act, content: { ...content, was }, reason, documentKey: null, proposal: null };
  return { id: randomUUID(), ...place, ...said, version: 1, editedBy: createdBy };
}
