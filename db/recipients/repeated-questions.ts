/** Repeated questions: who gave no answer within three days is asked once more, by a mail of its own that says so. */
import { setImmediate } from 'node:timers/promises';
import { and, desc, eq, sql } from '../store/drizzle.ts';
import { readHold } from '../messages/hold.ts';
import { insertMessage } from '../messages/messages.ts';
import { findUnaskable } from '../messages/unaskable.ts';
import type { Message, Recipient } from '../schema/schema.ts';
import { digestsOf } from '../store/secrets.ts';
import type { ReadDb, Store } from '../store/store.ts';

const DAY_MS = 24 * 3_600_000;
/** How long a question waits for its answer. */
const AFTER_MS = 3 * DAY_MS;
/** A service that was away for longer does not come back to it: nobody remembers what it was about. */
const UNTIL_MS = 14 * DAY_MS;

/** Whether a message asks for the second time. */
export function isRepeated({ key, recipientId }: Pick<Message, 'key' | 'recipientId'>): boolean {
  return key.startsWith(`${recipientId}/${REPEATED}/`);
}

/**
 * Queues the second question to each recipient whose first left three days ago or more and has no answer, and to none a third. They leave as all
 * questions do, when the limit allows; who wants no questions, or does not exist, is passed over. While mail is held there are none: nobody asks
 * for them, and a restored backup may not know of an answer. Says how many it queued.
 */
export async function repeatQuestions(store: Store, secret: string, now: Date): Promise<number> {
  if ((await readHold(store.read)) !== null) return 0;
  let queued = 0;
  for (const { recipient, message } of await unanswered(store.read, now)) {
    const isAskable = (await findUnaskable(store.read, recipient.organisationId, digestsOf(secret, recipient.email))) === null;
    if (!isAskable) continue;
    const key = `${recipient.id}/${REPEATED}/${message.id}`;
    await store.write((tx) => insertMessage(tx, recipient, { kind: 'confirmation', key, dueAt: now }, now));
    queued += 1;
    // Whoever waits for an answer goes first.
    await setImmediate();
  }
  return queued;
}

const REPEATED = 'confirmation/repeated';

/** Recipients that gave no answer, with the question that was the newest, where it is due to be repeated. */
async function unanswered(db: ReadDb, now: Date): Promise<{ recipient: Recipient; message: Message }[]> {
  const { messages, recipients } = db.tables;
  const rows = await db
    .select({ recipient: recipients, message: messages })
    .from(recipients)
    .innerJoin(messages, and(eq(messages.recipientId, recipients.id), eq(messages.kind, 'confirmation')))
    // As the index has it.
    .where(sql`${recipients.status} = 'pending'`)
    .orderBy(desc(messages.createdAt), desc(messages.sentAt));
  const newest = new Map(rows.toReversed().map((row) => [row.recipient.id, row]));
  return [...newest.values()].filter(({ message }) => isDue(message, now));
}

function isDue(message: Message, now: Date): boolean {
  if (message.state !== 'sent' || message.sentAt === null || isRepeated(message)) return false;
  const age = now.getTime() - message.sentAt.getTime();
  return age >= AFTER_MS && age <= UNTIL_MS;
}
