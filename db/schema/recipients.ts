/** The tables of recipients and of what mailboxes said: that they want no questions, or are no more. */
import type { Language } from '../../calendars/terms.ts';
import { sql } from '../store/drizzle.ts';
import type { Kit, Target } from '../store/kit.ts';
import type { DeclinableKind } from './messages.ts';

export const RECIPIENT_STATUSES = ['pending', 'confirmed', 'unsubscribed', 'undeliverable'] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

/** One question that left, or began to. */
export interface AskedOnce {
  messageId: string;
  organisationId: string;
  /** A moment, as ISO 8601. */
  at: string;
}

/** What the tables of recipients refer to. */
interface Others {
  organisations: { id: Target };
  deadlines: { id: Target };
}

export function recipientTables(kit: Kit, { organisations, deadlines }: Others) {
  const recipients = recipientsTable(kit, organisations);
  return {
    recipients,
    mutes: mutesTable(kit, recipients, deadlines),
    questions: questionsTable(kit),
    declines: declinesTable(kit, organisations),
    deadAddresses: deadAddressesTable(kit),
  };
}

function recipientsTable(kit: Kit, organisations: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    email: kit.text().notNull(),
    leadDays: kit.json<number[]>().notNull(),
    digest: kit.text().$type<'daily' | 'weekly'>().notNull(),
    /** `undeliverable`: the mail server says that there is no such address. */
    status: kit.text().$type<RecipientStatus>().notNull(),
    createdAt: kit.moment().notNull(),
    confirmedAt: kit.moment(),
    unsubscribedAt: kit.moment(),
    /** When reminders of a day leave, 'HH:MM' by the clocks of Amsterdam. */
    sendHour: kit.text().notNull().default('07:30'),
    /** Null: the organisation's. */
    language: kit.text().$type<Language>(),
    /** The first day on which it gets mail again. */
    pausedUntil: kit.day(),
    /** Its place among the organisation's recipients; of two with the same one, the older comes first. */
    position: kit.int().notNull().default(0),
    /** Who gets its mail instead, up to and including that day, once the address is confirmed. */
    deputyEmail: kit.text(),
    deputyUntil: kit.day(),
    deputyConfirmedAt: kit.moment(),
    /** What the mail server said of the deputy's address when that is undeliverable: it is no deputy then. */
    deputyFault: kit.text(),
    /** What the mail server said of an address that is undeliverable. */
    fault: kit.text(),
    /** The kinds of mail it declined. */
    declined: kit.json<DeclinableKind[]>().notNull().default([]),
  };
  return kit.table('recipients', columns, (t) => [
    kit.uniqueIndex('recipients_once').on(t.organisationId, t.email),
    /** Whether an address gets mails of another organisation too. */
    kit.index('recipients_by_email').on(t.email),
    /** Few among all: those that gave no answer yet. */
    kit
      .index('recipients_pending')
      .on(t.id)
      .where(sql`status = 'pending'`),
  ]);
}

/** A deadline that a recipient wants no more mail about. */
function mutesTable(kit: Kit, recipients: { id: Target }, deadlines: { id: Target }) {
  const columns = {
    recipientId: kit.ref(recipients.id, 'cascade').notNull(),
    deadlineId: kit.ref(deadlines.id, 'cascade').notNull(),
    createdAt: kit.moment().notNull(),
  };
  return kit.table('mutes', columns, (t) => [kit.primaryKey({ name: 'mutes_pk', columns: [t.recipientId, t.deadlineId] })]);
}

/** When an address was lately asked something, so that nobody floods it: kept for a day, also when whoever asked is gone. */
function questionsTable(kit: Kit) {
  return kit.table('questions', {
    /** The mailbox's digest (db/store/secrets.ts). */
    mailbox: kit.text().primaryKey(),
    asked: kit.json<AskedOnce[]>().notNull(),
    /** The newest of those moments. */
    lastAt: kit.moment().notNull(),
  });
}

/** Mailboxes that an organisation may ask nothing more. */
function declinesTable(kit: Kit, organisations: { id: Target }) {
  const columns = {
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    /** The mailbox's digest (db/store/secrets.ts). */
    mailbox: kit.text().notNull(),
    declinedAt: kit.moment().notNull(),
  };
  return kit.table('declines', columns, (t) => [kit.primaryKey({ name: 'declines_pk', columns: [t.organisationId, t.mailbox] })]);
}

/** Addresses that the mail server does not know, also when no recipient has them any more. */
function deadAddressesTable(kit: Kit) {
  return kit.table('dead_addresses', {
    /** The address's digest (db/store/secrets.ts). */
    address: kit.text().primaryKey(),
    /** What the mail server said. */
    fault: kit.text().notNull(),
    since: kit.moment().notNull(),
  });
}
