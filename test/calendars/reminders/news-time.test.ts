/** When news leaves: moments pinned by the calendar, written down from the rule and not from the code. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, amsterdamDay } from '../../../calendars/days.ts';
import { isWorkingDay } from '../../../calendars/holidays.ts';
import { newsTime } from '../../../calendars/reminders/news-time.ts';

const HOUR = '07:30';
/** Far from any day, or without one. */
const FAR = ['2029-01-01', null];

describe('news leaves', () => {
  it.each([
    ['ten minutes later, on a Monday morning', '2024-06-03T10:00:00+02:00', '2024-06-03T10:10:00+02:00'],
    ['at 07:00, when those minutes end at that very moment', '2024-06-03T06:50:00+02:00', '2024-06-03T07:00:00+02:00'],
    ['with the mail of the day, when they end a second before', '2024-06-03T06:49:59+02:00', '2024-06-03T07:30:00+02:00'],
    ['at 19:00, when they end at that very moment', '2024-06-03T18:50:00+02:00', '2024-06-03T19:00:00+02:00'],
    ['the next morning, when they end a second after', '2024-06-03T18:50:01+02:00', '2024-06-04T07:30:00+02:00'],
    ['on Monday, when it is Friday 18:55', '2024-06-07T18:55:00+02:00', '2024-06-10T07:30:00+02:00'],
    ['on Friday, when it is Friday 18:45', '2024-06-07T18:45:00+02:00', '2024-06-07T18:55:00+02:00'],
    ['on Monday, when it is Saturday noon', '2024-06-08T12:00:00+02:00', '2024-06-10T07:30:00+02:00'],
    ['on Monday, when Sunday has just ended', '2024-06-09T23:55:00+02:00', '2024-06-10T07:30:00+02:00'],
    ['after Christmas, when it is the evening before', '2024-12-24T18:55:00+01:00', '2024-12-27T07:30:00+01:00'],
    ['after Christmas, when it is Boxing Day', '2024-12-26T11:00:00+01:00', '2024-12-27T07:30:00+01:00'],
    ['on 2 January, when it is New Year’s Eve', '2024-12-31T20:00:00+01:00', '2025-01-02T07:30:00+01:00'],
    ['after Easter, when it is Maundy Thursday', '2025-04-17T19:00:00+02:00', '2025-04-22T07:30:00+02:00'],
    ['by the new clocks, when they go ahead that weekend', '2025-03-28T20:00:00+01:00', '2025-03-31T07:30:00+02:00'],
    ['by the new clocks, when they go back that weekend', '2024-10-25T20:00:00+02:00', '2024-10-28T07:30:00+01:00'],
    ['after the ten minutes in the hour that comes twice', '2024-10-27T02:55:00+02:00', '2024-10-28T07:30:00+01:00'],
  ])('%s', (_, changedAt, dueAt) => {
    const changed = new Date(changedAt);
    expect(newsTime(changed, FAR, HOUR)).toEqual({ readyAt: new Date(changed.getTime() + 600_000), dueAt: new Date(dueAt) });
  });

  it.each([
    ['later the same evening', '19:30', '2024-06-07T18:55:00+02:00', '2024-06-07T19:30:00+02:00'],
    ['at the very moment at which the minutes end', '19:05', '2024-06-07T18:55:00+02:00', '2024-06-07T19:05:00+02:00'],
    ['on Monday, when today’s has passed', '19:04', '2024-06-07T18:55:00+02:00', '2024-06-10T19:04:00+02:00'],
    ['tomorrow, when it was an hour before work begins', '05:00', '2024-06-03T05:50:00+02:00', '2024-06-04T05:00:00+02:00'],
  ])('outside of working hours at its reader’s hour: %s', (_, hour, changedAt, dueAt) => {
    expect(newsTime(new Date(changedAt), FAR, hour).dueAt).toEqual(new Date(dueAt));
  });

  it.each([
    ['today', '2024-06-08', true],
    ['three days ahead', '2024-06-11', true],
    ['four days ahead', '2024-06-12', false],
    ['yesterday', '2024-06-07', false],
  ])('on a Saturday night after ten minutes where a day is near, before or after: %s', (_, day, isSoon) => {
    const changedAt = new Date('2024-06-08T23:00:00+02:00');
    const dueAt = new Date(isSoon ? '2024-06-08T23:10:00+02:00' : '2024-06-10T07:30:00+02:00');
    for (const days of [[day], [day, null], [null, day], [day, '2029-01-01'], ['2029-01-01', day]])
      expect(newsTime(changedAt, days, HOUR).dueAt).toEqual(dueAt);
  });

  it.each(['2024-06-08', '2024-06-12'])('over midnight by both days: the ending one and three days after the new one: %s', (day) => {
    const changedAt = new Date('2024-06-08T23:55:00+02:00');
    expect(newsTime(changedAt, [day], HOUR).dueAt).toEqual(new Date('2024-06-09T00:05:00+02:00'));
  });

  it('never before its ten minutes are over, and at the latest on the first working day after', () => {
    const moments = fc.date({ min: new Date('2024-01-01T00:00Z'), max: new Date('2034-01-01T00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 23 }), (changedAt, hour) => {
        const { dueAt, readyAt } = newsTime(changedAt, [], `${String(hour).padStart(2, '0')}:00`);
        expect(dueAt.getTime()).toBeGreaterThanOrEqual(readyAt.getTime());
        expect(readyAt.getTime() - changedAt.getTime()).toBe(600_000);
        const day = amsterdamDay(dueAt);
        expect(isWorkingDay(day)).toBe(true);
        let workingDays = 0;
        for (let one = addDays(amsterdamDay(readyAt), 1); one < day; one = addDays(one, 1)) if (isWorkingDay(one)) workingDays += 1;
        expect(workingDays).toBe(0);
      }),
    );
  });
});
