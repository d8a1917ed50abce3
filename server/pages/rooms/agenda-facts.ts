/** An organisation's agenda as its pages show it: what is open, what was let pass, and what is done with. */
import { mayLackOffer, type AgendaItem } from '../../../calendars/agenda/concern.ts';
import type { Step } from '../../../calendars/agenda/step.ts';
import { isOpen } from '../../../calendars/agenda/open-duties.ts';
import { addDays } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import type { Day } from '../../../calendars/terms.ts';
import { agendaOf, insurersOf } from '../../../db/organisations/agenda.ts';
import { deadlinesFor } from '../../../db/registry/snapshot.ts';
import type { Deps } from '../../deps.ts';

/** For so many days what nobody said is done stands among what was let pass. */
const PASSED_DAYS = 60;

export interface RoomAgenda {
  /** Names of insurers, by slug. */
  names: ReadonlyMap<string, string>;
  /** All that concerns the organisation, by day. */
  items: readonly AgendaItem[];
  /** Its own dates, by day. */
  steps: readonly Step[];
}

/** All that concerns an organisation that is there. */
export async function readRoomAgenda({ cache }: Pick<Deps, 'cache'>, organisationId: string): Promise<RoomAgenda> {
  const registry = await cache.refresh();
  const input = await cache.agendaInput(organisationId);
  if (!input) return { names: registry.names, items: [], steps: [] };
  const { agendaInput } = input;
  const source = { deadlines: deadlinesFor(registry, insurersOf(agendaInput)), names: registry.names };
  return { names: registry.names, items: agendaOf(agendaInput, source), steps: agendaInput.steps };
}

/** What asks something of somebody from a day on, by day. */
export function openOf(items: readonly AgendaItem[], today: Day): AgendaItem[] {
  return items.filter((item) => isOpen(item, today));
}

/**
 * What the organisation had to do itself a short while ago, and did not say that it did. What was only assumed may not have been asked at all, nor may
 * there have been anything to sign for who knows of no offer.
 */
export function passedOf(items: readonly AgendaItem[], today: Day): AgendaItem[] {
  const since = addDays(today, -PASSED_DAYS);
  return items.filter((item) => {
    const { as, completion, deadline } = item;
    const day = countingDay(deadline);
    if (as === 'informed' || completion !== null || !isCounted(deadline) || isAssumed(deadline) || mayLackOffer(item)) return false;
    return day !== null && day < today && day >= since;
  });
}

/** What was said to be done with, the newest first. */
export function doneOf(items: readonly AgendaItem[]): AgendaItem[] {
  return items
    .filter(({ completion }) => completion !== null)
    .sort((a, b) => (a.completion!.completedOn > b.completion!.completedOn ? -1 : 1));
}

/** Whether the organisation itself says of it that it is done: not of what only another's own event dated. */
export function isOwnDuty({ deadline, organisations, uid }: AgendaItem, organisationId: string): boolean {
  return uid === deadline.id || organisations.some(({ id }) => id === organisationId);
}
