/** Sending, as the store sees it: claim, then outside of it the mail leaves, then record. A claim that is no longer the newest records nothing. */
import { and, asc, count, eq, isNull, lte, or, sql } from './drizzle.ts';
import { stampOf, type Review } from './drafts.ts';
import { cancelMessage } from './messages.ts';
import type { Message } from './schema.ts';
import type { ReadDb, WriteDb } from './store.ts';

/** How long a claim counts. Longer than a mail server may take to answer (RFC 5321, 4.5.3.2.6: 10 minutes). */
export const LEASE_MS = 15 * 60_000;
/** How many times the same mail may leave without anybody knowing whether it arrived. */
const MOST_UNCERTAIN = 3;

/** A mail, ready to be handed to a server. */
export interface ComposedMail {
  messageId: string;
  subject: string;
  raw: Buffer;
}

/** A message that is ours to send, until its lease ends. */
export interface Claim {
  id: string;
  claim: number;
  kind: Message['kind'];
  to: string;
  raw: Buffer;
}

/** What became of a try that was not accepted. */
export type Fault =
  /** The server was not reached, or sent us all away: not the message's fault. */
  | { kind: 'transport'; code: number | null; response: string }
  /** The server refused this message for now. */
  | { kind: 'refused'; code: number | null; response: string }
  /** There is no such address. */
  | { kind: 'undeliverable'; code: number | null; response: string }
  /** The body left, and no answer came. */
  | { kind: 'uncertain'; code: number | null; response: string };

/** The message that is next: due, or left by a sender whose lease has ended. */
export async function nextMessage(db: ReadDb, now: Date): Promise<Message | undefined> {
  const { messages } = db.tables;
  const due = and(eq(messages.state, 'pending'), lte(messages.dueAt, now));
  const left = and(eq(messages.state, 'sending'), lte(messages.claimedAt, leaseEnd(now)));
  const [message] = await db.select().from(messages).where(or(due, left)).orderBy(asc(messages.dueAt), asc(messages.id)).limit(1);
  return message;
}

/**
 * Takes a message for sending and freezes its bytes, or settles it when there is nothing to send. Null when it was settled, when another
 * sender was first, or when what it says has changed since the review: look for the next one then. `mail` is null where bytes are frozen already.
 */
export async function claimMessage(
  tx: WriteDb,
  message: Message,
  review: Review,
  mail: ComposedMail | null,
  now: Date,
): Promise<Claim | null> {
  const { attempts, messages } = tx.tables;
  const unchanged = and(eq(messages.id, message.id), eq(messages.claim, message.claim), eq(messages.state, message.state));
  // The row's lock first: on PostgreSQL nobody adds a reminder to it between the check and the commit.
  const [held] = await tx.update(messages).set({ claim: message.claim }).where(unchanged).returning();
  if (!held || (await stampOf(tx, held, now)) !== review.stamp) return null;
  if (await settle(tx, held, review)) return null;

  const raw = held.raw ?? mail?.raw;
  if (!review.draft || !raw) return null;
  const claim = held.claim + 1;
  const frozen = held.raw === null && mail ? { raw, subject: mail.subject, messageId: mail.messageId } : {};
  await tx
    .update(messages)
    .set({ state: 'sending', claim, claimedAt: now, ...frozen })
    .where(eq(messages.id, held.id));
  await tx
    .insert(attempts)
    .values({ messageId: held.id, number: claim, startedAt: now, endedAt: null, outcome: null, code: null, response: null });
  return { id: held.id, claim, kind: held.kind, to: review.draft.recipient.email, raw };
}

/** Drops what no longer holds. True when nothing is left to send. */
async function settle(tx: WriteDb, message: Message, review: Review): Promise<boolean> {
  const { reminders } = tx.tables;
  for (const { id, reason } of review.dropped) await tx.update(reminders).set({ state: 'cancelled', reason }).where(eq(reminders.id, id));
  if (review.draft === null) {
    await cancelMessage(tx, message.id, review.reason);
    return true;
  }
  if (message.raw === null) return false;
  if (review.dropped.length > 0) {
    // Its bytes say what no longer holds. What still does is planned anew, in another mail.
    await cancelMessage(tx, message.id, 'replaced');
    return true;
  }
  if ((await countUncertain(tx, message.id)) < MOST_UNCERTAIN) return false;
  await bury(tx, message.id, 'uncertain');
  return true;
}

/** Records that the server took the mail. False when the claim is no longer ours. */
export async function markSent(tx: WriteDb, claim: Claim, response: string, now: Date): Promise<boolean> {
  const { messages, reminders } = tx.tables;
  const sent = { state: 'sent' as const, sentAt: now, response, raw: null, reason: null };
  const [row] = await tx
    .update(messages)
    .set({ ...sent, attempts: sql`${messages.attempts} + 1` })
    .where(ours(tx, claim))
    .returning();
  await endAttempt(tx, claim, { endedAt: now, outcome: 'accepted', code: codeOf(response), response });
  if (!row) return false;
  await tx
    .update(reminders)
    .set({ state: 'sent', reason: null })
    .where(and(eq(reminders.messageId, claim.id), eq(reminders.state, 'pending')));
  return true;
}

/**
 * Records that the mail was not taken. It goes back in the queue to be drafted anew, unless it may have arrived all the same: then it waits
 * for the end of its lease and leaves again with the same bytes. False when the claim is no longer ours.
 */
export async function markFailed(tx: WriteDb, claim: Claim, fault: Fault, now: Date): Promise<boolean> {
  const { messages } = tx.tables;
  const { kind, code, response } = fault;
  const outcome = { transport: 'failed', refused: 'refused', undeliverable: 'refused', uncertain: null } as const;
  await endAttempt(tx, claim, { endedAt: now, outcome: outcome[kind], code, response });
  const [held] = await tx.select().from(messages).where(ours(tx, claim));
  if (!held) return false;
  if (kind === 'uncertain') return true;
  const attempts = held.attempts + (kind === 'transport' ? 0 : 1);
  const dueAt = new Date(now.getTime() + waitAfter(attempts));
  await tx.update(messages).set({ state: 'pending', attempts, dueAt, raw: null, response }).where(ours(tx, claim));
  if (kind === 'undeliverable') await bury(tx, claim.id, 'undeliverable');
  return true;
}

/** Puts a message that could not be drafted back in the queue, so that it holds up nobody else. */
export async function postponeMessage(tx: WriteDb, { id, claim }: Message, reason: string, now: Date): Promise<void> {
  const { messages } = tx.tables;
  const unchanged = and(eq(messages.id, id), eq(messages.claim, claim), eq(messages.state, 'pending'));
  await tx
    .update(messages)
    .set({ dueAt: new Date(now.getTime() + waitAfter(3)), response: reason })
    .where(unchanged);
}

/** Out of the queue until a person looks: the organisation is not reminded by this message any more. */
async function bury(tx: WriteDb, id: string, reason: 'uncertain' | 'undeliverable') {
  const { messages, reminders } = tx.tables;
  await tx.update(messages).set({ state: 'dead', reason }).where(eq(messages.id, id));
  await tx
    .update(reminders)
    .set({ state: 'cancelled', reason: 'undeliverable' })
    .where(and(eq(reminders.messageId, id), eq(reminders.state, 'pending')));
}

/** Tries of which nobody knows how they ended. */
async function countUncertain(db: ReadDb, messageId: string): Promise<number> {
  const { attempts } = db.tables;
  const [row] = await db
    .select({ count: count() })
    .from(attempts)
    .where(and(eq(attempts.messageId, messageId), isNull(attempts.outcome)));
  return row!.count;
}

async function endAttempt(tx: WriteDb, { id, claim }: Claim, end: Partial<WriteDb['tables']['attempts']['$inferInsert']>) {
  const { attempts } = tx.tables;
  await tx
    .update(attempts)
    .set(end)
    .where(and(eq(attempts.messageId, id), eq(attempts.number, claim)));
}

function ours(db: ReadDb, { id, claim }: Claim) {
  const { messages } = db.tables;
  return and(eq(messages.id, id), eq(messages.claim, claim), eq(messages.state, 'sending'));
}

const MINUTE = 60_000;
const WAITS = [1, 1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE);

/** A minute after a fault in the transport; after refusals ever longer, up to four hours. */
function waitAfter(refusals: number): number {
  return WAITS[Math.min(refusals, WAITS.length - 1)]!;
}

const leaseEnd = (now: Date) => new Date(now.getTime() - LEASE_MS);
const codeOf = (response: string) => Number(/^\d{3}/.exec(response)?.[0] ?? 0) || null;
