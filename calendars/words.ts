/** What people read, in Dutch and in English: one file per language and place, the same keys in both. What editors alone read is in Dutch. */
import { createInstance } from 'i18next';
import enAccount from './words/en/account.json' with { type: 'json' };
import enChanges from './words/en/changes.json' with { type: 'json' };
import enCommon from './words/en/common.json' with { type: 'json' };
import enFeed from './words/en/feed.json' with { type: 'json' };
import enMail from './words/en/mail.json' with { type: 'json' };
import enPage from './words/en/page.json' with { type: 'json' };
import enPeople from './words/en/people.json' with { type: 'json' };
import enRoom from './words/en/room.json' with { type: 'json' };
import nlAccount from './words/nl/account.json' with { type: 'json' };
import nlChanges from './words/nl/changes.json' with { type: 'json' };
import nlDesk from './words/nl/desk.json' with { type: 'json' };
import nlCommon from './words/nl/common.json' with { type: 'json' };
import nlEdition from './words/nl/edition.json' with { type: 'json' };
import nlFeed from './words/nl/feed.json' with { type: 'json' };
import nlMail from './words/nl/mail.json' with { type: 'json' };
import nlPage from './words/nl/page.json' with { type: 'json' };
import nlPapers from './words/nl/papers.json' with { type: 'json' };
import nlPeople from './words/nl/people.json' with { type: 'json' };
import nlRoom from './words/nl/room.json' with { type: 'json' };
import { certaintyWord } from './deadlines/certainty.ts';
import type { Deadline } from './deadlines/deadline.ts';
import type { Language } from './terms.ts';

/** A sentence by its place and name, such as `common:days_left`; values stand in for `{{name}}`, `count` also chooses the plural. */
export type Say = (key: string, values?: Record<string, string | number>) => string;

const words = createInstance();
await words.init({
  resources: {
    nl: {
      account: nlAccount,
      changes: nlChanges,
      common: nlCommon,
      desk: nlDesk,
      edition: nlEdition,
      feed: nlFeed,
      mail: nlMail,
      page: nlPage,
      papers: nlPapers,
      people: nlPeople,
      room: nlRoom,
    },
    en: {
      account: enAccount,
      changes: enChanges,
      common: enCommon,
      feed: enFeed,
      mail: enMail,
      page: enPage,
      people: enPeople,
      room: enRoom,
    },
  },
  lng: 'nl',
  fallbackLng: false,
  ns: ['account', 'changes', 'common', 'desk', 'edition', 'feed', 'mail', 'page', 'papers', 'people', 'room'],
  defaultNS: 'common',
  // What needs no word in a language, such as that the documents are Dutch, is empty.
  returnEmptyString: true,
  // Each place escapes for itself: HTML, iCalendar and mail headers differ.
  interpolation: { escapeValue: false },
  parseMissingKeyHandler: (key) => {
    throw new Error(`no words for ${key}`);
  },
});

const says = { nl: sayIn('nl'), en: sayIn('en') } as const satisfies Record<Language, Say>;

/** The words of one language. Throws for a key that has none. */
export function wordsIn(language: Language): Say {
  return says[language];
}

/** What takes no values is always the same: finding it once is enough. */
function sayIn(language: Language): Say {
  const t = words.getFixedT(language);
  const plain = new Map<string, string>();
  return (key, values) => {
    if (values !== undefined) return t(key, values);
    const text = plain.get(key) ?? t(key, {});
    plain.set(key, text);
    return text;
  };
}

/** What is due, in the reader's language: the registry's own title in Dutch, the activity's name in English, where it says what it is. */
export function titleOf(deadline: Pick<Deadline, 'title' | 'activity'>, language: Language): string {
  return hasOwnTitle(deadline, language) ? deadline.title : wordsIn(language)(`common:activity.${deadline.activity}`);
}

/** Whether the registry's own title is what readers of a language read. */
export function hasOwnTitle({ activity }: Pick<Deadline, 'activity'>, language: Language): boolean {
  return language === 'nl' || activity === 'other';
}

/** How sure a date is, in words. */
export function certaintyOf(deadline: Pick<Deadline, 'basis' | 'certainty' | 'rule' | 'sources'>, language: Language): string {
  return wordsIn(language)(`common:certainty.${certaintyWord(deadline)}`);
}

/** The same beside a day: what the insurer's own document says stands there plainly. */
export function markOf(deadline: Pick<Deadline, 'basis' | 'certainty' | 'rule' | 'sources'>, language: Language): string {
  return certaintyWord(deadline) === 'stated' ? '' : certaintyOf(deadline, language);
}

/** The label of a text; empty where the text begins with its word, as "Uitstel is niet mogelijk." does. */
export function labelFor(label: string, text: string): string {
  return text.toLowerCase().startsWith(`${label.toLowerCase()} `) ? '' : label;
}

/** "a, b en c". */
export function writeList(items: readonly string[], language: Language): string {
  return LISTS[language].format(items);
}

/** What stands between and around so many items in such a list, in order; a number is the place of an item. */
export function listParts(count: number, language: Language): (number | string)[] {
  const items = Array.from({ length: count }, (_, i) => String(i));
  return LISTS[language].formatToParts(items).map(({ type, value }) => (type === 'element' ? Number(value) : value));
}

const LISTS = {
  nl: new Intl.ListFormat('nl', { type: 'conjunction' }),
  en: new Intl.ListFormat('en', { type: 'conjunction' }),
} as const satisfies Record<Language, Intl.ListFormat>;
