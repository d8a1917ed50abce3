/** Plans of reminders over any history: carried out, they leave nothing to change, and nobody is told twice or too late. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgendaItem } from '../../../calendars/agenda/concern.ts';
import { addDays } from '../../../calendars/days.ts';
import { CATCH_UP_DAYS, isReminderOver, type Digest } from '../../../calendars/reminders/reminders.ts';
import { planFor, type StoredReminder, type PlanInput } from '../../../calendars/reminders/reminder-plan.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
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
  return [
    ...kept,
    ...[...added, ...never].map((row) => ({ ...row, id: `${row.deadlineId}/${row.lastSafeOn}/${row.leadDays}`, leaving: false })),
  ];
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

  it('is foretold: no reminder comes exactly where every moment of one is said to be over', () => {
    const anyReader = fc.record({
      certainty: fc.constantFrom('template' as const, 'expected' as const, 'stated' as const),
      as: fc.constantFrom('ro' as const, 'informed' as const),
      leadDays: fc.uniqueArray(fc.constantFrom(0, 3, 7, 14, 42, 60), { maxLength: 4 }),
      digest: fc.constantFrom<Digest>('daily', 'weekly'),
      ahead: fc.integer({ min: 0, max: 70 }),
      pause: fc.option(fc.integer({ min: 1, max: 40 }), { nil: null, freq: 3 }),
    });
    fc.assert(
      fc.property(anyReader, ({ ahead, as, certainty, digest, leadDays, pause }) => {
        const from = '2026-10-20';
        const day = addDays(from, ahead);
        const pausedUntil = pause === null ? null : addDays(from, pause);
        const plain = itemOn(day, { as });
        const item = {
          ...plain,
          deadline: { ...plain.deadline, dueOn: day, certainty, lastSafeOn: certainty === 'template' ? null : day },
        };
        const comes = Array.from({ length: ahead + 4 * CATCH_UP_DAYS }, (_, n) => addDays(from, n)).some((today) => {
          const silence = pausedUntil !== null && today < pausedUntil ? ('paused' as const) : null;
          const input = { items: [item], readerId: 'ro', stored: [], leadDays, digest, confirmedOn: from, today, mailLeft: false, silence };
          return silence === null && planFor(input).missing.length > 0;
        });
        expect(isReminderOver({ ...item, deadline: { ...item.deadline, dueOn: day } }, { digest, from, leadDays, pausedUntil })).toBe(
          !comes,
        );
      }),
      { numRuns: 1000 },
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

  describe('with what another insurer asks on the next working day', () => {
    const NORTH = '2027-09-30';
    const leads = [42, 14, 3, 0];
    const input: Omit<PlanInput, 'items' | 'stored' | 'today'> = {
      readerId: 'ro',
      leadDays: leads,
      digest: 'daily',
      confirmedOn: '2027-01-01',
      mailLeft: false,
    };
    const other = (lastSafeOn: Day, id: string, over: Partial<Deadline> = {}) => {
      const item = itemOn(lastSafeOn);
      return { ...item, uid: id, deadline: { ...item.deadline, id, ...over } };
    };
    /** Which leads leave on which days, when each day is planned twice and sent once. */
    function life(items: AgendaItem[], first: Day, days: number, over: Partial<PlanInput> = {}): string[] {
      let stored: StoredReminder[] = [];
      const sent: string[] = [];
      for (let n = 0; n < days; n += 1) {
        const day = { ...input, ...over, items, today: addDays(first, n) };
        stored = carryOut({ ...day, stored });
        const again = planFor({ ...day, stored });
        expect({ ...again, waiting: [] }).toEqual({ drop: [], missing: [], merged: [], waiting: [] });
        for (const row of stored.filter(({ state }) => state === 'pending')) sent.push(`${day.today} ${row.deadlineId} ${row.leadDays}`);
        stored = stored.map((row) => (row.state === 'pending' ? { ...row, state: 'sent' } : row));
      }
      return sent.sort();
    }

    it('sends both today, and what leaves the day after that on its own day', () => {
      // Thursday and Friday; the Saturday's is of that Friday too, and the Monday's would be a third.
      const others = [other('2027-10-01', 'east'), other('2027-10-02', 'west'), other('2027-10-04', 'south')];
      expect(life([itemOn(NORTH), ...others], '2027-08-19', 6)).toEqual([
        `2027-08-19 ${ID} 42`,
        '2027-08-19 east 42',
        '2027-08-19 west 42',
        '2027-08-23 south 42',
      ]);
    });

    it('tells of what is assumed in the mail of what is expected', () => {
      const assumed = other('2027-10-01', 'east', { certainty: 'template', dueOn: '2027-10-01', lastSafeOn: null });
      expect(life([itemOn(NORTH), assumed], '2027-08-16', 60)).toEqual([
        `2027-08-19 ${ID} 42`,
        '2027-08-19 east 42',
        `2027-09-16 ${ID} 14`,
        `2027-09-27 ${ID} 3`,
        `2027-09-30 ${ID} 0`,
      ]);
    });

    it('never pulls forward what has a reminder of its own today: a Sunday with leads of 3 and 0 gives Thursday and Friday', () => {
      const sunday = '2028-10-01';
      expect(life([itemOn(sunday), other(sunday, 'east')], '2028-09-26', 6, { confirmedOn: '2028-09-26' })).toEqual(
        [ID, 'east'].flatMap((id) => [`2028-09-28 ${id} 3`, `2028-09-29 ${id} 0`]).sort(),
      );
    });

    it('does so for a weekly digest, and over days off', () => {
      // The Thursday before Good Friday; the next working day is the Tuesday after Easter.
      expect(
        life([itemOn('2024-03-28'), other('2024-04-02', 'east')], '2024-03-28', 1, { leadDays: [0], confirmedOn: '2024-01-01' }),
      ).toEqual([`2024-03-28 ${ID} 0`, '2024-03-28 east 0']);
      const weekly = { digest: 'weekly' as const, leadDays: [0] };
      expect(life([itemOn('2027-09-30'), other('2027-10-01', 'east')], '2027-09-27', 7, weekly)).toEqual([
        `2027-09-30 ${ID} 0`,
        '2027-09-30 east 0',
      ]);
    });

    it.each<[string, AgendaItem, Partial<PlanInput>]>([
      ['another activity', other('2027-10-01', 'east', { activity: 'accounts' }), {}],
      ['another contract year', other('2027-10-01', 'east', { contractYear: 2029 }), {}],
      ['when it is muted', other('2027-10-01', 'east'), { muted: new Set(['east']) }],
      ['when it is after the next working day', other('2027-10-04', 'east'), {}],
    ])('leaves it for its own day: %s', (_, item, over) => {
      const { missing } = planFor({ ...input, ...over, items: [itemOn(NORTH), item], stored: [], today: '2027-08-19' });
      expect(missing.map(({ deadlineId }) => deadlineId)).toEqual([ID]);
    });

    it('adds nothing to a day of which the mail has left', () => {
      const today = '2027-08-19';
      const sent = carryOut({ ...input, items: [itemOn(NORTH)], stored: [], today }).map((row) => ({ ...row, state: 'sent' as const }));
      const items = [itemOn(NORTH), other('2027-10-01', 'east')];
      expect(planFor({ ...input, items, stored: sent, today, mailLeft: true })).toEqual({ drop: [], missing: [], merged: [], waiting: [] });
    });
  });

  describe('of what is told otherwise', () => {
    const input: Omit<PlanInput, 'items' | 'stored' | 'today'> = {
      readerId: 'ro',
      leadDays: [42, 14, 3, 0],
      digest: 'daily',
      confirmedOn: '2024-01-01',
      mailLeft: false,
    };
    const leaves = (items: AgendaItem[], today: Day, over: Partial<PlanInput> = {}) =>
      planFor({ ...input, ...over, items, stored: [], today }).missing.map(({ lastSafeOn, leadDays }) => `${lastSafeOn} ${leadDays}`);
    const publication = itemOn('2024-04-01', { as: 'informed' });

    it('tells of what an insurer does itself on the Tuesday after Easter, once, and keeps the day that counts', () => {
      for (const today of ['2024-03-28', '2024-03-29', '2024-04-01']) expect(leaves([publication], today)).toEqual([]);
      expect(leaves([publication], '2024-04-02')).toEqual(['2024-04-01 0']);
      const planned = carryOut({ ...input, items: [publication], stored: [], today: '2024-04-02' });
      expect(carryOut({ ...input, items: [publication], stored: planned, today: '2024-04-02' })).toEqual(planned);
      // The mail server was away for a day: it still leaves. After a week and more it does not.
      const waits = { ...input, items: [publication], stored: planned };
      expect(planFor({ ...waits, today: '2024-04-03' })).toMatchObject({ drop: [], missing: [], waiting: [{ leadDays: 0 }] });
      expect(planFor({ ...waits, today: '2024-04-10' }).drop).toMatchObject([{ reason: 'passed' }]);
      const sent = planned.map((row) => ({ ...row, state: 'sent' as const }));
      expect(planFor({ ...waits, stored: sent, today: '2024-04-03' }).missing).toEqual([]);
    });

    it('catches up on it after an outage, but not on what was written after it, nor for who confirmed after it', () => {
      expect(leaves([publication], '2024-04-04')).toEqual(['2024-04-01 0']);
      expect(leaves([publication], '2024-04-10')).toEqual([]);
      expect(leaves([publication], '2024-04-04', { confirmedOn: '2024-04-03' })).toEqual([]);
      const late = { ...publication, deadline: { ...publication.deadline, revisedAt: new Date('2024-04-03T08:00:00Z') } };
      expect(leaves([late], '2024-04-04')).toEqual([]);
    });

    it('does not pull it forward to before its day', () => {
      const { deadline } = publication;
      const early = itemOn('2024-03-28', {
        as: 'informed',
        uid: 'early',
        deadline: { ...deadline, id: 'early', dueOn: '2024-03-28', lastSafeOn: '2024-03-28' },
      });
      expect(leaves([publication, early], '2024-03-28')).toEqual(['2024-03-28 0']);
    });

    it('counts all leads of who hands over from the advised day, and catches up on them until the day that counts', () => {
      const duty = { actors: ['ro' as const], onBehalfOf: ['wsv' as const], contractStatus: 'contracted' as const, deliverable: null };
      const plan = itemOn('2024-09-30', { as: 'wsv' });
      const handedOver = { ...plan, deadline: { ...plan.deadline, duty } };
      // Ten working days before is Monday the 16th.
      expect(leaves([handedOver], '2024-08-04')).toEqual([]);
      expect(leaves([handedOver], '2024-08-05')).toEqual(['2024-09-30 42']);
      expect(leaves([handedOver], '2024-09-16')).toEqual(['2024-09-30 0']);
      expect(leaves([handedOver], '2024-09-20')).toEqual(['2024-09-30 0']);
      expect(leaves([handedOver], '2024-10-01')).toEqual([]);
      const assumed = { ...plan, deadline: { ...plan.deadline, duty, certainty: 'template' as const, lastSafeOn: null } };
      expect(leaves([assumed], '2024-08-02')).toEqual([]);
      expect(leaves([assumed], '2024-08-05')).toEqual(['2024-09-30 42']);
    });

    it('asks once who has no agreement, also where the day moves after that', () => {
      const signingOn = (day: Day, uid = ID) => {
        const item = itemOn(day, { as: 'practice', relation: 'uncontracted', uid });
        return { ...item, deadline: { ...item.deadline, id: uid, activity: 'signing' as const } };
      };
      const today = '2024-11-19';
      const asked = carryOut({ ...input, items: [signingOn('2024-12-31')], stored: [], today });
      expect(asked.map(({ lastSafeOn, state }) => [lastSafeOn, state])).toEqual([['2024-12-31', 'pending']]);
      // Not sent yet it is of the new day; once it was sent nothing asks again, nor beside another insurer's question.
      const moved = { ...input, items: [signingOn('2024-12-20')], today: '2024-11-20' };
      expect(planFor({ ...moved, stored: asked }).missing.map(({ lastSafeOn }) => lastSafeOn)).toEqual(['2024-12-20']);
      const sent = asked.map((row) => ({ ...row, state: 'sent' as const }));
      const others = [signingOn('2025-01-02', 'east'), signingOn('2025-01-03')];
      expect(planFor({ ...moved, stored: sent }).missing).toEqual([]);
      expect(planFor({ ...moved, items: others, today: '2024-11-21', stored: sent }).missing.map(({ deadlineId }) => deadlineId)).toEqual([
        'east',
      ]);
    });

    it('catches up on an assumption for a week, and never for who confirmed later', () => {
      const item = itemOn('2024-12-31');
      const assumed = { ...item, deadline: { ...item.deadline, certainty: 'template' as const, lastSafeOn: null } };
      expect(leaves([assumed], '2024-11-19')).toEqual(['2024-12-31 42']);
      expect(leaves([assumed], '2024-11-26')).toEqual(['2024-12-31 42']);
      expect(leaves([assumed], '2024-11-27')).toEqual([]);
      for (const today of ['2024-11-20', '2024-12-17', '2024-12-31'])
        expect(leaves([assumed], today, { confirmedOn: '2024-11-20' })).toEqual([]);
    });
  });
});
