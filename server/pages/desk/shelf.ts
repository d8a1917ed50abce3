/** The registry as its editors see it: per insurer all that is kept, and when its newest document came out. */
import { RESERVED_SLUG } from '../../../calendars/agenda/selection.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import type { Day } from '../../../calendars/terms.ts';
import * as workList from '../../../db/registry/upkeep/work-list.ts';
import type { Deps } from '../../deps.ts';
import { say } from './frame.ts';

/** The last part of the path at which what holds for all insurers stands: no insurer can be called so. */
export const SECTOR = RESERVED_SLUG;

export interface DeskShelf extends workList.Shelf {
  /** The insurer's slug, or `SECTOR`. */
  slug: string;
  name: string;
}

/** What holds for all comes last; insurers by name. */
export async function readShelves({ cache, read }: Pick<Deps, 'cache' | 'read'>): Promise<DeskShelf[]> {
  const shelves = await workList.readShelves(read, await cache.refresh());
  return shelves.map((shelf) => ({ ...shelf, ...placeOf(shelf) }));
}

/** Where what is of an insurer, or holds for all, stands, and what it is called. */
export function placeOf({ name, slug }: Pick<workList.Shelf, 'name' | 'slug'>): Pick<DeskShelf, 'name' | 'slug'> {
  return { slug: slug ?? SECTOR, name: name ?? say('desk:work.sector') };
}

/** Today in Amsterdam. */
export function todayOf({ clock }: Pick<Deps, 'clock'>): Day {
  return amsterdamDay(clock());
}
