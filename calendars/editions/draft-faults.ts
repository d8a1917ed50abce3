/** What a draft edition lacks as a whole, beside what each of its entries lacks. */
import { isKeyed } from '../deadlines/kinds.ts';
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
      const faults = entryFaults(one.entry, { standing: one.standing, reason });
      const others = isPlaced(one) ? places.get(placeOf(one))!.filter((other) => other !== one) : [];
      return [one.entry.id, others.length === 0 ? faults : [...faults, twice(others[0]!)]];
    }),
  );
}

/** Whether it is said which deadline it is: what is entered may still lack that. */
function isPlaced({ entry: { act, activity, requirementKey } }: Grounded): boolean {
  return act !== 'enter' || (activity !== null && (requirementKey !== null || !isKeyed(activity)));
}

function twice({ entry, standing }: Grounded): Fault {
  const title = entry.content.title || standing?.title;
  return { field: '', message: `must be the only entry of the edition about this deadline${title ? `; so is "${title}"` : ''}` };
}

/** Which deadline an entry is about: two of them in one edition would contradict each other. */
function placeOf({ entry, standing }: Grounded): string {
  const { activity, deadlineId, requirementKey, slot } = entry;
  return deadlineId ?? standing?.id ?? [activity, slot, requirementKey].join('/');
}
