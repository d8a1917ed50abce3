/** The tables, written once for both dialects. */
import type { Content, Conflict } from '../../calendars/deadlines/deadline.ts';
import type { Activity, Actor, CareType, Certainty, EventKind, Language, Reader, RelationStatus, Role } from '../../calendars/terms.ts';
import { sql } from '../store/drizzle.ts';
import type { Kit } from '../store/kit.ts';

/** One way to reach an insurer, for one purpose. */
export interface Contact {
  purpose: string;
  email: string | null;
  phone: string | null;
  url: string | null;
  hours: string | null;
}

/** One question that left, or began to. */
export interface AskedOnce {
  messageId: string;
  organisationId: string;
  /** A moment, as ISO 8601. */
  at: string;
}

/** What the people of an organisation get. */
export const MESSAGE_KINDS = [
  'confirmation',
  'deputy_confirmation',
  'welcome',
  'reminder',
  'change',
  'escalation',
  'unreminded',
  'undeliverable',
  'deputy_undeliverable',
  'partly_undeliverable',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
/** What who runs the service gets: the summary of a day. It belongs to no organisation. */
export const OPERATOR = 'operator';
/** The kinds that go to an address which did not say yes yet. */
export const QUESTION_KINDS = ['confirmation', 'deputy_confirmation'] as const satisfies readonly MessageKind[];
export type QuestionKind = (typeof QUESTION_KINDS)[number];
/** The kinds that a recipient may decline one by one. */
export const DECLINABLE_KINDS = ['reminder', 'change', 'escalation'] as const satisfies readonly MessageKind[];
export type DeclinableKind = (typeof DECLINABLE_KINDS)[number];
export const RECIPIENT_STATUSES = ['pending', 'confirmed', 'unsubscribed', 'undeliverable'] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];
export const MESSAGE_STATES = ['pending', 'sending', 'sent', 'cancelled', 'dead'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export function defineSchema(kit: Kit) {
  const cascade = { onDelete: 'cascade' } as const;

  /** Health insurers, and parties that buy care without being one. `version` rises with every change that a reader can see. */
  const insurers = kit.table('insurers', {
    slug: kit.text().primaryKey(),
    name: kit.text().notNull(),
    kind: kit.text().$type<'health_insurer' | 'purchasing_party'>().notNull(),
    website: kit.text(),
    aliases: kit.json<string[]>().notNull(),
    contacts: kit.json<Contact[]>().notNull(),
    remarks: kit.json<string[]>().notNull(),
    version: kit.int().notNull(),
    /** When something in its feeds changed last; null when that is not known to have happened. */
    changedAt: kit.moment(),
  });

  const documents = kit.table('documents', {
    key: kit.text().primaryKey(),
    title: kit.text().notNull(),
    version: kit.text(),
    url: kit.text(),
    publishedOn: kit.day(),
    remarks: kit.json<string[]>().notNull(),
  });

  /** Which insurers a document speaks of. */
  const insurerDocuments = kit.table(
    'insurer_documents',
    {
      insurerSlug: kit
        .text()
        .notNull()
        .references(() => insurers.slug, cascade),
      documentKey: kit
        .text()
        .notNull()
        .references(() => documents.key, cascade),
      position: kit.int().notNull(),
    },
    (t) => [kit.primaryKey({ name: 'insurer_documents_pk', columns: [t.insurerSlug, t.documentKey] })],
  );

  /** One row per deadline for life; what it says stands in its revisions. */
  const deadlines = kit.table(
    'deadlines',
    {
      id: kit.text().primaryKey(),
      /** Insurer, contract year, care type, activity and slot in one text: at most one deadline each. */
      key: kit.text().notNull(),
      insurerSlug: kit.text().references(() => insurers.slug),
      contractYear: kit.int().notNull(),
      careType: kit.text().$type<CareType>().notNull(),
      activity: kit.text().$type<Activity>().notNull(),
      slot: kit.int(),
      /** The number of the revision that counts now. */
      revision: kit.int().notNull(),
      /** Rises with every visible change, and with it `changedAt` by at least a second (RFC 5545, 3.8.7.4; calendar apps compare both). */
      sequence: kit.int().notNull(),
      changedAt: kit.moment().notNull(),
      createdAt: kit.moment().notNull(),
    },
    (t) => [
      kit.uniqueIndex('deadlines_key').on(t.key),
      kit.index('deadlines_insurer_year').on(t.insurerSlug, t.contractYear),
      kit.check('deadlines_slot', sql`${t.slot} between 1 and 4`),
    ],
  );

  /** What a deadline said from some moment on. Append only. */
  const revisions = kit.table(
    'revisions',
    {
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      number: kit.int().notNull(),
      origin: kit.text().$type<'registry' | 'editor' | 'projection'>().notNull(),
      /** What the registry's file said, as a digest, so that loading it again adds nothing. */
      digest: kit.text(),
      reason: kit.text(),
      announcedOn: kit.day(),
      revisedAt: kit.moment().notNull(),
      status: kit.text().$type<'published' | 'withdrawn'>().notNull(),
      title: kit.text().notNull(),
      rule: kit.json<Content['rule']>().notNull(),
      boundary: kit.text().$type<NonNullable<Content['boundary']>>(),
      dueOn: kit.day(),
      lastSafeOn: kit.day(),
      certainty: kit.text().$type<Content['certainty']>().notNull(),
      basis: kit.json<NonNullable<Content['basis']>>(),
      reportingYear: kit.int(),
      actors: kit.json<Actor[]>().notNull(),
      onBehalfOf: kit.json<Actor[]>().notNull(),
      contractStatus: kit.text().$type<Content['duty']['contractStatus']>().notNull(),
      deliverable: kit.text(),
      channel: kit.json<NonNullable<Content['channel']>>(),
      consequence: kit.json<NonNullable<Content['consequence']>>(),
      extension: kit.json<NonNullable<Content['extension']>>(),
      sources: kit.json<Content['sources']>().notNull(),
      conflict: kit.json<Conflict>(),
    },
    (t) => [
      kit.primaryKey({ name: 'revisions_pk', columns: [t.deadlineId, t.number] }),
      kit.index('revisions_due_on').on(t.dueOn),
      // "Unreadable is never guessed" holds in the store too, whoever writes.
      kit.check('revisions_unknown_has_no_day', sql`${t.certainty} <> 'unknown' or ${t.dueOn} is null`),
      kit.check('revisions_days_together', sql`(${t.dueOn} is null) = (${t.lastSafeOn} is null)`),
    ],
  );

  /** Who a deadline's current revision names, as actor or on whose behalf: for asking by role. */
  const deadlineRoles = kit.table(
    'deadline_roles',
    {
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      role: kit.text().$type<Actor>().notNull(),
    },
    (t) => [kit.primaryKey({ name: 'deadline_roles_pk', columns: [t.deadlineId, t.role] }), kit.index('deadline_roles_role').on(t.role)],
  );

  /** `version` rises with every change of the organisation's own that its list or feed shows. */
  const organisations = kit.table(
    'organisations',
    {
      id: kit.text().primaryKey(),
      name: kit.text().notNull(),
      language: kit.text().$type<Language>().notNull(),
      roles: kit.json<Role[]>().notNull(),
      parentId: kit.text(),
      version: kit.int().notNull(),
      /** When `version` rose last; null when it never did since it was made. */
      changedAt: kit.moment(),
      createdAt: kit.moment().notNull(),
      /** Since when nobody gets its reminders any more, after somebody did; null while somebody does, or never did. */
      unremindedSince: kit.moment(),
    },
    (t) => [
      kit.foreignKey({ name: 'organisations_parent_fk', columns: [t.parentId], foreignColumns: [t.id] }).onDelete('set null'),
      kit.index('organisations_parent').on(t.parentId),
      kit
        .index('organisations_unreminded')
        .on(t.unremindedSince)
        .where(sql`unreminded_since is not null`),
    ],
  );

  /** Access keys as SHA-256. Without an organisation it is an editor's. */
  const keys = kit.table(
    'keys',
    {
      id: kit.text().primaryKey(),
      organisationId: kit.text().references(() => organisations.id, cascade),
      label: kit.text().notNull(),
      hash: kit.text().notNull(),
      createdAt: kit.moment().notNull(),
    },
    (t) => [kit.uniqueIndex('keys_hash').on(t.hash), kit.index('keys_organisation').on(t.organisationId)],
  );

  const relations = kit.table(
    'relations',
    {
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      insurerSlug: kit
        .text()
        .notNull()
        .references(() => insurers.slug),
      contractStatus: kit.text().$type<RelationStatus>().notNull(),
      preferred: kit.bool().notNull(),
    },
    (t) => [
      kit.primaryKey({ name: 'relations_pk', columns: [t.organisationId, t.insurerSlug] }),
      kit.index('relations_insurer').on(t.insurerSlug),
      /** Who deals with an insurer, a few at a time. */
      kit.index('relations_dealing').on(t.insurerSlug, t.organisationId),
    ],
  );

  /** What happened at the organisation itself and starts a term. */
  const events = kit.table(
    'events',
    {
      id: kit.text().primaryKey(),
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      kind: kit.text().$type<EventKind>().notNull(),
      insurerSlug: kit
        .text()
        .notNull()
        .references(() => insurers.slug),
      contractYear: kit.int().notNull(),
      occurredOn: kit.day().notNull(),
      createdAt: kit.moment().notNull(),
    },
    (t) => [kit.uniqueIndex('events_once').on(t.organisationId, t.kind, t.insurerSlug, t.contractYear)],
  );

  /** The identity of an organisation's own computed date in its calendar. Kept when the event goes, so that a correction moves the same item. */
  const ownTerms = kit.table(
    'own_terms',
    {
      id: kit.text().primaryKey(),
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      sequence: kit.int().notNull(),
      changedAt: kit.moment().notNull(),
    },
    (t) => [kit.uniqueIndex('own_terms_once').on(t.organisationId, t.deadlineId)],
  );

  const completions = kit.table(
    'completions',
    {
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      completedOn: kit.day().notNull(),
      by: kit.text().notNull(),
      evidence: kit.text(),
      recordedAt: kit.moment().notNull(),
    },
    (t) => [kit.primaryKey({ name: 'completions_pk', columns: [t.organisationId, t.deadlineId] })],
  );

  /** An organisation's own internal date before a deadline. */
  const steps = kit.table(
    'steps',
    {
      id: kit.text().primaryKey(),
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      title: kit.text().notNull(),
      dueOn: kit.day().notNull(),
      createdAt: kit.moment().notNull(),
    },
    (t) => [kit.index('steps_of').on(t.organisationId, t.deadlineId)],
  );

  /** How often what an organisation shows of a scope was changed by its own doing: what that adds to the numbers of its events. Never removed, so that they only rise. */
  const eventMarks = kit.table(
    'event_marks',
    {
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      /** `all`, `event:` with a UID, or `done:` with a deadline's id. */
      scope: kit.text().notNull(),
      sequence: kit.int().notNull(),
      changedAt: kit.moment().notNull(),
    },
    (t) => [kit.primaryKey({ name: 'event_marks_pk', columns: [t.organisationId, t.scope] })],
  );

  /** A secret link to the organisation's calendar, of whose token only the SHA-256 is kept, and what the calendar shows. */
  const feeds = kit.table(
    'feeds',
    {
      id: kit.text().primaryKey(),
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      label: kit.text().notNull(),
      hash: kit.text().notNull(),
      createdAt: kit.moment().notNull(),
      /** Slugs, and `sector` for what no insurer asks; null: all. */
      insurers: kit.json<string[]>(),
      /** As whom; null: as all that the organisation is. */
      roles: kit.json<Reader[]>(),
      /** Null: all. */
      certainty: kit.json<Certainty[]>(),
      /** How many days before, at 09:00, an app may sound an alarm; null: never. */
      alarms: kit.json<number[]>(),
      /** Null: the organisation's. */
      language: kit.text().$type<Language>(),
      showCompleted: kit.bool().notNull().default(false),
      /** Rises with every change of what its events look like, and with it `restyledAt`; `changedAt` tells of every choice. */
      sequence: kit.int().notNull().default(0),
      restyledAt: kit.moment(),
      changedAt: kit.moment(),
      /** The last day in Amsterdam on which an app fetched it, and the family that the app belongs to. */
      lastFetchedOn: kit.day(),
      client: kit.text(),
    },
    (t) => [kit.uniqueIndex('feeds_hash').on(t.hash), kit.index('feeds_organisation').on(t.organisationId)],
  );

  /** A link that was replaced or revoked. Until `endsAt` it still leads to its feed; for a while after that it is known to have ended. */
  const formerLinks = kit.table(
    'former_links',
    {
      hash: kit.text().primaryKey(),
      /** Null when the feed is gone. */
      feedId: kit.text().references(() => feeds.id, { onDelete: 'set null' }),
      replacedAt: kit.moment().notNull(),
      endsAt: kit.moment().notNull(),
    },
    (t) => [kit.index('former_links_feed').on(t.feedId), kit.index('former_links_end').on(t.endsAt)],
  );

  const recipients = kit.table(
    'recipients',
    {
      id: kit.text().primaryKey(),
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
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
    },
    (t) => [kit.uniqueIndex('recipients_once').on(t.organisationId, t.email)],
  );

  /** A deadline that a recipient wants no more mail about. */
  const mutes = kit.table(
    'mutes',
    {
      recipientId: kit
        .text()
        .notNull()
        .references(() => recipients.id, cascade),
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      createdAt: kit.moment().notNull(),
    },
    (t) => [kit.primaryKey({ name: 'mutes_pk', columns: [t.recipientId, t.deadlineId] })],
  );

  /** One mail to one recipient, or to who runs the service. Its bytes are frozen when it is first claimed. */
  const messages = kit.table(
    'messages',
    {
      id: kit.text().primaryKey(),
      /** Recipient, kind and day in one text: at most one message each. */
      key: kit.text().notNull(),
      /** Null: it is the operator's. */
      organisationId: kit.text().references(() => organisations.id, cascade),
      recipientId: kit.text().references(() => recipients.id, { onDelete: 'set null' }),
      kind: kit.text().$type<MessageKind | typeof OPERATOR>().notNull(),
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
      /** What it says, where that was settled when it was queued: then `subject` was too. All others are drafted when they are claimed. */
      content: kit.text(),
      /** The address that its bytes are for: the recipient's, or that of its deputy. Null until they were frozen; the operator's stands from the start. */
      sentTo: kit.text(),
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
    },
    (t) => [
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
      kit.check('messages_owner', sql`(${t.organisationId} is null) = (${t.kind} = 'operator')`),
    ],
  );

  /** One reminder of one deadline to one recipient, this many days before. Never two for the same last safe day. */
  const reminders = kit.table(
    'reminders',
    {
      id: kit.text().primaryKey(),
      recipientId: kit
        .text()
        .notNull()
        .references(() => recipients.id, cascade),
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      /** Whose duty it is: the recipient's organisation, or one that it delivers for. */
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      lastSafeOn: kit.day().notNull(),
      leadDays: kit.int().notNull(),
      messageId: kit.text().references(() => messages.id, cascade),
      state: kit.text().$type<'pending' | 'sent' | 'cancelled'>().notNull(),
      reason: kit.text(),
      createdAt: kit.moment().notNull(),
    },
    (t) => [
      kit.uniqueIndex('reminders_once').on(t.recipientId, t.deadlineId, t.organisationId, t.lastSafeOn, t.leadDays),
      kit.index('reminders_message').on(t.messageId),
      /** For an organisation that goes. */
      kit.index('reminders_organisation').on(t.organisationId),
      /** Few among very many: those that wait for their mail. */
      kit
        .index('reminders_pending')
        .on(t.recipientId)
        .where(sql`state = 'pending'`),
    ],
  );

  /** Revisions that change what somebody has to do, until everybody concerned has a mail queued about them. */
  const changes = kit.table(
    'changes',
    {
      id: kit.text().primaryKey(),
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      /** The number of the revision that counted before; 0 when it is new. */
      fromRevision: kit.int().notNull(),
      recordedAt: kit.moment().notNull(),
      /** The last organisation that was seen to, by id; null before the first. */
      seenTo: kit.text(),
    },
    (t) => [kit.index('changes_recorded').on(t.recordedAt)],
  );

  /** One deadline in a mail about a change or about what is still not done. */
  const notices = kit.table(
    'notices',
    {
      id: kit.text().primaryKey(),
      /** What it is about in one text: told at most once. */
      key: kit.text().notNull(),
      messageId: kit
        .text()
        .notNull()
        .references(() => messages.id, cascade),
      deadlineId: kit
        .text()
        .notNull()
        .references(() => deadlines.id, cascade),
      /** Whose duty it is. */
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      /** Of a change: the revision that the reader knew. */
      fromRevision: kit.int(),
      /** Of what is not done: the last safe day it is about. Of a change of an organisation's own term: the one that it has now. */
      lastSafeOn: kit.day(),
      /** Of a change of an organisation's own term: the last safe day that the reader knew. */
      knownOn: kit.day(),
      /** Why it was left out of the mail after all. */
      reason: kit.text(),
    },
    (t) => [
      kit.uniqueIndex('notices_key').on(t.key),
      kit.index('notices_message').on(t.messageId),
      kit.index('notices_organisation').on(t.organisationId),
    ],
  );

  /** One try to hand a message to the mail server. */
  const attempts = kit.table(
    'attempts',
    {
      messageId: kit
        .text()
        .notNull()
        .references(() => messages.id, cascade),
      number: kit.int().notNull(),
      startedAt: kit.moment().notNull(),
      endedAt: kit.moment(),
      outcome: kit.text().$type<'accepted' | 'refused' | 'failed'>(),
      code: kit.int(),
      response: kit.text(),
    },
    (t) => [kit.primaryKey({ name: 'attempts_pk', columns: [t.messageId, t.number] }), kit.index('attempts_ended').on(t.endedAt)],
  );

  /** When an address was lately asked something, so that nobody floods it: kept for a day, also when whoever asked is gone. */
  const questions = kit.table('questions', {
    /** The mailbox's mark (db/secrets.ts). */
    mailbox: kit.text().primaryKey(),
    asked: kit.json<AskedOnce[]>().notNull(),
    /** The newest of those moments. */
    lastAt: kit.moment().notNull(),
  });

  /** Mailboxes that an organisation may ask nothing more. */
  const declines = kit.table(
    'declines',
    {
      organisationId: kit
        .text()
        .notNull()
        .references(() => organisations.id, cascade),
      /** The mailbox's mark (db/secrets.ts). */
      mailbox: kit.text().notNull(),
      declinedAt: kit.moment().notNull(),
    },
    (t) => [kit.primaryKey({ name: 'declines_pk', columns: [t.organisationId, t.mailbox] })],
  );

  /** Addresses that the mail server does not know, also when no recipient has them any more. */
  const deadAddresses = kit.table('dead_addresses', {
    /** The address's mark (db/secrets.ts). */
    address: kit.text().primaryKey(),
    /** What the mail server said. */
    fault: kit.text().notNull(),
    since: kit.moment().notNull(),
  });

  /** Processes that may send. On SQLite only one at a time does. */
  const senders = kit.table('senders', {
    holder: kit.text().primaryKey(),
    host: kit.text().notNull(),
    pid: kit.int().notNull(),
    renewedAt: kit.moment().notNull(),
  });

  /** Which organisations changed last, themselves or by their feeds, in the order of the commits: what is held in memory of them holds no longer. */
  const organisationChanges = kit.table(
    'organisation_changes',
    {
      organisationId: kit.text().primaryKey(),
      number: kit.int().notNull(),
    },
    (t) => [kit.index('organisation_changes_number').on(t.number)],
  );

  /** Small facts about the service itself: the registry's version counter, the renderer's version, whether the demo was made. */
  const settings = kit.table('settings', {
    name: kit.text().primaryKey(),
    value: kit.text().notNull(),
  });

  return {
    insurers,
    documents,
    insurerDocuments,
    deadlines,
    revisions,
    deadlineRoles,
    organisations,
    keys,
    relations,
    events,
    ownTerms,
    completions,
    steps,
    eventMarks,
    feeds,
    formerLinks,
    recipients,
    mutes,
    messages,
    reminders,
    changes,
    notices,
    attempts,
    questions,
    declines,
    deadAddresses,
    senders,
    organisationChanges,
    settings,
  };
}

export type Tables = ReturnType<typeof defineSchema>;
export type Insurer = Tables['insurers']['$inferSelect'];
export type Organisation = Tables['organisations']['$inferSelect'];
export type Feed = Tables['feeds']['$inferSelect'];
export type Relation = Tables['relations']['$inferSelect'];
export type Recipient = Tables['recipients']['$inferSelect'];
export type Message = Tables['messages']['$inferSelect'];
/** A message to an organisation's people. */
export type OwnMessage = Message & { organisationId: string; kind: MessageKind };
export type Notice = Tables['notices']['$inferSelect'];
