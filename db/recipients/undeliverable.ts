/** Undeliverable addresses, which the mail server does not know: they get nothing more, and those who count on them hear of it. */
import { and, eq, inArray, isNull } from '../store/drizzle.ts';
import { cancelPending, queueMessage } from '../messages/messages.ts';
import { noteChoice, noteLeft } from './unreminded.ts';
import { retimeWaitingNews } from './waiting/news.ts';
import type { WriteDb } from '../store/store.ts';
import { notePreferences } from '../store/counters.ts';

/** Ends all mail to an address until somebody adds it anew, for every organisation that has it. `fault`: what the mail server said. */
export async function markUndeliverable(tx: WriteDb, email: string, fault: string, now: Date): Promise<void> {
  const { recipients } = tx.tables;
  // A deputy that is not reached is none: the recipient itself gets its mail again.
  const principals = await tx
    .select()
    .from(recipients)
    .where(and(eq(recipients.deputyEmail, email), isNull(recipients.deputyFault)));
  for (const before of principals) {
    const alone = { deputyConfirmedAt: null, deputyFault: fault };
    const principal = { ...before, ...alone };
    await tx.update(recipients).set(alone).where(eq(recipients.id, before.id));
    await retimeWaitingNews(tx, { before, after: principal }, now);
    await cancelPending(tx, principal.id, 'undeliverable', 'deputy_confirmation');
    await notePreferences(tx, principal.organisationId);
    await noteChoice(tx, principal.organisationId, now);
    if (principal.status === 'confirmed') await queueMessage(tx, principal, 'deputy_undeliverable', now);
  }
  const reached = await tx
    .select()
    .from(recipients)
    .where(and(eq(recipients.email, email), inArray(recipients.status, ['pending', 'confirmed'])));
  for (const { id, organisationId, status } of reached) {
    await tx.update(recipients).set({ status: 'undeliverable', fault }).where(eq(recipients.id, id));
    await cancelPending(tx, id, 'undeliverable');
    const colleagues = await tx
      .select()
      .from(recipients)
      .where(and(eq(recipients.organisationId, organisationId), eq(recipients.status, 'confirmed')));
    for (const other of colleagues) await queueMessage(tx, other, 'undeliverable', now);
    if (status === 'confirmed') await noteLeft(tx, organisationId, now);
  }
}
