/** What each piece of news is: the table, written down from what each word means and not from the code. */
import { describe, expect, it } from 'vitest';
import { isWorthTelling, newsKind, type NewsKind, type Told } from '../../../calendars/agenda/news.ts';
import type { Certainty, Day } from '../../../calendars/terms.ts';

const [OCT_1, OCT_8] = ['2027-10-01', '2027-10-08'];

/** A fixed day. Of what is assumed no day is safe. */
function on(certainty: Certainty, day: Day | null, dueOn = day): Told {
  return {
    certainty,
    rule: day === null ? { kind: 'none' } : { kind: 'fixed', on: day },
    dueOn,
    lastSafeOn: certainty === 'template' ? null : day,
  };
}

/** A term after receipt that has no day yet. */
function term(certainty: Certainty, amount: number | null): Told {
  const from = { event: 'contract_received' as const };
  const unit = amount === null ? null : ('week' as const);
  return { certainty, rule: { kind: 'offset', from, amount, unit, direction: 'after' }, dueOn: null, lastSafeOn: null };
}

describe('a piece of news', () => {
  it.each<[string, Told | null, Told | null, NewsKind]>([
    ['an entry that the reader did not have', null, on('stated', OCT_1), 'new'],
    ['one without a day that the reader did not have', null, on('unknown', null), 'new'],
    ['an assumption of that very day', on('template', OCT_1), on('stated', OCT_1), 'confirmed'],
    ['an expected day that is stated as it was', on('expected', OCT_1), on('stated', OCT_1), 'confirmed'],
    ['the sector’s rule that the insurer keeps', on('sector_rule', OCT_1), on('stated', OCT_1), 'confirmed'],
    ['an expected term that is stated', term('expected', 6), term('stated', 6), 'confirmed'],
    ['an expected day of which another is named and the same counts', on('expected', OCT_1), on('stated', OCT_1, OCT_8), 'confirmed'],
    ['no day until now', on('unknown', null), on('stated', OCT_1), 'dated'],
    ['an assumption of another day', on('template', OCT_1), on('stated', OCT_8), 'dated'],
    ['no amount of weeks until now', term('unknown', null), term('stated', 6), 'dated'],
    ['another stated day', on('stated', OCT_1), on('stated', OCT_8), 'moved'],
    ['an earlier one', on('stated', OCT_8), on('stated', OCT_1), 'moved'],
    ['another day than was expected', on('expected', OCT_1), on('stated', OCT_8), 'moved'],
    ['another day than the sector’s rule', on('sector_rule', OCT_1), on('stated', OCT_8), 'moved'],
    ['an assumption of another day, still an assumption', on('template', OCT_1), on('template', OCT_8), 'moved'],
    ['no day, and now an expected one: nobody states it', on('unknown', null), on('expected', OCT_1), 'moved'],
    ['a day that is taken back', on('stated', OCT_1), on('unknown', null), 'moved'],
    ['another term', term('stated', 6), term('stated', 4), 'moved'],
    ['the same stated day', on('stated', OCT_1), on('stated', OCT_1), 'changed'],
    ['another named day, the same that counts', on('stated', OCT_1), on('stated', OCT_1, OCT_8), 'changed'],
    ['the same day, less sure', on('stated', OCT_1), on('expected', OCT_1), 'changed'],
    ['still no day', on('unknown', null), on('unknown', null), 'changed'],
    ['still no day, of what is stated', on('unknown', null), on('stated', null), 'changed'],
    ['the same term', term('stated', 6), term('stated', 6), 'changed'],
    ['an entry that the reader has no more', on('stated', OCT_1), null, 'gone'],
    ['an assumption that the reader has no more', on('template', OCT_1), null, 'gone'],
  ])('is, of %s', (_, before, after, kind) => {
    expect(newsKind(before, after)).toBe(kind);
  });

  it.each([
    ['a day to come', ['2024-06-01', '2024-12-31'], true],
    ['a day 31 days back', ['2024-05-03'], true],
    ['a day 32 days back', ['2024-05-02'], false],
    ['both long back', ['2024-01-01', '2024-02-01'], false],
    ['one that comes from long back', ['2024-01-01', '2024-06-02'], true],
    ['one that moves to long back', ['2024-10-01', '2024-01-01'], true],
    ['long back, and no day now', ['2024-01-01', null], false],
    ['no day, and one long back now', [null, '2024-01-01'], false],
    ['no day at all', [null, null], true],
  ])('is told within 31 days of one of its days: %s', (_, days, isTold) => {
    expect(isWorthTelling(days, '2024-06-03')).toBe(isTold);
  });
});
