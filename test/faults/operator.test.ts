import { expect, it } from 'vitest';
import { killWhileTelling } from './operator.ts';

it(
  'counts the copies of the operator’s summary that left before it was killed, and sends the same one three times at most',
  { timeout: 120_000 },
  async () => {
    expect(await killWhileTelling()).toEqual({ kills: 3, copies: 3, different: [], summaries: ['dead uncertain'] });
  },
);
