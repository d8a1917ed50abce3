/** The addresses that an organisation's reminders go to: asked for, confirmed by mail, and free to leave. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../calendars/errors.ts';
import type { Digest } from '../calendars/reminders.ts';
import { and, asc, eq } from './drizzle.ts';
import { cancelPending, queueMessage } from './messages.ts';
import { getOrganisation } from './organisations.ts';
import type { Recipient } from './schema.ts';
import type { ReadDb, WriteDb } from './store.ts';

export interface RecipientInput {
  email: string;
  /** How many days before the last safe day to remind. */
  leadDays: number[];
  digest: Digest;
}

/**
 * Adds an address and queues the mail that asks to confirm it. One that left earlier may be added again. Throws `not_found` for an unknown
 * organisation, `conflict` when the organisation has this address.
 */
export async function addRecipient(tx: WriteDb, organisationId: string, input: RecipientInput, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  await getOrganisation(tx, organisationId);
  const email = input.email.toLowerCase();
  const chosen = { leadDays: ordered(input.leadDays), digest: input.digest };
  const pending = { ...chosen, status: 'pending' as const, createdAt: now, confirmedAt: null, unsubscribedAt: null };
  const [recipient] = await tx
    .insert(recipients)
    .values({ id: randomUUID(), organisationId, email, ...pending })
    .onConflictDoUpdate({
      target: [recipients.organisationId, recipients.email],
      set: pending,
      setWhere: eq(recipients.status, 'unsubscribed'),
    })
    .returning();
  if (!recipient)
    throw new AppError('conflict', 'The organisation has a recipient with this address already.', [
      { field: 'email', message: 'is there already' },
    ]);
  await queueMessage(tx, recipient, 'confirmation', now);
  return recipient;
}

/** An organisation's recipients, oldest first. */
export async function listRecipients(db: ReadDb, organisationId: string): Promise<Recipient[]> {
  const { recipients } = db.tables;
  return db
    .select()
    .from(recipients)
    .where(eq(recipients.organisationId, organisationId))
    .orderBy(asc(recipients.createdAt), asc(recipients.id));
}

/** One recipient, whichever its organisation: for links in mails. Throws `not_found`. */
export async function getRecipient(db: ReadDb, id: string): Promise<Recipient> {
  const { recipients } = db.tables;
  const [row] = await db.select().from(recipients).where(eq(recipients.id, id));
  if (!row) throw new AppError('not_found', 'No such recipient.');
  return row;
}

/** Changes when a recipient is reminded. What is not given stays. Throws `not_found`. */
export async function changeRecipient(
  tx: WriteDb,
  organisationId: string,
  id: string,
  change: Partial<Pick<RecipientInput, 'leadDays' | 'digest'>>,
): Promise<Recipient> {
  const { recipients } = tx.tables;
  const before = await getRecipient(tx, id);
  const { leadDays = before.leadDays, digest = before.digest } = change;
  const own = and(eq(recipients.organisationId, organisationId), eq(recipients.id, id));
  const [row] = await tx
    .update(recipients)
    .set({ leadDays: ordered(leadDays), digest })
    .where(own)
    .returning();
  if (!row) throw new AppError('not_found', 'No such recipient.');
  return row;
}

/** Removes a recipient; the list of messages keeps what was sent, without the address. Throws `not_found`. */
export async function removeRecipient(tx: WriteDb, organisationId: string, id: string): Promise<void> {
  const { recipients } = tx.tables;
  await cancelPending(tx, id, 'recipient_removed');
  const own = and(eq(recipients.organisationId, organisationId), eq(recipients.id, id));
  const [row] = await tx.delete(recipients).where(own).returning();
  if (!row) throw new AppError('not_found', 'No such recipient.');
}

/** Confirms an address and queues the welcome. Confirming twice changes nothing. Throws `not_found`, or `gone` for who has left. */
export async function confirmRecipient(tx: WriteDb, id: string, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const pending = and(eq(recipients.id, id), eq(recipients.status, 'pending'));
  const [confirmed] = await tx.update(recipients).set({ status: 'confirmed', confirmedAt: now }).where(pending).returning();
  if (confirmed) {
    await queueMessage(tx, confirmed, 'welcome', now);
    return confirmed;
  }
  const recipient = await getRecipient(tx, id);
  if (recipient.status === 'unsubscribed')
    throw new AppError('gone', 'This address was unsubscribed. Ask the organisation to add it again.');
  return recipient;
}

/** Ends all mail to an address; what was queued is cancelled. Doing it twice changes nothing. Throws `not_found`. */
export async function unsubscribeRecipient(tx: WriteDb, id: string, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const subscribed = await getRecipient(tx, id);
  if (subscribed.status === 'unsubscribed') return subscribed;
  const [row] = await tx.update(recipients).set({ status: 'unsubscribed', unsubscribedAt: now }).where(eq(recipients.id, id)).returning();
  await cancelPending(tx, id, 'unsubscribed');
  return row!;
}

/** The longest lead first, each once. */
function ordered(leadDays: readonly number[]): number[] {
  return [...new Set(leadDays)].sort((a, b) => b - a);
}
