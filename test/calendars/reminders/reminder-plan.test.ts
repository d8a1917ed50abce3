/** Plans of reminders over any history: carried out, they leave nothing to change, and nobody is told twice or too late. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgendaItem } from '../../../calendars/agenda/concern.ts';
import { addDays } from '../../../calendars/days.ts';
import { planFor, type StoredReminder, type PlanInput } from '../../../calendars/reminders/reminder-plan.ts';
import type { Day } from '../../../calendars/terms.ts';
import { contentOf, identityOf } from '../../helpers/cast.ts';

const ID = '123e4567-e89b-42d3-a456-426614174000';

function itemOn(lastSafeOn: Day, over: Partial<AgendaItem> = {}): AgendaItem {
  const moment = new Date('2024-01-01T00:00:00Z');
  const days = { dueOn: lastSafeOn, lastSafeOn, revision: 1, revisedAt: moment, status: 'published' as const };
  return {
    deadline: { id: ID, ...identityOf(), ...contentOf(), ...days, checkedOn: null, checkedBy: null, precedent: null },
    insurerName: 'Noord',
    preferred: false,
    as: 'ro',
    organisations: [{ id: 'ro', name: 'Regio Zuid' }],
    uid: ID,
    sequence: 0,
    changedAt: moment,
    completion: null,
    askedAgain: null,
    doneSequenceNumber: null,
    steps: [],
    relation: null,
    arrangedBefore: [],
    ...over,
  };
}

/** What a store would hold after a plan was carried out. */
function carryOut(input: PlanInput): StoredReminder[] {
  const { drop, merged, missing } = planFor(input);
  const reasons = new Map(drop.map(({ id, reason }) => [id, reason]));
  const revived = new Set(missing.map(({ revives }) => revives));
  const kept = input.stored.map((row): StoredReminder => {
    const reason = reasons.get(row.id);
    if (reason) return { ...row, state: 'cancelled', reason };
    return revived.has(row.id) ? { ...row, state: 'pending', reason: null } : row;
  });
  const place = ({ deadlineId, organisationId, lastSafeOn, leadDays }: StoredReminder | (typeof merged)[number]) => ({
    deadlineId,
    organisationId,
    lastSafeOn,
    leadDays,
  });
  const added = missing
    .filter(({ revives }) => revives === null)
    .map((row) => ({ ...place(row), state: 'pending' as const, reason: null }));
  const never = merged.map((row) => ({ ...place(row), state: 'cancelled' as const, reason: 'merged' }));
  return [...kept, ...[...added, ...never].map((row) => ({ ...row, id: `${row.lastSafeOn}/${row.leadDays}`, leaving: false }))];
}

/** One day in the life of a recipient: planned, and perhaps sent; perhaps the deadline moved or the leads changed. */
const anyDayOfLife = fc.record({
  sends: fc.boolean(),
  move: fc.option(fc.integer({ min: -8, max: 8 }), { nil: null, freq: 6 }),
  leads: fc.option(fc.uniqueArray(fc.constantFrom(0, 1, 3, 7, 10, 14), { minLength: 1, maxLength: 4 }), { nil: null, freq: 6 }),
  done: fc.option(fc.boolean(), { nil: null, freq: 5 }),
});

describe('planFor', () => {
  it('leaves nothing to change once carried out, tells nobody twice, and nobody after the last safe day', () => {
    fc.assert(
      fc.property(
        fc.array(anyDayOfLife, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('daily' as const, 'weekly' as const),
        (life, digest) => {
          let [stored, lastSafeOn, leadDays, done]: [StoredReminder[], Day, readonly number[], boolean] = [
            [],
            '2024-09-30',
            [14, 3, 0],
            false,
          ];
          const sent: string[] = [];
          life.forEach(({ sends, move, leads, done: nowDone }, n) => {
            const today = addDays('2024-09-10', n);
            if (move !== null) lastSafeOn = addDays(lastSafeOn, move);
            leadDays = leads ?? leadDays;
            done = nowDone ?? done;
            const completion = done ? { completedOn: today, by: 'A', evidence: null } : null;
            const input: PlanInput = {
              items: [itemOn(lastSafeOn, { completion })],
              readerId: 'ro',
              stored,
              leadDays,
              digest,
              confirmedOn: '2024-09-01',
              today,
              mailLeft: false,
            };
            stored = carryOut(input);
            const again = planFor({ ...input, stored });
            expect({ ...again, waiting: [] }).toEqual({ drop: [], missing: [], merged: [], waiting: [] });
            expect(new Set(stored.map(({ id }) => id)).size).toBe(stored.length);
            const pending = stored.filter(({ state }) => state === 'pending');
            expect(pending.length).toBeLessThanOrEqual(1);
            for (const row of pending) {
              expect([done, row.lastSafeOn, row.lastSafeOn >= today]).toEqual([false, lastSafeOn, true]);
              expect(leadDays).toContain(row.leadDays);
            }
            if (!sends) return;
            for (const row of pending) {
              expect(sent).not.toContain(row.id);
              sent.push(row.id);
            }
            stored = stored.map((row) => (row.state === 'pending' ? { ...row, state: 'sent' } : row));
          });
        },
      ),
    );
  });

  it('never takes back what is leaving', () => {
    const leaving: StoredReminder = {
      id: 'x',
      deadlineId: ID,
      organisationId: 'ro',
      lastSafeOn: '2024-09-30',
      leadDays: 14,
      state: 'pending',
      reason: null,
      leaving: true,
    };
    const input = {
      readerId: 'ro',
      leadDays: [14],
      digest: 'daily' as const,
      confirmedOn: '2024-09-01',
      today: '2024-09-16',
      mailLeft: true,
    };
    for (const items of [[], [itemOn('2024-09-30')], [itemOn('2024-10-02')]]) {
      expect(planFor({ ...input, items, stored: [leaving] })).toEqual({ drop: [], missing: [], merged: [], waiting: [] });
    }
  });
});
