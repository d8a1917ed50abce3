/** The send hour: when a recipient's mails of a day leave. */
import { amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import { and, eq } from '../store/drizzle.ts';
import type { Recipient } from '../schema/schema.ts';
import type { WriteDb } from '../store/store.ts';

/** When mails of a day leave, by the clocks of Amsterdam, unless the recipient chose otherwise. */
export const DEFAULT_SEND_HOUR = '07:30';

/** When a mail of today leaves: at the recipient's send hour, or now when that is past. */
export function mailTime({ sendHour }: Pick<Recipient, 'sendHour'>, now: Date): Date {
  const atHour = amsterdamMoment(amsterdamDay(now), sendHour);
  return atHour > now ? atHour : now;
}

/** Moves the mail that waits for today's send hour to the new one; what was tried before keeps its own time. */
export async function keepSendHour(tx: WriteDb, recipient: Recipient, now: Date): Promise<void> {
  const { messages } = tx.tables;
  await tx
    .update(messages)
    .set({ dueAt: mailTime(recipient, now) })
    .where(
      and(eq(messages.recipientId, recipient.id), eq(messages.kind, 'reminder'), eq(messages.state, 'pending'), eq(messages.claim, 0)),
    );
}
