/** Lists of deadlines from memory: everybody's, and one organisation's. */
import { concernOf, type AgendaItem } from '../../calendars/deadlines/concern.ts';
import { compareDeadlines, fitting, type DeadlineFilter, type Sort } from '../../calendars/deadlines/listing.ts';
import type { Day, Reader, RelationStatus, Role } from '../../calendars/terms.ts';
import { bounded, type Bounded } from '../store/lru.ts';
import { agendaOf, insurersOf } from './agenda.ts';
import { completionKey, type Household } from './agenda-facts.ts';
import { deadlinesFor, partsFor, type Registry, type RegistryPart } from '../registry/snapshot.ts';
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
export interface Page<T> {
  items: T[];
  total: number;
}

/** What a line is for everyone with the same roles and insurers. */
export type CommonItem = Pick<AgendaItem, 'deadline' | 'insurerName' | 'preferred' | 'as'>;

/** One line of an organisation's list. */
export interface ListedItem extends Pick<AgendaItem, 'organisations' | 'completion' | 'steps'> {
  common: CommonItem;
}

/** The published deadlines that fit, in order. */
export function listDeadlines(registry: Registry, question: Question): Page<Revision> {
  const { filter, sort, today } = question;
  return pageOf(sorted(registry, sort).filter(fitting(filter, today)), question);
}

/** What fits of an organisation's agenda, in its order. */
export function listAgenda(household: Household, registry: Registry, question: Question): Page<ListedItem> {
  const { filter, sort, today } = question;
  if (household.members.length === 1 && household.events.length === 0 && sort === 'dueOn')
    return listPlainly(household, registry, question);
  const fits = fitting(filter, today);
  const source = { deadlines: deadlinesFor(registry, insurersOf(household)), names: registry.names };
  const agenda = agendaOf(household, source, { sort }).filter(({ deadline }) => fits(deadline));
  return pageOf(
    agenda.map(({ organisations, completion, steps, ...common }) => ({ common, organisations, completion, steps })),
    question,
  );
}

function pageOf<T>(all: readonly T[], { page, pageSize }: Question): Page<T> {
  return { items: all.slice((page - 1) * pageSize, page * pageSize), total: all.length };
}

/** The agenda of an organisation that delivers for nobody and has no dates of its own: many have the same, and only their own notes differ. */
function listPlainly(household: Household, registry: Registry, question: Question): Page<ListedItem> {
  const { completions, steps } = household;
  const [{ id, name }] = household.members as [Household['members'][0]];
  const organisations = [{ id, name }];
  const { items, total } = pageOf(commonList(household, registry, question), question);
  return {
    total,
    items: items.map((common) => ({
      common,
      organisations,
      completion: completions.get(completionKey(id, common.deadline.id)) ?? null,
      steps: steps.get(common.deadline.id) ?? [],
    })),
  };
}

/** What is listed for all of this standing, in order. */
function commonList(household: Household, registry: Registry, { filter, today }: Question): readonly CommonItem[] {
  const known = remembered(commonLists, registry.parts, () => bounded<readonly CommonItem[]>(KEPT_ITEMS, (items) => items.length + 10));
  const { roles, dealings } = household.members[0]!;
  const name = JSON.stringify([
    roles,
    dealings.map(({ insurerSlug, contractStatus, preferred }) => [insurerSlug, contractStatus, preferred]),
    filter,
    today,
  ]);
  const kept = known.get(name);
  if (kept) return kept;
  const made = makeCommonList(household, registry, fitting(filter, today));
  known.set(name, made);
  return made;
}

function makeCommonList({ members }: Household, registry: Registry, fits: (deadline: Revision) => boolean): CommonItem[] {
  const { roles, dealings } = members[0]!;
  const places = placesIn(registry);
  const picked: { place: number; item: CommonItem }[] = [];
  const pick = (part: RegistryPart | undefined, status: RelationStatus | null, preferred: boolean) => {
    for (const { deadline, as } of part ? concerning(part, roles, status) : []) {
      if (!fits(deadline)) continue;
      const insurerName = deadline.insurer === null ? null : (registry.names.get(deadline.insurer) ?? deadline.insurer);
      const { day, rank } = places.get(deadline)!;
      // Within a day the preferred insurers come first.
      picked.push({ place: (2 * day + (preferred ? 0 : 1)) * places.size + rank, item: { deadline, insurerName, preferred, as } });
    }
  };
  for (const { insurerSlug, contractStatus, preferred } of dealings) pick(registry.parts.get(insurerSlug), contractStatus, preferred);
  for (const part of partsFor(registry, [])) pick(part, null, false);
  return picked.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

/** Lines of lists that are kept. */
const KEPT_ITEMS = 100_000;

/** What is worked out once for each state of the registry, and goes with it. */
const commonLists = new WeakMap<Registry['parts'], Bounded<readonly CommonItem[]>>();
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

function sorted({ parts }: Registry, sort: Sort): readonly Revision[] {
  const known = remembered(orders, parts, () => new Map<Sort, readonly Revision[]>());
  const all = () => [...parts.values()].flatMap(({ deadlines }) => deadlines.filter(({ status }) => status === 'published'));
  return inMap(known, sort, () => all().sort(compareDeadlines(sort)));
}

function placesIn(registry: Registry): ReadonlyMap<Revision, Place> {
  return remembered(placesOf, registry.parts, () => {
    const places = new Map<Revision, Place>();
    let [day, last]: [number, Day | null | undefined] = [-1, undefined];
    for (const [rank, deadline] of sorted(registry, 'dueOn').entries()) {
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
