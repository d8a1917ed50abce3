import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, findIn, namedIn, PATTERNS } from '../../calendars/dutch-dates.ts';
import { addDays } from '../../calendars/days.ts';

const CASES = PATTERNS.flatMap((pattern) => pattern.examples.map(([text, named]) => ({ text, named, pattern })));

describe('what a text names', () => {
  it.each(CASES)('is found by its pattern: $text', ({ text, named, pattern }) => {
    expect(findIn(text, pattern).map((place) => place.named)).toEqual(named);
  });

  it('is shown by two examples of each pattern, one of which finds something', () => {
    for (const { examples } of PATTERNS) {
      expect(examples.length).toBeGreaterThanOrEqual(2);
      expect(examples.some(([, named]) => named.length > 0)).toBe(true);
    }
  });

  const days = (text: string) => namedIn(text).flatMap(({ named }) => (named.kind === 'day' ? [dayOf(named)] : []));
  const anyDay = fc.integer({ min: 0, max: 36_500 }).map((n) => addDays('2000-01-01', n));
  const dutch = new Intl.DateTimeFormat('nl-NL', { dateStyle: 'long', timeZone: 'UTC' });
  const digits = new Intl.DateTimeFormat('nl-NL', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' });

  it('is the day that the platform writes in Dutch, in letters and in digits, whatever stands around it', () => {
    const around = fc.constantFrom('', 'uiterlijk ', 'Per ', 'voor ', '(', '“');
    fc.assert(
      fc.property(anyDay, around, fc.boolean(), (on, before, inLetters) => {
        const written = (inLetters ? dutch : digits).format(new Date(`${on}T12:00:00Z`));
        expect(days(`${before}${written} het jaarplan 2025.`)).toEqual([on]);
      }),
      { seed: 20241001, numRuns: 500 },
    );
  });

  it('is never another day when a letter of it is misread: the same one, or none', () => {
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0l'.split(''));
    fc.assert(
      fc.property(anyDay, fc.nat(), letters, (on, at, letter) => {
        const written = dutch.format(new Date(`${on}T12:00:00Z`));
        const [from, to] = [written.indexOf(' ') + 1, written.lastIndexOf(' ')];
        const i = from + (at % (to - from));
        // Nobody sees that "juli" was to be "juni".
        fc.pre(!(written.slice(from, to).startsWith('ju') && 'ln'.includes(letter)));
        expect([[on], []]).toContainEqual(days(`${written.slice(0, i)}${letter}${written.slice(i + 1)}`).filter((day) => day !== null));
      }),
      { seed: 20241001, numRuns: 2000 },
    );
  });

  it('is nothing in words without a digit, but for amounts and intervals', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcdej muiprtvz.,-(…)'.split('')) }), (text) => {
        expect(namedIn(text).filter(({ named: { kind } }) => kind !== 'amount' && kind !== 'interval')).toEqual([]);
      }),
      { seed: 20241001 },
    );
  });
});
