/** Lists of deadlines from the cache: everybody's, and one organisation's. */
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { compareDeadlines, fitting, type DeadlineFilter, type Sort } from '../../calendars/deadlines/listing.ts';
import type { Day } from '../../calendars/terms.ts';
import { agendaOf, insurersOf } from './agenda.ts';
import type { AgendaInput } from './agenda-input.ts';
import { deadlinesFor, type Snapshot } from '../registry/snapshot.ts';
import type { Revision } from '../registry/revisions.ts';

/** The query of a list. `today` is that in Amsterdam. */
export interface ListQuery {
  filter: DeadlineFilter;
  sort: Sort;
  today: Day;
  /** From 1. */
  page: number;
  pageSize: number;
}

/** One page of a list, and how long the whole list is. */
export interface ListPage<T> {
  items: T[];
  total: number;
}

/** The published deadlines that fit, in order. */
export function listDeadlines({ parts }: Snapshot, query: ListQuery): ListPage<Revision> {
  const fits = fitting(query.filter, query.today);
  const all = [...parts.values()].flatMap(({ deadlines }) =>
    deadlines.filter((deadline) => deadline.status === 'published' && fits(deadline)),
  );
  return pageOf(all.sort(compareDeadlines(query.sort)), query);
}

/** What fits of an organisation's agenda, in its order. */
export function listAgenda(agendaInput: AgendaInput, registry: Snapshot, query: ListQuery): ListPage<AgendaItem> {
  const fits = fitting(query.filter, query.today);
  const source = { deadlines: deadlinesFor(registry, insurersOf(agendaInput)), names: registry.names };
  return pageOf(
    agendaOf(agendaInput, source, { sort: query.sort }).filter(({ deadline }) => fits(deadline)),
    query,
  );
}

function pageOf<T>(all: readonly T[], { page, pageSize }: ListQuery): ListPage<T> {
  return { items: all.slice((page - 1) * pageSize, page * pageSize), total: all.length };
}
