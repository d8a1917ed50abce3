/** The names of insurers in one line. */
import { compareNames } from '../../../calendars/collation.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';

/** Names as people look them up, "ENO" beside "Eno", in one line: "a.s.r., CZ en VGZ". The whole sector has no name: null. */
export function writeInsurers(names: readonly (string | null)[], language: Language): string {
  const sector = wordsIn(language)('common:sector');
  const sorted = [...new Set(names)].map((name) => name ?? sector).sort((a, b) => compareNames(a, b, language));
  return writeList(sorted, language);
}
