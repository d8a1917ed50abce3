/** What a mail server got, counted against what it should have got. */
import type { RawSink } from './sink.ts';

export interface Tally {
  /** Neither arrived nor on the list for a person. */
  lost: string[];
  /** Copies beyond the first. */
  extra: number;
  /** The most copies of any mail. */
  most: number;
  /** Addresses whose copies are not the very same. */
  different: string[];
}

/** The one reminder that everybody has in these tests; what else is told of does not count. */
const REMINDER = /^Subject: Over \d+ dagen:/m;

/** Counts the reminder's copies by address. `known`: the addresses that wait for a person. */
export function tally({ taken }: Pick<RawSink, 'taken'>, addresses: readonly string[], known: readonly string[] = []): Tally {
  const copies = new Map<string, string[]>();
  for (const { to, raw } of taken.filter(({ raw }) => REMINDER.test(raw))) copies.set(to, [...(copies.get(to) ?? []), raw]);
  const counts = [...copies.values()].map((all) => all.length);
  return {
    lost: addresses.filter((address) => !copies.has(address) && !known.includes(address)),
    extra: counts.reduce((sum, n) => sum + n - 1, 0),
    most: Math.max(0, ...counts),
    different: [...copies].filter(([, all]) => new Set(all).size > 1).map(([address]) => address),
  };
}
