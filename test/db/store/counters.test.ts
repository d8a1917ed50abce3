import { expect, it } from 'vitest';
import { organisationsChangedAfter } from '../../../db/store/counters.ts';
import { onBothDialects } from '../../helpers/stores.ts';

onBothDialects('the organisations that changed', (fresh) => {
  it('are all given, however many they are, and none that changed before', async () => {
    const store = await fresh();
    const { organisationChanges } = store.read.tables;
    // In another order than that of their ids, as they change in life.
    const rows = Array.from({ length: 5000 }, (_, n) => ({ organisationId: `o${(n * 7919) % 5000}`, number: n + 1 }));
    await store.write(async (tx) => {
      for (let n = 0; n < rows.length; n += 500) await tx.insert(organisationChanges).values(rows.slice(n, n + 500));
    });
    const after = (number: number) =>
      rows
        .filter((row) => row.number > number)
        .map(({ organisationId }) => organisationId)
        .sort();
    for (const number of [0, 999, 1000, 3000, 4999, 5000])
      expect((await organisationsChangedAfter(store.read, number)).sort()).toEqual(after(number));
  });
});
