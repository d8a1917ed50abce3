/** Change notices: everybody whom a revision concerns gets a mail queued about it, a slice of organisations at a time. */
import { setImmediate } from 'node:timers/promises';
import { isWorthTelling } from '../../calendars/agenda/news.ts';
import { amsterdamDay, yearOf } from '../../calendars/days.ts';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import type { Day } from '../../calendars/terms.ts';
import { slicesAfter, type ReaderSlice } from './readers.ts';
import { askedOnceAmong, concernAmong, readParties } from '../organisations/concerns.ts';
import { NEW, TERMS_ALONE } from '../registry/changes.ts';
import { listRevisions } from '../registry/deadlines.ts';
import { and, asc, eq, inArray, isNotNull, isNull, lte, or } from '../store/drizzle.ts';
import { termMoves } from '../organisations/own-terms.ts';
import { addNotices, gatheringMails, isOwnNotice, readStartStates, type StartState } from './notices.ts';
import type { Revision } from '../registry/revisions.ts';
import type { Recipient, Tables } from '../schema/schema.ts';
import type { ReadDb, Store, WriteDb } from '../store/store.ts';
import { newsTimeFor } from '../recipients/pauses.ts';
import { mutedAmong, preferencesOf } from '../recipients/preferences.ts';

/** A change that is on record: nobody, or not everybody, has been told of it. */
export type Change = Tables['changes']['$inferSelect'];

/**
 * Queues what is to be told of every change on record, the oldest first; of a deadline in its grace time nothing is. Gives how many mails that touched; a
 * second run does nothing.
 */
export async function announceChanges(store: Store, now: Date): Promise<number> {
  let queued = 0;
  for (let change = await nextChange(store.read, now); change; change = await nextChange(store.read, now)) {
    for (const slice of await slicesAfter(store.read, change)) {
      const current = change;
      const count = await store.write((tx) => announceSlice(tx, current, slice, now));
      // Whoever waits for an answer goes first.
      await setImmediate();
      // On PostgreSQL another process may see to the same ones.
      if (count === null) break;
      queued += count;
      change = { ...change, seenTo: slice.last };
    }
  }
  return queued;
}

async function nextChange(db: ReadDb, now: Date): Promise<Change | undefined> {
  const { changes, deadlines } = db.tables;
  const [row] = await db
    .select({ change: changes })
    .from(changes)
    .innerJoin(deadlines, eq(deadlines.id, changes.deadlineId))
    // Also of an older change: what would be told of it is what the deadline says now.
    .where(and(isNull(deadlines.heldUntil), or(isNull(changes.notBefore), lte(changes.notBefore, now))))
    .orderBy(asc(changes.recordedAt), asc(changes.id))
    .limit(1);
  return row?.change;
}

/** Announces a change to some organisations; after the last ones it is no longer on record. Null when another process was first with them. */
async function announceSlice(tx: WriteDb, change: Change, { readers, last }: ReaderSlice, now: Date): Promise<number | null> {
  const { changes, deadlines } = tx.tables;
  const isHeld = and(eq(deadlines.id, change.deadlineId), isNotNull(deadlines.heldUntil));
  // Meanwhile an edition may have changed it.
  if ((await tx.$count(deadlines, isHeld)) > 0) return null;
  const same = and(eq(changes.id, change.id), change.seenTo === null ? isNull(changes.seenTo) : eq(changes.seenTo, change.seenTo));
  const [row] =
    last === null
      ? await tx.delete(changes).where(same).returning()
      : await tx.update(changes).set({ seenTo: last }).where(same).returning();
  if (!row) return null;
  if (readers.length === 0) return 0;
  const announcement = await announcementOf(tx, change);
  return tellReaders(tx, await newsFor(tx, readers, announcement), announcement, now);
}

/** What would come of announcing a change to some organisations. */
export interface Foreseen {
  /** Those that it concerns, whether or not anybody of theirs can be told. */
  concerned: string[];
  /** Who is told, and of which deadlines: but for days of an organisation's own. */
  told: { recipient: Recipient; deadlineIds: string[] }[];
}

/** Who would be told of a change among the people of some organisations. */
export async function foreseeTold(db: ReadDb, organisationIds: readonly string[], change: Change, now: Date): Promise<Foreseen> {
  const announcement = await announcementOf(db, change);
  const news = await newsFor(db, organisationIds, announcement);
  const wanted = await wantedMails(db, news, announcement, now);
  const told = wanted.map(({ ownNews, recipient }) => ({
    recipient,
    deadlineIds: ownNews.filter((one) => !isOwnNotice(one)).map(({ deadlineId }) => deadlineId),
  }));
  return { concerned: [...news.keys()], told };
}

/** Announces a change to some organisations alone; it stays on record. */
export async function announceTo(tx: WriteDb, organisationIds: readonly string[], change: Change, now: Date): Promise<number> {
  const announcement = await announcementOf(tx, change);
  return tellReaders(tx, await newsFor(tx, organisationIds, announcement), announcement, now);
}

async function announcementOf(db: ReadDb, change: Change): Promise<Announcement> {
  const revisions = await listRevisions(db, change.deadlineId);
  return { change, before: revisions.find(({ revision }) => revision === change.fromRevision), after: revisions.at(-1)! };
}

/** One thing that an organisation is to be told. */
type News = StartState;

/** What there is to tell, by organisation; those that it does not concern are left out. */
async function newsFor(db: ReadDb, readers: readonly string[], { change, before, after }: Announcement): Promise<Map<string, News[]>> {
  const today = amsterdamDay(change.recordedAt);
  const terms = await termMoves(db, readers, { before, after });
  const isTold = change.fromRevision !== TERMS_ALONE && isOfUse({ before, after }, today);
  const parties = isTold ? await readParties(db, readers, after.insurer) : new Map<string, never>();
  const askedOnce = await askedOnceAmong(db, parties.values(), after);
  const all = new Map<string, News[]>();
  for (const id of readers) {
    const { moved = [], owners = new Set<string>() } = terms.get(id) ?? {};
    const others = owners.union(askedOnce);
    const news: News[] = moved
      .filter(({ knownOn, lastSafeOn }) => isWorthTelling([knownOn, lastSafeOn], today))
      .map(({ owner, ...term }) => ({ ...term, organisationId: owner }));
    const members = parties.get(id) ?? [];
    const concern = concernAmong(members, after, others) ?? (before ? concernAmong(members, before, others) : null);
    if (concern)
      news.push({
        deadlineId: after.id,
        organisationId: concern.organisations[0]!.id,
        fromRevision: before?.revision ?? NEW,
        lastSafeOn: null,
        knownOn: null,
      });
    if (news.length > 0) all.set(id, news);
  }
  return all;
}

/** Whether somebody may act on it. What is new and without a day is of no use once its contract year is over. */
function isOfUse({ before, after }: Pick<Announcement, 'before' | 'after'>, today: Day): boolean {
  const days = [before ? countingDay(before) : null, countingDay(after)];
  return isWorthTelling(days, today) && (before !== undefined || days[1] !== null || after.contractYear >= yearOf(today));
}

interface Announcement {
  change: Change;
  before: Revision | undefined;
  after: Revision;
}

/** The days that news is about, before and after. */
function daysOf(one: News, { before, after }: Pick<Announcement, 'before' | 'after'>): (Day | null)[] {
  return isOwnNotice(one) ? [one.knownOn, one.lastSafeOn] : [before ? countingDay(before) : null, countingDay(after)];
}

/** Whom to mail the news: every recipient that had confirmed by then and wants it. */
async function wantedMails(db: ReadDb, news: ReadonlyMap<string, readonly News[]>, announcement: Announcement, now: Date) {
  const { recipients } = db.tables;
  if (news.size === 0) return [];
  const confirmed = await db
    .select()
    .from(recipients)
    .where(
      and(
        inArray(recipients.organisationId, [...news.keys()]),
        eq(recipients.status, 'confirmed'),
        lte(recipients.confirmedAt, announcement.change.recordedAt),
      ),
    )
    .orderBy(asc(recipients.organisationId), asc(recipients.id));
  const mutes = await mutedAmong(
    db,
    confirmed.map(({ id }) => id),
  );
  const today = amsterdamDay(now);
  return confirmed.flatMap((recipient) => {
    const { muted, silence } = preferencesOf(recipient, mutes.get(recipient.id) ?? [], today, 'change');
    // A pause only puts it off.
    const ownNews = silence === 'not_wanted' ? [] : news.get(recipient.organisationId)!.filter(({ deadlineId }) => !muted.has(deadlineId));
    if (ownNews.length === 0) return [];
    const days = ownNews.flatMap((one) => daysOf(one, announcement));
    const key = `${recipient.id}/change/${announcement.change.id}`;
    return [{ recipient, ownNews, key, ...newsTimeFor(recipient, { changedAt: announcement.change.recordedAt, days }, now) }];
  });
}

/** Queues the news for whoever is to be mailed it. Gives how many those are. */
async function tellReaders(
  tx: WriteDb,
  news: ReadonlyMap<string, readonly News[]>,
  announcement: Announcement,
  now: Date,
): Promise<number> {
  const wanted = await wantedMails(tx, news, announcement, now);
  const { before, after } = announcement;
  const changeId = after.changeId === before?.changeId ? null : after.changeId;
  // Read before the mails are there: they hold nothing yet that a mail was to tell.
  const startState = await readStartStates(
    tx,
    wanted.map(({ recipient }) => recipient.id),
    wanted.flatMap(({ ownNews: own }) => own),
  );
  const mails = await gatheringMails(tx, 'change', wanted, now);
  await addNotices(
    tx,
    wanted.flatMap(({ recipient, ownNews: own }) => {
      const messageId = mails.get(recipient.id)!;
      return own.map((one) => {
        const place = isOwnNotice(one) ? `${one.deadlineId}/${one.organisationId}` : one.deadlineId;
        const known = startState(recipient.id, one);
        return { ...one, ...known, kind: 'change' as const, key: `${messageId}/${place}`, messageId, changeId };
      });
    }),
  );
  return wanted.length;
}
