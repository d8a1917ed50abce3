/** Change notices: everybody whom a revision concerns gets a mail queued about it, a slice of organisations at a time. */
import { setImmediate } from 'node:timers/promises';
import { concernOf, type Party } from '../calendars/concern.ts';
import { amsterdamDay } from '../calendars/days.ts';
import type { Deadline } from '../calendars/deadline.ts';
import type { Day, Reader } from '../calendars/terms.ts';
import { listRevisions } from './deadlines.ts';
import { and, asc, eq, gt, inArray, isNull, lte, or } from './drizzle.ts';
import { termMoves } from './moved-terms.ts';
import { addNotice, gatheringMail, isOwnNotice, knownBefore, type KnownState } from './notices.ts';
import type { Revision } from './revisions.ts';
import type { Recipient, Tables } from './schema.ts';
import type { ReadDb, Store, WriteDb } from './store.ts';
import { pauseEnd, readWishes } from './wishes.ts';

/** How long a change waits for others, so that an editor's work of some minutes makes one mail. */
const GATHER_MS = 10 * 60_000;
/** How many organisations are seen to in one transaction. */
const SLICE = 5;
/** How many organisations are looked at for it. */
const PAGE = 500;

type Change = Tables['changes']['$inferSelect'];

/** Whom a deadline concerns in an organisation: itself, or else those it delivers for. */
export interface Concern {
  as: Reader;
  organisations: { id: string; name: string }[];
}

/** Queues what is to be told of every change on record, the oldest first. Gives how many mails that touched; a second run does nothing. */
export async function announceChanges(store: Store, now: Date): Promise<number> {
  let queued = 0;
  for (let change = await nextChange(store.read); change; change = await nextChange(store.read)) {
    const held = change;
    queued += await store.write((tx) => announceSlice(tx, held, now));
    // Whoever waits for an answer goes first.
    await setImmediate();
  }
  return queued;
}

/** Whom a deadline concerns in an organisation, or null. `others`: who is told in another way. */
export async function concernIn(
  db: ReadDb,
  organisationId: string,
  deadline: Deadline,
  others: ReadonlySet<string> = new Set(),
): Promise<Concern | null> {
  const found = (await partiesOf(db, organisationId, deadline.insurer)).flatMap(({ id, name, party }) => {
    const as = others.has(id) ? null : concernOf(deadline, party);
    return as === null ? [] : [{ as, id, name }];
  });
  const [first] = found;
  if (!first) return null;
  const whose = first.id === organisationId ? [first] : found;
  return { as: first.as, organisations: whose.map(({ id, name }) => ({ id, name })) };
}

async function nextChange(db: ReadDb): Promise<Change | undefined> {
  const { changes } = db.tables;
  const [change] = await db.select().from(changes).orderBy(asc(changes.recordedAt), asc(changes.id)).limit(1);
  return change;
}

/** Sees to the next organisations; after the last ones the change is no longer on record. */
async function announceSlice(tx: WriteDb, change: Change, now: Date): Promise<number> {
  const { changes } = tx.tables;
  const revisions = await listRevisions(tx, change.deadlineId);
  const before = revisions.find(({ revision }) => revision === change.fromRevision);
  const after = revisions.at(-1);
  const { readers, last } = after ? await readersAfter(tx, after, change) : { readers: [], last: undefined };
  const same = and(eq(changes.id, change.id), change.seenTo === null ? isNull(changes.seenTo) : eq(changes.seenTo, change.seenTo));
  const [held] = last
    ? await tx.update(changes).set({ seenTo: last }).where(same).returning()
    : await tx.delete(changes).where(same).returning();
  // On PostgreSQL another process may see to the same ones.
  if (!held || !after) return 0;
  const terms = await termMoves(tx, readers, { before, after });
  let queued = 0;
  for (const id of readers) {
    const { moved = [], holders } = terms.get(id) ?? {};
    const news: News[] = moved.filter(isToCome(now)).map(({ holder, ...term }) => ({ ...term, organisationId: holder }));
    const concern = before && ((await concernIn(tx, id, after, holders)) ?? (await concernIn(tx, id, before, holders)));
    if (concern)
      news.push({
        deadlineId: after.id,
        organisationId: concern.organisations[0]!.id,
        fromRevision: change.fromRevision,
        lastSafeOn: null,
        knownOn: null,
      });
    if (news.length > 0) queued += await tellOrganisation(tx, id, { change, after, news }, now);
  }
  return queued;
}

/** A term of which both days are past is of no use to anybody. */
function isToCome(now: Date): (term: Pick<News, 'lastSafeOn' | 'knownOn'>) => boolean {
  const today = amsterdamDay(now);
  return ({ lastSafeOn, knownOn }) => (lastSafeOn ?? today) >= today || (knownOn ?? today) >= today;
}

/**
 * The next organisations, by id, that somebody reads for who had confirmed by then, and that deal with the insurer or deliver for one that
 * does; and the last one that was looked at. Looks at some hundreds at a time, however few of them are concerned.
 */
async function readersAfter(
  db: ReadDb,
  { insurer }: Revision,
  { recordedAt, seenTo }: Change,
): Promise<{ readers: string[]; last: string | undefined }> {
  const { organisations, recipients, relations } = db.tables;
  const after = seenTo === null ? undefined : gt(organisations.id, seenTo);
  const page = await db.select({ id: organisations.id }).from(organisations).where(after).orderBy(asc(organisations.id)).limit(PAGE);
  const ids = page.map(({ id }) => id);
  const reading = await db
    .selectDistinct({ id: recipients.organisationId })
    .from(recipients)
    .where(and(inArray(recipients.organisationId, ids), eq(recipients.status, 'confirmed'), lte(recipients.confirmedAt, recordedAt)));
  const told = reading.map(({ id }) => id);
  const dealing =
    insurer === null
      ? told.map((id) => ({ id, parentId: null }))
      : await db
          .select({ id: organisations.id, parentId: organisations.parentId })
          .from(organisations)
          .innerJoin(relations, and(eq(relations.organisationId, organisations.id), eq(relations.insurerSlug, insurer)))
          .where(or(inArray(organisations.id, told), inArray(organisations.parentId, told)));
  const concerned = new Set(dealing.flatMap(({ id, parentId }) => [id, parentId]));
  const readers = told
    .filter((id) => concerned.has(id))
    .sort()
    .slice(0, SLICE);
  return { readers, last: readers.length === SLICE ? readers.at(-1) : ids.at(-1) };
}

/** One thing that an organisation is to be told. */
type News = KnownState;

interface Told {
  change: Change;
  after: Revision;
  news: readonly News[];
}

async function tellOrganisation(tx: WriteDb, organisationId: string, told: Told, now: Date): Promise<number> {
  const { recipients } = tx.tables;
  const confirmed = await tx
    .select()
    .from(recipients)
    .where(
      and(
        eq(recipients.organisationId, organisationId),
        eq(recipients.status, 'confirmed'),
        lte(recipients.confirmedAt, told.change.recordedAt),
      ),
    )
    .orderBy(asc(recipients.id));
  let queued = 0;
  for (const recipient of confirmed) if (await tellRecipient(tx, recipient, told, now)) queued++;
  return queued;
}

async function tellRecipient(tx: WriteDb, recipient: Recipient, { change, after, news }: Told, now: Date): Promise<boolean> {
  const { muted, silence } = await readWishes(tx, recipient, amsterdamDay(now), 'change');
  // A pause only puts it off.
  const wanted = silence === 'not_wanted' ? [] : news.filter(({ deadlineId }) => !muted.has(deadlineId));
  if (wanted.length === 0) return false;
  const days = [after.lastSafeOn, ...wanted.map(({ lastSafeOn }) => lastSafeOn)];
  const mail = { kind: 'change' as const, key: `${recipient.id}/change/${change.id}`, dueAt: dueAt(recipient, days, change, now) };
  // Read before the mail is there: it holds nothing yet that a mail was to tell.
  const known = [];
  for (const one of wanted) known.push(await knownBefore(tx, recipient.id, one));
  const message = await gatheringMail(tx, recipient, mail, now);
  for (const [i, one] of wanted.entries()) {
    const place = isOwnNotice(one) ? `${one.deadlineId}/${one.organisationId}` : one.deadlineId;
    await addNotice(tx, { ...one, ...known[i], key: `${message.id}/${place}`, messageId: message.id });
  }
  return true;
}

/** Ten minutes after the change, at once when a new last safe day is that very day, and not before a pause ends. */
function dueAt(recipient: Recipient, days: readonly (Day | null)[], { recordedAt }: Change, now: Date): Date {
  const gathered = days.includes(amsterdamDay(recordedAt)) ? recordedAt : new Date(recordedAt.getTime() + GATHER_MS);
  return pauseEnd(recipient, now) ?? gathered;
}

/** The organisation itself, then those it delivers for, each with how it stands with one insurer. */
async function partiesOf(
  db: ReadDb,
  organisationId: string,
  insurer: string | null,
): Promise<{ id: string; name: string; party: Party }[]> {
  const { organisations, relations } = db.tables;
  const members = await db
    .select()
    .from(organisations)
    .where(or(eq(organisations.id, organisationId), eq(organisations.parentId, organisationId)))
    .orderBy(asc(organisations.name), asc(organisations.id));
  const ids = members.map(({ id }) => id);
  const rows = await db
    .select()
    .from(relations)
    .where(and(inArray(relations.organisationId, ids), eq(relations.insurerSlug, insurer ?? '')));
  return members
    .sort((a, b) => Number(b.id === organisationId) - Number(a.id === organisationId))
    .map(({ id, name, roles }) => ({
      id,
      name,
      party: {
        roles,
        relations: new Map(
          rows.filter((row) => row.organisationId === id).map(({ insurerSlug, contractStatus }) => [insurerSlug, contractStatus]),
        ),
      },
    }));
}
