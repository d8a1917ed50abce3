/** A deadline's revisions: how a row becomes a deadline, and how the next revision is added. Append only. */
import type { SQL } from 'drizzle-orm';
import { sameText } from '../../calendars/canonical.ts';
import { laterThan, wholeSecond } from '../../calendars/ics/moments.ts';
import { isAssumed } from '../../calendars/deadlines/certainty.ts';
import { countingDay, type Content, type Days, type Deadline, type Identity, type Precedent } from '../../calendars/deadlines/deadline.ts';
import { AppError } from '../../calendars/errors.ts';
import { isCounted } from '../../calendars/deadlines/kinds.ts';
import { resolveDays } from '../../calendars/deadlines/rules.ts';
import type { Activity, Day, InsurerKind } from '../../calendars/terms.ts';
import { changedFields, NEW, noteChange, TERMS_ALONE } from './changes.ts';
import { and, asc, eq, isNull } from '../store/drizzle.ts';
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
  };
}

/** What a revision says, without the days that follow from it. */
export function contentOf(row: RevisionRow | Deadline): Content {
  const duty = 'duty' in row ? row.duty : dutyOf(row);
  const { kind, title, rule, boundary, certainty, basis, reportingYear, channel, consequence, extension, sources, conflict, strictness } =
    row;
  return {
    kind,
    title,
    rule,
    boundary,
    certainty,
    basis,
    reportingYear,
    duty,
    channel,
    consequence,
    extension,
    sources,
    conflict,
    strictness,
  };
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

/** The days of a content in its place: an offset counts from the deadline of the same insurer and contract year that it names. */
export async function resolveIn(db: ReadDb, identity: Omit<Identity, 'id'>, content: Content): Promise<Days> {
  const { rule, boundary, conflict } = content;
  const base = rule.kind === 'offset' && 'activity' in rule.from ? await dueOnOf(db, identity, rule.from.activity) : null;
  const days = resolveDays(rule, boundary, {
    contractYear: identity.contractYear,
    slot: identity.slot,
    dayOf: (from) => ('activity' in from ? base : null),
    conflict,
  });
  // What is only assumed is safe on no day, whoever says it.
  return isAssumed(content) ? { ...days, lastSafeOn: null } : days;
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
  };
  const [deadline] = await tx.insert(deadlines).values(row).onConflictDoNothing().returning();
  if (!deadline) throw new AppError('conflict', `There is a deadline for ${keyOf(identity)} already; amend that one.`);
  const isTold = note.isSilent !== true && note.origin !== 'projection' && content.certainty === 'stated' && isCounted(content);
  // It may end terms that have begun.
  if (isTold || identity.activity === 'signing') await noteChange(tx, deadline.id, isTold ? NEW : TERMS_ALONE, now);
  return writeRevision(tx, deadline, content, days, note, now);
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
    })
    .where(and(eq(deadlines.id, current.id), eq(deadlines.revision, current.revision)))
    .returning();
  if (!row) throw new AppError('stale', 'Another revision came first; read the deadline again.');
  // What was made at this very moment, as on a first load, nobody has read yet.
  const isPublic = current.revisedAt.getTime() !== now.getTime();
  const isNews = isCounted(current) || isCounted(content);
  const isSilent = note.isSilent === true && (content.certainty !== 'stated' || sameText(daysOf(current), daysOf(days)));
  const fields = changedFields(current, { ...content, ...days, status: note.status }, sameText);
  if (isConfirmed(current, content, days)) await tx.delete(tx.tables.mutes).where(eq(tx.tables.mutes.deadlineId, current.id));
  if (isPublic && isNews && !isSilent && fields.length > 0) await noteChange(tx, current.id, current.revision, now);
  return writeRevision(tx, row, content, days, { ...note, precedent }, now);
}

/** Whether what was projected was taken back: nobody withdrew it, so that it goes without being called withdrawn. */
export function isTakenBack({ origin, status }: Pick<Revision, 'origin' | 'status'>): boolean {
  return status === 'withdrawn' && origin === 'projection';
}

/** Whether a day is stated that nobody stated before: what was waved away then does not silence it, unless that very day was expected. */
function isConfirmed(current: Revision, { certainty }: Content, days: Days): boolean {
  if (certainty !== 'stated' || current.certainty === 'stated' || current.certainty === 'unknown') return false;
  return current.certainty !== 'expected' || countingDay(current) !== countingDay(days);
}

async function writeRevision(
  tx: WriteDb,
  row: DeadlineRow,
  content: Content,
  days: Days,
  note: RevisionNote,
  now: Date,
): Promise<Revision> {
  const { deadlineRoles, revisions } = tx.tables;
  const { duty, ...columns } = content;
  const { checked: _, isSilent: __, ...noted } = note;
  const [revision] = await tx
    .insert(revisions)
    .values({
      ...columns,
      ...duty,
      ...days,
      ...noted,
      digest: note.digest ?? null,
      deadlineId: row.id,
      number: row.revision,
      revisedAt: now,
    })
    .returning();
  await tx.delete(deadlineRoles).where(eq(deadlineRoles.deadlineId, row.id));
  const roles = [...new Set([...duty.actors, ...duty.onBehalfOf])];
  await tx.insert(deadlineRoles).values(roles.map((role) => ({ deadlineId: row.id, role })));
  await bumpRegistry(tx, row.insurerSlug, now);
  return toDeadline(row, revision!);
}

/** The due day of a published activity; the earliest, where several care types have it. */
async function dueOnOf(db: ReadDb, { insurer, contractYear, careType }: Omit<Identity, 'id'>, activity: Activity): Promise<Day | null> {
  const { deadlines, revisions } = db.tables;
  const rows = await db
    .select({ dueOn: revisions.dueOn, careType: deadlines.careType })
    .from(deadlines)
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(
      and(
        eq(deadlines.activity, activity),
        eq(deadlines.contractYear, contractYear),
        insurer === null ? isNull(deadlines.insurerSlug) : eq(deadlines.insurerSlug, insurer),
        eq(revisions.status, 'published'),
      ),
    );
  const same = rows.filter((row) => row.careType === careType);
  return (
    (same.length > 0 ? same : rows)
      .map((row) => row.dueOn)
      .filter((day) => day !== null)
      .sort()[0] ?? null
  );
}

/** What a revision of before was taken from, unless the new one rests on something else. */
function keptPrecedent(current: Revision, { basis }: Content): Precedent | null {
  return sameText(current.basis, basis) ? current.precedent : null;
}

const dutyOf = ({ actors, onBehalfOf, contractStatus, deliverable }: RevisionRow) => ({ actors, onBehalfOf, contractStatus, deliverable });
const daysOf = ({ dueOn, lastSafeOn }: Days): Days => ({ dueOn, lastSafeOn });
