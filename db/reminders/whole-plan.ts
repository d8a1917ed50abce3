/** The plan of one recipient as rows are made of it: what is about deadlines, and what is about the organisation's own dates. */
import type { PlannedReminder } from '../../calendars/agenda/open-duties.ts';
import type { ReminderPlan } from '../../calendars/reminders/reminder-plan.ts';
import type { PlannedStep, StepPlan } from '../../calendars/reminders/step-plan.ts';
import type { Day } from '../../calendars/terms.ts';

/** Where a reminder stands: what it is about, whose that is, the day that it counts from, and how long before. */
export interface Place {
  deadlineId: string | null;
  stepId: string | null;
  organisationId: string;
  lastSafeOn: Day;
  leadDays: number;
}

export interface WholePlan {
  drop: ReminderPlan['drop'];
  merged: Place[];
  missing: (Place & { revives: string | null })[];
}

/** Both plans as one. */
export function wholePlan({ plan, steps }: { plan: ReminderPlan; steps: StepPlan }): WholePlan {
  return {
    drop: [...plan.drop, ...steps.drop],
    merged: [...plan.merged.map(ofDeadline), ...steps.merged.map(ofStep)],
    missing: [
      ...plan.missing.map((one) => ({ ...ofDeadline(one), revives: one.revives })),
      ...steps.missing.map((one) => ({ ...ofStep(one), revives: one.revives })),
    ],
  };
}

/** Whether carrying it out would change anything. */
export function isToCarryOut({ drop, merged, missing }: WholePlan): boolean {
  return drop.length + merged.length + missing.length > 0;
}

const ofDeadline = ({ deadlineId, lastSafeOn, leadDays, organisationId }: PlannedReminder): Place => ({
  deadlineId,
  stepId: null,
  organisationId,
  lastSafeOn,
  leadDays,
});

const ofStep = ({ lastSafeOn, leadDays, organisationId, stepId }: PlannedStep): Place => ({
  deadlineId: null,
  stepId,
  organisationId,
  lastSafeOn,
  leadDays,
});
