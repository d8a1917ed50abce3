/** What holds now, for a table: the published entries that somebody said. */
import { isTabled } from '../../../calendars/exchange/csv.ts';
import type { ReadDb } from '../../store/store.ts';
import { allDeadlines } from '../deadlines.ts';
import { insurerNames } from '../insurers.ts';
import type { Revision } from '../revisions.ts';

/** The entries by insurer, contract year and day, the sector's first; with the names of insurers by slug. */
export async function readCurrent(db: ReadDb): Promise<{ deadlines: Revision[]; names: ReadonlyMap<string, string> }> {
  const deadlines = (await allDeadlines(db)).filter(isTabled).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return { deadlines, names: await insurerNames(db) };
}

const placeOf = ({ activity, contractYear, dueOn, id, insurer }: Revision) =>
  [insurer ?? '', contractYear, dueOn ?? '9999', activity, id].join(' ');
