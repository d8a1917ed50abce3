import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { amendDeadline } from '../../db/deadlines.ts';
import { joinParts } from '../../db/calendar-bytes.ts';
import { openFeedBook } from '../../db/feed-book.ts';
import { createFeed } from '../../db/feeds.ts';
import { openMemory } from '../../db/memory.ts';
import { saveRelation } from '../../db/organisations.ts';
import type { Store } from '../../db/store.ts';
import { addDeadline, addOrganisation, castIn, contentOf, NOW } from '../helpers/cast.ts';
import { onSqlite } from '../helpers/stores.ts';

onSqlite('what feeds share', (fresh) => {
  /** Two practices that deal with the same insurer, both polled once, and a deadline of theirs that can be moved. */
  async function setUp() {
    const store = await fresh();
    await castIn(store);
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    const { id } = await store.write((tx) => addDeadline(tx, {}, { duty }));
    const [one, two] = [await addPractice(store, 'Een'), await addPractice(store, 'Twee')];
    const memory = openMemory(store);
    const book = openFeedBook(store, memory);
    for (const { token } of [one, two]) await (await book.feedFor(token, NOW))!.body('identity');
    let revision = 0;
    const move = async () => {
      revision += 1;
      const rule = { kind: 'fixed', on: `2024-11-${String(revision).padStart(2, '0')}` } as const;
      const change = { baseRevision: revision, reason: 'x', rule, sources: contentOf().sources };
      await store.write((tx) => amendDeadline(tx, id, change, NOW));
      await memory.refresh();
    };
    /** What stands ready: nothing, or the whole calendar. */
    const readyAt = (token: string, encoding: 'identity' | 'gzip' = 'identity') => {
      const parts = book.ready(token, NOW)?.parts(encoding);
      return parts ? joinParts(parts) : null;
    };
    return { store, book, one, two, move, readyAt };
  }

  async function addPractice(store: Store, name: string) {
    return store.write(async (tx) => {
      const { id } = await addOrganisation(tx, { name, roles: ['practice'] });
      return { id, token: (await createFeed(tx, id, { label: name }, NOW)).token };
    });
  }

  it('stands ready after a change, before anybody asked', async () => {
    const { store, book, one, two, move, readyAt } = await setUp();
    await move();
    expect([one, two].map(({ token }) => readyAt(token))).toEqual([null, null]);
    await move();
    await book.publish(NOW);
    for (const { token } of [one, two]) {
      const anew = await (await openFeedBook(store).feedFor(token, NOW))!.body('identity');
      expect(anew.toString()).toContain('20241102');
      expect(readyAt(token)!.equals(anew)).toBe(true);
      expect(gunzipSync(readyAt(token, 'gzip')!).equals(anew)).toBe(true);
    }
  });

  it('is made anew ten times for nobody, and from then on when somebody asks', async () => {
    const { book, one, two, move, readyAt } = await setUp();
    for (let n = 0; n < 10; n += 1) {
      await move();
      await book.publish(NOW);
    }
    expect(readyAt(one.token)).not.toBeNull();
    for (let n = 0; n < 11; n += 1) {
      await move();
      await book.publish(NOW);
    }
    expect(readyAt(two.token)).toBeNull();
    await (await book.feedFor(two.token, NOW))!.body('identity');
    await move();
    await book.publish(NOW);
    expect(readyAt(one.token)!.toString()).toContain('20241122');
  });

  it('is not made from an organisation that deals with others by now', async () => {
    const { store, book, one, two, move } = await setUp();
    await store.write((tx) => saveRelation(tx, two.id, 'noord', { contractStatus: 'uncontracted', preferred: false }, NOW));
    await store.write((tx) => saveRelation(tx, two.id, 'oost', { contractStatus: 'contracted', preferred: true }, NOW));
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }, { duty: { ...contentOf().duty, actors: ['provider'] } }));
    await move();
    await book.publish(NOW);
    for (const { token } of [one, two]) {
      const anew = await (await openFeedBook(store).feedFor(token, NOW))!.body('identity');
      expect((await (await book.feedFor(token, NOW))!.body('identity')).equals(anew)).toBe(true);
    }
  });
});
