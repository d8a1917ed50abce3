/** The ready bytes of all feeds: a poll is answered from memory, and an edit renders one event anew and not every feed. */
import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { concernOf } from '../calendars/concern.ts';
import { amsterdamMoment, amsterdamYear } from '../calendars/days.ts';
import type { Deadline } from '../calendars/deadline.ts';
import { itemForAll, joinCalendar, renderEvent, RENDERER_VERSION, renderNotice, type FeedItem } from '../calendars/feed.ts';
import { LANGUAGES, ROLES, type Language } from '../calendars/terms.ts';
import { bounded } from './bounded.ts';
import { allDeadlines } from './deadlines.ts';
import { eq } from './drizzle.ts';
import { openEditions, type Edition } from './editions.ts';
import { firstContractYear, insurerContents, organisationContents, type FeedContents } from './feed-contents.ts';
import { findFeed } from './feeds.ts';
import { insurerNames } from './insurers.ts';
import { digestOf } from './secrets.ts';
import type { Store } from './store.ts';
import { readSetting, registryVersionFor } from './versions.ts';

export type { Edition, Encoding } from './editions.ts';

export interface FeedBook {
  /** The newest edition of the feed that a secret link leads to, or the last good one while the store fails; null when the link leads nowhere. */
  feedFor(token: string, now: Date): Promise<Edition | null>;
  /** The same for an insurer's public feed; null when there is no such insurer. */
  insurerFeed(slug: string, language: Language, now: Date): Promise<Edition | null>;
  /** Renders the events of what changed before anybody asks. Says how many it rendered. */
  publish(now: Date): Promise<number>;
}

const MB = 1024 * 1024;
const KEPT = { addresses: 200_000, editions: 200_000, bodyBytes: 96 * MB, eventBytes: 32 * MB };

/** Where a feed's content comes from: what its tag is made of, and how its bytes are. */
interface Origin {
  key: string;
  versions: readonly (string | number)[];
  read: () => Promise<FeedContents>;
}

/** Opens the book of a store. It holds nothing that the store does not: a restart loses only time. */
export function openFeedBook(store: Store): FeedBook {
  const { read } = store;
  const editions = openEditions({ count: KEPT.editions, bytes: KEPT.bodyBytes });
  const addresses = bounded<{ pulse: number | null; year: number; edition: Edition }>(KEPT.addresses);
  const events = bounded<Buffer>(KEPT.eventBytes, (bytes) => bytes.length);
  const yearAt = rememberYear();
  let published = '';

  const eventOf = (item: FeedItem, language: Language): Buffer => {
    const key = eventKey(item, language);
    const kept = events.get(key);
    if (kept) return kept;
    const bytes = renderEvent(item, language);
    events.set(key, bytes);
    return bytes;
  };

  const build = async (origin: Origin): Promise<Buffer> => {
    const { head, items, notices } = await origin.read();
    return joinCalendar(head, [...notices.map(renderNotice), ...items.map((item) => eventOf(item, head.language))]);
  };

  const newest = async (address: string, now: Date, find: (year: number) => Promise<Origin | null>): Promise<Edition | null> => {
    const known = addresses.get(address);
    const year = yearAt(now);
    try {
      // Asked before the store is read, so that a commit in between is seen at the next poll.
      const pulse = store.pulse();
      if (known && pulse !== null && known.pulse === pulse && known.year === year) return known.edition;
      const origin = await find(year);
      if (!origin) {
        addresses.delete(address);
        return null;
      }
      const edition = await editions.renew(origin.key, tagOf(origin.versions, year), async () => build(origin), now);
      if (edition.fault === null) addresses.set(address, { pulse, year, edition });
      return edition;
    } catch (error) {
      if (!known) throw error;
      return { ...known.edition, fault: error };
    }
  };

  return {
    async feedFor(token, now) {
      const digest = digestOf(token);
      return newest(digest, now, async (year) => {
        const feed = await findFeed(read, digest);
        if (!feed) return null;
        const { id, version } = feed.organisation;
        const versions = [id, version, await registryVersionFor(read, id)];
        return { key: id, versions, read: async () => organisationContents(read, id, year) };
      });
    },

    async insurerFeed(slug, language, now) {
      const address = `${slug} ${language}`;
      return newest(address, now, async (year) => {
        const { insurers } = read.tables;
        const [insurer] = await read.select({ version: insurers.version }).from(insurers).where(eq(insurers.slug, slug));
        if (!insurer) return null;
        return { key: address, versions: [address, insurer.version], read: async () => insurerContents(read, slug, language, year) };
      });
    },

    async publish(now) {
      const year = yearAt(now);
      const version = `${year} ${await readSetting(read, 'registry_version')}`;
      if (version === published) return 0;
      const deadlines = await allDeadlines(read, { fromContractYear: firstContractYear(year), withdrawnToo: true });
      const names = await insurerNames(read);
      let rendered = 0;
      for (const deadline of deadlines) {
        const item = itemForAll(deadline, deadline.insurer === null ? null : (names.get(deadline.insurer) ?? deadline.insurer));
        if (!item) continue;
        for (const variant of variantsOf(item)) {
          for (const language of LANGUAGES) {
            if (!events.get(eventKey(variant, language))) rendered += 1;
            eventOf(variant, language);
          }
        }
        // Polls come first: rendering may wait, they may not.
        await setImmediate();
      }
      published = version;
      return rendered;
    },
  };
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

/** All that an event's bytes depend on: the deadline's own words change with its sequence. */
function eventKey({ uid, sequence, changedAt, deadline, insurerName, as, others }: FeedItem, language: Language): string {
  return JSON.stringify([uid, sequence, changedAt.getTime(), deadline.revision, language, as, insurerName, others]);
}

function tagOf(versions: Origin['versions'], year: number): string {
  return hash('sha256', [RENDERER_VERSION, year, ...versions].join('\n'), 'base64url').slice(0, 22);
}

/** The year in Amsterdam, computed once a year: every poll asks for it. */
function rememberYear(): (now: Date) => number {
  let [year, from, to] = [0, Infinity, -Infinity];
  return (now) => {
    const time = now.getTime();
    if (time < from || time >= to) {
      year = amsterdamYear(now);
      [from, to] = [amsterdamMoment(`${year}-01-01`, '00:00').getTime(), amsterdamMoment(`${year + 1}-01-01`, '00:00').getTime()];
    }
    return year;
  };
}
