/** Why an edition was published though nobody else had looked at it: as its editor typed it, or by which other door than the editors' pages it came. */
import type { Language } from '../terms.ts';
import type { Ground } from '../deadlines/wording/grounds.ts';
import { wordsIn } from '../words.ts';

/** The doors at which no editor is asked why. */
const DOORS = ['api', 'file'] as const;

/** In Dutch, as what editors type. */
export function aloneReasonOf(door: (typeof DOORS)[number], language: Language = 'nl'): string {
  return wordsIn(language)(`common:alone.${door}`);
}

/** The reason as its reader gets it. */
export function writeAloneReason(reason: string, language: Language): Ground {
  const door = DOORS.find((one) => aloneReasonOf(one) === reason);
  return door === undefined ? { ours: [], typed: reason } : { ours: [aloneReasonOf(door, language)], typed: null };
}
