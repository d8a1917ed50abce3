/** A person's new address: it holds once both addresses said yes, so that neither a forwarded mail nor a typing error moves an account. */
import { AppError } from '../../calendars/errors.ts';
import { canonicalAddress, foldAddress } from '../../calendars/mail-address.ts';
import { ADDRESS_CHANGE_LIMITS, ADDRESS_CHANGE_MS, freeAgainAt } from '../../calendars/people/sign-in.ts';
import { and, eq, gt, or } from '../store/drizzle.ts';
import { mailsOfDay, queuePersonalMail } from '../messages/personal-mails.ts';
import { digestOf, newSecret } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { findPerson, getPerson } from './people.ts';
import { endAllSessions } from './sessions.ts';

/**
 * Asks both addresses; what was asked before ends. Whether the new one is somebody's nobody is told here. A recipient with the former address
 * stays as it is. Throws `not_found`, `invalid` for the same address, or `limited` within ten minutes of the one before, and where the person asked, or
 * the new mailbox was asked, enough for a day.
 */
export async function askAddressChange(tx: WriteDb, personId: string, email: string, now: Date): Promise<void> {
  const { addressChanges } = tx.tables;
  const person = await getPerson(tx, personId);
  const address = foldAddress(email);
  if (address === person.email)
    throw new AppError('invalid', 'This is the address already.', [{ field: 'email', message: 'must be another one' }]);
  await requireFewChanges(tx, { personId, former: person.email, email: address }, now);
  const [formerToken, newToken] = [newSecret(), newSecret()];
  const row = {
    email: address,
    formerToken: digestOf(formerToken),
    formerConfirmedAt: null,
    newToken: digestOf(newToken),
    newConfirmedAt: null,
    createdAt: now,
    expiresAt: new Date(now.getTime() + ADDRESS_CHANGE_MS),
  };
  await tx
    .insert(addressChanges)
    .values({ personId, ...row })
    .onConflictDoUpdate({ target: addressChanges.personId, set: row });
  const mail = { kind: 'address_change', language: person.language, email: address } as const;
  await queuePersonalMail(tx, { ...mail, to: person.email, token: formerToken, isNew: false }, now);
  await queuePersonalMail(tx, { ...mail, to: address, token: newToken, isNew: true }, now);
}

/** What the page behind one of the two links shows; null where nothing waits for it. Looking changes nothing. */
export async function findAddressChange(
  db: ReadDb,
  token: string,
  now: Date,
): Promise<{ personId: string; email: string; isNew: boolean } | null> {
  const { addressChanges } = db.tables;
  const [row] = await db
    .select()
    .from(addressChanges)
    .where(isOpen(db, token, now));
  return row ? { personId: row.personId, email: row.email, isNew: row.newToken === digestOf(token) } : null;
}

/**
 * Says yes at one address. `changed` once both did: then it is the person's, who is signed out everywhere, and the former one is told. `taken`: it became somebody else's meanwhile. Throws `gone` for what
 * was replaced or is over.
 */
export async function confirmAddressChange(tx: WriteDb, token: string, now: Date): Promise<'waiting' | 'changed' | 'taken'> {
  const { addressChanges, people } = tx.tables;
  const digest = digestOf(token);
  const [former] = await tx
    .update(addressChanges)
    .set({ formerConfirmedAt: now })
    .where(and(eq(addressChanges.formerToken, digest), gt(addressChanges.expiresAt, now)))
    .returning();
  const [row] = former
    ? [former]
    : await tx
        .update(addressChanges)
        .set({ newConfirmedAt: now })
        .where(and(eq(addressChanges.newToken, digest), gt(addressChanges.expiresAt, now)))
        .returning();
  if (!row) throw new AppError('gone', 'This link was used, replaced, or holds no longer.');
  if (row.formerConfirmedAt === null || row.newConfirmedAt === null) return 'waiting';
  await tx.delete(addressChanges).where(eq(addressChanges.personId, row.personId));
  if (await findPerson(tx, row.email)) return 'taken';
  const person = await getPerson(tx, row.personId);
  // Whoever came in by the former address has to come in by the new one.
  await endAllSessions(tx, row.personId, now);
  await tx.update(people).set({ email: row.email }).where(eq(people.id, row.personId));
  await queuePersonalMail(tx, { kind: 'new_address', to: person.email, language: person.language, email: row.email }, now);
  return 'changed';
}

const PAUSE_MS = 600_000;

async function requireFewChanges(
  tx: WriteDb,
  { email, former, personId }: { personId: string; former: string; email: string },
  now: Date,
): Promise<void> {
  const { addressChanges } = tx.tables;
  const [earlier] = await tx.select().from(addressChanges).where(eq(addressChanges.personId, personId));
  const pauseEnd = new Date((earlier?.createdAt.getTime() ?? 0) + PAUSE_MS);
  // What was asked before is replaced; the mails about it are kept longer.
  const asked = await mailsOfDay(tx, 'address_change', now);
  const ends = [former, email].map((one) => {
    const mailbox = canonicalAddress(one);
    const moments = asked.filter(({ to }) => canonicalAddress(to) === mailbox).map(({ at }) => at);
    return freeAgainAt(moments, ADDRESS_CHANGE_LIMITS, now);
  });
  const freeAt = ends.reduce<Date>((latest, end) => (end !== null && end > latest ? end : latest), pauseEnd);
  if (freeAt > now)
    throw new AppError('limited', `Enough addresses were asked for now. They may be asked again at ${freeAt.toISOString()}.`);
}

function isOpen(db: ReadDb, token: string, now: Date) {
  const { addressChanges } = db.tables;
  const digest = digestOf(token);
  return and(or(eq(addressChanges.formerToken, digest), eq(addressChanges.newToken, digest)), gt(addressChanges.expiresAt, now));
}
