/** The attempts to send a mail: each begins with its claim, is marked when the body leaves, and ends with what the server said. */
import { and, eq, gt, isNull, ne, or, sql } from '../store/drizzle.ts';
import { mayLeave } from '../messages/hold.ts';
import { contentOnceSettled } from '../messages/messages.ts';
import { signInsOverBefore } from '../messages/personal-mails.ts';
import type { Message } from '../schema/schema.ts';
import type { AddressDigests } from '../store/secrets.ts';
import { parameter, preparedFor } from '../store/statements.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** A message that is ours to send. */
export interface Claim {
  id: string;
  claim: number;
  kind: Message['kind'];
  to: string;
  /** Of `to`. */
  digests: AddressDigests;
  raw: Buffer;
}

/** Writes down that the attempts of new claims began. */
export async function beginAttempts(tx: WriteDb, claims: readonly Claim[], now: Date): Promise<void> {
  const { attempts } = tx.tables;
  const blank = { endedAt: null, outcome: null, code: null, response: null };
  const rows = claims.map(({ id, claim }) => ({ messageId: id, number: claim, startedAt: now, ...blank }));
  if (rows.length > 0) await tx.insert(attempts).values(rows);
}

/**
 * Writes down that the body of a mail is about to leave: from then on it may have arrived. Nothing of it may leave before this is committed.
 * False when the claim is no longer ours, mail is held, or what the mail leads to is over: then nothing may leave at all.
 */
export async function markLeaving(tx: WriteDb, claim: Claim, now: Date): Promise<boolean> {
  const { id, claim: number } = claim;
  const [row] = await statements(tx).mark.execute({ id, number, now, over: signInsOverBefore(now) });
  return row !== undefined;
}

/**
 * Records that the server took the mail. Its words are left out where the recipient was erased meanwhile: they may name the address. False when the
 * claim is no longer ours.
 */
export async function markSent(tx: WriteDb, claim: Claim, response: string, now: Date): Promise<boolean> {
  const { id, claim: number } = claim;
  const { accept, send, sendReminders } = statements(tx);
  const [row] = await send.execute({ id, number, now, response });
  const digest = row ? row.digest : (await holdMessage(tx, id))?.sentToDigest;
  await accept.execute({ id, number, now, code: codeOf(response), response: digest ? null : response });
  if (!row) return false;
  if (row.kind === 'reminder') await sendReminders.execute({ id });
  return true;
}

/** A message as it is, behind its lock: nobody erases it before the end of the transaction. */
export async function holdMessage(tx: WriteDb, id: string): Promise<Message | undefined> {
  const { messages } = tx.tables;
  const [row] = await tx
    .update(messages)
    .set({ claim: sql`${messages.claim}` })
    .where(eq(messages.id, id))
    .returning();
  return row;
}

/** Writes down how a try ended. */
export async function endAttempt(
  tx: WriteDb,
  { id, claim }: Pick<Claim, 'id' | 'claim'>,
  end: Partial<WriteDb['tables']['attempts']['$inferInsert']>,
) {
  const { attempts } = tx.tables;
  await tx
    .update(attempts)
    .set(end)
    .where(and(eq(attempts.messageId, id), eq(attempts.number, claim)));
}

/** Whose claim is still the newest, and not settled. */
export function ours(db: ReadDb, { id, claim }: Pick<Claim, 'id' | 'claim'>) {
  const { messages } = db.tables;
  return and(eq(messages.id, id), eq(messages.claim, claim), eq(messages.state, 'sending'));
}

/** What a mail that was taken keeps no more. */
const SETTLED = { raw: null, reason: null, holder: null };

/** What is written for each mail that leaves. */
const statements = preparedFor((tx: WriteDb) => {
  const { attempts, messages, reminders } = tx.tables;
  const id = sql.placeholder('id');
  const now = (column: typeof messages.sentAt | typeof messages.markedAt | typeof attempts.endedAt) => parameter('now', column);
  const ours = and(eq(messages.id, id), eq(messages.claim, sql.placeholder('number')), eq(messages.state, 'sending'));
  const response = parameter('response', messages.response);
  const over = parameter('over', messages.createdAt);
  return {
    mark: tx
      .update(messages)
      .set({ markedAt: now(messages.markedAt), copies: sql`${messages.copies} + 1` })
      .where(and(ours, isNull(messages.markedAt), mayLeave(tx), or(ne(messages.kind, 'sign_in'), gt(messages.createdAt, over))))
      .returning({ id: messages.id })
      .prepare('mark_leaving'),
    send: tx
      .update(messages)
      .set({
        state: 'sent',
        sentAt: now(messages.sentAt),
        response: sql`case when ${messages.sentToDigest} is null then ${response} end`,
        ...SETTLED,
        content: contentOnceSettled(tx),
        attempts: sql`${messages.attempts} + 1`,
      })
      .where(ours)
      .returning({ kind: messages.kind, digest: messages.sentToDigest })
      .prepare('mark_sent'),
    accept: tx
      .update(attempts)
      .set({ endedAt: now(attempts.endedAt), outcome: 'accepted', code: parameter('code', attempts.code), response })
      .where(and(eq(attempts.messageId, id), eq(attempts.number, sql.placeholder('number'))))
      .prepare('end_attempt'),
    sendReminders: tx
      .update(reminders)
      .set({ state: 'sent', reason: null })
      .where(and(eq(reminders.messageId, id), eq(reminders.state, 'pending')))
      .prepare('send_reminders'),
  };
});

const codeOf = (response: string) => Number(/^\d{3}/.exec(response)?.[0] ?? 0) || null;
