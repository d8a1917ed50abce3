import { expect, it } from 'vitest';
import { complete } from '../../../db/organisations/completions.ts';
import { openChange } from '../../../db/reminders/change.ts';
import type { Store, WriteDb } from '../../../db/store/store.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed } from '../../helpers/mail.ts';
import { at, MONDAY, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const PLANNED = ['2024-09-30', 14, 'pending', null];
const CANCELLED = ['2024-09-30', 14, 'cancelled', 'completed'];

/** A change of a store in which somebody wants to hear of each deadline two weeks before. Each ring notes the reminders that stand there then. */
async function changing(store: Store) {
  const { ro } = await castIn(store);
  await addConfirmed(store, ro.id, at('09-02T12:00'), { leadDays: [14] });
  const rings: ReturnType<typeof remindersIn>[] = [];
  const change = openChange(
    store,
    () => MONDAY,
    () => void rings.push(remindersIn(store)),
  );
  return { ro, change, heard: () => Promise.all(rings) };
}

const addDue = (tx: WriteDb, on: string, activity: 'annual_plan' | 'accounts' | 'regional_plan' = 'annual_plan') =>
  addDeadline(tx, { activity }, { rule: { kind: 'fixed', on } }, MONDAY);

onBothDialects('a change', (fresh) => {
  it('plans inside its own transaction what it touches, and rings once when that is committed', async () => {
    const store = await fresh();
    const { ro, change, heard } = await changing(store);
    const plan = await change((tx) => addDue(tx, '2024-09-30'));
    expect(await heard()).toEqual([[PLANNED]]);
    await change((tx) => complete(tx, ro.id, plan.id, { completedOn: '2024-09-16', by: 'A', evidence: null }, MONDAY));
    expect(await heard()).toEqual([[PLANNED], [CANCELLED]]);
  });

  it('that is rolled back plans nothing, rings for nobody, and is not taken for true the next time', async () => {
    const store = await fresh();
    const { change, heard } = await changing(store);
    const undone = change(async (tx) => {
      await addDue(tx, '2024-09-30', 'accounts');
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect([await heard(), await remindersIn(store)]).toEqual([[], []]);
    await change((tx) => addDue(tx, '2024-11-30', 'regional_plan'));
    expect(await heard()).toEqual([[]]);
  });

  it('that cannot be planned is rolled back whole, and rings for nobody', async () => {
    const store = await fresh();
    const { change, heard } = await changing(store);
    let isWritten = false;
    const unplannable = change(async (tx) => {
      await addDue(tx, '2024-09-30');
      // Nothing of ours writes lead days that are no list.
      await tx.update(tx.tables.recipients).set({ leadDays: 14 as never });
      isWritten = true;
    });
    await expect(unplannable).rejects.toThrow(TypeError);
    expect(isWritten).toBe(true);
    expect([await heard(), await store.read.$count(store.read.tables.deadlines)]).toEqual([[], 0]);
  });
});
