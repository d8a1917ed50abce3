/** Urgency: a deadline that is not done and at most three working days away. */
import { isAskedOnce, type AgendaItem } from '../../calendars/agenda/concern.ts';
import { mayBeDoneTogether } from '../../calendars/agenda/done-together.ts';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import { addDays } from '../../calendars/days.ts';
import { addWorkingDays, isWorkingDay, nextWorkingDay } from '../../calendars/holidays.ts';
import { isCounted } from '../../calendars/deadlines/kinds.ts';
import { dutyOwner, isOpen, type OpenItem } from '../../calendars/agenda/open-duties.ts';
import type { Day } from '../../calendars/terms.ts';
import type { Snapshot } from '../registry/snapshot.ts';
import type { Revision } from '../registry/revisions.ts';

/** How many working days before the last safe day others are told. */
const WORKING_DAYS_BEFORE = 3;

/** What may be nearly due on a day. */
export interface Urgent {
  today: Day;
  /** The last day that is no more than three working days ahead. */
  until: Day;
  /** The same on the next working day: until then what is alike goes along, so that no mail follows another only because insurers' days differ. */
  alongUntil: Day;
  /** The registry with those deadlines alone that are nearly due, or go along, or of which an organisation's own event may make them so. */
  registry: Snapshot;
  /** The slugs of whom something is nearly due; null among them for the sector's own. */
  insurers: ReadonlySet<string | null>;
  /** Whether anything counts from an organisation's own event. */
  mayBeOwn: boolean;
}

/** What may be nearly due on a day, by the registry. */
export function urgentOf(registry: Snapshot, today: Day): Urgent {
  const until = lastUrgentDay(today);
  const alongUntil = isWorkingDay(today) ? lastUrgentDay(nextWorkingDay(addDays(today, 1))) : until;
  const all = [...registry.parts.values()].flatMap(({ deadlines }) => deadlines);
  const stated = all.filter((one) => one.certainty === 'stated' && one.status === 'published' && isCounted(one));
  const dated = new Set(stated.filter((one) => isBetween(countingDay(one), today, alongUntil)));
  const near = stated.filter((one) => isBetween(countingDay(one), today, until));
  // Signing binds beside a term that starts with an own event, and is done together with it.
  const counts = (one: Revision) => dated.has(one) || startsWithEvent(one) || mayBeDoneTogether(one);
  const parts = [...registry.parts].map(([slug, part]) => [slug, { ...part, deadlines: part.deadlines.filter(counts) }] as const);
  return {
    today,
    until,
    alongUntil,
    registry: { ...registry, parts: new Map(parts) },
    insurers: new Set(near.map(({ insurer }) => insurer)),
    mayBeOwn: stated.some(startsWithEvent),
  };
}

/** Whether an item is stated, due by a day, and for the organisation itself to do: what its RO does for it, the RO hears of by itself. */
export function isUrgent(item: AgendaItem, organisationId: string, { today, until }: Pick<Urgent, 'today' | 'until'>): item is OpenItem {
  const { certainty, duty } = item.deadline;
  // What is only asked again was done once; who has no agreement is only asked whether it was offered one.
  if (certainty !== 'stated' || item.askedAgain !== null || isAskedOnce(item) || !isOpen(item, today)) return false;
  const { as, organisations } = item;
  const acts = as !== 'informed' && (duty.actors.includes(as) || duty.actors.includes('provider'));
  const isOwn = organisations.some(({ id }) => id === organisationId) && dutyOwner(item, organisationId) === organisationId;
  return acts && isOwn && countingDay(item.deadline) <= until;
}

function isBetween(day: Day | null, from: Day, to: Day): boolean {
  return day !== null && day >= from && day <= to;
}

function startsWithEvent({ rule }: Revision): boolean {
  return rule.kind === 'offset' && 'event' in rule.from;
}

function lastUrgentDay(today: Day): Day {
  let day = today;
  while (addWorkingDays(addDays(day, 1), -WORKING_DAYS_BEFORE) <= today) day = addDays(day, 1);
  return day;
}
