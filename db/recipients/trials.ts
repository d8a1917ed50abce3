/** Trials: mails that somebody asks for to see that reminders arrive, and how they look. */
import { AppError } from '../../calendars/errors.ts';
import { queueMessage } from '../messages/messages.ts';
import { and, eq, gte } from '../store/drizzle.ts';
import type { WriteDb } from '../store/store.ts';
import { getRecipient } from './recipients.ts';

/** How many a recipient gets within an hour. */
const MOST_TRIALS = 3;
const HOUR_MS = 3_600_000;

/**
 * Queues a trial, which leaves at once. Throws `not_found`, `conflict` for who did not confirm, and `limited` where enough of them were asked for within
 * the hour.
 */
export async function sendTrial(tx: WriteDb, organisationId: string, recipientId: string, now: Date): Promise<void> {
  const { messages } = tx.tables;
  const recipient = await getRecipient(tx, recipientId);
  if (recipient.organisationId !== organisationId) throw new AppError('not_found', 'No such recipient.');
  if (recipient.status !== 'confirmed') throw new AppError('conflict', 'Only an address that confirmed gets a trial.');
  const isLate = gte(messages.createdAt, new Date(now.getTime() - HOUR_MS));
  const count = await tx.$count(messages, and(eq(messages.recipientId, recipientId), eq(messages.kind, 'trial'), isLate));
  if (count >= MOST_TRIALS) throw new AppError('limited', `An address gets at most ${MOST_TRIALS} trials within an hour.`);
  await queueMessage(tx, recipient, 'trial', now);
}
