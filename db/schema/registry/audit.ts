/** The table of the audit: every change of the registry, of who may change it, and of who may say by a link what is wrong with it, each row bound to the one before by its hash. */
import type { Kit } from '../../store/kit.ts';

/** What was changed: the one list. Behind each, what its subject names. */
const AUDITED = [
  /** What a deadline says: its id. */
  'deadline',
  /** When a deadline was compared with its document: its id. */
  'check',
  /** An insurer with its contacts and its documents: its slug. */
  'insurer',
  /** What became of an edition: its id. */
  'edition',
  /** A source document: its key. */
  'document',
  /** A link for an insurer's purchaser: its id. */
  'purchaser_link',
  /** Whether somebody is an editor: the person's id. */
  'editor',
] as const;
export type Audited = (typeof AUDITED)[number];

/** Append only: the migration that made it also made the triggers that refuse to change or delete a row. It names no person but by an id. */
export function auditTables(kit: Kit) {
  return {
    audit: kit.table('audit', {
      /** 1, 2, 3 and so on, in the order of the commits. */
      number: kit.int().primaryKey(),
      at: kit.moment().notNull(),
      /** Who did it: `key:` or `person:` with an id, or what else changes it by a word of its own (db/registry/audit.ts). */
      by: kit.text().notNull(),
      what: kit.text().$type<Audited>().notNull(),
      subject: kit.text().notNull(),
      /** What differs, as it was; null where there was nothing. */
      before: kit.json<Record<string, unknown>>(),
      /** The same as it is; null where there is nothing any more. */
      after: kit.json<Record<string, unknown>>(),
      /** SHA-256 over all of that and the hash of the row before, in hexadecimal digits. */
      hash: kit.text().notNull(),
    }),
  };
}
