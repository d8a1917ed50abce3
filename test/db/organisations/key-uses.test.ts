import { expect, it } from 'vitest';
import { ENVIRONMENT, environmentUsedAt, openKeyUses } from '../../../db/organisations/key-uses.ts';
import { addKey, findHolder, listKeys } from '../../../db/organisations/keys.ts';
import type { Store } from '../../../db/store/store.ts';
import { castIn } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const at = (time: string) => new Date(`2024-04-02T${time}Z`);

async function keyIn(store: Store) {
  const { ro } = await castIn(store);
  const { keyId } = (await findHolder(store.read, ro.key, at('08:00:00')))!;
  return { keyId, lastUse: async () => (await listKeys(store.read, ro.id, at('08:00:00')))[0]!.lastUsedAt };
}

onBothDialects('uses of keys', (fresh) => {
  it('are written with their hour, each once, and a minute apart at least, but for the end', async () => {
    const store = await fresh();
    const { keyId, lastUse } = await keyIn(store);
    const other = await store.write(
      async (tx) => (await findHolder(tx, await addKey(tx, null, 'Anna', at('08:00:00')), at('08:00:00')))!.keyId,
    );
    const uses = openKeyUses();
    for (let i = 0; i < 1000; i += 1) uses.note(keyId, at('08:59:59'));
    expect(await uses.record(store, at('08:59:59'))).toBe(1);
    expect(await lastUse()).toEqual(at('08:00:00'));
    uses.note(keyId, at('09:00:00'));
    uses.note(other, at('09:00:00'));
    expect(await uses.record(store, at('09:00:58'))).toBe(0);
    expect(await uses.record(store, at('09:00:59'))).toBe(2);
    expect(await lastUse()).toEqual(at('09:00:00'));
    uses.note(keyId, at('10:00:00'));
    expect(await uses.record(store, at('09:01:00'), { atOnce: true })).toBe(1);
    expect(await lastUse()).toEqual(at('10:00:00'));
    // A clock that was set back keeps nobody from writing, and takes nothing back.
    uses.note(keyId, at('07:00:00'));
    expect(await uses.record(store, at('07:00:00'))).toBe(1);
    expect(await lastUse()).toEqual(at('10:00:00'));
  });

  it('keep the later hour of two instances, also for the key of the environment', async () => {
    const store = await fresh();
    const { keyId, lastUse } = await keyIn(store);
    for (const time of ['10:10:00', '09:10:00']) {
      const uses = openKeyUses();
      for (const id of [keyId, ENVIRONMENT]) uses.note(id, at(time));
      expect(await uses.record(store, at(time))).toBe(2);
    }
    expect([await lastUse(), await environmentUsedAt(store.read)]).toEqual([at('10:00:00'), at('10:00:00')]);
  });

  it('wait for the next round where the store did not take them, and pass over a key that is gone', async () => {
    const store = await fresh();
    const { keyId, lastUse } = await keyIn(store);
    const uses = openKeyUses();
    for (let i = 0; i < 150; i += 1) uses.note(`gone ${i}`, at('08:00:00'));
    uses.note(keyId, at('08:00:00'));
    let writes = 0;
    const failing: Store = {
      ...store,
      write: (work) => ((writes += 1) === 1 ? store.write(work) : Promise.reject(new Error('connect ECONNREFUSED'))),
    };
    await expect(uses.record(failing, at('08:00:00'))).rejects.toThrow('ECONNREFUSED');
    expect(await lastUse()).toBeNull();
    expect(await uses.record(store, at('08:00:15'))).toBe(51);
    expect(await lastUse()).toEqual(at('08:00:00'));
  });
});
