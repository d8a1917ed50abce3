import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { amendDeadline, createDeadline } from '../../db/registry/amending.ts';
import { findDeadlines, getDeadline, listRevisions } from '../../db/registry/deadlines.ts';
import { getInsurer } from '../../db/registry/insurers.ts';
import { contentOf } from '../../db/registry/revisions.ts';
import type { Store } from '../../db/store/store.ts';
import { projectTimelines } from '../../db/registry/timelines.ts';
import { readSetting } from '../../db/store/settings.ts';
import { loadRegistry } from '../../seeds/loader.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { readRegistry, type Registry } from '../../seeds/reader.ts';
import { NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

const LATER = new Date('2024-06-01T10:00:00Z');
let registry: Registry;
beforeAll(async () => {
  registry = await readRegistry('seeds/registry');
});

onBothDialects('loading the registry', (fresh, urlOf) => {
  let store: Store;
  beforeEach(async () => {
    store = await fresh();
  });
  const load = (changed: Registry = registry, now = NOW) => loadRegistry(store, changed, now);
  const planOf = (from: Registry) =>
    from.deadlines.find((d) => d.insurer === 'zorg-en-zekerheid' && d.contractYear === 2025 && d.activity === 'annual_plan')!;
  const withPlan = (content: object): Registry => {
    const changed = structuredClone(registry);
    const [revision] = planOf(changed).revisions;
    Object.assign(revision!, { reason: 'Verbeterd na nalezen.' });
    Object.assign(revision!.content, content);
    return changed;
  };

  it('adds everything once, and nothing the second time', async () => {
    const revisions = registry.deadlines.reduce((sum, deadline) => sum + deadline.revisions.length, 0);
    expect(await load()).toEqual({
      insurers: 10,
      deadlines: registry.deadlines.length,
      revisions,
      retyped: 0,
      conflicts: [],
      unproven: [],
    });
    const version = await readSetting(store.read, 'registry_version');
    expect(await load(registry, LATER)).toEqual({ insurers: 0, deadlines: 0, revisions: 0, retyped: 0, conflicts: [], unproven: [] });
    expect(await readSetting(store.read, 'registry_version')).toBe(version);
  });

  it('answers what Zorg en Zekerheid asks of an RO with a contract in the month from 15 September 2024', async () => {
    await load();
    const filter = { insurer: 'zorg-en-zekerheid', contractYear: 2025, asOf: '2024-09-15', withinDays: 30 };
    const { items } = await findDeadlines(store.read, filter, { page: 1, pageSize: 50 }, '2026-11-21');
    expect(items.map((d) => [d.activity, d.dueOn, d.lastSafeOn, d.conflict?.kind])).toEqual([
      ['annual_plan', '2024-10-01', '2024-09-30', 'readings'],
    ]);
  });

  it('keeps the amendment of 2 May 2024 as a second revision with its reason', async () => {
    await load();
    const accounts = registry.deadlines.find((d) => d.insurer === 'zorg-en-zekerheid' && d.activity === 'accounts')!;
    const history = await listRevisions(store.read, accounts.id);
    expect(history.map((r) => [r.revision, r.dueOn, r.announcedOn])).toEqual([
      [1, '2024-05-01', null],
      [2, '2024-05-01', '2024-05-02'],
    ]);
    expect(history[1]!.reason).toContain('onduidelijk was');
  });

  it('adds a revision when the registry was corrected', async () => {
    await load();
    const corrected = withPlan({ title: 'Jaarplan en begroting indienen' });
    expect(await load(corrected, LATER)).toMatchObject({ insurers: 0, deadlines: 0, revisions: 1, conflicts: [] });
    expect(await getDeadline(store.read, planOf(registry).id)).toMatchObject({
      revision: 2,
      title: 'Jaarplan en begroting indienen',
      reason: 'Verbeterd na nalezen.',
      sequence: 1,
    });
    expect(await load(corrected, LATER)).toMatchObject({ revisions: 0 });
  });

  it('leaves what counts alone when an older revision is corrected', async () => {
    await load();
    const changed = structuredClone(registry);
    const accounts = changed.deadlines.find((d) => d.insurer === 'zorg-en-zekerheid' && d.activity === 'accounts')!;
    accounts.revisions[0]!.reason = 'Anders verwoord.';
    expect(await load(changed, LATER)).toMatchObject({ revisions: 0 });
    expect(await getDeadline(store.read, accounts.id)).toMatchObject({ revision: 2, announcedOn: '2024-05-02' });
  });

  it('takes a correction back when the registry does', async () => {
    await load();
    await load(withPlan({ title: 'Verkeerde titel' }), LATER);
    expect(await load(registry, LATER)).toMatchObject({ revisions: 1 });
    expect(await getDeadline(store.read, planOf(registry).id)).toMatchObject({ revision: 3, title: 'Jaarplan met begroting indienen' });
    expect(await load(registry, LATER)).toMatchObject({ revisions: 0 });
  });

  it('changes nothing where an editor’s revision is newer, and says so', async () => {
    await load();
    const { id } = planOf(registry);
    await store.write((tx) => amendDeadline(tx, id, { baseRevision: 1, reason: 'Uitleg.', title: 'Door de redactie' }, LATER));
    const report = await load(withPlan({ title: 'Uit het bestand' }), LATER);
    expect(report).toMatchObject({ revisions: 0, conflicts: [expect.stringContaining('annual_plan')] });
    expect((await getDeadline(store.read, id)).title).toBe('Door de redactie');
  });

  describe('with another kind of care for an entry that stands', () => {
    const withCare = (careType: 'general' | 'gp_care'): Registry => {
      const changed = structuredClone(registry);
      planOf(changed).careType = careType;
      return changed;
    };

    it('gives it that one, once: the same id, history and UID, newer for calendars, and nobody is told', async () => {
      await load();
      const { id } = planOf(registry);
      const [before, history] = [await getDeadline(store.read, id), await listRevisions(store.read, id)];
      const told = await store.read.$count(store.read.tables.changes);
      expect(await load(withCare('gp_care'), LATER)).toMatchObject({ deadlines: 0, revisions: 0, retyped: 1, conflicts: [] });
      const after = await getDeadline(store.read, id);
      expect(after).toEqual({ ...before, careType: 'gp_care', sequence: before.sequence + 1, changedAt: LATER });
      expect((await listRevisions(store.read, id)).map(({ revision, title }) => [revision, title])).toEqual(
        history.map(({ revision, title }) => [revision, title]),
      );
      expect(await store.read.$count(store.read.tables.changes)).toBe(told);
      expect(await load(withCare('gp_care'), LATER)).toMatchObject({ retyped: 0, revisions: 0 });
      // What follows it is projected for the same kind of care.
      await store.write((tx) => projectTimelines(tx, 2025, LATER));
      const next = { insurer: 'zorg-en-zekerheid', contractYear: 2026, activity: 'annual_plan' } as const;
      const { items } = await findDeadlines(store.read, next, { page: 1, pageSize: 9 }, '2025-01-01');
      expect(items.map(({ careType, certainty }) => [careType, certainty])).toEqual([['gp_care', 'expected']]);
    });

    it('leaves it where another entry has that place, or an editor’s revision is newer, and says so', async () => {
      await load();
      const { id } = planOf(registry);
      const plan = await getDeadline(store.read, id);
      const { activity, contractYear, insurer, key, slot } = plan;
      const place = { activity, careType: 'general' as const, contractYear, insurer, key, slot };
      await store.write((tx) =>
        createDeadline(tx, { identity: place, content: contentOf(plan), reason: 'Elders gezien.', announcedOn: null }, LATER),
      );
      const taken = await load(withCare('general'), LATER);
      expect([taken.retyped, taken.conflicts]).toEqual([0, [expect.stringContaining('2025/general/annual_plan')]]);
      await store.write((tx) => amendDeadline(tx, id, { baseRevision: 1, reason: 'Uitleg.', title: 'Door de redactie' }, LATER));
      const edited = await load(withCare('gp_care'), LATER);
      expect([edited.retyped, edited.conflicts]).toEqual([0, [expect.stringContaining("an editor's revision 2 is newer")]]);
      expect((await getDeadline(store.read, id)).careType).toBe('multidisciplinary_care');
    });
  });

  it('confirms a projected deadline under the identity that calendars know', async () => {
    await load();
    await store.write((tx) => projectTimelines(tx, 2025, NOW));
    const find = async () =>
      (await findDeadlines(store.read, { insurer: 'cz', contractYear: 2026, activity: 'signing' }, { page: 1, pageSize: 9 }, '2025-01-01'))
        .items;
    const [projected] = await find();
    const confirmed = structuredClone(registry);
    const signing = structuredClone(confirmed.deadlines.find((d) => d.activity === 'signing')!);
    Object.assign(signing, { id: '8d6f0a52-8f7e-4c57-9b1e-1f8f0a0b7c11', insurer: 'cz', contractYear: 2026, careType: 'general' });
    Object.assign(signing.revisions[0]!.content, { rule: { kind: 'fixed', on: '2025-12-15' } });
    confirmed.deadlines.push(signing);
    expect(await load(confirmed, LATER)).toMatchObject({ deadlines: 0, revisions: 1 });
    expect(await find()).toMatchObject([{ id: projected!.id, revision: 2, certainty: 'stated', dueOn: '2025-12-15' }]);
  });

  it('renews at its end what is expected because of it, once', async () => {
    await load();
    await store.write((tx) => projectTimelines(tx, 2024, NOW));
    const next = { insurer: 'zorg-en-zekerheid', contractYear: 2026, activity: 'annual_plan' } as const;
    const find = async () => (await findDeadlines(store.read, next, { page: 1, pageSize: 9 }, '2025-01-01')).items;
    expect(await find()).toMatchObject([{ revision: 1, certainty: 'expected', dueOn: '2025-10-01' }]);
    const moved = withPlan({ rule: { kind: 'fixed', on: '2024-10-08' }, conflict: null });
    const { content } = planOf(moved).revisions[0]!;
    planOf(moved).revisions.push({
      content: { ...content, rule: { kind: 'fixed', on: '2024-10-15' } },
      reason: 'Uitstel.',
      announcedOn: null,
    });
    expect(await load(moved, LATER)).toMatchObject({ revisions: 2 });
    expect(await find()).toMatchObject([{ revision: 2, certainty: 'expected', dueOn: '2025-10-15' }]);
  });

  it('shows a renamed insurer to its readers', async () => {
    await load();
    const renamed = structuredClone(registry);
    renamed.insurers.find((insurer) => insurer.slug === 'eno')!.name = 'Salland';
    const before = await getInsurer(store.read, 'eno');
    expect(await load(renamed, LATER)).toMatchObject({ insurers: 1 });
    const after = await getInsurer(store.read, 'eno');
    expect([after.name, after.version > before.version]).toEqual(['Salland', true]);
  });

  it('lets services start at one moment on an empty database', async () => {
    const url = await urlOf();
    const started = await Promise.all((url.startsWith('file:') ? [1] : [1, 2, 3]).map(() => prepareStore(url, NOW)));
    expect(started.map(({ report }) => report.insurers).sort()).toEqual(started.length === 1 ? [10] : [0, 0, 10]);
    for (const { store: own } of started) await own.close();
  });

  it('loads nothing at all when one part fails', async () => {
    const broken = structuredClone(registry);
    broken.deadlines.at(-1)!.insurer = 'nergens';
    await expect(load(broken)).rejects.toThrow();
    expect(await store.read.$count(store.read.tables.insurers)).toBe(0);
  });
});
