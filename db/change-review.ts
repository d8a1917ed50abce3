/** What a change notice would say if it left now: what its reader knew, and what holds since. */
import type { Day } from '../calendars/terms.ts';
import { concernIn, type Concern } from './announcements.ts';
import { changedFields, type Noted } from './changes.ts';
import { findCompletion } from './completions.ts';
import { listRevisions } from './deadlines.ts';
import { and, eq, inArray, isNull } from './drizzle.ts';
import { insurerNames } from './insurers.ts';
import type { CancelReason } from './messages.ts';
import { noticesIn, wasTold } from './notices.ts';
import { sameText, type Revision } from './revisions.ts';
import type { Message, Recipient } from './schema.ts';
import type { ReadDb } from './store.ts';
import { readWishes } from './wishes.ts';

/** One deadline that changed, as it stands for its reader. */
export interface ChangeNotice extends Concern {
  before: Revision;
  after: Revision;
  /** In what they differ. */
  fields: (keyof Noted)[];
  insurerName: string | null;
  /** Why it asks nothing of the reader any more; null when it still does. */
  gone: 'withdrawn' | 'not_concerned' | null;
  /** Whether the reader's organisation marked it as done. */
  done: boolean;
}

/** Asks anew what a message about changes has to tell. The soonest last safe day comes first, what is undated last. */
export async function reviewChanges(
  db: ReadDb,
  message: Message,
  recipient: Recipient,
  today: Day,
): Promise<{ told: ChangeNotice[]; dropped: { id: string; reason: CancelReason }[] }> {
  const told: ChangeNotice[] = [];
  const dropped: { id: string; reason: CancelReason }[] = [];
  const { muted } = await readWishes(db, recipient, today, 'change');
  const names = await insurerNames(db);
  // The same deadline may stand twice, after a mail that was made anew: the oldest revision is the one that the reader knows.
  const notices = (await noticesIn(db, message.id)).sort((a, b) => (a.fromRevision ?? 0) - (b.fromRevision ?? 0));
  const seen = new Set<string>();
  for (const { id, deadlineId, fromRevision } of notices) {
    if (seen.has(deadlineId)) continue;
    seen.add(deadlineId);
    const revisions = await listRevisions(db, deadlineId);
    const after = revisions.at(-1)!;
    const before = revisions.find(({ revision }) => revision === fromRevision) ?? after;
    const fields = changedFields(before, after, sameText);
    const concern = await concernIn(db, message.organisationId, after);
    const earlier = concern ?? (await concernIn(db, message.organisationId, before));
    const reason = muted.has(deadlineId)
      ? 'not_wanted'
      : !earlier
        ? 'not_concerned'
        : fields.length === 0
          ? 'reverted'
          : await whyUntold(db, message, recipient, after);
    if (reason || !earlier) {
      dropped.push({ id, reason: reason ?? 'not_concerned' });
      continue;
    }
    // Its frozen bytes say what no longer holds: to be told in a mail that is made anew.
    if (message.raw !== null && message.claimedAt !== null && after.revisedAt > message.claimedAt) dropped.push({ id, reason: 'moved' });
    const gone = after.status === 'withdrawn' ? 'withdrawn' : concern ? null : 'not_concerned';
    const done = (await findCompletion(db, message.organisationId, deadlineId)) !== null;
    const insurerName = after.insurer === null ? null : (names.get(after.insurer) ?? after.insurer);
    told.push({ ...earlier, before, after, fields, insurerName, gone, done });
  }
  return { told: told.sort((a, b) => compare(dayOf(a), dayOf(b)) || compare(a.after.id, b.after.id)), dropped };
}

/** Why nothing is to be told of a deadline that did change. */
async function whyUntold(db: ReadDb, message: Message, recipient: Recipient, after: Revision): Promise<CancelReason | null> {
  if (after.status === 'withdrawn' && !(await wasTold(db, recipient.id, after.id))) return 'not_told';
  return (await toldSince(db, message, after)) ? 'merged' : null;
}

/** Whether another mail told of this very revision already. */
async function toldSince(db: ReadDb, { recipientId }: Message, after: Revision): Promise<boolean> {
  if (recipientId === null) return false;
  const { messages, notices } = db.tables;
  const rows = await db
    .select({ claimedAt: messages.claimedAt })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(
      and(
        eq(messages.recipientId, recipientId),
        eq(messages.kind, 'change'),
        inArray(messages.state, ['sent']),
        eq(notices.deadlineId, after.id),
        isNull(notices.reason),
      ),
    );
  return rows.some(({ claimedAt }) => claimedAt !== null && claimedAt >= after.revisedAt);
}

const dayOf = ({ after }: ChangeNotice) => after.lastSafeOn ?? '9999';
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
