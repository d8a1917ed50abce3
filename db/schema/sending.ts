/** The tables of sending: who may, and what each try came to. */
import type { Kit, Target } from '../store/kit.ts';

export function sendingTables(kit: Kit, { messages }: { messages: { id: Target } }) {
  return { attempts: attemptsTable(kit, messages), senders: sendersTable(kit) };
}

/** One try to hand a message to the mail server. */
function attemptsTable(kit: Kit, messages: { id: Target }) {
  const columns = {
    messageId: kit.ref(messages.id, 'cascade').notNull(),
    number: kit.int().notNull(),
    startedAt: kit.moment().notNull(),
    endedAt: kit.moment(),
    outcome: kit.text().$type<'accepted' | 'refused' | 'failed'>(),
    code: kit.int(),
    response: kit.text(),
  };
  return kit.table('attempts', columns, (t) => [
    kit.primaryKey({ name: 'attempts_pk', columns: [t.messageId, t.number] }),
    kit.index('attempts_ended').on(t.endedAt),
  ]);
}

/** Processes that may send. On SQLite only one at a time does. */
function sendersTable(kit: Kit) {
  return kit.table('senders', {
    holder: kit.text().primaryKey(),
    host: kit.text().notNull(),
    pid: kit.int().notNull(),
    renewedAt: kit.moment().notNull(),
  });
}
