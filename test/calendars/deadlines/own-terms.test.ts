/** Six weeks after an organisation received its contract, alone and against the day of signing. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkContent } from '../../../calendars/deadlines/content.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { besideAssumption, ownSigningTerm, projectOwnTerms } from '../../../calendars/deadlines/own-terms.ts';
import { contentOf, identityOf } from '../../helpers/cast.ts';

const sixWeeks = { amount: 6, unit: 'week' } as const;

describe('ownSigningTerm', () => {
  it.each([
    ['2024-10-02', '2024-11-13'],
    ['2024-11-04', '2024-12-16'],
    ['2024-11-19', '2024-12-31'],
  ])('received on %s, it ends on %s, in time for signing', (receivedOn, dueOn) => {
    expect(ownSigningTerm(receivedOn, sixWeeks, '2024-12-31')).toEqual({ dueOn, lastSafeOn: dueOn, conflict: null });
  });

  it.each([
    ['2024-11-20', '2025-01-01', '1 januari 2025'],
    ['2024-11-25', '2025-01-06', '6 januari 2025'],
    ['2024-12-02', '2025-01-13', '13 januari 2025'],
  ])('received on %s, it ends on %s, after signing: both terms are named', (receivedOn, dueOn, words) => {
    expect(ownSigningTerm(receivedOn, sixWeeks, '2024-12-31')).toEqual({
      dueOn,
      lastSafeOn: '2024-12-31',
      conflict: {
        kind: 'terms',
        days: ['2024-12-31', dueOn],
        text: `Er gelden twee termijnen. De termijn na ontvangst loopt tot en met ${words}, maar de laatste veilige dag om te ondertekenen is 31 december 2024. Houd 31 december 2024 aan.`,
      },
    });
  });

  it('stands alone where no day of signing is known', () => {
    expect(ownSigningTerm('2024-12-02', sixWeeks, null)).toEqual({ dueOn: '2025-01-13', lastSafeOn: '2025-01-13', conflict: null });
  });

  it('has no day where its length is not known', () => {
    const unknown = { dueOn: null, lastSafeOn: null, conflict: null };
    expect(ownSigningTerm('2024-12-02', { amount: null, unit: null }, '2024-12-31')).toEqual(unknown);
  });

  it('takes a whole rule of the registry, of any length', () => {
    const rule = { kind: 'offset', from: { event: 'contract_received' }, amount: 10, unit: 'working_day', direction: 'after' } as const;
    expect(ownSigningTerm('2024-12-20', rule, '2024-12-31')).toMatchObject({ dueOn: '2025-01-08', lastSafeOn: '2024-12-31' });
  });
});

describe('projectOwnTerms', () => {
  const rule = { from: { event: 'contract_received' as const }, direction: 'after' as const, ...sixWeeks, kind: 'offset' as const };
  const term = (id: string, over: Partial<Deadline> = {}): Deadline => ({
    id,
    ...identityOf({ activity: 'signing_term' }),
    ...contentOf({ rule }),
    dueOn: null,
    lastSafeOn: null,
    revision: 1,
    revisedAt: new Date('2024-04-02T10:00:00Z'),
    status: 'published',
    checkedOn: null,
    checkedBy: null,
    precedent: null,
    ...over,
  });
  const from = (contractYear: number, ...known: Deadline[]) =>
    projectOwnTerms('noord', contractYear, known).map(({ content }) => content.basis?.deadlineId);

  it('goes by the last document before, or else the first one after', () => {
    const known = [term('b', { contractYear: 2025 }), term('a', { contractYear: 2023 }), term('c', { contractYear: 2028 })];
    expect([2021, 2022, 2024, 2026, 2027, 2029, 2040].map((year) => from(year, ...known))).toEqual([
      ['a'],
      ['a'],
      ['a'],
      ['b'],
      ['b'],
      ['c'],
      ['c'],
    ]);
  });

  it('moves the years that its title names along', () => {
    const titles = (title: string) => projectOwnTerms('noord', 2028, [term('a', { title })]).map(({ content }) => content.title);
    expect(titles('Overeenkomst 2025 tekenen (beleid 2024)')).toEqual(['Overeenkomst 2028 tekenen (beleid 2027)']);
    expect(titles('Tekenen binnen zes weken')).toEqual(['Tekenen binnen zes weken']);
  });

  it('leaves alone what was entered for the year itself, whatever became of it', () => {
    for (const own of [{}, { status: 'withdrawn' as const }, { certainty: 'unknown' as const }])
      expect(from(2027, term('a'), term('own', { contractYear: 2027, ...own }))).toEqual([]);
  });

  it('takes no rule without a length, of another insurer, that was withdrawn, that is itself expected, or of no activity of its own', () => {
    const odd = [
      { rule: { ...rule, amount: null, unit: null } },
      { insurer: 'oost' },
      { status: 'withdrawn' as const },
      { certainty: 'expected' as const },
      { rule: { kind: 'fixed' as const, on: '2024-12-31' } },
      { activity: 'other' as const, key: 'stuk-aanvullen' },
    ];
    for (const over of odd) expect(from(2027, term('a', over))).toEqual([]);
  });

  it('gives each kind of care its own, with ids that never change, and nothing that contradicts itself', () => {
    const known = [term('a'), term('b', { careType: 'gp_care' })];
    const projected = projectOwnTerms('noord', 2027, known);
    expect(projected.map(({ id, careType }) => [id, careType])).toEqual([
      ['bf9cc932-7030-5f99-996e-28a40f3440bd', 'multidisciplinary_care'],
      ['af4594da-4bfe-5696-8e2b-57476666bad7', 'gp_care'],
    ]);
    for (const { content, activity } of projected) expect(checkContent(content, { activity, slot: null, key: null })).toEqual([]);
    expect(projectOwnTerms('noord', 2027, known.toReversed()).map(({ id }) => id)).toEqual(projected.map(({ id }) => id).toReversed());
  });

  it('goes by the same document as counting years does, whatever is known', () => {
    const anyYears = fc.uniqueArray(fc.integer({ min: 2018, max: 2032 }), { maxLength: 6 });
    fc.assert(
      fc.property(anyYears, fc.integer({ min: 2018, max: 2032 }), (years, wanted) => {
        const known = years.map((contractYear) => term(`${contractYear}`, { contractYear }));
        const naive = () => {
          if (years.includes(wanted)) return [];
          for (let year = wanted; year >= 2018; year--) if (years.includes(year)) return [`${year}`];
          for (let year = wanted; year <= 2032; year++) if (years.includes(year)) return [`${year}`];
          return [];
        };
        expect(from(wanted, ...known)).toEqual(naive());
      }),
    );
  });
});

describe('besideAssumption', () => {
  it('tells of a signing that is only assumed, where that is sooner than the term', () => {
    expect(besideAssumption('2027-01-01', '2026-12-31')).toBe('2026-12-31');
    for (const [dueOn, assumedOn] of [
      ['2026-12-31', '2026-12-31'],
      [null, '2026-12-31'],
      ['2027-01-01', null],
    ] as const)
      expect(besideAssumption(dueOn, assumedOn)).toBeNull();
  });
});
