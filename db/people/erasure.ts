/** Erasure of people: whoever belongs nowhere any more goes, and the address with it. docs/privacy.md says what it covers. */
import { eraseMessages } from '../messages/erasure.ts';
import { cancelMessage } from '../messages/messages.ts';
import { shortenFaults } from '../messages/unaskable.ts';
import { lockOrganisation } from '../organisations/organisations.ts';
import { eraseOrganisation, eraseTraces } from '../recipients/erasure.ts';
import { and, eq, inArray, isNotNull, isNull } from '../store/drizzle.ts';
import { PERSONAL_KINDS } from '../schema/schema.ts';
import { digestsOf } from '../store/secrets.ts';
import type { WriteDb } from '../store/store.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';
import { endEditing } from './editors.ts';
import { endInvitationsBy, endMembership, listMembers, membershipsOf } from './members.ts';
import { findPerson, getPerson, lockPeople, strangersAmong } from './people.ts';

/** Takes a member away, and the person that belongs nowhere else. Throws `not_found`, or `conflict` where `keepsManager` and no manager would stay. */
export async function removeMember(
  tx: WriteDb,
  { organisationId, personId, keepsManager }: { organisationId: string; personId: string; keepsManager: boolean },
  secret: string,
  now: Date,
): Promise<void> {
  await getPerson(tx, personId);
  await lockOrganisation(tx, organisationId);
  await lockPeople(tx, [personId]);
  await endMembership(tx, organisationId, personId, { keepsManager }, now);
  if ((await strangersAmong(tx, [personId])).length > 0) await erase(tx, personId, [organisationId], secret, now);
}

/** Takes an editor away, and the person that belongs nowhere else. Throws `not_found`. */
export async function removeEditor(tx: WriteDb, personId: string, secret: string, now: Date): Promise<void> {
  await lockPeople(tx, [personId]);
  await endEditing(tx, personId, now);
  if ((await strangersAmong(tx, [personId])).length > 0) await erase(tx, personId, [], secret, now);
}

/** Removes an organisation with all that is its own, and those of its members that belong nowhere else. Throws `not_found`. */
export async function eraseOrganisationAndMembers(tx: WriteDb, id: string, secret: string, now: Date): Promise<void> {
  // Of whoever is made a member meanwhile the end is awaited.
  await lockOrganisation(tx, id);
  const ids = (await listMembers(tx, id)).map(({ personId }) => personId);
  await lockPeople(tx, ids);
  await eraseOrganisation(tx, id, secret, now);
  for (const personId of await strangersAmong(tx, ids)) await erase(tx, personId, [], secret, now);
}

/** Removes a person wherever it belongs. Throws `not_found`. */
export async function erasePerson(tx: WriteDb, id: string, secret: string, now: Date): Promise<void> {
  await lockPeople(tx, [id]);
  const organisations = await membershipsOf(tx, id);
  await erase(
    tx,
    id,
    organisations.map((organisation) => organisation.id),
    secret,
    now,
  );
}

/** `organisations`: where it may have said something under its address. */
async function erase(tx: WriteDb, id: string, organisations: readonly string[], secret: string, now: Date): Promise<void> {
  const { addressChanges, editors, people } = tx.tables;
  const { email } = await getPerson(tx, id);
  if ((await tx.$count(editors, eq(editors.personId, id))) > 0) await endEditing(tx, id, now);
  const [change] = await tx.select({ email: addressChanges.email }).from(addressChanges).where(eq(addressChanges.personId, id));
  // Afterwards nobody knows who sent them.
  await endInvitationsBy(tx, id, now);
  await tx.delete(people).where(eq(people.id, id));
  await noteWithdrawal(tx, 'person', [id], now);
  // The address that was to be its new one, unless it is somebody else's.
  const addresses = change && !(await findPerson(tx, change.email)) ? [email, change.email] : [email];
  for (const address of addresses) await eraseMails(tx, address, secret, now);
  await eraseInvitations(tx, email, secret);
  await shortenFaults(
    tx,
    addresses.map((address) => digestsOf(secret, address)),
  );
  for (const organisationId of organisations) await eraseTraces(tx, { organisationId, addresses }, secret, now);
}

/** Personal mails to the address lose it, and those that wait and name it never leave. */
async function eraseMails(tx: WriteDb, email: string, secret: string, now: Date): Promise<void> {
  const { messages } = tx.tables;
  const isPersonal = and(isNull(messages.organisationId), inArray(messages.kind, [...PERSONAL_KINDS]));
  const waiting = await tx
    .select({ id: messages.id, content: messages.content, sentTo: messages.sentTo })
    .from(messages)
    .where(and(isPersonal, isNotNull(messages.content)));
  for (const { id, content, sentTo } of waiting) {
    // Written as JSON, in which an address stands as it is.
    if (sentTo === email || content?.includes(`"${email}"`)) await cancelMessage(tx, id, 'recipient_removed');
  }
  await eraseMessages(tx, and(isPersonal, eq(messages.sentTo, email)), secret, now);
}

async function eraseInvitations(tx: WriteDb, email: string, secret: string): Promise<void> {
  const { enrolments, invitations } = tx.tables;
  await tx.delete(invitations).where(eq(invitations.email, email));
  // Those of another spelling of the mailbox are another person's; they end by themselves.
  await tx
    .update(enrolments)
    .set({ choices: null })
    .where(eq(enrolments.mailbox, digestsOf(secret, email).mailbox));
}
