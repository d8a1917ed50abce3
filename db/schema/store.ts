/** The tables of the store itself: its settings, and which organisations changed. */
import type { Kit } from '../store/kit.ts';

/** What can be withdrawn: the one list of kinds. Behind each, what its subject names. */
export const WITHDRAWAL_KINDS = [
  /** An organisation was removed: its id. */
  'organisation',
  /** A recipient was removed: its id. */
  'recipient',
  /** A recipient wants no more mail: its id. */
  'unsubscribe',
  /** A recipient wants no more mail about a deadline: both ids. */
  'mute',
  /** A recipient declines a kind of mail: its id and the kind. */
  'decline',
  /** Its deputy wants no more of a recipient's mail: the recipient's id. */
  'deputy',
  /** A mailbox wants no questions of an organisation: the organisation's id and the digest of the mailbox. */
  'question',
  /** The mail server knows no such address: its digest. */
  'dead_address',
  /** Somebody is no member of an organisation any more, or changes nothing of it: the person's id and the organisation's, and `reader` where so. */
  'member',
  /** Somebody is no editor any more: the person's id. */
  'editor',
  /** An editor wants no weekly mail: the person's id. */
  'work_mail',
  /** A person was removed: its id. */
  'person',
  /** A session was ended: its id. */
  'session',
  /** The link of an insurer's purchaser was revoked: its id. */
  'purchaser_link',
] as const;
export type WithdrawalKind = (typeof WITHDRAWAL_KINDS)[number];

export function storeTables(kit: Kit) {
  return { organisationChanges: organisationChangesTable(kit), settings: settingsTable(kit), withdrawals: withdrawalsTable(kit) };
}

/** Which organisations changed last, themselves or by their feeds, in the order of the commits: what is held in memory of them holds no longer. */
function organisationChangesTable(kit: Kit) {
  const columns = { organisationId: kit.text().primaryKey(), number: kit.int().notNull() };
  return kit.table('organisation_changes', columns, (t) => [kit.index('organisation_changes_number').on(t.number)]);
}

/**
 * What somebody withdrew, in the order of the commits: kept so that a backup of before, once it is restored, is brought to the same. `subject` holds
 * ids, and keyed digests of addresses, as `db/store/withdrawals.ts` says of each kind; nobody's address.
 */
function withdrawalsTable(kit: Kit) {
  return kit.table('withdrawals', {
    number: kit.int().primaryKey(),
    /** Another one for each, also where a restored database counts the same numbers again. */
    id: kit.text().notNull(),
    at: kit.moment().notNull(),
    kind: kit.text().$type<WithdrawalKind>().notNull(),
    subject: kit.json<string[]>().notNull(),
    /** It holds no longer: somebody took it back. */
    isOver: kit.bool().notNull(),
  });
}

/** Small facts about the service itself: the registry's version counter, the renderer's version, whether the demo was made. */
function settingsTable(kit: Kit) {
  return kit.table('settings', { name: kit.text().primaryKey(), value: kit.text().notNull() });
}
