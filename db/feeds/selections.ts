/** Public calendars of a choice: found, and made as those of an organisation that is nothing but the choice. */
import { selectionId, selectionName, selectionQuery, type Selection } from '../../calendars/agenda/selection.ts';
import { amsterdamYear } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import { DEFAULT_CHOICES } from '../../calendars/ics/feed-choices.ts';
import type { FeedItem } from '../../calendars/ics/feed-item.ts';
import type { Day } from '../../calendars/terms.ts';
import { plainInput, type AgendaInput } from '../organisations/agenda-input.ts';
import type { SequenceNumber } from '../organisations/numbering/sequence-numbers.ts';
import type { Snapshot } from '../registry/snapshot.ts';
import type { Store } from '../store/store.ts';
import {
  answerTo,
  EACH_TIME,
  newLink,
  openCache,
  PLAIN,
  type Answer,
  type Finding,
  type Limits,
  type Origin,
  type Wants,
} from './answering.ts';
import { newYearOf, ownTag, stateOver, type Calendar } from './calendars.ts';
import { agendaContents, capped, newYearPlace, UNCHANGED, type FeedContents, type FeedTime, type FeedView } from './contents.ts';
import { goneInsurers } from './upkeep.ts';

export interface Selections {
  /** The same as `poll` for the public feed of a choice. Throws `not_found` for an insurer that never was; one that is gone is left out. */
  pollSelection(selection: Selection, now: Date, wants?: Wants): Promise<Answer>;
  /** The entries of the public feed of a choice as it is now, by day; for who wants to see them before. Throws as `pollSelection` does. */
  selectionItems(selection: Selection, now: Date): Promise<FeedItem[]>;
}

const MB = 1024 * 1024;
/** All in bytes. Anybody can make any number of choices: these keep no organisation's calendar from its place, nor from its turn. */
const LIMITS: Limits = { links: 8 * MB, editions: 2 * MB, entries: 16 * MB, identity: 8 * MB, gzip: 24 * MB };
/** What V8 takes for a link or an edition beside its keys, about. */
const OBJECTS = 1000;

/** Opens an empty cache of such calendars, apart from all others. */
export function openSelections(origin: Origin, limits: Limits = LIMITS): Selections {
  const { readCache, store } = origin;
  const cache = openCache(origin, limits, {
    link: ({ calendar }) => OBJECTS + 4 * calendar.key.length,
    edition: () => OBJECTS,
  });
  return {
    async pollSelection(selection, now, wants = PLAIN) {
      const look = async (registry: Snapshot) => lookUp(store, registry, selection, now);
      const polled = await answerTo(cache, selectionQuery(selection), now, wants, look);
      // Never null: it is found, or the look throws.
      return polled!.answer;
    },

    async selectionItems(selection, now) {
      const registry = await readCache.refresh();
      const { contents, link } = await lookUp(store, registry, selection, now);
      return contents(link.calendar.stateIn(registry, cache.dayOf(now)).pastOn).items;
    },
  };
}

async function lookUp(store: Store, registry: Snapshot, selection: Selection, now: Date): Promise<Finding> {
  const chosen = presentIn(registry, selection, await goneFrom(store, registry));
  const year = amsterdamYear(now);
  const contents = (pastOn: Day | null) => contentsOf(registry, chosen, { year, pastOn });
  const calendar = calendarOf(chosen, year);
  return { link: newLink({ calendar, until: EACH_TIME, validity: null, source: async () => null, feedId: null }), contents };
}

/** The insurers that are gone from the registry, asked once for each state of it. */
async function goneFrom(store: Store, registry: Snapshot): Promise<readonly string[]> {
  const slugs = GONE.get(registry) ?? (await goneInsurers(store.read));
  GONE.set(registry, slugs);
  return slugs;
}

const GONE = new WeakMap<Snapshot, readonly string[]>();

/** A choice among the insurers that there are. */
interface PresentSelection {
  selection: Selection;
  /** The chosen ones that there are, and those that there were. */
  present: readonly string[];
  gone: readonly string[];
}

/** What a choice finds in the registry. `gone`: insurers that were there once. Throws `not_found` for those that never were. */
function presentIn(registry: Snapshot, selection: Selection, gone: readonly string[]): PresentSelection {
  const named = selection.insurers ?? [...registry.names.keys(), ...gone].sort();
  const others = named.filter((slug) => !registry.names.has(slug) && !gone.includes(slug));
  if (others.length > 0)
    throw new AppError('not_found', `There is no such calendar. insurer ${others.join(', ')} is no slug of an insurer.`);
  return {
    selection,
    present: named.filter((slug) => registry.names.has(slug)),
    gone: named.filter((slug) => !registry.names.has(slug)),
  };
}

/** The calendar of a choice in a year. Who is there and who is gone is part of its tag: versions alone do not tell it. */
function calendarOf({ gone, present, selection }: PresentSelection, year: number): Calendar {
  const key = selectionQuery(selection);
  return {
    key,
    own: ownTag(year, [key, ...present, '', ...gone]),
    changedAt: newYearOf(year),
    stateIn: stateOver(present),
  };
}

/** What stands in the calendar of a choice. */
function contentsOf(registry: Snapshot, chosen: PresentSelection, time: FeedTime): FeedContents {
  const { language, kinds } = chosen.selection;
  const id = selectionId(chosen.selection);
  const name = selectionName(chosen.selection, registry);
  const choices = { ...DEFAULT_CHOICES, language, kinds: kinds && [...kinds] };
  const view: FeedView = { id, choices, sequenceNumber: UNCHANGED, moved: null };
  const items = agendaContents(inputOf(chosen, id), registry, time, view);
  return capped({ name, language, isPublic: true }, items, newYearPlace(id, time.year));
}

/** An organisation that is what was chosen, and has nothing of its own. */
function inputOf({ gone, present, selection }: PresentSelection, id: string): AgendaInput {
  const { language, role, status } = selection;
  const relations = present.map((insurerSlug) => ({ insurerSlug, contractStatus: status, preferred: false }));
  const sequenceNumbers = new Map(gone.length === 0 ? [] : [['groups', numberOfGone(gone.length)] as const]);
  return { ...plainInput({ id, language, roles: [role], relations }), sequenceNumbers };
}

/** An insurer that is gone took its part in the numbers of groups along: more than that is put in its place, so that none falls. */
function numberOfGone(count: number): SequenceNumber {
  return { sequence: count * BEYOND_ANY_PART, changedAt: new Date(0) };
}

/** Of one insurer in one contract year and activity there are a few deadlines, each changed a few times. */
const BEYOND_ANY_PART = 10_000;
