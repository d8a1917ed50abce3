/** Suppressed mailboxes, which get no question: they asked for that, or do not exist. Kept as digests, so that it holds when the recipient is gone. */
import { and, eq, inArray, sql } from '../store/drizzle.ts';
import type { AddressDigests } from '../store/secrets.ts';
import type { ReadDb, Store, WriteDb } from '../store/store.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';

/** Why no question leaves. `fault`: what the mail server said. */
export type Unaskable = { reason: 'declined' } | { reason: 'undeliverable'; fault: string };

/** A mailbox, by its digest, and an organisation that may ask it nothing more. */
export interface Decline {
  organisationId: string;
  mailbox: string;
}

/** Why an organisation cannot ask an address, or null when it can. */
export async function findUnaskable(db: ReadDb, organisationId: string, digests: AddressDigests): Promise<Unaskable | null> {
  return (await unaskableAmong(db, organisationId, [digests])).get(digests.address) ?? null;
}

/** The same of several, by the address's digest; those that can be asked are left out. */
export async function unaskableAmong(
  db: ReadDb,
  organisationId: string,
  digests: readonly AddressDigests[],
): Promise<Map<string, Unaskable>> {
  const { deadAddresses, declines } = db.tables;
  if (digests.length === 0) return new Map();
  const [addresses, mailboxes] = [digests.map(({ address }) => address), digests.map(({ mailbox }) => mailbox)];
  const dead = await db.select().from(deadAddresses).where(inArray(deadAddresses.address, addresses));
  const declined = await db
    .select({ mailbox: declines.mailbox })
    .from(declines)
    .where(and(eq(declines.organisationId, organisationId), inArray(declines.mailbox, mailboxes)));
  const unwilling = new Set(declined.map(({ mailbox }) => mailbox));
  return new Map<string, Unaskable>([
    ...digests.filter(({ mailbox }) => unwilling.has(mailbox)).map(({ address }) => [address, { reason: 'declined' }] as const),
    ...dead.map(({ address, fault }) => [address, { reason: 'undeliverable', fault }] as const),
  ]);
}

/** Whether the mail server said that there is no such address. */
export async function findDead(db: ReadDb, { address }: Pick<AddressDigests, 'address'>): Promise<boolean> {
  const { deadAddresses } = db.tables;
  return (await db.$count(deadAddresses, eq(deadAddresses.address, address))) > 0;
}

export async function isDeclined(db: ReadDb, decline: Decline): Promise<boolean> {
  return (await db.$count(db.tables.declines, itself(db, decline))) > 0;
}

export async function noteDecline(tx: WriteDb, decline: Decline, now: Date): Promise<void> {
  const noted = await tx
    .insert(tx.tables.declines)
    .values({ ...decline, declinedAt: now })
    .onConflictDoNothing()
    .returning();
  if (noted.length > 0) await noteWithdrawal(tx, 'question', [decline.organisationId, decline.mailbox], now);
}

/** The organisation may ask again. True when the mailbox had declined. */
export async function forgetDecline(tx: WriteDb, decline: Decline, now: Date): Promise<boolean> {
  const forgotten = await tx.delete(tx.tables.declines).where(itself(tx, decline)).returning();
  if (forgotten.length === 0) return false;
  await noteWithdrawal(tx, 'question', [decline.organisationId, decline.mailbox], now, { isOver: true });
  return true;
}

/**
 * Writes down that the mail server does not know an address, for as long as nobody says that it works again. Of what it said only the numbers are
 * kept: its words may name the address.
 */
export async function noteDead(tx: WriteDb, { address }: Pick<AddressDigests, 'address'>, fault: string, now: Date): Promise<void> {
  const noted = await tx
    .insert(tx.tables.deadAddresses)
    .values({ address, fault: numbersIn(fault), since: now })
    .onConflictDoNothing()
    .returning();
  if (noted.length > 0) await noteWithdrawal(tx, 'dead_address', [address], now);
}

/** Leaves only numbers of what was said of addresses: older releases kept the words. */
export async function shortenFaults(tx: WriteDb, digests: readonly Pick<AddressDigests, 'address'>[]): Promise<void> {
  const { deadAddresses } = tx.tables;
  const addresses = digests.map(({ address }) => address);
  if (addresses.length === 0) return;
  for (const { address, fault } of await tx.select().from(deadAddresses).where(inArray(deadAddresses.address, addresses)))
    if (fault !== numbersIn(fault))
      await tx
        .update(deadAddresses)
        .set({ fault: numbersIn(fault) })
        .where(eq(deadAddresses.address, address));
}

/** The address works again. True when it was written down as dead. */
export async function forgetDead(tx: WriteDb, { address }: Pick<AddressDigests, 'address'>, now: Date): Promise<boolean> {
  const { deadAddresses } = tx.tables;
  const forgotten = await tx.delete(deadAddresses).where(eq(deadAddresses.address, address)).returning();
  if (forgotten.length === 0) return false;
  await noteWithdrawal(tx, 'dead_address', [address], now, { isOver: true });
  return true;
}

/** To be called when an address said yes: it exists, and its owner may be asked again. */
export async function noteAnswer(tx: WriteDb, organisationId: string, digests: AddressDigests, now: Date): Promise<void> {
  await forgetDecline(tx, { organisationId, mailbox: digests.mailbox }, now);
  await forgetDead(tx, digests, now);
}

/** The same of all. */
export async function shortenAllFaults(store: Store): Promise<void> {
  const { deadAddresses } = store.read.tables;
  for (;;) {
    const rows = await store.read
      .select({ address: deadAddresses.address })
      .from(deadAddresses)
      .where(sql`length(${deadAddresses.fault}) > ${NO_NUMBERS.length}`)
      .limit(AT_ONCE);
    if (rows.length === 0) return;
    await store.write((tx) => shortenFaults(tx, rows));
  }
}

const AT_ONCE = 100;
/** What stands where there are none: longer than any numbers. */
const NO_NUMBERS = 'no such address';

/** The numbers at the beginning of what a mail server said, as `550 5.1.1`. */
function numbersIn(fault: string): string {
  return /^(?:[245]\d\d\b)?[ -]?(?:[245]\.\d{1,3}\.\d{1,3}\b)?/.exec(fault)![0].replace('-', ' ').trim() || NO_NUMBERS;
}

function itself(db: ReadDb, { organisationId, mailbox }: Decline) {
  const { declines } = db.tables;
  return and(eq(declines.organisationId, organisationId), eq(declines.mailbox, mailbox));
}
