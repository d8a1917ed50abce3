/** Day arithmetic, and the border between days and moments. */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  addWeeks,
  amsterdamDay,
  amsterdamMoment,
  amsterdamYear,
  daysBetween,
  earliest,
  isDay,
  weekday,
  writeDay,
  yearOf,
} from '../../calendars/days.ts';
import { anyDay } from './any.ts';

describe('isDay', () => {
  it.each(['2024-02-29', '2000-02-29', '1900-01-01', '2200-12-31', '2024-12-31'])('knows %s', (text) => {
    expect(isDay(text)).toBe(true);
  });

  it.each([
    '2024-02-30',
    '2023-02-29',
    '2100-02-29',
    '2024-04-31',
    '2024-00-10',
    '2024-13-01',
    '2024-01-00',
    '2024-01-32',
    '1899-12-31',
    '2201-01-01',
    '2024-1-1',
    '20240101',
    '2024-01-01T00:00',
    '2024-01-01\n',
    ' 2024-01-01',
    '+002024-01-01',
    '٢٠٢٤-01-01',
    '01-01-2024',
    '',
  ])('refuses %j', (text) => {
    expect(isDay(text)).toBe(false);
  });

  it('holds for every day that is reached by counting', () => {
    fc.assert(fc.property(anyDay, (day) => isDay(day)));
  });
});

describe('counting days', () => {
  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2023-02-28', 1, '2023-03-01'],
    ['2024-12-31', 1, '2025-01-01'],
    ['2025-01-01', -1, '2024-12-31'],
    ['2024-03-31', 1, '2024-04-01'],
    ['2024-10-27', 1, '2024-10-28'],
  ])('%s and %i days is %s', (day, n, expected) => {
    expect(addDays(day, n)).toBe(expected);
  });

  it.each([0.5, NaN, Infinity])('is not done with %s', (n) => {
    expect(() => addDays('2024-09-16', n)).toThrow(RangeError);
    expect(() => addWeeks('2024-09-16', n)).toThrow(RangeError);
  });

  it.each([
    ['2024-01-31', 1, '2024-02-29'],
    ['2023-01-31', 1, '2023-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2025-03-31', -1, '2025-02-28'],
    ['2025-01-01', -1, '2024-12-01'],
    ['2024-08-31', 1, '2024-09-30'],
  ])('%s and %i months is %s', (day, n, expected) => {
    expect(addMonths(day, n)).toBe(expected);
  });

  it('counts there and back', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -5000, max: 5000 }), (day, n) => {
        expect(addDays(addDays(day, n), -n)).toBe(day);
        expect(daysBetween(day, addDays(day, n))).toBe(n);
        expect(addWeeks(day, n)).toBe(addDays(day, 7 * n));
      }),
    );
  });

  it('comes back from months to the same day, or to the clamped one', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -240, max: 240 }), (day, n) => {
        const there = addMonths(day, n);
        const back = addMonths(there, -n);
        expect(back.slice(0, 7)).toBe(day.slice(0, 7));
        expect(back.slice(8)).toBe(there.slice(8));
        expect(Number(there.slice(8))).toBeLessThanOrEqual(Number(day.slice(8)));
        if (Number(day.slice(8)) <= 28) expect(back).toBe(day);
      }),
    );
  });

  it.each([
    ['2024-04-01', 1],
    ['2024-08-31', 6],
    ['2024-06-30', 7],
    ['2025-08-31', 7],
    ['2026-11-01', 7],
    ['2027-05-01', 6],
    ['2023-04-01', 6],
    ['2023-10-01', 7],
    ['2023-12-31', 7],
    ['2026-04-01', 3],
    ['2026-05-01', 5],
    ['2026-08-31', 1],
    ['2026-09-30', 3],
    ['2026-12-31', 4],
  ])('%s is day %i of its week', (day, expected) => {
    expect(weekday(day)).toBe(expected);
  });

  it('tells the year of a day, and the earliest of those that are known', () => {
    expect(yearOf('2024-12-31')).toBe(2024);
    expect(earliest(['2024-10-01', null, '2024-09-30', '2025-01-01'])).toBe('2024-09-30');
    expect(earliest([null, null])).toBe(null);
    expect(earliest([])).toBe(null);
  });

  it('writes a day in both languages', () => {
    expect(writeDay('2024-10-01', 'nl')).toBe('1 oktober 2024');
    expect(writeDay('2024-10-01', 'en')).toBe('1 October 2024');
  });

  it('writes every day of a leap year as Intl does', () => {
    const form = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
    const formats = { nl: new Intl.DateTimeFormat('nl-NL', form), en: new Intl.DateTimeFormat('en-GB', form) };
    const days = Array.from({ length: 366 }, (_, i) => addDays('2024-01-01', i));
    for (const language of ['nl', 'en'] as const)
      expect(days.map((day) => writeDay(day, language))).toEqual(days.map((day) => formats[language].format(new Date(day))));
  });

  it.each(['2024-02-30', '2024-10-01T00:00:00Z', '20241001', ''])('throws on %j rather than guess', (text) => {
    expect(() => addDays(text, 1)).toThrow(RangeError);
  });
});

describe('the clock of Amsterdam', () => {
  it.each([
    ['2024-12-31T22:59:59Z', '2024-12-31', 2024],
    ['2024-12-31T23:00:00Z', '2025-01-01', 2025],
    ['2024-07-01T21:59:59Z', '2024-07-01', 2024],
    ['2024-07-01T22:00:00Z', '2024-07-02', 2024],
    ['2024-03-30T22:59:59Z', '2024-03-30', 2024],
    ['2024-03-30T23:00:00Z', '2024-03-31', 2024],
    ['2024-03-31T22:00:00Z', '2024-04-01', 2024],
    ['2024-10-26T22:00:00Z', '2024-10-27', 2024],
    ['2024-10-27T22:59:59Z', '2024-10-27', 2024],
    ['2024-10-27T23:00:00Z', '2024-10-28', 2024],
  ])('at %s it is %s there', (moment, day, year) => {
    expect(amsterdamDay(new Date(moment))).toBe(day);
    expect(amsterdamYear(new Date(moment))).toBe(year);
  });

  it.each([
    ['winter', '2024-01-15', '07:30', '2024-01-15T06:30:00.000Z'],
    ['summer', '2024-09-16', '07:30', '2024-09-16T05:30:00.000Z'],
    ['before the jump in spring', '2024-03-31', '01:59', '2024-03-31T00:59:00.000Z'],
    ['in the hour that is skipped', '2024-03-31', '02:30', '2024-03-31T01:30:00.000Z'],
    ['after the jump in spring', '2024-03-31', '03:00', '2024-03-31T01:00:00.000Z'],
    ['in the hour that comes twice', '2024-10-27', '02:30', '2024-10-27T00:30:00.000Z'],
    ['after the hour that comes twice', '2024-10-27', '03:00', '2024-10-27T02:00:00.000Z'],
    ['midnight at year end', '2025-01-01', '00:00', '2024-12-31T23:00:00.000Z'],
  ])('knows the moment: %s', (_, day, time, expected) => {
    expect(amsterdamMoment(day, time).toISOString()).toBe(expected);
  });

  it.each(['24:00', '7:30', '07:60', '0730', '07:30:00', ''])('refuses %j as a time', (time) => {
    expect(() => amsterdamMoment('2024-01-15', time)).toThrow(RangeError);
  });

  it('stays on the day, whatever the time', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 1439 }), (day, minute) => {
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        expect(amsterdamDay(amsterdamMoment(day, time))).toBe(day);
      }),
    );
  });
});

describe("the machine's own time zone", () => {
  const ask = `
    import * as days from '${new URL('../../calendars/days.ts', import.meta.url).href}';
    import { holidaysOf } from '${new URL('../../calendars/holidays.ts', import.meta.url).href}';
    const moments = ['2024-12-31T23:00:00Z', '2024-03-31T00:59:00Z', '2024-10-27T00:30:00Z', '2024-07-01T12:00:00Z'].map((m) => new Date(m));
    console.log(JSON.stringify([
      moments.map(days.amsterdamDay), moments.map(days.amsterdamYear),
      ['2024-03-31', '2024-10-27', '2025-01-01'].map((day) => days.amsterdamMoment(day, '02:30')),
      ['2024-03-31', '2024-10-27', '2024-12-31'].map((day) => [days.addDays(day, 1), days.addMonths(day, 2), days.writeDay(day, 'nl')]),
      days.daysBetween('2024-03-01', '2024-11-01'), days.weekday('2024-10-27'), holidaysOf(2025),
    ]), new Date(2024, 0, 1).getTimezoneOffset());`;
  const answerIn = (zone: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', ask], { env: { ...process.env, TZ: zone }, encoding: 'utf8' }).trim();

  it('changes no answer', () => {
    const zones = { 'Europe/Amsterdam': -60, 'America/Los_Angeles': 480, 'Pacific/Kiritimati': -840, UTC: 0 };
    const answers = Object.entries(zones).map(([zone, offset]) => {
      const answer = answerIn(zone);
      // The child itself says which zone it ran in: else this test could not fail.
      expect(answer.endsWith(` ${offset}`)).toBe(true);
      return answer.slice(0, answer.lastIndexOf(' '));
    });
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('["2025-01-01","2024-03-31","2024-10-27","2024-07-01"]');
  });
});
