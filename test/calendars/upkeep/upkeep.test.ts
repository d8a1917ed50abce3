import { expect, it } from 'vitest';
import { checkReason, lacksOf, policyYearOn } from '../../../calendars/upkeep/upkeep.ts';
import { entry } from '../../helpers/entry.ts';

const TODAY = '2026-11-30';

// `on`: the counting day; `checked`: the day of the last check; `document`: the day of the insurer's newest document.
it.each([
  ['2027-10-01', '2026-10-01', null, null],
  ['2027-10-01', '2026-10-01', '2026-10-01', null],
  ['2027-10-01', '2026-10-01', '2026-10-02', 'document'],
  ['2027-10-01', null, null, 'long_ago'],
  ['2027-11-30', '2025-11-29', null, 'long_ago'],
  ['2027-11-30', '2025-11-30', null, null],
  ['2027-12-01', '2020-01-01', null, null],
  ['2027-01-11', '2026-08-31', null, 'soon'],
  ['2027-01-11', '2026-09-01', null, null],
  ['2027-01-12', '2026-08-31', null, null],
  ['2026-11-30', '2026-08-31', null, 'soon'],
  ['2026-11-29', null, '2026-10-02', null],
  [null, null, null, null],
  [null, '2026-10-01', '2026-10-02', 'document'],
] as const)('an entry for %s, checked on %s beside a document of %s, is to be checked: %s', (on, checked, document, reason) => {
  const dated = entry(2028, { dueOn: on, lastSafeOn: on, checkedOn: checked });
  expect(checkReason(dated, document, TODAY)).toBe(reason);
});

it('what was only projected, or withdrawn, or is of a year that has begun is not to be checked', () => {
  const due = { dueOn: '2026-12-31', lastSafeOn: '2026-12-31', checkedOn: null };
  expect(checkReason(entry(2028, due), null, TODAY)).toBe('soon');
  for (const certainty of ['expected', 'template', 'sector_rule'] as const)
    expect(checkReason(entry(2028, { ...due, certainty }), '2026-11-01', TODAY)).toBe(null);
  expect(checkReason(entry(2028, { ...due, certainty: 'sector_rule', checkedOn: '2026-01-01' }), null, TODAY)).toBe('soon');
  expect(checkReason(entry(2028, { ...due, status: 'withdrawn' }), null, TODAY)).toBe(null);
  const undated = { dueOn: null, lastSafeOn: null, checkedOn: null };
  expect(checkReason(entry(2026, undated), '2026-11-01', TODAY)).toBe(null);
  expect(checkReason(entry(2027, undated), '2026-11-01', TODAY)).toBe('document');
});

it('a policy is missing once it had to be out, on 1 April of the year before', () => {
  expect(['2026-04-01', '2026-04-02', '2026-12-31', '2027-01-01'].map(policyYearOn)).toEqual([2026, 2027, 2027, 2027]);
  const known = entry(2027);
  expect(lacksOf([known], '2026-11-30').policyOf).toBe(null);
  expect(lacksOf([known], '2027-04-02').policyOf).toBe(2028);
  const memo = { document: 'Memo van InEen', section: null, quote: 'voor 1 juli', url: null };
  const byMemo = entry(2027, { sources: [memo], basis: { kind: 'secondary_source', text: 'memo', deadlineId: null } });
  expect(lacksOf([byMemo], '2026-11-30').policyOf).toBe(2027);
});

it('tells what nobody could read in the newest year, where it contradicts itself (two terms beside each other do not), and how much is assumed', () => {
  const unread = entry(2027, { id: 'a', certainty: 'unknown', dueOn: null, lastSafeOn: null });
  const conflict = entry(2027, { id: 'b', conflict: { kind: 'readings', days: ['2026-08-31', '2026-09-01'], text: 'Twee dagen.' } });
  const terms = entry(2027, { id: 'i', conflict: { kind: 'terms', days: ['2026-08-31', '2026-09-01'], text: 'Twee termijnen.' } });
  const wanted = entry(2027, { id: 'c', certainty: 'unknown', dueOn: null, lastSafeOn: null, kind: 'requirement' });
  const older = entry(2026, { id: 'd', certainty: 'unknown', dueOn: null, lastSafeOn: null });
  const assumed = entry(2028, { id: 'e', certainty: 'template', dueOn: '2026-12-31', lastSafeOn: null });
  const expected = entry(2028, { id: 'g', certainty: 'expected', dueOn: '2027-10-01', lastSafeOn: null });
  const behind = entry(2027, { id: 'h', certainty: 'expected', dueOn: '2026-12-31', lastSafeOn: null });
  const past = entry(2027, { id: 'f', certainty: 'template', dueOn: '2026-10-01', lastSafeOn: null });
  expect(lacksOf([unread, conflict, terms, wanted, older, assumed, past, expected, behind], TODAY)).toEqual({
    policyOf: null,
    unreadable: [unread],
    conflicts: [conflict],
    assumed: 1,
    outdated: 1,
  });
});
