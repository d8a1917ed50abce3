import * as fc from 'fast-check';
import { it } from 'vitest';
import { onSqlite } from '../helpers/stores.ts';
import { live, steps, type Step } from './model.ts';

/** Broke a promise once: a mail that may have arrived is dropped because of one deadline, and what else was in it is planned anew at once. */
const TAKEN_ALONG: Step[] = [
  { do: 'plan' },
  { do: 'claim' },
  { do: 'mark', claim: 0 },
  { do: 'pass', hours: 0.3 },
  { do: 'claim' },
  { do: 'answer', claim: 0, with: 'accepted' },
  { do: 'move', deadline: 0, days: 1 },
  { do: 'answer', claim: 0, with: 'accepted' },
  { do: 'plan' },
];

onSqlite('whatever happens in whatever order', (fresh) => {
  it('breaks no promise', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (course) => live(await fresh(), course)),
      { numRuns: Number(process.env['FAULT_RUNS'] ?? 60), examples: [[TAKEN_ALONG]] },
    );
  });
});
