/** What the pages of an insurer are made from. */
import { amsterdamDay, amsterdamYear } from '../../../calendars/days.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import type { Day } from '../../../calendars/terms.ts';
import { getInsurer } from '../../../db/registry/insurers.ts';
import { boughtIn } from '../../../db/registry/timelines.ts';
import type { Deps } from '../../deps.ts';

export type Insurer = Awaited<ReturnType<typeof getInsurer>>;

export interface InsurerYear {
  insurer: Insurer;
  /** The contract year that is being bought. */
  bought: number;
  today: Day;
  /** What is published of this insurer, of all years. */
  all: readonly Deadline[];
  /** What is published for all insurers together. */
  sector: readonly Deadline[];
  /** How many of the insurer's were withdrawn, by contract year. */
  withdrawn: ReadonlyMap<number, number>;
}

/** Reads an insurer with all that is published of it; null where there is none of this slug. */
export async function readInsurerYear(
  { cache, clock, read }: Pick<Deps, 'cache' | 'clock' | 'read'>,
  slug: string,
): Promise<InsurerYear | null> {
  const { names, parts } = await cache.refresh();
  if (!names.has(slug)) return null;
  const now = clock();
  const stored = parts.get(slug)?.deadlines ?? [];
  const gone = Map.groupBy(
    stored.filter(({ status }) => status === 'withdrawn'),
    ({ contractYear }) => contractYear,
  );
  return {
    insurer: await getInsurer(read, slug),
    bought: boughtIn(amsterdamYear(now))[0]!,
    today: amsterdamDay(now),
    all: stored.filter(({ status }) => status === 'published'),
    sector: (parts.get('')?.deadlines ?? []).filter(({ status }) => status === 'published'),
    withdrawn: new Map([...gone].map(([year, some]) => [year, some.length])),
  };
}

/** The contract years of which there is a page: all of which something is known, and the one that is being bought. */
export function yearsOf({ all, bought }: Pick<InsurerYear, 'all' | 'bought'>): number[] {
  return [...new Set([bought, ...all.map(({ contractYear }) => contractYear)])].sort((a, b) => a - b);
}
