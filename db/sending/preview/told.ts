/** The notices that announcing an edition's changes made: who hears of which deadline. */
import { and, asc, eq, isNull } from '../../store/drizzle.ts';
import type { Change } from '../../notices/news.ts';
import { isOwnNotice, isUnsettled } from '../../notices/notices.ts';
import type { ReadDb } from '../../store/store.ts';

/** That a recipient hears of a deadline, in which mail. */
export interface ToldNotice {
  id: string;
  messageId: string;
  recipientId: string;
  organisationId: string;
  deadlineId: string;
  /** Whether it is about a day of an organisation's own, which moved along. */
  isOwn: boolean;
}

/** What the editions' changes are, and what was to be told before they were announced. */
interface Announced {
  changes: readonly Change[];
  earlier: readonly ToldNotice[];
}

/** All news that is to leave; with `announced` only what is about these changes. */
export async function toldNotices(db: ReadDb, announced?: Announced): Promise<ToldNotice[]> {
  const { messages, notices } = db.tables;
  const rows = await db
    .select({ notice: notices, recipientId: messages.recipientId, organisationId: messages.organisationId })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(and(isUnsettled(db), eq(notices.kind, 'change'), isNull(notices.reason)))
    .orderBy(asc(notices.id));
  const told = rows.flatMap(({ notice, organisationId, recipientId }) => {
    const { deadlineId, id, messageId } = notice;
    if (recipientId === null || organisationId === null || deadlineId === null) return [];
    return [{ id, messageId, recipientId, organisationId, deadlineId, isOwn: isOwnNotice(notice) }];
  });
  if (announced === undefined) return told;
  const changed = new Set(announced.changes.map(({ deadlineId }) => deadlineId));
  const known = new Set(announced.earlier.map(({ id }) => id));
  return told.filter((one) => (one.isOwn ? !known.has(one.id) : changed.has(one.deadlineId)));
}
