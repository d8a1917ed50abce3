/** Deputies: addresses that get a recipient's mail for a while, once they confirmed it. */
import { amsterdamDay } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import { foldAddress } from '../../calendars/mail-address.ts';
import type { Day } from '../../calendars/terms.ts';
import { and, eq, isNull } from '../store/drizzle.ts';
import { cancelPending, queueMessage } from '../messages/messages.ts';
import { askDeputyOnce } from './questions.ts';
import type { Recipient } from '../schema/schema.ts';
import type { WriteDb } from '../store/store.ts';
import { noteChoice } from './unreminded.ts';
import { retimeWaitingNews } from './waiting/news.ts';
import { notePreferences } from '../store/counters.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';

/** Who gets a recipient's mail instead, up to and including a day. */
export interface Deputy {
  email: string;
  until: Day;
}

export const NO_DEPUTY = { deputyEmail: null, deputyUntil: null, deputyConfirmedAt: null, deputyFault: null };

/**
 * Makes an address the deputy and asks it to confirm, unless it is the deputy already: then only the end changes, and it is not asked twice.
 * Throws `invalid` for who cannot be one.
 */
export async function appoint(tx: WriteDb, recipient: Recipient, deputy: Deputy | null, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const set = async (values: Partial<Recipient>) =>
    (await tx.update(recipients).set(values).where(eq(recipients.id, recipient.id)).returning())[0]!;
  if (deputy === null) {
    await cancelPending(tx, recipient.id, 'replaced', 'deputy_confirmation');
    return recipient.deputyEmail === null ? recipient : set(NO_DEPUTY);
  }
  const email = foldAddress(deputy.email);
  const message =
    email === recipient.email
      ? { field: 'deputy.email', message: 'must be another address' }
      : deputy.until < amsterdamDay(now)
        ? { field: 'deputy.until', message: 'must not be in the past' }
        : null;
  if (message) throw new AppError('invalid', 'The deputy does not fit.', [message]);
  if (email === recipient.deputyEmail) {
    const row = await set({ deputyUntil: deputy.until });
    await askDeputyOnce(tx, row, now);
    return row;
  }
  await cancelPending(tx, recipient.id, 'replaced', 'deputy_confirmation');
  const appointed = await set({ ...NO_DEPUTY, deputyEmail: email, deputyUntil: deputy.until });
  await queueMessage(tx, appointed, 'deputy_confirmation', now);
  return appointed;
}

/** The deputy's own yes: from now on it gets the recipient's mail. Throws `gone` when another or nobody is deputy now. */
export async function confirmDeputy(tx: WriteDb, id: string, email: string, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const its = and(eq(recipients.id, id), eq(recipients.deputyEmail, email), isNull(recipients.deputyFault));
  const [confirmed] = await tx
    .update(recipients)
    .set({ deputyConfirmedAt: now })
    .where(and(its, isNull(recipients.deputyConfirmedAt)))
    .returning();
  if (confirmed) {
    await notePreferences(tx, confirmed.organisationId);
    await noteWithdrawal(tx, 'deputy', [id], now, { isOver: true });
    await noteChoice(tx, confirmed.organisationId, now);
    await retimeWaitingNews(tx, { before: { ...confirmed, deputyConfirmedAt: null }, after: confirmed }, now);
    return confirmed;
  }
  const [already] = await tx.select().from(recipients).where(its);
  if (!already) throw new AppError('gone', 'This address is not the deputy any more.');
  return already;
}

/** The deputy gets no more of the recipient's mail: the recipient itself does again. Changes nothing when it was not the deputy. */
export async function endDeputy(tx: WriteDb, id: string, email: string, now: Date): Promise<void> {
  const { recipients } = tx.tables;
  const its = and(eq(recipients.id, id), eq(recipients.deputyEmail, email));
  const [before] = await tx.select().from(recipients).where(its);
  const [row] = await tx.update(recipients).set(NO_DEPUTY).where(its).returning();
  if (!before || !row) return;
  await notePreferences(tx, row.organisationId);
  await noteWithdrawal(tx, 'deputy', [id], now);
  await noteChoice(tx, row.organisationId, now);
  await retimeWaitingNews(tx, { before, after: row }, now);
}
