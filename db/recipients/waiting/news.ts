/** News that waits for a recipient, of changes and of what others did: it gets other moments when a pause begins or ends, be it by a deputy. */
import { randomUUID } from 'node:crypto';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { nextMailTime, type NewsTime } from '../../../calendars/reminders/news-time.ts';
import type { Day } from '../../../calendars/terms.ts';
import { insertMessage } from '../../messages/messages.ts';
import { listRevisions } from '../../registry/deadlines.ts';
import { and, eq, inArray, isNull } from '../../store/drizzle.ts';
import type { NoticeKind, NoticeRow, OwnMessage, Recipient } from '../../schema/schema.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { newsTimeFor, pauseEnd } from '../pauses.ts';

/**
 * Gives news that waits other moments where mail waits no more, until another moment, or leaves at another hour than before: told as if it changed
 * now, so that what is near leaves soon. What was tried before keeps its own.
 */
export async function retimeWaitingNews(tx: WriteDb, { before, after }: { before: Recipient; after: Recipient }, now: Date): Promise<void> {
  if (before.sendHour === after.sendHour && pauseEnd(before, now)?.getTime() === pauseEnd(after, now)?.getTime()) return;
  const { messages } = tx.tables;
  const waits = and(inArray(messages.kind, [...PUT_OFF]), eq(messages.state, 'pending'), eq(messages.claim, 0), isNull(messages.raw));
  const mails = await tx
    .select({ id: messages.id, kind: messages.kind })
    .from(messages)
    .where(and(eq(messages.recipientId, after.id), waits));
  for (const { id, kind } of mails) {
    const { dueAt, readyAt } =
      kind === 'acts' ? actsTime(after, now) : newsTimeFor(after, { changedAt: now, days: await daysIn(tx, id) }, now);
    await tx
      .update(messages)
      .set({ dueAt, nextAt: readyAt })
      .where(and(eq(messages.id, id), waits));
  }
}

/** What a pause only puts off. */
const PUT_OFF = ['change', 'acts'] as const satisfies readonly NoticeKind[];

function actsTime(recipient: Recipient, now: Date): NewsTime {
  const pauseEndsAt = pauseEnd(recipient, now);
  return pauseEndsAt === null
    ? { readyAt: now, dueAt: nextMailTime(now, recipient.sendHour) }
    : { readyAt: pauseEndsAt, dueAt: pauseEndsAt };
}

/** Moves the news that a mail does not tell during a pause to a mail of its own, for when that ends. Gives the ids of its notices. */
export async function putOffNews(
  tx: WriteDb,
  { id, key, recipientId }: OwnMessage,
  dropped: readonly { id: string; reason: string }[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const { notices, recipients } = tx.tables;
  const ids = dropped.flatMap((one) => (one.reason === 'paused' ? one.id : []));
  if (ids.length === 0) return new Set();
  const isNews = and(inArray(notices.id, ids), eq(notices.messageId, id), inArray(notices.kind, [...PUT_OFF]));
  const news = await tx.select({ id: notices.id, kind: notices.kind }).from(notices).where(isNews);
  const [recipient] = await tx
    .select()
    .from(recipients)
    .where(eq(recipients.id, recipientId ?? ''));
  const dueAt = recipient ? pauseEnd(recipient, now) : null;
  if (!recipient || dueAt === null || news.length === 0) return new Set();
  const kind = news.some((notice) => notice.kind === 'change') ? 'change' : 'acts';
  const mail = await insertMessage(tx, recipient, { kind, key: `${key}/${randomUUID()}`, dueAt }, now);
  await tx.update(notices).set({ messageId: mail.id }).where(isNews);
  return new Set(news.map((notice) => notice.id));
}

/** The days that a mail's news is about, as its reader knew them and as they are. */
async function daysIn(db: ReadDb, messageId: string): Promise<(Day | null)[]> {
  const { notices } = db.tables;
  const isNews = and(eq(notices.messageId, messageId), eq(notices.kind, 'change'), isNull(notices.reason));
  const days: (Day | null)[] = [];
  for (const notice of await db.select().from(notices).where(isNews)) days.push(...(await daysOf(db, notice)));
  return days;
}

async function daysOf(db: ReadDb, { deadlineId, fromRevision, knownOn, lastSafeOn }: NoticeRow): Promise<(Day | null)[]> {
  // An own term's; what the registry says of it is no day.
  if (knownOn !== null || lastSafeOn !== null) return [knownOn, lastSafeOn];
  const revisions = deadlineId === null ? [] : await listRevisions(db, deadlineId);
  return revisions.filter((one, i) => one.revision === fromRevision || i === revisions.length - 1).map((one) => countingDay(one));
}
