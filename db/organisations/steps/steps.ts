/** Steps: an organisation's own dates, before a deadline or by themselves. */
import { randomUUID } from 'node:crypto';
import type { Step, StepCompletion } from '../../../calendars/agenda/step.ts';
import { AppError, type Fault } from '../../../calendars/errors.ts';
import { laterThan } from '../../../calendars/ics/moments.ts';
import type { Day } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { getDeadline } from '../../registry/deadlines.ts';
import type { Said, Tables } from '../../schema/schema.ts';
import { bumpOrganisation } from '../../store/counters.ts';
import { and, asc, eq } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { noteAct, type Doer } from '../acts/acts.ts';
import { concernIn } from '../concerns.ts';
import { getOrganisation } from '../organisations.ts';
import { stepOf } from './step-row.ts';

/** How many steps an organisation has at most, done ones too. */
export const MOST_STEPS = 200;

export interface StepInput {
  title: string;
  dueOn: Day;
  /** The deadline that it is before; null: it stands by itself. */
  deadlineId: string | null;
  /** Which recipient sees to it; null: nobody in particular. */
  ownerId: string | null;
}

/** Adds a step. Throws `invalid`, with all that is wrong, for a deadline that does not concern the organisation or an owner that is none of its recipients, `conflict` where it has too many. */
export async function addStep(tx: WriteDb, organisationId: string, input: StepInput, now: Date): Promise<Step> {
  const { steps } = tx.tables;
  const { deadlineId, dueOn, ownerId, title } = input;
  await requireKeepable(tx, organisationId, { deadlineId, ownerId });
  const count = await tx.$count(steps, eq(steps.organisationId, organisationId));
  if (count >= MOST_STEPS)
    throw new AppError('conflict', `The organisation has ${count} own dates, and may have ${MOST_STEPS}. Remove one first.`);
  const [row] = await tx
    .insert(steps)
    .values({ id: randomUUID(), organisationId, deadlineId, title, dueOn, ownerId, createdAt: now, setAt: now })
    .returning();
  await bumpOrganisation(tx, organisationId, now);
  return stepOf(row!);
}

/** An organisation's steps by day; of one deadline alone where that is given. */
export async function listSteps(db: ReadDb, organisationId: string, deadlineId?: string): Promise<Step[]> {
  const { steps } = db.tables;
  const rows = await db
    .select()
    .from(steps)
    .where(and(eq(steps.organisationId, organisationId), deadlineId === undefined ? undefined : eq(steps.deadlineId, deadlineId)))
    .orderBy(asc(steps.dueOn), asc(steps.id));
  return rows.map(stepOf);
}

/** One step of an organisation. Throws `not_found`. */
export async function getStep(db: ReadDb, organisationId: string, id: string): Promise<Step> {
  return stepOf(await getRow(db, organisationId, id));
}

/** Changes a step; what is not given stays. Throws `not_found`, and as `addStep` for what is given anew. */
export async function changeStep(tx: WriteDb, organisationId: string, id: string, change: Partial<StepInput>, now: Date): Promise<Step> {
  const before = await getRow(tx, organisationId, id);
  const { deadlineId = before.deadlineId, dueOn = before.dueOn, ownerId = before.ownerId, title = before.title } = change;
  // What stood there before and is sent along unchanged is no fault.
  await requireKeepable(tx, organisationId, {
    deadlineId: deadlineId === before.deadlineId ? null : deadlineId,
    ownerId: ownerId === before.ownerId ? null : ownerId,
  });
  return save(tx, before, { deadlineId, dueOn, ownerId, title, setAt: dueOn === before.dueOn ? before.setAt : now }, now);
}

/**
 * Marks a step as done, or corrects what was said of it. Throws `not_found`. That it is done the organisation's others hear; `doer` says by which
 * way it is said.
 */
export async function completeStep(
  tx: WriteDb,
  organisationId: string,
  id: string,
  completion: StepCompletion,
  now: Date,
  doer: Omit<Doer, 'by'> = { way: 'page' },
): Promise<Step> {
  const { by, completedOn } = completion;
  const before = await getRow(tx, organisationId, id);
  if (before.completedOn === null)
    await noteAct(tx, { kind: 'completed', organisationId, deadlineId: null, stepId: id }, { ...doer, by }, now);
  return save(tx, before, { completedOn, completedBy: by }, now);
}

/** Marks a step as not done after all, of which the organisation's others hear. Throws `not_found`, also where it was not done. */
export async function reopenStep(
  tx: WriteDb,
  organisationId: string,
  id: string,
  now: Date,
  doer: Doer = { way: 'page', by: null },
): Promise<Step> {
  const before = await getRow(tx, organisationId, id);
  if (before.completedOn === null) throw new AppError('not_found', 'The step is not completed.');
  await noteAct(tx, { kind: 'reopened', organisationId, deadlineId: null, stepId: id, before: STEP_DONE }, doer, now);
  return save(tx, before, { completedOn: null, completedBy: null }, now);
}

/** What is said of a step that is done: that it does not hold is said of none. */
export const STEP_DONE: Said = { outcome: 'submitted', reason: null };

/** Removes a step, and with it what the others were to hear of it. Throws `not_found`. */
export async function removeStep(tx: WriteDb, organisationId: string, id: string, now: Date): Promise<void> {
  const { steps } = tx.tables;
  await getRow(tx, organisationId, id);
  await tx.delete(steps).where(eq(steps.id, id));
  await bumpOrganisation(tx, organisationId, now);
}

/** Before a recipient goes: nobody in particular sees to its steps any more. */
export async function releaseSteps(tx: WriteDb, organisationId: string, recipientId: string, now: Date): Promise<void> {
  const { steps } = tx.tables;
  const rows = await tx.update(steps).set({ ownerId: null }).where(eq(steps.ownerId, recipientId)).returning({ id: steps.id });
  if (rows.length > 0) await bumpOrganisation(tx, organisationId, now);
}

/** Takes addresses out of who said that a step is done: then it was somebody who was removed. */
export async function eraseFromSteps(tx: WriteDb, organisationId: string, addresses: readonly string[], now: Date): Promise<void> {
  const { steps } = tx.tables;
  const rows = await tx.select({ id: steps.id, by: steps.completedBy }).from(steps).where(eq(steps.organisationId, organisationId));
  const said = rows.filter(({ by }) => addresses.some((address) => by?.toLowerCase().includes(address)));
  if (said.length === 0) return;
  const { language } = await getOrganisation(tx, organisationId);
  for (const { id } of said)
    await tx
      .update(steps)
      .set({ completedBy: wordsIn(language)('common:removed_sayer') })
      .where(eq(steps.id, id));
  await bumpOrganisation(tx, organisationId, now);
}

type Row = Tables['steps']['$inferSelect'];

async function getRow(db: ReadDb, organisationId: string, id: string): Promise<Row> {
  const { steps } = db.tables;
  const [row] = await db
    .select()
    .from(steps)
    .where(and(eq(steps.organisationId, organisationId), eq(steps.id, id)));
  if (!row) throw new AppError('not_found', 'No such step.');
  return row;
}

/** Writes what is another than before; where nothing is, it stays as it was. */
async function save(tx: WriteDb, before: Row, change: Partial<Row>, now: Date): Promise<Step> {
  const { steps } = tx.tables;
  const wanted: Row = { ...before, ...change };
  if (COLUMNS.every((name) => wanted[name] === before[name])) return stepOf(before);
  const numbers = { sequence: before.sequence + 1, changedAt: laterThan(before.changedAt ?? before.createdAt, now) };
  const [row] = await tx
    .update(steps)
    .set({ ...change, ...numbers })
    .where(eq(steps.id, before.id))
    .returning();
  await bumpOrganisation(tx, before.organisationId, now);
  return stepOf(row!);
}

const COLUMNS = ['completedBy', 'completedOn', 'deadlineId', 'dueOn', 'ownerId', 'title'] as const;

async function requireKeepable(db: ReadDb, organisationId: string, refers: Pick<StepInput, 'deadlineId' | 'ownerId'>): Promise<void> {
  const faults: Fault[] = [];
  if (refers.deadlineId !== null && !(await isConcerned(db, organisationId, refers.deadlineId)))
    faults.push({ field: 'deadlineId', message: 'must be a deadline that concerns the organisation and was not withdrawn, or null' });
  if (refers.ownerId !== null && !(await isRecipient(db, organisationId, refers.ownerId)))
    faults.push({ field: 'ownerId', message: 'must be one of the organisation’s recipients, or null' });
  if (faults.length > 0) throw new AppError('invalid', 'The step refers to what is not there.', faults);
}

async function isConcerned(db: ReadDb, organisationId: string, deadlineId: string): Promise<boolean> {
  try {
    const deadline = await getDeadline(db, deadlineId);
    return deadline.status !== 'withdrawn' && (await concernIn(db, organisationId, deadline)) !== null;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return false;
    throw error;
  }
}

async function isRecipient(db: ReadDb, organisationId: string, id: string): Promise<boolean> {
  const { recipients } = db.tables;
  return (await db.$count(recipients, and(eq(recipients.id, id), eq(recipients.organisationId, organisationId)))) > 0;
}
