import * as fc from 'fast-check';
import { it } from 'vitest';
import { onSqlite } from '../helpers/stores.ts';
import { live, steps } from './model.ts';

onSqlite('whatever happens in whatever order', (fresh) => {
  it('breaks no promise', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (course) => live(await fresh(), course)),
      { numRuns: Number(process.env['FAULT_RUNS'] ?? 60) },
    );
  });
});
