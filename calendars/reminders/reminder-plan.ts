/** What should change among one recipient's reminders: what is missing, what no longer holds. Pure, so that a dry run and a real run agree. */
import { isAskedOnce, type AgendaItem } from '../agenda/concern.ts';
import { addDays, amsterdamMoment } from '../days.ts';
import { countingDay } from '../deadlines/deadline.ts';
import { isWorkingDay, nextWorkingDay } from '../holidays.ts';
import {
  dutyOwner,
  itemOf,
  remindable,
  wantsMailAbout,
  whyDropped,
  type DropReason,
  type OpenItem,
  type PlannedReminder,
  type Preferences,
} from '../agenda/open-duties.ts';
import { CATCH_UP_DAYS, duePlan, isToldAfter, isToldOnce, leadsFor, timingOf, type Digest, type DueReminder } from './reminders.ts';
import { canWait, isWaiting, settleNewest, settleOlder, type StoredLead } from './due-reminder.ts';
import type { Day } from '../terms.ts';

/** A reminder of a deadline that was planned before. */
export type StoredReminder = PlannedReminder & StoredLead;

export interface PlanInput extends Preferences {
  /** The reading organisation's agenda, withdrawn items included. */
  items: readonly AgendaItem[];
  readerId: string;
  stored: readonly StoredReminder[];
  digest: Digest;
  confirmedOn: Day;
  today: Day;
  /** Whether today's mail has left: what is due after it waits for the next working day, if it can. */
  mailLeft: boolean;
}

/** A reminder to add. `revives`: the cancelled one whose place it takes. */
interface MissingReminder extends PlannedReminder {
  item: OpenItem;
  revives: string | null;
}

export interface ReminderPlan {
  drop: { id: string; reason: DropReason | 'merged' }[];
  missing: MissingReminder[];
  /** Reminders that a newer one speaks for: kept on record as never to be sent. */
  merged: PlannedReminder[];
  /** Planned before and still to be sent. */
  waiting: { id: string; item: OpenItem; leadDays: number }[];
}

/** Compares what should exist by today with what is stored. Asked again after its answer was carried out, it has nothing more to change. */
export function planFor(input: PlanInput): ReminderPlan {
  const { items, stored, readerId, today } = input;
  const open = remindable(items, today);
  const plan: ReminderPlan = { drop: [], missing: [], merged: [], waiting: [] };
  for (const reminder of stored.filter(isWaiting)) {
    const reason = whyDropped(reminder, itemOf(reminder, items, readerId), input, today);
    if (reason) plan.drop.push({ id: reminder.id, reason });
  }
  const dropped = new Set(plan.drop.map(({ id }) => id));
  const rest = stored.filter(({ id }) => !dropped.has(id));
  const planned = open.map((item) => planItem(plan, item, rest, input));
  pullForward(plan, planned, input);
  return plan;
}

/** An open item with what is stored of it. */
interface PlannedItem {
  item: OpenItem;
  place: Omit<PlannedReminder, 'leadDays'>;
  same: readonly StoredReminder[];
  /** Whether a reminder of it leaves in the next mail because its own day has come. */
  isLeaving: boolean;
}

function planItem(plan: ReminderPlan, item: OpenItem, reminders: readonly StoredReminder[], input: PlanInput): PlannedItem {
  const lastSafeOn = countingDay(item.deadline);
  const place = { deadlineId: item.deadline.id, organisationId: dutyOwner(item, input.readerId), lastSafeOn };
  const same = reminders.filter(
    (row) => row.deadlineId === place.deadlineId && row.organisationId === place.organisationId && row.lastSafeOn === lastSafeOn,
  );
  const [newest, ...older] = canWait(timingOf(item), input) || wasAsked(item, place, reminders) ? [] : dueOn(input.today, item, input);
  const { droppedIds, mergedLeads } = settleOlder(
    older.map(({ leadDays }) => leadDays),
    same,
  );
  for (const id of droppedIds) plan.drop.push({ id, reason: 'merged' });
  for (const leadDays of mergedLeads) plan.merged.push({ ...place, leadDays });
  const isLeaving = newest !== undefined && planNewest(plan, item, { ...place, leadDays: newest.leadDays }, same);
  for (const row of same)
    if (isWaiting(row) && !droppedIds.includes(row.id)) plan.waiting.push({ id: row.id, item, leadDays: row.leadDays });
  return { item, place, same, isLeaving };
}

/** Whether what is asked once was asked, of whatever day: news tells where the day went since. */
function wasAsked(item: OpenItem, place: Omit<PlannedReminder, 'leadDays'>, reminders: readonly StoredReminder[]): boolean {
  if (!isAskedOnce(item)) return false;
  return reminders.some(
    ({ deadlineId, leaving, organisationId, state }) =>
      deadlineId === place.deadlineId && organisationId === place.organisationId && (state === 'sent' || leaving),
  );
}

/** What is due of an item by a day, the newest first. */
function dueOn(day: Day, item: OpenItem, input: PlanInput): DueReminder[] {
  if (!wantsMailAbout(item.deadline.id, input)) return [];
  const due = duePlan({
    ...timingOf(item),
    leads: leadsFor(item, input.leadDays),
    digest: input.digest,
    today: day,
    confirmedOn: input.confirmedOn,
    ...(isToldOnce(item) ? { catchUpDays: CATCH_UP_DAYS } : {}),
  });
  // What was written after it would have left is news, and nothing to catch up on.
  return due.filter(({ sendOn }) => sendOn === day || !isToldOnce(item) || isBefore(item.deadline.revisedAt, addDays(sendOn, 1)));
}

const isBefore = (moment: Date, day: Day) => moment < amsterdamMoment(day, '00:00');

/** The newest reminder is due unless it, or one closer to the day, was said already. Gives whether it is in the next mail. */
function planNewest(plan: ReminderPlan, item: OpenItem, wanted: PlannedReminder, same: readonly StoredReminder[]): boolean {
  const { isLeaving, isMerged, missing } = settleNewest(wanted.leadDays, same);
  if (isMerged) plan.merged.push(wanted);
  if (missing) plan.missing.push({ ...wanted, item, ...missing });
  return isLeaving;
}

/**
 * Of one activity and contract year no mail follows another on the next working day only because insurers' days differ: a reminder of another
 * deadline that would leave then goes along today. Pulled forward is no deadline of which one leaves today already, and what was pulled forward
 * pulls nothing itself: its own day has not come. What is told when it has happened waits until it has.
 */
function pullForward(plan: ReminderPlan, planned: readonly PlannedItem[], input: PlanInput) {
  const { mailLeft, today } = input;
  if (mailLeft || !isWorkingDay(today)) return;
  const leaving = new Set(planned.filter(({ isLeaving }) => isLeaving).map(({ item }) => subjectOf(item)));
  if (leaving.size === 0) return;
  const next = nextWorkingDay(addDays(today, 1));
  for (const { item, place, same, isLeaving } of planned) {
    if (isLeaving || isToldAfter(item) || !leaving.has(subjectOf(item))) continue;
    const [newest] = wasAsked(item, place, input.stored) ? [] : dueOn(next, item, input);
    if (newest && newest.sendOn > today) planNewest(plan, item, { ...place, leadDays: newest.leadDays }, same);
  }
}

const subjectOf = ({ deadline: { activity, contractYear, key } }: OpenItem) => JSON.stringify([activity, contractYear, key]);
