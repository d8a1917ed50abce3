/** Looking for whom something concerns among hundreds whom it does not: nobody is missed, and nothing is written down of the others. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { announceChanges } from '../../db/announcements.ts';
import { amendDeadline } from '../../db/deadlines.ts';
import { escalate } from '../../db/escalations.ts';
import type { Store } from '../../db/store.ts';
import { addDeadline, addInsurer } from '../helpers/cast.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const SINCE = at('05-01T12:00');
/** More than two looks see at once. */
const UNCONCERNED = 450;
const SIGN = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };

/** Hundreds whose people never confirmed, and between the first and the last of them one with two who did. */
async function fill(store: Store, concerned: string) {
  return store.write(async (tx) => {
    await addInsurer(tx, 'noord');
    const { organisations, recipients, relations } = tx.tables;
    for (let n = 0; n <= UNCONCERNED; n += 1) {
      const id = n === UNCONCERNED ? concerned : randomUUID();
      await tx.insert(organisations).values({ id, name: `Praktijk ${n}`, language: 'nl', roles: ['wsv'], version: 0, createdAt: SINCE });
      await tx.insert(relations).values({ organisationId: id, insurerSlug: 'noord', contractStatus: 'contracted', preferred: false });
      const person = { organisationId: id, leadDays: [365], digest: 'daily' as const, createdAt: SINCE };
      const state = n === UNCONCERNED ? { status: 'confirmed' as const, confirmedAt: SINCE } : { status: 'pending' as const };
      for (const who of ['a', 'b'])
        await tx.insert(recipients).values({ id: randomUUID(), ...person, ...state, email: `${who}@${n}.example.org` });
    }
    return addDeadline(tx, {}, { title: 'Ondertekenen', duty: SIGN, rule: { kind: 'fixed', on: '2024-09-26' } }, SINCE);
  });
}

/** The store, counting its writes. */
function counting(store: Store): { counted: Store; writes: () => number } {
  let writes = 0;
  const counted: Store = {
    ...store,
    write(work) {
      writes += 1;
      return store.write(work);
    },
  };
  return { counted, writes: () => writes };
}

onBothDialects('among hundreds whom it does not concern', (fresh) => {
  it.each([
    ['first', '00000000-0000-4000-8000-000000000000'],
    ['in the middle', '80000000-0000-4000-8000-000000000000'],
    ['last', 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
  ])('a change is told to the one that it does: %s', async (_, id) => {
    const store = await fresh();
    const deadline = await fill(store, id);
    const { changes, messages } = store.read.tables;
    await store.write((tx) => tx.delete(changes));
    const moved = { baseRevision: 1, reason: 'Uitstel.', rule: { kind: 'fixed' as const, on: '2024-10-01' }, sources: deadline.sources };
    await store.write((tx) => amendDeadline(tx, deadline.id, moved, at('06-03T10:00')));
    const { counted, writes } = counting(store);
    expect(await announceChanges(counted, at('06-03T10:01'))).toBe(2);
    expect((await store.read.select().from(messages)).map(({ organisationId, kind }) => [organisationId, kind])).toEqual([
      [id, 'change'],
      [id, 'change'],
    ]);
    // For the one, and in the end.
    expect(writes()).toBe(2);
    expect(await store.read.select().from(changes)).toEqual([]);
  });

  it('the second one of it hears what is not done, and nobody else', async () => {
    const store = await fresh();
    const id = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
    await fill(store, id);
    const { counted, writes } = counting(store);
    expect(await escalate(counted, at('09-23T12:00'))).toBe(1);
    const { messages } = store.read.tables;
    expect((await store.read.select().from(messages)).map(({ organisationId, kind }) => [organisationId, kind])).toEqual([
      [id, 'escalation'],
    ]);
    expect(writes()).toBe(2);
  });
});
