/** What a reader of the list of dates chose, as it stands in the address: each value checked, and what is wrong with it. */
import { addDays, yearOf } from '../../../calendars/days.ts';
import type { DeadlineFilter } from '../../../calendars/deadlines/listing.ts';
import { ACTIVITIES, DUTY_STATUSES, KINDS, ROLES, type Day } from '../../../calendars/terms.ts';

/** When: the first is what people ask for most; the second stands where nothing is chosen. */
export const PERIODS = ['2weeks', 'coming', 'past', 'undated', 'all'] as const;
export const ACTING = [...ROLES, 'insurer'] as const;
/** The names in the address, in the order of the form. They are those of `GET /api/v1/deadlines` where it has them. */
export const NAMES = ['words', 'period', 'role', 'insurer', 'contractStatus', 'activity', 'contractYear', 'kind'] as const;
export type Name = (typeof NAMES)[number];
/** As it stands in the address; what is not chosen is empty. */
export type Choice = Readonly<Record<Name, string>>;

export const DEFAULT_PERIOD = 'coming';
const SOON_DAYS = 14;
const MOST_CHARACTERS = 100;

/** What was chosen, and of which names the value means nothing. `names`: insurers' by slug. */
export function readChoice(query: unknown, names: ReadonlyMap<string, string>): { choice: Choice; faulty: ReadonlySet<Name> } {
  const asked = query as Record<string, string | string[] | undefined>;
  const choice = Object.fromEntries(NAMES.map((name) => [name, [asked[name] ?? ''].flat().join(', ').trim()])) as Record<Name, string>;
  choice.insurer = insurersIn(choice).join(',');
  const allowed: Record<Name, (value: string) => boolean> = {
    words: (value) => value.length <= MOST_CHARACTERS,
    period: (value) => isOneOf(PERIODS, value),
    role: (value) => isOneOf(ACTING, value),
    insurer: () => insurersIn(choice).every((slug) => names.has(slug)),
    contractStatus: (value) => isOneOf(DUTY_STATUSES, value),
    activity: (value) => isOneOf(ACTIVITIES, value),
    contractYear: (value) => /^20\d\d$/.test(value) && Number(value) >= 2015,
    kind: (value) => value === 'all' || isOneOf(KINDS, value),
  };
  return { choice, faulty: new Set(NAMES.filter((name) => choice[name] !== '' && !allowed[name](choice[name]))) };
}

/** The choice as the query of an address, with some of it another; nothing in it but what was chosen. */
export function queryOf(choice: Choice, over: Partial<Choice> & { page?: string } = {}): string {
  const query = new URLSearchParams();
  const { page = '', ...others } = { ...choice, ...over };
  for (const name of NAMES)
    if (others[name] !== '' && !(name === 'period' && others[name] === DEFAULT_PERIOD)) query.set(name, others[name]);
  if (page !== '' && page !== '1') query.set('page', page);
  // A comma may stand in a query as it is.
  return query.size === 0 ? '' : `?${query.toString().replaceAll('%2C', ',')}`;
}

/** The insurers that were chosen, by slug: several stand with commas, or as fields with one name. */
export function insurersIn({ insurer }: Pick<Choice, 'insurer'>): string[] {
  return [...new Set(insurer.split(/[,\s]+/).filter((slug) => slug !== ''))];
}

/** What a checked choice asks of the list, but for its words and its insurers. */
export function filterOf(choice: Choice, today: Day): DeadlineFilter {
  const { activity, contractStatus, contractYear, kind, role } = choice;
  const kinds = kind === 'all' ? KINDS : KINDS.filter((one) => one === kind);
  const given = {
    activity: ACTIVITIES.find((one) => one === activity),
    contractStatus: DUTY_STATUSES.find((one) => one === contractStatus),
    contractYear: contractYear === '' ? undefined : Number(contractYear),
    kinds: kinds.length === 0 ? undefined : kinds,
    role: ACTING.find((one) => one === role),
  };
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as DeadlineFilter;
  return { ...chosen, ...periodOf(choice, today) };
}

/** The days of a period. What has no day stands in all of them together, and alone. */
function periodOf({ period }: Choice, today: Day): DeadlineFilter {
  switch (period) {
    case '2weeks':
      return { upcoming: true, withinDays: SOON_DAYS };
    case 'past':
      return { to: addDays(today, -1) };
    case 'undated':
    case 'all':
      return { includeUndated: true };
    default:
      return { upcoming: true };
  }
}

/** The contract years that can be chosen: those of which something is there, the newest first, and the one that was chosen. */
export function yearsOf(years: readonly number[], { contractYear }: Choice, today: Day): string[] {
  const all = new Set([...(years.length === 0 ? [yearOf(today)] : years).map(String), ...(contractYear === '' ? [] : [contractYear])]);
  return [...all].sort().reverse();
}

const isOneOf = (list: readonly string[], value: string) => list.includes(value);
