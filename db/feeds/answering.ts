/** How polls are answered: by the newest edition of a calendar, or the last good one. What leads to which calendar is looked up elsewhere. */
import { rememberDay } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import type { Day } from '../../calendars/terms.ts';
import type { Validity, ReadCache } from '../organisations/read-cache.ts';
import type { Snapshot } from '../registry/snapshot.ts';
import { bounded, type Bounded } from '../store/lru.ts';
import type { Store } from '../store/store.ts';
import { changedAtIn, tagOf, type Calendar, type CalendarState } from './calendars.ts';
import type { FeedContents } from './contents.ts';
import type { Fetched } from './fetches.ts';
import { openBodies, type Bodies, type Edition, type Encoding } from './gzip.ts';
import { openRenderer, type Render } from './rendering.ts';

/** How the bytes of an edition are wanted; null when only its name is. Asked before they are made. */
export type Wants = (edition: Edition) => Encoding | null;

export interface Answer extends Edition {
  /** Null when they are not wanted. */
  readonly bytes: Buffer | null;
  /** Why this is not the newest edition. Null as a rule. */
  readonly fault: unknown;
}

/** What a link led to when it was last looked up. */
export interface Link extends Fetched {
  readonly calendar: Calendar;
  /** When it stops leading here, in milliseconds: at the end of the year at the latest. */
  readonly until: number;
  /** Of the input that it was found by; null when that is the registry alone. */
  readonly validity: Validity | null;
  readonly source: ContentsReader;
  /** The edition that was given here last. */
  lastEdition: Edition | null;
  /** Whether somebody asked since its calendar was rendered ahead. */
  polled: boolean;
}

/** Makes a calendar's contents, without what is only assumed up to a day. */
type MakeContents = (pastOn: Day | null) => FeedContents;

/** Gives how to make a calendar's contents; null when the calendar has changed since. */
export type ContentsReader = (registry: Snapshot) => Promise<MakeContents | null>;

/** A link that was just looked up, with its contents made of the very rows that it was found by. */
export interface Finding {
  link: Link;
  contents: MakeContents;
}

export const PLAIN: Wants = () => 'identity';

export interface Cache {
  readonly store: Store;
  readonly readCache: ReadCache;
  /** By the token's digest, so that the time a look takes tells nothing of a secret; insurers' by slug and what was chosen. */
  readonly links: Bounded<Link>;
  /** The newest of each calendar. By calendar and not by link, as bytes are: several links may lead to one. */
  readonly editions: Bounded<Edition>;
  readonly bodies: Bodies;
  readonly render: Render;
  /** The day in Amsterdam. */
  readonly dayOf: (moment: Date) => Day;
}

export type Limits = Record<'links' | 'editions' | 'entries' | 'identity' | 'gzip', number>;

/** Where calendars come from and lead to. */
export interface Origin {
  store: Store;
  readCache: ReadCache;
  /** Where the service is reached, without a slash at the end. */
  publicUrl: string;
}

/** What each link and edition counts for; one where nothing is said. */
interface Weights {
  link: (link: Link) => number;
  edition: (edition: Edition) => number;
}

/** An empty cache. `limits`: links and editions by number, unless something weighs them, and the rest in bytes. */
export function openCache({ store, readCache, publicUrl }: Origin, limits: Limits, weights?: Weights): Cache {
  return {
    store,
    readCache,
    links: bounded(limits.links, weights?.link),
    editions: bounded(limits.editions, weights?.edition),
    bodies: openBodies(limits),
    render: openRenderer(limits.entries, publicUrl),
    dayOf: rememberDay(),
  };
}

/** What a poll is answered, and by which link; null when `look`, which finds out where a name leads, finds nothing. */
export async function answerTo(cache: Cache, name: string, now: Date, wants: Wants, look: (registry: Snapshot) => Promise<Finding | null>) {
  const { links, readCache } = cache;
  const link = links.get(name);
  try {
    let registry = await readCache.refresh();
    if (link && holds(link, now)) {
      const answer = await answerFrom(cache, link, { registry, now }, wants);
      if (answer) return { link, answer };
      // Its organisation has changed since the refresh.
      registry = await readCache.refresh();
    }
    const finding = await look(registry);
    if (!finding) {
      links.delete(name);
      return null;
    }
    const { contents, link: fresh } = finding;
    fresh.lastEdition = link?.lastEdition ?? null;
    // A commit that was noticed meanwhile may have changed where it leads before its validity was taken: then it is looked up again the next time.
    if (readCache.registry() === registry) links.set(name, fresh);
    // Never null: its contents are in hand.
    const answer = (await answerFrom(cache, fresh, { registry, now }, wants, async () => contents))!;
    return { link: fresh, answer };
  } catch (error) {
    const isGone = error instanceof AppError && error.kind === 'gone';
    if (isGone) links.delete(name);
    if (!link || isGone) throw error;
    return { link, answer: await lastGood(cache, link.calendar, wants, error) };
  }
}

/** The registry at a moment. */
export interface Moment {
  registry: Snapshot;
  now: Date;
}

/** The newest edition of a link's calendar, or the last good one; null when the calendar has changed since the link was looked up. */
export async function answerFrom(
  cache: Cache,
  link: Link,
  { registry, now }: Moment,
  wants: Wants,
  source = link.source,
): Promise<Answer | null> {
  const { calendar } = link;
  const state = calendar.stateIn(registry, cache.dayOf(now));
  const edition = nextEdition(link, state, cache.editions.get(calendar.key));
  const encoding = wants(edition);
  if (encoding === null) return give(cache, link, edition, null);
  const make = async () => {
    const contents = await source(registry);
    return contents && cache.render(() => contents(state.pastOn));
  };
  try {
    const bytes = await cache.bodies.bytesOf(calendar.key, edition, encoding, make);
    return bytes && give(cache, link, edition, bytes);
  } catch (fault) {
    return lastGood(cache, calendar, wants, fault);
  }
}

/** The edition that was given last, where it is the newest and its bytes are in memory or not wanted. */
export function answerNow({ bodies, dayOf, editions, readCache }: Cache, link: Link, now: Date, wants: Wants): Answer | null {
  const { key, stateIn } = link.calendar;
  const current = editions.get(key);
  if (!current || nextEdition(link, stateIn(readCache.registry(), dayOf(now)), current) !== current) return null;
  const encoding = wants(current);
  const bytes = encoding === null ? null : bodies.find(key, current, encoding);
  return bytes === undefined ? null : give({ editions }, link, current, bytes);
}

function give({ editions }: Pick<Cache, 'editions'>, link: Link, edition: Edition, bytes: Buffer | null): Answer {
  const { key } = link.calendar;
  const current = editions.get(key);
  // Another poll may have been faster.
  const newest = current?.tag === edition.tag && current.lastModified > edition.lastModified ? current : edition;
  if (newest !== current) editions.set(key, newest);
  link.lastEdition = newest;
  return { tag: newest.tag, lastModified: newest.lastModified, bytes, fault: null };
}

/** The newest edition of which there are bytes. Throws the fault when there is none. */
async function lastGood({ bodies }: Cache, { key }: Calendar, wants: Wants, fault: unknown): Promise<Answer> {
  const edition = bodies.last(key);
  if (!edition) throw fault;
  const encoding = wants(edition);
  if (encoding === null) return { ...edition, bytes: null, fault };
  const bytes = await bodies.bytesOf(key, edition, encoding, async () => null);
  if (!bytes) throw fault;
  return { ...edition, bytes, fault };
}

/** What hangs on the registry alone is looked up for each poll: the registry is in the cache, and an insurer may have another name now. */
export const EACH_TIME = 0;

/** A link as it was just looked up. */
export function newLink(link: Pick<Link, 'calendar' | 'until' | 'validity' | 'source' | 'feedId'>): Link {
  return { ...link, by: 0, lastEdition: null, polled: false };
}

/** Whether a link leads where it led when it was looked up. */
export function holds({ until, validity }: Link, now: Date): boolean {
  return now.getTime() < until && validity?.holds !== false;
}

/** What a poll is to be given: later than what it, or anybody else at this calendar, was given before, unless it is the same. */
function nextEdition({ calendar, lastEdition }: Link, state: CalendarState, current: Edition | undefined): Edition {
  const tag = tagOf(calendar, state);
  const after = (edition: Edition | null | undefined) => (edition ? edition.lastModified + (edition.tag === tag ? 0 : 1000) : 0);
  if (current?.tag === tag && current.lastModified >= after(lastEdition)) return current;
  const second = Math.floor(changedAtIn(calendar, state) / 1000) * 1000;
  return { tag, lastModified: Math.max(second, after(current), after(lastEdition)) };
}
