/** What a queued message would say if it left now: everything is asked anew, so that nothing outdated is sent. */
import { amsterdamDay } from '../calendars/days.ts';
import { byUrgency, compareUrgency, isOpen, itemOf, whyDropped, type OpenItem } from '../calendars/open-duties.ts';
import type { Day } from '../calendars/terms.ts';
import { readAgenda } from './agenda.ts';
import { and, asc, eq } from './drizzle.ts';
import type { CancelReason } from './messages.ts';
import { getOrganisation } from './organisations.ts';
import type { Message, Organisation, Recipient } from './schema.ts';
import type { ReadDb } from './store.ts';
import { registryVersionFor } from './versions.ts';

/** How many of the next deadlines a mail lists beside what it is about. */
const NEXT_IN = { confirmation: 0, welcome: 10, reminder: 5 } as const;

export interface Draft {
  kind: Message['kind'];
  organisation: Organisation;
  recipient: Recipient;
  today: Day;
  /** What it reminds of, the most urgent first. */
  due: { item: OpenItem; leadDays: number }[];
  /** What comes after that. */
  next: OpenItem[];
}

/** A message as it stands: with its draft, or with the reason why there is nothing to send. */
export type Review = { stamp: string; dropped: { id: string; reason: CancelReason }[] } & (
  | { draft: Draft }
  | { draft: null; reason: CancelReason }
);

/** Asks anew what a message should say on the day of `now`, in Amsterdam. */
export async function reviewMessage(db: ReadDb, message: Message, now: Date): Promise<Review> {
  const stamp = await stampOf(db, message, now);
  const recipient = await recipientOf(db, message);
  const refused = refusal(message, recipient);
  if (!recipient || refused) return { stamp, dropped: [], draft: null, reason: refused ?? 'recipient_removed' };

  const today = amsterdamDay(now);
  const { kind, organisationId } = message;
  const organisation = await getOrganisation(db, organisationId);
  if (kind === 'confirmation') return { stamp, dropped: [], draft: { kind, organisation, recipient, today, due: [], next: [] } };

  const items = await readAgenda(db, organisationId, { withdrawnToo: true });
  const due: Draft['due'] = [];
  const dropped: Review['dropped'] = [];
  for (const reminder of await pendingOf(db, message.id)) {
    const item = itemOf(reminder, items, organisationId);
    const reason = whyDropped(reminder, item, recipient.leadDays, today);
    if (reason) dropped.push({ id: reminder.id, reason });
    else if (item && isOpen(item, today)) due.push({ item, leadDays: reminder.leadDays });
  }
  if (kind === 'reminder' && due.length === 0) return { stamp, dropped, draft: null, reason: dropped[0]?.reason ?? 'empty' };
  due.sort((a, b) => compareUrgency(a.item, b.item));
  const said = new Set(due.map(({ item }) => item.uid));
  const next = byUrgency(items, today)
    .filter(({ uid }) => !said.has(uid))
    .slice(0, NEXT_IN[kind]);
  return { stamp, dropped, draft: { kind, organisation, recipient, today, due, next } };
}

/** Changes with everything that a draft is made of; comparing it is cheaper than drafting again. */
export async function stampOf(db: ReadDb, message: Message, now: Date): Promise<string> {
  const { organisationId } = message;
  const recipient = await recipientOf(db, message);
  const { version } = await getOrganisation(db, organisationId);
  const registry = await registryVersionFor(db, organisationId);
  const held = (await pendingOf(db, message.id)).map(({ id }) => id);
  return JSON.stringify([amsterdamDay(now), version, registry, recipient?.status, recipient?.email, recipient?.leadDays, held]);
}

async function recipientOf(db: ReadDb, { recipientId }: Message): Promise<Recipient | undefined> {
  if (recipientId === null) return undefined;
  const { recipients } = db.tables;
  const [recipient] = await db.select().from(recipients).where(eq(recipients.id, recipientId));
  return recipient;
}

function refusal({ kind }: Message, recipient: Recipient | undefined): CancelReason | null {
  if (!recipient) return 'recipient_removed';
  if (recipient.status === 'unsubscribed') return 'unsubscribed';
  if (kind === 'confirmation') return recipient.status === 'confirmed' ? 'confirmed_already' : null;
  return recipient.status === 'confirmed' ? null : 'not_confirmed';
}

async function pendingOf(db: ReadDb, messageId: string) {
  const { reminders } = db.tables;
  return db
    .select()
    .from(reminders)
    .where(and(eq(reminders.messageId, messageId), eq(reminders.state, 'pending')))
    .orderBy(asc(reminders.lastSafeOn), asc(reminders.id));
}
