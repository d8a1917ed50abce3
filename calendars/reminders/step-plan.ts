/** What should change among one recipient's reminders of its organisation's own dates. Pure, as the plan of its deadlines is. */
import { isOpenStep, type Step } from '../agenda/step.ts';
import type { DropReason } from '../agenda/open-duties.ts';
import { amsterdamDay } from '../days.ts';
import { addWorkingDays, previousWorkingDay } from '../holidays.ts';
import type { Day } from '../terms.ts';
import { canWait, isWaiting, settleNewest, settleOlder, type StoredLead } from './due-reminder.ts';
import { duePlan, type Digest } from './reminders.ts';

/** How many working days before its day a step is reminded of, whatever leads a recipient chose. */
const STEP_LEADS: readonly number[] = [3, 0];

/** What a reminder of a step was planned for. */
export interface PlannedStep {
  stepId: string;
  organisationId: string;
  /** The step's day. */
  lastSafeOn: Day;
  /** In working days. */
  leadDays: number;
}

/** A reminder of a step that was planned before. */
export type StoredStep = PlannedStep & StoredLead;

/** Which steps a recipient is reminded of. */
export interface StepReader {
  recipientId: string;
  /** The recipients of its organisation that get reminders on that day. */
  reachableIds: ReadonlySet<string>;
  /** Why it gets no reminders at all for now; null when it does. */
  silence: 'not_wanted' | 'paused' | null;
  today: Day;
}

export interface StepPlanInput extends StepReader {
  /** The organisation's own, those of which reminders wait among them; one that is missing was removed. */
  steps: readonly Step[];
  stored: readonly StoredStep[];
  digest: Digest;
  confirmedOn: Day;
  /** Whether today's mail has left: what is due after it waits for the next working day, if it can. */
  mailLeft: boolean;
}

export interface StepPlan {
  drop: { id: string; reason: DropReason | 'merged' }[];
  missing: (PlannedStep & { step: Step; revives: string | null })[];
  /** Reminders that a newer one speaks for: kept on record as never to be sent. */
  merged: PlannedStep[];
  /** Planned before and still to be sent. */
  waiting: { id: string; step: Step; leadDays: number }[];
}

/** Compares what should exist by today with what is stored. Asked again after its answer was carried out, it has nothing more to change. */
export function planSteps(input: StepPlanInput): StepPlan {
  const { steps, stored, today } = input;
  const plan: StepPlan = { drop: [], missing: [], merged: [], waiting: [] };
  for (const reminder of stored.filter(isWaiting)) {
    const reason = whyStepDropped(
      reminder,
      steps.find(({ id }) => id === reminder.stepId),
      input,
    );
    if (reason) plan.drop.push({ id: reminder.id, reason });
  }
  const dropped = new Set(plan.drop.map(({ id }) => id));
  const rest = stored.filter(({ id }) => !dropped.has(id));
  for (const step of steps) if (isOpenStep(step, today)) planStep(plan, step, rest, input);
  return plan;
}

function planStep(plan: StepPlan, step: Step, reminders: readonly StoredStep[], input: StepPlanInput) {
  const place = { stepId: step.id, organisationId: step.organisationId, lastSafeOn: step.dueOn };
  const same = reminders.filter(({ lastSafeOn, stepId }) => stepId === step.id && lastSafeOn === step.dueOn);
  const [newest, ...older] = dueOf(step, input);
  const { droppedIds, mergedLeads } = settleOlder(older, same);
  for (const id of droppedIds) plan.drop.push({ id, reason: 'merged' });
  for (const leadDays of mergedLeads) plan.merged.push({ ...place, leadDays });
  if (newest !== undefined) {
    const { isMerged, missing } = settleNewest(newest, same);
    if (isMerged) plan.merged.push({ ...place, leadDays: newest });
    if (missing) plan.missing.push({ ...place, leadDays: newest, step, ...missing });
  }
  for (const row of same)
    if (isWaiting(row) && !droppedIds.includes(row.id)) plan.waiting.push({ id: row.id, step, leadDays: row.leadDays });
}

/** The leads that are due by today, the one closest to the day first. What would have left before the day was given is not caught up on. */
function dueOf(step: Step, input: StepPlanInput): number[] {
  const { confirmedOn, digest, silence, today } = input;
  const timing = { countsFrom: step.dueOn, until: step.dueOn };
  if (silence !== null || !isReaders(step, input) || canWait(timing, input)) return [];
  const setOn = step.setAt === null ? today : amsterdamDay(step.setAt);
  const since = setOn > confirmedOn ? setOn : confirmedOn;
  return duePlan({ ...timing, leads: STEP_LEADS, digest, today, confirmedOn: since, remindOn: stepRemindOn }).map(
    ({ leadDays }) => leadDays,
  );
}

/** The working day so many working days before a step's day; for its day itself that day, or the working day before it. */
export function stepRemindOn(dueOn: Day, lead: number): Day {
  return lead === 0 ? previousWorkingDay(dueOn) : addWorkingDays(dueOn, -lead);
}

/** Who sees to a step is reminded of it, while that recipient gets reminders; else all who do. */
function isReaders({ ownerId }: Pick<Step, 'ownerId'>, { reachableIds, recipientId }: Omit<StepReader, 'silence' | 'today'>): boolean {
  return ownerId === null || ownerId === recipientId || !reachableIds.has(ownerId);
}

/** Why a planned reminder of a step no longer holds today, or null when it does. */
export function whyStepDropped(
  { lastSafeOn }: Pick<PlannedStep, 'lastSafeOn'>,
  step: Step | undefined,
  reader: StepReader,
): DropReason | null {
  if (!step) return 'withdrawn';
  if (step.completion !== null) return 'completed';
  if (step.dueOn !== lastSafeOn) return 'moved';
  if (step.dueOn < reader.today) return 'passed';
  return reader.silence ?? (isReaders(step, reader) ? null : 'not_concerned');
}
