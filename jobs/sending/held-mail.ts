/** What waits behind a hold: every mail that would leave, with what it tells, and the reminders that never will. */
import { addDays, amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import { dueMessages } from '../../db/sending/claims.ts';
import { reviewMessage, type Draft } from '../../db/sending/composing.ts';
import { gatherMails, severalDue } from '../../db/sending/gathering.ts';
import { heldReminders } from '../../db/sending/held-reminders.ts';
import type { Hold } from '../../db/messages/hold.ts';
import { isOwn } from '../../db/messages/messages.ts';
import { isOfSignIn } from '../../db/messages/personal-mails.ts';
import type { Message } from '../../db/schema/schema.ts';
import type { Store } from '../../db/store/store.ts';
import { planNow } from '../plan.ts';

/** One deadline or own date in a mail, or a mail that tells of none. */
export interface HeldMail {
  /** The mail's id, by which it can be struck out; null: it never had a mail of its own. */
  id: string | null;
  kind: Message['kind'];
  /** `leaves` when the hold ends; `passed`: its deadline is over, so it never does; `struck`: an operator took it out. */
  outcome: 'leaves' | 'passed' | 'struck';
  /** Where it would go. */
  to: string;
  recipient: string | null;
  organisation: string | null;
  dueAt: Date | null;
  deadlineId: string | null;
  title: string | null;
  insurer: string | null;
  lastSafeOn: string | null;
  leadDays: number | null;
}

/**
 * All that would leave by the end of today, by recipient and deadline. Plans and gathers first, as each round of the service does: so it tells
 * the same before the service's first start, and the ids that it gives stay.
 */
export async function listHeld(store: Store, hold: Hold, now: Date): Promise<HeldMail[]> {
  await planNow({ store }, now);
  const due = await dueMessages(store.read, now, Number.MAX_SAFE_INTEGER);
  const recipients = await severalDue(store.read, [...new Set(due.flatMap(({ recipientId }) => recipientId ?? []))], { now });
  for (const id of recipients) await store.write((tx) => gatherMails(tx, [id], { now }));
  const end = new Date(amsterdamMoment(addDays(amsterdamDay(now), 1), '00:00').getTime() - 1);
  const rows: HeldMail[] = [];
  for (const message of await dueMessages(store.read, end, Number.MAX_SAFE_INTEGER)) rows.push(...(await rowsOf(store, message, now)));
  for (const { messageId, ...reminder } of await heldReminders(store.read, hold, now))
    rows.push({ id: messageId, kind: 'reminder', to: reminder.recipient, dueAt: null, ...reminder });
  return rows.sort(compareRows);
}

async function rowsOf({ read }: Store, message: Message, now: Date): Promise<HeldMail[]> {
  // A sign-in is over before anybody has read this list.
  if (isOfSignIn(message)) return [];
  const { id, kind, dueAt, sentTo } = message;
  const mail = { id, kind, outcome: 'leaves' as const, dueAt };
  const nobody = { recipient: null, organisation: null };
  if (!isOwn(message)) return [{ ...mail, ...nobody, to: sentTo ?? '', ...NO_DEADLINE }];
  const { draft } = await reviewMessage(read, message, now);
  if (!draft) return [];
  const whole = { ...mail, to: draft.to, recipient: draft.recipient.email, organisation: draft.organisation.name };
  const told = toldIn(draft);
  return told.length === 0 ? [{ ...whole, ...NO_DEADLINE }] : told.map((one) => ({ ...whole, ...one }));
}

const NO_DEADLINE = { deadlineId: null, title: null, insurer: null, lastSafeOn: null, leadDays: null };

function toldIn({ changes, due, steps, undone }: Draft) {
  return [
    ...due.map(({ item, leadDays }) => rowOf(item.deadline, item.insurerName, leadDays)),
    ...steps.map(({ step: { dueOn, title }, leadDays }) => ({ ...NO_DEADLINE, title, lastSafeOn: dueOn, leadDays })),
    ...changes.map(({ after, insurerName }) => rowOf(after, insurerName)),
    ...undone.map(({ item }) => rowOf(item.deadline, item.insurerName)),
  ];
}

function rowOf({ id, title, lastSafeOn }: Deadline, insurer: string | null, leadDays: number | null = null) {
  return { deadlineId: id, title, insurer, lastSafeOn, leadDays };
}

function compareRows(a: HeldMail, b: HeldMail): number {
  return (
    compare(a.recipient ?? '', b.recipient ?? '') ||
    compare(a.lastSafeOn ?? '', b.lastSafeOn ?? '') ||
    compare(a.deadlineId ?? '', b.deadlineId ?? '') ||
    compare(a.kind, b.kind)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
