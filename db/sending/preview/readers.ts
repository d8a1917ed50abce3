/** The readers of an edition: whom it concerns, and who of them hears of what, as announcing it would tell them. */
import { setImmediate } from 'node:timers/promises';
import { foreseeTold, type Change } from '../../notices/news.ts';
import { dealingAmong } from '../../notices/readers.ts';
import type { Edition } from '../../registry/editions/drafts.ts';
import type { Organisation, Recipient } from '../../schema/schema.ts';
import { asc } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';

/** Somebody who hears of an edition. */
export interface Hearer {
  recipient: Recipient;
  organisation: Organisation;
  /** Of which deadlines; none where only days of the organisation's own moved along. */
  deadlineIds: ReadonlySet<string>;
}

export interface Readers {
  /** All that there are, by name. */
  organisations: Organisation[];
  /** The ids of those that it concerns. */
  concerned: ReadonlySet<string>;
  hearers: Hearer[];
  /** How many that deal with the insurer were not looked at: other writes wait meanwhile. */
  uncounted: number;
}

/** How many organisations are looked at in one go. */
const PAGE = 200;

/** As many are looked at for all changes together, and as many organisations at least: about two seconds. */
const MOST_LOOKS = 2400;
const LEAST = 50;

/** What is told, when, and of how many organisations that deal with the insurer it is found out, by name. */
interface Telling {
  edition: Edition;
  changes: readonly Change[];
  now: Date;
  most?: number;
}

export async function readReaders(db: ReadDb, { edition, changes, most = mostFor(changes), now }: Telling): Promise<Readers> {
  const { organisations } = db.tables;
  const all = await db.select().from(organisations).orderBy(asc(organisations.name), asc(organisations.id));
  const byId = new Map(all.map((one) => [one.id, one]));
  const concerned = new Set<string>();
  const heard = new Map<string, { recipient: Recipient; deadlineIds: Set<string> }>();
  let [looked, uncounted] = [0, 0];
  for (let n = 0; n < all.length; n += PAGE) {
    const page = all.slice(n, n + PAGE).map(({ id }) => id);
    const dealingIds = new Set(await dealingAmong(db, page, edition.insurerSlug));
    const dealing = page.filter((id) => dealingIds.has(id)).slice(0, most - looked);
    looked += dealing.length;
    uncounted += dealingIds.size - dealing.length;
    if (dealing.length === 0) continue;
    for (const change of changes) {
      // Others get their turn: on SQLite nothing else would.
      await setImmediate();
      const foreseen = await foreseeTold(db, dealing, change, now);
      for (const id of foreseen.concerned) concerned.add(id);
      for (const { deadlineIds, recipient } of foreseen.told) {
        const earlier = heard.get(recipient.id)?.deadlineIds ?? [];
        heard.set(recipient.id, { recipient, deadlineIds: new Set([...earlier, ...deadlineIds]) });
      }
    }
  }
  const hearers = [...heard.values()].map((one) => ({ ...one, organisation: byId.get(one.recipient.organisationId)! }));
  return { organisations: all, concerned, hearers, uncounted };
}

const mostFor = (changes: readonly Change[]) => Math.max(LEAST, Math.floor(MOST_LOOKS / Math.max(1, changes.length)));
