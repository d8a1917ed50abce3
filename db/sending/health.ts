/** The health of delivery: late mails, dead letters, and whether the mail server takes anything. */
import { setImmediate } from 'node:timers/promises';
import { readAudit } from '../reminders/audit.ts';
import { readBreaker, type Breaker } from './breaker.ts';
import { describeHold, readHold } from '../messages/hold.ts';
import { countDead } from '../messages/dead-letters.ts';
import { and, asc, eq, gte, lt, lte } from '../store/drizzle.ts';
import { MESSAGE_STATES, type MessageState } from '../schema/schema.ts';
import type { ReadDb } from '../store/store.ts';
import { summariesDueBetween } from './summaries.ts';

export interface Delivery {
  /** How many messages are due and not sent. */
  due: number;
  /** Since when the oldest of them is. */
  oldestDueAt: Date | null;
  /** How many wait for a person. */
  dead: number;
  breaker: Breaker | null;
}

export async function readDelivery(db: ReadDb, now: Date): Promise<Delivery> {
  const { messages } = db.tables;
  const isDue = and(eq(messages.state, 'pending'), lte(messages.dueAt, now));
  const due = await db.$count(messages, isDue);
  // The first by the index: to find the least among them all were read.
  const [oldest] = await db.select({ dueAt: messages.dueAt }).from(messages).where(isDue).orderBy(asc(messages.dueAt)).limit(1);
  return { due, oldestDueAt: oldest?.dueAt ?? null, dead: await countDead(db), breaker: await readBreaker(db) };
}

/** How late mails may be before somebody should look. */
const LATE_MS = 15 * 60_000;

/** What is wrong with delivery so that somebody should look, in a sentence each; empty when nothing is. */
export async function troublesOf(db: ReadDb, now: Date): Promise<string[]> {
  const { breaker, dead, oldestDueAt } = await readDelivery(db, now);
  const audit = await readAudit(db);
  const hold = await readHold(db);
  const isLate = (since: Date | null | undefined) => since !== null && since !== undefined && now.getTime() - since.getTime() > LATE_MS;
  return [
    ...(hold ? [describeHold(hold)] : []),
    ...(isLate(breaker?.since) ? [`The mail server takes no mail since ${breaker!.since.toISOString()}: ${breaker!.response}`] : []),
    // While mail is held it is late as is meant.
    ...(hold === null && isLate(oldestDueAt) ? [`Mails are late: the oldest was due at ${oldestDueAt!.toISOString()}.`] : []),
    ...(audit && audit.missing + audit.stranded > 0
      ? [`The audit of ${audit.at} missed ${audit.missing + audit.stranded} reminders.`]
      : []),
    ...(dead > 0 ? [`Mails that wait for a person: ${dead}. See: npm run cli -- dead list`] : []),
  ];
}

/** What became of the messages to organisations that were due from one moment on and before another. */
export async function countDueBetween(db: ReadDb, from: Date, to: Date): Promise<Record<MessageState, number>> {
  const { messages } = db.tables;
  const counts: Record<MessageState, number> = { pending: 0, sending: 0, sent: 0, cancelled: 0, dead: 0 };
  for (const state of MESSAGE_STATES) {
    // By state, since the index begins with it: else all mails of all years were looked through.
    counts[state] = await db.$count(messages, and(eq(messages.state, state), gte(messages.dueAt, from), lt(messages.dueAt, to)));
    await setImmediate();
  }
  for (const state of await summariesDueBetween(db, from, to)) counts[state] -= 1;
  return counts;
}
