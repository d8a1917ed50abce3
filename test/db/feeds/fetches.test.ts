import { expect, it } from 'vitest';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { openFetchLog } from '../../../db/feeds/fetches.ts';
import { createFeed, listFeeds } from '../../../db/feeds/feeds.ts';
import type { Store } from '../../../db/store/store.ts';
import { castIn } from '../../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

const at = (time: string) => new Date(`2024-04-02T${time}Z`);

const fetchedOf = (feedId: string) => ({ feedId, by: 0 });

async function feedsIn(store: Store, count: number) {
  const { ro } = await castIn(store);
  const feeds = [];
  for (let i = 0; i < count; i += 1) feeds.push(await store.write((tx) => createFeed(tx, ro.id, { label: String(i) }, at('08:00:00'))));
  const shown = async () =>
    (await listFeeds(store.read, ro.id, at('08:00:00'))).map(({ lastFetchedOn, client }) => [lastFetchedOn, client]);
  return { fetched: feeds.map(({ id }) => fetchedOf(id)), shown };
}

onBothDialects('the memory of fetches', (fresh) => {
  it('writes each feed once, on the day in Amsterdam on which it was fetched', async () => {
    const store = await fresh();
    const { fetched, shown } = await feedsIn(store, 1);
    const log = openFetchLog();
    for (let i = 0; i < 1000; i += 1) log.note(fetched[0]!, 'Evolution/3.46.4', at('21:59:59'));
    expect(await log.record(store, at('22:00:30'))).toBe(1);
    expect(await shown()).toEqual([['2024-04-02', 'Evolution']]);
    log.note(fetched[0]!, 'Evolution/3.46.4', at('22:01:00'));
    expect(await log.record(store, at('23:01:00'))).toBe(1);
    expect(await shown()).toEqual([['2024-04-03', 'Evolution']]);
  });

  it('does not write again what it wrote that day', async () => {
    const store = await fresh();
    const { fetched } = await feedsIn(store, 1);
    const log = openFetchLog();
    for (const time of ['08:00:00', '10:00:00', '12:00:00']) {
      log.note(fetched[0]!, 'vdirsyncer/0.19', at(time));
      await log.record(store, at(time));
    }
    const commits = store.pulse();
    log.note(fetched[0]!, 'vdirsyncer/0.19', at('14:00:00'));
    expect(await log.record(store, at('14:00:00'))).toBe(0);
    expect(store.pulse()).toBe(commits);
  });

  it('keeps what the store did not take for the next round', async () => {
    const store = await fresh();
    const { fetched, shown } = await feedsIn(store, 2);
    const log = openFetchLog();
    const gone = Array.from({ length: 150 }, (_, i) => fetchedOf(`gone ${i}`));
    for (const one of [fetched[0]!, ...gone, fetched[1]!]) log.note(one, 'vdirsyncer/0.19', at('08:00:00'));
    let writes = 0;
    const failing: Store = {
      ...store,
      write: (work) => ((writes += 1) === 1 ? store.write(work) : Promise.reject(new Error('connect ECONNREFUSED'))),
    };
    await expect(log.record(failing, at('08:00:00'))).rejects.toThrow('ECONNREFUSED');
    log.note(fetched[1]!, 'vdirsyncer/0.19', at('08:00:10'));
    expect(await log.record(store, at('08:00:15'))).toBe(52);
    expect(await shown()).toEqual([1, 2].map(() => ['2024-04-02', 'vdirsyncer']));
  });

  it('takes many feeds in several transactions, and survives one that is gone', async () => {
    const store = await fresh();
    const { fetched, shown } = await feedsIn(store, 3);
    const log = openFetchLog();
    const gone = Array.from({ length: 450 }, (_, i) => fetchedOf(`gone ${i}`));
    for (const one of [...fetched.slice(0, 2), ...gone, fetched[2]!]) log.note(one, undefined, at('08:00:00'));
    expect(await log.record(store, at('08:00:00'))).toBe(453);
    expect(await shown()).toEqual([1, 2, 3].map(() => ['2024-04-02', 'unknown']));
  });
});

onSqlite('a poll', (fresh) => {
  it('counts as a fetch, from memory too, and making a feed ready for the first one does not', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { token } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, at('08:00:00')));
    const cache = openFeedCache(store);
    await cache.prepare(token, at('08:00:00'));
    expect(await cache.recordFetches(at('08:00:00'))).toBe(0);
    await cache.poll(token, at('08:00:00'), () => 'gzip', 'Evolution/3.46.4');
    expect(cache.ready(token, at('08:00:01'), () => null, 'curl/8.5.0')).not.toBeNull();
    expect(await cache.recordFetches(at('08:01:00'))).toBe(1);
    expect((await listFeeds(store.read, ro.id, at('08:01:00')))[0]).toMatchObject({ lastFetchedOn: '2024-04-02', client: 'script' });
  });
});
