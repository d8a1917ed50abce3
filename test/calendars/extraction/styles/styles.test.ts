import { describe, expect, it } from 'vitest';
import { FRAMES } from '../../../../calendars/extraction/kinds/conditions.ts';
import { readStyles, tally } from './styles.ts';

describe('policies in other styles', () => {
  it('propose what stands there and nothing beside it, where the grammar was made with them', () => {
    const { beside, missed } = tally(readStyles('worked-on'));
    expect({ beside, missed }).toEqual({ beside: [], missed: [] });
  });

  it('propose most of what stands there where they were put aside, and little beside it', () => {
    const { found, proposed, right, wanted } = tally(readStyles('put-aside'));
    expect(found / wanted).toBeGreaterThan(0.85);
    expect(right / proposed).toBeGreaterThan(0.85);
  });

  it.each(
    FRAMES.flatMap(({ pattern, says, saysNot }) => [
      ...says.map((sentence) => ({ sentence, pattern, isOne: true })),
      ...saysNot.map((sentence) => ({ sentence, pattern, isOne: false })),
    ]),
  )('say a condition in one way, or do not: $sentence', ({ isOne, pattern, sentence }) => {
    expect(pattern.test(sentence)).toBe(isOne);
  });
});
