/** Missed reminders: not planned in time, since the service was down until their deadline had passed. They are not sent, but recorded. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { addDays, amsterdamMoment } from '../../calendars/days.ts';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import { MOST_DAYS_AFTER } from '../../calendars/reminders/reminders.ts';
import type { Day } from '../../calendars/terms.ts';
import { and, eq, gte, inArray, lt } from '../store/drizzle.ts';
import { insertMessages } from '../messages/messages.ts';
import { openPlanner, type RecipientPlan } from './planner.ts';
import type { Snapshot } from '../registry/snapshot.ts';
import { mailTime } from '../messages/mail-time.ts';
import { SLICE, slicesOfOrganisations } from './slices.ts';
import { wholePlan, type Place } from './whole-plan.ts';
import type { ReadDb, Store, WriteDb } from '../store/store.ts';

/** How many days are looked back upon. */
const MOST_DAYS = 31;

/**
 * Goes through the days after `plannedUntil` and before `today`, of which none was planned, and keeps what was due on them for deadlines that
 * passed meanwhile: a cancelled mail for each recipient and day. Gives how many reminders. A second run adds nothing.
 */
export async function recordMissed(
  store: Store,
  { plannedUntil, registry, today }: { plannedUntil: Day; registry: Snapshot; today: Day },
  now: Date,
): Promise<number> {
  const first = latest(addDays(today, -MOST_DAYS), addDays(plannedUntil, 1));
  const slices = () =>
    hasPassed(registry, plannedUntil, today) ? slicesOfOrganisations(store.read) : ownSlices(store.read, plannedUntil, today);
  let missed = 0;
  for (let day = first; day < today; day = addDays(day, 1)) {
    const planner = openPlanner(registry, day);
    for await (const ids of slices()) {
      // Whoever waits for an answer goes first.
      await setImmediate();
      const plans = tooLate(await planner.plan(store.read, ids), today);
      if (plans.length === 0) continue;
      const organisationIds = [...new Set(plans.map(({ organisation }) => organisation.id))];
      missed += await store.write(async (tx) => saveMissed(tx, tooLate(await planner.plan(tx, organisationIds), today), day, now));
    }
  }
  return missed;
}

const latest = (a: Day, b: Day) => (a > b ? a : b);

/** Whether the day of any deadline came after one day and before the other, by the registry: most days none does. */
function hasPassed({ parts }: Snapshot, after: Day, before: Day): boolean {
  return [...parts.values()].some(({ deadlines }) =>
    deadlines.some((deadline) => {
      const day = countingDay(deadline);
      // What an insurer does itself is told after its day.
      return day !== null && day > addDays(after, -MOST_DAYS_AFTER) && day < before;
    }),
  );
}

/** Those that have days of their own: terms that their events started, with those that deliver for them, and own dates that passed meanwhile. */
async function* ownSlices(db: ReadDb, after: Day, before: Day): AsyncIterable<string[]> {
  const { events, organisations, steps } = db.tables;
  const rows = await db
    .selectDistinct({ id: events.organisationId, parentId: organisations.parentId })
    .from(events)
    .innerJoin(organisations, eq(organisations.id, events.organisationId));
  const owners = await db
    .selectDistinct({ id: steps.organisationId })
    .from(steps)
    .where(and(gte(steps.dueOn, after), lt(steps.dueOn, before)));
  const owning = owners.map(({ id }) => id);
  const ids = [...new Set([...rows.flatMap(({ id, parentId }) => (parentId === null ? [id] : [id, parentId])), ...owning])].sort();
  for (let n = 0; n < ids.length; n += SLICE) yield ids.slice(n, n + SLICE);
}

/** What was due for deadlines and own dates that have passed by now, with those for whom it was. */
interface TooLate extends Pick<RecipientPlan, 'organisation' | 'recipient'> {
  missing: Place[];
}

function tooLate(plans: readonly RecipientPlan[], today: Day): TooLate[] {
  return plans.flatMap(({ organisation, recipient, ...both }) => {
    const missing = wholePlan(both).missing.flatMap(({ revives, ...place }) => (place.lastSafeOn < today && revives === null ? place : []));
    return missing.length > 0 ? [{ organisation, recipient, missing }] : [];
  });
}

async function saveMissed(tx: WriteDb, plans: readonly TooLate[], day: Day, now: Date): Promise<number> {
  const { messages, reminders } = tx.tables;
  const passed = { state: 'cancelled' as const, reason: 'passed' as const };
  const mails = plans.map(({ recipient }) => {
    const key = `${recipient.id}/reminder/${day}/passed`;
    return { recipient, kind: 'reminder' as const, key, dueAt: mailTime(recipient, amsterdamMoment(day, '00:00')) };
  });
  const ids = new Map((await insertMessages(tx, mails, now)).map(([id, recipientId]) => [recipientId, id]));
  await tx
    .update(messages)
    .set(passed)
    .where(inArray(messages.id, [...ids.values()]));
  const rows = plans.flatMap(({ missing, recipient }) =>
    missing.map((place) => ({
      id: randomUUID(),
      recipientId: recipient.id,
      ...place,
      ...passed,
      messageId: ids.get(recipient.id)!,
      createdAt: now,
    })),
  );
  for (const row of rows) await tx.insert(reminders).values(row).onConflictDoNothing();
  return rows.length;
}
