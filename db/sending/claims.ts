/** Claims: which messages a sender takes to send, and which it gives up. A claim that is no longer the newest marks and records nothing. */
import { beginAttempts, endAttempt, ours, type Claim } from './attempts.ts';
import { buryMessage } from '../messages/dead-letters.ts';
import { and, asc, eq, inArray, isNull, lte, not, or, sql } from '../store/drizzle.ts';
import { readDraftFacts, stampFrom, type DraftFacts } from './composing-facts.ts';
import type { Draft, Review } from './composing.ts';
import { isHeldBack, passesHold, readHold, type Hold } from '../messages/hold.ts';
import { isHeld, rawUnlessCopied } from '../store/recall.ts';
import { carryOver } from '../messages/carry-over.ts';
import { leaveOut } from '../notices/notices.ts';
import { cancelMessage, isOwn } from '../messages/messages.ts';
import { isWaitingFirst, type PersonalDraft } from '../messages/personal-mails.ts';
import { parameter, preparedFor } from '../store/statements.ts';
import { decideQuestions, isQuestion, putOff } from '../recipients/questions.ts';
import { putOffNews } from '../recipients/waiting/news.ts';
import { noteSaid } from '../reminders/taken-away.ts';
import type { Message } from '../schema/schema.ts';
import { digestsOf } from '../store/secrets.ts';
import { isDeadlock, type ReadDb, type WriteDb } from '../store/store.ts';
import type { Summary } from './summaries.ts';
import { isUnavailable } from '../store/unavailable.ts';
import { noteOrganisation } from '../store/counters.ts';

/** How long a mail that began to leave is waited for. Longer than a mail server may take to answer (RFC 5321, 4.5.3.2.6: 10 minutes). */
export const LEASE_MS = 15 * 60_000;
/** How many copies of a mail may leave without anybody knowing whether they arrived. */
const MOST_COPIES = 3;
/** A mail, ready to be handed to a server. */
export interface ComposedMail {
  messageId: string;
  subject: string;
  raw: Buffer;
}

/** Who claims, and when. */
export interface Claimer {
  holder: string;
  /** Keys the digests of addresses. */
  secret: string;
  now: Date;
}

/**
 * The messages that are next: due, or left after the mark by a sender whose lease has ended; of those only what a hold lets go, where one is
 * given. What somebody waits for at a page comes first, then the earliest due.
 */
export async function dueMessages(db: ReadDb, now: Date, limit: number, hold: Hold | null = null): Promise<Message[]> {
  const { messages } = db.tables;
  const again = or(isNull(messages.nextAt), lte(messages.nextAt, now));
  // Each by itself and by its moment alone, as the index has them: else all that wait were sorted for the few that are taken.
  const earliest = (some: ReturnType<typeof and>) =>
    db
      .select()
      .from(messages)
      .where(and(some, again, passesHold(db, hold)))
      .orderBy(asc(messages.dueAt))
      .limit(limit);
  const first = await earliest(and(isWaitingFirst(db), lte(messages.dueAt, now)));
  const waiting = await earliest(and(eq(messages.state, 'pending'), lte(messages.dueAt, now)));
  const abandoned = await earliest(and(eq(messages.state, 'sending'), lte(messages.markedAt, leaseEnd(now))));
  const others = [...waiting, ...abandoned].filter((message) => !first.some(({ id }) => id === message.id));
  return [...first, ...others.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1))].slice(0, limit);
}

/** Claims that stay: those of other senders that live, and messages that are under way here. */
interface LiveClaims {
  holders: readonly string[];
  underWay?: ReadonlySet<string>;
}

/**
 * Takes back what was claimed and not marked and is nobody's: of those mails nothing left, so they wait for nothing. Gives how many. It would be
 * safe even if somebody still had one: it could not be marked any more.
 */
export async function takeBackUnmarked(tx: WriteDb, { holders, underWay = new Set() }: LiveClaims, now: Date): Promise<number> {
  const { messages } = tx.tables;
  const isOrphan = or(isNull(messages.holder), not(inArray(messages.holder, [...holders])));
  const candidates = await tx
    .select({ id: messages.id, claim: messages.claim })
    .from(messages)
    .where(and(isHeld(tx), isOrphan));
  const rows = candidates.filter(({ id }) => !underWay.has(id));
  for (const row of rows) await putBack(tx, row, 'the sender ended before the mail left', now);
  return rows.length;
}

/** Gives a claim up that was not marked. */
export async function putBack(tx: WriteDb, { id, claim }: Pick<Claim, 'id' | 'claim'>, why: string, now: Date): Promise<void> {
  const { messages } = tx.tables;
  await endAttempt(tx, { id, claim }, { endedAt: now, outcome: 'failed', response: why });
  await tx
    .update(messages)
    .set({ state: 'pending', holder: null, raw: rawUnlessCopied(tx) })
    .where(and(ours(tx, { id, claim }), isNull(messages.markedAt)));
}

/** A message that is due, with what it is to say. `mail` is null where bytes are frozen already. */
export interface Prepared {
  message: Message;
  review: Review<Draft | Summary | PersonalDraft>;
  mail: ComposedMail | null;
}

/**
 * Takes messages for sending and freezes their bytes, or settles them when there is nothing to send. Left out are those that were settled,
 * questions that have to wait, and those that another sender was first with, or of which what they say has changed since the review: they
 * come again when they are still due.
 */
export async function claimMessages(tx: WriteDb, prepared: readonly Prepared[], { holder, secret, now }: Claimer): Promise<Claim[]> {
  const { messages } = tx.tables;
  const { claimAgain, claimFirst } = statements(tx);
  const ids = prepared.map(({ message }) => message.id);
  // The rows' locks first: on PostgreSQL nobody adds a reminder to them between the check and the commit.
  const locked = await tx
    .update(messages)
    .set({ claim: sql`${messages.claim}` })
    // By id alone: with a state beside it SQLite looks through all that are in that state.
    .where(inArray(messages.id, ids))
    .returning();
  const hold = await readHold(tx);
  const rowOf = new Map(locked.map((row) => [row.id, row]));
  const facts = await readDraftFacts(
    tx,
    locked.filter(({ state }) => state === 'pending' || state === 'sending'),
  );
  const ready: Ready[] = [];
  for (const { message, review, mail } of prepared) {
    const row = rowOf.get(message.id);
    if (row?.claim !== message.claim || row.state !== message.state || stampFrom(facts, row, now) !== review.stamp) continue;
    if (isHeldBack(hold, row)) continue;
    if (review.waitsUntil) {
      await tx.update(messages).set({ nextAt: review.waitsUntil }).where(eq(messages.id, row.id));
      continue;
    }
    if (await endWithoutSending(tx, row, review, now)) continue;
    const raw = row.raw ?? mail?.raw;
    if (review.draft && raw) ready.push({ row, draft: review.draft, mail, raw });
  }
  const questions = ready.flatMap(({ row, draft }) => (isOwn(row) && isQuestion(row.kind) ? [{ message: row, to: draft.to }] : []));
  const decisions = await decideQuestions(tx, questions, secret, now);
  const claims: Claim[] = [];
  for (const { row, draft, mail, raw } of await withSayings(tx, ready, facts)) {
    const { id } = row;
    const { to } = draft;
    const decision = decisions.get(id) ?? null;
    if (decision !== null) {
      await putOff(tx, row, decision);
      continue;
    }
    const claim = row.claim + 1;
    if (row.raw === null && mail)
      await claimFirst.execute({ id, claim, now, holder, kind: draft.kind, raw, subject: mail.subject, messageId: mail.messageId, to });
    else await claimAgain.execute({ id, claim, now, holder });
    claims.push({ id, claim, kind: row.kind, to, digests: digestsOf(secret, to), raw });
  }
  await beginAttempts(tx, claims, now);
  return claims;
}

/** A message that is claimed unless its question has to wait. */
interface Ready {
  row: Message;
  draft: Draft | Summary | PersonalDraft;
  mail: ComposedMail | null;
  raw: Buffer;
}

/** Notes which mails say what a new release took away; of two to one reader at a moment the second is left out, to be drafted without it. */
async function withSayings(tx: WriteDb, ready: readonly Ready[], { takenAway }: DraftFacts): Promise<Ready[]> {
  const said = new Set<string>();
  const claimable: Ready[] = [];
  for (const one of ready) {
    const { draft, row } = one;
    const { id, recipientId } = row;
    const noted = takenAway.get(recipientId ?? '');
    if (row.raw === null && noted && recipientId !== null && 'takenAway' in draft && draft.takenAway.length > 0) {
      if (said.has(recipientId)) continue;
      said.add(recipientId);
      await noteSaid(tx, recipientId, noted, id);
    }
    claimable.push(one);
  }
  return claimable;
}

/** Drops what no longer holds. True when nothing is left to send. */
async function endWithoutSending(tx: WriteDb, message: Message, review: Prepared['review'], now: Date): Promise<boolean> {
  const { reminders } = tx.tables;
  for (const { id, reason } of review.dropped) await tx.update(reminders).set({ state: 'cancelled', reason }).where(eq(reminders.id, id));
  const putOffIds = isOwn(message) ? await putOffNews(tx, message, review.dropped, now) : new Set();
  if (review.draft === null) {
    await cancelMessage(tx, message.id, review.reason);
    return true;
  }
  // Its bytes named somebody who was erased. A copy may have arrived, and another one would not be the same.
  const isErased = message.raw === null && message.copies > 0;
  if (message.raw === null && !isErased) {
    await leaveOut(
      tx,
      review.dropped.filter((one) => !putOffIds.has(one.id)),
    );
    return false;
  }
  if (isErased || (review.dropped.length > 0 && isOwn(message))) {
    // Its bytes say what no longer holds. What still does is planned anew, in another mail.
    if (isOwn(message)) await carryOver(tx, message.id, now);
    await cancelMessage(tx, message.id, 'replaced');
    if (isOwn(message)) await noteOrganisation(tx, message.organisationId);
    return true;
  }
  if (message.copies < MOST_COPIES) return false;
  await buryMessage(tx, message.id, 'uncertain');
  return true;
}

/** What is written for each mail that is claimed. */
const statements = preparedFor((tx: WriteDb) => {
  const { messages } = tx.tables;
  const id = sql.placeholder('id');
  const claim = {
    state: 'sending' as const,
    claim: parameter('claim', messages.claim),
    claimedAt: parameter('now', messages.claimedAt),
    holder: parameter('holder', messages.holder),
    markedAt: null,
    nextAt: null,
  };
  const bytes = {
    // What it was to tell may have become less.
    kind: parameter('kind', messages.kind),
    raw: parameter('raw', messages.raw),
    subject: parameter('subject', messages.subject),
    messageId: parameter('messageId', messages.messageId),
    sentTo: parameter('to', messages.sentTo),
  };
  return {
    claimFirst: tx
      .update(messages)
      .set({ ...claim, ...bytes })
      .where(eq(messages.id, id))
      .prepare('claim_first'),
    claimAgain: tx.update(messages).set(claim).where(eq(messages.id, id)).prepare('claim_again'),
  };
});

/**
 * Whether an error may be of one row's making: a fault of the program, a constraint, or a deadlock, which one row alone does not get into; and
 * not the store's, which takes no other row either.
 */
export function isOfOneRow(error: unknown): boolean {
  if (isUnavailable(error)) return isDeadlock(error);
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (typeof code === 'string') return /^(SQLITE_CONSTRAINT|2[23])/.test(code);
  }
  return true;
}

/** Who marked a mail at this moment or before is not waited for any more. */
export const leaseEnd = (now: Date) => new Date(now.getTime() - LEASE_MS);
