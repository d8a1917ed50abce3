/** Which insurers lead for an organisation: plans and accounts go to them, and the others follow. */
import type { RelationStatus } from '../terms.ts';

/** How an organisation stands with an insurer. */
interface Standing {
  contractStatus: RelationStatus;
  preferred: boolean;
}

/** What is wrong with how an organisation says that it stands with an insurer; null where nothing is. */
export function faultOfStanding({ contractStatus, preferred }: Standing): string | null {
  return preferred && contractStatus === 'uncontracted'
    ? 'must be false where contractStatus is uncontracted; true is for contracted and unknown'
    : null;
}

/** The same as it is read: with whom there is no contract does not lead, also where that was kept before it was refused. */
export function readStanding<T extends Standing>(kept: T): T {
  return faultOfStanding(kept) === null ? kept : { ...kept, preferred: false };
}

/** The insurers that lead for an organisation: those it named, else those its RO named; null where neither named any. */
export function preferredAmong(own: readonly string[], ofParent: readonly string[]): ReadonlySet<string> | null {
  const named = own.length > 0 ? own : ofParent;
  return named.length > 0 ? new Set(named) : null;
}
