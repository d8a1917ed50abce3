/** Addresses that the mail server does not know: they get nothing more, and the organisation's other recipients hear of it. */
import { and, eq, inArray } from './drizzle.ts';
import { cancelPending, queueMessage } from './messages.ts';
import type { WriteDb } from './store.ts';
import { noteUnreminded } from './unreminded.ts';

/** Ends all mail to an address until somebody adds it anew, for every organisation that has it. `fault`: what the mail server said. */
export async function suppressAddress(tx: WriteDb, email: string, fault: string, now: Date): Promise<void> {
  const { recipients } = tx.tables;
  // A deputy that is not reached is none: the recipient itself gets its mail again.
  await tx
    .update(recipients)
    .set({ deputyEmail: null, deputyUntil: null, deputyConfirmedAt: null })
    .where(eq(recipients.deputyEmail, email));
  const reached = await tx
    .select()
    .from(recipients)
    .where(and(eq(recipients.email, email), inArray(recipients.status, ['pending', 'confirmed'])));
  for (const { id, organisationId, status } of reached) {
    await tx.update(recipients).set({ status: 'undeliverable', fault }).where(eq(recipients.id, id));
    await cancelPending(tx, id, 'undeliverable');
    const others = await tx
      .select()
      .from(recipients)
      .where(and(eq(recipients.organisationId, organisationId), eq(recipients.status, 'confirmed')));
    for (const other of others) await queueMessage(tx, other, 'undeliverable', now);
    if (status === 'confirmed') await noteUnreminded(tx, organisationId, now);
  }
}
