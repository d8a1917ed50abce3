/** Any history of edits: an event that looks different is newer than the last time it was seen, under the same identity. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { AppError } from '../../../calendars/errors.ts';
import { complete, reopen } from '../../../db/organisations/completions.ts';
import { amendDeadline, withdrawDeadline, type Amendment } from '../../../db/registry/amending.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { listOwnEvents, recordOwnEvent, removeOwnEvent } from '../../../db/organisations/own-events.ts';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { bumpForRenderer } from '../../../db/feeds/upkeep.ts';
import { changeFeed, createFeed, rotateFeed, type FeedInput } from '../../../db/feeds/feeds.ts';
import {
  changeOrganisation,
  deleteOrganisation,
  listOrganisations,
  removeRelation,
  saveRelation,
} from '../../../db/organisations/organisations.ts';
import type { Store, WriteDb } from '../../../db/store/store.ts';
import { saveSetting } from '../../../db/store/settings.ts';
import { readCalendar, seenIn, type Seen } from '../../helpers/calendars.ts';
import { addDeadline, addInsurer, addOrganisation, contentOf, NOW } from '../../helpers/cast.ts';
import { onSqlite } from '../../helpers/stores.ts';

const INSURERS = ['noord', 'oost'] as const;
const any = { contractStatus: 'any' as const, deliverable: null };
const DUTIES = [
  { actors: ['ro' as const], onBehalfOf: [], ...any },
  { actors: ['wsv' as const], onBehalfOf: [], ...any },
  { actors: ['ro' as const, 'wsv' as const], onBehalfOf: [], ...any, contractStatus: 'contracted' as const },
  { actors: ['provider' as const], onBehalfOf: [], ...any },
  { actors: ['insurer' as const], onBehalfOf: [], ...any },
];

/** What a history works on: ids that edits choose from by number. */
interface World {
  store: Store;
  ro: string;
  feeds: { id: string; token: string }[];
  deadlines: string[];
}

async function newWorld(store: Store): Promise<World> {
  const deadlines: string[] = [];
  const ro = await store.write(async (tx) => {
    for (const slug of INSURERS) await addInsurer(tx, slug);
    for (const insurer of [...INSURERS, null]) {
      for (const [i, duty] of DUTIES.entries()) {
        const activity = (['annual_plan', 'accounts', 'contract_request', 'green_deal', 'publication'] as const)[i]!;
        deadlines.push((await addDeadline(tx, { insurer, activity }, { duty })).id);
      }
    }
    const rule = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
    for (const insurer of INSURERS) {
      deadlines.push((await addDeadline(tx, { insurer, activity: 'signing_term' }, { rule, duty: DUTIES[3]! })).id);
      for (const careType of ['multidisciplinary_care', 'gp_care'] as const)
        deadlines.push(
          (
            await addDeadline(
              tx,
              { insurer, activity: 'signing', careType },
              { rule: { kind: 'fixed', on: '2024-12-31' }, duty: DUTIES[3]! },
            )
          ).id,
        );
    }
    const { id } = await addOrganisation(tx);
    await addOrganisation(tx, { name: 'WSV Een', roles: ['wsv'], parent: id });
    return id;
  });
  await bumpForRenderer(store, NOW);
  const feeds: World['feeds'] = [];
  for (const choices of [{}, { showCompleted: true, alarms: [7] }, { roles: ['wsv' as const, 'informed' as const] }])
    feeds.push(await store.write((tx) => createFeed(tx, ro, { label: 'Agenda', ...choices }, NOW)));
  return { store, ro, feeds, deadlines };
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

/** The RO or one of its members. */
async function someone(tx: WriteDb, { ro }: World, n: number): Promise<string> {
  const rows = await listOrganisations(tx);
  return pick(
    rows.filter(({ id, parentId }) => id === ro || parentId === ro),
    n,
  ).id;
}

const SIGNING = { rule: { kind: 'fixed' as const, on: '2024-12-01' }, duty: DUTIES[3]! };

/** What may happen, each chosen among by three numbers. */
type Edit = (tx: WriteDb, world: World, now: Date, numbers: readonly [number, number, number]) => Promise<unknown>;

const amending =
  (changeOf: (k: number) => Omit<Amendment, 'baseRevision' | 'reason'>): Edit =>
  async (tx, { deadlines }, now, [i, k]) => {
    const { id, revision } = await getDeadline(tx, pick(deadlines, i));
    return amendDeadline(tx, id, { baseRevision: revision, reason: 'Gewijzigd.', ...changeOf(k) }, now);
  };

const CHOICES: Partial<FeedInput>[] = [
  { language: 'en' },
  { language: null },
  { alarms: [7, 0] },
  { alarms: [] },
  { showCompleted: true },
  { showCompleted: false },
  { roles: ['ro'] },
  { roles: null },
  { insurers: ['noord', 'sector'] },
  { insurers: null },
  { certainty: ['stated'] },
  { label: 'Anders' },
];

const EDITS: Record<string, Edit> = {
  move: amending((k) => ({ rule: { kind: 'fixed', on: `2024-1${k % 3}-1${k % 9}` }, sources: contentOf().sources })),
  retitle: amending((k) => ({ title: `Titel ${k % 4}` })),
  arrive: async (tx, _, now, [i]) =>
    addDeadline(tx, { insurer: pick(INSURERS, i), activity: 'signing', careType: 'general' }, SIGNING, now),
  undate: amending(() => ({ rule: { kind: 'none' }, boundary: null, certainty: 'unknown' })),
  reassign: amending((k) => ({ duty: pick(DUTIES, k) })),
  withdraw: async (tx, { deadlines }, now, [i]) => withdrawDeadline(tx, pick(deadlines, i), 'Vervallen.', now),
  relate: async (tx, world, now, [who, i, k]) => {
    const relation = { contractStatus: pick(['contracted', 'uncontracted', 'unknown'] as const, k), preferred: k % 2 === 0 };
    return saveRelation(tx, await someone(tx, world, who), pick(INSURERS, i), relation, now);
  },
  unrelate: async (tx, world, now, [who, i]) => removeRelation(tx, await someone(tx, world, who), pick(INSURERS, i), now),
  recast: async (tx, world, now, [who, k]) => {
    const id = await someone(tx, world, who);
    const roles =
      id === world.ro ? pick([['ro'], ['ro', 'wsv'], ['ro', 'practice']] as const, k) : pick([['wsv'], ['wsv', 'practice']] as const, k);
    return changeOrganisation(tx, id, { roles: [...roles] }, now);
  },
  rename: async (tx, world, now, [who, k]) => changeOrganisation(tx, await someone(tx, world, who), { name: `Naam ${k % 3}` }, now),
  translate: async (tx, { ro }, now, [k]) => changeOrganisation(tx, ro, { language: pick(['nl', 'en'] as const, k) }, now),
  join: async (tx, { ro }, now, [i, k]) => {
    const insurers = [{ insurer: pick(INSURERS, i), contractStatus: 'unknown' as const, preferred: false }];
    return addOrganisation(tx, { name: `WSV ${k % 4}`, roles: ['wsv'], parent: ro, insurers }, now);
  },
  leave: async (tx, world, now, [who]) => {
    const id = await someone(tx, world, who);
    return id === world.ro ? null : deleteOrganisation(tx, id, now);
  },
  receive: async (tx, world, now, [who, i, k]) => {
    const occurred = { insurer: pick(INSURERS, i), contractYear: 2025, occurredOn: `2024-11-1${k % 9}` };
    return recordOwnEvent(tx, await someone(tx, world, who), { kind: 'contract_received', ...occurred }, now);
  },
  unreceive: async (tx, world, now, [who, i]) => {
    const id = await someone(tx, world, who);
    const events = await listOwnEvents(tx, id);
    return events.length === 0 ? null : removeOwnEvent(tx, id, pick(events, i).id, now);
  },
  complete: async (tx, { ro, deadlines }, now, [i, k]) =>
    complete(tx, ro, pick(deadlines, i), { completedOn: `2024-09-1${k % 9}`, by: 'A. de Vries', evidence: null }, now),
  reopen: async (tx, { ro, deadlines }, now, [i]) => reopen(tx, ro, pick(deadlines, i), now),
  choose: async (tx, { ro, feeds }, now, [i, k]) => changeFeed(tx, ro, pick(feeds, i).id, pick(CHOICES, k), now),
  rotate: async (tx, { ro, feeds }, now, [i]) => {
    const feed = pick(feeds, i);
    feed.token = (await rotateFeed(tx, ro, feed.id, { overlapDays: 7 }, now)).token;
  },
  renameInsurer: async (tx, _, __, [k]) => addInsurer(tx, 'noord', `Noord ${k % 3}`),
  restyle: async (tx) => saveSetting(tx, 'rendered', JSON.stringify({ '': '0', noord: '0', oost: '0' })),
};

const number = fc.nat({ max: 50 });
const step = fc.record({
  edit: fc.constantFrom(...Object.keys(EDITS)),
  numbers: fc.tuple(number, number, number),
  pause: fc.constantFrom(0, 0, 0, 400, 1000, 90_000),
});

function passExpected(error: unknown) {
  if (!(error instanceof AppError)) throw error;
}

onSqlite('over any history', (fresh) => {
  it('an event that looks different is newer, and so is the answer with it', async () => {
    let differences = 0;
    const history = fc.array(step, { minLength: 10, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const world = await newWorld(await fresh());
        const cache = openFeedCache(world.store);
        const known = world.feeds.map(() => new Map<string, Seen>());
        // By link: another link is another address, with a history of its own.
        const answers = new Map<string, { body: Buffer; tag: string; lastModified: number }>();
        let now = NOW;
        for (const [done, { edit, numbers, pause }] of steps.entries()) {
          now = new Date(now.getTime() + pause);
          // What an edit cannot do to what is there now is no edit.
          await world.store.write((tx) => EDITS[edit]!(tx, world, now, numbers)).catch(passExpected);
          await bumpForRenderer(world.store, now);
          for (const [i, { token }] of world.feeds.entries()) {
            const edition = (await cache.poll(token, now))!;
            const body = edition.bytes!;
            if (i === done % world.feeds.length) {
              // What is remembered is what the store holds.
              const anew = await openFeedCache(world.store).poll(token, now);
              expect(anew!.bytes!.equals(body)).toBe(true);
              expect(anew!.tag).toBe(edition.tag);
            }
            const last = answers.get(token);
            if (last && body.equals(last.body)) continue;
            if (last) {
              expect(edition.tag).not.toBe(last.tag);
              expect(edition.lastModified > last.lastModified).toBe(true);
            }
            answers.set(token, { body, tag: edition.tag, lastModified: edition.lastModified });
            for (const [uid, seen] of seenIn(body)) {
              const before = known[i]!.get(uid);
              if (before && before.look !== seen.look) {
                differences += 1;
                const newer = [seen.sequence > before.sequence, seen.changedAt > before.changedAt];
                expect({ newer, seen, before }).toEqual({ newer: [true, true], seen, before });
              } else if (before) {
                expect([uid, seen.sequence >= before.sequence, seen.changedAt >= before.changedAt]).toEqual([uid, true, true]);
              }
              known[i]!.set(uid, seen);
            }
          }
        }
        for (const { body } of answers.values()) readCalendar(body);
        await world.store.close();
      }),
      { numRuns: Number(process.env['HISTORIES'] ?? 12) },
    );
    // The histories really change what is seen.
    expect(differences).toBeGreaterThan(100);
  }, 600_000);
});
