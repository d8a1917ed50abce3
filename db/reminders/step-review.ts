/** The own dates that mails remind of, asked anew just before sending. */
import type { Step } from '../../calendars/agenda/step.ts';
import type { DropReason } from '../../calendars/agenda/open-duties.ts';
import { isOfStep } from '../../calendars/reminders/due-reminder.ts';
import { whyStepDropped } from '../../calendars/reminders/step-plan.ts';
import type { Day } from '../../calendars/terms.ts';
import { stepOf } from '../organisations/steps/step-row.ts';
import { reachableAmong, silenceOf } from '../recipients/pauses.ts';
import type { Recipient, Tables } from '../schema/schema.ts';
import { and, eq, inArray } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';

/** An own date that is due for a mail's reader. */
export interface DueStep {
  step: Step;
  /** In working days. */
  leadDays: number;
}

type Row = Tables['reminders']['$inferSelect'];
type StepRow = Row & { stepId: string };

/** What is read of own dates for several mails together. */
export interface StepFacts {
  /** By message: the reminders that it holds of own dates. */
  pending: ReadonlyMap<string, StepRow[]>;
  /** By id; one that was removed is not there. */
  steps: ReadonlyMap<string, Step>;
  /** By organisation: its confirmed recipients. */
  colleagues: ReadonlyMap<string, Recipient[]>;
}

/** Reads what the own dates are that some reminders are about, and who else could be reminded of them. */
export async function readStepFacts(db: ReadDb, reminders: readonly Row[]): Promise<StepFacts> {
  const rows = reminders.filter(isOfStep);
  const pending = Map.groupBy(rows, ({ messageId }) => messageId!);
  if (rows.length === 0) return { pending, steps: new Map(), colleagues: new Map() };
  const { recipients, steps } = db.tables;
  const stepRows = await db
    .select()
    .from(steps)
    .where(inArray(steps.id, [...new Set(rows.map(({ stepId }) => stepId))]));
  const organisationIds = [...new Set(rows.map(({ organisationId }) => organisationId))];
  const people = await db
    .select()
    .from(recipients)
    .where(and(inArray(recipients.organisationId, organisationIds), eq(recipients.status, 'confirmed')));
  return {
    pending,
    steps: new Map(stepRows.map((row) => [row.id, stepOf(row)])),
    colleagues: Map.groupBy(people, ({ organisationId }) => organisationId),
  };
}

/** What a mail reminds its reader of among its organisation's own dates, by day, and what it does not and why. */
export function reviewSteps(
  messageId: string,
  { pending, steps, colleagues }: StepFacts,
  recipient: Recipient,
  today: Day,
): { content: DueStep[]; dropped: { id: string; reason: DropReason }[] } {
  const due: DueStep[] = [];
  const dropped: { id: string; reason: DropReason }[] = [];
  for (const { id, lastSafeOn, leadDays, organisationId, stepId } of pending.get(messageId) ?? []) {
    const step = steps.get(stepId);
    const reachableIds = reachableAmong(colleagues.get(organisationId) ?? [], today);
    const reader = { recipientId: recipient.id, reachableIds, silence: silenceOf(recipient, today), today };
    const reason = whyStepDropped({ lastSafeOn }, step, reader);
    if (reason) dropped.push({ id, reason });
    else if (step) due.push({ step, leadDays });
  }
  return { content: due.sort((a, b) => compare(a.step.dueOn, b.step.dueOn) || compare(a.step.id, b.step.id)), dropped };
}

/** Changes with all that a review of a message's own dates rests on beside their organisation's version; null where it holds none. */
export function stampOfSteps(messageId: string, { pending, colleagues }: StepFacts, today: Day): unknown {
  const rows = pending.get(messageId);
  if (!rows) return null;
  const people = rows.flatMap(({ organisationId }) => colleagues.get(organisationId) ?? []);
  return [rows.map(({ id }) => id), [...reachableAmong(people, today)].sort()];
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
