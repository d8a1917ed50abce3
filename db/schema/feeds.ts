/** The tables of calendar feeds, and of links that led to one. */
import type { Certainty, DatedKind, Language, Reader } from '../../calendars/terms.ts';
import type { Kit, Target } from '../store/kit.ts';

export function feedTables(kit: Kit, { organisations }: { organisations: { id: Target } }) {
  const feeds = feedsTable(kit, organisations);
  return { feeds, formerLinks: formerLinksTable(kit, feeds) };
}

/** A secret link to the organisation's calendar, of whose token only the SHA-256 is kept, and what the calendar shows. */
function feedsTable(kit: Kit, organisations: { id: Target }) {
  const columns = {
    id: kit.text().primaryKey(),
    organisationId: kit.ref(organisations.id, 'cascade').notNull(),
    label: kit.text().notNull(),
    hash: kit.text().notNull(),
    createdAt: kit.moment().notNull(),
    /** Slugs, and `sector` for what no insurer asks; null: all. */
    insurers: kit.json<string[]>(),
    /** As whom; null: as all that the organisation is. */
    roles: kit.json<Reader[]>(),
    /** Null: all. */
    certainty: kit.json<Certainty[]>(),
    /** Null: deadlines and the ends of windows. */
    kinds: kit.json<DatedKind[]>(),
    /** How many days before, at 09:00, an app may sound an alarm; null: never. */
    alarms: kit.json<number[]>(),
    /** Null: the organisation's. */
    language: kit.text().$type<Language>(),
    showCompleted: kit.bool().notNull().default(false),
    /** Rises with every change of what its entries look like, and with it `restyledAt`; `changedAt` tells of every choice. */
    sequence: kit.int().notNull().default(0),
    restyledAt: kit.moment(),
    changedAt: kit.moment(),
    /** The last day in Amsterdam on which an app fetched it, and the family that the app belongs to. */
    lastFetchedOn: kit.day(),
    client: kit.text(),
  };
  return kit.table('feeds', columns, (t) => [
    kit.uniqueIndex('feeds_hash').on(t.hash),
    kit.index('feeds_organisation').on(t.organisationId),
  ]);
}

/** A link that was replaced or revoked. Until `endsAt` it still leads to its feed; for a while after that it is known to have ended. */
function formerLinksTable(kit: Kit, feeds: { id: Target }) {
  const columns = {
    hash: kit.text().primaryKey(),
    /** Null when the feed is gone. */
    feedId: kit.ref(feeds.id, 'set null'),
    replacedAt: kit.moment().notNull(),
    endsAt: kit.moment().notNull(),
  };
  return kit.table('former_links', columns, (t) => [
    kit.index('former_links_feed').on(t.feedId),
    kit.index('former_links_end').on(t.endsAt),
  ]);
}
