/** The names of insurers in one line. */
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';

/** Names as people look them up, "ENO" beside "Eno", in one line: "a.s.r., CZ en VGZ". The whole sector has no name: null. */
export function writeInsurers(names: readonly (string | null)[], language: Language): string {
  const sector = wordsIn(language)('common:sector');
  const sorted = [...new Set(names)].map((name) => name ?? sector).sort((a, b) => compareNames(a, b, language));
  return writeList(sorted, language);
}

/** The order of names in a language. */
export function compareNames(a: string, b: string, language: Language): number {
  return COLLATORS[language].compare(a, b);
}

const COLLATORS = { nl: new Intl.Collator('nl'), en: new Intl.Collator('en') } as const satisfies Record<Language, Intl.Collator>;
