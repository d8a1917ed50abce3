/** What becomes of the reminders of one thing that are due, a deadline or a step, against what is stored of it. */
import { addDays } from '../days.ts';
import { isWorkingDay, nextWorkingDay } from '../holidays.ts';
import type { Day } from '../terms.ts';
import type { Timing } from './reminders.ts';

/** A reminder of that thing that was planned before. */
export interface StoredLead {
  id: string;
  leadDays: number;
  state: 'pending' | 'sent' | 'cancelled';
  reason: string | null;
  /** Whether its mail is with a sender already: it can no longer be taken back. */
  leaving: boolean;
}

/** What a stored reminder is about: one of both is null. */
interface About {
  deadlineId: string | null;
  stepId: string | null;
}

/** Whether a reminder, or a notice, is about a deadline. */
export function isOfDeadline<T extends Pick<About, 'deadlineId'>>(told: T): told is T & { deadlineId: string } {
  return told.deadlineId !== null;
}

/** Whether a reminder is about a step. */
export function isOfStep<T extends About>(reminder: T): reminder is T & { stepId: string } {
  return reminder.stepId !== null;
}

/** Whether it can still be taken back. */
export const isWaiting = (row: Pick<StoredLead, 'leaving' | 'state'>) => row.state === 'pending' && !row.leaving;

/** Whether a later mail is still in time: one mail a day is enough, and none on a day off. */
export function canWait({ countsFrom, until }: Timing, { mailLeft, today }: { mailLeft: boolean; today: Day }): boolean {
  const last = today <= countsFrom ? countsFrom : until;
  return (mailLeft || !isWorkingDay(today)) && last > today && nextWorkingDay(addDays(today, 1)) <= last;
}

/** What was due before the newest one speaks for all: what waits of it is dropped, and what was never planned is kept on record. */
export function settleOlder(leads: readonly number[], same: readonly StoredLead[]): { droppedIds: string[]; mergedLeads: number[] } {
  const rowOf = (lead: number) => same.find(({ leadDays }) => leadDays === lead);
  return {
    droppedIds: leads.flatMap((lead) => {
      const row = rowOf(lead);
      return row && isWaiting(row) ? [row.id] : [];
    }),
    mergedLeads: leads.filter((lead) => rowOf(lead) === undefined),
  };
}

/** What becomes of the newest reminder that is due. */
interface Newest {
  /** Whether it is in the next mail. */
  isLeaving: boolean;
  /** Whether one closer to the day speaks for it, and it was never planned. */
  isMerged: boolean;
  /** To be added. `revives`: the cancelled one whose place it takes. */
  missing: { revives: string | null } | null;
}

/** The newest reminder is due unless it, or one closer to the day, was said already. */
export function settleNewest(leadDays: number, same: readonly StoredLead[]): Newest {
  const reminder = same.find((row) => row.leadDays === leadDays);
  if (reminder && reminder.state !== 'cancelled') return { isLeaving: reminder.state === 'pending', isMerged: false, missing: null };
  const isCovered = same.some((row) => row.state !== 'cancelled' && row.leadDays < leadDays);
  if (isCovered || reminder?.reason === 'undeliverable' || reminder?.reason === 'struck')
    return { isLeaving: false, isMerged: isCovered && !reminder, missing: null };
  return { isLeaving: true, isMerged: false, missing: { revives: reminder?.id ?? null } };
}
