/** Lists of deadlines from memory: everybody's, and one organisation's. */
import type { AgendaItem } from '../../calendars/deadlines/concern.ts';
import { compareDeadlines, fitting, type DeadlineFilter, type Sort } from '../../calendars/deadlines/listing.ts';
import type { Day } from '../../calendars/terms.ts';
import { agendaOf, insurersOf } from './agenda.ts';
import type { AgendaInput } from './agenda-input.ts';
import { deadlinesFor, type Snapshot } from '../registry/snapshot.ts';
import type { Revision } from '../registry/revisions.ts';

/** What is asked of a list. `today` is that in Amsterdam. */
export interface Question {
  filter: DeadlineFilter;
  sort: Sort;
  today: Day;
  /** From 1. */
  page: number;
  pageSize: number;
}

/** What was asked for of a list, and how long the whole list is. */
export interface ListPage<T> {
  items: T[];
  total: number;
}

/** The published deadlines that fit, in order. */
export function listDeadlines({ parts }: Snapshot, question: Question): ListPage<Revision> {
  const fits = fitting(question.filter, question.today);
  const all = [...parts.values()].flatMap(({ deadlines }) =>
    deadlines.filter((deadline) => deadline.status === 'published' && fits(deadline)),
  );
  return pageOf(all.sort(compareDeadlines(question.sort)), question);
}

/** What fits of an organisation's agenda, in its order. */
export function listAgenda(agendaInput: AgendaInput, registry: Snapshot, question: Question): ListPage<AgendaItem> {
  const fits = fitting(question.filter, question.today);
  const source = { deadlines: deadlinesFor(registry, insurersOf(agendaInput)), names: registry.names };
  return pageOf(
    agendaOf(agendaInput, source, { sort: question.sort }).filter(({ deadline }) => fits(deadline)),
    question,
  );
}

function pageOf<T>(all: readonly T[], { page, pageSize }: Question): ListPage<T> {
  return { items: all.slice((page - 1) * pageSize, page * pageSize), total: all.length };
}
