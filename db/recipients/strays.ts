/** Stray addresses: they stand in messages whose recipient or deputy is somebody else by now, or nobody. A daily look erases them. */
import { setImmediate } from 'node:timers/promises';
import { eraseFromSummaries, eraseMessages } from '../messages/erasure.ts';
import { shortenAllFaults } from '../messages/unaskable.ts';
import { and, asc, eq, gt, inArray, isNotNull, isNull, not, or } from '../store/drizzle.ts';
import type { Store } from '../store/store.ts';
import { eraseTraces } from './erasure.ts';

/** So many messages in one transaction, and so many recipients in one look. */
const AT_ONCE = 100;

/**
 * Erases what stands of recipients that older releases removed, or that were removed while PostgreSQL still queued a mail to them, and of who is
 * a deputy no more. Gives how many messages that were; a second run finds none.
 */
export async function eraseStrays(store: Store, secret: string, now: Date): Promise<number> {
  const orphans = await eraseOrphans(store, secret, now);
  const replaced = await eraseFormerDeputies(store, secret, now);
  await shortenAllFaults(store);
  return orphans + replaced;
}

/** Messages to an organisation's people whose recipient is no more. */
async function eraseOrphans(store: Store, secret: string, now: Date): Promise<number> {
  const { messages } = store.read.tables;
  const isOrphan = and(isNull(messages.recipientId), isNotNull(messages.organisationId), isNotNull(messages.sentTo));
  for (let erased = 0; ;) {
    const rows = await store.read
      .select({ id: messages.id, organisationId: messages.organisationId })
      .from(messages)
      .where(isOrphan)
      .limit(AT_ONCE);
    if (rows.length === 0) return erased;
    await store.write(async (tx) => {
      for (const [organisationId, some] of Map.groupBy(rows, (row) => row.organisationId!)) {
        const ids = some.map(({ id }) => id);
        const addresses = await eraseMessages(tx, and(inArray(messages.id, ids), isOrphan), secret, now);
        await eraseTraces(tx, { organisationId, addresses }, secret, now);
        await eraseFromSummaries(tx, ids, now);
      }
    });
    erased += rows.length;
    // Whoever waits for an answer goes first.
    await setImmediate();
  }
}

/** Messages that went to a deputy that is none any more. What may still leave is let alone: it goes to whom it was made for. */
async function eraseFormerDeputies(store: Store, secret: string, now: Date): Promise<number> {
  const { messages, recipients } = store.read.tables;
  const isAnothers = and(
    inArray(messages.state, ['sent', 'cancelled']),
    not(eq(messages.sentTo, recipients.email)),
    or(isNull(recipients.deputyEmail), not(eq(messages.sentTo, recipients.deputyEmail))),
  );
  let erased = 0;
  for (let after = ''; ;) {
    const people = await store.read
      .select({ id: recipients.id })
      .from(recipients)
      .where(gt(recipients.id, after))
      .orderBy(asc(recipients.id))
      .limit(AT_ONCE);
    if (people.length === 0) return erased;
    after = people.at(-1)!.id;
    const rows = await store.read
      .select({ id: messages.id, organisationId: recipients.organisationId })
      .from(messages)
      .innerJoin(recipients, eq(recipients.id, messages.recipientId))
      .where(
        and(
          inArray(
            messages.recipientId,
            people.map(({ id }) => id),
          ),
          isAnothers,
        ),
      );
    for (let n = 0; n < rows.length; n += AT_ONCE) {
      const some = rows.slice(n, n + AT_ONCE);
      await store.write(async (tx) => {
        for (const [organisationId, its] of Map.groupBy(some, (row) => row.organisationId)) {
          const ids = its.map(({ id }) => id);
          const addresses = await eraseMessages(tx, inArray(messages.id, ids), secret, now);
          await eraseTraces(tx, { organisationId, addresses }, secret, now);
        }
      });
      await setImmediate();
    }
    erased += rows.length;
    await setImmediate();
  }
}
