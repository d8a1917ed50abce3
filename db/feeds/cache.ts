/** The cache of feeds: the links that were polled, and the editions of their calendars. A poll is answered from it unless something was committed. */
import { setImmediate } from 'node:timers/promises';
import { amsterdamYear } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import type { Day } from '../../calendars/terms.ts';
import {
  answerFrom,
  answerNow,
  answerTo,
  EACH_TIME,
  holds,
  newLink,
  openCache,
  PLAIN,
  type Answer,
  type Cache,
  type ContentsReader,
  type Finding,
  type Limits,
  type Link,
  type Wants,
} from './answering.ts';
import { feedCalendar, insurerCalendar, newYearOf, publicKey, tagOf } from './calendars.ts';
import { insurerContents, organisationContents, type FeedView, type PublicView } from './contents.ts';
import { openFetchLog } from './fetches.ts';
import { findLink } from '../organisations/links.ts';
import { openReadCache, type ReadCache } from '../organisations/read-cache.ts';
import { openSelections, type Selections } from './selections.ts';
import { LOCAL_URL } from './upkeep.ts';
import type { Snapshot } from '../registry/snapshot.ts';
import { digestOf } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';

export type { Answer, Wants } from './answering.ts';
export type { Edition, Encoding } from './gzip.ts';

export interface FeedCache extends Selections {
  /** Where the service is reached that its calendars lead to. */
  readonly publicUrl: string;
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

interface FeedCacheOptions {
  /** Where the service is reached, without a slash at the end. */
  publicUrl?: string;
  readCache?: ReadCache;
  limits?: Limits;
  /** Of the calendars of choices. */
  selectionLimits?: Limits;
}

const MB = 1024 * 1024;
/** Links and editions by number, the rest in bytes. */
const LIMITS = { links: 200_000, editions: 200_000, entries: 32 * MB, identity: 32 * MB, gzip: 64 * MB };
const GZIP: Wants = () => 'gzip';

/** Opens the cache of a store. It holds nothing that the store does not: a restart loses only time. */
export function openFeedCache(
  store: Store,
  { publicUrl = LOCAL_URL, readCache = openReadCache(store), limits = LIMITS, selectionLimits }: FeedCacheOptions = {},
): FeedCache {
  const origin = { store, readCache, publicUrl };
  const cache = openCache(origin, limits);
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
    publicUrl,
    ...openSelections(origin, selectionLimits),

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

/** A function of its own, so that a link keeps nothing else. */
function sourceOf(readCache: ReadCache, id: string, version: number, year: number, view: FeedView | null): ContentsReader {
  return async (registry) => {
    const cached = await readCache.agendaInput(id);
    return cached?.agendaInput.members[0]!.version === version
      ? (pastOn) => organisationContents(cached.agendaInput, registry, { year, pastOn }, view)
      : null;
  };
}
