/** The addresses that an organisation's reminders go to: asked for, confirmed by mail, and free to leave. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../calendars/errors.ts';
import { foldAddress } from '../calendars/mail-address.ts';
import type { Digest } from '../calendars/reminders.ts';
import type { Day, Language } from '../calendars/terms.ts';
import { and, asc, eq, gt, inArray } from './drizzle.ts';
import { cancelPending, queueMessage } from './messages.ts';
import { appoint, NO_DEPUTY, type Deputy } from './deputies.ts';
import { getOrganisation } from './organisations.ts';
import { DEFAULT_SEND_HOUR, keepSendHour } from './mail-time.ts';
import type { Recipient } from './schema.ts';
import type { ReadDb, WriteDb } from './store.ts';
import { noteReminded, noteUnreminded } from './unreminded.ts';
import { noteOrganisation, noteWishes } from './versions.ts';

/** What a recipient may choose beside its address. */
export interface RecipientChoices {
  /** How many days before the last safe day to remind. */
  leadDays: number[];
  digest: Digest;
  /** When mails of a day leave, 'HH:MM' by the clocks of Amsterdam. */
  sendHour: string;
  /** Null: the organisation's. */
  language: Language | null;
  /** The first day on which it gets mail again. */
  pausedUntil: Day | null;
  deputy: Deputy | null;
  /** Its place among the organisation's recipients, from 1. */
  position: number;
}

/** A new recipient. What is not given takes its default; its place is the last one. */
export type RecipientInput = Pick<RecipientChoices, 'leadDays' | 'digest'> & { email: string } & Partial<RecipientChoices>;

/**
 * Adds an address and queues the mail that asks to confirm it. One that left earlier may be added again. Throws `not_found` for an unknown
 * organisation, `conflict` when the organisation has this address.
 */
export async function addRecipient(tx: WriteDb, organisationId: string, input: RecipientInput, now: Date): Promise<Recipient> {
  const { mutes, recipients } = tx.tables;
  await getOrganisation(tx, organisationId);
  const email = foldAddress(input.email);
  const { deputy = null, position = Infinity } = input;
  const pending = { ...chosenBy(input), ...BLANK, createdAt: now };
  const [recipient] = await tx
    .insert(recipients)
    .values({ id: randomUUID(), organisationId, email, ...pending })
    .onConflictDoUpdate({
      target: [recipients.organisationId, recipients.email],
      set: pending,
      setWhere: inArray(recipients.status, ['unsubscribed', 'undeliverable']),
    })
    .returning();
  if (!recipient)
    throw new AppError('conflict', 'The organisation has a recipient with this address already.', [
      { field: 'email', message: 'is there already' },
    ]);
  await tx.delete(mutes).where(eq(mutes.recipientId, recipient.id));
  await queueMessage(tx, recipient, 'confirmation', now);
  await place(tx, recipient, position);
  return appoint(tx, await getRecipient(tx, recipient.id), deputy, now);
}

/** An organisation's recipients in their order: the first is the first to be told. */
export async function listRecipients(db: ReadDb, organisationId: string): Promise<Recipient[]> {
  const { recipients } = db.tables;
  return db
    .select()
    .from(recipients)
    .where(eq(recipients.organisationId, organisationId))
    .orderBy(asc(recipients.position), asc(recipients.createdAt), asc(recipients.id));
}

/** One recipient, whichever its organisation: for links in mails. Throws `not_found`. */
export async function getRecipient(db: ReadDb, id: string): Promise<Recipient> {
  const { recipients } = db.tables;
  const [row] = await db.select().from(recipients).where(eq(recipients.id, id));
  if (!row) throw new AppError('not_found', 'No such recipient.');
  return row;
}

/** Changes what a recipient chose. What is not given stays. Throws `not_found`, or `invalid` for a deputy that cannot be one. */
export async function changeRecipient(
  tx: WriteDb,
  organisationId: string,
  id: string,
  change: Partial<RecipientChoices>,
  now: Date,
): Promise<Recipient> {
  const { recipients } = tx.tables;
  const before = await getRecipient(tx, id);
  if (before.organisationId !== organisationId) throw new AppError('not_found', 'No such recipient.');
  const [row] = await tx
    .update(recipients)
    .set(chosenBy({ ...before, ...change }))
    .where(eq(recipients.id, id))
    .returning();
  // What a sender holds was made by the old choice.
  await noteWishes(tx, organisationId);
  if (row!.sendHour !== before.sendHour) await keepSendHour(tx, row!, now);
  if (change.position !== undefined) await place(tx, row!, change.position);
  const after = await getRecipient(tx, id);
  return change.deputy === undefined ? after : appoint(tx, after, change.deputy, now);
}

/** Removes a recipient; the list of messages keeps what was sent, without the address. Throws `not_found`. */
export async function removeRecipient(tx: WriteDb, organisationId: string, id: string, now: Date): Promise<void> {
  const { recipients } = tx.tables;
  await cancelPending(tx, id, 'recipient_removed');
  const own = and(eq(recipients.organisationId, organisationId), eq(recipients.id, id));
  const [row] = await tx.delete(recipients).where(own).returning();
  if (!row) throw new AppError('not_found', 'No such recipient.');
  if (row.status === 'confirmed') await noteLeft(tx, organisationId, now);
}

/** Confirms an address and queues the welcome. Confirming twice changes nothing. Throws `not_found`, or `gone` for who has left. */
export async function confirmRecipient(tx: WriteDb, id: string, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const pending = and(eq(recipients.id, id), eq(recipients.status, 'pending'));
  const [confirmed] = await tx.update(recipients).set({ status: 'confirmed', confirmedAt: now }).where(pending).returning();
  if (confirmed) {
    await queueMessage(tx, confirmed, 'welcome', now);
    await noteWishes(tx, confirmed.organisationId);
    await noteReminded(tx, confirmed.organisationId, now);
    return confirmed;
  }
  const recipient = await getRecipient(tx, id);
  if (recipient.status !== 'confirmed') throw new AppError('gone', 'This address was unsubscribed. Ask the organisation to add it again.');
  return recipient;
}

/** Ends all mail to an address; what was queued is cancelled. Doing it twice changes nothing. Throws `not_found`. */
export async function unsubscribeRecipient(tx: WriteDb, id: string, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const subscribed = await getRecipient(tx, id);
  if (subscribed.status === 'unsubscribed') return subscribed;
  const [row] = await tx.update(recipients).set({ status: 'unsubscribed', unsubscribedAt: now }).where(eq(recipients.id, id)).returning();
  await cancelPending(tx, id, 'unsubscribed');
  if (subscribed.status === 'confirmed') await noteLeft(tx, subscribed.organisationId, now);
  return row!;
}

/** To be called when a recipient that was confirmed goes: it may have been the last one. */
export async function noteLeft(tx: WriteDb, organisationId: string, now: Date): Promise<void> {
  // On PostgreSQL whoever leaves at the same moment waits here until this is committed, and then does not count who left.
  await noteOrganisation(tx, organisationId);
  await noteUnreminded(tx, organisationId, now);
}

/** How long whoever comes back waits for the mail that asks, before there is another. */
const ASK_AGAIN_MS = 3_600_000;

/**
 * Asks an address that left whether it wants mail after all: whoever has an old mail has this link, but only its owner reads the new one. What
 * it chose stays. Changes nothing for who did not leave. Throws `not_found`.
 */
export async function askToReturn(tx: WriteDb, id: string, now: Date): Promise<Recipient> {
  const { messages, recipients } = tx.tables;
  const [asked] = await tx
    .update(recipients)
    .set({ status: 'pending', confirmedAt: null, unsubscribedAt: null })
    .where(and(eq(recipients.id, id), eq(recipients.status, 'unsubscribed')))
    .returning();
  if (!asked) return getRecipient(tx, id);
  const lately = gt(messages.createdAt, new Date(now.getTime() - ASK_AGAIN_MS));
  const leftLately = and(
    eq(messages.recipientId, id),
    eq(messages.kind, 'confirmation'),
    inArray(messages.state, ['sending', 'sent']),
    lately,
  );
  if ((await tx.$count(messages, leftLately)) === 0) await queueMessage(tx, asked, 'confirmation', now);
  return asked;
}

/** Puts a recipient in its place among the organisation's; the others keep their order, and all are numbered from 1. */
async function place(tx: WriteDb, { id, organisationId }: Recipient, position: number): Promise<void> {
  const { recipients } = tx.tables;
  const rows = await listRecipients(tx, organisationId);
  const others = rows.filter((row) => row.id !== id);
  const at = Math.min(position - 1, others.length);
  const placed = [...others.slice(0, at), ...rows.filter((row) => row.id === id), ...others.slice(at)];
  for (const [i, row] of placed.entries())
    if (row.position !== i + 1)
      await tx
        .update(recipients)
        .set({ position: i + 1 })
        .where(eq(recipients.id, row.id));
}

/** What somebody who is added, or added again, did not choose. */
const BLANK = {
  ...NO_DEPUTY,
  status: 'pending' as const,
  confirmedAt: null,
  unsubscribedAt: null,
  fault: null,
  declined: [],
};

function chosenBy({
  leadDays,
  digest,
  sendHour = DEFAULT_SEND_HOUR,
  language = null,
  pausedUntil = null,
}: Omit<RecipientInput, 'email' | 'deputy' | 'position'>) {
  return { leadDays: ordered(leadDays), digest, sendHour, language, pausedUntil };
}

/** The longest lead first, each once. */
function ordered(leadDays: readonly number[]): number[] {
  return [...new Set(leadDays)].sort((a, b) => b - a);
}
