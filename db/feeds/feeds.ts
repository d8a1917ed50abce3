/** Feeds: an organisation's named secret links to its calendar, and what each shows. Only a link's SHA-256 is kept. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../calendars/errors.ts';
import { DEFAULT_CHOICES, SECTOR, type FeedChoices } from '../../calendars/ics/feed-choices.ts';
import { DATED_KINDS, type Day } from '../../calendars/terms.ts';
import { and, asc, eq, gt, max, sql } from '../store/drizzle.ts';
import { raiseSequenceNumbers, readSequenceNumbers } from '../organisations/numbering/sequence-numbers.ts';
import { endLinks } from '../organisations/links.ts';
import { requireInsurers } from '../registry/insurers.ts';
import { getOrganisation } from '../organisations/organisations.ts';
import { laterThan } from '../../calendars/ics/moments.ts';
import { sameText } from '../../calendars/canonical.ts';
import type { Feed } from '../schema/schema.ts';
import { digestOf, newSecret } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteOrganisation } from '../store/counters.ts';

const DAY = 24 * 3600 * 1000;
/** How many feeds an organisation has at most. */
export const MOST_FEEDS = 50;

/** A feed as its owner sees it: the link itself is not known any more. */
export interface ListedFeed extends FeedChoices {
  id: string;
  label: string;
  createdAt: Date;
  /** Until when links that were replaced still work; null when none does. */
  formerLinkEndsAt: Date | null;
  /** The last day in Amsterdam on which an app fetched it, and which family of apps that was; null when none did. */
  lastFetchedOn: Day | null;
  client: string | null;
}

export type FeedInput = { label: string } & Partial<FeedChoices>;

/**
 * Makes a feed and gives back the token of its link, this once: 43 characters of base64url. What is not chosen is shown as by default.
 * Throws `not_found` for an unknown organisation, `invalid` for an unknown insurer, `conflict` when there are too many already.
 */
export async function createFeed(
  tx: WriteDb,
  organisationId: string,
  input: FeedInput,
  now: Date,
): Promise<ListedFeed & { token: string }> {
  await getOrganisation(tx, organisationId);
  await requireRoom(tx, organisationId);
  const { label, ...chosen } = input;
  const choices = await soundChoices(tx, { ...DEFAULT_CHOICES, ...chosen });
  const token = newSecret();
  const id = randomUUID();
  await tx.insert(tx.tables.feeds).values({ id, organisationId, label, hash: digestOf(token), createdAt: now, ...choices });
  return { ...(await getFeed(tx, organisationId, id, now)), token };
}

/** Holds the organisation, so that two together do not go over the limit. */
async function requireRoom(tx: WriteDb, organisationId: string): Promise<void> {
  await noteOrganisation(tx, organisationId);
  const { feeds } = tx.tables;
  if ((await tx.$count(feeds, eq(feeds.organisationId, organisationId))) < MOST_FEEDS) return;
  throw new AppError('conflict', `There are ${MOST_FEEDS} feeds, and may be no more. Remove one first.`);
}

/** An organisation's feeds, oldest first. */
export async function listFeeds(db: ReadDb, organisationId: string, now: Date): Promise<ListedFeed[]> {
  const { feeds, formerLinks } = db.tables;
  const rows = await db.select().from(feeds).where(eq(feeds.organisationId, organisationId)).orderBy(asc(feeds.createdAt), asc(feeds.id));
  const former = await db
    .select({ feedId: formerLinks.feedId, endsAt: max(formerLinks.endsAt) })
    .from(formerLinks)
    .innerJoin(feeds, eq(feeds.id, formerLinks.feedId))
    .where(and(eq(feeds.organisationId, organisationId), gt(formerLinks.endsAt, now)))
    .groupBy(formerLinks.feedId);
  const ends = new Map(former.map(({ feedId, endsAt }) => [feedId, endsAt]));
  return rows.map((row) => listed(row, ends.get(row.id) ?? null));
}

/** One feed. Throws `not_found`. */
async function getFeed(db: ReadDb, organisationId: string, id: string, now: Date): Promise<ListedFeed> {
  const feed = (await listFeeds(db, organisationId, now)).find((one) => one.id === id);
  if (!feed) throw new AppError('not_found', 'No such feed.');
  return feed;
}

/** Changes a feed's name or choices behind its link; what is not given stays. Throws `not_found`, or `invalid` for an unknown insurer. */
export async function changeFeed(
  tx: WriteDb,
  organisationId: string,
  id: string,
  change: Partial<FeedInput>,
  now: Date,
): Promise<ListedFeed> {
  const { feeds } = tx.tables;
  const before = await holdFeed(tx, organisationId, id);
  const { label = before.label, ...chosen } = change;
  const choices = await soundChoices(tx, { ...choicesOf(before), ...chosen });
  const differs = (...fields: (keyof FeedChoices)[]) => fields.some((field) => !sameText(choices[field], choicesOf(before)[field]));
  const restyled = differs('roles', 'alarms', 'language', 'showCompleted');
  await tx
    .update(feeds)
    .set({
      label,
      ...choices,
      ...(restyled || differs('insurers', 'certainty', 'kinds') ? { changedAt: laterThan(before.changedAt ?? before.createdAt, now) } : {}),
      ...(restyled ? { sequence: await nextSequence(tx, before), restyledAt: laterThan(before.restyledAt ?? before.createdAt, now) } : {}),
    })
    .where(eq(feeds.id, id));
  // Among other insurers or kinds a group of assumptions has other members.
  if (differs('insurers', 'kinds')) await raiseSequenceNumbers(tx, organisationId, [`groups:${id}`], now);
  await noteOrganisation(tx, organisationId);
  return getFeed(tx, organisationId, id, now);
}

/** Gives a feed another link; the one it had works for `overlapDays` more, with a notice in it. Throws `not_found`. */
export async function rotateFeed(
  tx: WriteDb,
  organisationId: string,
  id: string,
  { overlapDays }: { overlapDays: number },
  now: Date,
): Promise<ListedFeed & { token: string }> {
  const { feeds, formerLinks } = tx.tables;
  const { hash } = await holdFeed(tx, organisationId, id);
  const token = newSecret();
  await tx
    .update(feeds)
    .set({ hash: digestOf(token) })
    .where(eq(feeds.id, id));
  const endsAt = new Date(now.getTime() + overlapDays * DAY);
  await tx.insert(formerLinks).values({ hash, feedId: id, replacedAt: now, endsAt });
  await noteOrganisation(tx, organisationId);
  return { ...(await getFeed(tx, organisationId, id, now)), token };
}

/** Ends a feed: its links stop at once, the others stay. Throws `not_found`. */
export async function deleteFeed(tx: WriteDb, organisationId: string, id: string, now: Date): Promise<void> {
  await holdFeed(tx, organisationId, id);
  await endLinks(tx, organisationId, now, id);
  await tx.delete(tx.tables.feeds).where(eq(tx.tables.feeds.id, id));
  await noteOrganisation(tx, organisationId);
}

/** What a feed shows. */
export function choicesOf({ insurers, roles, certainty, kinds, alarms, language, showCompleted }: Feed): FeedChoices {
  return { insurers, roles, certainty, kinds, alarms: alarms ?? [], language, showCompleted };
}

/** Lists in one order, without doubles, so that the same choices are the same. */
async function soundChoices(db: ReadDb, choices: FeedChoices): Promise<FeedChoices> {
  const { insurers, alarms, kinds } = choices;
  await requireInsurers(
    db,
    (insurers ?? []).filter((slug) => slug !== SECTOR),
    () => 'insurers',
  );
  return {
    ...choices,
    insurers: insurers && [...new Set(insurers)].sort(),
    kinds: kinds && DATED_KINDS.filter((kind) => kinds.includes(kind)),
    alarms: [...new Set(alarms)].sort((a, b) => b - a),
  };
}

/** Beyond everything that completions added to any of its entries: these no longer count when they are no longer shown. */
async function nextSequence(db: ReadDb, { organisationId, sequence }: Feed): Promise<number> {
  const numbers = await readSequenceNumbers(db, organisationId);
  const done = [...numbers].filter(([scope]) => scope.startsWith('done:')).map(([, number]) => number.sequence);
  return sequence + 1 + Math.max(0, ...done);
}

/** The feed, with its row's lock: on PostgreSQL another change of it waits until this one is committed, and starts from that. */
async function holdFeed(tx: WriteDb, organisationId: string, id: string): Promise<Feed> {
  const { feeds } = tx.tables;
  const [row] = await tx
    .update(feeds)
    .set({ label: sql`${feeds.label}` })
    .where(and(eq(feeds.organisationId, organisationId), eq(feeds.id, id)))
    .returning();
  if (!row) throw new AppError('not_found', 'No such feed.');
  return row;
}

function listed(feed: Feed, formerLinkEndsAt: Date | null): ListedFeed {
  const { id, label, createdAt, lastFetchedOn, client } = feed;
  return { id, label, createdAt, ...choicesOf(feed), formerLinkEndsAt, lastFetchedOn, client };
}
