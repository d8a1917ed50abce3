import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { openFeedBook } from '../../db/feed-book.ts';
import { createFeed } from '../../db/feeds.ts';
import { openMemory } from '../../db/memory.ts';
import { bumpRegistry } from '../../db/versions.ts';
import { addDeadline, addInsurer, addOrganisation, NOW } from '../helpers/cast.ts';
import { onSqlite } from '../helpers/stores.ts';

onSqlite('a feed that nobody fetches any more', (fresh) => {
  it('does not hold on to the registry that it was made from', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const store = await fresh();
    const tokens = await store.write(async (tx) => {
      for (let n = 0; n < 10; n += 1) await addInsurer(tx, `i${n}`);
      await addDeadline(tx, { insurer: 'i0' });
      const made: string[] = [];
      for (let n = 0; n < 10; n += 1) {
        const insurers = [{ insurer: `i${n}`, contractStatus: 'contracted' as const, preferred: false }];
        const { id } = await addOrganisation(tx, { name: `O${n}`, insurers });
        made.push((await createFeed(tx, id, { label: 'x' }, NOW)).token);
      }
      return made;
    });
    const memory = openMemory(store);
    const book = openFeedBook(store, memory);
    const states: WeakRef<object>[] = [];
    for (const token of tokens) {
      await (await book.feedFor(token, NOW))!.body('identity');
      states.push(new WeakRef(memory.registry().parts));
      await store.write((tx) => bumpRegistry(tx, 'i0', NOW));
    }
    await memory.refresh();
    for (let n = 0; n < 2; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    expect(states.filter((state) => state.deref() !== undefined).length).toBeLessThanOrEqual(1);
    // It is there until here.
    expect(book).toBeDefined();
  });
});
