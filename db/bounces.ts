/** Mails that came back after they were taken, as the store keeps them: with the message, and with the address where it is no more. */
import { and, eq } from './drizzle.ts';
import type { WriteDb } from './store.ts';
import { suppressAddress } from './suppression.ts';

/**
 * Notes with a message that was sent that it came back, and what was said of it. `isGone`: the address gets nothing more. Gives the address
 * that was ended by this, null where none was.
 */
export async function recordBounce(
  tx: WriteDb,
  id: string,
  { said, isGone }: { said: string; isGone: boolean },
  now: Date,
): Promise<string | null> {
  const { messages, recipients } = tx.tables;
  const [message] = await tx
    .update(messages)
    .set({ reason: 'bounced', response: said })
    .where(and(eq(messages.id, id), eq(messages.state, 'sent')))
    .returning();
  if (!message || message.recipientId === null || !isGone) return null;
  const [recipient] = await tx.select().from(recipients).where(eq(recipients.id, message.recipientId));
  const email = message.sentTo ?? recipient?.email;
  if (email === undefined || (recipient?.email === email && recipient.status === 'undeliverable')) return null;
  await suppressAddress(tx, email, said, now);
  return email;
}
