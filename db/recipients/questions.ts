/** Confirmation requests ("questions") to addresses: queued at once, and limited by the hour and the day for each mailbox, whoever asks. */
import { and, eq, inArray, lte, or } from '../store/drizzle.ts';
import { cancelMessage, queueMessage } from '../messages/messages.ts';
import { QUESTION_KINDS, type AskedOnce, type Message, type OwnMessage, type QuestionKind, type Recipient } from '../schema/schema.ts';
import { digestsOf, type AddressDigests } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { findUnaskable, type Unaskable } from '../messages/unaskable.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How many questions a mailbox gets within a day; within an hour it is one. */
const MOST_A_DAY = 3;

export function isQuestion(kind: Message['kind']): kind is QuestionKind {
  return QUESTION_KINDS.some((one) => one === kind);
}

/** Queues a question, unless the same one waits or is leaving already. It leaves when the limit allows. */
export async function ask(tx: WriteDb, recipient: Recipient, kind: QuestionKind, now: Date): Promise<void> {
  if (!(await isAsked(tx, recipient, kind, ['pending', 'sending']))) await queueMessage(tx, recipient, kind, now);
}

/** Queues the question to a deputy that gave no answer, unless it was asked before and can still answer that. */
export async function askDeputyOnce(tx: WriteDb, recipient: Recipient, now: Date): Promise<void> {
  const { deputyConfirmedAt, deputyEmail, deputyFault } = recipient;
  if (deputyEmail === null || deputyConfirmedAt !== null || deputyFault !== null) return;
  if (await isAsked(tx, recipient, 'deputy_confirmation', ['sent'])) return;
  await ask(tx, recipient, 'deputy_confirmation', now);
}

async function isAsked(db: ReadDb, { id, deputyEmail }: Recipient, kind: QuestionKind, states: Message['state'][]): Promise<boolean> {
  const { messages } = db.tables;
  const its = and(eq(messages.recipientId, id), eq(messages.kind, kind), inArray(messages.state, states));
  const toDeputy = states.includes('sent') ? eq(messages.sentTo, deputyEmail ?? '') : undefined;
  return (await db.$count(messages, and(its, toDeputy))) > 0;
}

/** A message that asks, and whom. */
export interface Question {
  message: OwnMessage;
  to: string;
}

/**
 * What becomes of questions that are due, by message: `null` where it may leave now, which is noted; a moment where it has to wait until
 * then; or why it never leaves. Who else asks the same mailbox meanwhile waits for the end of the transaction.
 */
export async function decideQuestions(
  tx: WriteDb,
  questions: readonly Question[],
  secret: string,
  now: Date,
): Promise<Map<string, Date | Unaskable | null>> {
  const withDigests = questions.map(({ message, to }) => ({ message, digests: digestsOf(secret, to) }));
  const turns = await lockTurns(
    tx,
    withDigests.map(({ digests }) => digests.mailbox),
    now,
  );
  const decisions = new Map<string, Date | Unaskable | null>();
  for (const { message, digests } of withDigests) {
    const unaskable = await findUnaskable(tx, message.organisationId, digests);
    const decision = unaskable ?? (await takeTurn(tx, turns, { message, digests }, now));
    decisions.set(message.id, decision);
  }
  return decisions;
}

/** Puts a question off, or settles one that never leaves: then the recipient shows what the mail server said of the address. */
export async function putOff(tx: WriteDb, message: Message, decision: Date | Unaskable): Promise<void> {
  const { messages, recipients } = tx.tables;
  if (decision instanceof Date) {
    await tx.update(messages).set({ dueAt: decision }).where(eq(messages.id, message.id));
    return;
  }
  await cancelMessage(tx, message.id, decision.reason);
  if (decision.reason === 'declined') return;
  const { fault } = decision;
  const dead = message.kind === 'confirmation' ? { status: 'undeliverable' as const, fault } : { deputyFault: fault };
  await tx
    .update(recipients)
    .set(dead)
    .where(eq(recipients.id, message.recipientId ?? ''));
}

/**
 * When a question would leave between two moments, or null when that is later or never. In its transaction, which nobody keeps, it counts for
 * the others from then on.
 */
export async function rehearseQuestion(
  tx: WriteDb,
  question: Question,
  secret: string,
  { now, end }: { now: Date; end: Date },
): Promise<Date | null> {
  const { messages } = tx.tables;
  const { id, dueAt } = question.message;
  for (let at = dueAt > now ? dueAt : now; at <= end;) {
    const decision = (await decideQuestions(tx, [question], secret, at)).get(id) ?? null;
    if (decision === null) {
      await tx.update(messages).set({ state: 'sending' }).where(eq(messages.id, id));
      return at > now ? at : dueAt;
    }
    if (!(decision instanceof Date)) return null;
    at = decision;
  }
  return null;
}

/** Holds a mailbox, or a caller, by its digest until the end of the transaction: whoever else counts what was asked of it, or by it, waits. */
export async function holdTurn(tx: WriteDb, digest: string, now: Date): Promise<void> {
  await lockTurn(tx, digest, now);
}

/** Forgets questions that count for no limit any more. */
export async function forgetQuestions(tx: WriteDb, now: Date): Promise<void> {
  const { questions } = tx.tables;
  await tx.delete(questions).where(lte(questions.lastAt, new Date(now.getTime() - DAY_MS)));
}

/** By mailbox: the questions that count, the oldest first. */
type Turns = Map<string, AskedOnce[]>;

/** Locks the mailboxes' rows, always in the same order, so that two that want several never wait for each other. */
async function lockTurns(tx: WriteDb, mailboxes: readonly string[], now: Date): Promise<Turns> {
  const turns: Turns = new Map();
  for (const mailbox of [...new Set(mailboxes)].sort()) {
    const asked = await lockTurn(tx, mailbox, now);
    turns.set(mailbox, await countedOf(tx, asked, now));
  }
  return turns;
}

async function lockTurn(tx: WriteDb, mailbox: string, now: Date): Promise<AskedOnce[]> {
  const { questions } = tx.tables;
  const [row] = await tx
    .insert(questions)
    .values({ mailbox, asked: [], lastAt: now })
    .onConflictDoUpdate({ target: questions.mailbox, set: { mailbox } })
    .returning();
  return row!.asked;
}

async function takeTurn(
  tx: WriteDb,
  turns: Turns,
  { message, digests: { mailbox } }: { message: OwnMessage; digests: AddressDigests },
  now: Date,
): Promise<Date | null> {
  const { questions } = tx.tables;
  const { id, organisationId } = message;
  const earlierQuestions = (turns.get(mailbox) ?? []).filter(({ messageId }) => messageId !== id);
  const free = Math.max(momentOf(earlierQuestions.at(-1)) + HOUR_MS, momentOf(earlierQuestions.at(-MOST_A_DAY)) + DAY_MS);
  // Of several that wait, those go first whose organisation asked this mailbox less: nobody can fill the queue for another.
  if (free > now.getTime()) return new Date(free + earlierQuestions.filter((one) => one.organisationId === organisationId).length);
  const asked = [...earlierQuestions, { messageId: id, organisationId, at: now.toISOString() }];
  turns.set(mailbox, asked);
  await tx.update(questions).set({ asked, lastAt: now }).where(eq(questions.mailbox, mailbox));
  return null;
}

const momentOf = (one: AskedOnce | undefined) => (one ? new Date(one.at).getTime() : -Infinity);

/** Those of the last day that arrived or may have, the oldest first: a mail server that was away asked nobody. */
async function countedOf(tx: WriteDb, asked: readonly AskedOnce[], now: Date): Promise<AskedOnce[]> {
  const { messages } = tx.tables;
  // What a clock that was wrong wrote down as asked in the future must not silence a mailbox until then.
  const isRecent = ({ at }: AskedOnce) => {
    const age = now.getTime() - new Date(at).getTime();
    return age < DAY_MS && age > -HOUR_MS;
  };
  const recent = asked.filter(isRecent).sort((a, b) => (a.at < b.at ? -1 : 1));
  if (recent.length === 0) return [];
  const ids = recent.map(({ messageId }) => messageId);
  const stayed = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        inArray(messages.id, ids),
        or(eq(messages.state, 'pending'), eq(messages.state, 'cancelled'), eq(messages.state, 'dead')),
        eq(messages.copies, 0),
      ),
    );
  const nowhere = new Set(stayed.map((row) => row.id));
  return recent.filter(({ messageId }) => !nowhere.has(messageId));
}
