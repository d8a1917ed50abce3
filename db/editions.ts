/** Editions of calendars in memory: what each one is called, and its bytes once somebody wanted them. */
import { renderHead, type CalendarHead } from '../calendars/feed.ts';
import { bounded } from './bounded.ts';
import { gzipEnds, type Encoding, type GzipEnds, type Sheet } from './calendar-bytes.ts';
import type { FeedContents } from './feed-contents.ts';
import { laterThan, wholeSecond } from './revisions.ts';
import type { Sheets } from './sheets.ts';

export type { Encoding } from './calendar-bytes.ts';

/** What is to be sent, one after the other. */
type Parts = readonly Buffer[];

/** One state of a calendar. */
export interface Edition {
  /** Names this content: another content has another tag. Known before a byte of it is made. */
  readonly tag: string;
  /** A whole second; later for every edition that follows. */
  readonly lastModified: Date;
  /** The same as HTTP writes it (RFC 9110, 5.6.7). */
  readonly httpDate: string;
  /** The bytes, when they are in memory or made in no time; null when `body` must be waited for. */
  parts(encoding: Encoding): Parts | null;
  /** The bytes in one piece, made at the first call and kept as long as there is room. */
  body(encoding: Encoding): Promise<Buffer>;
  /** Why this is not the newest edition: the error that kept a newer one from being made. Null as a rule. */
  readonly fault: unknown;
}

/** What an edition is made from. */
export interface Draft {
  /** Which calendar, as long as it exists. */
  key: string;
  tag: string;
  changedAt: Date;
  head: CalendarHead;
  /** Names the events, for other calendars that show the very same; null when there are none. */
  shared: string | null;
  /** What stands in it now. */
  contents: () => FeedContents;
}

export interface Editions {
  /** The edition of a draft, when it is known or made in no time; else null. Throws when it cannot be made. */
  renewNow(draft: Draft): Edition | null;
  /** The edition of a draft. When the bytes of a new one cannot be made, the last good edition, with its fault. */
  renew(draft: Draft): Promise<Edition>;
}

/** Heads are a few hundred bytes. */
const KEPT_HEADS = 20_000;

/** Opens an empty memory of so many editions. */
export function openEditions(sheets: Sheets, count: number): Editions {
  const editions = bounded<Edition>(count);
  const heads = bounded<Buffer>(KEPT_HEADS);
  const making = new Map<string, Promise<Sheet>>();

  const headOf = (head: CalendarHead): Buffer => {
    const name = `${head.language} ${head.name}`;
    const bytes = heads.get(name) ?? renderHead(head);
    heads.set(name, bytes);
    return bytes;
  };

  const edit = (draft: Draft, lastModified: Date): Edition => {
    const { key, tag, shared } = draft;
    const own = `${key}\n${tag}`;
    const nameFor = ({ notices }: FeedContents) => (shared === null || notices.length > 0 ? own : shared);
    // What differs from calendar to calendar is small, and stays with its edition.
    const made: { head?: Buffer; ends?: GzipEnds } = {};
    const find = () => (shared === null ? undefined : sheets.find(shared)) ?? sheets.find(own);
    const partsFrom = (sheet: Sheet, encoding: Encoding): Parts => {
      made.head ??= headOf(draft.head);
      if (encoding === 'identity') return [made.head, sheet.plain];
      made.ends ??= gzipEnds(made.head, sheet.plain);
      return [made.ends.start, sheet.deflated, made.ends.end];
    };
    const make = async (): Promise<Sheet> => {
      const contents = draft.contents();
      const name = nameFor(contents);
      return oneAtATime(making, name, async () => sheets.makeLater(name, contents));
    };
    return {
      tag,
      lastModified,
      httpDate: lastModified.toUTCString(),
      fault: null,
      parts(encoding) {
        const kept = find();
        if (kept) return partsFrom(kept, encoding);
        const contents = draft.contents();
        const sheet = sheets.makeNow(nameFor(contents), contents);
        return sheet && partsFrom(sheet, encoding);
      },
      body: async (encoding) => Buffer.concat(partsFrom(find() ?? (await make()), encoding)),
    };
  };
  /** Two changes within one second still follow each other. */
  const lastModifiedOf = ({ changedAt }: Draft, last: Edition | undefined) =>
    last ? laterThan(last.lastModified, changedAt) : wholeSecond(changedAt);

  return {
    renewNow(draft) {
      const last = editions.get(draft.key);
      if (!last || last.tag === draft.tag) return last ?? null;
      const edition = edit(draft, lastModifiedOf(draft, last));
      if (!edition.parts('identity')) return null;
      editions.set(draft.key, edition);
      return edition;
    },
    async renew(draft) {
      const last = editions.get(draft.key);
      if (last?.tag === draft.tag) return last;
      if (last) {
        try {
          await edit(draft, last.lastModified).body('identity');
        } catch (error) {
          return { ...last, fault: error };
        }
      }
      // Another request may have been faster.
      const raced = editions.get(draft.key);
      if (raced?.tag === draft.tag) return raced;
      const edition = edit(draft, lastModifiedOf(draft, raced));
      editions.set(draft.key, edition);
      return edition;
    },
  };
}

/** Those who ask for the same thing while it is being made get the same one. */
async function oneAtATime<T>(making: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const current = making.get(name) ?? make().finally(() => making.delete(name));
  making.set(name, current);
  return current;
}
