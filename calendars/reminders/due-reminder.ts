/** What a stored reminder is about: a deadline or a step. */

/** One of both is null. */
interface About {
  deadlineId: string | null;
  stepId: string | null;
}

/** Whether a reminder is about a deadline. */
export function isOfDeadline<T extends About>(reminder: T): reminder is T & { deadlineId: string } {
  return reminder.deadlineId !== null;
}
