/** The example that a first start shows: an RO with one WSV, several insurers, a calendar link and a recipient. */
import type { RelationStatus } from '../calendars/terms.ts';
import { DEFAULT_LEAD_DAYS } from '../calendars/reminders/reminders.ts';
import { createFeed } from '../db/feeds/feeds.ts';
import { createOrganisation } from '../db/organisations/organisations.ts';
import { addMember } from '../db/people/members.ts';
import { addRecipient, confirmRecipient } from '../db/recipients/recipients.ts';
import type { Store, WriteDb } from '../db/store/store.ts';
import { readSetting, saveSetting } from '../db/store/settings.ts';

/** Gets the mails, and manages the organisation. */
const READER = 'contractmanager@example.org';
const MADE = 'demo_made_at';

/**
 * Makes the example once in the life of a database. Gives its secrets that once, and null ever after. Its recipient counts as confirmed, and is its
 * manager; there is none where mails leave this machine.
 */
export async function makeDemo(
  store: Store,
  now: Date,
  withRecipient: boolean,
): Promise<{ name: string; key: string; token: string; manager: string | null } | null> {
  return store.write(async (tx) => {
    if ((await readSetting(tx, MADE)) !== undefined) return null;
    await saveSetting(tx, MADE, now.toISOString());
    const name = 'Voorbeeld Regio-organisatie';
    const { id, key } = await createOrganisation(tx, { name, language: 'nl', roles: ['ro'], parent: null, insurers: RELATIONS }, now);
    await createOrganisation(
      tx,
      { name: 'Voorbeeld Wijksamenwerkingsverband', language: 'nl', roles: ['wsv'], parent: id, insurers: OWN },
      now,
    );
    const { token } = await createFeed(tx, id, { label: 'Voorbeeld' }, now);
    if (withRecipient) await addReader(tx, id, now);
    return { name, key, token, manager: withRecipient ? READER : null };
  });
}

const related = (insurer: string, contractStatus: RelationStatus, preferred = false) => ({ insurer, contractStatus, preferred });

const OWN = [related('zorg-en-zekerheid', 'contracted', true)];
const RELATIONS = [
  ...OWN,
  related('zilveren-kruis', 'contracted'),
  related('vgz', 'contracted'),
  related('cz', 'uncontracted'),
  related('dsw', 'unknown'),
];

async function addReader(tx: WriteDb, organisationId: string, now: Date) {
  const { id } = await addRecipient(tx, organisationId, { email: READER, leadDays: [...DEFAULT_LEAD_DAYS], digest: 'daily' }, now);
  await confirmRecipient(tx, id, now);
  await addMember(tx, organisationId, { email: READER, language: 'nl', role: 'manager' }, now);
}
