/** Links for an insurer's own purchasers: an editor makes one and hands it over; who has it says of each entry whether it is right, without an account. */
import { randomUUID } from 'node:crypto';
import { noteAudit } from '../audit.ts';
import { and, desc, eq, gt, isNull, lt, or } from '../../store/drizzle.ts';
import { digestOf, newSecret } from '../../store/secrets.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { noteWithdrawal } from '../../store/withdrawals.ts';

/** So long a link holds. */
export const HOLDS_DAYS = 90;
const DAY_MS = 86_400_000;

export interface PurchaserLink {
  id: string;
  /** The slug of the insurer whose entries it opens. */
  insurer: string;
  createdAt: Date;
  /** As in the audit. */
  createdBy: string;
  expiresAt: Date;
  revokedAt: Date | null;
  /** When something was last said by it: looking changes nothing, since robots open links too. */
  lastUsedAt: Date | null;
}

/** Who changes something, and when. */
interface Change {
  by: string;
  now: Date;
}

/** Makes a link beside those that there are. Its token is given this once. */
export async function makePurchaserLink(
  tx: WriteDb,
  insurer: string,
  { by, now }: Change,
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = newSecret();
  const row = { id: randomUUID(), createdAt: now, expiresAt: new Date(now.getTime() + HOLDS_DAYS * DAY_MS) };
  await tx.insert(tx.tables.purchaserLinks).values({ ...row, insurerSlug: insurer, token: digestOf(token), createdBy: by });
  const after = { insurer, expiresAt: row.expiresAt.toISOString() };
  await noteAudit(tx, { by, what: 'purchaser_link', subject: row.id, before: null, after }, now);
  return { id: row.id, token, expiresAt: row.expiresAt };
}

/** Ends a link at once. One that was revoked before stays as it is. Gives whether it was ended now. */
export async function revokePurchaserLink(tx: WriteDb, id: string, { by, now }: Change): Promise<boolean> {
  const { purchaserLinks } = tx.tables;
  const [row] = await tx
    .update(purchaserLinks)
    .set({ revokedAt: now })
    .where(and(eq(purchaserLinks.id, id), isNull(purchaserLinks.revokedAt)))
    .returning({ id: purchaserLinks.id });
  if (!row) return false;
  await noteWithdrawal(tx, 'purchaser_link', [id], now);
  const after = { revokedAt: now.toISOString() };
  await noteAudit(tx, { by, what: 'purchaser_link', subject: id, before: { revokedAt: null }, after }, now);
  return true;
}

/** The links of an insurer, the newest first; ended ones for a year. */
export async function listPurchaserLinks(db: ReadDb, insurer: string): Promise<PurchaserLink[]> {
  const { purchaserLinks } = db.tables;
  const rows = await db
    .select()
    .from(purchaserLinks)
    .where(eq(purchaserLinks.insurerSlug, insurer))
    .orderBy(desc(purchaserLinks.createdAt), desc(purchaserLinks.id));
  return rows.map(linkIn);
}

/** The link of a token, also one that has ended; null where there is none. */
export async function findPurchaserLink(db: ReadDb, token: string): Promise<PurchaserLink | null> {
  const { purchaserLinks } = db.tables;
  const [row] = await db
    .select()
    .from(purchaserLinks)
    .where(eq(purchaserLinks.token, digestOf(token)));
  return row ? linkIn(row) : null;
}

/** Why a link opens nothing any more; null where it does. */
export function endOf({ expiresAt, revokedAt }: Pick<PurchaserLink, 'expiresAt' | 'revokedAt'>, now: Date): 'revoked' | 'expired' | null {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : null;
}

/** Notes that a link is used, and holds it until the commit, so that what comes by it comes one after the other. Gives whether it still may be. */
export async function holdPurchaserLink(tx: WriteDb, id: string, now: Date): Promise<boolean> {
  const { purchaserLinks } = tx.tables;
  const rows = await tx
    .update(purchaserLinks)
    .set({ lastUsedAt: now })
    .where(and(eq(purchaserLinks.id, id), isNull(purchaserLinks.revokedAt), gt(purchaserLinks.expiresAt, now)))
    .returning({ id: purchaserLinks.id });
  return rows.length > 0;
}

/** Removes links that ended before a moment, and what was said by them, which is older. */
export async function purgePurchaserLinks(tx: WriteDb, before: Date): Promise<void> {
  const { purchaserLinks } = tx.tables;
  await tx.delete(purchaserLinks).where(or(lt(purchaserLinks.expiresAt, before), lt(purchaserLinks.revokedAt, before)));
}

function linkIn({
  insurerSlug: insurer,
  token: _,
  ...rest
}: Omit<PurchaserLink, 'insurer'> & { insurerSlug: string; token: string }): PurchaserLink {
  return { insurer, ...rest };
}
