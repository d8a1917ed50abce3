/** How organisations stand with insurers. Many deal with the same ones in the same way: in memory they share one copy. */
import type { RelationStatus } from '../calendars/terms.ts';
import { bounded } from './bounded.ts';

/** How an organisation stands with an insurer. */
interface Dealing {
  readonly insurerSlug: string;
  readonly contractStatus: RelationStatus;
  readonly preferred: boolean;
}

/** With whom an organisation deals, by insurer. */
export type Dealings = readonly Dealing[];

const KEPT = { dealings: 1000, sets: 20_000 };
/** There are some tens of insurers, and a few statuses. */
const dealings = bounded<Dealing>(KEPT.dealings);
const sets = bounded<Dealings>(KEPT.sets);
const texts = new WeakMap<Dealings, string>();

/** The same, for whoever deals with the same insurers in the same way. */
export function sharedDealings(rows: Dealings): Dealings {
  const text = write(rows);
  const known = sets.get(text);
  if (known) return known;
  const own = rows.map(sharedDealing);
  sets.set(text, own);
  texts.set(own, text);
  return own;
}

function sharedDealing(row: Dealing): Dealing {
  const text = write([row]);
  const known = dealings.get(text);
  if (known) return known;
  const { insurerSlug, contractStatus, preferred } = row;
  const own = { insurerSlug, contractStatus, preferred };
  dealings.set(text, own);
  return own;
}

/** All that they say as text, which was written once for those that are shared. */
export function textOf(rows: Dealings): string {
  return texts.get(rows) ?? write(rows);
}

function write(rows: Dealings): string {
  return rows.map(({ insurerSlug, contractStatus, preferred }) => `${insurerSlug}:${contractStatus}:${preferred}`).join(' ');
}
