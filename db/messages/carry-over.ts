/** Moves the notices of a mail that will not leave to another one. Reminders need no move: they are planned anew. */
import { randomUUID } from 'node:crypto';
import { and, eq, isNull } from '../store/drizzle.ts';
import type { NoticeKind } from '../schema/schema.ts';
import type { WriteDb } from '../store/store.ts';
import { insertMessage } from './messages.ts';

/** By which of its notices a mail is known, the first that it has. */
const LEADING = ['change', 'escalation', 'acts'] as const satisfies readonly NoticeKind[];

/** Moves a mail's notices to a new one, which is drafted anew: of the old one nothing is known but that its bytes no longer hold. */
export async function carryOver(tx: WriteDb, id: string, now: Date): Promise<void> {
  const { messages, notices, recipients } = tx.tables;
  const rows = await tx
    .select({ kind: notices.kind })
    .from(notices)
    .where(and(eq(notices.messageId, id), isNull(notices.reason)));
  const [row] = await tx
    .select({ recipient: recipients, key: messages.key, dueAt: messages.dueAt, aboutId: messages.aboutId })
    .from(messages)
    .innerJoin(recipients, eq(recipients.id, messages.recipientId))
    .where(eq(messages.id, id));
  if (rows.length === 0 || !row) return;
  const { aboutId, dueAt, key, recipient } = row;
  const kind = LEADING.find((one) => rows.some((notice) => notice.kind === one))!;
  const next = await insertMessage(tx, recipient, { kind, key: `${key}/${randomUUID()}`, dueAt, aboutId }, now);
  await tx.update(notices).set({ messageId: next.id }).where(eq(notices.messageId, id));
}
