/** What pages say that the source names, of every entry of the real registry: nothing that its quotes do not say. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Deadline } from '../../../../calendars/deadlines/deadline.ts';
import { resolveDays } from '../../../../calendars/deadlines/rules.ts';
import { placesOfDate } from '../../../../calendars/quoted-days.ts';
import { LANGUAGES, type Language } from '../../../../calendars/terms.ts';
import { namedDay } from '../../../../server/pages/parts/entry-groups.ts';
import { readRegistry } from '../../../../seeds/reader.ts';
import { contentOf, identityOf } from '../../../helpers/cast.ts';

const { deadlines } = await readRegistry(join(import.meta.dirname, '../../../../seeds/registry'));

/** Each revision that has a day, as a page has it. */
const dated = deadlines.flatMap(({ activity, contractYear, insurer, revisions, slot }) =>
  revisions.flatMap(({ content }): Deadline[] => {
    const days = resolveDays(content.rule, content.boundary, { contractYear, slot, conflict: content.conflict, dayOf: () => null });
    return days.dueOn === null ? [] : [deadlineOf({ ...content, ...days, activity, contractYear, insurer, slot })];
  }),
);

function deadlineOf(over: Partial<Deadline>): Deadline {
  const stored = { id: 'one', revision: 1, revisedAt: new Date(0), status: 'published', checkedOn: null, checkedBy: null } as const;
  return { ...contentOf(), ...identityOf(), ...stored, dueOn: null, lastSafeOn: null, precedent: null, ...over };
}

const named = (rule: Deadline['rule'], boundary: Deadline['boundary'], language: Language = 'nl') => {
  const days = resolveDays(rule, boundary, { contractYear: 2025, slot: null, dayOf: () => null });
  return namedDay(deadlineOf({ rule, boundary, ...days }), language);
};

it.each(LANGUAGES)('a day that the source is said to name stands in one of its quotes (%s)', (language) => {
  const said = dated.filter((one) => namedDay(one, language) !== '');
  expect(said.length).toBeGreaterThan(3);
  const isQuoted = ({ dueOn, sources }: Deadline) => {
    const date = { rule: { kind: 'fixed', on: dueOn! }, conflict: null } as const;
    return sources.some(({ quote }) => quote !== null && placesOfDate(date, quote).length > 0);
  };
  const unquoted = said.filter((one) => /\d \w+ 20\d\d/.test(namedDay(one, language)) && !isQuoted(one));
  expect(unquoted.map((one) => [one.insurer, one.activity, namedDay(one, language)])).toEqual([]);
});

it('a period is named by its name, and what is reckoned from a range or a quarter is not named', () => {
  expect(named({ kind: 'period', unit: 'month', year: 2022, number: 7 }, 'per')).toBe('In de bron staat: juli 2022.');
  expect(named({ kind: 'period', unit: 'month', year: 2022, number: 7 }, 'before')).toBe('In de bron staat: vóór juli 2022.');
  expect(named({ kind: 'period', unit: 'year', year: 2023, number: null }, 'per')).toBe('In de bron staat: 2023.');
  expect(named({ kind: 'period', unit: 'quarter', year: 2022, number: 1 }, 'per', 'en')).toBe('The source says: quarter 1 of 2022.');
  expect(named({ kind: 'range', from: '2022-01-01', to: '2023-12-31' }, 'per')).toBe('');
  expect(named({ kind: 'fixed', on: '2024-10-01' }, 'before')).toBe('In de bron staat: vóór 1 oktober 2024.');
});
