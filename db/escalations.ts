/** Who else hears of a deadline that is nearly there and not done: the organisation's second recipient, and the first one of its RO. */
import { setImmediate } from 'node:timers/promises';
import { amsterdamDay, addDays } from '../calendars/days.ts';
import { addWorkingDays } from '../calendars/holidays.ts';
import { compareUrgency, holderOf, isOpen, itemOf, type OpenItem } from '../calendars/open-duties.ts';
import type { Day } from '../calendars/terms.ts';
import { readAgenda } from './agenda.ts';
import { findCompletion } from './completions.ts';
import { and, asc, count, eq, gt, gte, inArray, isNull, lte } from './drizzle.ts';
import type { CancelReason } from './messages.ts';
import { addNotice, gatheringMail, noticesIn } from './notices.ts';
import { getOrganisation } from './organisations.ts';
import { listRecipients } from './recipients.ts';
import { mailTime } from './reminders.ts';
import type { Message, Organisation, Recipient } from './schema.ts';
import type { ReadDb, Store, WriteDb } from './store.ts';
import { organisationsChangedAfter, readCounters, readSetting, saveSetting } from './versions.ts';
import { isPaused, readWishes } from './wishes.ts';

/** How many working days before the last safe day others are told. */
const WORKING_DAYS_BEFORE = 3;

/** A deadline that is nearly there and not done, and whose it is. */
export interface Undone {
  item: OpenItem;
  organisation: Pick<Organisation, 'id' | 'name'>;
}

/**
 * Queues a mail for whoever else must hear of what is not done: on a new day looking at all that may be concerned, else where something
 * changed since. Gives how many deadlines were put in a mail; a second run does nothing.
 */
export async function escalate(store: Store, now: Date): Promise<number> {
  const { read } = store;
  const today = amsterdamDay(now);
  const { organisations, registry } = await readCounters(read);
  const until: LookedUntil = { day: today, organisations, registry };
  const text = await readSetting(read, LOOKED_UNTIL);
  if (text === JSON.stringify(until)) return 0;
  // Written below, by nobody else.
  const before = text === undefined ? null : (JSON.parse(text) as LookedUntil);
  const isAll = before?.day !== today || before.registry !== registry;
  const only = isAll ? null : await withMembers(read, await organisationsChangedAfter(read, before.organisations));
  const insurers = await urgentInsurers(read, today);
  let queued = 0;
  if (insurers !== null)
    for await (const some of only ? slicesOf([...only].sort()) : allOrganisations(read)) {
      for (const id of await organisationsFor(read, insurers, some)) {
        queued += await escalateFor(store, id, now);
        // Whoever waits for an answer goes first.
        await setImmediate();
      }
      await setImmediate();
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

/** Organisations with those that they deliver for: of these an RO's recipients hear too. */
async function withMembers(db: ReadDb, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { organisations } = db.tables;
  const all = new Set(ids);
  for (let n = 0; n < ids.length; n += 500) {
    const rows = await db
      .select({ id: organisations.id })
      .from(organisations)
      .where(inArray(organisations.parentId, ids.slice(n, n + 500)));
    for (const { id } of rows) all.add(id);
  }
  return all;
}

/** Asks anew what a message about undone deadlines has to tell, the most urgent first. */
export async function reviewUndone(
  db: ReadDb,
  message: Message,
  recipient: Recipient,
  today: Day,
): Promise<{ told: Undone[]; dropped: { id: string; reason: CancelReason }[] }> {
  const told: Undone[] = [];
  const dropped: { id: string; reason: CancelReason }[] = [];
  const { muted } = await readWishes(db, recipient, today, 'escalation');
  for (const { id, deadlineId, organisationId, lastSafeOn } of await noticesIn(db, message.id)) {
    const organisation = await getOrganisation(db, organisationId);
    const items = await readAgenda(db, organisationId, { withdrawnToo: true });
    const item = itemOf({ deadlineId, organisationId, lastSafeOn: lastSafeOn!, leadDays: 0 }, items, organisationId);
    const open = item && isOpen(item, today) ? item : undefined;
    if (muted.has(deadlineId)) dropped.push({ id, reason: 'not_wanted' });
    else if (!item) dropped.push({ id, reason: 'not_concerned' });
    else if (item.deadline.lastSafeOn !== lastSafeOn) dropped.push({ id, reason: 'moved' });
    else if (!open)
      dropped.push({ id, reason: item.completion ? 'completed' : item.deadline.status === 'withdrawn' ? 'withdrawn' : 'passed' });
    else if (await isDoneByParent(db, organisation, deadlineId)) dropped.push({ id, reason: 'completed' });
    else if (item.deadline.certainty !== 'stated') dropped.push({ id, reason: 'not_concerned' });
    else told.push({ item: open, organisation: { id: organisation.id, name: organisation.name } });
  }
  return { told: told.sort((a, b) => compareUrgency(a.item, b.item)), dropped };
}

/** The insurers of which something may be nearly due, null for the sector's own; or null when there is nothing. Own terms start with an event of the last year. */
async function urgentInsurers(db: ReadDb, today: Day): Promise<(string | null)[] | null> {
  const { deadlines, events, revisions } = db.tables;
  const dated = await db
    .selectDistinct({ slug: deadlines.insurerSlug })
    .from(deadlines)
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(
      and(
        eq(revisions.status, 'published'),
        eq(revisions.certainty, 'stated'),
        gte(revisions.lastSafeOn, today),
        lte(revisions.lastSafeOn, lastUrgentDay(today)),
      ),
    );
  const own = await db
    .selectDistinct({ slug: events.insurerSlug })
    .from(events)
    .where(gte(events.occurredOn, addDays(today, -366)));
  const slugs = [...new Set([...dated, ...own].map(({ slug }) => slug))];
  return slugs.length === 0 ? null : slugs;
}

/** The last day that is no more than three working days ahead. */
function lastUrgentDay(today: Day): Day {
  let day = today;
  while (addWorkingDays(addDays(day, 1), -WORKING_DAYS_BEFORE) <= today) day = addDays(day, 1);
  return day;
}

/** How many organisations are looked at in one go. */
const SLICE = 500;

function* slicesOf(ids: readonly string[]) {
  for (let n = 0; n < ids.length; n += SLICE) yield ids.slice(n, n + SLICE);
}

async function* allOrganisations(db: ReadDb) {
  const { organisations } = db.tables;
  for (let after = ''; ;) {
    const page = await db
      .select({ id: organisations.id })
      .from(organisations)
      .where(gt(organisations.id, after))
      .orderBy(asc(organisations.id))
      .limit(SLICE);
    if (page.length === 0) return;
    yield page.map(({ id }) => id);
    after = page.at(-1)!.id;
  }
}

/** Those of some organisations, by id, that deal with one of these insurers and for which somebody might be told. */
async function organisationsFor(db: ReadDb, insurers: readonly (string | null)[], some: readonly string[]): Promise<string[]> {
  const { organisations, recipients, relations } = db.tables;
  const several = await db
    .select({ id: recipients.organisationId })
    .from(recipients)
    .where(and(inArray(recipients.organisationId, [...some]), eq(recipients.status, 'confirmed')))
    .groupBy(recipients.organisationId)
    .having(gt(count(), 1));
  const delivered = await db
    .selectDistinct({ id: organisations.id })
    .from(organisations)
    .innerJoin(recipients, and(eq(recipients.organisationId, organisations.parentId), eq(recipients.status, 'confirmed')))
    .where(inArray(organisations.id, [...some]));
  const told = [...new Set([...several, ...delivered].map(({ id }) => id))].sort();
  if (insurers.includes(null)) return told;
  const slugs = insurers.filter((slug) => slug !== null);
  const dealing = await db
    .selectDistinct({ id: relations.organisationId })
    .from(relations)
    .where(and(inArray(relations.organisationId, told), inArray(relations.insurerSlug, slugs)));
  return dealing.map(({ id }) => id).sort();
}

async function escalateFor(store: Store, organisationId: string, now: Date): Promise<number> {
  const wanted = await missingFor(store.read, organisationId, now);
  return wanted.length === 0 ? 0 : store.write((tx) => queueMissing(tx, organisationId, now));
}

async function queueMissing(tx: WriteDb, organisationId: string, now: Date): Promise<number> {
  const missing = await missingFor(tx, organisationId, now);
  for (const { key, recipient, item } of missing) {
    const mail = { kind: 'escalation' as const, key: `${recipient.id}/escalation/${amsterdamDay(now)}`, dueAt: mailTime(recipient, now) };
    const message = await gatheringMail(tx, recipient, mail, now);
    const { id: deadlineId, lastSafeOn } = item.deadline;
    await addNotice(tx, { key, messageId: message.id, deadlineId, organisationId, fromRevision: null, lastSafeOn, knownOn: null });
  }
  return missing.length;
}

interface Missing {
  key: string;
  recipient: Recipient;
  item: OpenItem;
}

async function missingFor(db: ReadDb, organisationId: string, now: Date): Promise<Missing[]> {
  const today = amsterdamDay(now);
  const organisation = await getOrganisation(db, organisationId);
  const others = await othersToTell(db, organisation, today);
  if (others.length === 0) return [];
  const items = (await readAgenda(db, organisationId)).filter((item): item is OpenItem => isUrgent(item, organisationId, today));
  const missing: Missing[] = [];
  for (const item of items) {
    if (await isDoneByParent(db, organisation, item.deadline.id)) continue;
    for (const recipient of others) {
      const { muted, silence } = await readWishes(db, recipient, today, 'escalation');
      const key = `${recipient.id}/undone/${organisationId}/${item.deadline.id}/${item.deadline.lastSafeOn}`;
      if (silence === null && !muted.has(item.deadline.id) && !(await isNoted(db, key))) missing.push({ key, recipient, item });
    }
  }
  return missing;
}

/** The organisation's second recipient, and the first one of its RO; who is away now counts as absent. */
async function othersToTell(db: ReadDb, { id, parentId }: Organisation, today: Day): Promise<Recipient[]> {
  const present = async (organisationId: string) =>
    (await listRecipients(db, organisationId)).filter((one) => one.status === 'confirmed' && !isPaused(one, today));
  const second = (await present(id)).slice(1, 2);
  const first = parentId === null ? [] : (await present(parentId)).slice(0, 1);
  return [...second, ...first];
}

/** Whether an item is stated, nearly due, and for the organisation itself to do: what its RO does for it, the RO hears of by itself. */
function isUrgent(item: Awaited<ReturnType<typeof readAgenda>>[number], organisationId: string, today: Day): boolean {
  const { certainty, duty } = item.deadline;
  if (certainty !== 'stated' || !isOpen(item, today)) return false;
  const { as, organisations } = item;
  const acts = as !== 'informed' && (duty.actors.includes(as) || duty.actors.includes('provider'));
  const own = organisations.some(({ id }) => id === organisationId) && holderOf(item, organisationId) === organisationId;
  return acts && own && addWorkingDays(item.deadline.lastSafeOn, -WORKING_DAYS_BEFORE) <= today;
}

async function isDoneByParent(db: ReadDb, { parentId }: Organisation, deadlineId: string): Promise<boolean> {
  return parentId !== null && (await findCompletion(db, parentId, deadlineId)) !== null;
}

/** Whether somebody was told, or is about to be; what was left out of a mail after all may still be told. */
async function isNoted(db: ReadDb, key: string): Promise<boolean> {
  const { messages, notices } = db.tables;
  const rows = await db
    .select({ id: notices.id })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(and(eq(notices.key, key), isNull(notices.reason), inArray(messages.state, ['pending', 'sending', 'sent', 'dead'])));
  return rows.length > 0;
}
