/** How far the registry is for a calendar: worked out once for each state of it and for all calendars that rest on the same of it. */
import { bounded } from './bounded.ts';
import type { FeedContents } from './feed-contents.ts';
import type { Registry } from './registry.ts';
import type { RegistryState } from './versions.ts';

/** What calendars have in common that rest on the same insurers, and perhaps show the very same events. */
export interface Standing {
  /** How far the registry is for it; null when there is no such insurer. */
  readonly stateOf: (registry: Registry) => RegistryState | null;
  /** Names its events but for the registry's state, for calendars that show the very same; null when they are a calendar's own. */
  readonly showing: string | null;
  /** Makes the contents of one of these calendars, which are those of all that share a sheet; null until there is a calendar. */
  source: Source | null;
  /** The name of the sheet that was made last, and how often one was made without anybody asking for it. */
  made: string | null;
  unasked: number;
  /** Which registry was looked at last, by its counter: to hold it would keep it in memory. And what it is for this standing. */
  seen: number | null;
  state: State | null;
}

/** Reads what a calendar's contents are made from beside the registry, and gives how to make them; null when the calendar has changed since. */
export type Source = (registry: Registry) => Promise<(() => FeedContents) | null>;

/** One state of the registry as far as a standing rests on it: the same object as long as nothing of that changed. */
export interface State {
  /** What tags end with. */
  readonly at: string;
  /** When something changed last, in milliseconds. */
  readonly changedAt: number;
  /** The name of the sheet that is shared; null when there is none. */
  readonly sheet: string | null;
}

export interface Standings {
  /** The standing of this name: whoever has the same name rests on the same. */
  named(name: string, showing: string | null, stateOf: Standing['stateOf']): Standing;
  all(): Standing[];
}

/** There are about as many as there are sets of insurers that somebody deals with. */
const KEPT = 20_000;

/** Opens an empty memory of standings. */
export function openStandings(): Standings {
  const standings = bounded<Standing>(KEPT);
  return {
    named(name, showing, stateOf) {
      const known = standings.get(name);
      if (known) return known;
      const standing: Standing = { stateOf, showing, source: null, made: null, unasked: 0, seen: null, state: null };
      standings.set(name, standing);
      return standing;
    },
    all: () => standings.values(),
  };
}

/** The registry's state for a standing; null when there is nothing that it rests on. */
export function stateIn(standing: Standing, registry: Registry): State | null {
  if (standing.seen === registry.counters.registry) return standing.state;
  const found = standing.stateOf(registry);
  const last = standing.state;
  if (!found) standing.state = null;
  else {
    const [at, changedAt] = [found.version.toString(36), found.changedAt.getTime()];
    if (last?.at !== at || last.changedAt !== changedAt)
      standing.state = { at, changedAt, sheet: standing.showing === null ? null : `${standing.showing}.${at}` };
  }
  standing.seen = registry.counters.registry;
  return standing.state;
}
