/** Escalations: mails about a deadline that is nearly there and not done, to the organisation's second recipient and the first one of its RO. */
import { setImmediate } from 'node:timers/promises';
import { amsterdamDay } from '../../calendars/days.ts';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import type { OpenItem } from '../../calendars/agenda/open-duties.ts';
import type { Day } from '../../calendars/terms.ts';
import { agendaFrom, readAgendaInputs } from '../organisations/agendas.ts';
import { and, asc, eq, inArray, isNull, or } from '../store/drizzle.ts';
import { mayHaveToHear } from './escalation-pages.ts';
import { recordedIn, recordedOf, type AgendaInput } from '../organisations/agenda-input.ts';
import { isOwnTerm } from '../organisations/own-terms.ts';
import { addNotices, gatheringMails } from './notices.ts';
import { deadlinesOf, readSnapshot } from '../registry/snapshot.ts';
import { mailTime } from '../messages/mail-time.ts';
import type { Recipient } from '../schema/schema.ts';
import type { ReadDb, Store, WriteDb } from '../store/store.ts';
import { isUrgent, urgentOf, type Urgent } from './urgency.ts';
import { readCounters } from '../store/counters.ts';
import { readSetting, saveSetting } from '../store/settings.ts';
import { isPaused } from '../recipients/pauses.ts';
import { mutedAmong, preferencesOf } from '../recipients/preferences.ts';

/** How many are seen to together. */
const SLICE = 30;

/**
 * Queues a mail for whoever else must hear of what is not done: on a new day looking at all that may be concerned, else where something
 * changed since. Gives how many deadlines were put in a mail; a second run does nothing.
 */
export async function escalate(store: Store, now: Date): Promise<number> {
  const { read } = store;
  const today = amsterdamDay(now);
  const counters = await readCounters(read);
  const { organisations, registry } = counters;
  const until: LookedUntil = { day: today, organisations, registry };
  const text = await readSetting(read, LOOKED_UNTIL);
  if (text === JSON.stringify(until)) return 0;
  // Written below, by nobody else.
  const before = text === undefined ? null : (JSON.parse(text) as LookedUntil);
  const isAll = before?.day !== today || before.registry !== registry;
  const urgent = urgentOf(await readSnapshot(read, counters), today);
  let queued = 0;
  if (urgent.insurers.size > 0 || urgent.mayBeOwn)
    for await (const concerned of mayHaveToHear(read, urgent, isAll ? null : before.organisations)) {
      // Whoever waits for an answer goes first.
      await setImmediate();
      for (let n = 0; n < concerned.length; n += SLICE) queued += await escalateSlice(store, concerned.slice(n, n + SLICE), urgent, now);
    }
  await store.write((tx) => saveSetting(tx, LOOKED_UNTIL, JSON.stringify(until)));
  return queued;
}

const LOOKED_UNTIL = 'escalated_until';

/** The day and the counters of the last run. */
interface LookedUntil {
  day: Day;
  organisations: number;
  registry: number;
}

async function escalateSlice(store: Store, ids: readonly string[], urgent: Urgent, now: Date): Promise<number> {
  const pulse = store.pulse();
  const missing = await missingAmong(store.read, ids, urgent);
  await setImmediate();
  if (missing.length === 0) return 0;
  const organisationIds = [...new Set(missing.map(({ organisationId }) => organisationId))];
  const queued = await store.write(async (tx) => {
    // Where nobody committed anything meanwhile, what was found still holds.
    const holds = pulse !== null && store.pulse() === pulse;
    return queueMissing(tx, holds ? missing : await missingAmong(tx, organisationIds, urgent), now);
  });
  await setImmediate();
  return queued;
}

async function queueMissing(tx: WriteDb, missing: readonly Missing[], now: Date): Promise<number> {
  const today = amsterdamDay(now);
  const wantedMails = missing.map(({ recipient }) => ({
    recipient,
    key: `${recipient.id}/escalation/${today}`,
    dueAt: mailTime(recipient, now),
  }));
  const mails = await gatheringMails(tx, 'escalation', wantedMails, now);
  const blank = { kind: 'escalation' as const, fromRevision: null, knownOn: null };
  await addNotices(
    tx,
    missing.map(({ key, organisationId, recipient, item: { deadline } }) => {
      const { id: deadlineId, lastSafeOn } = deadline;
      return { key, messageId: mails.get(recipient.id)!, deadlineId, organisationId, lastSafeOn, ...blank };
    }),
  );
  return missing.length;
}

/** What somebody is still to be told. */
interface Missing {
  key: string;
  recipient: Recipient;
  organisationId: string;
  item: OpenItem;
}

async function missingAmong(db: ReadDb, ids: readonly string[], urgent: Urgent): Promise<Missing[]> {
  const { alongUntil, today, until } = urgent;
  const agendaInputs = await readAgendaInputs(db, ids, { alone: true });
  const addressees = await othersToTell(db, [...agendaInputs.values()], today);
  const done = await doneByParents(db, [...agendaInputs.values()]);
  const mutes = await mutedAmong(
    db,
    [...addressees.values()].flat().map(({ id }) => id),
  );
  const missing: Missing[] = [];
  for (const [organisationId, agendaInput] of agendaInputs) {
    const recipients = addressees.get(organisationId) ?? [];
    const { parentId } = agendaInput.members[0]!;
    const items =
      recipients.length === 0
        ? []
        : agendaFrom(urgent.registry, agendaInput).filter((item) => isUrgent(item, organisationId, { today, until: alongUntil }));
    for (const item of items) {
      const { id, insurer, lastSafeOn } = item.deadline;
      // What its own event dated, its RO says nothing of.
      if (parentId !== null && !isOwnTerm(item) && recordedOf(done, parentId, item.deadline, deadlinesOf(urgent.registry, insurer)))
        continue;
      for (const recipient of recipients) {
        const { muted, silence } = preferencesOf(recipient, mutes.get(recipient.id) ?? [], today, 'escalation');
        const key = `${recipient.id}/undone/${organisationId}/${id}/${lastSafeOn}`;
        if (silence === null && !muted.has(id)) missing.push({ key, recipient, organisationId, item });
      }
    }
  }
  const noted = await notedAmong(
    db,
    missing.map(({ key }) => key),
  );
  const untold = missing.filter(({ key }) => !noted.has(key));
  const leaving = new Set(untold.filter(({ item }) => countingDay(item.deadline) <= until).map(subjectOf));
  return untold.filter((one) => leaving.has(subjectOf(one)));
}

/** What is told together: of one activity and contract year of an organisation, to one reader. */
function subjectOf({ item: { deadline }, organisationId, recipient }: Missing): string {
  return `${recipient.id}/${organisationId}/${deadline.activity}/${deadline.contractYear}/${deadline.key ?? ''}`;
}

/** By organisation its second recipient, and the first one of its RO; who is away now counts as absent. */
async function othersToTell(db: ReadDb, agendaInputs: readonly AgendaInput[], today: Day): Promise<Map<string, Recipient[]>> {
  const { recipients } = db.tables;
  const whose = agendaInputs.flatMap(({ members }) => members.map(({ id, parentId }) => ({ id, parentId })));
  const ids = [...new Set(whose.flatMap(({ id, parentId }) => (parentId === null ? [id] : [id, parentId])))];
  const confirmed = await db
    .select()
    .from(recipients)
    .where(and(inArray(recipients.organisationId, ids), eq(recipients.status, 'confirmed')))
    .orderBy(asc(recipients.position), asc(recipients.createdAt), asc(recipients.id));
  const present = Map.groupBy(
    confirmed.filter((one) => !isPaused(one, today)),
    ({ organisationId }) => organisationId,
  );
  return new Map(
    whose.map(({ id, parentId }) => {
      const second = (present.get(id) ?? []).slice(1, 2);
      const first = parentId === null ? [] : (present.get(parentId) ?? []).slice(0, 1);
      return [id, [...second, ...first]];
    }),
  );
}

/** What ROs completed for those they deliver for. */
async function doneByParents(db: ReadDb, agendaInputs: readonly AgendaInput[]): Promise<AgendaInput['completions']> {
  const { completions } = db.tables;
  const parents = new Set(agendaInputs.flatMap(({ members }) => members.flatMap(({ parentId }) => parentId ?? [])));
  const rows = await db
    .select()
    .from(completions)
    .where(inArray(completions.organisationId, [...parents]));
  return new Map(rows.map(recordedIn));
}

/** The keys of what somebody was told, or is about to be, or an operator struck out; what was left out of a mail after all may still be told. */
async function notedAmong(db: ReadDb, keys: readonly string[]): Promise<Set<string>> {
  const { messages, notices } = db.tables;
  const rows = await db
    .select({ key: notices.key, reason: notices.reason, state: messages.state })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(and(inArray(notices.key, [...keys]), or(isNull(notices.reason), eq(notices.reason, 'struck'))));
  return new Set(rows.filter(({ reason, state }) => reason !== null || state !== 'cancelled').map(({ key }) => key));
}
