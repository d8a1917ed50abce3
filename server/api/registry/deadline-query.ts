/** What may be asked of a list of deadlines, and the questions that contradict themselves. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { ActivitySchema, CertaintySchema, DutyStatusSchema } from '../../../calendars/schema/words.ts';
import { ContractYear, DaySchema, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { AppError, type Fault } from '../../../calendars/errors.ts';
import { countsFromToday, SORTS, type DeadlineFilter } from '../../../calendars/deadlines/listing.ts';
import { KINDS, ROLES, type Day, type Kind } from '../../../calendars/terms.ts';
import type { ListQuery } from '../../../db/organisations/lists.ts';
import { closed, described, named, PageQuery } from '../shapes.ts';

const SortSchema = named('DeadlineSort', OneOf(SORTS), 'In which order; a minus turns it round. Undated ones come last', 'dueOn');
const ActingRole = named('ActingRole', OneOf([...ROLES, 'insurer']), 'Who acts: a role of an organisation, or the insurer itself', 'ro');

export const DeadlineQuery = Type.Object(
  {
    insurer: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Slug of an insurer; never gives rows of the whole sector',
        examples: ['zorg-en-zekerheid'],
      }),
    ),
    contractYear: Type.Optional(ContractYear),
    activity: Type.Optional(described(ActivitySchema, 'What is due', 'annual_plan')),
    role: Type.Optional(described(ActingRole, 'Who acts, or on whose behalf. A duty of provider is one of every role but insurer', 'ro')),
    contractStatus: Type.Optional(described(DutyStatusSchema, 'Duties that hold for this status, or for any', 'contracted')),
    certainty: Type.Optional(described(CertaintySchema, 'How sure the date is', 'stated')),
    kind: Type.Optional(
      Type.String({
        maxLength: 100,
        description: `"all", or with commas between them: ${KINDS.join(', ')}. Unless given deadline,window, but of an activity whatever it is. A requirement never has a day, and needs no includeUndated`,
        examples: ['deadline,window'],
      }),
    ),
    from: Type.Optional(described(DaySchema, 'First dueOn, included', '2024-09-01')),
    to: Type.Optional(described(DaySchema, 'Last dueOn, included', '2024-12-31')),
    asOf: Type.Optional(described(DaySchema, 'Upcoming from this day on, included', '2024-09-15')),
    upcoming: Type.Optional(
      Type.Boolean({ description: 'Upcoming from today in Amsterdam on; not beside asOf or from', examples: [true] }),
    ),
    withinDays: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 3660,
        description: 'Until this many days after asOf, or after today in Amsterdam',
        examples: [30],
      }),
    ),
    includeUndated: Type.Optional(
      Type.Boolean({ description: 'Also those without a day, unless a window of days is asked for', examples: [true] }),
    ),
    sort: Type.Optional(described(SortSchema, 'dueOn unless given; undated ones come last', 'dueOn')),
    ...PageQuery,
  },
  closed,
);
export type DeadlineQuery = Static<typeof DeadlineQuery>;

/** What a query asks on a day in Amsterdam. */
export function questionOf(query: DeadlineQuery, today: Day): ListQuery {
  const { page, pageSize, sort = 'dueOn' } = query;
  return { filter: filterOf(query), sort, today, page, pageSize };
}

/** What fits a query that was checked by `refuseContradictions`. */
export function filterOf({ page: _, pageSize: __, sort: ___, kind, ...filter }: DeadlineQuery): DeadlineFilter {
  const kinds = kind === undefined ? null : kindsIn(kind);
  return kinds === null ? filter : { ...filter, kinds };
}

/** The kinds that a text names; null when it names something else. */
function kindsIn(text: string): readonly Kind[] | null {
  if (text === 'all') return KINDS;
  const words = text.split(',');
  const kinds = KINDS.filter((kind) => words.includes(kind));
  return words.every((word) => kinds.some((kind) => kind === word)) ? kinds : null;
}

/** A query in one form, however it was written: who asks the same gives the same. */
export function canonicalOf(query: DeadlineQuery): string {
  return JSON.stringify(FIELDS.map((field) => query[field] ?? null));
}

const FIELDS = Object.keys(DeadlineQuery.properties) as (keyof DeadlineQuery)[];

/** What a list rests on, as far as this says it: with the day, where another one makes it another list. */
export function versionOn(today: Day, query: DeadlineQuery, version: string): string {
  return countsFromToday(query) ? `${version}-${today}` : version;
}

/**
 * Throws `invalid` with every contradiction: a window that begins twice or ends before it starts, a slug that no insurer has. `names`: insurers'
 * by slug.
 */
export function refuseContradictions(names: ReadonlyMap<string, string>, query: DeadlineQuery): void {
  const { insurer, from, kind, to, upcoming } = query;
  const faults: (Fault & { in: string })[] = [];
  if (kind !== undefined && kindsIn(kind) === null)
    faults.push({ field: 'kind', message: `must be all, or with commas between them some of ${KINDS.join(', ')}`, in: 'query' });
  for (const start of ['asOf', 'from'] as const)
    if (upcoming === true && query[start] !== undefined)
      faults.push({ field: 'upcoming', message: `must not be given beside ${start}: both say from which day on`, in: 'query' });
  if (from !== undefined && to !== undefined && from > to)
    faults.push({ field: 'to', message: `must not be before from, ${from}`, in: 'query' });
  if (insurer !== undefined && !names.has(insurer))
    faults.push({ field: 'insurer', message: `must be one of ${[...names.keys()].sort().join(', ')}`, in: 'query' });
  if (faults.length > 0)
    throw new AppError('invalid', `The query has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.`, faults);
}
