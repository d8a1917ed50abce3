/** What is done together: the two days of one agreement, and nothing else. */
import { expect, it } from 'vitest';
import { actKey, doneTogetherWith, type Act } from '../../../calendars/agenda/done-together.ts';

const act = (id: string, over: Partial<Act> = {}): Act => ({
  id,
  activity: 'signing',
  careType: 'general',
  contractYear: 2027,
  insurer: 'noord',
  ...over,
});
const term = (id: string, over: Partial<Act> = {}) => act(id, { activity: 'signing_term', ...over });
const together = (deadline: Act, all: readonly Act[]) => doneTogetherWith(deadline, [deadline, ...all]).map(({ id }) => id);

it('is the term with the day to sign of the same insurer and contract year, both ways', () => {
  const others = [
    term('other year', { contractYear: 2028 }),
    term('other insurer', { insurer: 'zuid' }),
    act('request', { activity: 'contract_request' }),
    act('twin'),
  ];
  expect(together(act('signing'), [term('term'), ...others])).toEqual(['term']);
  expect(together(term('term'), [act('signing'), ...others.slice(0, 3)])).toEqual(['signing']);
});

it('is of the same kind of care, and of any where there is no other', () => {
  const [gp, multi] = ['gp_care', 'multidisciplinary_care'] as const;
  const all = [act('gp', { careType: gp }), act('multi', { careType: multi }), term('multi term', { careType: multi })];
  expect(doneTogetherWith(all[0]!, all)).toEqual([]);
  expect(doneTogetherWith(all[1]!, all)).toEqual([all[2]]);
  expect(doneTogetherWith(all[2]!, all)).toEqual([all[1]]);
  expect(together(act('gp', { careType: gp }), [term('general')])).toEqual(['general']);
});

it('is never anything of another activity, nor of the whole sector', () => {
  expect(together(act('plan', { activity: 'annual_plan' }), [act('plan 2', { activity: 'annual_plan' }), term('term')])).toEqual([]);
  expect(together(act('sector', { insurer: null }), [term('term', { insurer: null })])).toEqual([]);
});

it('gives acts about one agreement the same key', () => {
  expect(actKey(act('signing'))).toBe(actKey(term('term')));
  expect(actKey(act('signing'))).not.toBe(actKey(act('later', { contractYear: 2028 })));
  expect(actKey(act('plan', { activity: 'annual_plan' }))).toBe('plan');
});
