/** Groups of assumptions in an organisation's calendars: what they say, and that whatever happens a group that looks different is newer. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSelection } from '../../../calendars/agenda/selection.ts';
import { AppError } from '../../../calendars/errors.ts';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import { nameUuid } from '../../../calendars/name-uuid.ts';
import { openFeedCache, type Answer, type FeedCache } from '../../../db/feeds/cache.ts';
import { changeFeed, createFeed, deleteFeed, type FeedInput } from '../../../db/feeds/feeds.ts';
import { bumpForRenderer } from '../../../db/feeds/upkeep.ts';
import { complete } from '../../../db/organisations/completions.ts';
import {
  changeOrganisation,
  deleteOrganisation,
  listOrganisations,
  removeRelation,
  saveRelation,
} from '../../../db/organisations/organisations.ts';
import { listOwnEvents, recordOwnEvent, removeOwnEvent } from '../../../db/organisations/own-events.ts';
import { amendDeadline, withdrawDeadline, type Amendment } from '../../../db/registry/amending.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { openStore, type Store, type WriteDb } from '../../../db/store/store.ts';
import { readCalendar, seenIn, type Seen } from '../../helpers/calendars.ts';
import { addDeadline, addInsurer, addOrganisation, contentOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const any = { onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
const UNSAID = { channel: null, consequence: null, extension: null };
const assumed = (over: Partial<Content> = {}): Partial<Content> => ({
  ...UNSAID,
  title: 'Zorgovereenkomst 2025 ondertekenen',
  rule: { kind: 'fixed', on: '2024-12-31' },
  boundary: null,
  certainty: 'template',
  basis: { kind: 'common_rhythm', deadlineId: null, text: 'Aanname op basis van een andere planning.' },
  duty: { actors: ['provider'], ...any },
  sources: [],
  ...over,
});
const stated = contentOf();

const relation = (insurer: string, contractStatus: 'contracted' | 'unknown' = 'contracted') => ({
  insurer,
  contractStatus,
  preferred: false,
});

onBothDialects('assumptions in an organisation’s calendar', (fresh) => {
  /** A practice that deals with three insurers, of each of which a signing is assumed, and its calendar. */
  async function setUp(names: Record<string, Partial<Content>>, choices: Partial<FeedInput> = {}) {
    const store = await fresh();
    const set = await store.write(async (tx) => {
      const ids: Record<string, string> = {};
      for (const [name, over] of Object.entries(names)) {
        await addInsurer(tx, name.toLowerCase(), name);
        ids[name] = (await addDeadline(tx, { insurer: name.toLowerCase(), activity: 'signing' }, assumed(over))).id;
      }
      const insurers = Object.keys(names).map((name) => relation(name.toLowerCase()));
      const { id } = await addOrganisation(tx, { name: 'Praktijk', roles: ['practice'], insurers });
      return {
        ids,
        id,
        ...(await createFeed(tx, id, { label: 'Agenda', ...choices }, NOW).then(({ id: feedId, token }) => ({ feedId, token }))),
      };
    });
    const cache = openFeedCache(store);
    const poll = async () => readCalendar((await cache.poll(set.token, NOW))!.bytes!).events;
    return { store, ...set, poll };
  }

  it('are one entry on the first day, with the names as people look them up, and what to do', async () => {
    const { id, poll } = await setUp({ Zuid: {}, Ena: { rule: { kind: 'fixed', on: '2024-12-30' } }, Noord: {} });
    const [event, ...others] = await poll();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      uid: nameUuid(id, '2025/signing/practice'),
      on: '2024-12-30',
      status: 'TENTATIVE',
      title: 'Zorgovereenkomst 2025 ondertekenen – 3 verzekeraars (aanname)',
      categories: ['Ena', 'Noord', 'Zuid', 'Zorgovereenkomst ondertekenen'],
    });
    expect(event!.description)
      .toBe(`Vermoedelijk tussen 30 december 2024 en 31 december 2024. Deze verzekeraars noemden geen datum; de echte kan eerder zijn. Zekerheid: aanname, niet bevestigd.
Verzekeraars: Ena, Noord en Zuid.

Kijk bij elke verzekeraar welke datum geldt.

Wie: u, als huisartsenpraktijk
Contractjaar: 2025

Gebaseerd op: Aanname op basis van een andere planning.`);
  });

  it('say of whom nobody knows that they offered an agreement, what each knew before, and why for whom', async () => {
    const { store, id, poll } = await setUp(
      { Noord: {}, Oost: { basis: { kind: 'common_rhythm', deadlineId: null, text: 'Mogelijk hoeft u niets te tekenen.' } } },
      { language: 'en', alarms: [7] },
    );
    await store.write(async (tx) => {
      await saveRelation(tx, id, 'oost', { contractStatus: 'unknown', preferred: false }, NOW);
      const certificate = { title: 'Certificaat aanvragen', rule: { kind: 'none' }, boundary: null, certainty: 'unknown' } as const;
      await addDeadline(
        tx,
        { insurer: 'noord', activity: 'certificate_request' },
        { ...certificate, duty: { actors: ['provider'], ...any } },
      );
    });
    const [event] = await poll();
    expect(event!.title).toBe('Sign the contract 2025 – 2 insurers (assumption)');
    expect(event!.description)
      .toBe(`Probably around 31 December 2024. These insurers named no date; the real one may be earlier. Certainty: assumption, not confirmed.
Insurers: Noord and Oost.

Were you offered a contract by Oost? Then sign that too.
Ask each insurer which date holds.

Who: you, as GP practice
Contract year: 2025

Noord:
Arrange beforehand: Apply for a VECOZO certificate (inkoop@verzekeraar.example). Mogelijk een afslag op het tarief.

Based on (Noord) (in Dutch): Aanname op basis van een andere planning.
Based on (Oost) (in Dutch): Mogelijk hoeft u niets te tekenen.`);
  });

  it('of one insurer alone read as that one does, under the identity of the group', async () => {
    const { id, poll } = await setUp({ Noord: {} });
    const [event] = await poll();
    expect(event).toMatchObject({
      uid: nameUuid(id, '2025/signing/practice'),
      title: 'Zorgovereenkomst 2025 ondertekenen – Noord (aanname)',
    });
    expect(event!.description).toContain(
      'Vermoedelijk rond 31 december 2024. Deze verzekeraar noemde geen datum; de echte kan eerder zijn.',
    );
  });

  it('leave it without a word when they are stated or gone, and stand there as what they are then', async () => {
    const { store, ids, poll } = await setUp({ Noord: {}, Oost: {}, Zuid: {} });
    const [all] = await poll();
    await store.write((tx) => withdrawDeadline(tx, ids['Zuid']!, 'Vervallen.', NOW));
    const [two] = await poll();
    expect(two).toMatchObject({ uid: all!.uid, title: 'Zorgovereenkomst 2025 ondertekenen – 2 verzekeraars (aanname)' });
    expect(two!.sequence).toBeGreaterThan(all!.sequence);
    const state = async (name: string) =>
      store.write((tx) =>
        amendDeadline(
          tx,
          ids[name]!,
          { baseRevision: 1, reason: 'Gepubliceerd.', ...stated, title: 'Tekenen', duty: { actors: ['provider'], ...any } },
          NOW,
        ),
      );
    await state('Noord');
    expect((await poll()).map(({ uid, title, status }) => [uid, title, status]).sort()).toEqual(
      [
        [ids['Noord'], 'Tekenen 2025 – Noord', 'CONFIRMED'],
        [all!.uid, 'Zorgovereenkomst 2025 ondertekenen – Oost (aanname)', 'TENTATIVE'],
      ].sort(),
    );
    await state('Oost');
    expect((await poll()).map(({ uid }) => uid).sort()).toEqual([ids['Noord'], ids['Oost']].sort());
  });

  it('are not marked as done there, and do not change when one of them is', async () => {
    const { store, ids, id, poll } = await setUp({ Noord: {}, Oost: {} }, { showCompleted: true });
    const before = await poll();
    await store.write((tx) => complete(tx, id, ids['Noord']!, { completedOn: '2024-03-01', by: 'A', evidence: null }, NOW));
    expect(await poll()).toEqual(before);
  });

  it('keep their own identity in the calendar of an insurer', async () => {
    const { store, ids } = await setUp({ Noord: {}, Oost: {} });
    const { events } = readCalendar((await openFeedCache(store).pollInsurer('noord', { language: 'nl' }, NOW))!.bytes!);
    expect(events.map(({ uid }) => uid)).toEqual([ids['Noord']]);
  });

  it('do not get older in a calendar that is made after the only one was removed and an insurer left', async () => {
    const { id, feedId, poll, store } = await setUp({ Ena: {}, Noord: {}, Zuid: {} });
    const [before] = await poll();
    const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
    await store.write((tx) => deleteFeed(tx, id, feedId, later(1)));
    await store.write((tx) => removeRelation(tx, id, 'zuid', later(2)));
    const { token } = await store.write((tx) => createFeed(tx, id, { label: 'Nieuw' }, later(3)));
    const [after] = readCalendar((await openFeedCache(store).poll(token, later(4)))!.bytes!).events;
    expect([after!.uid, after!.title]).toEqual([before!.uid, expect.stringContaining('2 verzekeraars')]);
    expect(after!.sequence).toBeGreaterThan(before!.sequence);
    expect(after!.changedAt >= before!.changedAt).toBe(true);
  });

  it('are those of the insurers that a feed chose, each feed under the same identity', async () => {
    const { store, id, feedId, poll } = await setUp({ Noord: {}, Oost: {}, Zuid: {} });
    const [all] = await poll();
    await store.write((tx) => changeFeed(tx, id, feedId, { insurers: ['noord', 'oost'] }, NOW));
    const [two] = await poll();
    await store.write((tx) => changeFeed(tx, id, feedId, { insurers: null }, NOW));
    const [again] = await poll();
    expect([two, again].map((event) => [event!.uid, event!.title])).toEqual([
      [all!.uid, 'Zorgovereenkomst 2025 ondertekenen – 2 verzekeraars (aanname)'],
      [all!.uid, all!.title],
    ]);
    expect([all, two, again].map((event) => event!.sequence)).toEqual([0, 1, 2].map((n) => all!.sequence + n));
    expect(new Set([all, two, again].map((event) => event!.changedAt)).size).toBe(3);
  });
});

onBothDialects('a calendar', (fresh) => {
  it('of who went by the leading insurers of its RO is newer when that leaves', async () => {
    const store = await fresh();
    const { ro, token } = await store.write(async (tx) => {
      for (const insurer of ['noord', 'oost']) {
        await addInsurer(tx, insurer);
        await addDeadline(tx, { insurer }, assumed({ duty: { ...any, actors: ['ro'], onBehalfOf: ['wsv'] } }));
      }
      const { id } = await addOrganisation(tx, { insurers: [{ ...relation('noord'), preferred: true }, relation('oost')] });
      const insurers = [relation('noord'), relation('oost')];
      const child = await addOrganisation(tx, { name: 'WSV Een', roles: ['wsv'], parent: id, insurers });
      return { ro: id, token: (await createFeed(tx, child.id, { label: 'Agenda' }, NOW)).token };
    });
    const cache = openFeedCache(store);
    const poll = async () => [...seenIn((await cache.poll(token, NOW))!.bytes!).values()];
    const before = await poll();
    await store.write((tx) => deleteOrganisation(tx, ro, NOW));
    const [after] = await poll();
    expect(before).toHaveLength(1);
    expect(after!.look).not.toBe(before[0]!.look);
    expect(after!.sequence).toBeGreaterThan(before[0]!.sequence);
    expect(after!.changedAt > before[0]!.changedAt).toBe(true);
  });

  it.each(['contracted', 'unknown'] as const)('says nothing to its reader that was rendered for another: %s first', async (first) => {
    const store = await fresh();
    const tokens = await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      await addDeadline(tx, { insurer: 'noord', activity: 'signing' }, { ...stated, duty: { actors: ['provider'], ...any } });
      const links: Record<string, string> = {};
      for (const status of ['contracted', 'unknown'] as const) {
        const { id } = await addOrganisation(tx, { name: status, roles: ['practice'], insurers: [relation('noord', status)] });
        links[status] = (await createFeed(tx, id, { label: 'Agenda' }, NOW)).token;
      }
      return links;
    });
    const cache = openFeedCache(store);
    const second = first === 'contracted' ? 'unknown' : 'contracted';
    for (const status of [first, second]) {
      const [event] = readCalendar((await cache.poll(tokens[status]!, NOW))!.bytes!).events;
      expect(event!.description.includes('overeenkomst aangeboden'), status).toBe(status === 'unknown');
    }
  });
});

/** What a history works on: ids that edits choose from by number. */
interface World {
  store: Store;
  ro: string;
  feeds: { id: string; token: string }[];
  deadlines: string[];
  /** Those that run. */
  terms: string[];
}

const INSURERS = ['noord', 'oost', 'zuid'] as const;
const DUTIES: Record<'accounts' | 'annual_plan' | 'signing' | 'publication', Content['duty']> = {
  accounts: { actors: ['ro'], ...any },
  annual_plan: { actors: ['ro'], ...any, onBehalfOf: ['wsv'], contractStatus: 'contracted' },
  signing: { actors: ['provider'], ...any },
  publication: { actors: ['insurer'], ...any },
};
const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Aanname.' };
const dayOf = (n: number) => `2024-0${4 + (n % 4)}-1${n % 9}`;

async function newWorld(store: Store): Promise<World> {
  const world = await store.write(async (tx) => {
    const deadlines: string[] = [];
    for (const [i, insurer] of INSURERS.entries()) {
      await addInsurer(tx, insurer);
      for (const [k, [activity, duty]] of Object.entries(DUTIES).entries())
        deadlines.push(
          (
            await addDeadline(
              tx,
              { insurer, activity: activity as keyof typeof DUTIES },
              assumed({ title: activity, duty, rule: { kind: 'fixed', on: dayOf(3 * i + k) } }),
            )
          ).id,
        );
      await addDeadline(
        tx,
        { insurer, activity: 'certificate_request' },
        { rule: { kind: 'none' }, boundary: null, certainty: 'unknown', duty: { ...DUTIES.signing, contractStatus: 'contracted' } },
      );
    }
    const insurers = INSURERS.map((insurer) => relation(insurer));
    const { id: ro } = await addOrganisation(tx, { insurers });
    await addOrganisation(tx, { name: 'WSV Een', roles: ['wsv'], parent: ro, insurers });
    const feeds: World['feeds'] = [];
    for (const choices of [{}, { showCompleted: true, alarms: [7] }, { roles: ['wsv' as const, 'informed' as const] }])
      feeds.push(await createFeed(tx, ro, { label: 'Agenda', ...choices }, NOW));
    return { store, ro, feeds, deadlines, terms: [] };
  });
  await bumpForRenderer(store, NOW);
  return world;
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

async function someone(tx: WriteDb, { ro }: World, n: number): Promise<string> {
  const rows = await listOrganisations(tx);
  return pick(rows, n).id === ro ? ro : pick(rows, n).id;
}

/** What may happen, each chosen among by three numbers. */
type Edit = (tx: WriteDb, world: World, now: Date, numbers: readonly [number, number, number]) => Promise<unknown>;

const amending =
  (changeOf: (k: number) => Omit<Amendment, 'baseRevision' | 'reason'>): Edit =>
  async (tx, { deadlines }, now, [i, k]) => {
    const { id, revision } = await getDeadline(tx, pick(deadlines, i));
    return amendDeadline(tx, id, { baseRevision: revision, reason: 'Gewijzigd.', ...changeOf(k) }, now);
  };
const assume = amending((k) => ({
  rule: { kind: 'fixed', on: dayOf(k) },
  boundary: null,
  certainty: 'template',
  basis,
  sources: [],
  conflict: null,
}));

const CHOICES: Partial<FeedInput>[] = [
  { insurers: ['noord', 'oost'] },
  { insurers: ['zuid'] },
  { insurers: null },
  { certainty: ['template'] },
  { certainty: ['stated'] },
  { certainty: null },
  { roles: ['ro'] },
  { roles: null },
  { alarms: [7, 0] },
  { language: 'en' },
  { language: null },
  { kinds: ['deadline', 'intention'] },
  { kinds: null },
];

const EDITS: Record<string, Edit> = {
  assume,
  move: assume,
  state: amending(() => ({
    rule: { kind: 'fixed', on: '2024-10-01' },
    boundary: 'by',
    certainty: 'stated',
    basis: null,
    sources: contentOf().sources,
  })),
  retitle: amending((k) => ({ title: `Titel ${k % 4}` })),
  remark: amending((k) => ({ basis: { ...basis, text: `Aanname ${k % 3}.` } })),
  withdraw: async (tx, { deadlines }, now, [i]) => withdrawDeadline(tx, pick(deadlines, i), 'Vervallen.', now),
  relate: async (tx, world, now, [who, i, k]) => {
    const contractStatus = pick(['contracted', 'uncontracted', 'unknown'] as const, k);
    return saveRelation(tx, await someone(tx, world, who), pick(INSURERS, i), { contractStatus, preferred: k % 5 === 0 }, now);
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
  join: async (tx, { ro }, now, [i, k]) =>
    addOrganisation(tx, { name: `WSV ${k % 4}`, roles: ['wsv'], parent: ro, insurers: [relation(pick(INSURERS, i), 'unknown')] }, now),
  leave: async (tx, world, now, [who]) => {
    const id = await someone(tx, world, who);
    return id === world.ro ? null : deleteOrganisation(tx, id, now);
  },
  receive: async (tx, world, now, [who, i]) => {
    const received = { kind: 'contract_received', insurer: pick(INSURERS, i), contractYear: 2025, occurredOn: '2024-03-11' } as const;
    return recordOwnEvent(tx, await someone(tx, world, who), received, now);
  },
  unreceive: async (tx, world, now, [who, i]) => {
    const id = await someone(tx, world, who);
    const events = await listOwnEvents(tx, id);
    return events.length === 0 ? null : removeOwnEvent(tx, id, pick(events, i).id, now);
  },
  bind: async (tx, { terms }, now, [i]) => {
    const years = { rule: { kind: 'range', from: '2024-01-01', to: '2026-12-31' }, boundary: null } as const;
    const of = { insurer: pick(INSURERS, i), activity: 'contract_term', contractYear: 2024 } as const;
    terms.push((await addDeadline(tx, of, { kind: 'term', title: 'Looptijd', ...years }, now)).id);
  },
  unbind: async (tx, { terms }, now, [i]) =>
    terms.length === 0 ? null : withdrawDeadline(tx, terms.splice(i % terms.length, 1)[0]!, 'Vervallen.', now),
  complete: async (tx, { ro, deadlines }, now, [i]) =>
    complete(tx, ro, pick(deadlines, i), { completedOn: '2024-03-01', by: 'A', evidence: null }, now),
  choose: async (tx, { ro, feeds }, now, [i, k]) => changeFeed(tx, ro, pick(feeds, i).id, pick(CHOICES, k), now),
  renameInsurer: async (tx, _, __, [k]) => addInsurer(tx, 'noord', `Noord ${k % 3}`),
};

/** Public calendars of a choice, which read the same registry. */
const SELECTIONS = ['role=ro', 'role=wsv&status=contracted&insurer=noord,zuid', 'role=practice&status=uncontracted&lang=en'].map((query) =>
  readSelection(Object.fromEntries(new URLSearchParams(query))),
);

const number = fc.nat({ max: 50 });
const step = fc.record({
  // Insurers come and go often: that is where a number could fall.
  edit: fc.constantFrom(...Object.keys(EDITS), 'relate', 'relate', 'unrelate', 'assume', 'state', 'choose', 'bind', 'unbind'),
  numbers: fc.tuple(number, number, number),
  // Days pass, and with them what was assumed for them.
  pause: fc.constantFrom(0, 0, 400, 1000, 90_000, 10 * 24 * 3600 * 1000),
});

function passExpected(error: unknown) {
  if (!(error instanceof AppError)) throw error;
}

onBothDialects('over any history', (_, urlOf) => {
  it('a group that looks different is newer, and none ever gets older', async () => {
    let [differences, leavers] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 60 }), async (steps) => {
        const world = await newWorld(await openStore(await urlOf()));
        const cache = openFeedCache(world.store);
        const polls: ((from: FeedCache) => Promise<Answer | null>)[] = [
          ...world.feeds.map(
            ({ token }) =>
              async (from: FeedCache) =>
                from.poll(token, now),
          ),
          ...SELECTIONS.map((selection) => async (from: FeedCache) => from.pollSelection(selection, now)),
        ];
        const known = polls.map(() => new Map<string, Seen>());
        let now = NOW;
        try {
          for (const { edit, numbers, pause } of steps) {
            now = new Date(now.getTime() + pause);
            await world.store.write((tx) => EDITS[edit]!(tx, world, now, numbers)).catch(passExpected);
            await bumpForRenderer(world.store, now);
            for (const [i, poll] of polls.entries()) {
              const { bytes } = (await poll(cache))!;
              // What is remembered is what the store holds.
              if (i === steps.length % polls.length) expect((await poll(openFeedCache(world.store)))!.bytes!.equals(bytes!)).toBe(true);
              const current = seenIn(bytes!);
              for (const [uid, seen] of current) {
                const before = known[i]!.get(uid);
                if (before && before.look !== seen.look) {
                  differences += 1;
                  const newer = [seen.sequence > before.sequence, seen.changedAt > before.changedAt];
                  expect({ edit, newer, seen, before }).toEqual({ edit, newer: [true, true], seen, before });
                } else if (before) {
                  const older = [seen.sequence < before.sequence, seen.changedAt < before.changedAt];
                  expect({ edit, older, seen, before }).toEqual({ edit, older: [false, false], seen, before });
                }
                known[i]!.set(uid, seen);
              }
              leavers += [...known[i]!.keys()].filter((uid) => !current.has(uid)).length;
            }
          }
        } finally {
          await world.store.close();
        }
      }),
      { numRuns: Number(process.env['HISTORIES'] ?? 4), endOnFailure: true },
    );
    // The histories really change what is seen, and take it away.
    expect(differences).toBeGreaterThan(50);
    expect(leavers).toBeGreaterThan(50);
  }, 600_000);
});
