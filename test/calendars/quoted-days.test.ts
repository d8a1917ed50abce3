import { describe, expect, it } from 'vitest';
import { checkQuotedDays, placesOfDate } from '../../calendars/quoted-days.ts';
import type { Content, DateRule } from '../../calendars/deadlines/deadline.ts';
import { contentOf } from '../helpers/cast.ts';

const fixed = (on: string): DateRule => ({ kind: 'fixed', on });
const YEAR = { kind: 'period', unit: 'year', year: 2025, number: null } as const;
const MONTH = { kind: 'period', unit: 'month', year: 2022, number: 7 } as const;
const QUARTER = { kind: 'period', unit: 'quarter', year: 2022, number: 1 } as const;
const RANGE = { kind: 'range', from: '2022-01-01', to: '2023-12-31' } as const;
const SIX_WEEKS = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
const SLOT = { kind: 'slot', every: 'quarter', lead: { amount: 1, unit: 'month' } } as const;

const faultsOf = (rule: DateRule, quotes: readonly string[], over: Partial<Content> = {}) =>
  checkQuotedDays(contentOf({ rule, sources: quotes.map((quote) => ({ document: 'Beleid', section: null, quote, url: null })), ...over }));

describe('a stated day', () => {
  it.each<[DateRule, string[]]>([
    [fixed('2024-05-01'), ['1 mei 2024 Uiterste datum indienen']],
    [fixed('2021-09-01'), ["Regioplan voor 1 september '21 indienen"]],
    [fixed('2022-01-01'), ['Uiterlijk per 1 jan 2022']],
    [fixed('2024-05-02'), ['Wijzigingen per 02-05-2024']],
    [fixed('2024-10-01'), ['Uiterste datum 2024 (…) 1 oktober Het jaarplan']],
    [MONTH, ['Per juli 2022 wordt van ieder RSV verwacht:']],
    [QUARTER, ['viterlijk eerste kwartaal 2022 substitutie effecten']],
    [YEAR, ['Ook in 2025 voeren wij het gesprek hierover']],
    [RANGE, ["2-jarig contract (22 en '23)"]],
    [{ ...RANGE, from: '2020-01-01', to: '2022-12-31' }, [`3 -jarige overeenkomst ("20 —'22)`]],
    [SIX_WEEKS, ['binnen zes weken na de dag van ontvangst']],
    [SLOT, ['kunnen per kwartaal starten', 'heeft een maand de tijd nodig']],
    [{ kind: 'none' }, ['De RO heeft een Wtza-vergunning.']],
  ])('stands in a quote: %j', (rule, quotes) => {
    expect(faultsOf(rule, quotes)).toEqual([]);
  });

  it.each<[DateRule, string[], string]>([
    [fixed('2024-05-15'), ['1 mei 2024 Uiterste datum'], 'they name 1 mei 2024, 2024; not 15 mei 2024'],
    [fixed('2024-10-01'), ['jaarplan 2025 indienen voor 1 oktober'], 'they name 1 oktober without a year, 2025; not 1 oktober 2024'],
    [fixed('2024-10-01'), ['jaarplan indienen'], 'they name no date; not 1 oktober 2024'],
    [fixed('2024-06-01'), ['1 juii 2024'], 'not 1 juni 2024'],
    [fixed('2024-10-01'), ['1 mei 2024 de jaarrekening (…) 1 oktober het jaarplan'], 'not 1 oktober 2024'],
    [MONTH, ['Nazjuli2022 overgaan tot selectie'], 'not month 7 of 2022'],
    [QUARTER, ['tweede kwartaal 2022'], 'they name quarter 2 of 2022, 2022; not quarter 1 of 2022'],
    [RANGE, ['contract in 2022'], 'not 1 januari 2022 to 31 december 2023'],
    [SIX_WEEKS, ['binnen vier weken'], 'they name 4 week; not 6 week'],
    [SLOT, ['kunnen per kwartaal starten'], 'not every quarter with 1 month before it'],
  ])('is refused where none does, with what they name: %j in %j', (rule, quotes, message) => {
    expect(faultsOf(rule, quotes).map(({ field }) => field)).toEqual(['rule']);
    expect(faultsOf(rule, quotes)[0]!.message).toContain(message);
  });

  it('need not where it is computed and says so, or is not stated', () => {
    const basis = { kind: 'computation', deadlineId: null, text: 'De eerste dag van het kwartaal.' } as const;
    expect(faultsOf(fixed('2024-10-01'), ['niets'], { basis })).toEqual([]);
    expect(faultsOf(fixed('2024-10-01'), ['niets'], { certainty: 'expected' })).toEqual([]);
  });

  it('has each of its two readings in a quote: a named day, or the last one before it', () => {
    const conflict = { kind: 'readings', days: ['2024-09-30', '2024-10-01'], text: 'Twee lezingen.' } as const;
    const both = { conflict: { ...conflict, days: [...conflict.days] } };
    expect(faultsOf(fixed('2024-10-01'), ['1 oktober 2024', 'voor 1 oktober 2024'], both)).toEqual([]);
    const [fault, ...others] = faultsOf(fixed('2024-10-01'), ['1 oktober 2024'], both);
    expect([fault!.field, others]).toEqual(['conflict.days', []]);
    expect(fault!.message).toContain('not 30 september 2024');
  });
});

describe('the words of a date in a quote', () => {
  const wordsOf = (rule: DateRule, quote: string, days?: string[]) =>
    placesOfDate({ rule, conflict: days ? { kind: 'readings', days, text: 'x' } : null }, quote).map(({ from, to }) =>
      quote.slice(from, to),
    );

  it.each<[DateRule, string, string[]]>([
    [fixed('2024-05-01'), 'Op 1 mei 2024, niet op 2 mei 2024,\nmaar per 01-05-2024.', ['1 mei 2024', '01-05-2024']],
    [fixed('2024-10-01'), 'Uiterste datum 2024 (…) 1  oktober Het jaarplan', ['1  oktober']],
    [fixed('2024-10-01'), 'Uitstel na 1 oktober is niet mogelijk.', []],
    [RANGE, "2-jarig contract (22 en '23)", ["22 en '23"]],
    [QUARTER, 'viterlijk eerste kwartaal 2022 substitutie', ['eerste kwartaal 2022']],
    [SIX_WEEKS, 'Dit moet binnen zes weken na ontvangst, in 2 dagen.', ['zes weken']],
    [SLOT, 'kunnen per kwartaal starten; een maand de tijd', ['per kwartaal', 'een maand']],
    [{ kind: 'none' }, 'op 1 mei 2024', []],
  ])('are those that prove it: %j in "%s"', (rule, quote, words) => {
    expect(wordsOf(rule, quote)).toEqual(words);
  });

  it('are in a conflict those of each reading', () => {
    const quote = 'Indienen voor 1 oktober 2024, volgens 6.3 uiterlijk 1 oktober 2024, en 5 mei 2024.';
    expect(wordsOf(fixed('2024-10-01'), quote, ['2024-09-30', '2024-10-01'])).toEqual(['voor 1 oktober 2024', '1 oktober 2024']);
  });
});
