/** The order of names as people look them up, in a language: "ENO" beside "Eno", "Één" beside "Een". */
import type { Language } from './terms.ts';

export function compareNames(a: string, b: string, language: Language): number {
  return COLLATORS[language].compare(a, b);
}

const COLLATORS = { nl: new Intl.Collator('nl'), en: new Intl.Collator('en') } as const satisfies Record<Language, Intl.Collator>;
