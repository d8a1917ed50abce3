/** Gathers what is due for one recipient in one mail: reminders, escalations and changes. */
import { and, count, eq, gt, inArray, isNull, lte, or, sql } from '../store/drizzle.ts';
import { isUnsettled } from '../notices/notices.ts';
import { DECLINABLE_KINDS, type DeclinableKind } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Whose mail carries the others: a reminder, else a change, else what is not done. */
const CARRIERS = DECLINABLE_KINDS;

/** The moment of sending, and until when a mail is looked at that leaves later: at first only what is due now. */
interface Span {
  now: Date;
  until?: Date;
}

/** Those among recipients for whom several mails are due that may go together. */
export async function severalDue(db: ReadDb, recipientIds: readonly string[], span: Span): Promise<string[]> {
  const { messages } = db.tables;
  const rows = await db
    .select({ recipientId: messages.recipientId })
    .from(messages)
    .where(mayGather(db, recipientIds, span))
    .groupBy(messages.recipientId)
    .having(gt(count(), 1));
  return rows.flatMap(({ recipientId }) => recipientId ?? []).sort();
}

/**
 * Puts what leaves at the same moment for a recipient in one of its mails, and settles the others as merged. Left alone is what is with a sender,
 * and what is frozen: a copy of that may have arrived. Gives how many were merged; a second run does nothing.
 */
export async function gatherMails(tx: WriteDb, recipientIds: readonly string[], span: Span): Promise<number> {
  const { messages } = tx.tables;
  const waitingRows = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(mayGather(tx, recipientIds, span));
  // The rows' locks first: on PostgreSQL no sender freezes their bytes, and nobody adds to them, before they are together.
  const locked = await tx
    .update(messages)
    .set({ state: sql`${messages.state}` })
    // By id alone: with a state beside it SQLite looks through all that are in that state.
    .where(
      inArray(
        messages.id,
        waitingRows.map(({ id }) => id),
      ),
    )
    .returning({
      id: messages.id,
      kind: messages.kind,
      recipientId: messages.recipientId,
      dueAt: messages.dueAt,
      nextAt: messages.nextAt,
      isOpen: sql<boolean>`${and(eq(messages.state, 'pending'), isNull(messages.raw))}`.mapWith(Boolean),
    });
  const leavesAt = ({ dueAt, nextAt }: (typeof locked)[number]) => Math.max(span.now.getTime(), dueAt.getTime(), nextAt?.getTime() ?? 0);
  const open = locked.filter((row) => row.isOpen);
  let merged = 0;
  for (const mails of Map.groupBy(open, (row) => `${row.recipientId} ${leavesAt(row)}`).values()) {
    const [carrier, ...mergedMails] = mails.sort(
      (a, b) => rankOf(a.kind) - rankOf(b.kind) || a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1),
    );
    if (mergedMails.length > 0)
      await mergeInto(
        tx,
        carrier!.id,
        mergedMails.map(({ id }) => id),
      );
    merged += mergedMails.length;
  }
  return merged;
}

const rankOf = (kind: string) => CARRIERS.indexOf(kind as DeclinableKind);

/** What a mail has not told yet goes to the carrier; the mail itself is never sent. */
async function mergeInto(tx: WriteDb, carrier: string, mergedIds: readonly string[]): Promise<void> {
  const { messages, notices, reminders } = tx.tables;
  const ids = [...mergedIds];
  await tx
    .update(reminders)
    .set({ messageId: carrier })
    .where(and(inArray(reminders.messageId, ids), eq(reminders.state, 'pending')));
  await tx
    .update(notices)
    .set({ messageId: carrier })
    .where(and(inArray(notices.messageId, ids), isNull(notices.reason)));
  await tx.update(messages).set({ state: 'cancelled', reason: 'merged' }).where(inArray(messages.id, ids));
}

/** Mails of these recipients that wait, are due, and of which no copy may have arrived. */
function mayGather(db: ReadDb, recipientIds: readonly string[], { now, until = now }: Span) {
  const { messages } = db.tables;
  return and(
    inArray(messages.recipientId, [...recipientIds]),
    isUnsettled(db),
    // Not as a plain comparison: SQLite would look through all messages that wait instead of through the recipients' own.
    sql`${messages.state} || '' = 'pending'`,
    inArray(messages.kind, [...CARRIERS]),
    isNull(messages.raw),
    lte(messages.dueAt, until),
    or(isNull(messages.nextAt), lte(messages.nextAt, until)),
  );
}
