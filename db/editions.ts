/** Editions of calendars: what each one is called, and its bytes once somebody wanted them. */
import { joinParts, partsLater, partsNow, type Encoding, type Part, type Sheet } from './calendar-bytes.ts';
import { tagOf, type Calendar } from './feed-calendars.ts';
import type { FeedContents } from './feed-contents.ts';
import type { Sheets } from './sheets.ts';
import type { State } from './standings.ts';

export type { Encoding, Part } from './calendar-bytes.ts';

/** What one state of a calendar is called. */
export interface EditionName {
  /** Names this content: another content has another tag. Known before its events are rendered. */
  readonly tag: string;
  /** In milliseconds, a whole second; later for every edition that follows. */
  readonly lastModified: number;
}

/** One state of a calendar. */
export interface Edition extends EditionName {
  /** The bytes in one piece, made when they are not in memory. */
  body(encoding: Encoding): Promise<Buffer>;
  /** Why this is not the newest edition: the error that kept a newer one from being made. Null as a rule. */
  readonly fault: unknown;
}

/** One state of a calendar whose bytes may be in memory. */
export interface ReadyEdition extends EditionName {
  /** The bytes, one part after the other; null when they are not in memory. */
  parts(encoding: Encoding): readonly Part[] | null;
}

/** Makes what stands in an edition. */
type Contents = () => FeedContents;

export interface Editions {
  /** Whether the bytes of a calendar in a state of the registry are in memory. */
  isMade(calendar: Calendar, state: State): boolean;
  /** The edition that was given last. It has one. `own`: the calendar's, from wherever it is at hand. */
  ready(calendar: Calendar, own: string): ReadyEdition;
  /** The same, with bytes that are made by need; without `contents` only those in memory can be had. */
  last(calendar: Calendar, contents: Contents | null): Edition;
  /** Makes the bytes of a calendar in a state of the registry. Throws when they cannot be made. */
  make(calendar: Calendar, state: State, contents: Contents): Promise<Sheet>;
}

/** Editions whose events are on these sheets. */
export function openEditions(sheets: Sheets): Editions {
  const making = new Map<string, Promise<Sheet>>();
  const find = (calendar: Calendar, state: State) =>
    (state.sheet === null ? undefined : sheets.find(state.sheet)) ?? sheets.find(tagOf(calendar.own, state));

  const make = async (calendar: Calendar, state: State, contents: Contents): Promise<Sheet> => {
    await sheets.room();
    // Another one that shows the same may have been faster.
    const made = find(calendar, state);
    if (made) return made;
    const held = contents();
    // Notices are a calendar's own.
    const name = state.sheet === null || held.notices.length > 0 ? tagOf(calendar.own, state) : state.sheet;
    if (name === state.sheet) Object.assign(calendar.standing, { made: name, unasked: 0 });
    return oneAtATime(making, name, async () => sheets.make(name, held));
  };

  return {
    isMade: (calendar, state) => find(calendar, state) !== undefined,
    ready(calendar, own) {
      const { tag, state, lastModified } = given(calendar, own);
      return {
        tag,
        lastModified,
        parts(encoding) {
          const sheet = find(calendar, state);
          return sheet ? partsNow(calendar, sheet, encoding) : null;
        },
      };
    },
    last(calendar, contents) {
      const { tag, state, lastModified } = given(calendar);
      return {
        tag,
        lastModified,
        fault: null,
        async body(encoding) {
          const sheet = find(calendar, state) ?? (contents && (await make(calendar, state, contents)));
          if (!sheet) throw new Error('the last good edition is no longer in memory');
          return joinParts(await partsLater(calendar, sheet, encoding));
        },
      };
    },
    make,
  };
}

/** Lets a calendar's last edition be the one of this state of the registry; no earlier than `floor`, in whole seconds, and later than the one before. */
export function advance(calendar: Calendar, state: State, floor = 0): void {
  const changed = Math.floor(Math.max(calendar.changedAt, state.changedAt) / 1000);
  // Two changes within one second still follow each other.
  calendar.modified = Math.max(changed, floor, calendar.modified + 1);
  calendar.state = state;
}

/** The edition that was given last, as it is now: the calendar may be renewed while this one is still being sent. */
function given(calendar: Calendar, own = calendar.own): { state: State; tag: string; lastModified: number } {
  const { state, modified } = calendar;
  if (state === null) throw new Error('the calendar has no edition yet');
  return { state, tag: tagOf(own, state), lastModified: modified * 1000 };
}

/** Those who ask for the same thing while it is being made get the same one. */
async function oneAtATime<T>(making: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const current = making.get(name) ?? make().finally(() => making.delete(name));
  making.set(name, current);
  return current;
}
