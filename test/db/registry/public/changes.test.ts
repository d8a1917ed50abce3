/** What readers are told of as changes of the registry: which revisions are some, in which order, and that none is ever skipped. */
import { expect, it } from 'vitest';
import { amendDeadline, withdrawDeadline } from '../../../../db/registry/amending.ts';
import { recordCheck } from '../../../../db/registry/checks.ts';
import { getDeadline, listRevisions } from '../../../../db/registry/deadlines.ts';
import { changesAfter, getPublicChange, lastPossibleNumber, newestChanges } from '../../../../db/registry/public/changes.ts';
import { projectTimelines } from '../../../../db/registry/timelines.ts';
import { renewEditions } from '../../../../db/store/counters.ts';
import type { Store } from '../../../../db/store/store.ts';
import { loadRegistry } from '../../../../seeds/loader.ts';
import type { Registry, RegistryRevision } from '../../../../seeds/registry.ts';
import { addDeadline, addInsurer, castIn, contentOf, identityOf, NOW } from '../../../helpers/cast.ts';
import { countWaiting, onBothDialects } from '../../../helpers/stores.ts';

const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const quoting = (quote: string) => [{ document: 'Beleid 2025', section: null, quote, url: null }];
/** To another day of October. */
const to = (day: number) =>
  ({
    reason: 'Verschoven.',
    rule: { kind: 'fixed', on: `2024-10-${String(day).padStart(2, '0')}` },
    sources: quoting(`${day} oktober 2024`),
  }) as const;

/** "noord annual_plan 1>2" of each, in their order. */
const told = async (store: Store, number = 0) =>
  (await changesAfter(store.read, { number }, 100)).map(
    ({ after, before }) => `${after.insurer} ${after.activity} ${before?.revision ?? 0}>${after.revision}`,
  );

const noord = {
  slug: 'noord',
  name: 'Noord',
  kind: 'health_insurer' as const,
  website: null,
  aliases: [],
  contacts: [],
  remarks: [],
  documents: [],
};
const said = (over: Parameters<typeof contentOf>[0], reason = 'Ingevoerd.'): RegistryRevision => ({
  content: contentOf(over),
  reason,
  announcedOn: null,
});
const registryOf = (revisions: RegistryRevision[]): Registry => ({
  insurers: [noord],
  documents: [],
  deadlines: [{ id: '6f1ed002-ab59-4f1d-9a10-3ea2b1a5c001', ...identityOf(), checked: null, revisions }],
  quotes: [],
});

onBothDialects('the changes that readers are told of', (fresh) => {
  it('are what an editor enters, moves or withdraws, and what moves along as far as it was said', async () => {
    const store = await fresh();
    await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const rule = { kind: 'offset', from: { activity: 'annual_plan' }, amount: 2, unit: 'week', direction: 'before' } as const;
    const sources = [{ document: 'Beleid 2025', section: null, quote: 'twee weken voor het jaarplan', url: null }];
    await store.write((tx) => addDeadline(tx, { activity: 'review_meeting' }, { rule, sources }));
    expect(await told(store)).toEqual(['noord annual_plan 0>1', 'noord review_meeting 0>1']);
    await store.write((tx) => amendDeadline(tx, id, { baseRevision: 1, ...to(8) }, at(1)));
    // Says the same: nothing that a reader can notice.
    await store.write((tx) => amendDeadline(tx, id, { baseRevision: 2, reason: 'Nog eens gelezen.' }, at(2)));
    await store.write(async (tx) => recordCheck(tx, await getDeadline(tx, id), { on: '2025-01-02', by: 'redactie' }, at(3)));
    await store.write((tx) => projectTimelines(tx, 2024, at(4)));
    await store.write((tx) => withdrawDeadline(tx, id, 'Vervallen.', at(5)));
    expect((await told(store)).slice(2)).toEqual([
      'noord annual_plan 1>2',
      'noord review_meeting 1>2',
      'noord annual_plan 3>4',
      'noord review_meeting 2>3',
    ]);
    const ids = (await listRevisions(store.read, id)).map(({ changeId }) => changeId);
    // What says the same carries the change of before.
    expect([new Set(ids).size, ids[1]]).toEqual([3, ids[2]]);
    const newest = (await newestChanges(store.read, {}, 2)).slice(1);
    expect(newest[0]).toMatchObject({ id: ids[3], before: { revision: 3 }, after: { revision: 4, reason: 'Vervallen.' }, publicAt: at(5) });
    expect(await getPublicChange(store.read, ids[3]!)).toEqual(newest[0]);
    await expect(getPublicChange(store.read, id)).rejects.toThrow('No such change.');
    expect(await newestChanges(store.read, { insurer: 'oost' }, 9)).toEqual([]);
    expect((await newestChanges(store.read, { below: newest[0]!.number }, 1))[0]).toMatchObject({ after: { activity: 'review_meeting' } });
  });

  it('are not what fills an empty registry, with all that it ever said, nor what is computed from it', async () => {
    const store = await fresh();
    const revisions = [
      said({}),
      said(
        { rule: { kind: 'fixed', on: '2024-10-08' }, sources: [{ document: 'B', section: null, quote: '8 oktober 2024', url: null }] },
        'Uitstel.',
      ),
    ];
    await loadRegistry(store, registryOf(revisions), NOW);
    await store.write((tx) => projectTimelines(tx, 2024, NOW));
    expect(await told(store)).toEqual([]);
    // What a file says anew at a later start is one.
    await loadRegistry(store, registryOf([...revisions, said({ title: 'Jaarplan' }, 'Korter.')]), at(1));
    expect(await told(store)).toEqual(['noord annual_plan 2>3']);
  });

  it('of a release that says its files anew are only other days', async () => {
    const store = await fresh();
    await loadRegistry(store, registryOf([said({})]), NOW);
    await loadRegistry(store, registryOf([said({}), said({ title: 'Jaarplan' })]), at(1), true);
    expect(await told(store)).toEqual([]);
    const sources = [{ document: 'B', section: null, quote: '8 oktober 2024', url: null }];
    await loadRegistry(
      store,
      registryOf([said({}), said({ title: 'Jaarplan' }), said({ rule: { kind: 'fixed', on: '2024-10-08' }, sources })]),
      at(2),
      true,
    );
    expect(await told(store)).toEqual(['noord annual_plan 2>3']);
  });

  it('are all met by who asks again and again, in the order of the commits, while changes overtake each other', async () => {
    const store = await fresh();
    await castIn(store);
    const ids: string[] = [];
    for (const insurer of ['noord', 'oost', 'zuid']) ids.push((await store.write((tx) => addDeadline(tx, { insurer }))).id);
    let mark = await lastPossibleNumber(store.read);
    const start = mark;
    const met: string[] = [];
    const ask = async () => {
      const reached = await lastPossibleNumber(store.read);
      const changes = await changesAfter(store.read, { number: mark }, 100);
      met.push(...changes.map(({ id }) => id));
      mark = Math.max(mark, reached, ...changes.map(({ number }) => number));
    };
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    // The first has its number, and does not commit.
    const slow = store.write(async (tx) => {
      await amendDeadline(tx, ids[0]!, { baseRevision: 1, ...to(8) }, at(1));
      begun.resolve();
      await gate;
    });
    await Promise.race([begun.promise, slow]);
    const fast = store.write((tx) => amendDeadline(tx, ids[1]!, { baseRevision: 1, ...to(9) }, at(2)));
    if (store.dialect === 'pg') await expect.poll(() => countWaiting(store.read), { timeout: 60_000 }).toBeGreaterThan(0);
    await ask();
    expect(met).toEqual([]);
    open();
    await Promise.all([slow, fast]);
    await ask();
    await store.write((tx) => amendDeadline(tx, ids[2]!, { baseRevision: 1, ...to(10) }, at(3)));
    await ask();
    expect(met).toEqual((await changesAfter(store.read, { number: start }, 100)).map(({ id }) => id));
    expect(await told(store, start)).toEqual(['noord annual_plan 1>2', 'oost annual_plan 1>2', 'zuid annual_plan 1>2']);
  });

  it('never get a number twice, also after a restore', async () => {
    const store = await fresh();
    await store.write((tx) => addInsurer(tx, 'noord'));
    await store.write((tx) => addDeadline(tx));
    const before = await lastPossibleNumber(store.read);
    await store.write((tx) => renewEditions(tx, 1000, at(1)));
    await store.write((tx) => addDeadline(tx, { activity: 'accounts' }));
    const [newest] = await newestChanges(store.read, {}, 1);
    expect(newest!.number).toBeGreaterThan(before + 1000);
  });
});
