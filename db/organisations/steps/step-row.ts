/** The rows of steps, as the steps that they keep. */
import type { Step } from '../../../calendars/agenda/step.ts';
import type { Tables } from '../../schema/schema.ts';

/** A row as the step that it keeps. */
export function stepOf(row: Tables['steps']['$inferSelect']): Step {
  const { completedBy, completedOn, createdAt, changedAt, ...kept } = row;
  const completion = completedOn === null ? null : { completedOn, by: completedBy ?? '' };
  return { ...kept, completion, changedAt: changedAt ?? createdAt };
}
