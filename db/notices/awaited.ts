/** Which mails wait for news: a reminder of a deadline that changed leaves with the mail that tells of it, or after it. */
import { amsterdamDay } from '../../calendars/days.ts';
import { isOfDeadline } from '../../calendars/reminders/due-reminder.ts';
import { GRACE_MS } from '../../calendars/reminders/news-time.ts';
import { usefulUntil } from '../../calendars/reminders/reminders.ts';
import type { Day } from '../../calendars/terms.ts';
import { and, eq, gt, inArray, isNull } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';

/** A mail that holds news, and the moment before which nothing of it is told. */
export interface ComingNews {
  id: string;
  recipientId: string | null;
  readyAt: Date;
}

/** By mail with reminders, until when it waits. Never past the grace of a change, nor past the last day on which a reminder that it holds is of use. */
export async function newsAwaited(
  db: ReadDb,
  mails: readonly { id: string; recipientId: string | null }[],
  coming: readonly ComingNews[],
  now: Date,
): Promise<Map<string, Date>> {
  const waits = new Map<string, Date>();
  const latest = now.getTime() + GRACE_MS;
  const news = coming.filter(({ readyAt }) => readyAt > now && readyAt.getTime() <= latest);
  const fresh = await freshChanges(db, now);
  if (mails.length === 0 || news.length + fresh.length === 0) return waits;
  const deadlinesOf = Map.groupBy(await newsIn(db, news), ({ messageId }) => messageId);
  for (const [id, held] of Map.groupBy(await remindersIn(db, mails), ({ messageId }) => messageId)) {
    const recipientId = mails.find((mail) => mail.id === id)?.recipientId;
    const about = new Set(held.map(({ deadlineId }) => deadlineId));
    const ends = [
      ...news
        .filter((one) => one.recipientId === recipientId && deadlinesOf.get(one.id)?.some(({ deadlineId }) => about.has(deadlineId)))
        .map(({ readyAt }) => readyAt.getTime()),
      ...fresh.filter(({ deadlineId }) => about.has(deadlineId)).map(({ readyAt }) => readyAt.getTime()),
    ];
    if (id === null || ends.length === 0) continue;
    const until = new Date(Math.max(...ends));
    if (held.every((reminder) => lastDayOf(reminder) >= amsterdamDay(until))) waits.set(id, until);
  }
  return waits;
}

/** Those among recipients who have a reminder of a deadline of which a change is on record that nobody has been told of yet. */
export async function awaitingNews(db: ReadDb, recipientIds: readonly string[], now: Date): Promise<string[]> {
  const { reminders } = db.tables;
  const fresh = await freshChanges(db, now);
  if (fresh.length === 0) return [];
  const rows = await db
    .selectDistinct({ id: reminders.recipientId })
    .from(reminders)
    .where(
      and(
        inArray(reminders.recipientId, [...recipientIds]),
        eq(reminders.state, 'pending'),
        inArray(
          reminders.deadlineId,
          fresh.map(({ deadlineId }) => deadlineId),
        ),
      ),
    );
  return rows.map(({ id }) => id);
}

/** Which deadlines mails tell news of. */
async function newsIn(db: ReadDb, mails: readonly { id: string }[]): Promise<{ messageId: string; deadlineId: string }[]> {
  const { notices } = db.tables;
  const ids = mails.map(({ id }) => id);
  const rows = await db
    .select({ messageId: notices.messageId, deadlineId: notices.deadlineId })
    .from(notices)
    .where(and(inArray(notices.messageId, ids), eq(notices.kind, 'change'), isNull(notices.reason)));
  return rows.filter(isOfDeadline);
}

type HeldReminder = Awaited<ReturnType<typeof remindersIn>>[number];

/** The reminders in mails, with what decides until when each is of use. */
async function remindersIn(db: ReadDb, mails: readonly { id: string }[]) {
  const { deadlines, reminders, revisions } = db.tables;
  const ids = mails.map(({ id }) => id);
  return db
    .select({
      messageId: reminders.messageId,
      deadlineId: reminders.deadlineId,
      lastSafeOn: reminders.lastSafeOn,
      certainty: revisions.certainty,
      actors: revisions.actors,
      onBehalfOf: revisions.onBehalfOf,
    })
    .from(reminders)
    .innerJoin(deadlines, eq(deadlines.id, reminders.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(and(inArray(reminders.messageId, ids), eq(reminders.state, 'pending')));
}

function lastDayOf({ lastSafeOn, certainty, actors, onBehalfOf }: HeldReminder): Day {
  return usefulUntil({ certainty, duty: { actors, onBehalfOf } }, lastSafeOn);
}

/** Changes of the last minutes of which no mail is queued yet, or not for all. */
async function freshChanges(db: ReadDb, now: Date): Promise<{ deadlineId: string; readyAt: Date }[]> {
  const { changes } = db.tables;
  const rows = await db
    .select({ deadlineId: changes.deadlineId, recordedAt: changes.recordedAt })
    .from(changes)
    .where(gt(changes.recordedAt, new Date(now.getTime() - GRACE_MS)));
  return rows.map(({ deadlineId, recordedAt }) => ({ deadlineId, readyAt: new Date(recordedAt.getTime() + GRACE_MS) }));
}
