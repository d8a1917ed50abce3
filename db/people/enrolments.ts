/** Enrolments: nothing of an organisation is there but a token, until the address that was given says yes. */
import { randomUUID } from 'node:crypto';
import { readStanding } from '../../calendars/agenda/leading.ts';
import { AppError } from '../../calendars/errors.ts';
import { foldAddress } from '../../calendars/mail-address.ts';
import { ENROLMENT_LIMITS, freeAgainAt, INVITED_MS, type Limit } from '../../calendars/people/sign-in.ts';
import { and, asc, eq, gt, isNull } from '../store/drizzle.ts';
import { queuePersonalMail } from '../messages/personal-mails.ts';
import { insertOrganisation, requireRelations } from '../organisations/organisations.ts';
import { holdTurn } from '../recipients/questions.ts';
import { addRecipient, confirmRecipient } from '../recipients/recipients.ts';
import type { EnrolmentChoices, Organisation } from '../schema/schema.ts';
import { callerDigest, digestOf, digestsOf, newSecret } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { findEnrolInvitation, useEnrolInvitation } from './invitations.ts';
import { addMember, listMembers } from './members.ts';
import type { SignUp } from './sign-up.ts';

/** Who asks: a network address, or what stands for one, and the token of an invitation where there is one. */
export interface EnrolmentCall {
  signUp: SignUp;
  caller: string;
  invitation: string | null;
}

/** `limited`: nothing was sent, since this address, or this caller, began enough of them. */
export type BegunEnrolment = { outcome: 'sent'; expiresAt: Date } | { outcome: 'limited'; whose: 'address' | 'caller'; freeAt: Date };

/**
 * Keeps what was chosen, and mails the address a link whose page has a button. Whether the name, or the address, is known here nobody learns.
 * Throws `forbidden` where one may not enrol, and `invalid` for an unknown insurer or one that stands twice.
 */
export async function beginEnrolment(
  tx: WriteDb,
  choices: EnrolmentChoices,
  { caller, invitation, signUp }: EnrolmentCall,
  secret: string,
  now: Date,
): Promise<BegunEnrolment> {
  const { enrolments } = tx.tables;
  const invitationId = await requireOpen(tx, signUp, invitation, now);
  await requireRelations(tx, choices.insurers);
  const email = foldAddress(choices.email);
  const who = { mailbox: digestsOf(secret, email).mailbox, caller: callerDigest(secret, caller) };
  for (const held of Object.values(who).sort()) await holdTurn(tx, held, now);
  for (const [whose, column] of [
    ['address', 'mailbox'],
    ['caller', 'caller'],
  ] as const) {
    const limits: readonly Limit[] = ENROLMENT_LIMITS[column];
    const rows = await tx
      .select({ at: enrolments.createdAt })
      .from(enrolments)
      .where(and(eq(enrolments[column], who[column]), gt(enrolments.createdAt, new Date(now.getTime() - DAY_MS))));
    const moments = rows.map(({ at }) => at);
    const freeAt = freeAgainAt(moments, limits, now);
    if (freeAt !== null) return { outcome: 'limited', whose, freeAt };
  }
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + INVITED_MS);
  const row = { id: randomUUID(), token: digestOf(token), invitationId, createdAt: now, expiresAt };
  await tx.insert(enrolments).values({ ...row, ...who, choices: { ...choices, name: choices.name.trim(), email } });
  await queuePersonalMail(tx, { kind: 'enrolment', to: email, language: choices.language, token }, now);
  return { outcome: 'sent', expiresAt };
}

/** What was chosen, for the page behind the link; null where it was used or is over. Looking changes nothing. */
export async function findEnrolment(db: ReadDb, token: string, now: Date): Promise<EnrolmentChoices | null> {
  const { enrolments } = db.tables;
  const [row] = await db
    .select({ choices: enrolments.choices })
    .from(enrolments)
    .where(isOpen(db, token, now));
  return row?.choices ? readChoices(row.choices) : null;
}

/** Confirmations wait for one another: they are few. It is no digest of anybody. */
const CONFIRMING = 'confirming an enrolment';

/** What becomes of a name that another organisation has: ask the managers of that one, or go on as another organisation. */
export type NameChoice = 'ask_managers' | 'another';

/** `name_taken`: nothing was made yet, and the link holds; `hasManagers`: whether there is anybody to ask. */
export type ConfirmedEnrolment =
  | { outcome: 'enrolled'; organisationId: string; personId: string }
  | { outcome: 'name_taken'; hasManagers: boolean }
  | { outcome: 'asked' };

/**
 * Says yes: makes the organisation with its manager and its recipient, who needs no other question. It gives no session and no key. Throws
 * `gone` for what was used or is over, and `conflict` where its invitation was used by another one or there is nobody to ask.
 */
export async function confirmEnrolment(tx: WriteDb, token: string, choice: NameChoice | null, now: Date): Promise<ConfirmedEnrolment> {
  const { enrolments } = tx.tables;
  if ((await findEnrolment(tx, token, now)) === null) throw gone();
  // Of two that say yes at once to one name, or by one link, the second sees what the first one did.
  await holdTurn(tx, CONFIRMING, now);
  const [row] = await tx
    .select()
    .from(enrolments)
    .where(isOpen(tx, token, now));
  if (!row?.choices) throw gone();
  const choices = readChoices(row.choices);
  const namesakes = choice === 'another' ? [] : await namesakesOf(tx, choices.name);
  const managers = namesakes.length === 0 ? [] : await managersOf(tx, namesakes);
  if (namesakes.length > 0 && choice === null) return { outcome: 'name_taken', hasManagers: managers.length > 0 };
  if (choice === 'ask_managers' && managers.length === 0)
    throw new AppError('conflict', 'There is nobody to ask. Go on as another organisation.');
  const used = await tx
    .update(enrolments)
    .set({ usedAt: now, choices: null })
    .where(isOpen(tx, token, now))
    .returning({ id: enrolments.id });
  if (used.length === 0) throw gone();
  if (choice === 'ask_managers') {
    for (const { email: to, language, organisation } of managers)
      await queuePersonalMail(tx, { kind: 'access_request', to, language, organisation, email: choices.email }, now);
    return { outcome: 'asked' };
  }
  if (row.invitationId !== null && !(await useEnrolInvitation(tx, row.invitationId, now)))
    throw new AppError('conflict', 'Another organisation was enrolled by the same invitation.');
  return { outcome: 'enrolled', ...(await make(tx, choices, now)) };
}

/** What was chosen, as it is read. */
const readChoices = (choices: EnrolmentChoices): EnrolmentChoices => ({ ...choices, insurers: choices.insurers.map(readStanding) });

async function make(tx: WriteDb, choices: EnrolmentChoices, now: Date): Promise<{ organisationId: string; personId: string }> {
  const { digest, email, insurers, language, leadDays, name, roles } = choices;
  const { id: organisationId } = await insertOrganisation(tx, { name, language, roles, parent: null, insurers }, now);
  const { id: personId } = await addMember(tx, organisationId, { email, language, role: 'manager' }, now);
  const recipient = await addRecipient(tx, organisationId, { email, leadDays, digest }, now, { isProved: true });
  await confirmRecipient(tx, recipient.id, now);
  return { organisationId, personId };
}

/** Throws `forbidden` where one may not enrol. Gives the id of the invitation that lets one. */
async function requireOpen(db: ReadDb, signUp: SignUp, invitation: string | null, now: Date): Promise<string | null> {
  if (signUp === 'open') return null;
  const id = signUp === 'invited' && invitation !== null ? await findEnrolInvitation(db, invitation, now) : null;
  if (id !== null) return id;
  throw new AppError(
    'forbidden',
    signUp === 'closed' ? 'Nobody can enrol here.' : 'One enrols here by an invitation that was not used yet.',
  );
}

/** Organisations of the same name, whatever the case of its letters and the spaces in it. */
async function namesakesOf(db: ReadDb, name: string): Promise<Organisation[]> {
  const { organisations } = db.tables;
  const rows = await db.select().from(organisations).orderBy(asc(organisations.createdAt));
  return rows.filter((row) => sameName(row.name) === sameName(name));
}

const sameName = (name: string) => name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLocaleLowerCase('nl');

async function managersOf(db: ReadDb, namesakes: readonly Organisation[]) {
  const managers = [];
  for (const { id, language, name } of namesakes)
    for (const { email, role } of await listMembers(db, id)) if (role === 'manager') managers.push({ email, language, organisation: name });
  return managers;
}

function isOpen(db: ReadDb, token: string, now: Date) {
  const { enrolments } = db.tables;
  return and(eq(enrolments.token, digestOf(token)), isNull(enrolments.usedAt), gt(enrolments.expiresAt, now));
}

const gone = () => new AppError('gone', 'This link was used, or holds no longer. Enrol once more.');

const DAY_MS = 86_400_000;
