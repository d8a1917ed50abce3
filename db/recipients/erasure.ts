/** Erasure: after it an address stands nowhere but as a keyed digest in the proof of what was sent. docs/privacy.md says what it covers. */
import { foldAddress } from '../../calendars/mail-address.ts';
import { eraseSayers } from '../organisations/completions.ts';
import { eraseFromSteps } from '../organisations/steps/steps.ts';
import { eraseFromAnswers } from '../registry/purchasers/answers.ts';
import { eraseFromReports } from '../registry/reports.ts';
import { deleteOrganisation } from '../organisations/organisations.ts';
import { eraseFromColleagues, eraseFromSummaries, eraseMessages, noteFormerMails } from '../messages/erasure.ts';
import { cancelPending } from '../messages/messages.ts';
import { shortenFaults } from '../messages/unaskable.ts';
import { AppError } from '../../calendars/errors.ts';
import { and, eq, inArray, isNotNull } from '../store/drizzle.ts';
import { notePreferences } from '../store/counters.ts';
import { digestsOf } from '../store/secrets.ts';
import { removeSetting, takenAwayName } from '../store/settings.ts';
import type { WriteDb } from '../store/store.ts';
import { getRecipient, listRecipients, removeRecipient } from './recipients.ts';

/** A recipient and the organisation that it must be of. */
export interface RecipientPath {
  organisationId: string;
  id: string;
}

/**
 * Removes a recipient and takes its address, and those of its deputies, out of all that is kept, at once: here an erasure happens. An address
 * that another recipient has stays there. Throws `not_found`.
 */
export async function eraseRecipient(tx: WriteDb, { organisationId, id }: RecipientPath, secret: string, now: Date): Promise<void> {
  const { messages } = tx.tables;
  const recipient = await getRecipient(tx, id);
  if (recipient.organisationId !== organisationId) throw new AppError('not_found', 'No such recipient.');
  const isIts = eq(messages.recipientId, id);
  await cancelPending(tx, id, 'recipient_removed');
  const sentTo = await eraseMessages(tx, isIts, secret, now);
  const ids = await tx.select({ id: messages.id }).from(messages).where(isIts);
  await removeRecipient(tx, organisationId, id, now);
  const addresses = [recipient.email, ...(recipient.deputyEmail === null ? [] : [recipient.deputyEmail]), ...sentTo];
  const gone = await eraseTraces(tx, { organisationId, addresses }, secret, now);
  // Mails that it got as somebody's deputy of before: they are that recipient's.
  if (gone.length > 0)
    await eraseMessages(tx, and(eq(messages.organisationId, organisationId), inArray(messages.sentTo, gone)), secret, now);
  await eraseFromSummaries(
    tx,
    ids.map((message) => message.id),
    now,
  );
  // A sender may hold a mail to others that names the address: it is drafted anew.
  await notePreferences(tx, organisationId);
}

/**
 * Takes addresses that nobody of an organisation has any more out of what is kept of it beside the messages to them: mails to others that name
 * them, who said that something is done, and a mail server's words. Gives these addresses.
 */
export async function eraseTraces(
  tx: WriteDb,
  { organisationId, addresses }: { organisationId: string; addresses: readonly string[] },
  secret: string,
  now: Date,
): Promise<string[]> {
  const people = await listRecipients(tx, organisationId);
  const inUse = new Set(people.flatMap(({ email, deputyEmail }) => [email, deputyEmail]));
  const gone = [...new Set(addresses.map(foldAddress))].filter((address) => !inUse.has(address));
  for (const address of gone) await eraseFromColleagues(tx, organisationId, address, now);
  await eraseSayers(tx, organisationId, gone, now);
  await eraseFromSteps(tx, organisationId, gone, now);
  await eraseFromReports(tx, gone);
  await eraseFromAnswers(tx, gone);
  await shortenFaults(
    tx,
    gone.map((address) => digestsOf(secret, address)),
  );
  return gone;
}

/** Removes an organisation with all that is its own, and what was written of its people elsewhere. Throws `not_found`. */
export async function eraseOrganisation(tx: WriteDb, id: string, secret: string, now: Date): Promise<void> {
  const { messages } = tx.tables;
  const people = await listRecipients(tx, id);
  const frozen = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.organisationId, id), isNotNull(messages.messageId)));
  const ids = frozen.map((message) => message.id);
  for (const recipient of people) await removeSetting(tx, takenAwayName(recipient.id));
  await deleteOrganisation(tx, id, now);
  await noteFormerMails(tx, ids, now);
  await eraseFromSummaries(tx, ids, now);
  const addresses = people.flatMap(({ email, deputyEmail }) => (deputyEmail === null ? [email] : [email, deputyEmail]));
  await eraseFromReports(tx, addresses);
  await eraseFromAnswers(tx, addresses);
  await shortenFaults(
    tx,
    addresses.map((address) => digestsOf(secret, address)),
  );
}
