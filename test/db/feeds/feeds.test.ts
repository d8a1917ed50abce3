import { expect, it } from 'vitest';
import { AppError } from '../../../calendars/errors.ts';
import { createFeed, deleteFeed, listFeeds, rotateFeed } from '../../../db/feeds/feeds.ts';
import { findLink } from '../../../db/organisations/links.ts';
import { deleteOrganisation } from '../../../db/organisations/organisations.ts';
import { digestOf } from '../../../db/store/secrets.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

onBothDialects('changes of one feed at one moment', (_, urlOf) => {
  /** Does it six times at once, from two processes. */
  async function sixAtOnce<T>(stores: Store[], work: (store: Store) => Promise<T>) {
    return Promise.allSettled(Array.from({ length: 6 }, async (_none, n) => work(stores[n % 2]!)));
  }

  it('come one after the other', async () => {
    const url = await urlOf();
    const stores = [await openStore(url), await openStore(url)];
    const [store] = stores as [Store];
    const { ro } = await castIn(store);
    const { id, token } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, NOW));
    const links = await sixAtOnce(stores, (one) => one.write((tx) => rotateFeed(tx, ro.id, id, { overlapDays: 7 }, NOW)));
    const tokens = [token, ...links.map((link) => (link.status === 'fulfilled' ? link.value.token : String(link.reason)))];
    // Each of them was given to somebody, and leads to the feed.
    for (const one of tokens) expect(await findLink(store.read, digestOf(one), NOW)).toMatchObject({ feed: { id } });

    const ends = await sixAtOnce(stores, (one) => one.write((tx) => deleteFeed(tx, ro.id, id, NOW)));
    const faults = ends.flatMap((end) =>
      end.status === 'rejected' ? [end.reason instanceof AppError ? end.reason.kind : end.reason] : [],
    );
    expect(faults).toEqual(Array.from({ length: 5 }, () => 'not_found'));
    for (const one of tokens) expect(await findLink(store.read, digestOf(one), NOW)).toBe('ended');

    await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, NOW));
    const gone = await sixAtOnce(stores, (one) => one.write((tx) => deleteOrganisation(tx, ro.id, NOW)));
    for (const one of gone) if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'not_found' });
    expect(await listFeeds(store.read, ro.id, NOW)).toEqual([]);
    await Promise.all(stores.map((one) => one.close()));
  });
});
