/** The short form; `npm run faults` kills two hundred times. */
import { expect, it } from 'vitest';
import { killAtRandom, killBeforeBody, stopAtRandom } from './kills.ts';

const TIME = 120_000;

it('loses nothing when the process is killed while it sends, and doubles at most one mail a kill', { timeout: TIME }, async () => {
  const { lost, different, extra, kills, most, states } = await killAtRandom(30, 4);
  expect({ lost, different, states }).toEqual({ lost: [], different: [], states: { sent: 30 } });
  expect(extra).toBeLessThanOrEqual(kills);
  expect(most).toBeLessThanOrEqual(3);
});

it('loses and doubles nothing when it is killed before a body left', { timeout: TIME }, async () => {
  expect(await killBeforeBody(30, 3)).toMatchObject({ lost: [], extra: 0, states: { sent: 30 } });
});

it('loses and doubles nothing when it is asked to stop', { timeout: TIME }, async () => {
  expect(await stopAtRandom(30, 3)).toMatchObject({ lost: [], extra: 0, states: { sent: 30 }, stoppedWell: 3 });
});
