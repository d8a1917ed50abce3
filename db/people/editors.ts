/** Editors: people who may change the registry, each with the name that stands beside what they changed. They see no organisation. */
import { AppError } from '../../calendars/errors.ts';
import type { Language } from '../../calendars/terms.ts';
import { asc, eq } from '../store/drizzle.ts';
import type { Person } from '../schema/schema.ts';
import { BY_OPERATOR, noteAudit } from '../registry/audit.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';
import { ensurePerson } from './people.ts';

export interface ListedEditor {
  personId: string;
  email: string;
  label: string;
  createdAt: Date;
}

/** All editors, by address. */
export async function listEditors(db: ReadDb): Promise<ListedEditor[]> {
  const { editors, people } = db.tables;
  return db
    .select({ personId: people.id, email: people.email, label: editors.label, createdAt: editors.createdAt })
    .from(editors)
    .innerJoin(people, eq(people.id, editors.personId))
    .orderBy(asc(people.email));
}

/** Makes whoever has an address an editor. Throws `conflict` for who is one already. */
export async function addEditor(
  tx: WriteDb,
  { email, label, language }: { email: string; label: string; language: Language },
  now: Date,
  by: string = BY_OPERATOR,
): Promise<Person> {
  const { editors } = tx.tables;
  const person = await ensurePerson(tx, { email, language }, now);
  const [row] = await tx.insert(editors).values({ personId: person.id, label, createdAt: now }).onConflictDoNothing().returning();
  if (!row)
    throw new AppError('conflict', 'This person is an editor already.', [{ field: 'email', message: 'is that of an editor already' }]);
  await noteAudit(tx, { by, what: 'editor', subject: person.id, before: null, after: IS_EDITOR }, now);
  await noteWithdrawal(tx, 'editor', [person.id], now, { isOver: true });
  return person;
}

/** What the audit keeps of an editor: that somebody is one, and nothing of who. */
const IS_EDITOR = { editor: true };

/** Takes an editor away; `erasure.ts` removes the person with it that belongs nowhere else. Throws `not_found`. */
export async function endEditing(tx: WriteDb, personId: string, now: Date, by: string = BY_OPERATOR): Promise<void> {
  const { editors } = tx.tables;
  const [row] = await tx.delete(editors).where(eq(editors.personId, personId)).returning();
  if (!row) throw new AppError('not_found', 'No such editor.');
  await noteAudit(tx, { by, what: 'editor', subject: personId, before: IS_EDITOR, after: null }, now);
  await noteWithdrawal(tx, 'editor', [personId], now);
}
