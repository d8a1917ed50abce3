/** Declined questions, declines taken back, and released addresses, each with the questions that are dropped or queued because of it. */
import { AppError } from '../../calendars/errors.ts';
import { foldAddress } from '../../calendars/mail-address.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import { and, eq, isNotNull, or } from '../store/drizzle.ts';
import { cancelPending } from '../messages/messages.ts';
import { ask } from './questions.ts';
import { listRecipients } from './recipients.ts';
import type { Recipient } from '../schema/schema.ts';
import { digestsOf } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { forgetDead, forgetDecline, noteDecline, type Decline } from '../messages/unaskable.ts';
import { noteChoice } from './unreminded.ts';
import { notePreferences } from '../store/counters.ts';

/** Ends an organisation's questions to a mailbox; those that wait are dropped. Doing it twice changes nothing. */
export async function declineQuestions(tx: WriteDb, decline: Decline, secret: string, now: Date): Promise<void> {
  await noteDecline(tx, decline, now);
  const { asRecipient, asDeputy } = await peopleAt(tx, decline, secret);
  for (const { id } of asRecipient) await cancelPending(tx, id, 'declined', 'confirmation');
  for (const { id } of asDeputy) await cancelPending(tx, id, 'declined', 'deputy_confirmation');
}

/** Lets an organisation ask a mailbox again. What has no answer yet is asked anew. Changes nothing for a mailbox that did not decline. */
export async function allowQuestions(tx: WriteDb, decline: Decline, secret: string, now: Date): Promise<void> {
  if (!(await forgetDecline(tx, decline, now))) return;
  const { asRecipient, asDeputy } = await peopleAt(tx, decline, secret);
  for (const recipient of asRecipient) if (recipient.status === 'pending') await ask(tx, recipient, 'confirmation', now);
  for (const recipient of asDeputy)
    if (recipient.deputyConfirmedAt === null && recipient.deputyFault === null) await ask(tx, recipient, 'deputy_confirmation', now);
}

/**
 * Lets an address that was given up for dead get mail again, in every organisation that has it: who had confirmed is reminded again, the
 * others are asked. Gives how many that are. Throws `not_found` for an address that was not given up.
 */
export async function releaseAddress(tx: WriteDb, address: string, secret: string, now: Date): Promise<number> {
  const { recipients } = tx.tables;
  const email = foldAddress(address);
  const forgotten = await forgetDead(tx, digestsOf(secret, email), now);
  const itsOwn = and(eq(recipients.email, email), eq(recipients.status, 'undeliverable'));
  const asDeputy = and(eq(recipients.deputyEmail, email), isNotNull(recipients.deputyFault));
  const rows = await tx.select().from(recipients).where(or(itsOwn, asDeputy));
  if (!forgotten && rows.length === 0) throw new AppError('not_found', `No mail server said of ${email} that there is no such address.`);
  for (const recipient of rows) {
    if (recipient.email === email) await restore(tx, recipient, now);
    else await restoreDeputy(tx, recipient, now);
    await notePreferences(tx, recipient.organisationId);
  }
  return rows.length;
}

async function restore(tx: WriteDb, { id, confirmedAt }: Recipient, now: Date) {
  const { recipients } = tx.tables;
  const status = confirmedAt === null ? 'pending' : 'confirmed';
  const [restored] = await tx.update(recipients).set({ status, fault: null }).where(eq(recipients.id, id)).returning();
  if (status === 'pending') await ask(tx, restored!, 'confirmation', now);
  else await noteChoice(tx, restored!.organisationId, now);
}

async function restoreDeputy(tx: WriteDb, { id, deputyUntil }: Recipient, now: Date) {
  const { recipients } = tx.tables;
  const [restored] = await tx.update(recipients).set({ deputyFault: null }).where(eq(recipients.id, id)).returning();
  if (deputyUntil !== null && deputyUntil >= amsterdamDay(now)) await ask(tx, restored!, 'deputy_confirmation', now);
}

/** An organisation's recipients that have the mailbox, as their own and as their deputy's. */
async function peopleAt(
  db: ReadDb,
  { organisationId, mailbox }: Decline,
  secret: string,
): Promise<{ asRecipient: Recipient[]; asDeputy: Recipient[] }> {
  const recipients = await listRecipients(db, organisationId);
  const isTheirs = (email: string | null) => email !== null && digestsOf(secret, email).mailbox === mailbox;
  return {
    asRecipient: recipients.filter(({ email }) => isTheirs(email)),
    asDeputy: recipients.filter(({ deputyEmail }) => isTheirs(deputyEmail)),
  };
}
