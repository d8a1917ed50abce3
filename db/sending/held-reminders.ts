/** Reminders that a hold cost: their deadline passed meanwhile, or an operator struck them out. */
import { amsterdamDay } from '../../calendars/days.ts';
import { timingOf } from '../../calendars/reminders/reminders.ts';
import type { Day } from '../../calendars/terms.ts';
import type { Hold } from '../messages/hold.ts';
import { and, asc, eq, gte, inArray, lt, or } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';

export interface HeldReminder {
  messageId: string | null;
  outcome: 'passed' | 'struck';
  recipient: string;
  organisation: string;
  deadlineId: string;
  title: string;
  insurer: string | null;
  lastSafeOn: Day;
  leadDays: number;
}

/** By recipient and day. Those whose deadline passed before the hold's beginning are none of it. */
export async function heldReminders(db: ReadDb, hold: Hold, now: Date): Promise<HeldReminder[]> {
  const { deadlines, insurers, organisations, recipients, reminders, revisions } = db.tables;
  const today = amsterdamDay(now);
  const hasPassed = and(lt(reminders.lastSafeOn, today), or(eq(reminders.state, 'pending'), eq(reminders.reason, 'passed')));
  const rows = await db
    .select({
      messageId: reminders.messageId,
      state: reminders.state,
      reason: reminders.reason,
      certainty: revisions.certainty,
      actors: revisions.actors,
      onBehalfOf: revisions.onBehalfOf,
      recipient: recipients.email,
      organisation: organisations.name,
      deadlineId: reminders.deadlineId,
      title: revisions.title,
      insurer: insurers.name,
      lastSafeOn: reminders.lastSafeOn,
      leadDays: reminders.leadDays,
    })
    .from(reminders)
    .innerJoin(recipients, eq(recipients.id, reminders.recipientId))
    .innerJoin(organisations, eq(organisations.id, recipients.organisationId))
    .innerJoin(deadlines, eq(deadlines.id, reminders.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .leftJoin(insurers, eq(insurers.slug, deadlines.insurerSlug))
    .where(
      and(
        gte(reminders.lastSafeOn, amsterdamDay(hold.from)),
        inArray(reminders.state, ['pending', 'cancelled']),
        or(hasPassed, eq(reminders.reason, 'struck')),
      ),
    )
    .orderBy(asc(recipients.email), asc(reminders.lastSafeOn), asc(reminders.deadlineId));
  return rows
    .filter(({ actors, certainty, lastSafeOn, onBehalfOf, reason, state }) => {
      if (reason === 'struck' || state !== 'pending' || !actors.every((actor) => actor === 'insurer')) return true;
      // What an insurer did itself is told after its day.
      return (
        timingOf({ as: 'informed', deadline: { certainty, duty: { actors, onBehalfOf }, dueOn: lastSafeOn, lastSafeOn } }).until < today
      );
    })
    .map(({ actors: _, certainty: __, onBehalfOf: ___, state: ____, reason, ...row }) => ({
      ...row,
      outcome: reason === 'struck' ? ('struck' as const) : ('passed' as const),
    }));
}
