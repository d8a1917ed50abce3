import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { createFeed } from '../../../db/feeds/feeds.ts';
import { openReadCache } from '../../../db/organisations/read-cache.ts';
import { bumpRegistry } from '../../../db/store/counters.ts';
import { addDeadline, addInsurer, addOrganisation, NOW } from '../../helpers/cast.ts';
import { onSqlite } from '../../helpers/stores.ts';

/** What is still held after all has been collected that may be. */
async function collect() {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let n = 0; n < 2; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}

onSqlite('the cache of feeds', (fresh) => {
  it('takes no more memory than it may, however many calendars are polled', async () => {
    const store = await fresh();
    const count = 1000;
    const tokens = await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      for (let n = 0; n < 10; n += 1) await addDeadline(tx, { contractYear: 2025 + n });
      const tokens: string[] = [];
      for (let n = 0; n < count; n += 1) {
        const { id } = await addOrganisation(tx, { name: `Regio ${n}` });
        tokens.push((await createFeed(tx, id, { label: 'x' }, NOW)).token);
      }
      return tokens;
    });
    const KB = 1024;
    const limits = { links: count, editions: count, entries: 8 * KB, identity: 500 * KB, gzip: 500 * KB };
    const all = limits.entries + limits.identity + limits.gzip;
    const cache = openFeedCache(store, { limits });
    await cache.poll(tokens[0]!, NOW);
    await collect();
    const before = process.memoryUsage().arrayBuffers;
    const seen = { plain: 0, packed: 0 };
    for (const token of tokens) {
      const plain = (await cache.poll(token, NOW))!.bytes!;
      const packed = (await cache.poll(token, NOW, () => 'gzip'))!.bytes!;
      expect(gunzipSync(packed).equals(plain)).toBe(true);
      seen.plain += plain.length;
      seen.packed += packed.length;
    }
    // It really was filled, several times over.
    expect([seen.plain > 10 * limits.identity, seen.packed > 2 * limits.gzip]).toEqual([true, true]);
    await collect();
    const held = process.memoryUsage().arrayBuffers - before;
    expect(held).toBeLessThan(all);
    expect(held).toBeGreaterThan(all / 2);
    // What had to go is made again.
    expect((await cache.poll(tokens[0]!, NOW))!.fault).toBeNull();
  });

  it('does not hold on to the registry that a feed was made from which nobody fetches any more', async () => {
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
    const readCache = openReadCache(store);
    const cache = openFeedCache(store, { readCache });
    const states: WeakRef<object>[] = [];
    for (const token of tokens) {
      await cache.poll(token, NOW);
      states.push(new WeakRef(readCache.registry().parts));
      await store.write((tx) => bumpRegistry(tx, 'i0', NOW));
    }
    await readCache.refresh();
    await collect();
    expect(states.filter((state) => state.deref() !== undefined).length).toBeLessThanOrEqual(1);
    // It is there until here.
    expect(cache).toBeDefined();
  });
});
