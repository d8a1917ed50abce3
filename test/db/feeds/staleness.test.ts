import { expect, it } from 'vitest';
import { complete } from '../../../db/organisations/completions.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { recordOwnEvent } from '../../../db/organisations/own-events.ts';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { changeFeed, createFeed, deleteFeed, rotateFeed } from '../../../db/feeds/feeds.ts';
import { changeOrganisation, deleteOrganisation, saveRelation } from '../../../db/organisations/organisations.ts';
import { openReadCache, type ReadCache } from '../../../db/organisations/read-cache.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { noteLeft } from '../../../db/recipients/unreminded.ts';
import { addDeadline, addOrganisation, castIn, contentOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const insurers = [
  { insurer: 'noord', contractStatus: 'contracted' as const, preferred: false },
  { insurer: 'oost', contractStatus: 'unknown' as const, preferred: true },
];

/** Five practices that deal with the same insurers, and duties of theirs. */
async function setUp(store: Store) {
  await castIn(store);
  return store.write(async (tx) => {
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    const rule = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
    const signing = await addDeadline(tx, { activity: 'signing' }, { duty });
    await addDeadline(tx, { activity: 'signing_term' }, { rule, duty });
    await addDeadline(tx, { insurer: 'oost', activity: 'accounts' }, { duty });
    const feeds = [];
    for (const name of ['A', 'B', 'C', 'D', 'E']) {
      const { id } = await addOrganisation(tx, { name, roles: ['practice'], insurers });
      feeds.push({ id, ...(await createFeed(tx, id, { label: name }, NOW).then((feed) => ({ feedId: feed.id, token: feed.token }))) });
    }
    return { signing, feeds };
  });
}

/** What a poll gets: the whole answer, or why there is none. */
async function polled(cache: ReturnType<typeof openFeedCache>, token: string): Promise<string> {
  try {
    const found = await cache.poll(token, NOW);
    if (!found) return 'nothing';
    // Off the wire it is answered at once, where that can be done.
    const answer = cache.ready(token, NOW, () => 'identity') ?? found;
    return `${answer.tag}\n${String(answer.fault)}\n${answer.bytes!.toString()}`;
  } catch (error) {
    return String(error);
  }
}

onBothDialects('feeds that are in memory', (_, urlOf) => {
  const changes: [what: string, change: (store: Store, set: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>][] = [
    [
      'a deadline that moves',
      async (store, { signing }) =>
        store.write((tx) =>
          amendDeadline(
            tx,
            signing.id,
            { baseRevision: 1, reason: 'x', rule: { kind: 'fixed', on: '2024-11-08' }, sources: contentOf().sources },
            NOW,
          ),
        ),
    ],
    ['a deadline that is withdrawn', async (store, { signing }) => store.write((tx) => withdrawDeadline(tx, signing.id, 'x', NOW))],
    [
      'a contract received',
      async (store, { feeds }) =>
        store.write((tx) =>
          recordOwnEvent(
            tx,
            feeds[1]!.id,
            { kind: 'contract_received', insurer: 'noord', contractYear: 2025, occurredOn: '2024-11-04' },
            NOW,
          ),
        ),
    ],
    [
      'a completion that is not shown, and one that is',
      async (store, { feeds, signing }) =>
        store.write(async (tx) => {
          for (const { id } of feeds.slice(1, 3))
            await complete(tx, id, signing.id, { completedOn: '2024-03-01', by: 'x', evidence: null }, NOW);
          await changeFeed(tx, feeds[1]!.id, feeds[1]!.feedId, { showCompleted: true }, NOW);
        }),
    ],
    ['a recipient that was the last one', async (store, { feeds }) => store.write((tx) => noteLeft(tx, feeds[2]!.id, NOW))],
    [
      'another contract',
      async (store, { feeds }) =>
        store.write((tx) => saveRelation(tx, feeds[3]!.id, 'oost', { contractStatus: 'uncontracted', preferred: false }, NOW)),
    ],
    [
      'another name and language',
      async (store, { feeds }) => store.write((tx) => changeOrganisation(tx, feeds[0]!.id, { name: 'Anders', language: 'en' }, NOW)),
    ],
    [
      'another choice',
      async (store, { feeds }) =>
        store.write((tx) => changeFeed(tx, feeds[1]!.id, feeds[1]!.feedId, { insurers: ['oost'], alarms: [7] }, NOW)),
    ],
    [
      'another link',
      async (store, { feeds }) => store.write((tx) => rotateFeed(tx, feeds[2]!.id, feeds[2]!.feedId, { overlapDays: 14 }, NOW)),
    ],
    ['a feed that ends', async (store, { feeds }) => store.write((tx) => deleteFeed(tx, feeds[2]!.id, feeds[2]!.feedId, NOW))],
    ['an organisation that goes', async (store, { feeds }) => store.write((tx) => deleteOrganisation(tx, feeds[4]!.id, NOW))],
  ];

  it.each(changes)('see %s at the next poll, each what it would see alone, also when another process made it', async (_what, change) => {
    const url = await urlOf();
    const [store, other] = [await openStore(url), await openStore(url)];
    const set = await setUp(store);
    const warm = openFeedCache(store);
    for (const { token } of set.feeds) await polled(warm, token);
    await change(other, set);
    const seen = await Promise.all(set.feeds.map(async ({ token }) => polled(warm, token)));
    const alone = await Promise.all(set.feeds.map(async ({ token }) => polled(openFeedCache(store), token)));
    await Promise.all([store.close(), other.close()]);
    expect(seen).toEqual(alone);
  });
});

type Event = () => Promise<unknown>;

/** A cache with something that happens once: just after it was brought up to date, just before or just after it gave an input. */
function interrupted(readCache: ReadCache) {
  const events: Partial<Record<'afterRefresh' | 'beforeInput' | 'afterInput', Event>> = {};
  const happen = async (name: keyof typeof events) => {
    const event = events[name];
    delete events[name];
    await event?.();
  };
  const refresh: ReadCache['refresh'] = async () => {
    const registry = await readCache.refresh();
    await happen('afterRefresh');
    return registry;
  };
  const agendaInput: ReadCache['agendaInput'] = async (id) => {
    await happen('beforeInput');
    const found = await readCache.agendaInput(id);
    await happen('afterInput');
    return found;
  };
  return { events, readCache: { ...readCache, refresh, agendaInput } };
}

onBothDialects('a commit while a feed is polled', (_, urlOf) => {
  async function open() {
    const url = await urlOf();
    const [store, other] = [await openStore(url), await openStore(url)];
    const { feeds, signing } = await setUp(store);
    const [one, two] = feeds as [(typeof feeds)[0], (typeof feeds)[0]];
    const alone = async () => polled(openFeedCache(store), one.token);
    const rename = async () => other.write((tx) => changeOrganisation(tx, one.id, { name: 'Anders' }, NOW));
    const choose = async () => other.write((tx) => changeFeed(tx, one.id, one.feedId, { insurers: ['oost'] }, NOW));
    const close = async () => Promise.all([store.close(), other.close()]);
    return { store, one, two, signing, alone, rename, choose, close };
  }

  it('between finding a link in memory and rendering it makes the cache look again: tag and bytes are those after it', async () => {
    const { store, one, two, signing, alone, rename, close } = await open();
    // Of one organisation at a time all is in memory: that of the first has to be read again.
    const { events, readCache } = interrupted(openReadCache(store, { agendaInputs: 1, validities: 100, holders: 1 }));
    const cache = openFeedCache(store, { readCache });
    for (const { token } of [one, two]) await polled(cache, token);
    await store.write((tx) => withdrawDeadline(tx, signing.id, 'x', NOW));
    events.afterRefresh = rename;
    const seen = await polled(cache, one.token);
    expect(seen).toContain('Inkoopkalender Anders');
    expect(seen).toBe(await alone());
    expect(await polled(cache, one.token)).toBe(seen);
    await close();
  });

  it('between finding a link in the store and rendering it gives what was there before it or after it, and the next poll what is there after it', async () => {
    const { store, one, alone, rename, close } = await open();
    const before = await alone();
    const { events, readCache } = interrupted(openReadCache(store));
    const cache = openFeedCache(store, { readCache });
    events.afterInput = rename;
    const seen = await polled(cache, one.token);
    expect([before, await alone()]).toContain(seen);
    expect(await polled(cache, one.token)).toBe(await alone());
    await close();
  });

  it('that another poll notices while the link is looked up is seen at the next poll', async () => {
    const { store, one, alone, choose, close } = await open();
    const { events, readCache } = interrupted(openReadCache(store));
    const cache = openFeedCache(store, { readCache });
    events.beforeInput = async () => {
      await choose();
      await readCache.refresh();
    };
    await polled(cache, one.token);
    expect(await polled(cache, one.token)).toBe(await alone());
    await close();
  });
});
