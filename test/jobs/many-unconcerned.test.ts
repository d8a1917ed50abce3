/** Looking for whom something concerns among hundreds whom it does not: nobody is missed, and nothing is written down of the others. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { announceChanges } from '../../db/notices/news.ts';
import { amendDeadline } from '../../db/registry/amending.ts';
import { escalate } from '../../db/notices/escalations.ts';
import type { Store } from '../../db/store/store.ts';
import { addDeadline, addInsurer } from '../helpers/cast.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const SINCE = at('05-01T12:00');
/** More than two pages hold. */
const OTHERS = 450;
const SIGN = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };

/** One organisation whom it concerns, with two people; hundreds whose people never confirmed, or who deal with another insurer, in turn. */
async function fill(store: Store, concerned: string) {
  return store.write(async (tx) => {
    for (const slug of ['noord', 'oost']) await addInsurer(tx, slug);
    const { organisations, recipients, relations } = tx.tables;
    for (let n = 0; n <= OTHERS; n += 1) {
      const isIt = n === OTHERS;
      const id = isIt ? concerned : randomUUID();
      const insurerSlug = isIt || n % 2 === 0 ? 'noord' : 'oost';
      await tx.insert(organisations).values({ id, name: `Praktijk ${n}`, language: 'nl', roles: ['wsv'], version: 0, createdAt: SINCE });
      await tx.insert(relations).values({ organisationId: id, insurerSlug, contractStatus: 'contracted', preferred: false });
      const person = { organisationId: id, leadDays: [365], digest: 'daily' as const, createdAt: SINCE };
      const state = isIt || insurerSlug === 'oost' ? { status: 'confirmed' as const, confirmedAt: SINCE } : { status: 'pending' as const };
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
  ])('a change is told to the one whom it concerns: %s', async (_, id) => {
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
    // One for the organisation, one that takes the change off the record.
    expect(writes()).toBe(2);
    expect(await store.read.select().from(changes)).toEqual([]);
  });

  it('what is not done is told to the second recipient of the one whom it concerns', async () => {
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
