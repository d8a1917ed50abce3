import { expect, it } from 'vitest';
import { complete } from '../../db/completions.ts';
import { amendDeadline, withdrawDeadline } from '../../db/deadlines.ts';
import { recordEvent } from '../../db/events.ts';
import { joinParts } from '../../db/calendar-bytes.ts';
import { openFeedBook } from '../../db/feed-book.ts';
import { changeFeed, createFeed, deleteFeed, rotateFeed } from '../../db/feeds.ts';
import { changeOrganisation, deleteOrganisation, saveRelation } from '../../db/organisations.ts';
import { openStore, type Store } from '../../db/store.ts';
import { noteUnreminded } from '../../db/unreminded.ts';
import { addDeadline, addOrganisation, castIn, contentOf, NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

const insurers = [
  { insurer: 'noord', contractStatus: 'contracted' as const, preferred: false },
  { insurer: 'oost', contractStatus: 'unknown' as const, preferred: true },
];

/** Five practices that deal with the same insurers, so that their feeds share what they show, and two duties of theirs. */
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
async function polled(book: ReturnType<typeof openFeedBook>, token: string): Promise<string> {
  try {
    const edition = await book.feedFor(token, NOW);
    if (!edition) return 'nothing';
    const body = await edition.body('identity');
    // Off the wire it is answered from memory, where that can be done.
    const ready = book.ready(token, NOW) ?? edition;
    const parts = 'parts' in ready ? ready.parts('identity') : null;
    return `${ready.tag}\n${(parts ? joinParts(parts) : body).toString()}`;
  } catch (error) {
    return String(error);
  }
}

onBothDialects('feeds that share their bytes', (_, urlOf) => {
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
          recordEvent(tx, feeds[1]!.id, { kind: 'contract_received', insurer: 'noord', contractYear: 2025, occurredOn: '2024-11-04' }, NOW),
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
    ['a recipient that was the last one', async (store, { feeds }) => store.write((tx) => noteUnreminded(tx, feeds[2]!.id, NOW))],
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
    const warm = openFeedBook(store);
    for (const { token } of set.feeds) await polled(warm, token);
    await change(other, set);
    const seen = await Promise.all(set.feeds.map(async ({ token }) => polled(warm, token)));
    const alone = await Promise.all(set.feeds.map(async ({ token }) => polled(openFeedBook(store), token)));
    await Promise.all([store.close(), other.close()]);
    expect(seen).toEqual(alone);
  });
});
