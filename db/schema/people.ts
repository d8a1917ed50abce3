/** The tables of people: who they are, where they may do what, and how they sign in. Secrets stand in them as digests only. */
import type { Digest } from '../../calendars/reminders/reminders.ts';
import type { Language, RelationStatus, Role } from '../../calendars/terms.ts';
import type { Kit, Target } from '../store/kit.ts';

/** What a member may do: a manager changes what is the organisation's, a reader looks. */
export const MEMBER_ROLES = ['manager', 'reader'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** What somebody chose who enrols an organisation. */
export interface EnrolmentChoices {
  name: string;
  language: Language;
  roles: Role[];
  insurers: { insurer: string; contractStatus: RelationStatus; preferred: boolean }[];
  email: string;
  leadDays: number[];
  digest: Digest;
}

export function peopleTables(kit: Kit, { organisations }: { organisations: { id: Target } }) {
  const people = personsTable(kit);
  return {
    people,
    members: membersTable(kit, people, organisations),
    editors: editorsTable(kit, people),
    signIns: signInsTable(kit, people),
    sessions: sessionsTable(kit, people),
    enrolments: enrolmentsTable(kit),
    invitations: invitationsTable(kit, people, organisations),
    addressChanges: addressChangesTable(kit, people),
  };
}

/** Who signs in. A recipient is an address, perhaps a shared mailbox, and is nobody here. */
function personsTable(kit: Kit) {
  const columns = {
    id: kit.text().primaryKey(),
    /** Folded (`foldAddress`). */
    email: kit.text().notNull(),
    language: kit.text().$type<Language>().notNull(),
    createdAt: kit.moment().notNull(),
  };
  return kit.table('people', columns, (t) => [kit.uniqueIndex('people_email').on(t.email)]);
}

function membersTable(kit: Kit, people: { id: Target }, organisations: { id: Target }) {
  const columns = {
    personId: kit.ref(people.id, 'cascade').notNull(),
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    role: kit.text().$type<MemberRole>().notNull(),
    createdAt: kit.moment().notNull(),
  };
  return kit.table('members', columns, (t) => [
    kit.primaryKey({ name: 'members_pk', columns: [t.personId, t.organisationId] }),
    kit.index('members_organisation').on(t.organisationId),
  ]);
}

/** Who may change the registry, and the name that stands beside what was changed. */
function editorsTable(kit: Kit, people: { id: Target }) {
  return kit.table('editors', {
    personId: kit.ref(people.id, 'cascade').primaryKey(),
    label: kit.text().notNull(),
    createdAt: kit.moment().notNull(),
    /** Whether the work list comes by mail each week. */
    isMailedWork: kit.bool().notNull().default(true),
  });
}

/** One time that somebody asked to sign in. The same row is kept of an address that nobody has. */
function signInsTable(kit: Kit, people: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    /** The digest of the mailbox that was typed (db/store/secrets.ts). */
    mailbox: kit.text().notNull(),
    /** Null: nobody has that address, and no code is right. */
    personId: kit.ref(people.id, 'cascade'),
    /** Of the cookie of the browser that asked. */
    cookie: kit.text().notNull(),
    /** Of the token in the mail's link. */
    token: kit.text().notNull(),
    /** Of the code, keyed. */
    code: kit.text().notNull(),
    triesLeft: kit.int().notNull(),
    createdAt: kit.moment().notNull(),
    expiresAt: kit.moment().notNull(),
    usedAt: kit.moment(),
  };
  return kit.table('sign_ins', columns, (t) => [
    kit.uniqueIndex('sign_ins_cookie').on(t.cookie),
    kit.uniqueIndex('sign_ins_token').on(t.token),
    kit.index('sign_ins_mailbox').on(t.mailbox, t.createdAt),
    kit.index('sign_ins_person').on(t.personId),
    kit.index('sign_ins_created').on(t.createdAt),
  ]);
}

/** One browser in which somebody is signed in. */
function sessionsTable(kit: Kit, people: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    digest: kit.text().notNull(),
    personId: kit.ref(people.id, 'cascade').notNull(),
    createdAt: kit.moment().notNull(),
    /** The beginning of the hour in which it was used last. */
    lastUsedAt: kit.moment().notNull(),
    /** Until when what is dangerous asks for no other sign-in. */
    freshUntil: kit.moment().notNull(),
    expiresAt: kit.moment().notNull(),
  };
  return kit.table('sessions', columns, (t) => [
    kit.uniqueIndex('sessions_digest').on(t.digest),
    kit.index('sessions_person').on(t.personId),
    kit.index('sessions_end').on(t.expiresAt),
  ]);
}

/** An organisation that is to be, until the address is confirmed: nothing else of it exists before. */
function enrolmentsTable(kit: Kit) {
  const columns = {
    id: kit.text().primaryKey(),
    token: kit.text().notNull(),
    /** The digests of the mailbox, and of who called: for the limits. */
    mailbox: kit.text().notNull(),
    caller: kit.text().notNull(),
    /** Null once it was used. */
    choices: kit.json<EnrolmentChoices>(),
    /** The invitation that it came by, where one is needed. */
    invitationId: kit.text(),
    createdAt: kit.moment().notNull(),
    expiresAt: kit.moment().notNull(),
    usedAt: kit.moment(),
  };
  return kit.table('enrolments', columns, (t) => [
    kit.uniqueIndex('enrolments_token').on(t.token),
    kit.index('enrolments_mailbox').on(t.mailbox, t.createdAt),
    kit.index('enrolments_caller').on(t.caller, t.createdAt),
    kit.index('enrolments_end').on(t.expiresAt),
  ]);
}

/** A link by which somebody becomes a member, or may enrol an organisation. */
function invitationsTable(kit: Kit, people: { id: Target }, organisations: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    token: kit.text().notNull(),
    /** Null: to enrol one. */
    organisationId: kit.ref(organisations.id, 'cascade'),
    /** To whom the link is mailed; null: it is handed over by who runs the service. */
    email: kit.text(),
    role: kit.text().$type<MemberRole>(),
    /** Null: who runs the service. */
    invitedById: kit.ref(people.id, 'set null'),
    createdAt: kit.moment().notNull(),
    expiresAt: kit.moment().notNull(),
    usedAt: kit.moment(),
  };
  return kit.table('invitations', columns, (t) => [
    kit.uniqueIndex('invitations_token').on(t.token),
    kit.index('invitations_organisation').on(t.organisationId, t.email),
    kit.index('invitations_inviter').on(t.invitedById),
    kit.index('invitations_end').on(t.expiresAt),
  ]);
}

/** The new address of a person, until both addresses said yes. */
function addressChangesTable(kit: Kit, people: { id: Target }) {
  const columns = {
    personId: kit.ref(people.id, 'cascade').primaryKey(),
    email: kit.text().notNull(),
    /** Of the token that went to the address as it is, and when it said yes. */
    formerToken: kit.text().notNull(),
    formerConfirmedAt: kit.moment(),
    /** The same of the new one. */
    newToken: kit.text().notNull(),
    newConfirmedAt: kit.moment(),
    createdAt: kit.moment().notNull(),
    expiresAt: kit.moment().notNull(),
  };
  return kit.table('address_changes', columns, (t) => [
    kit.uniqueIndex('address_changes_former').on(t.formerToken),
    kit.uniqueIndex('address_changes_new').on(t.newToken),
    kit.index('address_changes_end').on(t.expiresAt),
  ]);
}
