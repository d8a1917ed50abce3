/** The table of notices: what a mail tells of a change, of what is still not done, or of what others did. */
import type { Kit, Target } from '../store/kit.ts';
import type { NoticeKind } from './messages.ts';

/** What a notice refers to. */
interface References {
  messages: { id: Target };
  deadlines: { id: Target };
  organisations: { id: Target };
  acts: { id: Target };
  publicChanges: { id: Target };
}

export function noticeTables(kit: Kit, references: References) {
  return { notices: noticesTable(kit, references) };
}

/** One deadline in a mail about a change or about what is still not done, or one act. */
function noticesTable(kit: Kit, { messages, deadlines, organisations, acts, publicChanges }: References) {
  const columns = {
    id: kit.text().primaryKey(),
    /** What it is about in one text: told at most once. */
    key: kit.text().notNull(),
    /** Whether it tells of a change, of what is not done, or of an act: one mail may tell of all. */
    kind: kit.text().$type<NoticeKind>().notNull().default('change'),
    messageId: kit.ref(messages.id, 'cascade').notNull(),
    /** Null of an act that is about no deadline. */
    deadlineId: kit.ref(deadlines.id, 'cascade'),
    /** Of what others did: which act. */
    actId: kit.ref(acts.id, 'cascade'),
    /** Whose duty it is. */
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    /** Of a change: the revision that the reader knew. */
    fromRevision: kit.int(),
    /** Of what is not done: the last safe day it is about. Of a change of an organisation's own term: the one that it has now. */
    lastSafeOn: kit.day(),
    /** Of a change of an organisation's own term: the last safe day that the reader knew. */
    knownOn: kit.day(),
    /** Of a change: the newest that it tells of, as readers find it; null where it tells of none that has a page. */
    changeId: kit.ref(publicChanges.id),
    /** Why it was left out of the mail after all. */
    reason: kit.text(),
  };
  return kit.table('notices', columns, (t) => [
    kit.uniqueIndex('notices_key').on(t.key),
    kit.index('notices_message').on(t.messageId),
    kit.index('notices_organisation').on(t.organisationId),
    kit.index('notices_act').on(t.actId),
  ]);
}
