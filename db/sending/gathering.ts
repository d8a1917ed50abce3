/** Gathers what is due for one recipient in one mail: reminders, escalations, changes and acts, also news that would be told later. */
import { and, count, eq, gt, inArray, isNull, lte, or, sql } from '../store/drizzle.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import { awaitingNews, newsAwaited } from '../notices/awaited.ts';
import { isUnsettled } from '../notices/notices.ts';
import { DECLINABLE_KINDS, type DeclinableKind, type Message } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Whose mail carries the others: a reminder, else a change, else what is not done, else what others did. */
const CARRIERS = DECLINABLE_KINDS;
/** What goes along with any mail of another kind that leaves once it is ready, in the order in which it does: acts also with news of changes. */
const FOLLOWERS = ['change', 'acts'] as const satisfies readonly DeclinableKind[];

/** The moment of sending, and until when a mail is looked at that leaves later: at first only what is due now. */
interface Span {
  now: Date;
  until?: Date;
}

/** Those among recipients for whom several mails are due that may go together, or of which one waits for another. */
export async function severalDue(db: ReadDb, recipientIds: readonly string[], span: Span): Promise<string[]> {
  const { messages } = db.tables;
  const rows = await db
    .select({ recipientId: messages.recipientId })
    .from(messages)
    .where(mayGather(db, recipientIds, span))
    .groupBy(messages.recipientId)
    .having(gt(count(), 1));
  const waiting = await awaitingNews(db, recipientIds, span.now);
  return [...new Set([...rows.flatMap(({ recipientId }) => recipientId ?? []), ...waiting])].sort();
}

/**
 * Puts what leaves at the same moment for a recipient in one of its mails, and settles the others as merged; news that would leave later goes along
 * once it is ready. A reminder of which the news is not ready yet waits for it, with what else leaves beside it. Left alone is what is with a
 * sender, and what is frozen: a copy of that may have arrived. Gives how many were merged or made to wait; a second run does nothing.
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
      claim: messages.claim,
      dueAt: messages.dueAt,
      nextAt: messages.nextAt,
      isOpen: sql<boolean>`${and(eq(messages.state, 'pending'), isNull(messages.raw))}`.mapWith(Boolean),
    });
  const open = locked.filter((row) => row.isOpen).map((row) => timed(row, span.now));
  const held = await holdForNews(tx, open, span);
  let merged = 0;
  for (const mails of Map.groupBy(gathered(open), ({ recipientId, leavesAt }) => `${recipientId} ${leavesAt}`).values()) {
    if (mails[0]!.leavesAt > (span.until ?? span.now).getTime()) continue;
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
  return merged + held;
}

type Row = Pick<Message, 'id' | 'kind' | 'recipientId' | 'claim' | 'dueAt' | 'nextAt'>;

/** When a mail leaves by itself, and from when it may go along with another. */
interface TimedMail extends Row {
  leavesAt: number;
  readyAt: number;
}

function timed(row: Row, now: Date): TimedMail {
  const [due, next] = [row.dueAt.getTime(), row.nextAt?.getTime() ?? null];
  const leavesAt = Math.max(now.getTime(), due, next ?? 0);
  return { ...row, leavesAt, readyAt: isFollower(row) ? Math.max(now.getTime(), next ?? due) : leavesAt };
}

const isFollower = ({ kind }: Pick<Row, 'kind'>) => FOLLOWERS.some((one) => one === kind);

/** The mails with the moments at which they leave when news goes along with the first other mail after it is ready. */
function gathered(mails: readonly TimedMail[]): TimedMail[] {
  const moved = mails.filter((mail) => !isFollower(mail));
  for (const kind of FOLLOWERS) {
    const following = mails.filter((mail) => mail.kind === kind).map((mail) => withFirst(mail, moved));
    moved.push(...following);
  }
  return moved;
}

function withFirst(mail: TimedMail, carriers: readonly TimedMail[]): TimedMail {
  const moments = carriers
    .filter(({ leavesAt, recipientId }) => recipientId === mail.recipientId && leavesAt >= mail.readyAt && leavesAt <= mail.leavesAt)
    .map(({ leavesAt }) => leavesAt);
  return { ...mail, leavesAt: Math.min(mail.leavesAt, ...moments) };
}

/** Makes reminders wait for the news of their own deadline, and what is undone beside them too. Gives how many. */
async function holdForNews(tx: WriteDb, open: readonly TimedMail[], { now }: Span): Promise<number> {
  const { messages } = tx.tables;
  // What a server put off has been ready before.
  const coming = open
    .filter(({ claim, kind }) => kind === 'change' && claim === 0)
    .map(({ id, readyAt, recipientId }) => ({ id, recipientId, readyAt: new Date(readyAt) }));
  const reminders = open.filter(({ kind }) => kind === 'reminder');
  const waits = await newsAwaited(tx, reminders, coming, now);
  let held = 0;
  for (const reminder of reminders) {
    const until = waits.get(reminder.id);
    if (until === undefined || until.getTime() <= reminder.leavesAt) continue;
    const isSameDay = amsterdamDay(until) === amsterdamDay(now);
    const beside = open.filter(({ kind, recipientId }) => isSameDay && kind === 'escalation' && recipientId === reminder.recipientId);
    for (const mail of [reminder, ...beside.filter(({ leavesAt }) => leavesAt < until.getTime())]) {
      await tx.update(messages).set({ nextAt: until }).where(eq(messages.id, mail.id));
      mail.leavesAt = until.getTime();
      held += 1;
    }
  }
  return held;
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

/** Mails of these recipients that wait, are due or hold news, and of which no copy may have arrived. */
function mayGather(db: ReadDb, recipientIds: readonly string[], { now, until = now }: Span) {
  const { messages } = db.tables;
  return and(
    inArray(messages.recipientId, [...recipientIds]),
    isUnsettled(db),
    // Not as a plain comparison: SQLite would look through all messages that wait instead of through the recipients' own.
    sql`${messages.state} || '' = 'pending'`,
    inArray(messages.kind, [...CARRIERS]),
    isNull(messages.raw),
    or(inArray(messages.kind, [...FOLLOWERS]), and(lte(messages.dueAt, until), or(isNull(messages.nextAt), lte(messages.nextAt, until)))),
  );
}
