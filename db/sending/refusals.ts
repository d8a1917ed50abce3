/** Refusals by a mail server: when a mail is offered again, when it is given up, and when the fault is rather ours. */
import { buryMessage } from '../messages/dead-letters.ts';
import { cancelMessage } from '../messages/messages.ts';
import { and, desc, eq, gte, isNotNull, min } from '../store/drizzle.ts';
import { endAttempt, holdMessage, ours, type Claim } from './attempts.ts';
import { OPERATOR, type Message } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { markUndeliverable } from '../recipients/undeliverable.ts';
import { noteDead } from '../messages/unaskable.ts';

/** How long a mail without a day of its own is offered to a server that refuses it (RFC 5321, 4.5.4.1: four to five days). */
const GIVE_UP_MS = 5 * 86_400_000;

/** How many refusals for good a reminder may have of a server that takes others, over about a day. */
const MOST_REFUSALS = 12;

/** How many tries in a row may end badly before it is taken for a fault of ours, or of the server as a whole. */
export const MOST_BAD = 5;

/** What became of a try that was not accepted. */
export type DeliveryFailure = { code: number | null; response: string } & (
  | {
      /** `transport`: the server was not reached, or sent us all away. `rejected`: refused for good, and probably our own fault. */
      kind: 'transport' | 'rejected';
    }
  /** Refused for now. `waitMs`: how long the server asked to wait. */
  | { kind: 'deferred'; waitMs: number | null }
  /** There is no such address. */
  | { kind: 'undeliverable' }
  /** The body left, and no answer came. */
  | { kind: 'uncertain' }
  /** The claim was gone, or could not be marked: nothing left. */
  | { kind: 'lost' }
);

/**
 * Records that the mail was not taken. It goes back in the queue to be drafted anew, unless a copy may have arrived all the same: then it
 * keeps its bytes, and after this try waits for the end of its lease. `chance` is from 0 to 1 and spreads the waits. False when the claim is no longer ours.
 */
export async function markFailed(tx: WriteDb, claim: Claim, failure: DeliveryFailure, now: Date, chance = 0.5): Promise<boolean> {
  const { messages } = tx.tables;
  const { kind, code, response } = failure;
  const refused = kind === 'deferred' || kind === 'rejected' || kind === 'undeliverable';
  const outcome = kind === 'uncertain' ? null : refused ? 'refused' : 'failed';
  // Its lock first: who erases its recipient comes before or after, and then its words do not stay.
  const row = await holdMessage(tx, claim.id);
  const isErased = row !== undefined && row.sentToDigest !== null;
  await endAttempt(tx, claim, { endedAt: now, outcome, code, response: isErased ? null : response });
  if (row?.claim !== claim.claim || row.state !== 'sending') return false;
  if (isErased) {
    await cancelMessage(tx, row.id, 'recipient_removed');
    if (kind === 'undeliverable') await endAddress(tx, claim, response, now);
    return true;
  }
  if (kind === 'uncertain') {
    await tx.update(messages).set({ response }).where(ours(tx, claim));
    return true;
  }
  // An answer, whatever it is, takes the doubt of this try away; that of earlier ones stays.
  const copies = row.copies - (row.markedAt === null ? 0 : 1);
  const attempts = row.attempts + (refused ? 1 : 0);
  const askedMs = kind === 'deferred' ? failure.waitMs : null;
  const nextAt = refused ? new Date(now.getTime() + waitAfter(attempts, askedMs, chance)) : null;
  const raw = copies === 0 ? null : row.raw;
  await tx
    .update(messages)
    .set({ state: 'pending', attempts, copies, raw, nextAt, response, markedAt: null, holder: null })
    .where(ours(tx, claim));
  if (kind === 'undeliverable') {
    // What a deputy does not get goes to whom it stood in for, drafted anew.
    if (await isForDeputy(tx, row)) await tx.update(messages).set({ raw: null, copies: 0, nextAt: null }).where(eq(messages.id, row.id));
    else await buryMessage(tx, claim.id, 'undeliverable');
    await endAddress(tx, claim, response, now);
  } else if (refused && (await isGivenUp(tx, { ...row, attempts }, kind, now))) await buryMessage(tx, claim.id, 'refused');
  return true;
}

/** Whoever else has the address gets nothing more there either. */
async function endAddress(tx: WriteDb, { digests, to }: Claim, response: string, now: Date) {
  await markUndeliverable(tx, to, response, now);
  await noteDead(tx, digests, response, now);
}

/**
 * Reminders are offered until their day, unless they alone are refused for good again and again; the operator's summary until it is refused for
 * good; other mails for some days, unless it is not the address.
 */
async function isGivenUp(
  db: ReadDb,
  { id, kind, dueAt, attempts }: Message,
  failure: DeliveryFailure['kind'],
  now: Date,
): Promise<boolean> {
  // The next day brings another one, and who runs the service finds this one among the dead letters.
  if (kind === OPERATOR && failure === 'rejected') return true;
  if (kind === 'reminder') return failure === 'rejected' && attempts >= MOST_REFUSALS && (await isAlone(db, id));
  return now.getTime() - dueAt.getTime() > GIVE_UP_MS && (await countBadInARow(db)) < MOST_BAD;
}

/** Whether the server took another mail since it first refused this one: then it is this address, and no fault of ours. */
async function isAlone(db: ReadDb, id: string): Promise<boolean> {
  const { attempts } = db.tables;
  const [first] = await db
    .select({ at: min(attempts.endedAt) })
    .from(attempts)
    .where(and(eq(attempts.messageId, id), eq(attempts.outcome, 'refused')));
  const since = first?.at ?? null;
  if (since === null) return false;
  const acceptedRows = await db
    .select({ id: attempts.messageId })
    .from(attempts)
    .where(and(gte(attempts.endedAt, since), eq(attempts.outcome, 'accepted')))
    .limit(1);
  return acceptedRows.length > 0;
}

/** Whether a mail went to the deputy of its recipient, and not to ask whether it wants to be one. */
async function isForDeputy(db: ReadDb, { kind, recipientId, sentTo }: Message): Promise<boolean> {
  const { recipients } = db.tables;
  const [recipient] = await db
    .select({ email: recipients.email })
    .from(recipients)
    .where(eq(recipients.id, recipientId ?? ''));
  return recipient !== undefined && kind !== 'deputy_confirmation' && sentTo !== recipient.email;
}

/** Puts off a message that could not be drafted or claimed, so that it holds up nobody else: one that waits, or whose lease has ended. */
export async function postponeMessage(tx: WriteDb, { id, claim, state }: Message, reason: string, now: Date): Promise<void> {
  const { messages } = tx.tables;
  const unchanged = and(eq(messages.id, id), eq(messages.claim, claim), eq(messages.state, state));
  await tx
    .update(messages)
    .set({ nextAt: new Date(now.getTime() + waitAfter(3, null, 0.5)), response: reason })
    .where(unchanged);
}

/**
 * How many messages there are whose tries, the newest in a row, ended in doubt or were refused for good although the address may exist. One
 * that is refused again and again counts once. Looks at the last fifty tries.
 */
export async function countBadInARow(db: ReadDb): Promise<number> {
  const { attempts } = db.tables;
  const rows = await db
    .select({ id: attempts.messageId, outcome: attempts.outcome, code: attempts.code })
    .from(attempts)
    .where(isNotNull(attempts.endedAt))
    .orderBy(desc(attempts.endedAt))
    .limit(50);
  const good = rows.findIndex(({ outcome, code }) => outcome !== null && !(outcome === 'refused' && (code ?? 0) >= 500));
  return new Set(rows.slice(0, good === -1 ? rows.length : good).map(({ id }) => id)).size;
}

const MINUTE = 60_000;
const WAITS = [1, 1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE);

/** After refusals ever longer, up to four hours, a fifth more or less; never shorter than the server asked. */
function waitAfter(refusals: number, askedMs: number | null, chance: number): number {
  const usual = WAITS[Math.min(refusals, WAITS.length - 1)]! * (0.8 + 0.4 * chance);
  return Math.round(Math.max(usual, askedMs ?? 0));
}
