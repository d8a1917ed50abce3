/** The short form; `npm run faults` has ten thousand due at once. */
import { expect, it } from 'vitest';
import { manyAtOnce } from './load.ts';

it('sends many at once while the API answers', { timeout: 120_000 }, async () => {
  const { lost, extra, states, p99, growth } = await manyAtOnce(200);
  expect({ lost, extra, states }).toEqual({ lost: [], extra: 0, states: { sent: 200 } });
  // Five times the aims: only a fault of another order fails here.
  expect(p99).toBeLessThan(5 * 250);
  expect(growth).toBeLessThan(5 * 150);
});
