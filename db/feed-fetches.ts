/** Which feeds are fetched, and by what: remembered without waiting, and written down once an hour at most. */
import { setImmediate } from 'node:timers/promises';
import { familyOf } from '../calendars/client-families.ts';
import { amsterdamDay } from '../calendars/days.ts';
import { eq } from './drizzle.ts';
import type { Store } from './store.ts';

export interface FetchLog {
  /** Remembers that a client fetched a feed. Costs next to nothing, and never fails. */
  note(feedId: string, userAgent: string | undefined, now: Date): void;
  /** Writes down what was remembered, unless it did so within the hour. Says how many feeds it wrote. */
  record(store: Store, now: Date): Promise<number>;
}

const HOUR = 3600 * 1000;
/** So many feeds in one transaction: polls need not wait longer. */
const AT_ONCE = 25;
const MOST = 200_000;

/** Opens an empty memory of fetches. */
export function openFetchLog(): FetchLog {
  /** By feed, the client that was noted last: the same one again changes nothing within the day. */
  const last = new Map<string, string | undefined>();
  const pending = new Map<string, { userAgent: string | undefined; at: Date }>();
  let recordedAt = -Infinity;
  let day = '';
  return {
    note(feedId, userAgent, now) {
      if (last.has(feedId) ? last.get(feedId) === userAgent : last.size >= MOST) return;
      last.set(feedId, userAgent);
      pending.set(feedId, { userAgent, at: now });
    },
    async record(store, now) {
      if (amsterdamDay(now) !== day) last.clear();
      day = amsterdamDay(now);
      if (now.getTime() - recordedAt < HOUR || pending.size === 0) return 0;
      recordedAt = now.getTime();
      const noted = [...pending];
      pending.clear();
      for (let from = 0; from < noted.length; from += AT_ONCE) {
        const slice = noted.slice(from, from + AT_ONCE);
        await store.write(async (tx) => {
          const { feeds } = tx.tables;
          for (const [id, { userAgent, at }] of slice)
            await tx
              .update(feeds)
              .set({ lastFetchedOn: amsterdamDay(at), client: familyOf(userAgent) })
              .where(eq(feeds.id, id));
        });
        await setImmediate();
      }
      return noted.length;
    },
  };
}
