/** The table of messages: every mail that is to leave, or left. */
import { sql } from '../store/drizzle.ts';
import type { Kit, Target } from '../store/kit.ts';

/** What the people of an organisation get. */
export const MESSAGE_KINDS = [
  'confirmation',
  'deputy_confirmation',
  'welcome',
  'reminder',
  'change',
  'escalation',
  'acts',
  'unreminded',
  'undeliverable',
  'deputy_undeliverable',
  'partly_undeliverable',
  'trial',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
/** What who runs the service gets: the summary of a day. It belongs to no organisation. */
export const OPERATOR = 'operator';
/** What a person gets, whichever its organisations: the mail belongs to none, and its address and content were settled when it was queued. */
export const PERSONAL_KINDS = [
  'sign_in',
  'no_account',
  'enrolment',
  'member_invitation',
  'access_request',
  'address_change',
  'new_address',
  'work_list',
] as const;
export type PersonalKind = (typeof PERSONAL_KINDS)[number];
/** The kinds that go to an address which did not say yes yet. */
export const QUESTION_KINDS = ['confirmation', 'deputy_confirmation'] as const satisfies readonly MessageKind[];
export type QuestionKind = (typeof QUESTION_KINDS)[number];
/** The kinds that a recipient may decline one by one. */
export const DECLINABLE_KINDS = ['reminder', 'change', 'escalation', 'acts'] as const satisfies readonly MessageKind[];
export type DeclinableKind = (typeof DECLINABLE_KINDS)[number];
/** What a mail may tell of beside what is due. */
export type NoticeKind = 'change' | 'escalation' | 'acts';
export const MESSAGE_STATES = ['pending', 'sending', 'sent', 'cancelled', 'dead'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** What a message refers to. */
interface References {
  organisations: { id: Target };
  recipients: { id: Target };
}

export function messageTables(kit: Kit, references: References) {
  return { messages: messagesTable(kit, references), formerMails: formerMailsTable(kit) };
}

/** Mails that were erased lately, by their messages' ids: what a `file:` MAIL_URL wrote of them goes too. Kept until every process has seen to its folder. */
function formerMailsTable(kit: Kit) {
  const columns = { messageId: kit.text().primaryKey(), erasedAt: kit.moment().notNull() };
  return kit.table('former_mails', columns, (t) => [kit.index('former_mails_erased').on(t.erasedAt)]);
}

/** One mail to one recipient, or to who runs the service. Its bytes are frozen when it is first claimed. */
function messagesTable(kit: Kit, { organisations, recipients }: References) {
  const columns = {
    id: kit.text().primaryKey(),
    /** Recipient, kind and day in one text: at most one message each. */
    key: kit.text().notNull(),
    /** Null: it is the operator's, or a person's. */
    organisationId: kit.ref(organisations.id, 'cascade'),
    recipientId: kit.ref(recipients.id, 'set null'),
    kind: kit.text().$type<MessageKind | PersonalKind | typeof OPERATOR>().notNull(),
    dueAt: kit.moment().notNull(),
    state: kit.text().$type<MessageState>().notNull(),
    reason: kit.text(),
    /** Rises with each claim: a worker whose claim is no longer the newest may not record anything. */
    claim: kit.int().notNull(),
    claimedAt: kit.moment(),
    attempts: kit.int().notNull(),
    messageId: kit.text(),
    subject: kit.text(),
    raw: kit.bytes(),
    sentAt: kit.moment(),
    response: kit.text(),
    createdAt: kit.moment().notNull(),
    /** What it says, where that was settled when it was queued: the operator's text, or as JSON what a personal mail holds, until it is settled. */
    content: kit.text(),
    /** The address that its bytes are for: the recipient's, or that of its deputy. Null until they were frozen; the operator's and a person's stand from the start. */
    sentTo: kit.text(),
    /** What is left of that address once it was erased: its digest (db/store/secrets.ts). */
    sentToDigest: kit.text(),
    /** Another organisation that it is about. */
    aboutId: kit.text(),
    /** Not to be tried before; null: from when it is due. */
    nextAt: kit.moment(),
    /** Which sender has the claim. */
    holder: kit.text(),
    /** When the server asked for the body under this claim: from then on the mail may have arrived. */
    markedAt: kit.moment(),
    /** How many copies left without anybody knowing whether they arrived. */
    copies: kit.int().notNull().default(0),
  };
  return kit.table('messages', columns, (t) => [
    kit.uniqueIndex('messages_key').on(t.key),
    kit.index('messages_due').on(t.state, t.dueAt),
    kit.index('messages_organisation').on(t.organisationId),
    kit.index('messages_recipient').on(t.recipientId),
    /** Few among all that a recipient ever got: those that are not settled. In words that keep SQLite from going by the state alone. */
    kit
      .index('messages_unsettled')
      .on(t.recipientId)
      .where(sql`state || '' in ('pending', 'sending')`),
    /** Few among all: those that wait for a person. */
    kit
      .index('messages_dead')
      .on(t.dueAt, t.id)
      .where(sql`state || '' = 'dead'`),
    /** Few among all: those that go before all others. */
    kit
      .index('messages_first')
      .on(t.dueAt)
      .where(sql`state || '' = 'pending' and kind = 'sign_in'`),
    /** The operator's is of no organisation; and what goes to a recipient is its organisation's. */
    kit.check(
      'messages_owner',
      sql`(${t.organisationId} is null or ${t.kind} <> 'operator') and (${t.recipientId} is null or ${t.organisationId} is not null)`,
    ),
  ]);
}
