/** Editions that rest on each other: whatever follows whatever, and is taken back, nobody is told that something was what nobody was ever told. */
import * as fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { addDays, writeDay } from '../../../../calendars/days.ts';
import { AppError } from '../../../../calendars/errors.ts';
import type { Content } from '../../../../calendars/deadlines/deadline.ts';
import { amendDeadline } from '../../../../db/registry/amending.ts';
import { allDeadlines, getDeadline } from '../../../../db/registry/deadlines.ts';
import { getEdition } from '../../../../db/registry/editions/drafts.ts';
import { amendAlone, enterAlone, withdrawAlone } from '../../../../db/registry/editions/alone.ts';
import { makeEditionsPublic } from '../../../../db/registry/editions/becoming-public.ts';
import { unseenEditions } from '../../../../db/registry/editions/looking.ts';
import { EditionOvertaken } from '../../../../db/registry/editions/overtaken.ts';
import { takeBack } from '../../../../db/registry/editions/taking-back.ts';
import { changesAfter, lastPossibleNumber } from '../../../../db/registry/public/changes.ts';
import type { Revision } from '../../../../db/registry/revisions.ts';
import { projectTimelines } from '../../../../db/registry/timelines.ts';
import { eq } from '../../../../db/store/drizzle.ts';
import { openStore, type Store, type WriteDb } from '../../../../db/store/store.ts';
import { addDeadline, castIn, contentOf, identityOf, NOW } from '../../../helpers/cast.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const API = { door: 'api', by: 'key:k1' } as const;
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const sourcesOf = (day: string) => [{ document: 'Beleid', section: null, quote: `uiterlijk ${writeDay(day, 'nl')}`, url: null }];
const following = (): Pick<Content, 'rule' | 'sources'> => ({
  rule: { kind: 'offset', from: { activity: 'annual_plan' }, amount: 2, unit: 'week', direction: 'after' },
  sources: [{ document: 'Beleid', section: null, quote: 'twee weken na het jaarplan', url: null }],
});
const textOf = ({ dueOn, status, title }: Revision) => `${status} ${dueOn} ${title}`;

type Step =
  | { kind: 'amend'; on: 0 | 1; days: number }
  | { kind: 'at_once'; on: 0 | 1; days: number }
  | { kind: 'follow' }
  | { kind: 'withdraw' }
  | { kind: 'sign' }
  | { kind: 'public' }
  | { kind: 'back'; of: number }
  | { kind: 'late'; of: number }
  | { kind: 'wait'; minutes: number };
const on = fc.constantFrom(0 as const, 1 as const);
const days = fc.integer({ min: 1, max: 9 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('amend' as const), on, days }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('at_once' as const), on, days }) },
    { weight: 3, arbitrary: fc.constantFrom<Step[]>({ kind: 'follow' }, { kind: 'withdraw' }, { kind: 'sign' }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('back' as const), of: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('late' as const), of: fc.nat(5) }) },
    { weight: 3, arbitrary: fc.constant<Step>({ kind: 'public' }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 5, 10) }) },
  ),
  { minLength: 3, maxLength: 14 },
);

onBothDialects('editions that rest on each other', (fresh, urlOf) => {
  let store: Store;
  let plan: Revision;
  let talk: Revision;
  beforeEach(async () => {
    store = await fresh();
    ({ plan, talk } = await worldIn(store));
  });
  const moveTo = (id: string, baseRevision: number, day: string, now: Date) =>
    store.write((tx) => amendAlone(tx, id, amendmentTo(baseRevision, day), API, now));

  it('are taken back the later one first, also where the earlier one only moved along what that one changed', async () => {
    await moveTo(plan.id, 1, '2024-10-08', NOW);
    expect((await getDeadline(store.read, talk.id)).dueOn).toBe('2024-10-22');
    await moveTo(talk.id, 2, '2024-10-30', at(1));
    const [first, second] = await unseenEditions(store.read);
    const back = (id: string) => store.write((tx) => takeBack(tx, id, 'person:bo', at(2)));
    const refusal = await back(first!.id).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(EditionOvertaken);
    expect(refusal).toMatchObject({ kind: 'conflict', laterId: second!.id, titles: [talk.title], faults: [{ field: 'deadlines' }] });
    expect((await getDeadline(store.read, plan.id)).dueOn).toBe('2024-10-08');
    await back(second!.id);
    await back(first!.id);
    expect((await getDeadline(store.read, talk.id)).dueOn).toBe(talk.dueOn);
  });

  it('are taken back the later one first where that one made something count from what the earlier one moved', async () => {
    await moveTo(talk.id, 1, '2024-11-11', at(-30));
    await makeEditionsPublic(store, at(-20));
    await moveTo(plan.id, 1, '2024-10-08', NOW);
    await store.write((tx) => amendAlone(tx, talk.id, { baseRevision: 2, reason: 'Volgt.', prove: true, ...following() }, API, at(1)));
    const [, first] = await unseenEditions(store.read);
    await expect(store.write((tx) => takeBack(tx, first!.id, 'person:bo', at(2)))).rejects.toBeInstanceOf(EditionOvertaken);
  });

  it('tell of no day that was never public, whatever becomes public first, and in the end what stands', async () => {
    const property = fc.asyncProperty(steps, async (some) => {
      const one = await openStore(await urlOf());
      try {
        await play(one, some);
      } finally {
        await one.close();
      }
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  });
});

const RUNS = 12;

async function worldIn(store: Store) {
  await castIn(store);
  return store.write(async (tx) => {
    const plan = await addDeadline(tx, {}, {}, at(-90));
    const talk = await addDeadline(tx, { activity: 'review_meeting' }, { title: 'Gesprek voeren', ...following() }, at(-90));
    await projectTimelines(tx, 2024, at(-80));
    return { plan, talk };
  });
}

const amendmentTo = (baseRevision: number, day: string) => ({
  baseRevision,
  reason: 'Verschoven.',
  prove: true,
  rule: { kind: 'fixed' as const, on: day },
  sources: sourcesOf(day),
});

/** An edition, and what each deadline said by it that said something else before. */
interface Published {
  id: string;
  said: Map<string, string>;
  state: 'held' | 'public' | 'taken_back';
}

/** What happened so far, and what each deadline said once as far as that was public: a reader who looks at all of it, all the time. */
interface World {
  store: Store;
  ids: readonly [string, string];
  published: Published[];
  seen: Map<string, Set<string>>;
  mark: number;
  minutes: number;
}

async function play(store: Store, some: readonly Step[]): Promise<void> {
  const { plan, talk } = await worldIn(store);
  const mark = await lastPossibleNumber(store.read);
  const world: World = { store, ids: [plan.id, talk.id], published: [], seen: new Map(), mark, minutes: 0 };
  for (const [id, text] of await textsNow(store)) see(world, id, text);
  for (const step of some) {
    world.minutes += 0.1;
    await take(world, step, at(world.minutes));
    await meet(world);
    for (const [id, text] of await textsNow(store)) {
      const isHeld = world.published.some(({ said, state }) => state === 'held' && said.has(id));
      if (!isHeld && !text.startsWith('withdrawn')) see(world, id, text);
    }
  }
  await makePublic(world, at(world.minutes + 60));
  const last = new Map((await changesAfter(store.read, { number: 0 }, 1000)).map(({ after }) => [after.id, textOf(after)]));
  const now = await textsNow(store);
  expect(Object.fromEntries([...last].map(([id]) => [id, now.get(id)]))).toEqual(Object.fromEntries(last));
}

const see = ({ seen }: World, id: string, text: string) => seen.set(id, (seen.get(id) ?? new Set()).add(text));

async function textsNow({ read }: Store): Promise<Map<string, string>> {
  return new Map((await allDeadlines(read, { withdrawnToo: true })).map((one) => [one.id, textOf(one)]));
}

/** Reads the changes that became public since: each starts from what was seen. */
async function meet(world: World): Promise<void> {
  const { mark, seen, store } = world;
  world.mark = await lastPossibleNumber(store.read);
  for (const { after, before } of await changesAfter(store.read, { number: mark }, 1000)) {
    if (before === null) expect(seen.get(after.id)).toBeUndefined();
    else expect([...(seen.get(after.id) ?? [])]).toContain(textOf(before));
    see(world, after.id, textOf(after));
  }
}

async function makePublic(world: World, now: Date): Promise<void> {
  const { published, store } = world;
  await makeEditionsPublic(store, now);
  await meet(world);
  for (const one of published.filter(({ state }) => state === 'held')) {
    if ((await getEdition(store.read, one.id)).publicAt! > now) continue;
    one.state = 'public';
    for (const [id, text] of one.said) see(world, id, text);
  }
}

async function publish({ published, store }: World, work: (tx: WriteDb) => Promise<unknown>): Promise<void> {
  const [before, known] = [await textsNow(store), await editionIds(store)];
  await ifAllowed(() => store.write(work));
  const id = (await editionIds(store)).find((one) => !known.includes(one));
  const said = new Map([...(await textsNow(store))].filter(([one, text]) => before.get(one) !== text));
  if (id !== undefined) published.push({ id, said, state: 'held' });
}

async function editionIds({ read }: Store): Promise<string[]> {
  const { editions } = read.tables;
  return (await read.select({ id: editions.id }).from(editions)).map(({ id }) => id);
}

async function take(world: World, step: Step, now: Date): Promise<void> {
  const { ids, published, store } = world;
  if (step.kind === 'wait') world.minutes += step.minutes;
  else if (step.kind === 'public') await makePublic(world, now);
  else if (step.kind === 'back' || step.kind === 'late') {
    const one = published[step.of % Math.max(1, published.length)];
    if (one?.state !== 'held') return;
    if (step.kind === 'late') await delay(world, one, now);
    else await ifAllowed(() => store.write((tx) => takeBack(tx, one.id, 'person:bo', now)).then(() => (one.state = 'taken_back')));
  } else if (step.kind === 'sign') {
    const identity = identityOf({ contractYear: 2026, activity: 'signing' });
    const content = contentOf({ title: 'Tekenen', rule: { kind: 'fixed', on: '2025-12-15' }, sources: sourcesOf('2025-12-15') });
    await publish(world, (tx) => enterAlone(tx, { identity, content, reason: null, announcedOn: null }, API, now));
  } else if (step.kind === 'withdraw') await publish(world, (tx) => withdrawAlone(tx, ids[1], 'Vervallen.', API, now));
  else if (step.kind === 'follow') {
    const { revision } = await getDeadline(store.read, ids[1]);
    const amendment = { baseRevision: revision, reason: 'Volgt.', prove: true, ...following() };
    await publish(world, (tx) => amendAlone(tx, ids[1], amendment, API, now));
  } else {
    const { dueOn, id, revision } = await getDeadline(store.read, ids[step.on]);
    const amendment = amendmentTo(revision, addDays(dueOn!, step.days));
    if (step.kind === 'at_once') await store.write((tx) => amendDeadline(tx, id, amendment, now));
    else await publish(world, (tx) => amendAlone(tx, id, amendment, API, now));
  }
}

/** As one that fails, and is tried again. */
async function delay({ store }: World, { id }: Published, now: Date): Promise<void> {
  const { editions } = store.read.tables;
  const publicAt = new Date(now.getTime() + 15 * 60_000);
  await store.write((tx) => tx.update(editions).set({ publicAt }).where(eq(editions.id, id)));
}

async function ifAllowed(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
  }
}
