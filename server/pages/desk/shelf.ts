/** The registry as its editors see it: per insurer all that is kept, and when its newest document came out. */
import { RESERVED_SLUG } from '../../../calendars/agenda/selection.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import { checkReason } from '../../../calendars/upkeep/upkeep.ts';
import type { Day } from '../../../calendars/terms.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { newestDocuments } from '../../../db/registry/upkeep.ts';
import type { Deps } from '../../deps.ts';
import { say } from './frame.ts';

/** The last part of the path at which what holds for all insurers stands: no insurer can be called so. */
export const SECTOR = RESERVED_SLUG;

export interface DeskShelf {
  /** The insurer's slug, or `SECTOR`. */
  slug: string;
  name: string;
  deadlines: readonly Revision[];
  newestDocumentOn: Day | null;
}

/** What holds for all comes last; insurers by name. */
export async function readShelves({ cache, read }: Pick<Deps, 'cache' | 'read'>): Promise<DeskShelf[]> {
  const { names, parts } = await cache.refresh();
  const documents = await newestDocuments(read);
  const shelf = (slug: string, name: string, part: string): DeskShelf => ({
    slug,
    name,
    deadlines: parts.get(part)?.deadlines ?? [],
    newestDocumentOn: documents.get(part) ?? null,
  });
  const insurers = [...names].map(([slug, name]) => shelf(slug, name, slug)).sort((a, b) => compareNames(a.name, b.name, 'nl'));
  return [...insurers, shelf(SECTOR, say('desk:work.sector'), '')];
}

/** The entries that are to be checked now, in the order in which they were given. */
export function dueIn({ deadlines, newestDocumentOn }: DeskShelf, today: Day): Revision[] {
  return deadlines.filter((one) => checkReason(one, newestDocumentOn, today) !== null);
}

/** Today in Amsterdam. */
export function todayOf({ clock }: Pick<Deps, 'clock'>): Day {
  return amsterdamDay(clock());
}
