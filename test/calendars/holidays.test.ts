/** Holidays and working days, against date-holidays and against their own laws. */
import Holidays from 'date-holidays';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, weekday } from '../../calendars/days.ts';
import {
  addWorkingDays,
  holidaysOf,
  isWorkingDay,
  nextWorkingDay,
  previousWorkingDay,
  workingDaysBetween,
} from '../../calendars/holidays.ts';
import { anyDay } from './any.ts';

const YEARS = Array.from({ length: 37 }, (_, i) => 2014 + i);

describe('holidaysOf', () => {
  it('gives the nine of 2025, with the King on a Saturday because the 27th is a Sunday', () => {
    expect(holidaysOf(2025)).toEqual([
      { on: '2025-01-01', name: 'Nieuwjaarsdag' },
      { on: '2025-04-18', name: 'Goede Vrijdag' },
      { on: '2025-04-21', name: 'Tweede paasdag' },
      { on: '2025-04-26', name: 'Koningsdag' },
      { on: '2025-05-05', name: 'Bevrijdingsdag' },
      { on: '2025-05-29', name: 'Hemelvaartsdag' },
      { on: '2025-06-09', name: 'Tweede pinksterdag' },
      { on: '2025-12-25', name: 'Eerste kerstdag' },
      { on: '2025-12-26', name: 'Tweede kerstdag' },
    ]);
  });

  it('keeps two holidays that fall on one day', () => {
    expect(
      holidaysOf(2016)
        .filter(({ on }) => on === '2016-05-05')
        .map(({ name }) => name),
    ).toEqual(['Bevrijdingsdag', 'Hemelvaartsdag']);
  });

  it.each(YEARS)('agrees with date-holidays on %i', (year) => {
    // The oracle calls Good Friday and 5 May "school": it is asked by name.
    const ours: Record<string, string> = {
      Nieuwjaar: 'Nieuwjaarsdag',
      'Goede Vrijdag': 'Goede Vrijdag',
      'Tweede paasdag': 'Tweede paasdag',
      Koningsdag: 'Koningsdag',
      Bevrijdingsdag: 'Bevrijdingsdag',
      Hemelvaartsdag: 'Hemelvaartsdag',
      'Tweede pinksterdag': 'Tweede pinksterdag',
      Kerstmis: 'Eerste kerstdag',
      'Tweede kerstdag': 'Tweede kerstdag',
    };
    const theirs = new Holidays('NL').getHolidays(year).flatMap(({ date, name }) => {
      const known = ours[name];
      return known === undefined ? [] : [`${date.slice(0, 10)} ${known}`];
    });
    expect(theirs).toHaveLength(9);
    expect(
      holidaysOf(year)
        .map(({ on, name }) => `${on} ${name}`)
        .sort(),
    ).toEqual(theirs.sort());
  });
});

describe('working days', () => {
  it.each([
    ['a Saturday', '2024-08-31', '2024-08-30', '2024-09-02'],
    ['Easter Monday', '2024-04-01', '2024-03-28', '2024-04-02'],
    ['a Sunday', '2024-06-30', '2024-06-28', '2024-07-01'],
    ['the day after Christmas', '2024-12-26', '2024-12-24', '2024-12-27'],
    ["New Year's Day", '2025-01-01', '2024-12-31', '2025-01-02'],
    ['the Saturday of a quarterly start', '2025-03-01', '2025-02-28', '2025-03-03'],
    ['5 May', '2025-05-05', '2025-05-02', '2025-05-06'],
    ["King's Day after Easter", '2038-04-27', '2038-04-22', '2038-04-28'],
    ['a working day', '2024-10-01', '2024-10-01', '2024-10-01'],
  ])('around %s', (_, day, previous, next) => {
    expect([previousWorkingDay(day), nextWorkingDay(day)]).toEqual([previous, next]);
  });

  it('goes to the nearest working day, over holidays and weekends only, in either direction', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const [previous, next] = [previousWorkingDay(day), nextWorkingDay(day)];
        expect([isWorkingDay(previous), isWorkingDay(next)]).toEqual([true, true]);
        expect(previous <= day && day <= next).toBe(true);
        // The longest row of days off is five: Good Friday to Easter Monday, and King's Day after it in 2038.
        expect(daysBetween(previous, next)).toBeLessThanOrEqual(6);
        for (let between = addDays(previous, 1); between < next; between = addDays(between, 1)) expect(isWorkingDay(between)).toBe(false);
      }),
    );
  });

  it('knows a working day as a weekday that the oracle knows as none of the nine', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const off = holidaysOf(Number(day.slice(0, 4))).some(({ on }) => on === day);
        expect(isWorkingDay(day)).toBe(weekday(day) < 6 && !off);
      }),
    );
  });

  it.each([
    ['2024-03-28', 1, '2024-04-02'],
    ['2024-04-02', -1, '2024-03-28'],
    ['2024-08-31', 1, '2024-09-02'],
    ['2024-08-31', -1, '2024-08-30'],
    ['2024-08-31', 0, '2024-08-31'],
    ['2024-12-23', 5, '2025-01-02'],
    ['2025-01-02', -5, '2024-12-23'],
  ])('%s and %i working days is %s', (day, n, expected) => {
    expect(addWorkingDays(day, n)).toBe(expected);
  });

  it('refuses half a working day', () => {
    expect(() => addWorkingDays('2024-08-30', 0.5)).toThrow(RangeError);
  });

  it.each([
    ['2024-03-28', '2024-04-02', 1],
    ['2024-04-02', '2024-03-28', -1],
    ['2024-08-30', '2024-09-01', 0],
    ['2024-12-23', '2025-01-02', 5],
  ])('from %s to %s it is %i working days', (from, to, expected) => {
    expect(workingDaysBetween(from, to)).toBe(expected);
  });

  it('counts what it added', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -60, max: 60 }), (day, n) => {
        const reached = addWorkingDays(day, n);
        expect(workingDaysBetween(day, reached)).toBe(n);
        if (n !== 0) expect(isWorkingDay(reached)).toBe(true);
        if (isWorkingDay(day)) expect(addWorkingDays(reached, -n)).toBe(day);
      }),
    );
  });
});
