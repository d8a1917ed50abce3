/** What each certainty means, beside each other: what nobody stated is never shown as stated. */
import { describe, expect, it } from 'vitest';
import { isProjected, proofFor } from '../../../calendars/deadlines/certainty.ts';
import { CERTAINTIES } from '../../../calendars/terms.ts';

describe('a certainty', () => {
  it('says whether the day is projected, and what has to prove it', () => {
    expect(CERTAINTIES.map((certainty) => [certainty, isProjected({ certainty }), proofFor(certainty)])).toEqual([
      ['stated', false, 'quote'],
      ['sector_rule', false, 'basis'],
      ['expected', true, 'basis'],
      ['template', true, 'basis'],
      ['unknown', false, null],
    ]);
  });
});
