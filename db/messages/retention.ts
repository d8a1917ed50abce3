/** Retention: messages of long ago go, with their attempts, reminders and notices. What proves that a deadline still to come was told stays. */
import { setImmediate } from 'node:timers/promises';
import { yearOf } from '../../calendars/days.ts';
import type { Day } from '../../calendars/terms.ts';
import { and, asc, eq, exists, gt, gte, inArray, isNull, lt, not, or, sql } from '../store/drizzle.ts';
import type { MessageState } from '../schema/schema.ts';
import type { ReadDb, Store } from '../store/store.ts';

/** What goes: settled before a moment, and about nothing that is still to come on a day or after it. */
export interface Past {
  before: Date;
  today: Day;
}

/** States that a message leaves only when a person says so. */
const SETTLED = ['sent', 'cancelled', 'dead'] as const satisfies readonly MessageState[];
/** So many messages, with what hangs on them, in one transaction. */
const AT_ONCE = 100;

/** Purges messages, a few in a transaction; others get their turn in between. Gives how many went. A second run finds none. */
export async function purgeMessages(store: Store, past: Past): Promise<number> {
  const { messages } = store.read.tables;
  let purged = 0;
  for (const state of SETTLED)
    for (let last: { dueAt: Date; id: string } | null = null; ;) {
      const page: { dueAt: Date; id: string }[] = await store.read
        .select({ id: messages.id, dueAt: messages.dueAt })
        .from(messages)
        .where(and(eq(messages.state, state), lt(messages.dueAt, past.before), last === null ? undefined : isAfter(store.read, last)))
        .orderBy(asc(messages.dueAt), asc(messages.id))
        .limit(AT_ONCE);
      if (page.length === 0) break;
      last = page.at(-1)!;
      const ids = page.map(({ id }) => id);
      if ((await purgeableAmong(store.read, ids, past)).length > 0)
        purged += await store.write(async (tx) => {
          const isPurgeable = inArray(messages.id, await purgeableAmong(tx, ids, past));
          // On PostgreSQL somebody may send a dead letter on at this moment.
          return (
            await tx
              .delete(messages)
              .where(and(isPurgeable, inArray(messages.state, [...SETTLED])))
              .returning({ id: messages.id })
          ).length;
        });
      await setImmediate();
    }
  return purged + (await purgeMerged(store, past));
}

/** Of some ids those that are messages: what was written of the others is of no use any more. */
export async function messagesAmong(db: ReadDb, ids: readonly string[]): Promise<Set<string>> {
  const { messages } = db.tables;
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(inArray(messages.id, [...ids]));
  return new Set(rows.map(({ id }) => id));
}

function isAfter(db: ReadDb, { dueAt, id }: { dueAt: Date; id: string }) {
  const { messages } = db.tables;
  return and(gte(messages.dueAt, dueAt), or(gt(messages.dueAt, dueAt), gt(messages.id, id)));
}

/** Those that went through all they had to, long ago, and hold nothing of what is to come. */
async function purgeableAmong(db: ReadDb, ids: readonly string[], { before, today }: Past): Promise<string[]> {
  const { deadlines, messages, notices, reminders, revisions } = db.tables;
  const one = sql`1`;
  const current = and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision));
  const reminder = db
    .select({ one })
    .from(reminders)
    // An own date is none of the registry's: its day stands in the reminder.
    .leftJoin(deadlines, eq(deadlines.id, reminders.deadlineId))
    .leftJoin(revisions, current)
    // The audit counts those that wait, whatever became of their mail.
    .where(
      and(eq(reminders.messageId, messages.id), or(eq(reminders.state, 'pending'), gte(reminders.lastSafeOn, today), isComing(db, today))),
    );
  const notice = db
    .select({ one })
    .from(notices)
    .innerJoin(deadlines, eq(deadlines.id, notices.deadlineId))
    .innerJoin(revisions, current)
    .where(and(eq(notices.messageId, messages.id), or(gte(notices.lastSafeOn, today), isComing(db, today))));
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        inArray(messages.id, [...ids]),
        inArray(messages.state, [...SETTLED]),
        lt(messages.dueAt, before),
        lt(messages.createdAt, before),
        or(isNull(messages.sentAt), lt(messages.sentAt, before)),
        not(exists(reminder)),
        not(exists(notice)),
      ),
    );
  return rows.map(({ id }) => id);
}

/** Reminders that never had a mail of their own, because a later one spoke for them. */
async function purgeMerged(store: Store, { before, today }: Past): Promise<number> {
  const { deadlines, reminders, revisions } = store.read.tables;
  for (let purged = 0; ;) {
    const rows = await store.read
      .select({ id: reminders.id })
      .from(reminders)
      .leftJoin(deadlines, eq(deadlines.id, reminders.deadlineId))
      .leftJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
      .where(
        and(
          isNull(reminders.messageId),
          eq(reminders.state, 'cancelled'),
          lt(reminders.createdAt, before),
          lt(reminders.lastSafeOn, today),
          or(isNull(reminders.deadlineId), not(isComing(store.read, today))),
        ),
      )
      .limit(AT_ONCE);
    if (rows.length === 0) return purged;
    const ids = rows.map(({ id }) => id);
    await store.write((tx) => tx.delete(reminders).where(and(inArray(reminders.id, ids), eq(reminders.state, 'cancelled'))));
    purged += ids.length;
    await setImmediate();
  }
}

/** Whether a deadline is still to come, by what it says now. One without a day is, until its contract year is over. */
function isComing(db: ReadDb, today: Day) {
  const { deadlines, revisions } = db.tables;
  return sql`coalesce(${revisions.lastSafeOn} >= ${today}, ${deadlines.contractYear} >= ${yearOf(today)})`;
}
