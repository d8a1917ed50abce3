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
  /** Makes a sheet when that takes a millisecond or two, or gives null. Throws when an event cannot be rendered. */
  makeNow(name: string, contents: FeedContents): Sheet | null;
  /** Waits for a turn of the event loop in which not too many sheets were made yet. */
  room(): Promise<void>;
  /** Makes a sheet of any size while others are answered. */
  makeLater(name: string, contents: FeedContents): Promise<Sheet>;
  /** Renders an event ahead of need. Says whether it was not there yet. */
  render(item: FeedItem, language: Language): boolean;
}

/** How many events may be rendered, and how many joined, before anybody notices; and how many sheets made in one turn of the event loop. */
const QUICK = { rendered: 10, joined: 300, sheets: 5 };
/** How many are rendered between two looks at who else is waiting. */
const AT_ONCE = 20;

/** Opens an empty memory of events and sheets, each with its limit in bytes. */
export function openSheets(limits: { events: number; sheets: number }): Sheets {
  const events = bounded<Buffer>(limits.events, (bytes) => bytes.length);
  // Deflated it is about a quarter as long again.
  const sheets = bounded<Sheet>(limits.sheets, ({ plain }) => plain.length * 1.25);

  const thisTurn = onceATurn(() => ({ made: 0 }));
  const renderAs = (key: string, item: FeedItem, language: Language): Buffer => {
    const bytes = renderEvent(item, language);
    events.set(key, bytes);
    return bytes;
  };
  const eventOf = (item: FeedItem, language: Language): Buffer => {
    const key = eventKey(item, language);
    return events.get(key) ?? renderAs(key, item, language);
  };
  const keep = (name: string, plain: Buffer) => {
    const sheet: Sheet = { plain, packed: null };
    sheets.set(name, sheet);
    return sheet;
  };

  return {
    find: (name) => sheets.get(name),
    makeNow(name, contents) {
      const { items, notices } = contents;
      const { language } = contents.head;
      // After a change many are asked for at once: who comes later waits, and the rest of the world does not.
      if (items.length > QUICK.joined || thisTurn.get().made >= QUICK.sheets) return null;
      const known = items.map((item) => {
        const key = eventKey(item, language);
        return { item, key, bytes: events.get(key) };
      });
      if (known.filter(({ bytes }) => !bytes).length > QUICK.rendered) return null;
      thisTurn.get().made += 1;
      const rendered = known.map(({ item, key, bytes }) => bytes ?? renderAs(key, item, language));
      return keep(name, join(notices, rendered));
    },
    async room() {
      while (thisTurn.get().made >= QUICK.sheets) await setImmediate();
      thisTurn.get().made += 1;
    },
    async makeLater(name, contents) {
      const { items, notices } = contents;
      const rendered: Buffer[] = [];
      for (const [i, item] of items.entries()) {
        rendered.push(eventOf(item, contents.head.language));
        if (i % AT_ONCE === AT_ONCE - 1) await setImmediate();
      }
      return keep(name, join(notices, rendered));
    },
    render(item, language) {
      const missing = !events.get(eventKey(item, language));
      eventOf(item, language);
      return missing;
    },
  };
}

const join = (notices: FeedContents['notices'], rendered: readonly Buffer[]) => joinEvents([...notices.map(renderNotice), ...rendered]);

/** All that an event's bytes depend on: the deadline's own words change with its sequence. */
function eventKey(item: FeedItem, language: Language): string {
  const { uid, sequence, changedAt, deadline, insurerName, as, others, completedOn, alarms } = item;
  // Names last, the free text at the very end: nothing can be taken for something else.
  const whose = others.length === 0 ? '' : JSON.stringify(others);
  return `${uid} ${sequence} ${changedAt.getTime()} ${deadline.revision} ${language} ${as} ${completedOn} ${alarms.join()} ${whose} ${insurerName}`;
}
