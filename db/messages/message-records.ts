/** What an organisation is shown of its messages: to whom, what each told of, and what became of it. */
import type { SQL } from 'drizzle-orm';
import { isAssumed } from '../../calendars/deadlines/certainty.ts';
import type { PageQuery } from '../registry/deadlines.ts';
import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from '../store/drizzle.ts';
import type { DeclinableKind, OwnMessage, Tables } from '../schema/schema.ts';
import type { ReadDb } from '../store/store.ts';
import { isOwn } from './messages.ts';

export type Attempt = Omit<Tables['attempts']['$inferSelect'], 'messageId'>;

/** A message as the organisation sees it: what it was about, and what became of it. */
export interface MessageRecord extends Omit<OwnMessage, 'raw' | 'content'> {
  /** Null when the recipient was removed. */
  email: string | null;
  tries: Attempt[];
  /** `kind`: what it tells of each; lead days where it reminds. `reason`: why the mail does not tell of it after all; null when it does. */
  deadlines: {
    kind: DeclinableKind;
    deadlineId: string;
    title: string;
    lastSafeOn: string | null;
    leadDays: number | null;
    reason: string | null;
    /** The change of the registry that it tells of, by the id of its page; null where it tells of none. */
    changeId: string | null;
  }[];
  /** Of which own dates it reminds; the title is null once one was removed. */
  steps: { stepId: string; title: string | null; dueOn: string; leadDays: number; reason: string | null }[];
}

/** An organisation's messages, the newest first, one page of them with the total. */
export async function listMessages(
  db: ReadDb,
  organisationId: string,
  { page, pageSize }: PageQuery,
): Promise<{ items: MessageRecord[]; total: number }> {
  const { messages, recipients } = db.tables;
  const isOfOrganisation = eq(messages.organisationId, organisationId);
  const rows = await db
    .select({ message: messages, email: recipients.email })
    .from(messages)
    .leftJoin(recipients, eq(recipients.id, messages.recipientId))
    .where(isOfOrganisation)
    .orderBy(desc(messages.createdAt), asc(messages.id))
    .limit(pageSize)
    .offset((page - 1) * pageSize);
  const ids = rows.map((row) => row.message.id);
  const tries = await triesOf(db, ids);
  const about = await deadlinesOf(db, ids);
  const ownDates = await stepsOf(db, ids);
  const recordOf = ({ raw: _, content: __, ...message }: OwnMessage, email: string | null): MessageRecord => ({
    ...message,
    email,
    tries: tries.filter((row) => row.messageId === message.id).map(({ messageId: _, ...attempt }) => attempt),
    deadlines: about.filter((row) => row.messageId === message.id).map(({ messageId: _, ...deadline }) => deadline),
    steps: ownDates.filter((row) => row.messageId === message.id).map(({ messageId: _, ...step }) => step),
  });
  return {
    items: rows.flatMap(({ message, email }) => (isOwn(message) ? [recordOf(message, email)] : [])),
    total: await db.$count(messages, isOfOrganisation),
  };
}

async function triesOf(db: ReadDb, ids: string[]) {
  const { attempts } = db.tables;
  return db.select().from(attempts).where(inArray(attempts.messageId, ids)).orderBy(asc(attempts.number));
}

/** Which own dates messages remind of, by day. */
async function stepsOf(db: ReadDb, ids: string[]) {
  const { reminders, steps } = db.tables;
  const rows = await db
    .select({
      messageId: reminders.messageId,
      stepId: reminders.stepId,
      title: steps.title,
      dueOn: reminders.lastSafeOn,
      leadDays: reminders.leadDays,
      reason: reminders.reason,
    })
    .from(reminders)
    .leftJoin(steps, eq(steps.id, reminders.stepId))
    .where(and(inArray(reminders.messageId, ids), isNotNull(reminders.stepId)))
    .orderBy(asc(reminders.lastSafeOn), asc(reminders.stepId), asc(reminders.leadDays));
  return rows.map(({ stepId, ...row }) => ({ stepId: stepId!, ...row }));
}

/** What messages are about: reminders first, with older ones that they speak for, then notices, each by day. */
async function deadlinesOf(db: ReadDb, ids: string[]) {
  const ownReminders = await remindedOf(db, inArray(db.tables.reminders.messageId, ids));
  const reminded = [...ownReminders, ...(await mergedInto(db, ownReminders))].sort(compareReminded);
  const reminders = reminded.map(({ messageId, deadlineId, title, certainty, lastSafeOn, leadDays, reason }) => {
    // What was only assumed was safe on no day.
    return {
      messageId,
      kind: 'reminder' as const,
      deadlineId,
      title,
      lastSafeOn: isAssumed({ certainty }) ? null : lastSafeOn,
      leadDays,
      reason,
      changeId: null,
    };
  });
  return [...reminders, ...(await noticedOf(db, ids))];
}

/** A notice of a change has the day that holds now. */
async function noticedOf(db: ReadDb, ids: string[]) {
  const { deadlines, notices, revisions } = db.tables;
  const rows = await db
    .select({
      messageId: notices.messageId,
      kind: notices.kind,
      deadlineId: deadlines.id,
      changeId: notices.changeId,
      lastSafeOn: sql<string | null>`coalesce(${notices.lastSafeOn}, ${revisions.lastSafeOn})`,
      title: revisions.title,
    })
    .from(notices)
    .innerJoin(deadlines, eq(deadlines.id, notices.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(and(inArray(notices.messageId, ids), isNull(notices.reason)))
    // As in the mail: what is not done before what changed, and that before what others did.
    .orderBy(desc(notices.kind), asc(revisions.lastSafeOn), asc(notices.deadlineId));
  return rows.map((row) => ({ ...row, leadDays: null, reason: null }));
}

type Reminded = Awaited<ReturnType<typeof remindedOf>>[number];

async function remindedOf(db: ReadDb, some: SQL | undefined) {
  const { deadlines, reminders, revisions } = db.tables;
  return db
    .select({
      messageId: reminders.messageId,
      recipientId: reminders.recipientId,
      organisationId: reminders.organisationId,
      deadlineId: deadlines.id,
      lastSafeOn: reminders.lastSafeOn,
      leadDays: reminders.leadDays,
      reason: reminders.reason,
      title: revisions.title,
      certainty: revisions.certainty,
    })
    .from(reminders)
    .innerJoin(deadlines, eq(deadlines.id, reminders.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(some);
}

/** Reminders that never had a mail of their own, because a later one came first: with the mail of that one. */
async function mergedInto(db: ReadDb, reminded: readonly Reminded[]): Promise<Reminded[]> {
  const { reminders } = db.tables;
  if (reminded.length === 0) return [];
  const recipients = [...new Set(reminded.map(({ recipientId }) => recipientId))];
  const deadlines = [...new Set(reminded.map(({ deadlineId }) => deadlineId))];
  const all = await remindedOf(db, and(inArray(reminders.recipientId, recipients), inArray(reminders.deadlineId, deadlines)));
  const mails = new Set(reminded.map(({ messageId }) => messageId));
  return all
    .filter(({ messageId, reason }) => messageId === null && reason === 'merged')
    .flatMap((older) => {
      const later = all.filter((one) => isSamePlace(one, older) && one.messageId !== null && one.leadDays < older.leadDays);
      const messageId = later.sort((a, b) => b.leadDays - a.leadDays)[0]?.messageId ?? null;
      return mails.has(messageId) ? [{ ...older, messageId }] : [];
    });
}

function isSamePlace(a: Reminded, b: Reminded): boolean {
  return (['recipientId', 'organisationId', 'deadlineId', 'lastSafeOn'] as const).every((field) => a[field] === b[field]);
}

/** By day, then by deadline; of one deadline the reminder that speaks for the others first. */
function compareReminded(a: Reminded, b: Reminded): number {
  return compare(a.lastSafeOn, b.lastSafeOn) || compare(a.deadlineId, b.deadlineId) || a.leadDays - b.leadDays;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
