/** Which of an organisation's deadlines still ask something of it, and why a reminder of one no longer holds. */
import type { AgendaItem } from './concern.ts';
import { countingDay } from '../deadlines/deadline.ts';
import { isCounted } from '../deadlines/kinds.ts';
import { leadsFor, timingOf } from '../reminders/reminders.ts';
import type { Day } from '../terms.ts';

/** An item that is counted down, has a day and is not done, withdrawn or past. */
export type OpenItem = AgendaItem & { deadline: { dueOn: Day } };

/** What a reminder was planned for. */
export interface PlannedReminder {
  deadlineId: string;
  organisationId: string;
  /** The day it counts from. */
  lastSafeOn: Day;
  leadDays: number;
}

export type DropReason = 'not_concerned' | 'withdrawn' | 'completed' | 'moved' | 'passed' | 'not_wanted' | 'paused';

/** What a recipient chose. */
export interface Preferences {
  leadDays: readonly number[];
  /** Deadlines that it wants no mail about. */
  muted?: ReadonlySet<string>;
  /** Why it gets no reminders at all for now; null when it does. */
  silence?: 'not_wanted' | 'paused' | null;
}

/** Whether a deadline still asks something today. */
export function isOpen(item: AgendaItem, today: Day): item is OpenItem {
  return isUndone(item) && countingDay(item.deadline) >= today;
}

/** Whether a reminder of it may leave today: of what an insurer did itself also when its day is over. */
export function mayRemind(item: AgendaItem, today: Day): item is OpenItem {
  return isUndone(item) && timingOf(item).until >= today;
}

/**
 * Whose duty a reminder counts for: the reading organisation's, or that of the member whose own event dated the item. It must not hang on which
 * members share an item: then a reminder would come twice when one of them leaves.
 */
export function dutyOwner(item: AgendaItem, readerId: string): string {
  return item.uid === item.deadline.id ? readerId : (item.organisations[0]?.id ?? readerId);
}

/** The item that a reminder is about, if it still concerns the organisation. */
export function itemOf(reminder: PlannedReminder, items: readonly AgendaItem[], readerId: string): AgendaItem | undefined {
  return items.find((item) => item.deadline.id === reminder.deadlineId && dutyOwner(item, readerId) === reminder.organisationId);
}

/** Why a planned reminder no longer holds today, or null when it does. `items` includes the withdrawn ones. */
export function whyDropped(
  reminder: PlannedReminder,
  item: AgendaItem | undefined,
  preferences: Preferences,
  today: Day,
): DropReason | null {
  if (!item || !isCounted(item.deadline)) return 'not_concerned';
  if (item.deadline.status === 'withdrawn') return 'withdrawn';
  if (item.completion !== null) return 'completed';
  if (!hasDay(item) || countingDay(item.deadline) !== reminder.lastSafeOn) return 'moved';
  if (timingOf(item).until < today) return 'passed';
  if (!wantsMailAbout(reminder.deadlineId, preferences)) return preferences.silence ?? 'not_wanted';
  if (leadsFor(item, preferences.leadDays).includes(reminder.leadDays)) return null;
  // What is told once, is so whatever leads were chosen.
  return preferences.leadDays.includes(reminder.leadDays) ? 'not_concerned' : 'not_wanted';
}

/** Whether a recipient wants to be reminded of a deadline at all. */
export function wantsMailAbout(deadlineId: string, { muted, silence = null }: Preferences): boolean {
  return silence === null && !muted?.has(deadlineId);
}

/** The items that may be reminded of today. */
export function remindable(items: readonly AgendaItem[], today: Day): OpenItem[] {
  return items.filter((item) => mayRemind(item, today));
}

function isUndone(item: AgendaItem): item is OpenItem {
  const { deadline, completion } = item;
  return isCounted(deadline) && deadline.status === 'published' && completion === null && hasDay(item);
}

const hasDay = (item: AgendaItem): item is OpenItem => item.deadline.dueOn !== null;
