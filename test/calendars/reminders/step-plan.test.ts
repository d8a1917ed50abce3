import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../../calendars/agenda/step.ts';
import { addDays } from '../../../calendars/days.ts';
import { isWorkingDay } from '../../../calendars/holidays.ts';
import { planSteps, stepRemindOn, type StepPlanInput, type StoredStep } from '../../../calendars/reminders/step-plan.ts';

const LONG_AGO = new Date('2024-01-02T09:00:00Z');
const step = (over: Partial<Step> = {}): Step => ({
  id: 's',
  organisationId: 'o',
  deadlineId: null,
  title: 'Begroting rond',
  dueOn: '2024-09-26',
  ownerId: null,
  completion: null,
  setAt: LONG_AGO,
  sequence: 0,
  changedAt: LONG_AGO,
  ...over,
});
const stored = (over: Partial<StoredStep> = {}): StoredStep => ({
  id: 'r',
  stepId: 's',
  organisationId: 'o',
  lastSafeOn: '2024-09-26',
  leadDays: 3,
  state: 'pending',
  reason: null,
  leaving: false,
  ...over,
});
const input = (over: Partial<StepPlanInput> = {}): StepPlanInput => ({
  recipientId: 'a',
  reachableIds: new Set(['a', 'b']),
  silence: null,
  today: '2024-09-23',
  steps: [step()],
  stored: [],
  digest: 'daily',
  confirmedOn: '2024-01-02',
  mailLeft: false,
  ...over,
});
const missing = (over: Partial<StepPlanInput> = {}) => planSteps(input(over)).missing.map(({ leadDays }) => leadDays);
const dropped = (over: Partial<StepPlanInput> = {}) => planSteps(input({ stored: [stored()], ...over })).drop.map(({ reason }) => reason);

describe('an own date is reminded of', () => {
  it.each([
    ['a Thursday', '2024-09-26', '2024-09-23', '2024-09-26'],
    ['a Monday', '2024-09-30', '2024-09-25', '2024-09-30'],
    ['a Sunday', '2024-09-29', '2024-09-25', '2024-09-27'],
    ['Whit Monday', '2024-05-20', '2024-05-15', '2024-05-17'],
    ['the day after Easter', '2024-04-02', '2024-03-26', '2024-04-02'],
    ['New Year’s Day', '2025-01-01', '2024-12-27', '2024-12-31'],
  ])('of %s three working days before and on the working day itself', (_, dueOn, three, zero) => {
    expect([stepRemindOn(dueOn, 3), stepRemindOn(dueOn, 0)]).toEqual([three, zero]);
  });

  it('three working days before and on its day, once each, and what was missed goes with what is due', () => {
    expect(missing({ today: '2024-09-22' })).toEqual([]);
    expect(missing()).toEqual([3]);
    expect(missing({ stored: [stored()] })).toEqual([]);
    expect(missing({ today: '2024-09-25', stored: [stored({ state: 'sent' })] })).toEqual([]);
    expect(missing({ today: '2024-09-26', stored: [stored({ state: 'sent' })] })).toEqual([0]);
    const late = planSteps(input({ today: '2024-09-26' }));
    expect([late.missing.map(({ leadDays }) => leadDays), late.merged.map(({ leadDays }) => leadDays)]).toEqual([[0], [3]]);
    expect(missing({ today: '2024-09-27' })).toEqual([]);
  });

  it('never of what would have left before its day was given, or before its reader confirmed', () => {
    expect(missing({ today: '2024-09-25', steps: [step({ setAt: new Date('2024-09-24T10:00:00Z') })] })).toEqual([]);
    expect(missing({ today: '2024-09-25', confirmedOn: '2024-09-24' })).toEqual([]);
    expect(missing({ today: '2024-09-25' })).toEqual([3]);
    // Of one from before that was kept nothing is caught up on.
    expect(missing({ today: '2024-09-25', steps: [step({ setAt: null })] })).toEqual([]);
    expect(missing({ today: '2024-09-26', steps: [step({ setAt: null })] })).toEqual([0]);
  });

  it('to who sees to it while that one gets reminders, and to all where it does not', () => {
    expect(missing({ steps: [step({ ownerId: 'a' })] })).toEqual([3]);
    expect(missing({ steps: [step({ ownerId: 'b' })] })).toEqual([]);
    expect(missing({ steps: [step({ ownerId: 'b' })], reachableIds: new Set(['a']) })).toEqual([3]);
    expect(dropped({ steps: [step({ ownerId: 'b' })] })).toEqual(['not_concerned']);
  });

  it('on the Monday of a weekly digest where that is in time, and on its own day where not', () => {
    expect(missing({ digest: 'weekly' })).toEqual([3]);
    expect(missing({ digest: 'weekly', today: '2024-09-24', steps: [step({ dueOn: '2024-09-27' })] })).toEqual([3]);
    expect(missing({ digest: 'weekly', today: '2024-09-25', steps: [step({ dueOn: '2024-09-30' })] })).toEqual([]);
    expect(missing({ digest: 'weekly', today: '2024-09-30', steps: [step({ dueOn: '2024-09-30' })] })).toEqual([0]);
  });

  it('no more once it is done, moved, removed, past, or not wanted, and says why', () => {
    expect(dropped()).toEqual([]);
    expect(dropped({ steps: [step({ completion: { completedOn: '2024-09-23', by: 'A' } })] })).toEqual(['completed']);
    expect(dropped({ steps: [step({ dueOn: '2024-10-03' })] })).toEqual(['moved']);
    expect(dropped({ steps: [] })).toEqual(['withdrawn']);
    expect(dropped({ today: '2024-09-27' })).toEqual(['passed']);
    expect(dropped({ silence: 'paused' })).toEqual(['paused']);
    expect(dropped({ steps: [], stored: [stored({ leaving: true })] })).toEqual([]);
  });

  it('anew where what was cancelled holds again, but not where somebody struck it out', () => {
    const plan = planSteps(input({ stored: [stored({ state: 'cancelled', reason: 'completed' })] }));
    expect(plan.missing).toMatchObject([{ leadDays: 3, revives: 'r' }]);
    expect(missing({ stored: [stored({ state: 'cancelled', reason: 'struck' })] })).toEqual([]);
  });

  it('on the next working day where today’s mail has left and that is in time', () => {
    expect(missing({ mailLeft: true })).toEqual([]);
    expect(missing({ mailLeft: true, today: '2024-09-26' })).toEqual([0]);
  });

  it('by a plan that has nothing more to change once it was carried out', () => {
    const rows = fc.record({
      lastSafeOn: fc.constantFrom('2024-09-26', '2024-09-27'),
      leadDays: fc.constantFrom(3, 0),
      state: fc.constantFrom('pending' as const, 'sent' as const, 'cancelled' as const),
      reason: fc.constantFrom(null, 'merged', 'completed', 'struck'),
      leaving: fc.boolean(),
    });
    const world = fc.record({
      today: fc.nat(9).map((n) => addDays('2024-09-20', n)),
      stored: fc.uniqueArray(rows, { selector: ({ lastSafeOn, leadDays }) => `${lastSafeOn} ${leadDays}`, maxLength: 4 }),
      ownerId: fc.constantFrom(null, 'a', 'b'),
      silence: fc.constantFrom(null, null, 'paused' as const),
      isDone: fc.boolean(),
      mailLeft: fc.boolean(),
      digest: fc.constantFrom('daily' as const, 'weekly' as const),
    });
    fc.assert(
      fc.property(world, ({ isDone, ownerId, stored: some, ...rest }) => {
        const before = some.map((row, n) => stored({ ...row, id: `${n}` }));
        const one = input({ ...rest, steps: [step({ ownerId, completion: isDone ? { completedOn: '2024-09-20', by: 'A' } : null })] });
        const plan = planSteps({ ...one, stored: before });
        for (const { lastSafeOn, leadDays } of plan.missing) {
          const day = stepRemindOn(lastSafeOn, leadDays);
          expect(isWorkingDay(day)).toBe(true);
          expect(day <= rest.today && rest.today <= lastSafeOn).toBe(true);
        }
        const reasons = new Map(plan.drop.map(({ id, reason }) => [id, reason]));
        const revived = new Set(plan.missing.flatMap(({ revives }) => revives ?? []));
        const after = [
          ...before.map((row) =>
            reasons.has(row.id)
              ? { ...row, state: 'cancelled' as const, reason: reasons.get(row.id)! }
              : revived.has(row.id)
                ? { ...row, state: 'pending' as const, reason: null, leaving: false }
                : row,
          ),
          ...plan.missing.filter(({ revives }) => revives === null).map((row, n) => stored({ ...row, id: `new ${n}` })),
          ...plan.merged.map((row, n) => stored({ ...row, id: `merged ${n}`, state: 'cancelled', reason: 'merged' })),
        ];
        const again = planSteps({ ...one, stored: after });
        expect([again.drop, again.missing, again.merged]).toEqual([[], [], []]);
      }),
      { numRuns: 500 },
    );
  });
});
