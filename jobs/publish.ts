/** Publishes what changed in the registry, so that the next poll of a feed finds it rendered. */
import type { FeedCache } from '../db/feeds/cache.ts';
import { forgetEndedLinks } from '../db/organisations/links.ts';
import { bumpForRenderer, expireTombstones } from '../db/feeds/upkeep.ts';
import type { Store } from '../db/store/store.ts';

/** What a publication did. */
export interface Published {
  /** Deadlines whose entries look different, and were made newer for that. */
  raised: number;
  /** Withdrawn deadlines that left the feeds. */
  expired: number;
  /** Calendars rendered. */
  rendered: number;
}

/** Brings the feeds up to date. A second run does nothing. */
export async function publishFeeds({ store, feeds }: { store: Store; feeds: FeedCache }, now: Date): Promise<Published> {
  const raised = await bumpForRenderer(store, now, feeds.publicUrl);
  const expired = await expireTombstones(store, now);
  await forgetEndedLinks(store, now);
  const rendered = await feeds.publish(now);
  return { raised, expired, rendered };
}
