/** Editions of calendars in memory: what each one is called, and its bytes once somebody wanted them. */
import { bounded } from './bounded.ts';
import { partsLater, partsNow, type Encoding, type Sheet } from './calendar-bytes.ts';
import type { FeedContents } from './feed-contents.ts';
import { laterThan, wholeSecond } from './revisions.ts';
import type { Sheets } from './sheets.ts';

export type { Encoding } from './calendar-bytes.ts';

/** One state of a calendar. */
export interface Edition {
  /** Names this content: another content has another tag. Known before a byte of it is made. */
  readonly tag: string;
  /** A whole second; later for every edition that follows. */
  readonly lastModified: Date;
  /** The same as HTTP writes it (RFC 9110, 5.6.7). */
  readonly httpDate: string;
  /** The bytes, one part after the other, when they are in memory or made in no time; null when `body` must be waited for. */
  parts(encoding: Encoding): readonly Buffer[] | null;
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
  /** What stands before its events. */
  head: () => Buffer;
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

/** Opens an empty memory of so many editions. */
export function openEditions(sheets: Sheets, count: number): Editions {
  const editions = bounded<Edition>(count);
  const making = new Map<string, Promise<Sheet>>();

  const find = (draft: Draft) => (draft.shared === null ? undefined : sheets.find(draft.shared)) ?? sheets.find(ownName(draft));
  const makeNow = (draft: Draft) => {
    const contents = draft.contents();
    return sheets.makeNow(nameFor(draft, contents), contents);
  };
  const makeLater = async (draft: Draft) => {
    await sheets.room();
    // Another one that shows the same may have been faster.
    const made = find(draft);
    if (made) return made;
    const contents = draft.contents();
    const name = nameFor(draft, contents);
    return oneAtATime(making, name, async () => sheets.makeLater(name, contents));
  };
  const edit = (draft: Draft, lastModified: Date): Edition => ({
    tag: draft.tag,
    lastModified,
    httpDate: httpDateOf(lastModified),
    fault: null,
    parts(encoding) {
      const sheet = find(draft) ?? makeNow(draft);
      return sheet && partsNow(draft.head(), sheet, encoding);
    },
    body: async (encoding) => Buffer.concat(await partsLater(draft.head(), find(draft) ?? (await makeLater(draft)), encoding)),
  });
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

/** Where the sheet of a draft is kept: notices are a calendar's own. */
const nameFor = (draft: Draft, { notices }: FeedContents) => (draft.shared === null || notices.length > 0 ? ownName(draft) : draft.shared);

const ownName = ({ key, tag }: Pick<Draft, 'key' | 'tag'>) => `${key}\n${tag}`;

/** After a change most calendars have the same moment: it is written out once. */
let written = { at: NaN, text: '' };

function httpDateOf(moment: Date): string {
  const at = moment.getTime();
  if (at !== written.at) written = { at, text: moment.toUTCString() };
  return written.text;
}

/** Those who ask for the same thing while it is being made get the same one. */
async function oneAtATime<T>(making: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const current = making.get(name) ?? make().finally(() => making.delete(name));
  making.set(name, current);
  return current;
}
