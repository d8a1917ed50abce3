/** Senders: the processes that may send mail. On SQLite one at a time does; each renews its lease every minute. */
import { eq, lt } from '../store/drizzle.ts';
import type { Tables } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** How long a sender counts after it was last heard of. */
const SENDER_LEASE_MS = 90_000;

/** A process that sends. `holder` is its own for life, however often a process number is given out again. */
export interface Sender {
  holder: string;
  host: string;
  pid: number;
}

export type HeldSender = Tables['senders']['$inferSelect'];

/** Whether a process of this host is running, by its number. */
export type IsRunning = (pid: number) => boolean;

/** Says that this sender is there. Senders that no longer count are forgotten. */
export async function renewSender(tx: WriteDb, sender: Sender, now: Date): Promise<void> {
  const { senders } = tx.tables;
  await tx.delete(senders).where(lt(senders.renewedAt, leaseEnd(now)));
  await tx
    .insert(senders)
    .values({ ...sender, renewedAt: now })
    .onConflictDoUpdate({ target: senders.holder, set: { renewedAt: now } });
}

/** Takes the sender's place for this process alone, or gives the one that has it. */
export async function takeSender(tx: WriteDb, sender: Sender, now: Date, isRunning: IsRunning): Promise<HeldSender | null> {
  const other = await otherSender(tx, sender, now, isRunning);
  if (other) return other;
  await renewSender(tx, sender, now);
  return null;
}

/** Another process that sends, or null. One that was not heard of for 90 seconds, or is gone from this host, does not count. */
export async function otherSender(db: ReadDb, sender: Sender, now: Date, isRunning: IsRunning): Promise<HeldSender | null> {
  const { senders } = db.tables;
  const rows = await db.select().from(senders);
  const otherSenders = rows.filter(({ holder, renewedAt }) => holder !== sender.holder && renewedAt >= leaseEnd(now));
  // A process with our own number on our own host is an earlier one of ours: in a container every process is number 1.
  const here = ({ host }: HeldSender) => host === sender.host;
  return otherSenders.find((other) => !here(other) || (other.pid !== sender.pid && isRunning(other.pid))) ?? null;
}

/** The names of all processes that send: claims of any other are nobody's. */
export async function liveSenders(db: ReadDb, now: Date, host: string, isRunning: IsRunning): Promise<string[]> {
  const { senders } = db.tables;
  const rows = await db.select().from(senders);
  return rows.filter((row) => row.renewedAt >= leaseEnd(now) && (row.host !== host || isRunning(row.pid))).map(({ holder }) => holder);
}

/** Gives the place up, so that the next process need not wait. */
export async function releaseSender(tx: WriteDb, { holder }: Sender): Promise<void> {
  const { senders } = tx.tables;
  await tx.delete(senders).where(eq(senders.holder, holder));
}

const leaseEnd = (now: Date) => new Date(now.getTime() - SENDER_LEASE_MS);
