/** Finds Dutch of our own in a text for who reads English: what people typed, and documents say, is taken out first. */
import { cleanLine, cleanText } from '../../calendars/clean-text.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import { conflictOf, groundOf, type Grounded } from '../../calendars/deadlines/wording/grounds.ts';
import { wordsIn } from '../../calendars/words.ts';

/** What a sentence in Dutch hardly does without, and one in English never has. */
const DUTCH =
  /(?<![\p{L}/.-])(?:aanname|bij|datum|de|deze|dit|een|en|geen|gold|het|kijk|naar|niet|nog|ook|rond|uiterlijk|van|voor|was het|zij|zijn)(?![\p{L}/-])/iu;

/** The sentences in which Dutch is left, once all that was typed is taken out. */
export function dutchLeftIn(text: string, typed: readonly string[]): string[] {
  const forms = typed.flatMap((one) => [one, cleanText(one), cleanLine(one), one.replaceAll(/\s+/g, ' ')]);
  const texts = [...new Set(forms)].filter((one) => one.length > 1).toSorted((a, b) => b.length - a.length);
  const left = texts.reduce((rest, one) => rest.replaceAll(one, '·'), text.replaceAll(/https?:\S+/g, '·'));
  return left.split(/\n|(?<=[.?!]) /).filter((sentence) => DUTCH.test(sentence));
}

/** What people typed of an entry, or read in its document. */
export function typedIn(deadline: Grounded & Pick<Deadline, 'conflict'> & Partial<Deadline>): string[] {
  const { precedent } = deadline;
  return [
    groundOf(deadline, 'en').typed,
    conflictOf(deadline, 'en').typed,
    ...stringsOf([deadline.channel, deadline.consequence?.text, deadline.extension?.text, deadline.duty?.deliverable, deadline.sources]),
    ...stringsOf(
      precedent && [
        precedent.channel,
        precedent.conflict,
        precedent.consequence,
        precedent.deliverable,
        precedent.extension,
        precedent.sources,
      ],
    ),
    // A name, and a law, are called what they are called.
    'Zorg en Zekerheid',
    'De Friesland',
    'Regeling Transparantie zorginkoopproces',
  ].filter((one) => one !== null && one !== undefined);
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsOf) : [];
}

/** That a sentence of ours would be found. */
export const PLANTED = wordsIn('nl')('common:ground.common_rhythm', { insurer: 'Zorg en Zekerheid', year: 2025 });
