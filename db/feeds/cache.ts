/** The cache of feeds: the links that were polled, and the editions of their calendars. A poll is answered from it unless something was committed. */
import { setImmediate } from 'node:timers/promises';
import { amsterdamYear, rememberDay } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import type { Day } from '../../calendars/terms.ts';
import { bounded, type Bounded } from '../store/lru.ts';
import { changedAtIn, feedCalendar, insurerCalendar, newYearOf, publicKey, tagOf, type Calendar, type CalendarState } from './calendars.ts';
import { insurerContents, organisationContents, type FeedContents, type FeedView, type PublicView } from './contents.ts';
import { openFetchLog, type Fetched } from './fetches.ts';
import { openBodies, type Bodies, type Edition, type Encoding } from './gzip.ts';
import { findLink } from '../organisations/links.ts';
import { openRenderer, type Render } from './rendering.ts';
import { openReadCache, type Validity, type ReadCache } from '../organisations/read-cache.ts';
import type { Snapshot } from '../registry/snapshot.ts';
import { digestOf } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';

export type { Edition, Encoding } from './gzip.ts';

export interface FeedCache {
  /**
   * The newest edition of the feed that a secret link leads to; the last good one while the store fails or the newest cannot be rendered; null when
   * the link leads nowhere. Remembers that the client with this User-Agent fetched it. Throws `gone` for a link that ended not long ago.
   */
  poll(token: string, now: Date, wants?: Wants, userAgent?: string): Promise<Answer | null>;
  /** The same at once, for a request off the wire, when nothing has to be asked or made: the bound for polls needs it. Null when `poll` has to find out. */
  ready(token: string, now: Date, wants: Wants, userAgent?: string): Answer | null;
  /** Renders a feed for its first poll. Throws when that cannot be done. */
  prepare(token: string, now: Date): Promise<void>;
  /** The same as `poll` for an insurer's public feed; null when there is no such insurer. */
  pollInsurer(slug: string, view: PublicView, now: Date, wants?: Wants): Promise<Answer | null>;
  /** After a change of the registry: renders each calendar that was polled since the last time, before anybody asks. Says how many it rendered. */
  publish(now: Date): Promise<number>;
  /** Writes down which feeds were fetched, and by what, at most once an hour. Says of how many. */
  recordFetches(now: Date): Promise<number>;
}

/** How the bytes of an edition are wanted; null when only its name is. Asked before they are made. */
export type Wants = (edition: Edition) => Encoding | null;

export interface Answer extends Edition {
  /** Null when they are not wanted. */
  readonly bytes: Buffer | null;
  /** Why this is not the newest edition. Null as a rule. */
  readonly fault: unknown;
}

/** What a link led to when it was last looked up. */
interface Link extends Fetched {
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
type ContentsReader = (registry: Snapshot) => Promise<MakeContents | null>;

/** A link that was just looked up, with its contents made of the very rows that it was found by. */
interface Finding {
  link: Link;
  contents: MakeContents;
}

const MB = 1024 * 1024;
/** Links and editions by number, the rest in bytes. */
const LIMITS = { links: 200_000, editions: 200_000, entries: 32 * MB, identity: 32 * MB, gzip: 64 * MB };

const PLAIN: Wants = () => 'identity';
const GZIP: Wants = () => 'gzip';

/** Opens the cache of a store. It holds nothing that the store does not: a restart loses only time. */
export function openFeedCache(store: Store, readCache: ReadCache = openReadCache(store), limits = LIMITS): FeedCache {
  const cache: Cache = {
    store,
    readCache,
    links: bounded(limits.links),
    editions: bounded(limits.editions),
    bodies: openBodies(limits),
    render: openRenderer(limits.entries),
    dayOf: rememberDay(),
  };
  const fetches = openFetchLog();
  let published: number | null = null;
  const answer = async (token: string, now: Date, wants: Wants) => {
    const digest = digestOf(token);
    return answerTo(cache, digest, now, wants, async (registry) => lookUp(cache, digest, now, registry));
  };
  const note = (link: Link, userAgent: string | undefined, now: Date) => {
    link.polled = true;
    fetches.note(link, userAgent, now);
  };
  return {
    async poll(token, now, wants = PLAIN, userAgent) {
      const polled = await answer(token, now, wants);
      if (!polled) return null;
      note(polled.link, userAgent, now);
      return polled.answer;
    },

    ready(token, now, wants, userAgent) {
      const link = readCache.isFreshThisTurn() ? cache.links.get(digestOf(token)) : undefined;
      if (!link || !holds(link, now)) return null;
      const ready = answerNow(cache, link, now, wants);
      if (ready) note(link, userAgent, now);
      return ready;
    },

    prepare: async (token, now) => void (await answer(token, now, GZIP)),

    async pollInsurer(slug, view, now, wants = PLAIN) {
      const look = async (registry: Snapshot) => lookUpInsurer(registry, slug, view, now);
      const polled = await answerTo(cache, publicKey(slug, view), now, wants, look);
      return polled && polled.answer;
    },

    async publish(now) {
      const registry = await readCache.refresh();
      if (registry.counters.registry === published) return 0;
      const rendered = await renderAhead(cache, registry, now);
      published = registry.counters.registry;
      return rendered;
    },

    recordFetches: async (now) => fetches.record(store, now),
  };
}

interface Cache {
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

/** What a poll is answered, and by which link; null when `look`, which finds out where a name leads, finds nothing. */
async function answerTo(cache: Cache, name: string, now: Date, wants: Wants, look: (registry: Snapshot) => Promise<Finding | null>) {
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
interface Moment {
  registry: Snapshot;
  now: Date;
}

/** The newest edition of a link's calendar, or the last good one; null when the calendar has changed since the link was looked up. */
async function answerFrom(cache: Cache, link: Link, { registry, now }: Moment, wants: Wants, source = link.source): Promise<Answer | null> {
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
function answerNow({ bodies, dayOf, editions, readCache }: Cache, link: Link, now: Date, wants: Wants): Answer | null {
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

async function lookUp({ store, readCache }: Cache, digest: string, now: Date, registry: Snapshot): Promise<Finding | null> {
  const target = await findLink(store.read, digest, now);
  if (target === 'ended') throw new AppError('gone', 'This calendar link has ended.');
  const owner = target && (await readCache.agendaInput(target.organisation.id));
  if (!owner) return null;
  const { agendaInput, validity } = owner;
  const year = amsterdamYear(now);
  const { calendar, view } = feedCalendar(agendaInput, target, year);
  const until = Math.min(newYearOf(year + 1), target.moved?.until.getTime() ?? Infinity);
  const { id, version } = agendaInput.members[0]!;
  const source = sourceOf(readCache, id, version, year, view);
  const link = newLink({ calendar, until, validity, source, feedId: target.feed.id });
  return { link, contents: (pastOn) => organisationContents(agendaInput, registry, { year, pastOn }, view) };
}

function lookUpInsurer(registry: Snapshot, slug: string, view: PublicView, now: Date): Finding | null {
  const name = registry.names.get(slug);
  if (name === undefined) return null;
  const year = amsterdamYear(now);
  const calendar = insurerCalendar({ slug, name }, view, year);
  const contents = (pastOn: Day | null) => insurerContents(registry, slug, view, { year, pastOn });
  return { link: newLink({ calendar, until: EACH_TIME, validity: null, source: async () => null, feedId: null }), contents };
}

/** Renders each calendar anew that has changed with the registry and was polled since the last time. Says how many. */
async function renderAhead(cache: Cache, registry: Snapshot, now: Date): Promise<number> {
  let rendered = 0;
  for (const [n, link] of cache.links.values().entries()) {
    if (n % LOOKS_AT_ONCE === 0) await setImmediate();
    const { calendar } = link;
    const tag = cache.editions.get(calendar.key)?.tag;
    if (!link.polled || !holds(link, now) || tag === tagOf(calendar, calendar.stateIn(registry, cache.dayOf(now)))) continue;
    link.polled = false;
    // What cannot be rendered is told at the next poll.
    const answer = await answerFrom(cache, link, { registry, now }, GZIP).catch(() => null);
    if (answer?.fault === null) rendered += 1;
  }
  return rendered;
}

/** So many links are looked at before others get their turn. */
const LOOKS_AT_ONCE = 1000;

/** An insurer is looked up for each poll: the registry is in the cache, and the insurer may have another name now. */
const EACH_TIME = 0;

function newLink(link: Pick<Link, 'calendar' | 'until' | 'validity' | 'source' | 'feedId'>): Link {
  return { ...link, by: 0, lastEdition: null, polled: false };
}

function holds({ until, validity }: Link, now: Date): boolean {
  return now.getTime() < until && validity?.holds !== false;
}

/** A function of its own, so that a link keeps nothing else. */
function sourceOf(readCache: ReadCache, id: string, version: number, year: number, view: FeedView | null): ContentsReader {
  return async (registry) => {
    const cached = await readCache.agendaInput(id);
    return cached?.agendaInput.members[0]!.version === version
      ? (pastOn) => organisationContents(cached.agendaInput, registry, { year, pastOn }, view)
      : null;
  };
}

/** What a poll is to be given: later than what it, or anybody else at this calendar, was given before, unless it is the same. */
function nextEdition({ calendar, lastEdition }: Link, state: CalendarState, current: Edition | undefined): Edition {
  const tag = tagOf(calendar, state);
  const after = (edition: Edition | null | undefined) => (edition ? edition.lastModified + (edition.tag === tag ? 0 : 1000) : 0);
  if (current?.tag === tag && current.lastModified >= after(lastEdition)) return current;
  const second = Math.floor(changedAtIn(calendar, state) / 1000) * 1000;
  return { tag, lastModified: Math.max(second, after(current), after(lastEdition)) };
}
