/** What a draft edition lacks as a whole, beside what each of its entries lacks. */
import type { Fault } from '../errors.ts';
import { entryFaults, type EntryGround, type EntryText } from './entry-faults.ts';

/** An entry with what it meets. */
export interface Grounded extends Pick<EntryGround, 'standing'> {
  entry: EntryText & { id: string; deadlineId: string | null };
}

/** The faults of each entry by its id, those with each other included; no entry, no fault. */
export function faultsByEntry(entries: readonly Grounded[], reason: string | null): Map<string, Fault[]> {
  const places = Map.groupBy(entries, placeOf);
  return new Map(
    entries.map((one) => {
      const isAlone = one.entry.act === 'enter' && one.entry.activity === null ? true : places.get(placeOf(one))!.length === 1;
      const faults = entryFaults(one.entry, { standing: one.standing, reason });
      return [one.entry.id, isAlone ? faults : [...faults, TWICE]];
    }),
  );
}

const TWICE: Fault = { field: '', message: 'must be the only entry of the edition about this deadline' };

/** Which deadline an entry is about: two of them in one edition would contradict each other. */
function placeOf({ entry, standing }: Grounded): string {
  const { activity, deadlineId, requirementKey, slot } = entry;
  return deadlineId ?? standing?.id ?? [activity, slot, requirementKey].join('/');
}
