/** People: one address each, by which they sign in. Where they may do what stands with members and editors. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../calendars/errors.ts';
import { foldAddress } from '../../calendars/mail-address.ts';
import type { Language } from '../../calendars/terms.ts';
import { eq, inArray, sql } from '../store/drizzle.ts';
import type { Person } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Whose address it is, however it is spelled; null where it is nobody's. */
export async function findPerson(db: ReadDb, email: string): Promise<Person | null> {
  const { people } = db.tables;
  const [row] = await db
    .select()
    .from(people)
    .where(eq(people.email, foldAddress(email)));
  return row ?? null;
}

/** One person. Throws `not_found`. */
export async function getPerson(db: ReadDb, id: string): Promise<Person> {
  const { people } = db.tables;
  const [row] = await db.select().from(people).where(eq(people.id, id));
  if (!row) throw new AppError('not_found', 'No such person.');
  return row;
}

/** Whose address it is, made where it was nobody's. Of two that make one at a moment both get the same. */
export async function ensurePerson(tx: WriteDb, { email, language }: { email: string; language: Language }, now: Date): Promise<Person> {
  const { people } = tx.tables;
  const folded = foldAddress(email);
  const [row] = await tx
    .insert(people)
    .values({ id: randomUUID(), email: folded, language, createdAt: now })
    // On PostgreSQL its lock too: nobody removes the person before the end of the transaction.
    .onConflictDoUpdate({ target: people.email, set: { email: folded } })
    .returning();
  return row!;
}

/** In which language a person reads pages and mails. Throws `not_found`. */
export async function chooseLanguage(tx: WriteDb, id: string, language: Language): Promise<Person> {
  const { people } = tx.tables;
  const [row] = await tx.update(people).set({ language }).where(eq(people.id, id)).returning();
  if (!row) throw new AppError('not_found', 'No such person.');
  return row;
}

/**
 * Takes people's locks, so that on PostgreSQL nobody makes them belong anywhere before the transaction is over; of whoever is doing so the end is
 * awaited. To be called before anything else is locked but their organisation. In the order of ids: of two who take several neither waits for ever.
 */
export async function lockPeople(tx: WriteDb, ids: readonly string[]): Promise<void> {
  const { people } = tx.tables;
  for (const id of [...new Set(ids)].sort())
    await tx
      .update(people)
      .set({ email: sql`${people.email}` })
      .where(eq(people.id, id));
}

/** Of some people those that belong nowhere: they are members of no organisation, and edit nothing. Who acts upon it holds their locks. */
export async function strangersAmong(db: ReadDb, ids: readonly string[]): Promise<string[]> {
  const { editors, members } = db.tables;
  const some = [...ids];
  const rows = [
    ...(await db.select({ id: members.personId }).from(members).where(inArray(members.personId, some))),
    ...(await db.select({ id: editors.personId }).from(editors).where(inArray(editors.personId, some))),
  ];
  const belonging = new Set(rows.map(({ id }) => id));
  return [...new Set(some)].filter((id) => !belonging.has(id));
}
