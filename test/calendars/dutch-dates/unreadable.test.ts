import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../calendars/days.ts';
import { dayOf, namedIn } from '../../../calendars/dutch-dates.ts';
import { SUSPECTS, suspectsIn, unreadableIn } from '../../../calendars/dutch-dates/unreadable.ts';

const CASES = SUSPECTS.flatMap((suspect) => suspect.examples.map(([text, broken]) => ({ text, broken, suspect })));
const wordsOf = (text: string) => unreadableIn(text).map(({ from, to }) => text.slice(from, to));

describe('a date that cannot be read', () => {
  it.each(CASES)('is found by its pattern: $text', ({ text, broken, suspect }) => {
    const legible = namedIn(text).filter(({ named }) => named.kind === 'day' && named.year !== null);
    const places = suspectsIn(text, suspect).filter(({ from, to }) => !legible.some((day) => day.from < to && from < day.to));
    expect(places.map(({ from, to }) => text.slice(from, to))).toEqual(broken);
  });

  it('is reported once, in its place, beside one that can', () => {
    expect(wordsOf('Voor 3l augustus 2024, uiterlijk 1 oktober 2024 of Najuli2022.')).toEqual(['3l augustus 2024', 'Najuli2022']);
  });

  const dutch = new Intl.DateTimeFormat('nl-NL', { dateStyle: 'long', timeZone: 'UTC' });
  const anyDay = fc.integer({ min: 0, max: 36_500 }).map((n) => addDays('2000-01-01', n));

  it('is never one that the platform writes', () => {
    fc.assert(
      fc.property(anyDay, (on) => {
        expect(wordsOf(`uiterlijk ${dutch.format(new Date(`${on}T12:00:00Z`))} indienen`)).toEqual([]);
      }),
      { seed: 20241001, numRuns: 500 },
    );
  });

  it('is one of which a digit became a letter: no other day is named for it', () => {
    fc.assert(
      fc.property(anyDay, fc.nat(), (on, at) => {
        const written = dutch.format(new Date(`${on}T12:00:00Z`));
        const digits = [...written.matchAll(/\d/g)].map(({ index }) => index).filter((i) => !(i === written.length - 4));
        const i = digits[at % digits.length]!;
        const broken = `${written.slice(0, i)}${'OlZESGSTBq'[Number(written[i])]}${written.slice(i + 1)}`;
        const days = namedIn(`uiterlijk ${broken} indienen`).flatMap(({ named }) => (named.kind === 'day' ? [dayOf(named)] : []));
        expect(days.filter((day) => day !== null)).toEqual([]);
      }),
      { seed: 20241001, numRuns: 500 },
    );
  });
});
