/**
 * Reminders that the rules of a new release take away: each of its readers is told once which these are, in a mail that leaves anyway. They are noted
 * by recipient, as a setting: where nothing was taken away, nothing is kept.
 */
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../calendars/deadlines/kinds.ts';
import { getDeadline } from '../registry/deadlines.ts';
import { insurerNames } from '../registry/insurers.ts';
import { readSnapshot } from '../registry/snapshot.ts';
import { readCounters } from '../store/counters.ts';
import { and, eq, inArray } from '../store/drizzle.ts';
import { saveSetting, takenAwayName } from '../store/settings.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { openPlanner } from './planner.ts';
import { SLICE } from './slices.ts';

/** What was taken away from a recipient. `saidIn`: the mail that says so; null before there is one. */
export interface TakenAway {
  deadlineIds: string[];
  saidIn: string | null;
}

/** One deadline that its reader is reminded of no more. */
export interface Untold {
  deadline: Deadline;
  insurerName: string | null;
}

/** Notes, of all who are to be reminded now, what the planning to come drops as none of their concern. What they wanted no mail about is not missed. */
export async function noteTakenAway(tx: WriteDb, now: Date): Promise<void> {
  const { reminders, recipients } = tx.tables;
  const waiting = await tx
    .selectDistinct({ id: recipients.organisationId })
    .from(reminders)
    .innerJoin(recipients, eq(recipients.id, reminders.recipientId))
    .where(and(eq(reminders.state, 'pending'), eq(recipients.status, 'confirmed')));
  if (waiting.length === 0) return;
  const planner = openPlanner(await readSnapshot(tx, await readCounters(tx)), amsterdamDay(now));
  for (let n = 0; n < waiting.length; n += SLICE) {
    const ids = waiting.slice(n, n + SLICE).map(({ id }) => id);
    for (const { plan, recipient } of await planner.plan(tx, ids)) {
      const dropped = plan.drop.flatMap(({ id, reason }) => (reason === 'not_concerned' ? [id] : []));
      if (recipient.declined.includes('reminder')) continue;
      const deadlineIds = await wantedAmong(tx, recipient.id, dropped);
      if (deadlineIds.length > 0)
        await saveSetting(tx, takenAwayName(recipient.id), JSON.stringify({ deadlineIds, saidIn: null } satisfies TakenAway));
    }
  }
}

/** By recipient, what was taken away. A mail that was cancelled, or was given up, says nothing. */
export async function readTakenAway(db: ReadDb, recipientIds: readonly string[]): Promise<ReadonlyMap<string, TakenAway>> {
  const { messages, settings } = db.tables;
  const names = new Map(recipientIds.map((id) => [takenAwayName(id), id]));
  const rows = await db
    .select()
    .from(settings)
    .where(inArray(settings.name, [...names.keys()]));
  if (rows.length === 0) return new Map();
  // Written here, by nobody else.
  const noted = rows.map(({ name, value }) => [names.get(name)!, JSON.parse(value) as TakenAway] as const);
  const saying = noted.flatMap(([, { saidIn }]) => saidIn ?? []);
  const neverLeft = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(inArray(messages.id, saying), inArray(messages.state, ['cancelled', 'dead'])));
  const unsaid = new Set(neverLeft.map(({ id }) => id));
  return new Map(noted.map(([id, one]) => [id, unsaid.has(one.saidIn ?? '') ? { ...one, saidIn: null } : one]));
}

/** Whether a mail is to say it: no other does. */
export function isSaidIn(takenAway: TakenAway | undefined, messageId: string): takenAway is TakenAway {
  return takenAway !== undefined && (takenAway.saidIn === null || takenAway.saidIn === messageId);
}

/**
 * What a mail says of it: each deadline that there still is, as it stands now; not what the mail tells of already, nor what is a deadline for its
 * reader again. `agenda`: of the reader's organisation.
 */
export async function untoldOf(
  db: ReadDb,
  { deadlineIds }: TakenAway,
  { agenda, toldIds }: { agenda: readonly AgendaItem[]; toldIds: readonly string[] },
): Promise<Untold[]> {
  const { deadlines } = db.tables;
  const names = await insurerNames(db);
  const rows = await db.select({ id: deadlines.id }).from(deadlines).where(inArray(deadlines.id, deadlineIds)).orderBy(deadlines.id);
  const countedIds = agenda.flatMap(({ deadline }) => (isCounted(deadline) ? deadline.id : []));
  const exceptIds = new Set([...toldIds, ...countedIds]);
  const untold: Untold[] = [];
  for (const { id } of rows) {
    const deadline = await getDeadline(db, id);
    if (exceptIds.has(id) || deadline.status === 'withdrawn') continue;
    untold.push({ deadline, insurerName: deadline.insurer === null ? null : (names.get(deadline.insurer) ?? deadline.insurer) });
  }
  return untold;
}

/** Notes that a mail says it: no other does, unless that one never leaves. */
export async function noteSaid(tx: WriteDb, recipientId: string, takenAway: TakenAway, messageId: string): Promise<void> {
  await saveSetting(tx, takenAwayName(recipientId), JSON.stringify({ ...takenAway, saidIn: messageId } satisfies TakenAway));
}

/** Of some reminders the deadlines that a recipient had not muted, each once. */
async function wantedAmong(tx: WriteDb, recipientId: string, reminderIds: readonly string[]): Promise<string[]> {
  const { mutes, reminders } = tx.tables;
  const rows = await tx
    .select({ deadlineId: reminders.deadlineId })
    .from(reminders)
    .where(inArray(reminders.id, [...reminderIds]))
    .orderBy(reminders.lastSafeOn, reminders.deadlineId);
  const muted = new Set(
    (await tx.select({ id: mutes.deadlineId }).from(mutes).where(eq(mutes.recipientId, recipientId))).map(({ id }) => id),
  );
  return [...new Set(rows.flatMap(({ deadlineId }) => deadlineId ?? []))].filter((id) => !muted.has(id));
}
