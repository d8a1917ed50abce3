import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { markOf, openAddresses } from '../../db/addresses.ts';

const leadingTo = (name: string, to = 0) => ({ name, mark: markOf(name), to });

/** Of few letters, so that many are crowded, and many have their mark in common. */
const name = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
const step = fc.record({ act: fc.constantFrom('set', 'get', 'delete'), name });

it('never leads to what is not there, however crowded it is', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.constantFrom(1, 4, 64), (steps, places) => {
      const addresses = openAddresses<ReturnType<typeof leadingTo>>(places);
      const model = new Map<string, object>();
      for (const [n, { act, name }] of steps.entries()) {
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
  const names = Array.from({ length: 100_000 }, () => `/feeds/${randomBytes(32).toString('base64url')}.ics`);
  const addresses = openAddresses();
  for (const name of names) addresses.set(leadingTo(name));
  expect(names.filter((name) => !addresses.get(name)).length).toBeLessThan(20);
});
