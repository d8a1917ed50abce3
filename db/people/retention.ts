/** What is kept of people for a while only: each goes by itself once it is of no use. */
import { lt, lte } from '../store/drizzle.ts';
import { forgetPersonalMails } from '../messages/personal-mails.ts';
import type { WriteDb } from '../store/store.ts';

/** Sign-ins go a day after they were asked for, sessions, enrolments, invitations and changes of address at their end. Gives how many rows went. */
export async function forgetPast(tx: WriteDb, now: Date): Promise<number> {
  const { addressChanges, enrolments, invitations, sessions, signIns } = tx.tables;
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const gone = [
    await tx.delete(signIns).where(lt(signIns.createdAt, dayAgo)).returning({ id: signIns.id }),
    await tx.delete(sessions).where(lte(sessions.expiresAt, now)).returning({ id: sessions.id }),
    await tx.delete(enrolments).where(lte(enrolments.expiresAt, now)).returning({ id: enrolments.id }),
    await tx.delete(invitations).where(lte(invitations.expiresAt, now)).returning({ id: invitations.id }),
    await tx.delete(addressChanges).where(lte(addressChanges.expiresAt, now)).returning({ id: addressChanges.personId }),
  ];
  return gone.reduce((sum, rows) => sum + rows.length, await forgetPersonalMails(tx, now));
}

const DAY_MS = 86_400_000;
