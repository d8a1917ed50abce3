import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openCommonPlanner } from '../../db/common-plans.ts';
import { MOST_REMINDERS, planInCommon, PORTIONS } from '../../db/common-runs.ts';
import { eq } from '../../db/drizzle.ts';
import { planReminders } from '../../db/planning.ts';
import { readRegistry } from '../../db/registry.ts';
import { risingIds } from '../../db/rising-ids.ts';
import type { Store } from '../../db/store.ts';
import { readCounters } from '../../db/versions.ts';
import { addDeadline, addInsurer, castIn } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { at, MONDAY, reminderMailsIn, remindersIn } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const LONG_AGO = new Date('2023-01-02T09:00:00Z');

/** As many organisations with a recipient each that deal with noord. */
async function fillAlike(store: Store, count: number, leadDaysOf: (id: string) => number[] = () => [14]) {
  const ids = Array.from({ length: count }, () => randomUUID());
  await store.write(async (tx) => {
    const { organisations, recipients, relations } = tx.tables;
    await addInsurer(tx, 'noord');
    await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } });
    const roles = ['ro' as const];
    for (let n = 0; n < count; n += 500) {
      const some = ids.slice(n, n + 500);
      await tx
        .insert(organisations)
        .values(some.map((id) => ({ id, name: id, language: 'nl' as const, roles, parentId: null, version: 0, createdAt: LONG_AGO })));
      await tx
        .insert(relations)
        .values(some.map((id) => ({ organisationId: id, insurerSlug: 'noord', contractStatus: 'contracted' as const, preferred: false })));
      const chosen = { email: 'a@example.org', digest: 'daily' as const, status: 'confirmed' as const };
      await tx.insert(recipients).values(
        some.map((id) => ({
          id: randomUUID(),
          organisationId: id,
          leadDays: leadDaysOf(id),
          ...chosen,
          createdAt: LONG_AGO,
          confirmedAt: LONG_AGO,
        })),
      );
    }
  });
}

/** The same store, and how many reminders each of its writes added, turn by turn. */
function watched(store: Store): { store: Store; added: number[][] } {
  const added: number[][] = [];
  const write: Store['write'] = (work) =>
    store.write(async (tx) => {
      const turns: number[] = [];
      added.push(turns);
      let known = await tx.$count(tx.tables.reminders);
      const look = async () => {
        const now = await tx.$count(tx.tables.reminders);
        if (now > known) turns.push(now - known);
        known = now;
      };
      const end = new AbortController();
      const looking = (async () => {
        for (; !end.signal.aborted; await setImmediate()) await look();
      })();
      const result = await work(tx).finally(() => end.abort());
      await looking;
      await look();
      return result;
    });
  return { store: { ...store, write }, added };
}

onBothDialects('a run of common planning', (fresh) => {
  it('plans for everybody once, a few turns in one transaction, and none of them is long', async () => {
    const plain = await fresh();
    const count = PORTIONS * MOST_REMINDERS + 100;
    await fillAlike(plain, count);
    const { store, added } = watched(plain);
    const registry = await readRegistry(store.read, await readCounters(store.read));
    const planner = openCommonPlanner(store.dialect, registry, '2024-09-16');
    const run = () => planInCommon({ store, planner, takeIds: risingIds(MONDAY), now: MONDAY }, [{ after: '', until: 'g' }]);
    expect(await run()).toEqual({ planned: count, others: [] });
    expect(added).toEqual([Array.from({ length: PORTIONS }, () => MOST_REMINDERS), [100]]);
    expect(new Set((await remindersIn(plain)).map((row) => row.join()))).toEqual(new Set(['2024-09-30,14,pending,']));
    // What waits for its mail is not common: again it adds nothing.
    const { others, planned } = await run();
    expect([planned, others.length]).toEqual([0, count]);
    expect(await planReminders(plain, MONDAY)).toEqual({ planned: 0, cancelled: 0 });
    expect(await plain.read.$count(plain.read.tables.messages)).toBe(count);
  });

  it('does not repeat what another run planned at the same moment', async () => {
    const store = await fresh();
    await fillAlike(store, 300);
    await Promise.all([planReminders(store, MONDAY), planReminders(store, MONDAY), planReminders(store, MONDAY)]);
    expect(await remindersIn(store)).toHaveLength(300);
    expect(await reminderMailsIn(store)).toHaveLength(300);
  });

  it('gathers what an insurer and what the sector asks in one mail, and keeps on record what that speaks for', async () => {
    const store = await fresh();
    await fillAlike(store, 2, () => [42, 14]);
    await store.write((tx) => addDeadline(tx, { insurer: null, activity: 'accounts' }, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    const planner = openCommonPlanner(store.dialect, await readRegistry(store.read, await readCounters(store.read)), '2024-09-16');
    const run = { store, planner, takeIds: risingIds(MONDAY), now: MONDAY };
    expect(await planInCommon(run, [{ after: '', until: 'g' }])).toEqual({ planned: 4, others: [] });
    const { messages, reminders } = store.read.tables;
    const mails = await store.read.select().from(messages).orderBy(messages.organisationId);
    expect(mails.map(({ id }) => id)).toEqual(mails.map(({ id }) => id).toSorted());
    for (const { id, recipientId } of mails) {
      const rows = await store.read.select().from(reminders).where(eq(reminders.recipientId, recipientId!));
      const said = rows.map(({ leadDays, messageId, state, reason }) => [leadDays, messageId, state, reason].join());
      expect(said.sort()).toEqual([`14,${id},pending,`, `14,${id},pending,`, '42,,cancelled,merged', '42,,cancelled,merged']);
    }
  });

  it('goes by what others committed after it had looked', async () => {
    const plain = await fresh();
    await fillAlike(plain, 4);
    const { recipients } = plain.read.tables;
    const people = await plain.read.select().from(recipients).orderBy(recipients.organisationId);
    const write: Store['write'] = async (work) => {
      await plain.write((tx) => tx.update(recipients).set({ status: 'unsubscribed' }).where(eq(recipients.id, people[2]!.id)));
      return plain.write(work);
    };
    const store = { ...plain, write };
    const planner = openCommonPlanner(store.dialect, await readRegistry(store.read, await readCounters(store.read)), '2024-09-16');
    const ids = people.map(({ organisationId }) => organisationId);
    const ranges = [
      { after: '', until: ids[1]! },
      { after: ids[1]!, until: ids[3]! },
    ];
    expect(await planInCommon({ store, planner, takeIds: risingIds(MONDAY), now: MONDAY }, ranges)).toEqual({ planned: 3, others: [] });
    const planned = await plain.read.select().from(plain.read.tables.reminders);
    expect(new Set(planned.map(({ recipientId }) => recipientId))).toEqual(new Set([0, 1, 3].map((n) => people[n]!.id)));
  });

  it('leaves to the exact planner who has had a mail of this day already', async () => {
    const store = await fresh();
    await fillAlike(store, 2);
    const { messages, recipients } = store.read.tables;
    const [first, second] = await store.read.select().from(recipients).orderBy(recipients.organisationId);
    await planReminders(store, MONDAY);
    await store.write(async (tx) => {
      await tx.delete(tx.tables.reminders);
      await tx.delete(messages).where(eq(messages.recipientId, second!.id));
      await tx.update(messages).set({ state: 'cancelled' });
    });
    const planner = openCommonPlanner(store.dialect, await readRegistry(store.read, await readCounters(store.read)), '2024-09-16');
    const run = { store, planner, takeIds: risingIds(MONDAY), now: MONDAY };
    expect(await planInCommon(run, [{ after: '', until: 'g' }])).toEqual({ planned: 1, others: [first!.organisationId] });
    expect((await store.read.select().from(store.read.tables.reminders)).map(({ recipientId }) => recipientId)).toEqual([second!.id]);
  });

  it('plans for everybody where each chose something else', async () => {
    const store = await fresh();
    let n = 100;
    await fillAlike(store, 100, () => [(n += 1), 14]);
    expect(await planReminders(store, MONDAY)).toEqual({ planned: 100, cancelled: 0 });
  });

  it('holds nobody up for what fails for one', async () => {
    const store = await fresh();
    const { outsider, ro, wsv } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    for (const [n, { id }] of [ro, wsv, outsider].entries())
      await addConfirmed(store, id, at('09-02T12:00'), { email: `r${n}@example.org`, leadDays: [14] });
    // No number of days.
    await store.write((tx) =>
      tx
        .update(tx.tables.recipients)
        .set({ leadDays: [0.5] })
        .where(eq(tx.tables.recipients.organisationId, wsv.id)),
    );
    await expect(planReminders(store, MONDAY)).rejects.toThrow('Planning failed for 1 organisations');
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'pending', null]]);
  });
});
