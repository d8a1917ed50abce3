/** The operator's summary of a day: a message like all others, but of no organisation, and with its text fixed when it is queued. */
import { randomUUID } from 'node:crypto';
import type { Day } from '../../calendars/terms.ts';
import type { Review } from './composing.ts';
import { and, eq, gte, isNull, lt, sql } from '../store/drizzle.ts';
import { cancelMessage } from '../messages/messages.ts';
import { OPERATOR, type Message, type MessageState } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** A summary on its way to the operator. */
export interface Summary {
  kind: typeof OPERATOR;
  to: string;
  subject: string;
  text: string;
}

/** Whether a day has its summary, whatever became of it. */
export async function hasSummary(db: ReadDb, day: Day): Promise<boolean> {
  const { messages } = db.tables;
  return (await db.$count(messages, eq(messages.key, keyOf(day)))) > 0;
}

/**
 * Queues the summary of a day, to be sent at once; false where the day has one already. Those before it that nobody may send any more go: the
 * newest stands for them among the dead letters, so that an address that takes nothing fills no list.
 */
export async function queueSummary(tx: WriteDb, day: Day, { to, subject, text }: Omit<Summary, 'kind'>, now: Date): Promise<boolean> {
  const { messages } = tx.tables;
  const message = { id: randomUUID(), key: keyOf(day), kind: OPERATOR, dueAt: now, createdAt: now } as const;
  const blank = { organisationId: null, recipientId: null, state: 'pending', claim: 0, attempts: 0 } as const;
  const queued = await tx
    .insert(messages)
    .values({ ...message, ...blank, sentTo: to, subject, content: text })
    .onConflictDoNothing()
    .returning({ id: messages.id });
  if (queued.length === 0) return false;
  for (const { id } of await deadSummaries(tx)) await cancelMessage(tx, id, 'replaced');
  return true;
}

/** Summaries that nobody may send any more, with why. */
export async function deadSummaries(db: ReadDb): Promise<Pick<Message, 'id' | 'reason' | 'response'>[]> {
  const { messages } = db.tables;
  return db
    .select({ id: messages.id, reason: messages.reason, response: messages.response })
    .from(messages)
    .where(and(eq(messages.kind, OPERATOR), isNull(messages.organisationId), sql`${messages.state} || '' = 'dead'`));
}

/** The states of summaries that were due from one moment on and before another. */
export async function summariesDueBetween(db: ReadDb, from: Date, to: Date): Promise<MessageState[]> {
  const { messages } = db.tables;
  // By whose they are alone: with a state beside it SQLite looks through all mails of those days.
  const rows = await db
    .select({ state: messages.state })
    .from(messages)
    .where(and(eq(messages.kind, OPERATOR), isNull(messages.organisationId), gte(messages.dueAt, from), lt(messages.dueAt, to)));
  return rows.map(({ state }) => state);
}

/**
 * What is to be sent, and to whom: the address that this process knows, which may be a newer one, unless a copy may have reached the one it was
 * made for. A process that knows none sends it all the same.
 */
export function reviewSummary({ content, raw, sentTo, subject }: Message, operator: string | undefined, stamp: string): Review<Summary> {
  const to = raw === null ? (operator ?? sentTo) : sentTo;
  if (to === null || content === null || subject === null) return { stamp, dropped: [], draft: null, reason: 'empty' };
  return { stamp, dropped: [], draft: { kind: OPERATOR, to, subject, text: content } };
}

const keyOf = (day: Day) => `${OPERATOR}/${day}`;
