/** The short form; `npm run faults` kills two hundred times. */
import { expect, it } from 'vitest';
import { killAtRandom, killBeforeBody, stopAtRandom } from './kills.ts';

const TIME = 120_000;

it('loses nothing when the process is killed while it sends, and doubles at most what was under way', { timeout: TIME }, async () => {
  const { atOnce, lost, different, extra, kills, most, states } = await killAtRandom(30, 4);
  expect({ lost, different, states, atOnce }).toEqual({ lost: [], different: [], states: { sent: 30 }, atOnce: 2 });
  // With two hundred kills it is less than one each, which four of them cannot show.
  expect(extra).toBeLessThanOrEqual(2 * kills);
  expect(most).toBeLessThanOrEqual(3);
});

it('loses and doubles nothing when it is killed before a body left', { timeout: TIME }, async () => {
  expect(await killBeforeBody(60, 3)).toMatchObject({ lost: [], extra: 0, midway: 3, states: { sent: 60 } });
});

it('loses and doubles nothing when it is asked to stop', { timeout: TIME }, async () => {
  expect(await stopAtRandom(30, 3)).toMatchObject({ lost: [], extra: 0, states: { sent: 30 }, stoppedWell: 3 });
});
