/** Mail on hold: one row says since when, why and by whom, and while it stands nothing leaves but what somebody asked for since. */
import type { SQL } from 'drizzle-orm';
import { and, eq, gte, inArray, notExists, or, sql } from '../store/drizzle.ts';
import { QUESTION_KINDS, type Message } from '../schema/schema.ts';
import { recallMessages } from '../store/recall.ts';
import { MAIL_HOLD, readSetting, saveSetting } from '../store/settings.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

export interface Hold {
  since: Date;
  why: string;
  /** The command that did it. */
  by: string;
  /** From when on it is not known what left: the moment of the backup, after a restore. */
  from: Date;
  /** What a person has to weigh before it ends, in a sentence; or null. */
  doubt: string | null;
}

/** The kinds that leave all the same where somebody asked for them after the hold began, and waits for them at that moment. */
const ASKED_FOR_KINDS: readonly Message['kind'][] = [...QUESTION_KINDS, 'sign_in', 'no_account', 'enrolment', 'address_change'];

/** The hold that stands, or null. */
export async function readHold(db: ReadDb): Promise<Hold | null> {
  const text = await readSetting(db, MAIL_HOLD);
  if (text === undefined) return null;
  // Written below, by nobody else.
  const { from, since, ...rest } = JSON.parse(text) as { [k in keyof Hold]: Hold[k] extends Date ? string : Hold[k] };
  return { ...rest, since: new Date(since), from: new Date(from) };
}

/** Holds all mail from the commit on, on every instance: what a sender has and did not begin to hand over is taken back. */
export async function holdMail(tx: WriteDb, hold: Hold): Promise<void> {
  await saveSetting(tx, MAIL_HOLD, JSON.stringify(hold));
  await recallMessages(tx);
}

/** Ends the hold: what is due leaves with the next round of each sender. */
export async function endHold(tx: WriteDb): Promise<void> {
  const { settings } = tx.tables;
  await tx.delete(settings).where(eq(settings.name, MAIL_HOLD));
}

/** Whether a hold keeps a message back. */
export function isHeldBack(hold: Hold | null, { createdAt, kind }: Pick<Message, 'createdAt' | 'kind'>): boolean {
  return hold !== null && !(ASKED_FOR_KINDS.includes(kind) && createdAt >= hold.since);
}

/** The same as a condition: messages that a hold lets go, or undefined where there is none. */
export function passesHold(db: ReadDb, hold: Hold | null): SQL | undefined {
  const { messages } = db.tables;
  return hold === null ? undefined : and(inArray(messages.kind, [...ASKED_FOR_KINDS]), gte(messages.createdAt, hold.since));
}

/** A condition that is asked as a mail begins to leave: a hold may have begun after it was claimed. */
export function mayLeave(db: ReadDb): SQL | undefined {
  const { messages, settings } = db.tables;
  const standing = db
    .select({ one: sql`1` })
    .from(settings)
    .where(eq(settings.name, MAIL_HOLD));
  return or(inArray(messages.kind, [...ASKED_FOR_KINDS]), notExists(standing));
}

/** What is said of a hold wherever it is told, in a sentence or two. */
export function describeHold({ doubt, since, why }: Hold): string {
  return `Mail is held since ${since.toISOString()}: ${why}.${doubt === null ? '' : ` ${doubt}`} See: npm run cli -- hold list`;
}
