/** Asking for a part of a list of deadlines: what fits a filter, and in which order. */
import { addDays } from '../days.ts';
import { countingDay, type Deadline, type Duty } from './deadline.ts';
import { COUNTED_KINDS } from './kinds.ts';
import { KINDS, type Activity, type Certainty, type Day, type DutyStatus, type Kind, type Role } from '../terms.ts';

export const SORTS = ['dueOn', '-dueOn', 'lastSafeOn', '-lastSafeOn', 'revisedAt', '-revisedAt'] as const;
export type Sort = (typeof SORTS)[number];

export interface DeadlineFilter {
  insurer?: string;
  contractYear?: number;
  activity?: Activity;
  role?: Role | 'insurer';
  contractStatus?: DutyStatus;
  certainty?: Certainty;
  /** Unless given: deadlines and windows, and of an activity whatever it is. */
  kinds?: readonly Kind[];
  from?: Day;
  to?: Day;
  asOf?: Day;
  /** As of today. */
  upcoming?: boolean;
  withinDays?: number;
  includeUndated?: boolean;
}

/** The first and last `dueOn` that fit, both included; null where there is no end. `today` counts for `upcoming`, and when `withinDays` stands alone. */
export function windowOf(filter: DeadlineFilter, today: Day): { from: Day | null; to: Day | null } {
  const { withinDays } = filter;
  const start = filter.asOf ?? (countsFromToday(filter) ? today : undefined);
  const end = start !== undefined && withinDays !== undefined ? addDays(start, withinDays) : undefined;
  return { from: latest(filter.from, start), to: soonest(filter.to, end) };
}

/** Whether what fits is another the next day. */
export function countsFromToday({ asOf, upcoming, withinDays }: DeadlineFilter): boolean {
  return asOf === undefined && (upcoming === true || withinDays !== undefined);
}

/** The kinds that fit; null: all. */
export function kindsFor({ activity, kinds }: DeadlineFilter): readonly Kind[] | null {
  return kinds ?? (activity === undefined ? COUNTED_KINDS : null);
}

/** Which undated items fit. They stand outside every window, and are left out unless asked for; but a requirement never has a day. */
export function undatedFor(filter: DeadlineFilter): 'all' | 'requirements' | 'none' {
  const windowed = [filter.from, filter.to, filter.asOf, filter.withinDays].some((edge) => edge !== undefined);
  if (windowed || filter.upcoming === true) return 'none';
  return filter.includeUndated === true ? 'all' : 'requirements';
}

/** Whether a deadline fits. */
export function fits(deadline: Deadline, filter: DeadlineFilter, today: Day): boolean {
  return fitting(filter, today)(deadline);
}

/** The same filter, for many deadlines. */
export function fitting(filter: DeadlineFilter, today: Day): (deadline: Deadline) => boolean {
  const { from, to } = windowOf(filter, today);
  const undated = undatedFor(filter);
  const kinds = kindsFor(filter);
  const { insurer, contractYear, activity, certainty } = filter;
  const statuses = filter.contractStatus && statusesFor(filter.contractStatus);
  const roles = filter.role && rolesFor(filter.role);
  return (deadline) => {
    const { dueOn, duty, kind } = deadline;
    if (kinds && !kinds.includes(kind)) return false;
    const fitsUndated = undated === 'all' || (undated === 'requirements' && kind === 'requirement');
    if (dueOn === null ? !fitsUndated : (from !== null && dueOn < from) || (to !== null && dueOn > to)) return false;
    if (insurer !== undefined && deadline.insurer !== insurer) return false;
    if (contractYear !== undefined && deadline.contractYear !== contractYear) return false;
    if (activity !== undefined && deadline.activity !== activity) return false;
    if (certainty !== undefined && deadline.certainty !== certainty) return false;
    if (statuses && !statuses.includes(duty.contractStatus)) return false;
    return !roles || roles.some((role) => duty.actors.includes(role) || duty.onBehalfOf.includes(role));
  };
}

/**
 * The same filter as a reader means it. Beside what a role must do it keeps what insurers do themselves, of which every role has to know; beside
 * an insurer's what holds for the whole sector.
 */
export function fittingReader({ insurer, role, ...filter }: DeadlineFilter, today: Day): (deadline: Deadline) => boolean {
  const fits = fitting(filter, today);
  const hasRole = role === undefined ? null : fitting({ role, kinds: KINDS, includeUndated: true }, today);
  return (deadline) =>
    fits(deadline) &&
    (hasRole === null || hasRole(deadline) || isInsurersAct(deadline)) &&
    (insurer === undefined || deadline.insurer === null || deadline.insurer === insurer);
}

/** Whether readers have nothing to do in it but to know of it: the insurer acts. */
export function isInsurersAct({ duty }: { duty: Pick<Duty, 'actors'> }): boolean {
  return duty.actors.every((actor) => actor === 'insurer');
}

/** The words in a duty that a role answers to: `provider` is whoever contracts. */
export function rolesFor(role: Role | 'insurer') {
  return role === 'insurer' || role === 'provider' ? [role] : ([role, 'provider'] as const);
}

/** The contract statuses of duties that hold for a status. */
export function statusesFor(status: DutyStatus): DutyStatus[] {
  return status === 'any' ? ['any'] : [status, 'any'];
}

/** Orders by day, undated last, then insurer (the sector first), activity and id. By the last safe day, what is assumed comes after all that has one. */
export function compareDeadlines(sort: Sort = 'dueOn') {
  const field = sort.replace('-', '') as 'dueOn' | 'lastSafeOn' | 'revisedAt';
  const direction = sort.startsWith('-') ? -1 : 1;
  return (a: Deadline, b: Deadline): number => {
    const [x, y] = [placeOf(a, field), placeOf(b, field)];
    return (
      x.rank - y.rank ||
      direction * compare(x.value, y.value) ||
      compare(a.insurer ?? '', b.insurer ?? '') ||
      compare(a.activity, b.activity) ||
      compare(a.id, b.id)
    );
  };
}

/** Where a deadline stands by a field: first what has it, then what is only assumed, then what has no day. */
function placeOf(deadline: Deadline, field: 'dueOn' | 'lastSafeOn' | 'revisedAt'): { rank: number; value: string } {
  if (field === 'revisedAt') return { rank: 0, value: deadline.revisedAt.toISOString() };
  const value = deadline[field] ?? countingDay(deadline);
  return { rank: deadline[field] !== null ? 0 : value !== null ? 1 : 2, value: value ?? '' };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const latest = (a: Day | undefined, b: Day | undefined) => (a !== undefined && b !== undefined ? (a > b ? a : b) : (a ?? b ?? null));
const soonest = (a: Day | undefined, b: Day | undefined) => (a !== undefined && b !== undefined ? (a < b ? a : b) : (a ?? b ?? null));
