/** Notices: which mail each goes in, and from which state of a deadline it starts. */
import { randomUUID } from 'node:crypto';
import { isOfDeadline } from '../../calendars/reminders/due-reminder.ts';
import { and, asc, eq, inArray, isNull, ne, sql } from '../store/drizzle.ts';
import { insertMessages } from '../messages/messages.ts';
import type { Message, MessageState, Notice, NoticeKind, NoticeRow, Recipient } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** The notices of a kind that a message is to tell, in the order of their deadlines' ids. */
export async function noticesIn(db: ReadDb, messageId: string, kind: Exclude<NoticeKind, 'acts'>): Promise<Notice[]> {
  const { notices } = db.tables;
  const rows = await db
    .select()
    .from(notices)
    .where(and(eq(notices.messageId, messageId), eq(notices.kind, kind), isNull(notices.reason)))
    .orderBy(asc(notices.deadlineId), asc(notices.id));
  // All tell of a deadline but those of an act that is about none.
  return rows.filter(isOfDeadline);
}

/** `actId`, `changeId`: none where it is not given. */
type NewNotice = Omit<NoticeRow, 'id' | 'reason' | 'actId' | 'changeId'> & Partial<Pick<NoticeRow, 'actId' | 'changeId'>>;

/** Adds notices, each under a key of its own; one that was left out of an earlier mail moves to its new one. */
export async function addNotices(tx: WriteDb, added: readonly NewNotice[]): Promise<void> {
  const { notices } = tx.tables;
  for (let n = 0; n < added.length; n += MOST_ROWS)
    await tx
      .insert(notices)
      .values(added.slice(n, n + MOST_ROWS).map((notice) => ({ id: randomUUID(), actId: null, ...notice, reason: null })))
      .onConflictDoUpdate({
        target: notices.key,
        set: {
          messageId: sql`excluded.message_id`,
          lastSafeOn: sql`excluded.last_safe_on`,
          changeId: sql`coalesce(excluded.change_id, ${notices.changeId})`,
          reason: null,
        },
      });
}

/** How many rows go in one statement: SQLite takes 32,766 values in one. */
const MOST_ROWS = 500;

/**
 * A mail that somebody is to get: by which key it is known if it must be made, when it leaves at the latest, and from when what is added may leave
 * in any mail.
 */
export interface WantedMail {
  recipient: Recipient;
  key: string;
  dueAt: Date;
  readyAt?: Date;
}

/**
 * By recipient, the id of its mail of a kind that still gathers notices: of the one that has not left, or of a new one. It leaves at `dueAt`, or
 * earlier when it was to leave earlier; until then it goes along in no other before all that it holds is ready.
 */
export async function gatheringMails(
  tx: WriteDb,
  kind: NoticeKind,
  wanted: readonly WantedMail[],
  now: Date,
): Promise<Map<string, string>> {
  const { messages } = tx.tables;
  const byRecipient = new Map(wanted.map((mail) => [mail.recipient.id, mail]));
  const mails = await holdOpenMails(tx, kind, byRecipient);
  const mailless = [...byRecipient.values()].filter(({ recipient }) => !mails.has(recipient.id));
  if (mailless.length === 0) return mails;
  const keys = mailless.map(({ key }) => key);
  const earlier = await tx.select({ key: messages.key }).from(messages).where(inArray(messages.key, keys));
  const usedKeys = new Set(earlier.map(({ key }) => key));
  const newMails = mailless.map(({ key, readyAt = null, ...mail }) => ({
    ...mail,
    kind,
    key: usedKeys.has(key) ? `${key}/${randomUUID()}` : key,
    nextAt: readyAt,
  }));
  for (const [id, recipientId] of await insertMessages(tx, newMails, now)) mails.set(recipientId, id);
  return mails;
}

/** Those that have not left. Takes the rows' locks, so that on PostgreSQL no sender freezes their bytes before what is added is in them. */
async function holdOpenMails(tx: WriteDb, kind: NoticeKind, wanted: ReadonlyMap<string, WantedMail>): Promise<Map<string, string>> {
  const { messages } = tx.tables;
  // Not as a plain comparison: SQLite would look through all messages that wait instead of through the recipients' own.
  const isOpen = and(eq(messages.kind, kind), sql`${messages.state} || '' = 'pending'`, isNull(messages.raw));
  const { id, recipientId, claim, dueAt, nextAt } = messages;
  const rows = await tx
    .select({ id, recipientId, claim, dueAt, nextAt })
    .from(messages)
    .where(and(inArray(messages.recipientId, [...wanted.keys()]), isUnsettled(tx), isOpen))
    .orderBy(asc(messages.dueAt), asc(messages.id));
  // The first one of each.
  const openMails = new Map(rows.reverse().map((row) => [row.recipientId, row]));
  const mails = new Map<string, string>();
  const timed = [...openMails.values()].map((row) => ({ id: row.id, times: timesWith(row, wanted.get(row.recipientId!)!) }));
  for (const some of Map.groupBy(timed, ({ times }) => JSON.stringify(times)).values()) {
    const ids = some.map((row) => row.id);
    const locked = await tx
      .update(messages)
      .set({ dueAt: sql`${messages.dueAt}`, ...some[0]!.times })
      .where(and(inArray(messages.id, ids), isOpen))
      .returning({ id: messages.id, recipientId: messages.recipientId });
    for (const row of locked) mails.set(row.recipientId!, row.id);
  }
  return mails;
}

/** What changes of a mail's moments when something is added to it. A mail that a server put off keeps its own. */
function timesWith(
  { claim, dueAt, nextAt }: Pick<Message, 'claim' | 'dueAt' | 'nextAt'>,
  wanted: WantedMail,
): Partial<Pick<Message, 'dueAt' | 'nextAt'>> {
  const first = dueAt <= wanted.dueAt ? dueAt : wanted.dueAt;
  const isSooner = first < dueAt ? { dueAt: first } : {};
  if (claim > 0 || wanted.readyAt === undefined) return isSooner;
  const readyAt = nextAt === null || nextAt < wanted.readyAt ? wanted.readyAt : nextAt;
  return { ...isSooner, nextAt: readyAt < first ? readyAt : first };
}

/** Whether a message is not settled, in the very words by which SQLite knows its index of those. */
export function isUnsettled(db: ReadDb) {
  return sql`${db.tables.messages.state} || '' in ('pending', 'sending')`;
}

/** Marks notices as left out of their mail. */
export async function leaveOut(tx: WriteDb, dropped: readonly { id: string; reason: string }[]): Promise<void> {
  const { notices } = tx.tables;
  for (const { id, reason } of dropped) await tx.update(notices).set({ reason }).where(eq(notices.id, id));
}

/** Whether a mail about a deadline reached a recipient's server: only then is there something to take back. */
export async function wasTold(db: ReadDb, recipientId: string, deadlineId: string): Promise<boolean> {
  const { messages, notices, reminders } = db.tables;
  const reminded = and(eq(reminders.recipientId, recipientId), eq(reminders.deadlineId, deadlineId), eq(reminders.state, 'sent'));
  if ((await db.$count(reminders, reminded)) > 0) return true;
  const rows = await db
    .select({ id: notices.id })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(
      and(
        eq(messages.recipientId, recipientId),
        eq(messages.state, 'sent'),
        eq(notices.deadlineId, deadlineId),
        ne(notices.kind, 'acts'),
        isNull(notices.reason),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** What a notice of a change starts from. */
export type StartState = Pick<Notice, 'deadlineId' | 'organisationId' | 'fromRevision' | 'lastSafeOn' | 'knownOn'>;

/** Whether a notice tells of an organisation's own term instead of the day in the registry. */
export function isOwnNotice({ knownOn, lastSafeOn }: Pick<NoticeRow, 'knownOn' | 'lastSafeOn'>): boolean {
  return knownOn !== null || lastSafeOn !== null;
}

/**
 * What recipients know of what is to be told: the oldest state that a mail was to tell of and did not, else the one before the change. Only a
 * mail that is not settled is such a mail, and most have none.
 */
export async function readStartStates(
  db: ReadDb,
  recipientIds: readonly string[],
  changed: readonly StartState[],
): Promise<(recipientId: string, change: StartState) => Pick<StartState, 'fromRevision' | 'knownOn'>> {
  const { messages, notices } = db.tables;
  const noticesOf = (whose: readonly string[], state?: ReturnType<typeof isUnsettled>) =>
    db
      .select({ recipientId: messages.recipientId, notice: notices, state: messages.state })
      .from(notices)
      .innerJoin(messages, eq(messages.id, notices.messageId))
      .where(
        and(
          inArray(messages.recipientId, [...whose]),
          state,
          eq(notices.kind, 'change'),
          inArray(notices.deadlineId, [...new Set(changed.map(({ deadlineId }) => deadlineId))]),
          isNull(notices.reason),
        ),
      )
      .orderBy(asc(messages.createdAt), asc(messages.id));
  const waitingIds = new Set((await noticesOf(recipientIds, isUnsettled(db))).map(({ recipientId }) => recipientId!));
  const rows = waitingIds.size === 0 ? [] : await noticesOf([...waitingIds]);
  const rowsOf = Map.groupBy(rows, ({ recipientId }) => recipientId!);
  return (recipientId, change) => startStateOf(rowsOf.get(recipientId) ?? [], change);
}

function startStateOf(
  rows: readonly { notice: NoticeRow; state: MessageState }[],
  change: StartState,
): Pick<StartState, 'fromRevision' | 'knownOn'> {
  const { deadlineId, fromRevision, knownOn, organisationId } = change;
  const isOwn = isOwnNotice(change);
  let first: NoticeRow | null = null;
  for (const { notice, state } of rows) {
    if (notice.deadlineId !== deadlineId || isOwnNotice(notice) !== isOwn || (isOwn && notice.organisationId !== organisationId)) continue;
    if (state === 'sent') first = null;
    else if (state === 'pending' || state === 'sending') first ??= notice;
  }
  return first ? { fromRevision: first.fromRevision, knownOn: first.knownOn } : { fromRevision, knownOn };
}
