/** Invitations: to become a member of an organisation, by mail; or to enrol one, by a link that whoever runs the service hands over. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../calendars/errors.ts';
import { canonicalAddress, foldAddress } from '../../calendars/mail-address.ts';
import { freeAgainAt, INVITED_MS, INVITATION_LIMITS } from '../../calendars/people/sign-in.ts';
import type { Language } from '../../calendars/terms.ts';
import { and, asc, eq, gt, isNotNull, isNull } from '../store/drizzle.ts';
import { queuePersonalMail } from '../messages/personal-mails.ts';
import { getOrganisation } from '../organisations/organisations.ts';
import { holdTurn } from '../recipients/questions.ts';
import type { MemberRole } from '../schema/schema.ts';
import { digestOf, digestsOf, newSecret } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { addMember, roleOf } from './members.ts';
import { findPerson } from './people.ts';

export interface MemberInvitation {
  email: string;
  role: MemberRole;
  /** Null: whoever runs the service. */
  invitedById: string | null;
}

/**
 * Invites an address to become a member, by a mail whose link holds seven days; an earlier one of the same organisation to it ends. Throws
 * `not_found`, `conflict` for who is a member already, and `limited` where a mailbox, or an organisation, has been asked enough for a day.
 */
export async function inviteMember(
  tx: WriteDb,
  organisationId: string,
  { email, invitedById, role }: MemberInvitation,
  secret: string,
  now: Date,
): Promise<{ id: string; expiresAt: Date }> {
  const { invitations } = tx.tables;
  const organisation = await getOrganisation(tx, organisationId);
  const address = foldAddress(email);
  await holdTurn(tx, digestsOf(secret, address).mailbox, now);
  const person = await findPerson(tx, address);
  if (person && (await roleOf(tx, person.id, organisationId)) !== null)
    throw new AppError('conflict', 'This person is a member of the organisation already.', [
      { field: 'email', message: 'is that of a member already' },
    ]);
  await requireFewInvitations(tx, organisationId, address, now);
  const isEarlier = and(eq(invitations.organisationId, organisationId), eq(invitations.email, address), isNull(invitations.usedAt));
  await tx.update(invitations).set({ usedAt: now }).where(isEarlier);
  const token = newSecret();
  const row = { id: randomUUID(), createdAt: now, expiresAt: new Date(now.getTime() + INVITED_MS) };
  await tx.insert(invitations).values({ ...row, token: digestOf(token), organisationId, email: address, role, invitedById });
  const language = person?.language ?? organisation.language;
  await queuePersonalMail(tx, { kind: 'member_invitation', to: address, language, token, organisation: organisation.name, role }, now);
  return row;
}

/** The invitations of an organisation that nobody answered yet, by address. */
export async function listInvitations(
  db: ReadDb,
  organisationId: string,
  now: Date,
): Promise<{ id: string; email: string; role: MemberRole; expiresAt: Date }[]> {
  const { invitations } = db.tables;
  const rows = await db
    .select({ id: invitations.id, email: invitations.email, role: invitations.role, expiresAt: invitations.expiresAt })
    .from(invitations)
    .where(and(eq(invitations.organisationId, organisationId), isNull(invitations.usedAt), gt(invitations.expiresAt, now)))
    .orderBy(asc(invitations.email));
  // Every invitation to an organisation has both.
  return rows.map(({ email, role, ...row }) => ({ ...row, email: email!, role: role! }));
}

/** Takes an invitation back: its link leads nowhere any more. One that was answered, or is another organisation's, stays as it is. Gives whether there was one. */
export async function withdrawInvitation(tx: WriteDb, organisationId: string, id: string, now: Date): Promise<boolean> {
  const { invitations } = tx.tables;
  const rows = await tx
    .update(invitations)
    .set({ usedAt: now })
    .where(and(eq(invitations.id, id), eq(invitations.organisationId, organisationId), isNull(invitations.usedAt)))
    .returning({ id: invitations.id });
  return rows.length > 0;
}

/** What the page behind an invitation's link shows; looking changes nothing. */
export interface OpenInvitation {
  organisation: { id: string; name: string };
  email: string;
  role: MemberRole;
}

/** The invitation of a token to become a member; null where it was used, replaced or is over. */
export async function findInvitation(db: ReadDb, token: string, now: Date): Promise<OpenInvitation | null> {
  const { invitations, organisations } = db.tables;
  const [row] = await db
    .select({ id: organisations.id, name: organisations.name, email: invitations.email, role: invitations.role })
    .from(invitations)
    .innerJoin(organisations, eq(organisations.id, invitations.organisationId))
    .where(isOpen(db, token, now));
  // Every invitation to an organisation has both.
  return row ? { organisation: { id: row.id, name: row.name }, email: row.email!, role: row.role! } : null;
}

/**
 * Makes whoever reads the invited address a member. It gives no session: a forwarded link lets nobody in who cannot sign in with that address.
 * Throws `gone` for what was used, replaced or is over.
 */
export async function acceptInvitation(
  tx: WriteDb,
  token: string,
  language: Language,
  now: Date,
): Promise<{ organisationId: string; personId: string }> {
  const { invitations } = tx.tables;
  const isToMember = and(isOpen(tx, token, now), isNotNull(invitations.organisationId));
  const [row] = await tx.update(invitations).set({ usedAt: now }).where(isToMember).returning();
  if (!row) throw new AppError('gone', 'This invitation was used, or holds no longer. Ask for another one.');
  const organisationId = row.organisationId!;
  const person = await findPerson(tx, row.email!);
  if (person && (await roleOf(tx, person.id, organisationId)) !== null) return { organisationId, personId: person.id };
  const { id: personId } = await addMember(tx, organisationId, { email: row.email!, language, role: row.role! }, now);
  return { organisationId, personId };
}

/** Makes a link by which one organisation may be enrolled, given this once. */
export async function inviteToEnrol(tx: WriteDb, now: Date): Promise<{ id: string; token: string; expiresAt: Date }> {
  const { invitations } = tx.tables;
  const token = newSecret();
  const row = { id: randomUUID(), createdAt: now, expiresAt: new Date(now.getTime() + INVITED_MS) };
  const nobody = { organisationId: null, email: null, role: null, invitedById: null };
  await tx.insert(invitations).values({ ...row, ...nobody, token: digestOf(token) });
  return { ...row, token };
}

/** The id of an invitation to enrol; null where it was used or is over. */
export async function findEnrolInvitation(db: ReadDb, token: string, now: Date): Promise<string | null> {
  const { invitations } = db.tables;
  const [row] = await db
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(isOpen(db, token, now), isNull(invitations.organisationId)));
  return row?.id ?? null;
}

/** Uses an invitation to enrol up. False where another enrolment was first. */
export async function useEnrolInvitation(tx: WriteDb, id: string, now: Date): Promise<boolean> {
  const { invitations } = tx.tables;
  const rows = await tx
    .update(invitations)
    .set({ usedAt: now })
    .where(and(eq(invitations.id, id), isNull(invitations.organisationId), isNull(invitations.usedAt)))
    .returning({ id: invitations.id });
  return rows.length > 0;
}

function isOpen(db: ReadDb, token: string, now: Date) {
  const { invitations } = db.tables;
  return and(eq(invitations.token, digestOf(token)), isNull(invitations.usedAt), gt(invitations.expiresAt, now));
}

async function requireFewInvitations(db: ReadDb, organisationId: string, email: string, now: Date): Promise<void> {
  const { invitations } = db.tables;
  const dayAgo = new Date(now.getTime() - 86_400_000);
  const rows = await db
    .select({ at: invitations.createdAt, email: invitations.email, organisationId: invitations.organisationId })
    .from(invitations)
    .where(and(isNotNull(invitations.email), gt(invitations.createdAt, dayAgo)));
  const momentsOf = (some: (row: (typeof rows)[number]) => boolean) => rows.filter(some).map(({ at }) => at);
  const mailbox = canonicalAddress(email);
  const toMailbox = momentsOf((row) => canonicalAddress(row.email ?? '') === mailbox);
  const freeAt =
    freeAgainAt(toMailbox, INVITATION_LIMITS.mailbox, now) ??
    freeAgainAt(
      momentsOf((row) => row.organisationId === organisationId),
      INVITATION_LIMITS.organisation,
      now,
    );
  if (freeAt === null) return;
  throw new AppError('limited', `Enough invitations were sent for now. The next one may leave at ${freeAt.toISOString()}.`);
}
