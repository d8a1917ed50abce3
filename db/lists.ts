/** Lists of deadlines from memory: everybody's, and one organisation's. */
import { concernOf, type AgendaItem } from '../calendars/concern.ts';
import { compareDeadlines, fitting, type DeadlineFilter, type Sort } from '../calendars/listing.ts';
import type { Day, Reader, RelationStatus, Role } from '../calendars/terms.ts';
import { agendaOf, insurersOf } from './agenda.ts';
import { completionKey, type Household } from './households.ts';
import { deadlinesFor, partsFor, type Registry, type RegistryPart } from './registry.ts';
import type { Revision } from './revisions.ts';

/** What is asked of a list. `today` (in Amsterdam) counts when `withinDays` stands alone. */
export interface Question {
  filter: DeadlineFilter;
  sort?: Sort;
  today: Day;
}

/** One line of an organisation's list. */
export type ListedItem = Pick<AgendaItem, 'deadline' | 'insurerName' | 'preferred' | 'as' | 'organisations' | 'completion' | 'steps'>;

/** The published deadlines that fit, in order. */
export function listDeadlines(registry: Registry, { filter, sort, today }: Question): Revision[] {
  return sorted(registry, sort).filter(fitting(filter, today));
}

/** What fits of an organisation's agenda, in its order. */
export function listAgenda(household: Household, registry: Registry, { filter, sort, today }: Question): ListedItem[] {
  const fits = fitting(filter, today);
  if (household.members.length === 1 && household.events.length === 0 && (sort ?? 'dueOn') === 'dueOn')
    return listPlainly(household, registry, fits);
  const source = { deadlines: deadlinesFor(registry, insurersOf(household)), names: registry.names };
  return agendaOf(household, source, sort ? { sort } : {}).filter(({ deadline }) => fits(deadline));
}

/** The agenda of an organisation that delivers for nobody and has no dates of its own: what concerns it is known by insurer, and only put together. */
function listPlainly(household: Household, registry: Registry, fits: (deadline: Revision) => boolean): ListedItem[] {
  const { members, relations, completions, steps } = household;
  const [{ id, name, roles }] = members as [Household['members'][0]];
  const organisations = [{ id, name }];
  const places = placesIn(registry);
  const picked: { place: number; item: ListedItem }[] = [];
  const pick = (part: RegistryPart | undefined, status: RelationStatus | null, preferred: boolean) => {
    for (const { deadline, as } of part ? concerning(part, roles, status) : []) {
      if (!fits(deadline)) continue;
      const insurerName = deadline.insurer === null ? null : (registry.names.get(deadline.insurer) ?? deadline.insurer);
      const notes = { completion: completions.get(completionKey(id, deadline.id)) ?? null, steps: steps.get(deadline.id) ?? [] };
      const { day, rank } = places.get(deadline)!;
      // Within a day the preferred insurers come first.
      picked.push({
        place: (2 * day + (preferred ? 0 : 1)) * places.size + rank,
        item: { deadline, insurerName, preferred, as, organisations, ...notes },
      });
    }
  };
  for (const { insurerSlug, contractStatus, preferred } of relations) pick(registry.parts.get(insurerSlug), contractStatus, preferred);
  for (const part of partsFor(registry, [])) pick(part, null, false);
  return picked.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

/** What is worked out once for each state of the registry, and goes with it. */
const orders = new WeakMap<Registry['parts'], Map<Sort, readonly Revision[]>>();
const placesOf = new WeakMap<Registry['parts'], ReadonlyMap<Revision, Place>>();
const concerns = new WeakMap<RegistryPart, Map<string, readonly Concern[]>>();

/** Where a deadline stands among all: the how manieth day, and the how manieth deadline. */
interface Place {
  day: number;
  rank: number;
}

interface Concern {
  deadline: Revision;
  as: Reader;
}

function sorted({ parts }: Registry, sort: Sort = 'dueOn'): readonly Revision[] {
  const known = remembered(orders, parts, () => new Map<Sort, readonly Revision[]>());
  const all = () => [...parts.values()].flatMap(({ deadlines }) => deadlines.filter(({ status }) => status === 'published'));
  return inMap(known, sort, () => all().sort(compareDeadlines(sort)));
}

function placesIn(registry: Registry): ReadonlyMap<Revision, Place> {
  return remembered(placesOf, registry.parts, () => {
    const places = new Map<Revision, Place>();
    let [day, last]: [number, Day | null | undefined] = [-1, undefined];
    for (const [rank, deadline] of sorted(registry).entries()) {
      if (deadline.dueOn !== last) [day, last] = [day + 1, deadline.dueOn];
      places.set(deadline, { day, rank });
    }
    return places;
  });
}

/** What of an insurer's published deadlines, or of the sector's, concerns who has these roles, and as whom. */
function concerning(part: RegistryPart, roles: readonly Role[], status: RelationStatus | null): readonly Concern[] {
  const known = remembered(concerns, part, () => new Map<string, readonly Concern[]>());
  return inMap(known, `${status} ${roles.join()}`, () =>
    part.deadlines.flatMap((deadline) => {
      const relations = new Map(deadline.insurer === null || status === null ? [] : [[deadline.insurer, status]]);
      const as = deadline.status === 'published' ? concernOf(deadline, { roles, relations }) : null;
      return as === null ? [] : [{ deadline, as }];
    }),
  );
}

function remembered<K extends object, V>(memory: WeakMap<K, V>, key: K, make: () => V): V {
  const known = memory.get(key) ?? make();
  memory.set(key, known);
  return known;
}

function inMap<K, V>(memory: Map<K, V>, key: K, make: () => V): V {
  const known = memory.get(key) ?? make();
  memory.set(key, known);
  return known;
}
