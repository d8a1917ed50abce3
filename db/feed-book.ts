/** The ready bytes of all feeds: a poll is answered from memory, and an edit renders one event anew and not every feed. */
import { amsterdamYear } from '../calendars/days.ts';
import { AppError } from '../calendars/errors.ts';
import type { Language } from '../calendars/terms.ts';
import { hashOf, openAddresses, type Keyed } from './addresses.ts';
import { bounded } from './bounded.ts';
import { advance, openEditions, type Edition, type ReadyEdition } from './editions.ts';
import { feedCalendar, insurerCalendar, newCalendar, newYearOf, tagOf, type Calendar, type Plan } from './feed-calendars.ts';
import { insurerContents, organisationContents, type FeedContents, type FeedView } from './feed-contents.ts';
import { openFetchLog, type Fetched } from './feed-fetches.ts';
import { findLink } from './feed-links.ts';
import { refreshSheets, renderEvents } from './fresh-sheets.ts';
import { openMemory, type Ground, type Memory } from './memory.ts';
import type { Registry } from './registry.ts';
import { digestOf } from './secrets.ts';
import { openSheets } from './sheets.ts';
import { openStandings, stateIn, type Source, type State } from './standings.ts';
import type { Store } from './store.ts';

export type { Edition, EditionName, Encoding, Part } from './editions.ts';

export interface FeedBook {
  /**
   * The newest edition of the feed that a secret link leads to, or the last good one while the store fails; null when the link leads nowhere.
   * Remembers that the client with this User-Agent fetched it. Throws `gone` for a link that ended not long ago. `address` is what `ready` is to
   * know it by: as it comes off the wire, since cutting the token out of it costs more than finding it.
   */
  feedFor(token: string, now: Date, userAgent?: string, address?: string): Promise<Edition | null>;
  /** The same at once, for a request off the wire, when it is in memory; null when `feedFor` has to find out. */
  ready(address: string, now: Date, userAgent?: string): ReadyEdition | null;
  /** The same for an insurer's public feed; null when there is no such insurer. */
  insurerFeed(slug: string, language: Language, now: Date): Promise<Edition | null>;
  /** Renders the events of what changed before anybody asks. Says how many it rendered. */
  publish(now: Date): Promise<number>;
  /** Writes down which feeds were fetched, and by what, at most once an hour. Says of how many. */
  recordFetches(now: Date): Promise<number>;
}

const MB = 1024 * 1024;
const KEPT = { calendars: 200_000, events: 32 * MB, sheets: 96 * MB };
/** How often an address is looked up again because something was committed while it was. */
const MOST_LOOKS = 5;

/** What an address led to when it was last looked up. First what every poll needs, so that a poll touches little memory. */
interface Address extends Keyed, Fetched {
  readonly calendar: Calendar;
  /** The calendar's, here too: this way it is read while the calendar is, and not only then. */
  readonly own: string;
  /** When the address stops leading here, in whole seconds: at the end of the year at the latest. */
  readonly until: number;
  /** How many grounds had been lost when this one was seen to hold. */
  seen: number;
  /** What it was found by; null when that is the registry alone. */
  readonly ground: Ground | null;
  readonly source: Source;
}

/** An insurer's address is looked up whenever somebody asks: the registry is in memory, and the insurer may have another name now. */
const EACH_TIME = 0;

type Found = Pick<Address, 'calendar' | 'until' | 'feedId' | 'ground' | 'source'>;

/** An address that nobody used yet. In this order its fields stand in memory. */
function newAddress(name: string, { calendar, until, feedId, ground, source }: Found): Address {
  return { hash: hashOf(name), used: false, name, own: calendar.own, calendar, until, seen: -1, by: 0, feedId, ground, source };
}

/** Opens the book of a store. It holds nothing that the store does not: a restart loses only time. */
export function openFeedBook(store: Store, memory: Memory = openMemory(store)): FeedBook {
  const { read } = store;
  const sheets = openSheets(KEPT);
  const editions = openEditions(sheets);
  const standings = openStandings();
  /** As they were asked for: a digest of the token would cost a tenth of a poll. */
  const addresses = openAddresses<Address>();
  const calendars = bounded<Calendar>(KEPT.calendars);
  const fetches = openFetchLog();
  const yearAt = rememberYear();
  let published = '';

  const holds = (address: Address, now: Date) => {
    if (now.getTime() >= address.until * 1000) return false;
    const losses = memory.losses();
    if (address.seen === losses) return true;
    if (address.ground?.holds === false) return false;
    address.seen = losses;
    return true;
  };

  /** The newest edition of what a name leads to; the last good one while the store fails. `look` finds out where it leads. */
  const newest = async (name: string, now: Date, look: (registry: Registry) => Promise<Address | null>): Promise<Edition | null> => {
    const known = addresses.get(name);
    try {
      for (let looks = 1; looks <= MOST_LOOKS; looks += 1) {
        const registry = await memory.refresh();
        const address = looks === 1 && known && holds(known, now) ? known : await look(registry);
        const state = address && stateIn(address.calendar.standing, registry);
        if (!address || !state) {
          addresses.delete(name);
          return null;
        }
        const contents = editions.isMade(address.calendar, state) ? null : await address.source(registry);
        // Something was committed in between: what was read is of another state than what was found.
        if (!contents && !editions.isMade(address.calendar, state)) continue;
        const edition = await renew(address.calendar, state, contents, known?.calendar);
        if (edition.fault === null) addresses.set(address);
        return edition;
      }
      throw new Error('the feed changed each time it was read');
    } catch (error) {
      const ended = error instanceof AppError && error.kind === 'gone';
      if (ended) addresses.delete(name);
      if (!known || ended) throw error;
      return { ...editions.last(known.calendar, null), fault: error };
    }
  };

  /**
   * The edition of a calendar in a state of the registry: later than the one that was given last, here or to whoever asks now (`before`). When
   * the bytes of a newer one cannot be made, the last good edition, with its fault.
   */
  const renew = async (
    calendar: Calendar,
    state: State,
    contents: (() => FeedContents) | null,
    before: Calendar | undefined,
  ): Promise<Edition> => {
    if (calendar.state !== state) {
      const good = calendar.state ? calendar : (calendars.get(calendar.key) ?? before);
      if (good?.state && contents) {
        try {
          await editions.make(calendar, state, contents);
        } catch (error) {
          return { ...editions.last(good, null), fault: error };
        }
      }
      // Another request may have been faster.
      if (calendar.state !== state) advance(calendar, state, good && good !== calendar ? followUp(good, calendar, state) : 0);
      calendars.set(calendar.key, calendar);
    }
    if (before && before !== calendar) calendar.modified = Math.max(calendar.modified, followUp(before, calendar, state));
    return editions.last(calendar, contents);
  };

  const lookUp = async (name: string, token: string, now: Date): Promise<Address | null> => {
    const target = await findLink(read, digestOf(token), now);
    if (target === 'ended') throw new AppError('gone', 'This calendar link has ended.');
    const known = target && (await memory.household(target.organisation.id));
    if (!known) return null;
    const year = yearAt(now);
    const { household, ground } = known;
    const { plan, view } = feedCalendar(household, target, year, standings);
    const { id, version } = household.members[0]!;
    const calendar = calendarOf(plan);
    const source = sourceOf(id, version, year, view);
    calendar.standing.source = source;
    const until = Math.floor(Math.min(newYearOf(year + 1), target.moved?.until.getTime() ?? Infinity) / 1000);
    return newAddress(name, { calendar, until, feedId: target.feed.id, ground, source });
  };

  /** Its own function, so that an address keeps nothing else. */
  const sourceOf =
    (id: string, version: number, year: number, view: FeedView | null): Source =>
    async (registry) => {
      const known = await memory.household(id);
      return known?.household.members[0]!.version === version ? () => organisationContents(known.household, registry, year, view) : null;
    };

  /** The calendar as it is kept, when it is still the very same one. */
  const calendarOf = (plan: Plan): Calendar => {
    const kept = calendars.get(plan.key);
    return kept?.own === plan.own && kept.standing === plan.standing ? kept : newCalendar(plan);
  };

  return {
    async feedFor(token, now, userAgent, name = token) {
      const edition = await newest(name, now, async () => lookUp(name, token, now));
      const address = edition && addresses.get(name);
      if (address) fetches.note(address, userAgent, now);
      return edition;
    },

    ready(name, now, userAgent) {
      if (!memory.isFreshThisTurn()) return null;
      const address = addresses.get(name);
      if (!address || !holds(address, now)) return null;
      const { calendar } = address;
      const state = stateIn(calendar.standing, memory.registry());
      if (state !== calendar.state) {
        if (state === null || !editions.isMade(calendar, state)) return null;
        advance(calendar, state);
        calendar.standing.unasked = 0;
      }
      // First all that may be in no cache, so that the processor waits for it once; then what surely is.
      const edition = editions.ready(calendar, address.own);
      fetches.note(address, userAgent, now);
      return edition;
    },

    async insurerFeed(slug, language, now) {
      const year = yearAt(now);
      const name = `${slug} ${language}`;
      return newest(name, now, async ({ names }) => {
        const insurerName = names.get(slug);
        if (insurerName === undefined) return null;
        const calendar = calendarOf(insurerCalendar({ slug, name: insurerName }, language, year, standings));
        const source: Source = async (registry) => () => insurerContents(registry, slug, language, year);
        return newAddress(name, { calendar, until: EACH_TIME, feedId: null, ground: null, source });
      });
    },

    async publish(now) {
      const year = yearAt(now);
      const registry = await memory.refresh();
      const version = `${year} ${registry.counters.registry}`;
      if (version === published) return 0;
      const rendered = await renderEvents(sheets, registry, year);
      await refreshSheets(standings.all(), sheets, registry);
      published = version;
      return rendered;
    },

    recordFetches: async (now) => fetches.record(store, now),
  };
}

/** When an edition of a calendar may begin, in whole seconds, at an address that had one of another calendar before. */
function followUp(before: Calendar, calendar: Calendar, state: State): number {
  const isSame = before.state !== null && tagOf(before.own, before.state) === tagOf(calendar.own, state);
  return isSame ? before.modified : before.modified + 1;
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
