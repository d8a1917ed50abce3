/** Members: which people may look at an organisation, and which of them may change it. One of those always stays. */
import { AppError } from '../../calendars/errors.ts';
import type { Language } from '../../calendars/terms.ts';
import { lockOrganisation } from '../organisations/organisations.ts';
import { and, asc, eq, isNull, ne } from '../store/drizzle.ts';
import type { MemberRole, Organisation, Person } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';
import { ensurePerson } from './people.ts';

/** A member as the organisation sees it. */
export interface ListedMember {
  personId: string;
  email: string;
  role: MemberRole;
  createdAt: Date;
}

/** An organisation's members, managers first, by address. */
export async function listMembers(db: ReadDb, organisationId: string): Promise<ListedMember[]> {
  const { members, people } = db.tables;
  return db
    .select({ personId: people.id, email: people.email, role: members.role, createdAt: members.createdAt })
    .from(members)
    .innerJoin(people, eq(people.id, members.personId))
    .where(eq(members.organisationId, organisationId))
    .orderBy(asc(members.role), asc(people.email));
}

/** The organisations of a person by name, with what it may do there. */
export async function membershipsOf(db: ReadDb, personId: string): Promise<(Pick<Organisation, 'id' | 'name'> & { role: MemberRole })[]> {
  const { members, organisations } = db.tables;
  return db
    .select({ id: organisations.id, name: organisations.name, role: members.role })
    .from(members)
    .innerJoin(organisations, eq(organisations.id, members.organisationId))
    .where(eq(members.personId, personId))
    .orderBy(asc(organisations.name), asc(organisations.id));
}

/** What a person may do at an organisation; null where it is no member, or there is no such organisation. */
export async function roleOf(db: ReadDb, personId: string, organisationId: string): Promise<MemberRole | null> {
  const { members } = db.tables;
  const [row] = await db
    .select({ role: members.role })
    .from(members)
    .where(itself(db, organisationId, personId));
  return row?.role ?? null;
}

/** Makes whoever has an address a member. Throws `not_found` for an unknown organisation, `conflict` for who is a member already. */
export async function addMember(
  tx: WriteDb,
  organisationId: string,
  { email, language, role }: { email: string; language: Language; role: MemberRole },
  now: Date,
): Promise<Person> {
  const { members } = tx.tables;
  await lockOrganisation(tx, organisationId);
  const person = await ensurePerson(tx, { email, language }, now);
  const [row] = await tx
    .insert(members)
    .values({ personId: person.id, organisationId, role, createdAt: now })
    .onConflictDoNothing()
    .returning({ role: members.role });
  if (!row)
    throw new AppError('conflict', 'This person is a member of the organisation already.', [
      { field: 'email', message: 'is that of a member already' },
    ]);
  await noteWithdrawal(tx, 'member', [person.id, organisationId], now, { isOver: true });
  if (role === 'manager') await noteWithdrawal(tx, 'member', [person.id, organisationId, 'reader'], now, { isOver: true });
  return person;
}

/** What is asked of who changes members: whoever runs the service may take the last manager away too. */
interface Keeping {
  keepsManager: boolean;
}

/** Changes what a member may do; of who becomes a reader the open invitations end. Throws `not_found`, or `conflict` where no manager would stay. */
export async function changeRole(
  tx: WriteDb,
  organisationId: string,
  { personId, role }: { personId: string; role: MemberRole },
  { keepsManager }: Keeping,
  now: Date,
): Promise<void> {
  const { members } = tx.tables;
  await lockOrganisation(tx, organisationId);
  const before = await requireMember(tx, organisationId, personId);
  if (before === role) return;
  if (before === 'manager' && keepsManager) await requireOtherManager(tx, organisationId, personId);
  await tx
    .update(members)
    .set({ role })
    .where(itself(tx, organisationId, personId));
  if (role === 'reader') await endInvitationsBy(tx, personId, now, organisationId);
  await noteWithdrawal(tx, 'member', [personId, organisationId, 'reader'], now, { isOver: role === 'manager' });
}

/** Makes another member manager in one's place, who stays as a reader. Throws `not_found`, or `forbidden` for who is no manager. */
export async function handOver(tx: WriteDb, organisationId: string, { from, to }: { from: string; to: string }, now: Date): Promise<void> {
  await lockOrganisation(tx, organisationId);
  if ((await requireMember(tx, organisationId, from)) !== 'manager') throw new AppError('forbidden', 'Only a manager hands over.');
  if (from === to) throw new AppError('invalid', 'One hands over to another member.', [{ field: 'to', message: 'must be another member' }]);
  await changeRole(tx, organisationId, { personId: to, role: 'manager' }, { keepsManager: true }, now);
  await changeRole(tx, organisationId, { personId: from, role: 'reader' }, { keepsManager: true }, now);
}

/** Takes a member away; `erasure.ts` removes the person with it that belongs nowhere else. Throws `not_found`, or `conflict` for the last manager. */
export async function endMembership(
  tx: WriteDb,
  organisationId: string,
  personId: string,
  { keepsManager }: Keeping,
  now: Date,
): Promise<void> {
  const { members } = tx.tables;
  await lockOrganisation(tx, organisationId);
  const role = await requireMember(tx, organisationId, personId);
  if (role === 'manager' && keepsManager) await requireOtherManager(tx, organisationId, personId);
  await tx.delete(members).where(itself(tx, organisationId, personId));
  await endInvitationsBy(tx, personId, now, organisationId);
  await noteWithdrawal(tx, 'member', [personId, organisationId], now);
}

/** Ends the invitations that a person sent and nobody answered yet, of one organisation or of all: who may invite no more lets nobody in. */
export async function endInvitationsBy(tx: WriteDb, personId: string, now: Date, organisationId?: string): Promise<void> {
  const { invitations } = tx.tables;
  const itsOwn = organisationId === undefined ? undefined : eq(invitations.organisationId, organisationId);
  await tx
    .update(invitations)
    .set({ usedAt: now })
    .where(and(eq(invitations.invitedById, personId), isNull(invitations.usedAt), itsOwn));
}

function itself(db: ReadDb, organisationId: string, personId: string) {
  const { members } = db.tables;
  return and(eq(members.organisationId, organisationId), eq(members.personId, personId));
}

async function requireMember(db: ReadDb, organisationId: string, personId: string): Promise<MemberRole> {
  const role = await roleOf(db, personId, organisationId);
  if (role === null) throw new AppError('not_found', 'No such member.');
  return role;
}

async function requireOtherManager(db: ReadDb, organisationId: string, personId: string): Promise<void> {
  const { members } = db.tables;
  const others = and(eq(members.organisationId, organisationId), eq(members.role, 'manager'), ne(members.personId, personId));
  if ((await db.$count(members, others)) === 0)
    throw new AppError('conflict', 'No manager would stay. Make another member manager first, or delete the organisation.');
}
