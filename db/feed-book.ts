/** The ready bytes of all feeds: a poll is answered from memory, and an edit renders one event anew and not every feed. */
import { setImmediate } from 'node:timers/promises';
import { concernOf } from '../calendars/concern.ts';
import { amsterdamMoment, amsterdamYear } from '../calendars/days.ts';
import type { Deadline } from '../calendars/deadline.ts';
import { AppError } from '../calendars/errors.ts';
import { itemForAll, type FeedItem } from '../calendars/feed.ts';
import { LANGUAGES, ROLES, type Language } from '../calendars/terms.ts';
import { bounded } from './bounded.ts';
import { openEditions, type Edition } from './editions.ts';
import { firstContractYear } from './feed-contents.ts';
import { draftFeed, draftInsurerFeed, type Drafter } from './feed-drafts.ts';
import { openFetchLog } from './feed-fetches.ts';
import { findLink } from './feed-links.ts';
import { openMemory, type KnownHousehold, type Memory } from './memory.ts';
import type { Registry } from './registry.ts';
import { laterThan } from './revisions.ts';
import { digestOf } from './secrets.ts';
import { openSheets } from './sheets.ts';
import type { Store } from './store.ts';

export type { Edition, Encoding } from './editions.ts';

export interface FeedBook {
  /**
   * The newest edition of the feed that a secret link leads to, or the last good one while the store fails; null when the link leads nowhere.
   * Remembers that the client with this User-Agent fetched it. Throws `gone` for a link that ended not long ago.
   */
  feedFor(token: string, now: Date, userAgent?: string): Promise<Edition | null>;
  /** The same at once, for a request off the wire, when it is in memory or made in no time; null when `feedFor` has to find out. */
  ready(token: string, now: Date, userAgent?: string): Edition | null;
  /** The same for an insurer's public feed; null when there is no such insurer. */
  insurerFeed(slug: string, language: Language, now: Date): Promise<Edition | null>;
  /** Renders the events of what changed before anybody asks. Says how many it rendered. */
  publish(now: Date): Promise<number>;
  /** Writes down which feeds were fetched, and by what, at most once an hour. Says of how many. */
  recordFetches(now: Date): Promise<number>;
}

const MB = 1024 * 1024;
const KEPT = { addresses: 200_000, editions: 200_000, events: 32 * MB, sheets: 96 * MB };

/** What an address led to when it was last looked up. */
interface Address {
  drafter: Drafter;
  year: number;
  /** What it is made from; null when that is the registry alone. */
  household: KnownHousehold | null;
  /** The feed behind a secret link, whose owner may know that it is fetched. */
  feedId?: string;
  /** When the address stops leading here, in milliseconds. */
  until: number;
  /** The newest edition, and what of the registry it was made from. */
  edition?: Edition;
  parts?: Registry['parts'];
}

/** Opens the book of a store. It holds nothing that the store does not: a restart loses only time. */
export function openFeedBook(store: Store, memory: Memory = openMemory(store)): FeedBook {
  const { read } = store;
  const sheets = openSheets(KEPT);
  const editions = openEditions(sheets, KEPT.editions);
  const addresses = bounded<Address>(KEPT.addresses);
  const fetches = openFetchLog();
  const yearAt = rememberYear();
  const current = () => memory.registry();
  let published = '';

  /** The newest edition of what an address leads to, while that still holds and the edition is there or made in no time. */
  const renewNow = (address: Address): Edition | null => {
    const registry = memory.registry();
    if (address.edition && address.parts === registry.parts) return address.edition;
    const draft = address.drafter(registry);
    const renewed = draft && editions.renewNow(draft);
    const edition = renewed && following(address.edition, renewed);
    if (edition) {
      address.edition = edition;
      address.parts = registry.parts;
    }
    return edition;
  };
  const holds = ({ year, until, household }: Address, now: Date) =>
    year === yearAt(now) && now.getTime() < until && (household === null || household.holds);

  /** The newest edition; the last good one while the store fails. `look` finds out where an address leads. */
  const newest = async (name: string, now: Date, look: (registry: Registry) => Promise<Address | null>): Promise<Edition | null> => {
    const known = addresses.get(name);
    try {
      const registry = await memory.refresh();
      const address = known && holds(known, now) ? known : await look(registry);
      const draft = address?.drafter(registry);
      if (!address || !draft) {
        addresses.delete(name);
        return null;
      }
      const edition = following(known?.edition, await editions.renew(draft));
      if (edition.fault === null) addresses.set(name, { ...address, edition, parts: registry.parts });
      return edition;
    } catch (error) {
      const ended = error instanceof AppError && error.kind === 'gone';
      if (ended) addresses.delete(name);
      if (!known?.edition || ended) throw error;
      return { ...known.edition, fault: error };
    }
  };

  const lookUp = async (digest: string, now: Date): Promise<Address | null> => {
    const target = await findLink(read, digest, now);
    if (target === 'ended') throw new AppError('gone', 'This calendar link has ended.');
    const household = target && (await memory.household(target.organisation.id));
    if (!household) return null;
    const year = yearAt(now);
    const { feed, moved } = target;
    const drafter = draftFeed(household.household, target, year, current);
    return { drafter, year, household, feedId: feed.id, until: moved?.until.getTime() ?? Infinity };
  };

  return {
    async feedFor(token, now, userAgent) {
      const digest = digestOf(token);
      const edition = await newest(digest, now, async () => lookUp(digest, now));
      const feedId = edition && addresses.get(digest)?.feedId;
      if (feedId) fetches.note(feedId, userAgent, now);
      return edition;
    },

    ready(token, now, userAgent) {
      const address = addresses.get(digestOf(token));
      if (!address || !holds(address, now) || !memory.isFreshThisTurn()) return null;
      const edition = renewNow(address);
      if (edition && address.feedId) fetches.note(address.feedId, userAgent, now);
      return edition;
    },

    async insurerFeed(slug, language, now) {
      const year = yearAt(now);
      const drafter = draftInsurerFeed(slug, language, year, current);
      return newest(`${slug} ${language}`, now, async () => ({ drafter, year, household: null, until: Infinity }));
    },

    async publish(now) {
      const year = yearAt(now);
      const registry = await memory.refresh();
      const version = `${year} ${registry.counters.registry}`;
      if (version === published) return 0;
      let rendered = 0;
      for (const item of itemsIn(registry, year)) {
        for (const variant of variantsOf(item)) {
          for (const language of LANGUAGES) if (sheets.render(variant, language)) rendered += 1;
        }
        // Polls come first: rendering may wait, they may not.
        await setImmediate();
      }
      published = version;
      return rendered;
    },

    recordFetches: async (now) => fetches.record(store, now),
  };
}

/** An edition at an address that had another: later than that one, also when it was made for other addresses before. */
function following(last: Edition | undefined, edition: Edition): Edition {
  if (!last || edition.lastModified > last.lastModified) return edition;
  if (edition.tag !== last.tag) return { ...edition, lastModified: laterThan(last.lastModified, edition.lastModified) };
  return edition.lastModified < last.lastModified ? { ...edition, lastModified: last.lastModified } : edition;
}

/** All events of the registry, as everyone gets them. */
function itemsIn({ parts, names }: Registry, year: number): FeedItem[] {
  return [...parts].flatMap(([slug, { deadlines }]) =>
    deadlines
      .filter(({ contractYear }) => contractYear >= firstContractYear(year))
      .flatMap((deadline) => itemForAll(deadline, names.get(slug) ?? null) ?? []),
  );
}

/** An item as everyone and as each possible reader gets it. */
function variantsOf(item: FeedItem): FeedItem[] {
  return [item, ...readersOf(item.deadline).map((as) => ({ ...item, as }))];
}

function readersOf(deadline: Pick<Deadline, 'insurer' | 'duty'>) {
  const relations = new Map(deadline.insurer === null ? [] : [[deadline.insurer, 'unknown' as const]]);
  const readers = ROLES.map((role) => concernOf(deadline, { roles: [role], relations }));
  return [...new Set(readers)].filter((as) => as !== null);
}

/** The year in Amsterdam, computed once a year: every poll asks for it. */
function rememberYear(): (now: Date) => number {
  let [year, from, to] = [0, Infinity, -Infinity];
  return (now) => {
    const time = now.getTime();
    if (time < from || time >= to) {
      year = amsterdamYear(now);
      [from, to] = [newYearOf(year), newYearOf(year + 1)];
    }
    return year;
  };
}

const newYearOf = (year: number) => amsterdamMoment(`${year}-01-01`, '00:00').getTime();
