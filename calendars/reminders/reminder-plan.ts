/** What should change among one recipient's reminders: what is missing, what no longer holds. Pure, so that a dry run and a real run agree. */
import type { AgendaItem } from '../agenda/concern.ts';
import { addDays } from '../days.ts';
import { isAssumed } from '../deadlines/certainty.ts';
import { countingDay } from '../deadlines/deadline.ts';
import { isWorkingDay, nextWorkingDay } from '../holidays.ts';
import {
  dutyOwner,
  isOpen,
  itemOf,
  wantsMailAbout,
  whyDropped,
  type DropReason,
  type OpenItem,
  type PlannedReminder,
  type Preferences,
} from '../agenda/open-duties.ts';
import { ASSUMED_CATCH_UP_DAYS, duePlan, leadsFor, type Digest } from './reminders.ts';
import type { Day } from '../terms.ts';

/** A reminder that was planned before. */
export interface StoredReminder extends PlannedReminder {
  id: string;
  state: 'pending' | 'sent' | 'cancelled';
  reason: string | null;
  /** Whether its mail is with a sender already: it can no longer be taken back. */
  leaving: boolean;
}

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
  const open = items.filter((item) => isOpen(item, today));
  const plan: ReminderPlan = { drop: [], missing: [], merged: [], waiting: [] };
  for (const reminder of stored.filter(isWaiting)) {
    const reason = whyDropped(reminder, itemOf(reminder, items, readerId), input, today);
    if (reason) plan.drop.push({ id: reminder.id, reason });
  }
  const dropped = new Set(plan.drop.map(({ id }) => id));
  const rest = stored.filter(({ id }) => !dropped.has(id));
  for (const item of open) planItem(plan, item, rest, input);
  return plan;
}

function planItem(plan: ReminderPlan, item: OpenItem, reminders: readonly StoredReminder[], input: PlanInput) {
  const lastSafeOn = countingDay(item.deadline);
  const place = { deadlineId: item.deadline.id, organisationId: dutyOwner(item, input.readerId), lastSafeOn };
  const same = reminders.filter(
    (row) => row.deadlineId === place.deadlineId && row.organisationId === place.organisationId && row.lastSafeOn === lastSafeOn,
  );
  const { confirmedOn, digest, today } = input;
  const due =
    canWait(lastSafeOn, input) || !wantsMailAbout(item.deadline.id, input)
      ? []
      : duePlan({
          lastSafeOn,
          leads: leadsFor(item, input.leadDays),
          digest,
          today,
          confirmedOn,
          ...(isAssumed(item.deadline) ? { catchUpDays: ASSUMED_CATCH_UP_DAYS } : {}),
        });
  const [newest, ...older] = due;
  const merged = new Set<string>();
  for (const { leadDays } of older) {
    const row = same.find((reminder) => reminder.leadDays === leadDays);
    if (!row) plan.merged.push({ ...place, leadDays });
    else if (isWaiting(row)) {
      merged.add(row.id);
      plan.drop.push({ id: row.id, reason: 'merged' });
    }
  }
  if (newest) planNewest(plan, item, { ...place, leadDays: newest.leadDays }, same);
  for (const row of same) if (isWaiting(row) && !merged.has(row.id)) plan.waiting.push({ id: row.id, item, leadDays: row.leadDays });
}

/** The newest reminder is due unless it, or one closer to the day, was said already. */
function planNewest(plan: ReminderPlan, item: OpenItem, wanted: PlannedReminder, same: readonly StoredReminder[]) {
  const reminder = same.find((row) => row.leadDays === wanted.leadDays);
  if (reminder && reminder.state !== 'cancelled') return;
  const isCovered = same.some((row) => row.state !== 'cancelled' && row.leadDays < wanted.leadDays);
  if (isCovered && !reminder) plan.merged.push(wanted);
  if (isCovered || reminder?.reason === 'undeliverable' || reminder?.reason === 'struck') return;
  plan.missing.push({ ...wanted, item, revives: reminder?.id ?? null });
}

/** Whether a later mail is still in time: one mail a day is enough, and none on a day off. */
function canWait(lastSafeOn: Day, { mailLeft, today }: PlanInput): boolean {
  return (mailLeft || !isWorkingDay(today)) && lastSafeOn > today && nextWorkingDay(addDays(today, 1)) <= lastSafeOn;
}

const isWaiting = (row: StoredReminder) => row.state === 'pending' && !row.leaving;
