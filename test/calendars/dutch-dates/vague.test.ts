import { describe, expect, it } from 'vitest';
import { findVague, VAGUE, vagueIn } from '../../../calendars/dutch-dates/vague.ts';

const CASES = VAGUE.flatMap((pattern) => pattern.examples.map(([text, words]) => ({ text, words, pattern })));
const wordsOf = (text: string, places: readonly { from: number; to: number }[]) => places.map(({ from, to }) => text.slice(from, to));

describe('what says about when', () => {
  it.each(CASES)('is found by its pattern: $text', ({ text, words, pattern }) => {
    expect(wordsOf(text, findVague(text, pattern))).toEqual(words);
  });

  it('is shown by two examples of each pattern, one of which finds nothing', () => {
    for (const { examples } of VAGUE) expect(examples.map(([, words]) => words.length > 0)).toEqual([true, false]);
  });

  it('is named once, by the most of it that stands there', () => {
    const text = 'In de loop van het tweede kwartaal 2026, medio mei.';
    expect(wordsOf(text, vagueIn(text))).toEqual(['In de loop van het tweede kwartaal 2026', 'medio mei']);
  });

  it('is no day that is printed', () => {
    expect(vagueIn('uiterlijk 1 oktober 2026, voor het einde van het tweede kwartaal 2026, eind oktober 2026')).toEqual([]);
  });
});
