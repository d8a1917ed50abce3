/** A step: what an organisation wants to have done by a day of its own, which no document names. */
import type { Day } from '../terms.ts';

export interface Step {
  id: string;
  organisationId: string;
  /** The deadline that it is before; null: it stands by itself. */
  deadlineId: string | null;
  title: string;
  dueOn: Day;
  /** Which recipient sees to it; null: nobody in particular. */
  ownerId: string | null;
  completion: StepCompletion | null;
  /** When its day was given, or was another one last; null: before that was kept. */
  setAt: Date | null;
  /** Its part in the sequence number of its calendar entry, and when it changed last. */
  sequence: number;
  changedAt: Date;
}

/** On which day it was done, and who said so. */
export interface StepCompletion {
  completedOn: Day;
  by: string;
}

/** Whether it still asks something of somebody on a day. */
export function isOpenStep({ completion, dueOn }: Pick<Step, 'completion' | 'dueOn'>, today: Day): boolean {
  return completion === null && dueOn >= today;
}
