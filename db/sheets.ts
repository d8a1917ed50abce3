/** Rendered events in memory: each event once, and whole sheets of them, which calendars share that show the same. */
import { setImmediate } from 'node:timers/promises';
import { joinEvents, renderEvent, renderNotice, type FeedItem } from '../calendars/feed.ts';
import type { Language } from '../calendars/terms.ts';
import { bounded } from './bounded.ts';
import type { Sheet } from './calendar-bytes.ts';
import type { FeedContents } from './feed-contents.ts';
import { onceATurn } from './turn.ts';

export interface Sheets {
  find(name: string): Sheet | undefined;
  /** Whether it is still in memory, which does not count as using it. */
  has(name: string): boolean;
  /** Waits for a turn of the event loop in which not too many sheets were made yet. */
  room(): Promise<void>;
  /** Makes a sheet while others are answered. Throws when an event cannot be rendered. */
  make(name: string, contents: FeedContents): Promise<Sheet>;
  /** Renders an event ahead of need. Says whether it was not there yet. */
  render(item: FeedItem, language: Language): boolean;
}

/** How many events are rendered, and how many sheets made, between two looks at who else is waiting. */
const AT_ONCE = { events: 10, sheets: 2 };

/** Opens an empty memory of events and sheets, each with its limit in bytes. */
export function openSheets(limits: { events: number; sheets: number }): Sheets {
  const events = bounded<Buffer>(limits.events, (bytes) => bytes.length);
  // Deflated it is about a quarter as long again.
  const sheets = bounded<Sheet>(limits.sheets, ({ plain }) => plain.length * 1.25);

  const thisTurn = onceATurn(() => ({ made: 0 }));
  const eventOf = (item: FeedItem, language: Language): { bytes: Buffer; isNew: boolean } => {
    const key = eventKey(item, language);
    const known = events.get(key);
    if (known) return { bytes: known, isNew: false };
    const bytes = renderEvent(item, language);
    events.set(key, bytes);
    return { bytes, isNew: true };
  };
  return {
    find: (name) => sheets.get(name),
    has: (name) => sheets.has(name),
    async room() {
      while (thisTurn.get().made >= AT_ONCE.sheets) await setImmediate();
      thisTurn.get().made += 1;
    },
    async make(name, { items, notices, head }) {
      const joined = notices.map(renderNotice);
      let rendered = 0;
      for (const item of items) {
        const { bytes, isNew } = eventOf(item, head.language);
        joined.push(bytes);
        if (isNew && ++rendered % AT_ONCE.events === 0) await setImmediate();
      }
      const sheet: Sheet = { plain: joinEvents(joined), packed: null };
      sheets.set(name, sheet);
      return sheet;
    },
    render: (item, language) => eventOf(item, language).isNew,
  };
}

/** All that an event's bytes depend on: the deadline's own words change with its sequence. */
function eventKey(item: FeedItem, language: Language): string {
  const { uid, sequence, changedAt, deadline, insurerName, as, others, completedOn, alarms } = item;
  // Names last, the free text at the very end: nothing can be taken for something else.
  const whose = others.length === 0 ? '' : JSON.stringify(others);
  return `${uid} ${sequence} ${changedAt.getTime()} ${deadline.revision} ${language} ${as} ${completedOn} ${alarms.join()} ${whose} ${insurerName}`;
}
