/** What somebody withdrew, noted in the change itself: a backup of before is brought to the same once it is restored. */
import { randomUUID } from 'node:crypto';
import { gt } from './drizzle.ts';
import { nextNumber } from './counters.ts';
import type { Tables } from '../schema/schema.ts';
import type { WithdrawalKind } from '../schema/store.ts';
import type { ReadDb, WriteDb } from './store.ts';

export type Withdrawal = Tables['withdrawals']['$inferSelect'];

/**
 * Notes a withdrawal, or that one holds no longer. `subject`: what its kind names, in that order: ids, keyed digests of addresses and words of ours, and
 * nothing that tells of a person. To be called in the transaction that withdraws.
 */
export async function noteWithdrawal(
  tx: WriteDb,
  kind: WithdrawalKind,
  subject: readonly string[],
  now: Date,
  { isOver = false }: { isOver?: boolean } = {},
): Promise<void> {
  const number = await nextNumber(tx);
  await tx.insert(tx.tables.withdrawals).values({ number, id: randomUUID(), at: now, kind, subject: [...subject], isOver });
}

/** The withdrawals after a number, in the order of their commits, at most so many. */
export async function withdrawalsAfter(db: ReadDb, number: number, limit: number): Promise<Withdrawal[]> {
  const { withdrawals } = db.tables;
  return db.select().from(withdrawals).where(gt(withdrawals.number, number)).orderBy(withdrawals.number).limit(limit);
}
