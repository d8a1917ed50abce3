/** Recall: takes messages back from a sender as long as nothing of them left. */
import { and, eq, inArray, isNull, sql } from './drizzle.ts';
import type { ReadDb, WriteDb } from './store.ts';

/**
 * Takes messages back from their senders: they are drafted anew. Whatever changes what mails say does this in the same transaction, so that
 * nothing outdated leaves once the change is acknowledged. Without organisations: everybody's.
 */
export async function recallMessages(tx: WriteDb, organisationIds?: readonly string[]): Promise<void> {
  const { messages } = tx.tables;
  const whose = organisationIds && inArray(messages.organisationId, [...organisationIds]);
  await tx
    .update(messages)
    .set({ state: 'pending', holder: null, raw: rawUnlessCopied(tx) })
    .where(and(isHeld(tx), whose));
}

/** A sender that holds a message in this state has not marked it, and cannot once the state is another. */
export function isHeld(db: ReadDb) {
  const { messages } = db.tables;
  return and(eq(messages.state, 'sending'), isNull(messages.markedAt));
}

/** Bytes of which a copy may have arrived are kept: another copy must be the very same. */
export function rawUnlessCopied(db: ReadDb) {
  const { messages } = db.tables;
  return sql<Buffer | null>`case when ${messages.copies} = 0 then null else ${messages.raw} end`;
}
