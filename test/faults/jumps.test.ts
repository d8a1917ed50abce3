/** The short form; `npm run faults` goes on asking for over a minute after each jump. */
import { expect, it } from 'vitest';
import { jumpAboutInTime } from './jumps.ts';

it('lives on when its clock jumps by years, ahead and back, and does once what a day brings', { timeout: 120_000 }, async () => {
  expect(await jumpAboutInTime(0)).toMatchObject({ turns: 5, jumps: 3, unwell: 0 });
});
