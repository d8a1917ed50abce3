import { expect, it } from 'vitest';
import { itemOn } from './items.ts';
import { liveYears } from './years.ts';

// A leap day, both clock changes, Easter and two ends of a year; `npm run faults` lives from 2026 to 2036.
it('reminds on every day when another calendar says so, and never after the deadline', () => {
  const { days, sent, wrong, afterDeadline } = liveYears('2027-12-01', '2029-01-31', itemOn);
  expect([days, wrong, afterDeadline]).toEqual([428, [], 0]);
  expect(sent).toBeGreaterThan(1000);
});
