/** A deadline's revisions: how a row becomes a deadline, and how the next revision is added. Append only. */
import { isTakenBack } from '../../calendars/deadlines/certainty.ts';
import type { SQL } from 'drizzle-orm';
import { sameText } from '../../calendars/canonical.ts';
import { contentIn } from '../../calendars/deadlines/content.ts';
import { laterThan, wholeSecond } from '../../calendars/ics/moments.ts';
import { countingDay, type Content, type Days, type Deadline, type Identity, type Precedent } from '../../calendars/deadlines/deadline.ts';
import { AppError } from '../../calendars/errors.ts';
import { isCounted } from '../../calendars/deadlines/kinds.ts';
import type { Day, InsurerKind } from '../../calendars/terms.ts';
import { BY_FILES, BY_PROJECTION, BY_SERVICE, noteAudit } from './audit.ts';
import { changedFields, NEW, noteChange, TERMS_ALONE } from './changes.ts';
import { isForReaders, publishChange, type Grace } from './public/publishing.ts';
import { and, asc, eq } from '../store/drizzle.ts';
import type { Tables } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { bumpRegistry } from '../store/counters.ts';

type DeadlineRow = Tables['deadlines']['$inferSelect'];
type RevisionRow = Tables['revisions']['$inferSelect'];

/** One revision of a deadline, with what the store adds: its place in calendars, and where it comes from. */
export interface Revision extends Deadline {
  sequence: number;
  changedAt: Date;
  origin: RevisionRow['origin'];
  reason: string | null;
  announcedOn: Day | null;
  /** The newest change up to it that readers are told of; null where there is none. */
  changeId: string | null;
}

/** What a new revision holds beside its content and days. */
export interface RevisionNote {
  origin: RevisionRow['origin'];
  digest?: string;
  reason: string | null;
  announcedOn: Day | null;
  status: Deadline['status'];
  /** Set where it is known anew what a date is taken from; else it stays as long as the basis does. */
  precedent?: Precedent | null;
  /** Set where somebody compared it with its document. */
  checked?: Checked | null;
  /** Whether nobody is to be told, unless another day was stated: a new release says some things anew that nobody changed. */
  isSilent?: boolean;
  /** Whether nobody is told whatever it says: what an editor takes back. */
  isUntold?: boolean;
  /** The grace time of the edition that it comes with. */
  grace?: Grace | undefined;
  /** Who makes it, for the audit; else what its origin says. */
  by?: string | undefined;
}

/** The day on which a deadline was compared with its document, and by whom. */
export interface Checked {
  on: Day;
  by: string;
}

/** What is known beside the rows: since when its day is confirmed, and what its insurer is. */
interface Beside {
  confirmedAt?: Date | null;
  insurerKind?: InsurerKind | null;
}

/** A row of the deadline and one of its revisions, as the deadline it describes. */
export function toDeadline(
  deadline: DeadlineRow,
  revision: RevisionRow,
  { confirmedAt = null, insurerKind = null }: Beside = {},
): Revision {
  return {
    id: deadline.id,
    insurer: deadline.insurerSlug,
    contractYear: deadline.contractYear,
    careType: deadline.careType,
    activity: deadline.activity,
    slot: deadline.slot,
    key: deadline.requirementKey,
    ...contentOf(revision),
    dueOn: revision.dueOn,
    lastSafeOn: revision.lastSafeOn,
    revision: revision.number,
    revisedAt: revision.revisedAt,
    status: revision.status,
    checkedOn: deadline.checkedOn,
    checkedBy: deadline.checkedBy,
    precedent: revision.precedent,
    ...(confirmedAt === null ? {} : { confirmedAt }),
    ...(insurerKind === null ? {} : { insurerKind }),
    sequence: deadline.sequence,
    changedAt: deadline.changedAt,
    origin: revision.origin,
    reason: revision.reason,
    announcedOn: revision.announcedOn,
    changeId: revision.changeId,
  };
}

/** What a revision says, without the days that follow from it. */
export function contentOf(row: RevisionRow | Deadline): Content {
  return contentIn({ ...row, duty: 'duty' in row ? row.duty : dutyOf(row) });
}

/** The deadline's natural key: at most one deadline has it. */
export function keyOf({ insurer, contractYear, careType, activity, slot, key }: Omit<Identity, 'id'>): string {
  return [insurer ?? 'sector', contractYear, careType, activity, slot ?? 0, ...(key === null ? [] : [key])].join('/');
}

/** The id of a deadline in the store: its own, or that of another with its key, such as the projected one that it confirms. */
export async function findDeadlineId(db: ReadDb, deadline: Identity): Promise<string | undefined> {
  const { deadlines } = db.tables;
  const idBy = async (condition: SQL) => (await db.select({ id: deadlines.id }).from(deadlines).where(condition))[0]?.id;
  return (await idBy(eq(deadlines.id, deadline.id))) ?? idBy(eq(deadlines.key, keyOf(deadline)));
}

/** The digests of what the registry's files said of a deadline so far, oldest first. */
export async function loadedDigests(db: ReadDb, id: string): Promise<string[]> {
  const { revisions } = db.tables;
  const rows = await db
    .select({ digest: revisions.digest })
    .from(revisions)
    .where(eq(revisions.deadlineId, id))
    .orderBy(asc(revisions.number));
  return rows.flatMap(({ digest }) => digest ?? []);
}

/** Makes a deadline with its first revision. Throws `conflict` when the insurer has one for this year, care type and activity. */
export async function insertDeadline(
  tx: WriteDb,
  identity: Identity,
  content: Content,
  days: Days,
  note: RevisionNote,
  now: Date,
): Promise<Revision> {
  const { deadlines } = tx.tables;
  const { insurer, key: requirementKey, ...named } = identity;
  const row = {
    ...named,
    key: keyOf(identity),
    requirementKey,
    checkedOn: note.checked?.on ?? null,
    checkedBy: note.checked?.by ?? null,
    insurerSlug: insurer,
    revision: 1,
    sequence: 0,
    changedAt: wholeSecond(now),
    createdAt: now,
    heldUntil: note.grace?.until ?? null,
  };
  const [deadline] = await tx.insert(deadlines).values(row).onConflictDoNothing().returning();
  if (!deadline) throw new AppError('conflict', `There is a deadline for ${keyOf(identity)} already; amend that one.`);
  const isTold = note.isSilent !== true && note.origin !== 'projection' && content.certainty === 'stated' && isCounted(content);
  // It may end terms that have begun.
  if (isTold || identity.activity === 'signing') {
    const fromRevision = isTold ? NEW : TERMS_ALONE;
    await noteChange(tx, { deadlineId: deadline.id, fromRevision, grace: note.grace }, now);
  }
  return writeRevision(tx, deadline, { before: null, content, days, note, isForReaders: isForReaders(note) }, now);
}

/**
 * Adds the next revision. `SEQUENCE` and the moment of change rise only when something visible changed, and then strictly.
 * Throws `stale` when another revision came first.
 */
export async function appendRevision(
  tx: WriteDb,
  current: Revision,
  content: Content,
  days: Days,
  note: RevisionNote,
  now: Date,
): Promise<Revision> {
  const { deadlines } = tx.tables;
  const precedent = note.precedent === undefined ? keptPrecedent(current, content) : note.precedent;
  const visible = !sameText(
    { ...contentOf(current), ...daysOf(current), status: current.status, precedent: current.precedent },
    { ...content, ...days, status: note.status, precedent },
  );
  const [row] = await tx
    .update(deadlines)
    .set({
      revision: current.revision + 1,
      sequence: current.sequence + (visible ? 1 : 0),
      changedAt: visible ? laterThan(current.changedAt, now) : current.changedAt,
      ...(note.checked ? { checkedOn: note.checked.on, checkedBy: note.checked.by } : {}),
      ...(note.grace ? { heldUntil: note.grace.until } : {}),
    })
    .where(and(eq(deadlines.id, current.id), eq(deadlines.revision, current.revision)))
    .returning();
  if (!row) throw new AppError('stale', 'Another revision came first; read the deadline again.');
  // What was made at this very moment, as on a first load, nobody has read yet.
  const isKnown = current.revisedAt.getTime() !== now.getTime();
  const isNews = note.isUntold !== true && (isCounted(current) || isCounted(content));
  const isSilent = note.isSilent === true && (content.certainty !== 'stated' || sameText(daysOf(current), daysOf(days)));
  const fields = changedFields(current, { ...content, ...days, status: note.status }, sameText);
  // In a grace time nobody is told yet, and what is taken back silences as before.
  if (!note.grace && !note.isUntold && isConfirmed(current, content, days)) await forgetMutes(tx, current.id);
  if (isKnown && isNews && !isSilent && fields.length > 0)
    await noteChange(tx, { deadlineId: current.id, fromRevision: current.revision, grace: note.grace }, now);
  const revision = { before: current, content, days, note: { ...note, precedent } };
  // Of a silent load only another day of what was there before is worth a word.
  const isToldOf = visible && isForReaders({ ...note, isSilent: isSilent || (note.isSilent === true && !isKnown) });
  return writeRevision(tx, row, { ...revision, isForReaders: isToldOf }, now);
}

/** Lets everybody hear of a deadline again who wanted no mail about it. */
export async function forgetMutes(tx: WriteDb, deadlineId: string): Promise<void> {
  const { mutes } = tx.tables;
  await tx.delete(mutes).where(eq(mutes.deadlineId, deadlineId));
}

/** Whether a day is stated that nobody stated before: what was waved away then does not silence it, unless that very day was expected. */
export function isConfirmed(current: Revision, { certainty }: Pick<Content, 'certainty'>, days: Days): boolean {
  if (certainty !== 'stated' || current.certainty === 'stated' || current.certainty === 'unknown') return false;
  return current.certainty !== 'expected' || countingDay(current) !== countingDay(days);
}

/** A revision to be written: what stood there before, null where the deadline is new, and whether readers are told of it as a change. */
interface NewRevision {
  before: Revision | null;
  content: Content;
  days: Days;
  note: RevisionNote;
  isForReaders: boolean;
}

async function writeRevision(tx: WriteDb, row: DeadlineRow, revision: NewRevision, now: Date): Promise<Revision> {
  const { before, content, days, note } = revision;
  const { deadlineRoles, revisions } = tx.tables;
  const { duty, ...columns } = content;
  const { checked: _, isSilent: __, isUntold: ___, grace, by = BY_ORIGIN[note.origin], ...noted } = note;
  // Whoever raised the version holds it until the commit, so that whatever is numbered by it is committed in that order.
  const version = await bumpRegistry(tx, row.insurerSlug, now);
  // What was taken back nobody had.
  const isFirst = before === null || isTakenBack(before);
  const place = { deadlineId: row.id, fromRevision: isFirst ? NEW : before.revision, revision: row.revision };
  // What is new is no change to who has it in a calendar, and no reason to say anew.
  const earlierId = before === null || before.revision === 1 ? null : before.changeId;
  const changeId = (revision.isForReaders ? await publishChange(tx, place, version, now, grace) : null) ?? earlierId;
  const [stored] = await tx
    .insert(revisions)
    .values({
      ...columns,
      ...duty,
      ...days,
      ...noted,
      changeId,
      digest: note.digest ?? null,
      editionId: grace?.editionId ?? null,
      deadlineId: row.id,
      number: row.revision,
      revisedAt: now,
    })
    .returning();
  await tx.delete(deadlineRoles).where(eq(deadlineRoles.deadlineId, row.id));
  const roles = [...new Set([...duty.actors, ...duty.onBehalfOf])];
  await tx.insert(deadlineRoles).values(roles.map((role) => ({ deadlineId: row.id, role })));
  const after = toDeadline(row, stored!);
  await noteAudit(tx, { by, what: 'deadline', subject: row.id, before: before && auditedOf(before), after: auditedOf(after) }, now);
  return after;
}

/** Who makes revisions, where nobody else is named. */
const BY_ORIGIN = { registry: BY_FILES, editor: BY_SERVICE, projection: BY_PROJECTION } as const satisfies Record<
  Revision['origin'],
  string
>;

/** What the audit keeps of a revision: not the name of who checked it. */
export function auditedOf(revision: Revision): Record<string, unknown> {
  const { insurer, contractYear, careType, activity, slot, key, status, precedent, checkedOn, reason, announcedOn } = revision;
  const identity = { insurer, contractYear, careType, activity, slot, key };
  const said = { ...contentOf(revision), ...daysOf(revision), status, precedent };
  return { ...identity, ...said, checkedOn, reason, announcedOn, origin: revision.origin, revision: revision.revision };
}

/** What a revision of before was taken from, unless the new one rests on something else. */
function keptPrecedent(current: Revision, { basis }: Content): Precedent | null {
  return sameText(current.basis, basis) ? current.precedent : null;
}

const dutyOf = ({ actors, onBehalfOf, contractStatus, deliverable }: RevisionRow) => ({ actors, onBehalfOf, contractStatus, deliverable });
const daysOf = ({ dueOn, lastSafeOn }: Days): Days => ({ dueOn, lastSafeOn });
