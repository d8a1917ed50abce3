import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { hashOf, openAddresses } from '../../db/addresses.ts';

const leadingTo = (name: string, to = 0) => ({ name, hash: hashOf(name), used: false, to });

/** Of few letters, so that many are crowded, and many have their hash in common. */
const names = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
const steps = fc.array(fc.record({ act: fc.constantFrom('set', 'get', 'delete'), name: names }), { maxLength: 200 });

const linksOf = (count: number) => Array.from({ length: count }, () => `/feeds/${randomBytes(32).toString('base64url')}.ics`);

it('never leads to what is not there, however crowded it is', () => {
  fc.assert(
    fc.property(steps, fc.constantFrom(1, 4, 64), (taken, places) => {
      const addresses = openAddresses<ReturnType<typeof leadingTo>>(places);
      const model = new Map<string, object>();
      for (const [n, { act, name }] of taken.entries()) {
        if (act === 'set') {
          const value = leadingTo(name, n);
          addresses.set(value);
          model.set(name, value);
          expect(addresses.get(name)).toBe(value);
        } else if (act === 'delete') {
          addresses.delete(name);
          model.delete(name);
        }
        expect([undefined, model.get(name)]).toContain(addresses.get(name));
      }
    }),
    { numRuns: 1000 },
  );
});

it('keeps very many links, hardly one of which is in the way of another', () => {
  const addresses = openAddresses();
  const lost = (links: readonly string[]) => links.filter((name) => !addresses.get(name)).length;
  const [some, more] = [linksOf(100_000), linksOf(100_000)];
  for (const name of some) addresses.set(leadingTo(name));
  expect(lost(some)).toBeLessThan(20);
  for (const name of more) addresses.set(leadingTo(name));
  expect(lost([...some, ...more])).toBeLessThan(1000);
});

it('keeps as a rule what is asked for again and again, when there is more than it can hold', () => {
  const addresses = openAddresses(4096);
  const live = linksOf(400);
  let missed = 0;
  const ask = (name: string) => {
    if (addresses.get(name)) return;
    missed += 1;
    addresses.set(leadingTo(name));
    addresses.get(name);
  };
  for (let round = 0; round < 100; round += 1) {
    live.forEach(ask);
    linksOf(400).forEach(ask);
  }
  const missedLive = missed - 400 * 100;
  // Chance alone would let go of a tenth in each round.
  expect(missedLive - live.length).toBeLessThan(0.05 * 400 * 100);
});
