import { expect, it } from 'vitest';
import { whenWords } from '../../../../server/pages/desk/rule-words.ts';

const span = { kind: 'range', from: '2027-01-01', to: '2028-12-31' } as const;
const after = { kind: 'offset', amount: 6, unit: 'week', direction: 'after', from: { event: 'contract_received' } } as const;
const day = { kind: 'fixed', on: '2027-10-01' } as const;

it('an entry is on its day; between two days, or within a term, it is so, and without either it has no day', () => {
  const none = { boundary: null, dueOn: null, lastSafeOn: null } as const;
  expect(whenWords({ kind: 'deadline', rule: day, boundary: 'before', dueOn: '2027-10-01', lastSafeOn: '2027-09-30' })).toBe(
    '30 september 2027',
  );
  expect(whenWords({ kind: 'term', rule: span, ...none, dueOn: span.to })).toBe('van 1 januari 2027 tot en met 31 december 2028');
  expect(whenWords({ kind: 'window', rule: span, ...none, dueOn: span.to })).toBe('van 1 januari 2027 tot en met 31 december 2028');
  expect(whenWords({ kind: 'deadline', rule: after, ...none })).toBe('6 weken na: ontvangst van de overeenkomst');
  expect(whenWords({ kind: 'commitment', rule: { kind: 'none' }, ...none })).toBe('geen dag');
});
