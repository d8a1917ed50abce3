/** Reminders that a hold cost: their deadline passed meanwhile, or an operator struck them out. */
import { addDays, amsterdamDay } from '../../calendars/days.ts';
import { MOST_DAYS_AFTER, usefulUntil } from '../../calendars/reminders/reminders.ts';
import type { Day } from '../../calendars/terms.ts';
import type { Hold } from '../messages/hold.ts';
import { and, asc, eq, gte, inArray, isNotNull, lt, or } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';

export interface HeldReminder {
  messageId: string | null;
  outcome: 'passed' | 'struck';
  recipient: string;
  organisation: string;
  /** Null: it is about an own date, whose title is null once that was removed. */
  deadlineId: string | null;
  title: string | null;
  insurer: string | null;
  lastSafeOn: Day;
  leadDays: number;
}

/** By recipient and day, of deadlines and of own dates. Those that were of no use any more before the hold's beginning are none of it. */
export async function heldReminders(db: ReadDb, hold: Hold, now: Date): Promise<HeldReminder[]> {
  return [...(await heldOfDeadlines(db, hold, now)), ...(await heldOfSteps(db, hold, now))];
}

async function heldOfDeadlines(db: ReadDb, hold: Hold, now: Date): Promise<HeldReminder[]> {
  const { deadlines, insurers, organisations, recipients, reminders, revisions } = db.tables;
  const today = amsterdamDay(now);
  const from = amsterdamDay(hold.from);
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
      deadlineId: deadlines.id,
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
        gte(reminders.lastSafeOn, addDays(from, -MOST_DAYS_AFTER)),
        inArray(reminders.state, ['pending', 'cancelled']),
        or(hasPassed, eq(reminders.reason, 'struck')),
      ),
    )
    .orderBy(asc(recipients.email), asc(reminders.lastSafeOn), asc(reminders.deadlineId));
  return rows
    .filter(({ actors, certainty, lastSafeOn, onBehalfOf, reason, state }) => {
      const until = usefulUntil({ certainty, duty: { actors, onBehalfOf } }, lastSafeOn);
      return until >= from && (reason === 'struck' || state !== 'pending' || until < today);
    })
    .map(({ actors: _, certainty: __, onBehalfOf: ___, state: ____, reason, ...row }) => ({
      ...row,
      outcome: reason === 'struck' ? ('struck' as const) : ('passed' as const),
    }));
}

async function heldOfSteps(db: ReadDb, hold: Hold, now: Date): Promise<HeldReminder[]> {
  const { organisations, recipients, reminders, steps } = db.tables;
  const hasPassed = and(lt(reminders.lastSafeOn, amsterdamDay(now)), or(eq(reminders.state, 'pending'), eq(reminders.reason, 'passed')));
  const rows = await db
    .select({
      messageId: reminders.messageId,
      reason: reminders.reason,
      recipient: recipients.email,
      organisation: organisations.name,
      title: steps.title,
      lastSafeOn: reminders.lastSafeOn,
      leadDays: reminders.leadDays,
    })
    .from(reminders)
    .innerJoin(recipients, eq(recipients.id, reminders.recipientId))
    .innerJoin(organisations, eq(organisations.id, recipients.organisationId))
    .leftJoin(steps, eq(steps.id, reminders.stepId))
    .where(
      and(
        isNotNull(reminders.stepId),
        gte(reminders.lastSafeOn, amsterdamDay(hold.from)),
        inArray(reminders.state, ['pending', 'cancelled']),
        or(hasPassed, eq(reminders.reason, 'struck')),
      ),
    )
    .orderBy(asc(recipients.email), asc(reminders.lastSafeOn), asc(reminders.stepId));
  return rows.map(({ reason, ...row }) => ({
    ...row,
    deadlineId: null,
    insurer: null,
    outcome: reason === 'struck' ? ('struck' as const) : ('passed' as const),
  }));
}
