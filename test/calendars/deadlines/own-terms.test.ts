/** Six weeks after an organisation received its contract, alone and against the day of signing. */
import { describe, expect, it } from 'vitest';
import { ownSigningTerm } from '../../../calendars/deadlines/own-terms.ts';

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
