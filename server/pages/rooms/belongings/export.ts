/** Everything that is kept of an organisation, as one JSON document that its members can take along. */
import { listFeeds } from '../../../../db/feeds/feeds.ts';
import { listMessages, type MessageRecord } from '../../../../db/messages/message-records.ts';
import { listCompletions } from '../../../../db/organisations/completions.ts';
import { listKeys } from '../../../../db/organisations/keys.ts';
import { getOrganisation } from '../../../../db/organisations/organisations.ts';
import { listOwnEvents } from '../../../../db/organisations/own-events.ts';
import { listSteps } from '../../../../db/organisations/steps/steps.ts';
import { listMembers } from '../../../../db/people/members.ts';
import { mutedAmong } from '../../../../db/recipients/preferences.ts';
import { listRecipients } from '../../../../db/recipients/recipients.ts';
import type { ReadDb } from '../../../../db/store/store.ts';

/** How many messages are read at once. */
const AT_ONCE = 200;

/** All of it. Links and keys are not in it, since only their digests are kept; nor are the mails themselves, which are not kept once they left. */
export async function exportOrganisation(db: ReadDb, id: string, now: Date): Promise<Record<string, unknown>> {
  const { changedAt: _, parentId, relations, unremindedSince, unremindedWhy, version: __, ...organisation } = await getOrganisation(db, id);
  const recipients = await listRecipients(db, id);
  const muted = await mutedAmong(
    db,
    recipients.map((recipient) => recipient.id),
  );
  return {
    exportedAt: now,
    organisation: { ...organisation, deliveredBy: parentId, unremindedSince, unremindedWhy },
    insurers: relations.map(({ contractStatus, insurerSlug, preferred }) => ({ insurer: insurerSlug, contractStatus, preferred })),
    members: await listMembers(db, id),
    recipients: recipients.map(({ organisationId: _, ...recipient }) => ({ ...recipient, muted: muted.get(recipient.id) ?? [] })),
    events: (await listOwnEvents(db, id)).map(({ organisationId: _, ...event }) => event),
    completions: await listCompletions(db, id),
    steps: (await listSteps(db, id)).map(({ id, deadlineId, title, dueOn, ownerId, completion }) => ({
      id,
      deadlineId,
      title,
      dueOn,
      ownerId,
      completion,
    })),
    feeds: await listFeeds(db, id, now),
    keys: await listKeys(db, id, now),
    messages: (await allMessages(db, id)).map(messageOf),
  };
}

/** What its file is called: "inkoopkalender-regio-zuid-2026-11-30.json". */
export function exportName(name: string, day: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${['inkoopkalender', plain, day].filter((part) => part !== '').join('-')}.json`;
}

async function allMessages(db: ReadDb, id: string): Promise<MessageRecord[]> {
  const messages: MessageRecord[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total } = await listMessages(db, id, { page, pageSize: AT_ONCE });
    messages.push(...items);
    if (page * AT_ONCE >= total) return messages;
  }
}

function messageOf(message: MessageRecord): Record<string, unknown> {
  const { createdAt, deadlines, dueAt, email, id, kind, messageId, reason, response, sentAt, sentTo, sentToDigest, state, subject, tries } =
    message;
  const mail = { id, kind, recipient: email, sentTo, sentToDigest, subject, state, reason, dueAt, sentAt, response, messageId, createdAt };
  return { ...mail, attempts: tries, deadlines };
}
