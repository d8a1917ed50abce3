/** Publishing is whole or not at all: killed at any point, and with two processes at once. */
import * as fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { writeDay } from '../../calendars/days.ts';
import type { Content } from '../../calendars/deadlines/deadline.ts';
import { verifyAudit } from '../../db/registry/audit.ts';
import { allDeadlines } from '../../db/registry/deadlines.ts';
import { addEntry, openDraft, type EntryInput } from '../../db/registry/editions/drafts.ts';
import { draftAgain } from '../../db/registry/editions/returning.ts';
import { changesAfter } from '../../db/registry/public/changes.ts';
import type { Revision } from '../../db/registry/revisions.ts';
import { projectTimelines } from '../../db/registry/timelines.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { addDeadline, castIn, contentOf } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { perform, startProcess, withPoints, type Act, type Death } from './publishing.ts';
import { startRawSink } from './sink.ts';

const TIME = 180_000;
const SEED = Number(process.env['FAULTS_SEED'] ?? 31);
/** How often each act is killed. */
const KILLS = 4;
const START = at('09-18T10:00');
const after = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const saying = (day: string): Pick<Content, 'rule' | 'sources'> => ({
  rule: { kind: 'fixed', on: day },
  sources: [{ document: 'Beleid', section: null, quote: `uiterlijk ${writeDay(day, 'nl')}`, url: null }],
});
const YEAR = { contractYear: 2026 };

onBothDialects('publishing', (_fresh, urlOf) => {
  it('is whole or not at all when its process is killed, and so is taking back', { timeout: TIME }, async () => {
    const databaseUrl = await urlOf();
    const store = await openStore(databaseUrl);
    try {
      let id = await manyEntries(store);
      const [publishing, takingBack] = [await doWhole(store, { kind: 'publish', id }, 1), await doWhole(store, { kind: 'back', id }, 2)];
      // Three entries and what moves along; what is entered makes no deadline but takes the place of what was assumed.
      expect(publishing.grown).toMatchObject({ deadlines: 0, revisions: 4, publicChanges: 4 });
      for (const [n, [first, second]] of drawDeaths(2).entries()) {
        id = (await store.write((tx) => draftAgain(tx, id, 'person:anna', after(3 * n + 3)))).edition.id;
        await killAndTryAgain({ store, databaseUrl }, { kind: 'publish', id }, { minutes: 3 * n + 4, whole: publishing, death: first! });
        await killAndTryAgain({ store, databaseUrl }, { kind: 'back', id }, { minutes: 3 * n + 5, whole: takingBack, death: second! });
      }
    } finally {
      await store.close();
    }
  });

  it('gives every change of an edition its number, or none of them, when its process is killed', { timeout: TIME }, async () => {
    const databaseUrl = await urlOf();
    const store = await openStore(databaseUrl);
    try {
      const all = await twoDeadlines(store);
      for (const edition of [0, 1]) await amendBoth(store, all, { on: dayOf(edition), minutes: edition - 20 });
      const { points } = await doWhole(store, { kind: 'public' }, -5);
      for (const [n, [death]] of drawDeaths(1).entries()) {
        for (const edition of [0, 1]) await amendBoth(store, all, { on: dayOf(2 * n + 2 + edition), minutes: 20 * n + edition });
        // One in each part of the way: in and between both editions, and where mails may tell of them again.
        const drawn = { ...death!, point: 1 + Math.floor(((n + (death!.point % 100) / 100) / KILLS) * points) };
        const before = await dump(store);
        await (await startProcess(databaseUrl, { kind: 'public' }, after(20 * n + 15), drawn)).go();
        const hint = `FAULTS_SEED=${SEED}, ${JSON.stringify(drawn)}`;
        const { unnumbered, halves, heldIds } = await standing(store);
        expect({ halves, unheld: unnumbered.filter((one) => !heldIds.includes(one)) }, hint).toEqual({ halves: [], unheld: [] });
        expect((await verifyAudit(store.read)).fault, hint).toBeNull();
        if (unnumbered.length === 4) expect(await dump(store), hint).toEqual(before);
        await perform(store, { kind: 'public' }, after(20 * n + 16));
        expect(await standing(store), hint).toEqual({ unnumbered: [], halves: [], heldIds: [] });
        await expectOrder(store, 2 + 4 * (n + 2), hint);
      }
    } finally {
      await store.close();
    }
  });

  it('gives every change one number, and mails it once, when two processes make it public at once', { timeout: TIME }, async () => {
    const databaseUrl = await urlOf();
    const store = await openStore(databaseUrl);
    const sink = await startRawSink();
    const both = async (now: Date) => {
      const act: Act = { kind: 'round', mailUrl: sink.url };
      const two = await Promise.all([startProcess(databaseUrl, act, now), startProcess(databaseUrl, act, now)]);
      await Promise.all(two.map(async (one) => one.go()));
    };
    try {
      const all = await twoDeadlines(store);
      for (const edition of [0, 1, 2]) await amendBoth(store, all, { on: dayOf(edition), minutes: edition / 10 });
      await both(new Date(after(10).getTime() - 1));
      expect([sink.taken.length, (await standing(store)).unnumbered.length]).toEqual([0, 6]);
      await both(after(11));
      expect(await standing(store)).toEqual({ unnumbered: [], halves: [], heldIds: [] });
      await expectOrder(store, 2 + 6, 'two at once');
      await both(after(12));
      const mails = await Promise.all(sink.taken.map(async ({ to, raw }) => ({ to, text: (await PostalMime.parse(raw)).text! })));
      const told = mails.flatMap(({ text, to }) => [...text.matchAll(/Verschoven: (plan-\w+)/g)].map(([, plan]) => `${to} ${plan}`));
      expect(told.sort()).toEqual(READERS.flatMap((email) => [`${email} plan-een`, `${email} plan-twee`]).sort());
    } finally {
      await sink.close();
      await store.close();
    }
  });
});

/** So many deaths for each kill, the same for the same seed. */
function drawDeaths(each: number): Death[][] {
  const death = fc.record({ point: fc.nat(100_000), inFlight: fc.boolean() });
  return fc.sample(fc.array(death, { minLength: each, maxLength: each }), { seed: SEED, numRuns: KILLS });
}

/** A draft that enters, moves, withdraws and checks; a deadline moves along with it, and what was assumed makes place. */
async function manyEntries(store: Store): Promise<string> {
  await castIn(store, after(-100));
  return store.write(async (tx) => {
    await addDeadline(tx, {}, {}, after(-90));
    const plan = await addDeadline(tx, YEAR, saying('2025-10-01'), after(-90));
    const talk = await addDeadline(tx, { ...YEAR, activity: 'review_meeting' }, saying('2025-06-01'), after(-90));
    const old = await addDeadline(tx, { ...YEAR, activity: 'wsv_plan_review' }, saying('2025-07-01'), after(-90));
    const follows: Partial<Content> = {
      rule: { kind: 'offset', from: { activity: 'annual_plan' }, amount: 2, unit: 'week', direction: 'after' },
      sources: [{ document: 'Beleid', section: null, quote: 'twee weken na het jaarplan', url: null }],
    };
    await addDeadline(tx, { ...YEAR, activity: 'accounts' }, follows, after(-90));
    await projectTimelines(tx, 2024, after(-80));
    const place = { insurer: 'noord', careType: 'multidisciplinary_care' as const, contractYear: 2026, by: 'person:anna' };
    const { id } = await openDraft(tx, place, after(-1));
    const entries: EntryInput[] = [
      { act: 'amend', deadlineId: plan.id, content: saying('2025-10-08'), reason: 'Verschoven.' },
      { act: 'enter', activity: 'signing', content: contentOf({ title: 'Tekenen', ...saying('2025-12-15') }) },
      { act: 'withdraw', deadlineId: old.id, reason: 'Vervallen.' },
      { act: 'check', deadlineId: talk.id },
    ];
    for (const entry of entries) await addEntry(tx, id, { ...entry, by: 'person:anna' }, after(-1));
    return id;
  });
}

/** What an act does when nothing stops it. */
interface Whole {
  /** How many points of it there are at which it can die. */
  points: number;
  /** By table: how many rows come with it. */
  grown: Record<string, number>;
  /** What it looks like afterwards. */
  look: unknown;
}

async function doWhole(store: Store, act: Act, minutes: number): Promise<Whole> {
  const before = await dump(store);
  let points = 0;
  await perform(
    withPoints(store, () => (points += 1)),
    act,
    after(minutes),
  );
  return { points, grown: growth(before, await dump(store)), look: await lookOf(store, act) };
}

/** Kills an act: all of it happened, or nothing did. Then tries again. */
async function killAndTryAgain(
  { databaseUrl, store }: { store: Store; databaseUrl: string },
  act: Act,
  { death, minutes, whole }: { whole: Whole; death: Death; minutes: number },
): Promise<void> {
  const drawn = { ...death, point: 1 + (death.point % whole.points) };
  const hint = `FAULTS_SEED=${SEED}, ${act.kind}, ${JSON.stringify(drawn)} of ${whole.points}`;
  const before = await dump(store);
  await (await startProcess(databaseUrl, act, after(minutes), drawn)).go();
  const killed = await dump(store);
  expect((await verifyAudit(store.read)).fault, hint).toBeNull();
  const again = perform(store, act, after(minutes));
  if (JSON.stringify(killed) === JSON.stringify(before)) await again;
  else await expect(again, hint).rejects.toMatchObject({ kind: 'conflict' });
  expect({ grown: growth(before, await dump(store)), look: await lookOf(store, act) }, hint).toEqual({
    grown: whole.grown,
    look: whole.look,
  });
  expect((await verifyAudit(store.read)).fault, hint).toBeNull();
}

/** All rows of all tables, in an order of their own. */
async function dump(store: Store): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const [name, table] of Object.entries(store.read.tables))
    rows[name] = (await store.read.select().from(table)).map((row) => JSON.stringify(row)).sort();
  return rows;
}

function growth(before: Record<string, string[]>, now: Record<string, string[]>): Record<string, number> {
  return Object.fromEntries(Object.entries(now).map(([name, rows]) => [name, rows.length - before[name]!.length]));
}

/** How an edition stands, and what every deadline says. */
async function lookOf(store: Store, act: Act) {
  const { deadlines, editions } = store.read.tables;
  const held = new Map((await store.read.select().from(deadlines)).map(({ heldUntil, id }) => [id, heldUntil !== null]));
  const all = await allDeadlines(store.read, { withdrawnToo: true });
  const said = all.map(({ activity, contractYear, dueOn, id, origin, status, title }) =>
    [contractYear, activity, status, origin, dueOn, title, held.get(id) ? 'held' : ''].join(' '),
  );
  const status = (await store.read.select().from(editions)).find(({ id }) => 'id' in act && id === act.id)?.status;
  return { status, said: said.sort() };
}

const READERS = ['a@example.org', 'b@example.org', 'c@example.org'];

/** Two deadlines of readers who have had every mail so far. */
async function twoDeadlines(store: Store): Promise<Revision[]> {
  const { ro } = await castIn(store, at('05-01T10:00'));
  const add = async (activity: 'annual_plan' | 'accounts', title: string) =>
    store.write((tx) => addDeadline(tx, { activity }, { title, ...saying('2024-10-01') }, at('05-01T10:00')));
  const all = [await add('annual_plan', 'Plan-een'), await add('accounts', 'Plan-twee')];
  for (const email of READERS) await addConfirmed(store, ro.id, at('05-02T10:00'), { email });
  await mailsAt(store, at('09-18T09:00'));
  return all;
}

/** Near enough to be told at once. */
const dayOf = (n: number) => `2024-10-${String(n + 2).padStart(2, '0')}`;

/** Publishes an edition that moves both. */
async function amendBoth(store: Store, all: readonly Revision[], { minutes, on }: { minutes: number; on: string }): Promise<void> {
  const place = { insurer: 'noord', careType: 'multidisciplinary_care' as const, contractYear: 2025, by: 'person:anna' };
  const { id } = await store.write(async (tx) => {
    const draft = await openDraft(tx, place, after(minutes));
    for (const { id: deadlineId } of all) {
      const entry: EntryInput = { act: 'amend', deadlineId, content: saying(on), reason: on };
      await addEntry(tx, draft.id, { ...entry, by: 'person:anna' }, after(minutes));
    }
    return draft;
  });
  await perform(store, { kind: 'publish', id }, after(minutes));
}

/** The deadlines of changes without a number, the editions of which only some have one, and the deadlines that no mail may tell of. */
async function standing(store: Store) {
  const { deadlines, publicChanges } = store.read.tables;
  const rows = await store.read.select().from(publicChanges);
  const halves = [...Map.groupBy(rows, ({ editionId }) => editionId)].filter(
    ([, some]) => new Set(some.map((row) => row.number === null)).size > 1,
  );
  const held = (await store.read.select().from(deadlines)).filter(({ heldUntil }) => heldUntil !== null);
  return {
    unnumbered: rows.filter(({ number }) => number === null).map(({ deadlineId }) => deadlineId),
    halves: halves.map(([id]) => id),
    heldIds: held.map(({ id }) => id),
  };
}

/** So many changes are public, each with a number of its own, in the order in which their editions were published. */
async function expectOrder(store: Store, count: number, hint: string): Promise<void> {
  const changes = await changesAfter(store.read, { number: 0 }, 1000);
  expect([changes.length, new Set(changes.map(({ number }) => number)).size], hint).toEqual([count, count]);
  const reasons = changes.flatMap(({ after: { reason } }) => reason ?? []);
  expect(reasons, hint).toEqual([...reasons].sort());
  // One change continues the other.
  const ofOne = [...Map.groupBy(changes, (change) => change.after.id).values()];
  for (const some of ofOne)
    expect(
      some.map(({ before }) => before?.revision ?? 0),
      hint,
    ).toEqual(some.map((_, n) => n));
}
