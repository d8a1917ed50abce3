/** Feeds: an organisation's named secret links to its calendar. Only a link's SHA-256 is kept. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../calendars/errors.ts';
import { and, asc, eq } from './drizzle.ts';
import { getOrganisation } from './organisations.ts';
import type { Organisation, Tables } from './schema.ts';
import { digestOf, newSecret } from './secrets.ts';
import type { ReadDb, WriteDb } from './store.ts';

/** A feed as its owner sees it: the link itself is not known any more. */
export type Feed = Omit<Tables['feeds']['$inferSelect'], 'hash' | 'organisationId'>;

/** Makes a feed and gives back the token of its link, this once: 43 characters of base64url. Throws `not_found` for an unknown organisation. */
export async function createFeed(
  tx: WriteDb,
  organisationId: string,
  { label }: { label: string },
  now: Date,
): Promise<Feed & { token: string }> {
  await getOrganisation(tx, organisationId);
  const token = newSecret();
  const feed: Feed = { id: randomUUID(), label, createdAt: now };
  await tx.insert(tx.tables.feeds).values({ ...feed, organisationId, hash: digestOf(token) });
  return { ...feed, token };
}

/** An organisation's feeds, oldest first. */
export async function listFeeds(db: ReadDb, organisationId: string): Promise<Feed[]> {
  const { feeds } = db.tables;
  return db
    .select({ id: feeds.id, label: feeds.label, createdAt: feeds.createdAt })
    .from(feeds)
    .where(eq(feeds.organisationId, organisationId))
    .orderBy(asc(feeds.createdAt), asc(feeds.id));
}

/** Ends a feed: its link leads nowhere from now on, the others stay. Throws `not_found`. */
export async function deleteFeed(tx: WriteDb, organisationId: string, id: string): Promise<void> {
  const { feeds } = tx.tables;
  const [row] = await tx
    .delete(feeds)
    .where(and(eq(feeds.organisationId, organisationId), eq(feeds.id, id)))
    .returning();
  if (!row) throw new AppError('not_found', 'No such feed.');
}

/** The feed that a link leads to, by its token's digest, with its organisation; null when there is none. */
export async function findFeed(db: ReadDb, digest: string): Promise<{ id: string; organisation: Organisation } | null> {
  const { feeds, organisations } = db.tables;
  const [row] = await db
    .select({ id: feeds.id, organisation: organisations })
    .from(feeds)
    .innerJoin(organisations, eq(organisations.id, feeds.organisationId))
    .where(eq(feeds.hash, digest));
  return row ?? null;
}
