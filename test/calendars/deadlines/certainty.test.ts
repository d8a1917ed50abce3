/** What each certainty means, beside each other: what nobody stated is never shown as stated. */
import { describe, expect, it } from 'vitest';
import { certaintyWord, isProjected, proofFor } from '../../../calendars/deadlines/certainty.ts';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import { projectTimeline } from '../../../calendars/deadlines/projection.ts';
import { CERTAINTIES, type Certainty } from '../../../calendars/terms.ts';

describe('a stated day', () => {
  it('is called computed where it is counted from that of another deadline, and stated where its length or its start is not ours', () => {
    const rule = { kind: 'offset', from: { activity: 'annual_plan' }, amount: 15, unit: 'working_day', direction: 'after' } as const;
    const wordOf = (over: Partial<Content['rule'] & { kind: 'offset' }> = {}) =>
      certaintyWord({ certainty: 'stated', basis: null, rule: { ...rule, ...over }, sources: [] });
    expect([wordOf(), wordOf({ amount: null, unit: null }), wordOf({ from: { event: 'contract_received' } })]).toEqual([
      'computed',
      'stated',
      'stated',
    ]);
  });
});

describe('a rule of the NZa', () => {
  it('is called so, and that nobody saw what took its place where its basis says so, in whatever words', () => {
    const wordOf = (certainty: Certainty, beside: { successorSeen?: boolean }, text = 'Regel van de NZa.') =>
      certaintyWord({ certainty, basis: { kind: 'sector_rule', deadlineId: null, text, ...beside }, rule: { kind: 'none' }, sources: [] });
    expect(wordOf('sector_rule', {})).toBe('sector_rule');
    expect(wordOf('sector_rule', { successorSeen: true })).toBe('sector_rule');
    expect(wordOf('sector_rule', {}, 'Of de opvolger niet ingezien is, doet er niet toe.')).toBe('sector_rule');
    expect(wordOf('sector_rule', { successorSeen: false })).toBe('rule_unseen');
    expect(wordOf('expected', { successorSeen: false })).toBe('expected');
    // What the program makes is of that kind.
    const insurer = { slug: 'noord', kind: 'health_insurer' } as const;
    const made = projectTimeline({ insurer, contractYear: 2027, earlier: [] });
    expect(made.filter(({ content }) => content.certainty === 'sector_rule').map(({ content }) => certaintyWord(content))).toEqual([
      'rule_unseen',
    ]);
  });
});

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
