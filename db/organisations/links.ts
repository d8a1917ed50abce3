/** Secret links to feeds: where each leads, and how replaced and revoked ones end. */
import { setImmediate } from 'node:timers/promises';
import { and, eq, gt, inArray, lte, sql } from '../store/drizzle.ts';
import { preparedFor } from '../store/statements.ts';
import type { Feed, Organisation } from '../schema/schema.ts';
import type { ReadDb, Store, WriteDb } from '../store/store.ts';

/** How long an ended link is told apart from one that never was, in days: an app that hears so stops asking. */
const KNOWN_DAYS = 60;
const DAY = 24 * 3600 * 1000;

/** That another link took the place of this one: when, and until when this one still works. */
export interface Moved {
  at: Date;
  until: Date;
}

/** Where a link leads. */
export interface LinkTarget {
  feed: Feed;
  organisation: Organisation;
  moved: Moved | null;
}

/** Where a link leads, by its token's digest; `ended` when it did once and not long ago, null when it leads nowhere. */
export async function findLink(db: ReadDb, digest: string, now: Date): Promise<LinkTarget | 'ended' | null> {
  const { feeds, formerLinks, organisations } = db.tables;
  const [current] = await currentLink(db).execute({ digest });
  if (current) return { ...current, moved: null };
  const [former] = await db
    .select({ feed: feeds, organisation: organisations, at: formerLinks.replacedAt, until: formerLinks.endsAt })
    .from(formerLinks)
    .leftJoin(feeds, eq(feeds.id, formerLinks.feedId))
    .leftJoin(organisations, eq(organisations.id, feeds.organisationId))
    .where(eq(formerLinks.hash, digest));
  if (!former) return null;
  const { feed, organisation, at, until } = former;
  if (feed && organisation && now < until) return { feed, organisation, moved: { at, until } };
  return now < knownUntil(until) ? 'ended' : null;
}

const currentLink = preparedFor((db: ReadDb) => {
  const { feeds, organisations } = db.tables;
  return db
    .select({ feed: feeds, organisation: organisations })
    .from(feeds)
    .innerJoin(organisations, eq(organisations.id, feeds.organisationId))
    .where(eq(feeds.hash, sql.placeholder('digest')))
    .prepare('current_link');
});

/** Ends every link of an organisation's feeds, or of one of them. */
export async function endLinks(tx: WriteDb, organisationId: string, now: Date, feedId?: string): Promise<void> {
  const { feeds, formerLinks } = tx.tables;
  const rows = await tx
    .select({ id: feeds.id, hash: feeds.hash })
    .from(feeds)
    .where(and(eq(feeds.organisationId, organisationId), feedId === undefined ? undefined : eq(feeds.id, feedId)));
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await tx
    .update(formerLinks)
    .set({ endsAt: now })
    .where(and(inArray(formerLinks.feedId, ids), gt(formerLinks.endsAt, now)));
  // On PostgreSQL another process may end the same ones at this moment.
  await tx
    .insert(formerLinks)
    .values(rows.map(({ hash }) => ({ hash, feedId: null, replacedAt: now, endsAt: now })))
    .onConflictDoNothing();
}

/** Forgets links that ended long ago: they lead nowhere, like any other. Says how many. */
export async function forgetEndedLinks(store: Store, now: Date): Promise<number> {
  const { formerLinks } = store.read.tables;
  const long = lte(formerLinks.endsAt, new Date(now.getTime() - KNOWN_DAYS * DAY));
  let forgotten = 0;
  for (;;) {
    const some = await store.read.select({ hash: formerLinks.hash }).from(formerLinks).where(long).limit(AT_ONCE);
    if (some.length === 0) return forgotten;
    const hashes = some.map(({ hash }) => hash);
    await store.write((tx) => tx.delete(formerLinks).where(inArray(formerLinks.hash, hashes)));
    forgotten += some.length;
    // Whoever waits for an answer goes first.
    await setImmediate();
  }
}

/** So many links in one transaction. */
const AT_ONCE = 500;

const knownUntil = (endsAt: Date) => new Date(endsAt.getTime() + KNOWN_DAYS * DAY);
