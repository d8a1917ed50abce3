/** Random days for property tests. */
import * as fc from 'fast-check';
import { addDays } from '../../calendars/days.ts';

/** Any day from 2014 to 2050. */
export const anyDay = fc.integer({ min: 0, max: 13_513 }).map((n) => addDays('2014-01-01', n));
