/** Erasure in messages: an address goes, with all that was written for it or said of it; its keyed digest stays as proof. */
import type { SQL } from 'drizzle-orm';
import { and, desc, eq, inArray, isNotNull, isNull, lt, sql } from '../store/drizzle.ts';
import { OPERATOR } from '../schema/schema.ts';
import { isHeld } from '../store/recall.ts';
import { digestsOf } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { cancelMessage, queueMessage } from './messages.ts';

/** Why a message was settled whose recipient is no more. */
const REMOVED = 'recipient_removed';
/** How many rows go in one statement: SQLite takes 32,766 values in one. */
const MOST_ROWS = 500;

/**
 * Takes the addresses out of some messages: the digest of each stands in its place, and bytes, a mail server's words and a subject that names an
 * address go. What a sender has under way stays its own, so that it can be recorded. Gives the addresses.
 */
export async function eraseMessages(tx: WriteDb, some: SQL | undefined, secret: string, now: Date): Promise<string[]> {
  const { attempts, messages } = tx.tables;
  // The rows' locks first: on PostgreSQL nobody freezes bytes, or writes down what was said of the address, until this is committed.
  const rows = await tx
    .update(messages)
    .set({ claim: sql`${messages.claim}` })
    .where(some)
    .returning({ id: messages.id, sentTo: messages.sentTo, state: messages.state, frozen: messages.messageId });
  const bySentTo = Map.groupBy(rows, ({ sentTo }) => sentTo);
  for (const [sentTo, erased] of bySentTo)
    for (const ids of slicesOf(erased.map(({ id }) => id))) {
      const digest = sentTo === null ? {} : { sentTo: null, sentToDigest: digestsOf(secret, sentTo).address };
      await tx
        .update(messages)
        .set({
          ...digest,
          raw: null,
          response: null,
          subject: sql`case when ${messages.subject} like '%@%' then null else ${messages.subject} end`,
        })
        .where(inArray(messages.id, ids));
      await tx
        .update(attempts)
        .set({ response: null })
        .where(and(inArray(attempts.messageId, ids), isNotNull(attempts.response)));
    }
  for (const { id, state } of rows) if (state === 'dead') await cancelMessage(tx, id, REMOVED);
  const frozen = rows.filter((row) => row.frozen !== null).map(({ id }) => id);
  await noteFormerMails(tx, frozen, now);
  return [...bySentTo.keys()].filter((sentTo) => sentTo !== null);
}

/** The kinds that tell an organisation's people of addresses of others. */
const NAMING_KINDS = ['undeliverable', 'partly_undeliverable', 'deputy_undeliverable'] as const;

/**
 * Takes an address out of what was written to the organisation's other people: subjects, bytes and files that name it. Where such a mail waits
 * with bytes, another one takes its place, which tells what still holds; what tells of what the address did is drafted anew.
 */
export async function eraseFromColleagues(tx: WriteDb, organisationId: string, address: string, now: Date): Promise<void> {
  const { messages, recipients } = tx.tables;
  const rows = await tx
    .update(messages)
    .set({ claim: sql`${messages.claim}` })
    .where(and(eq(messages.organisationId, organisationId), inArray(messages.kind, [...NAMING_KINDS]), isNotNull(messages.messageId)))
    .returning();
  const naming = rows.filter(({ subject }) => subject !== null && mentions(subject, address));
  for (const message of naming) {
    const isLeft = await dropBytes(tx, message);
    await tx.update(messages).set({ subject: null }).where(eq(messages.id, message.id));
    const [recipient] = isLeft
      ? await tx
          .select()
          .from(recipients)
          .where(eq(recipients.id, message.recipientId ?? ''))
      : [];
    const kind = NAMING_KINDS.find((one) => one === message.kind);
    if (recipient && kind) await queueMessage(tx, recipient, kind, now);
  }
  const telling = await tellingOfDoer(tx, organisationId, address);
  // Of what may have arrived, the rest goes into another mail when it is claimed.
  for (const message of telling) await dropFrozen(tx, message);
  await noteFormerMails(
    tx,
    [...naming, ...telling].map(({ id }) => id),
    now,
  );
}

/** The mails with bytes, now or once, that tell what an address did. */
async function tellingOfDoer(tx: WriteDb, organisationId: string, address: string) {
  const { acts, messages, notices } = tx.tables;
  const isFrozen = and(eq(acts.organisationId, organisationId), isNotNull(acts.by), isNotNull(messages.messageId));
  const rows = await tx
    .selectDistinct({ id: messages.id, by: acts.by })
    .from(notices)
    .innerJoin(acts, eq(acts.id, notices.actId))
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(isFrozen);
  const ids = rows.filter(({ by }) => mentions(by!, address)).map(({ id }) => id);
  // The rows' locks: on PostgreSQL nobody freezes their bytes until this is committed.
  return tx
    .update(messages)
    .set({ claim: sql`${messages.claim}` })
    .where(inArray(messages.id, ids))
    .returning({ id: messages.id });
}

/** Takes messages whose recipients are no more out of the operator's summaries, which name addresses where they list dead letters. */
export async function eraseFromSummaries(tx: WriteDb, erasedIds: Iterable<string>, now: Date): Promise<void> {
  const { messages } = tx.tables;
  const erased = new Set(erasedIds);
  const rows = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.kind, OPERATOR), isNull(messages.organisationId), isNotNull(messages.content)));
  const naming: string[] = [];
  for (const message of rows) {
    const content = message.content!.replaceAll(LISTED, (line, id: string) => (erased.has(id) ? `- ${id} recipient removed` : line));
    if (content === message.content) continue;
    await tx.update(messages).set({ content }).where(eq(messages.id, message.id));
    await dropBytes(tx, message);
    naming.push(message.id);
  }
  await noteFormerMails(tx, naming, now);
}

/** A line of a summary that begins with a message's id. */
const LISTED = /^- ([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}) .*$/gm;

/**
 * A mail's bytes go. What a sender holds is drafted anew; what is leaving is recorded and never repeated. True where it waited, and is settled now
 * since a copy may have arrived: another one would not be the same.
 */
async function dropBytes(tx: WriteDb, { id, raw, state, copies }: { id: string; raw: Buffer | null; state: string; copies: number }) {
  if (raw === null) return false;
  await dropFrozen(tx, { id });
  if (copies === 0 || state === 'sending') return false;
  await cancelMessage(tx, id, 'replaced');
  return true;
}

/** The same of one, whatever becomes of it. */
async function dropFrozen(tx: WriteDb, { id }: { id: string }): Promise<void> {
  const { messages } = tx.tables;
  await tx
    .update(messages)
    .set({ state: 'pending', holder: null })
    .where(and(eq(messages.id, id), isHeld(tx)));
  await tx.update(messages).set({ raw: null }).where(eq(messages.id, id));
}

/** Whether a text has an address in it, whatever the case of its letters, and with marks that keep mail programs from making links. */
function mentions(text: string, address: string): boolean {
  return text
    .replaceAll(/\p{Cf}/gu, '')
    .toLowerCase()
    .includes(address.toLowerCase());
}

/** For how long each process has time to remove what it wrote of a mail. */
const FORMER_MS = 7 * 86_400_000;

/** To be called with messages whose mails are no more: what a `file:` MAIL_URL wrote of them goes too. */
export async function noteFormerMails(tx: WriteDb, ids: readonly string[], now: Date): Promise<void> {
  const { formerMails } = tx.tables;
  for (const some of slicesOf(ids))
    await tx
      .insert(formerMails)
      .values(some.map((messageId) => ({ messageId, erasedAt: now })))
      .onConflictDoUpdate({ target: formerMails.messageId, set: { erasedAt: now } });
}

/** When a mail was erased last, of those that are not forgotten; else null. */
export async function newestErasure(db: ReadDb): Promise<Date | null> {
  const { formerMails } = db.tables;
  const [row] = await db.select({ at: formerMails.erasedAt }).from(formerMails).orderBy(desc(formerMails.erasedAt)).limit(1);
  return row?.at ?? null;
}

/** The messages whose mails were lately erased. */
export async function readFormerMails(db: ReadDb): Promise<Set<string>> {
  const { formerMails } = db.tables;
  const rows = await db.select({ id: formerMails.messageId }).from(formerMails);
  return new Set(rows.map(({ id }) => id));
}

/** Forgets those to which every process has seen. */
export async function forgetFormerMails(tx: WriteDb, now: Date): Promise<void> {
  const { formerMails } = tx.tables;
  await tx.delete(formerMails).where(lt(formerMails.erasedAt, new Date(now.getTime() - FORMER_MS)));
}

function slicesOf<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / MOST_ROWS) }, (_, n) => all.slice(n * MOST_ROWS, (n + 1) * MOST_ROWS));
}
