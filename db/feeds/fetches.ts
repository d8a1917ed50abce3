/** The log of fetches: which feed was fetched last, and by which kind of app. It is buffered, and written once an hour at most. */
import { familyOf } from '../../calendars/ics/client-families.ts';
import { amsterdamDay, rememberDay } from '../../calendars/days.ts';
import { inArray } from '../store/drizzle.ts';
import type { Store, WriteDb } from '../store/store.ts';
import { openWriteBuffer } from '../store/write-buffer.ts';

/** A feed, and which client was noted for it last: for whoever answers for it to keep. */
export interface Fetched {
  /** Null when nobody is to know. */
  readonly feedId: string | null;
  /** The client's number; 0 before the first. */
  by: number;
}

interface Fetch {
  userAgent: string | undefined;
  /** In milliseconds: as a Date it would take several times the memory. */
  at: number;
}

export interface FetchLog {
  /** Remembers that a client fetched a feed. Costs next to nothing, and never fails. */
  note(fetched: Fetched, userAgent: string | undefined, now: Date): void;
  /** Writes down what was remembered, unless it did so within the hour. Says how many feeds it wrote. */
  record(store: Store, now: Date): Promise<number>;
}

const HOUR = 3600 * 1000;
/** Apps with their versions. */
const MOST_CLIENTS = 10_000;

/** Opens an empty log of fetches. */
export function openFetchLog(): FetchLog {
  /** Clients by number. The same one again changes nothing within the day; the next day each has another number. */
  const clients = new Map<string | undefined, number>();
  let numbered = 0;
  const numberOf = (userAgent: string | undefined) => {
    const number = clients.get(userAgent);
    if (number !== undefined) return number;
    if (clients.size >= MOST_CLIENTS) clients.clear();
    numbered += 1;
    clients.set(userAgent, numbered);
    return numbered;
  };
  const buffer = openWriteBuffer<Fetch>({ everyMs: HOUR, write: writeDown });
  let day = '';
  return {
    note(fetched, userAgent, now) {
      const number = numberOf(userAgent);
      if (fetched.by === number || fetched.feedId === null) return;
      if (buffer.note(fetched.feedId, { userAgent, at: now.getTime() })) fetched.by = number;
    },
    async record(store, now) {
      if (amsterdamDay(now) !== day) clients.clear();
      day = amsterdamDay(now);
      return buffer.flush(store, now);
    },
  };
}

/** One statement for all that were fetched on the same day by apps of the same family. */
async function writeDown(tx: WriteDb, noted: readonly [feedId: string, fetch: Fetch][]): Promise<void> {
  const { feeds } = tx.tables;
  const dayOf = rememberDay();
  const dayAt = (at: number) => dayOf(new Date(at));
  const alike = Map.groupBy(noted, ([, { userAgent, at }]) => `${dayAt(at)} ${familyOf(userAgent)}`);
  for (const some of alike.values()) {
    const [, { userAgent, at }] = some[0]!;
    const ids = some.map(([id]) => id);
    await tx
      .update(feeds)
      .set({ lastFetchedOn: dayAt(at), client: familyOf(userAgent) })
      .where(inArray(feeds.id, ids));
  }
}
