/** Sessions: who is signed in, in which browser, and until when. Of the token in the browser only the digest is kept. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../calendars/errors.ts';
import { FRESH_MS, sessionEnd } from '../../calendars/people/sign-in.ts';
import { and, asc, eq, gt, isNull, lt } from '../store/drizzle.ts';
import type { Person } from '../schema/schema.ts';
import { digestOf, newSecret } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';

/** A session as it holds at a moment. */
export interface Session {
  id: string;
  person: Person;
  /** The name beside what an editor changes; null: edits nothing. */
  editorLabel: string | null;
  /** Whether what is dangerous may be done without another sign-in. */
  isFresh: boolean;
  /** The beginning of the hour in which it was used last. */
  lastUsedAt: Date;
  expiresAt: Date;
}

/** Begins a session, always under a new token, which is given this once; the one of before in that browser ends. */
export async function openSession(
  tx: WriteDb,
  personId: string,
  former: string | null,
  now: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const { editors, sessions } = tx.tables;
  if (former !== null) await endSession(tx, former, now);
  const isEditor = (await tx.$count(editors, eq(editors.personId, personId))) > 0;
  const token = newSecret();
  const expiresAt = sessionEnd(now, isEditor);
  const freshUntil = new Date(now.getTime() + FRESH_MS);
  await tx
    .insert(sessions)
    .values({ id: randomUUID(), digest: digestOf(token), personId, createdAt: now, lastUsedAt: hourOf(now), freshUntil, expiresAt });
  return { token, expiresAt };
}

/** Whose session a token is, or null where it is none or has ended. Who became an editor meanwhile has the shorter session of one. */
export async function readSession(db: ReadDb, token: string, now: Date): Promise<Session | null> {
  const { editors, people, sessions } = db.tables;
  const [row] = await db
    .select({ session: sessions, person: people, editorLabel: editors.label })
    .from(sessions)
    .innerJoin(people, eq(people.id, sessions.personId))
    .leftJoin(editors, eq(editors.personId, sessions.personId))
    .where(and(eq(sessions.digest, digestOf(token)), gt(sessions.expiresAt, now)));
  if (!row) return null;
  const { editorLabel, person, session } = row;
  const { id, freshUntil, lastUsedAt } = session;
  const end = endOf(session, editorLabel !== null);
  return end > now ? { id, person, editorLabel, isFresh: freshUntil > now, lastUsedAt, expiresAt: end } : null;
}

/** Throws `forbidden` unless somebody signed in a short while ago: for making keys and deleting. */
export function requireFresh({ isFresh }: Pick<Session, 'isFresh'>): void {
  if (!isFresh) throw new AppError('forbidden', 'This needs a sign-in of the last half hour. Sign in again.');
}

/** Writes down that a session is used, once an hour at most. */
export async function noteSessionUse(tx: WriteDb, id: string, now: Date): Promise<void> {
  const { sessions } = tx.tables;
  const hour = hourOf(now);
  await tx
    .update(sessions)
    .set({ lastUsedAt: hour })
    .where(and(eq(sessions.id, id), lt(sessions.lastUsedAt, hour)));
}

/** A session as whoever runs the service sees it. */
interface ListedSession {
  id: string;
  email: string;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
}

/** The sessions that hold, as `readSession` has it, of one person or of all, by address and age. */
export async function listSessions(db: ReadDb, personId: string | null, now: Date): Promise<ListedSession[]> {
  const { editors, people, sessions } = db.tables;
  const rows = await db
    .select({
      editorId: editors.personId,
      id: sessions.id,
      email: people.email,
      createdAt: sessions.createdAt,
      lastUsedAt: sessions.lastUsedAt,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .innerJoin(people, eq(people.id, sessions.personId))
    .leftJoin(editors, eq(editors.personId, sessions.personId))
    .where(and(gt(sessions.expiresAt, now), personId === null ? undefined : eq(sessions.personId, personId)))
    .orderBy(asc(people.email), asc(sessions.createdAt), asc(sessions.id));
  return rows
    .map(({ editorId, ...session }) => ({ ...session, expiresAt: endOf(session, editorId !== null) }))
    .filter(({ expiresAt }) => expiresAt > now);
}

/** When a session ends: that of who became an editor meanwhile as if it had begun as one of an editor. */
function endOf({ createdAt, expiresAt }: { createdAt: Date; expiresAt: Date }, isEditor: boolean): Date {
  return isEditor ? new Date(Math.min(+expiresAt, +sessionEnd(createdAt, true))) : expiresAt;
}

/** Signs out in one browser. Doing it twice changes nothing. */
export async function endSession(tx: WriteDb, token: string, now: Date): Promise<void> {
  const { sessions } = tx.tables;
  const rows = await tx
    .delete(sessions)
    .where(eq(sessions.digest, digestOf(token)))
    .returning({ id: sessions.id });
  for (const { id } of rows) await noteWithdrawal(tx, 'session', [id], now);
}

/** Ends a session by its id: the next request in that browser is one of somebody who is not signed in. Throws `not_found`. */
export async function revokeSession(tx: WriteDb, id: string, now: Date): Promise<void> {
  const { sessions } = tx.tables;
  const [row] = await tx.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id });
  if (!row) throw new AppError('not_found', 'No such session.');
  await noteWithdrawal(tx, 'session', [id], now);
}

/**
 * Signs a person out everywhere, in this browser too. What might let somebody in again ends with it: the codes and links of sign-ins that were asked
 * for, and a change of address that waits. Gives how many sessions that ended.
 */
export async function endAllSessions(tx: WriteDb, personId: string, now: Date): Promise<number> {
  const { addressChanges, sessions, signIns } = tx.tables;
  // Before the sessions: of a sign-in that is under way the end is awaited, and its session found.
  await tx
    .update(signIns)
    .set({ usedAt: now })
    .where(and(eq(signIns.personId, personId), isNull(signIns.usedAt)));
  await tx.delete(addressChanges).where(eq(addressChanges.personId, personId));
  const rows = await tx.delete(sessions).where(eq(sessions.personId, personId)).returning({ id: sessions.id });
  for (const { id } of rows) await noteWithdrawal(tx, 'session', [id], now);
  return rows.length;
}

const HOUR_MS = 3_600_000;
const hourOf = (moment: Date) => new Date(Math.floor(moment.getTime() / HOUR_MS) * HOUR_MS);
