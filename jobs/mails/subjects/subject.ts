/** The subject of a mail: of what it tells first the form that fits, and the names in it as long as there is room. */
import type { Language } from '../../../calendars/terms.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import { cutWords, shortNames } from './short-names.ts';

/** Mail programs show some 75; a few more are better than a subject without the insurer. */
const MOST_CHARACTERS = 90;

/** How an organisation's name, or a title, stands in a subject: in full, or shortened. */
export type ShortOf = (text: string) => string;

/** How long names and titles may be, ever shorter, where the subject does not fit with them in full. */
const MOST_OF_TEXT = [40, 28, 20, 14] as const;

/**
 * The first that fits of what `write` gives, which loses ever more: with names and titles in full, then with ever shorter ones. At most 90 characters,
 * always; of `names` those that differ in full differ when they are shortened.
 */
export function fitSubject(names: readonly string[], write: (shortOf: ShortOf) => readonly string[]): string {
  const shortened = MOST_OF_TEXT.map((most): ShortOf => {
    const short = shortNames(names, most);
    return (text) => short.get(text) ?? cutWords(text, most);
  });
  const subjects = [(text: string) => text, ...shortened].flatMap(write);
  const fitting = subjects.find(({ length }) => length <= MOST_CHARACTERS);
  return fitting ?? cutWords(subjects.toSorted((a, b) => a.length - b.length)[0]!, MOST_CHARACTERS);
}

/** Every organisation that a draft may name, and those of which its reader gets mails too: their short names differ. */
export function namesAround({
  about,
  organisation,
  otherNames,
  undone,
}: Pick<Draft, 'about' | 'organisation' | 'otherNames' | 'undone'>): string[] {
  return [organisation.name, ...otherNames, ...(about === null ? [] : [about.name]), ...undone.map((one) => one.organisation.name)];
}

/**
 * What is due with ever fewer words of its title: "zorgovereenkomst 2028… bij Noord", in English at least two, since the first is what one does. Not
 * ended by a word that only leads to another.
 */
export function cutTitle(what: string, title: string, language: Language): string[] {
  const words = title.split(' ');
  const cuts = words.keys().map((n) => words.slice(0, words.length - n));
  return [...cuts]
    .slice(1)
    .filter(({ length }) => length >= LEAST_WORDS[language])
    .map((some) => some.join(' '))
    .flatMap((cut) => (/(^| )\p{L}{1,3}$/u.test(cut) ? [] : what.replace(title, () => `${cut}…`)));
}

const LEAST_WORDS = { nl: 1, en: 2 } as const satisfies Record<Language, number>;
