/** Publishing an edition: all of it in one transaction, and for ten minutes nobody is told, so that it can be taken back. */
import { AppError, type Fault } from '../../../calendars/errors.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import { isProvenAnew } from '../../../calendars/editions/amended.ts';
import { enteredContent } from '../../../calendars/editions/entry-faults.ts';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import { GRACE_MS } from '../../../calendars/reminders/news-time.ts';
import { bumpRegistry } from '../../store/counters.ts';
import { eq } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { amendDeadline, createDeadline, EDITORS, withdrawDeadline, type Editing } from '../amending.ts';
import { noteAudit } from '../audit.ts';
import { recordCheck } from '../checks.ts';
import { getDeadline } from '../deadlines.ts';
import type { Grace } from '../public/publishing.ts';
import type { Revision } from '../revisions.ts';
import { holdDraft, type Edition, type EditionEntry } from './drafts.ts';
import { readEdition, type EditionReading } from './reading.ts';
import { StaleDraft } from './stale.ts';

/** Who publishes what, as it was seen. */
export interface Publication {
  /** `readEdition`'s: what nobody saw is not published. */
  mark: string;
  by: string;
  /** The editor's name for readers, beside what they wrote and so compared with its document; else that of the editors together. What another editor wrote has that one's name. */
  label?: string | undefined;
  /** Why nobody else looks at it first. To be given where the publisher wrote any of it; else it counts for nothing. */
  aloneReason?: string | null;
}

/**
 * Publishes a draft. Its entries count at once, everywhere but in mails and among the changes: those follow when its grace time is over
 * (`makeEditionsPublic`), and until then it can be taken back (`takeBack`). Throws `not_found`, `conflict` where it is no draft any more, `StaleDraft` with
 * what it is now where that was not seen, and `invalid` with every fault, as `aloneReason` or `entries.0.rule.on`.
 */
export async function publishEdition(tx: WriteDb, id: string, publication: Publication, now: Date): Promise<Edition> {
  const { by, label, mark } = publication;
  const draft = await holdDraft(tx, id);
  await waitForRegistry(tx, draft);
  const reading = await readEdition(tx, id);
  if (reading.mark !== mark) throw new StaleDraft<EditionReading>(reading);
  const aloneReason = isWrittenBy(reading, by) ? (publication.aloneReason ?? '').trim() : null;
  refuse([...(aloneReason === '' ? [ALONE_FAULT] : []), ...faultsOf(reading)]);
  const edition = await openGrace(tx, draft, { by, aloneReason }, now);
  const labels = await editorLabels(tx);
  const labelOf = ({ editedBy }: EditionEntry) => (editedBy === by ? label : labels.get(editedBy));
  for (const [n, { entry }] of reading.entries.entries())
    await publishEntry(tx, { edition, entry }, { by, label: labelOf(entry) }, now).catch((error: unknown) => {
      throw withPlace(error, `entries.${n}`);
    });
  await notePublished(tx, edition, now);
  return edition;
}

/** Whether somebody wrote any of it: then nobody else looked at it yet. */
export function isWrittenBy({ writers }: Pick<EditionReading, 'writers'>, by: string): boolean {
  return writers.includes(by);
}

/** Begins an edition's grace time. */
export async function openGrace(
  tx: WriteDb,
  { id, version }: Edition,
  { by, aloneReason }: { by: string; aloneReason: string | null },
  now: Date,
): Promise<Edition> {
  const { editions } = tx.tables;
  const publicAt = new Date(now.getTime() + GRACE_MS);
  const [edition] = await tx
    .update(editions)
    .set({ status: 'published', version: version + 1, publishedAt: now, publishedBy: by, publicAt, aloneReason })
    .where(eq(editions.id, id))
    .returning();
  return edition!;
}

/**
 * Waits for every other change of the registry, and lets later ones wait: what changes several deadlines would else wait for another that waits for it.
 * To be called before any of them is read.
 */
export async function waitForRegistry(tx: WriteDb, { insurerSlug }: Pick<Edition, 'insurerSlug'>): Promise<void> {
  await bumpRegistry(tx, insurerSlug);
}

/** Notes in the audit that an edition was published. Comes last: whoever writes there holds its end until the commit. */
export async function notePublished(tx: WriteDb, { aloneReason, id, publicAt, publishedBy }: Edition, now: Date): Promise<void> {
  const after = { status: 'published', isAlone: aloneReason !== null, publicAt: publicAt!.toISOString() };
  await noteAudit(tx, { by: publishedBy!, what: 'edition', subject: id, before: { status: 'draft' }, after }, now);
}

/** The grace time of an edition that was published. */
export function graceOf({ id, publicAt }: Edition): Grace {
  if (publicAt === null) throw new Error('an edition has its grace time once it is published');
  return { editionId: id, until: publicAt };
}

/** Keeps which deadline an entry changed, on top of what: null where it is new. */
export async function keepBase(
  tx: WriteDb,
  entry: Pick<EditionEntry, 'act' | 'id' | 'content'>,
  { before, deadline, label = EDITORS, now }: { deadline: Revision; before: Revision | null; label?: string | undefined; now: Date },
): Promise<void> {
  const { editionEntries } = tx.tables;
  const made = entry.act === 'withdraw' ? null : { on: amsterdamDay(now), by: label };
  const was = before && { careType: before.careType, checkedOn: before.checkedOn, checkedBy: before.checkedBy, made };
  const set = { deadlineId: deadline.id, baseRevision: before?.revision ?? null, content: { ...entry.content, was } };
  await tx.update(editionEntries).set(set).where(eq(editionEntries.id, entry.id));
}

const ALONE_FAULT: Fault = { field: 'aloneReason', message: 'must say why, since nobody but its editor has looked at the edition' };

function faultsOf({ entries }: EditionReading): Fault[] {
  if (entries.length === 0) return [{ field: 'entries', message: 'must be at least one' }];
  return entries.flatMap(({ faults }, n) => faults.map((fault) => placed(fault, `entries.${n}`)));
}

const placed = ({ field, message }: Fault, place: string): Fault => ({ field: field === '' ? place : `${place}.${field}`, message });

function refuse(faults: readonly Fault[]) {
  if (faults.length > 0) throw new AppError('invalid', 'The edition cannot be published.', faults);
}

/** What an entry was refused for, with which entry it is. */
function withPlace(error: unknown, place: string): unknown {
  if (!(error instanceof AppError)) return error;
  const faults = error.faults.length > 0 ? error.faults : [{ field: '', message: error.message }];
  return new AppError(
    error.kind,
    error.message,
    faults.map((fault) => placed(fault, place)),
    { cause: error },
  );
}

/** The names of editors for readers, by who they are in the audit. */
async function editorLabels(db: ReadDb): Promise<ReadonlyMap<string, string>> {
  const { editors } = db.tables;
  const rows = await db.select({ personId: editors.personId, label: editors.label }).from(editors);
  return new Map(rows.map(({ label, personId }) => [`person:${personId}`, label]));
}

async function publishEntry(
  tx: WriteDb,
  { edition, entry }: { edition: Edition; entry: EditionEntry },
  editing: Editing,
  now: Date,
): Promise<void> {
  const { activity, baseRevision, content: said, deadlineId, requirementKey, slot } = entry;
  const { was: _, ...content } = said;
  const { announcedOn, careType, contractYear, insurerSlug: insurer } = edition;
  const reason = entry.reason ?? edition.reason;
  const within = { ...editing, grace: graceOf(edition) };
  if (entry.act === 'enter') {
    const identity = { insurer, contractYear, careType, activity: activity!, slot, key: requirementKey };
    const input = { identity, content: enteredContent({ activity, content }) as Content, reason, announcedOn, prove: true, ...within };
    const { before, deadline } = await createDeadline(tx, input, now);
    return keepBase(tx, entry, { deadline, before, label: editing.label, now });
  }
  const before = await getDeadline(tx, deadlineId!);
  await keepBase(tx, entry, { deadline: before, before, label: editing.label, now });
  if (entry.act === 'amend') {
    const amendment = { baseRevision: baseRevision!, reason: reason!, announcedOn, prove: isProvenAnew(content), ...content };
    await amendDeadline(tx, before.id, amendment, now, within);
  } else if (entry.act === 'withdraw') await withdrawDeadline(tx, before.id, reason!, now, within);
  else await checkWithin(tx, before, within, now);
}

/** Says that it still is so, today. */
async function checkWithin(tx: WriteDb, deadline: Revision, { by, grace, label }: Editing & { grace: Grace }, now: Date) {
  const { deadlines } = tx.tables;
  await recordCheck(tx, deadline, { on: amsterdamDay(now), by: label ?? EDITORS }, now, by);
  await tx.update(deadlines).set({ heldUntil: grace.until }).where(eq(deadlines.id, deadline.id));
}
