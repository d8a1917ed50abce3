import { expect, it } from 'vitest';
import { isYearless, readDay } from '../../calendars/typed-day.ts';

it.each([
  ['2026-11-04', '2026-11-04'],
  [' 4-11-2026 ', '2026-11-04'],
  ['04/11/2026', '2026-11-04'],
  ['4.11.2026', '2026-11-04'],
  ['4 november 2026', '2026-11-04'],
  ['29-2-2027', null],
  ['31 februari 2026', null],
  ['4 november', null],
  ['op 4 november 2026', null],
  ['4-11-26', null],
  ['2026-13-01', null],
  ['', null],
])('reads "%s" as %s', (text, day) => {
  expect(readDay(text)).toBe(day);
});

it('knows a day of which only the year is missing', () => {
  const texts = ['4 november', ' 29 februari ', '32 november', '4 november 2026', 'op 4 november', ''];
  expect(texts.map(isYearless)).toEqual([true, true, false, false, false, false]);
});
