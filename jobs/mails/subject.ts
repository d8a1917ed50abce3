/** The subject of a mail: of what it tells first the form that fits. */
import type { Language } from '../../calendars/terms.ts';

/** Mail programs show some 75; a few more are better than a subject without the insurer. */
const MOST_CHARACTERS = 90;

/** What may stand beside the sentence about the first: whom it is for, and how many others there are. */
export type Wrap = (headline: string) => string;

/** The first of the headlines, which lose ever more, that fits with what stands beside it; the shortest where none does. */
export function fitSubject(headlines: readonly string[], wrap: Wrap): string {
  const subjects = headlines.map(wrap);
  return subjects.find(({ length }) => length <= MOST_CHARACTERS) ?? subjects.toSorted((a, b) => a.length - b.length)[0]!;
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
