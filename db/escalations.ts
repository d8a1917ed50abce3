/** Who else hears of a deadline that is nearly there and not done: the organisation's second recipient, and the first one of its RO. */
import { setImmediate } from 'node:timers/promises';
import type { AnyColumn, SQL } from 'drizzle-orm';
import { amsterdamDay, addDays } from '../calendars/days.ts';
import type { OpenItem } from '../calendars/open-duties.ts';
import type { Day } from '../calendars/terms.ts';
import { agendaFrom, readHouseholds } from './agendas.ts';
import { and, asc, count, eq, gt, gte, inArray, isNull, lte, sql } from './drizzle.ts';
import type { Household } from './households.ts';
import { addNotices, gatheringMails } from './notices.ts';
import { preparedFor } from './prepared.ts';
import { readRegistry } from './registry.ts';
import { mailTime } from './reminders.ts';
import type { Recipient } from './schema.ts';
import type { ReadDb, Store, WriteDb } from './store.ts';
import { isUrgent, urgentOf, type Urgent } from './urgency.ts';
import { organisationsChangedAfter, readCounters, readSetting, saveSetting } from './versions.ts';
import { isPaused, mutedAmong, wishesOf } from './wishes.ts';

/** How many organisations are looked at in one go, for whether anything may have to be told. */
const PAGE = 200;
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
  const urgent = urgentOf(await readRegistry(read, counters), today);
  let queued = 0;
  if (urgent.insurers.size > 0 || urgent.mayBeOwn)
    for await (const page of isAll ? candidates(read) : changedCandidates(read, before.organisations)) {
      const concerned = page.length === 0 ? [] : await concernedAmong(read, urgent, page);
      // Whoever waits for an answer goes first.
      await setImmediate();
      for (let n = 0; n < concerned.length; n += SLICE) queued += await escalateSlice(store, concerned.slice(n, n + SLICE), urgent, now);
    }
  await store.write((tx) => saveSetting(tx, LOOKED_UNTIL, JSON.stringify(until)));
  return queued;
}

const LOOKED_UNTIL = 'escalated_until';

/** The day on which was looked, and how far everything was then. */
interface LookedUntil {
  day: Day;
  organisations: number;
  registry: number;
}

/** The organisations about which somebody might have to hear, by id: those among each page that is looked at in one go. */
async function* candidates(db: ReadDb) {
  const { page, several, delivered } = statementsOf(db);
  for (let after = ''; ;) {
    const last = (await page.execute({ after })).at(-1)?.id;
    if (last === undefined) return;
    const range = { after, last };
    yield idsOf([...(await several.execute(range)), ...(await delivered.execute(range))]);
    after = last;
  }
}

/** The same of those that changed, with those that they deliver for: of these an RO's recipients hear too. */
async function* changedCandidates(db: ReadDb, number: number) {
  const { organisations } = db.tables;
  const changed = await organisationsChangedAfter(db, number);
  const seen = new Set<string>();
  for (let n = 0; n < changed.length; n += PAGE) {
    const ids = changed.slice(n, n + PAGE);
    const members = await db.select({ id: organisations.id }).from(organisations).where(inArray(organisations.parentId, ids));
    const fresh = [...ids, ...members.map(({ id }) => id)].filter((id) => !seen.has(id));
    for (let k = 0; k < fresh.length; k += PAGE) {
      const some = fresh.slice(k, k + PAGE);
      const { several, delivered } = candidatesIn(db, (id) => inArray(id, some));
      yield idsOf([...(await several), ...(await delivered)]);
    }
    for (const id of fresh) seen.add(id);
  }
}

/** Which organisations have a second recipient, and which are delivered for by one that has a recipient. `among` limits which are looked at. */
function candidatesIn(db: ReadDb, among: (id: AnyColumn) => SQL | undefined) {
  const { organisations, recipients } = db.tables;
  return {
    several: db
      .select({ id: recipients.organisationId })
      .from(recipients)
      .where(and(among(recipients.organisationId), eq(recipients.status, 'confirmed')))
      .groupBy(recipients.organisationId)
      .having(gt(count(), 1)),
    delivered: db
      .selectDistinct({ id: organisations.id })
      .from(organisations)
      .innerJoin(recipients, and(eq(recipients.organisationId, organisations.parentId), eq(recipients.status, 'confirmed')))
      .where(among(organisations.id)),
  };
}

const statementsOf = preparedFor((db: ReadDb) => {
  const { organisations } = db.tables;
  const [after, last] = [sql.placeholder('after'), sql.placeholder('last')];
  const { several, delivered } = candidatesIn(db, (id) => and(gt(id, after), lte(id, last)));
  return {
    page: db
      .select({ id: organisations.id })
      .from(organisations)
      .where(gt(organisations.id, after))
      .orderBy(asc(organisations.id))
      .limit(PAGE)
      .prepare('escalation_page'),
    several: several.prepare('escalation_several'),
    delivered: delivered.prepare('escalation_delivered'),
  };
});

const idsOf = (rows: readonly { id: string }[]) => [...new Set(rows.map(({ id }) => id))].sort();

/** Those among them that something may be nearly due for. */
async function concernedAmong(db: ReadDb, { insurers, mayBeOwn, today }: Urgent, some: string[]): Promise<string[]> {
  const { events, relations } = db.tables;
  if (insurers.has(null)) return some;
  const dealing = await db
    .selectDistinct({ id: relations.organisationId })
    .from(relations)
    .where(
      and(
        inArray(relations.organisationId, some),
        inArray(
          relations.insurerSlug,
          [...insurers].filter((slug) => slug !== null),
        ),
      ),
    );
  // Own terms start with an event of the last year.
  const dated = mayBeOwn
    ? await db
        .selectDistinct({ id: events.organisationId })
        .from(events)
        .where(and(inArray(events.organisationId, some), gte(events.occurredOn, addDays(today, -366))))
    : [];
  return idsOf([...dealing, ...dated]);
}

async function escalateSlice(store: Store, ids: readonly string[], urgent: Urgent, now: Date): Promise<number> {
  const pulse = store.pulse();
  const found = await missingAmong(store.read, ids, urgent);
  await setImmediate();
  if (found.length === 0) return 0;
  const concerned = [...new Set(found.map(({ organisationId }) => organisationId))];
  const queued = await store.write(async (tx) => {
    // Where nobody committed anything meanwhile, what was found still holds.
    const holds = pulse !== null && store.pulse() === pulse;
    return queueMissing(tx, holds ? found : await missingAmong(tx, concerned, urgent), now);
  });
  await setImmediate();
  return queued;
}

async function queueMissing(tx: WriteDb, missing: readonly Missing[], now: Date): Promise<number> {
  const today = amsterdamDay(now);
  const wanted = missing.map(({ recipient }) => ({
    recipient,
    key: `${recipient.id}/escalation/${today}`,
    dueAt: mailTime(recipient, now),
  }));
  const mails = await gatheringMails(tx, 'escalation', wanted, now);
  const blank = { fromRevision: null, knownOn: null };
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
  const { today } = urgent;
  const households = await readHouseholds(db, ids, { alone: true });
  const others = await othersToTell(db, [...households.values()], today);
  const done = await doneByParents(db, [...households.values()]);
  const silenced = await mutedAmong(
    db,
    [...others.values()].flat().map(({ id }) => id),
  );
  const missing: Missing[] = [];
  for (const [organisationId, household] of households) {
    const told = others.get(organisationId) ?? [];
    const { parentId } = household.members[0]!;
    const items = told.length === 0 ? [] : agendaFrom(urgent.registry, household).filter((item) => isUrgent(item, organisationId, urgent));
    for (const item of items) {
      const { id, lastSafeOn } = item.deadline;
      if (parentId !== null && done.get(parentId)?.has(id)) continue;
      for (const recipient of told) {
        const { muted, silence } = wishesOf(recipient, silenced.get(recipient.id) ?? [], today, 'escalation');
        const key = `${recipient.id}/undone/${organisationId}/${id}/${lastSafeOn}`;
        if (silence === null && !muted.has(id)) missing.push({ key, recipient, organisationId, item });
      }
    }
  }
  const noted = await notedAmong(
    db,
    missing.map(({ key }) => key),
  );
  return missing.filter(({ key }) => !noted.has(key));
}

/** By organisation its second recipient, and the first one of its RO; who is away now counts as absent. */
async function othersToTell(db: ReadDb, households: readonly Household[], today: Day): Promise<Map<string, Recipient[]>> {
  const { recipients } = db.tables;
  const whose = households.flatMap(({ members }) => members.map(({ id, parentId }) => ({ id, parentId })));
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

/** By RO the deadlines that it completed for those it delivers for. */
async function doneByParents(db: ReadDb, households: readonly Household[]): Promise<Map<string, Set<string>>> {
  const { completions } = db.tables;
  const parents = new Set(households.flatMap(({ members }) => members.flatMap(({ parentId }) => parentId ?? [])));
  const rows = await db
    .select({ organisationId: completions.organisationId, deadlineId: completions.deadlineId })
    .from(completions)
    .where(inArray(completions.organisationId, [...parents]));
  const byParent = Map.groupBy(rows, ({ organisationId }) => organisationId);
  return new Map([...byParent].map(([id, some]) => [id, new Set(some.map(({ deadlineId }) => deadlineId))]));
}

/** The keys of what somebody was told, or is about to be; what was left out of a mail after all may still be told. */
async function notedAmong(db: ReadDb, keys: readonly string[]): Promise<Set<string>> {
  const { messages, notices } = db.tables;
  const rows = await db
    .select({ key: notices.key, state: messages.state })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(and(inArray(notices.key, [...keys]), isNull(notices.reason)));
  return new Set(rows.filter(({ state }) => state !== 'cancelled').map(({ key }) => key));
}
