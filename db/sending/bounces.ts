/** Bounces: mails that came back after a server took them, recorded with the message and, where the address is gone, with the recipient. */
import { amsterdamDay } from '../../calendars/days.ts';
import { and, eq, gt, gte, inArray, isNull, or } from '../store/drizzle.ts';
import { insertMessage, isOwn } from '../messages/messages.ts';
import type { OwnMessage } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { markUndeliverable } from '../recipients/undeliverable.ts';

/** A message that was sent, and is said to have come back. */
export interface Returned {
  /** The address that it was sent to. */
  to: string;
  /** Whether mail to that address can still be ended: somebody counts on it, and nobody confirmed it since. */
  isServed: boolean;
  /** Whether it was noted before. */
  isNoted: boolean;
}

/** What came back: `isOurs`: from the very address that it was sent to, and not from one behind it. `isGone`: that address is no more. */
export interface Bounce {
  isOurs: boolean;
  isGone: boolean;
  /** What was said of it, fit for the organisation's eyes. */
  response: string;
}

/** The message that came back; null when no such one was sent, or its address was erased. */
export async function findReturned(db: ReadDb, id: string): Promise<Returned | null> {
  const { messages, recipients } = db.tables;
  const [row] = await db
    .select({
      sentTo: messages.sentTo,
      digest: messages.sentToDigest,
      sentAt: messages.sentAt,
      reason: messages.reason,
      email: recipients.email,
    })
    .from(messages)
    .leftJoin(recipients, eq(recipients.id, messages.recipientId))
    .where(and(eq(messages.id, id), eq(messages.state, 'sent')));
  const to = row?.sentTo ?? row?.email ?? null;
  // Of an address that was erased nothing more is written down.
  if (!row || to === null || row.digest !== null) return null;
  return { to, isServed: await isServed(db, to, row.sentAt ?? new Date(0)), isNoted: row.reason === 'bounced' };
}

/**
 * Notes a bounce with its message, once: another one of the same message is not looked at, unless the first was of an address behind. An
 * address that is gone gets nothing more; of one behind it the organisation is told. Gives whether it was noted now.
 */
export async function recordBounce(tx: WriteDb, id: string, { isOurs, isGone, response }: Bounce, now: Date): Promise<boolean> {
  const { messages } = tx.tables;
  const returned = await findReturned(tx, id);
  if (!returned) return false;
  const [message] = await tx
    .update(messages)
    .set({ reason: isOurs ? 'bounced' : PARTLY, response })
    .where(
      and(
        eq(messages.id, id),
        eq(messages.state, 'sent'),
        isNull(messages.sentToDigest),
        isOurs ? or(isNull(messages.reason), eq(messages.reason, PARTLY)) : isNull(messages.reason),
      ),
    )
    .returning();
  if (!message) return false;
  if (isGone && isOurs && returned.isServed) await markUndeliverable(tx, returned.to, response, now);
  if (isGone && !isOurs && isOwn(message)) await tellOfPart(tx, message, now);
  return true;
}

/** An address behind the one that a mail was sent to was not reached. */
const PARTLY = 'partly_bounced';
/** For how long that is worth knowing: meanwhile mail came back again, or it was mended. */
const PARTLY_MS = 31 * 86_400_000;

/** An organisation's addresses behind which one was lately not reached, each once, as they are used now. */
export async function partlyReached(db: ReadDb, organisationId: string, now: Date): Promise<string[]> {
  const { messages, recipients } = db.tables;
  const rows = await db
    .selectDistinct({ to: messages.sentTo })
    .from(messages)
    .innerJoin(recipients, eq(recipients.id, messages.recipientId))
    .where(
      and(
        eq(messages.organisationId, organisationId),
        eq(messages.reason, PARTLY),
        gte(messages.sentAt, new Date(now.getTime() - PARTLY_MS)),
        inArray(recipients.status, ['pending', 'confirmed']),
        or(eq(messages.sentTo, recipients.email), eq(messages.sentTo, recipients.deputyEmail)),
      ),
    );
  return rows.flatMap(({ to }) => to ?? []).sort();
}

/** Tells all of the organisation, who was written to included: others read that mailbox too. Once a month of each recipient. */
async function tellOfPart(tx: WriteDb, { organisationId, recipientId }: OwnMessage, now: Date): Promise<void> {
  const { recipients } = tx.tables;
  const colleagues = await tx
    .select()
    .from(recipients)
    .where(and(eq(recipients.organisationId, organisationId), eq(recipients.status, 'confirmed')));
  const month = amsterdamDay(now).slice(0, 7);
  for (const other of colleagues) {
    const key = `${other.id}/partly_undeliverable/${recipientId ?? ''}/${month}`;
    await insertMessage(tx, other, { kind: 'partly_undeliverable', key, dueAt: now }, now);
  }
}

/** Whether anybody of any organisation counts on an address, as itself or as a deputy, and no one confirmed it after a moment: then it works. */
async function isServed(db: ReadDb, email: string, since: Date): Promise<boolean> {
  const { recipients } = db.tables;
  const isRecipient = and(eq(recipients.email, email), inArray(recipients.status, ['pending', 'confirmed']));
  const isDeputy = and(eq(recipients.deputyEmail, email), isNull(recipients.deputyFault));
  const isConfirmed = or(
    and(eq(recipients.email, email), gt(recipients.confirmedAt, since)),
    and(eq(recipients.deputyEmail, email), gt(recipients.deputyConfirmedAt, since)),
  );
  return (await db.$count(recipients, or(isRecipient, isDeputy))) > 0 && (await db.$count(recipients, isConfirmed)) === 0;
}
