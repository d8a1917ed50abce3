import { beforeEach, expect, it } from 'vitest';
import { readAgenda } from '../../../db/organisations/agenda.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { allDeadlines } from '../../../db/registry/deadlines.ts';
import type { Store } from '../../../db/store/store.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import { addDeadline, addOrganisation, castIn, contentOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

onBothDialects('projected timelines', (fresh) => {
  let store: Store;
  let cast: Awaited<ReturnType<typeof castIn>>;
  beforeEach(async () => {
    store = await fresh();
    cast = await castIn(store);
  });
  const project = (year = 2026) => store.write((tx) => projectTimelines(tx, year, NOW));
  const all = (contractYear: number) =>
    allDeadlines(store.read, { insurers: ['noord'] }).then((rows) => rows.filter((row) => row.contractYear === contractYear));
  const one = async (contractYear: number, activity: string) => (await all(contractYear)).find((row) => row.activity === activity)!;

  it('gives every insurer the five activities for two contract years', async () => {
    expect(await project()).toBe(3 * 2 * 5);
    const rows = await all(2027);
    expect(rows.map((row) => [row.activity, row.dueOn, row.certainty]).sort()).toEqual([
      ['accounts', '2026-05-01', 'template'],
      ['annual_plan', '2026-10-01', 'template'],
      ['contract_request', '2026-08-31', 'template'],
      ['publication', '2026-04-01', 'sector_rule'],
      ['signing', '2026-12-31', 'template'],
    ]);
  });

  it('changes nothing when it runs again, however often', async () => {
    await project();
    const before = await all(2027);
    for (let i = 0; i < 100; i++) expect(await project()).toBe(0);
    expect(await all(2027)).toEqual(before);
  });

  it('expects what the insurer stated before, with its earliest safe day, and without its channel or quotes', async () => {
    const conflict = { kind: 'readings' as const, days: ['2024-09-30', '2024-10-01'], text: 'Verschil van een dag.' };
    const stated = await store.write((tx) => addDeadline(tx, {}, { conflict }));
    await project();
    const { basis, ...plan } = await one(2027, 'annual_plan');
    expect(plan).toMatchObject({
      certainty: 'expected',
      dueOn: '2026-10-01',
      lastSafeOn: '2026-09-30',
      careType: 'multidisciplinary_care',
    });
    expect(plan).toMatchObject({ channel: null, sources: [], conflict: null, extension: null, consequence: null, reportingYear: 2025 });
    expect(basis).toMatchObject({ kind: 'earlier_year', deadlineId: stated.id });
    expect((await one(2027, 'signing')).certainty).toBe('template');
  });

  it('carries over what was known, and tells nobody when that alone changes, but calendars', async () => {
    const stated = await store.write((tx) => addDeadline(tx));
    await project(2024);
    const { precedent, sequence } = await one(2026, 'annual_plan');
    const { channel, sources } = stated;
    expect(precedent).toMatchObject({ deadlineId: stated.id, contractYear: 2025, channel, sources, deliverable: 'Jaarplan en begroting' });
    const consequence = { text: 'Geen overeenkomst.', modality: 'certain' as const, kind: 'penalty' as const };
    await store.write((tx) => amendDeadline(tx, stated.id, { baseRevision: 1, reason: 'Aangevuld.', consequence, channel: null }, NOW));
    const renewed = await one(2026, 'annual_plan');
    expect(renewed).toMatchObject({ sequence: sequence + 1, precedent: { consequence, channel: null }, channel: null });
    const { changes } = store.read.tables;
    expect((await store.read.select().from(changes)).map(({ deadlineId }) => deadlineId)).not.toContain(renewed.id);
    expect(await project(2024)).toBe(0);
  });

  it('keeps what was known while its date rests on it, and no longer', async () => {
    await store.write((tx) => addDeadline(tx));
    await project();
    const { id, revision, precedent } = await one(2027, 'annual_plan');
    const titled = await store.write((tx) => amendDeadline(tx, id, { baseRevision: revision, reason: 'Titel.', title: 'Jaarplan' }, NOW));
    expect([titled.certainty, titled.precedent]).toEqual(['expected', precedent]);
    const certain = { certainty: 'stated', sources: contentOf().sources } as const;
    const confirmed = await store.write((tx) =>
      amendDeadline(tx, id, { baseRevision: revision + 1, reason: 'Bevestigd.', ...certain }, NOW),
    );
    expect(confirmed.precedent).toBeNull();
  });

  it('is renewed within each change of what it rests on, without what nobody projected yet', async () => {
    const rule = (on: string) => ({ rule: { kind: 'fixed', on }, sources: contentOf().sources }) as const;
    await store.write((tx) => addDeadline(tx));
    expect(await all(2026)).toEqual([]);
    await project(2024);
    expect(await one(2026, 'annual_plan')).toMatchObject({ dueOn: '2025-10-01', certainty: 'expected', revision: 1 });
    const earlier = await store.write((tx) => addDeadline(tx, { contractYear: 2024, activity: 'signing' }, rule('2023-12-15')));
    const next = async () => {
      const { dueOn, certainty, revision } = await one(2026, 'signing');
      return [dueOn, certainty, revision];
    };
    expect(await next()).toEqual(['2025-12-15', 'expected', 2]);
    await store.write((tx) => amendDeadline(tx, earlier.id, { baseRevision: 1, reason: 'Verschoven.', ...rule('2023-12-20') }, NOW));
    expect(await next()).toEqual(['2025-12-20', 'expected', 3]);
    await store.write((tx) => withdrawDeadline(tx, earlier.id, 'Vervallen.', NOW));
    expect(await next()).toEqual(['2025-12-31', 'template', 4]);
    expect(await project(2024)).toBe(0);
  });

  it('never touches what a document states, an editor confirmed, or was withdrawn', async () => {
    await store.write((tx) => addDeadline(tx, { contractYear: 2027 }, { rule: { kind: 'fixed', on: '2026-09-15' } }));
    await project();
    const signing = await one(2027, 'signing');
    const accounts = await one(2027, 'accounts');
    await store.write(async (tx) => {
      const proof = { sources: contentOf().sources, certainty: 'stated' as const };
      await amendDeadline(
        tx,
        signing.id,
        { baseRevision: 1, reason: 'Beleid 2027.', rule: { kind: 'fixed', on: '2026-12-15' }, ...proof },
        NOW,
      );
      await withdrawDeadline(tx, accounts.id, 'Niet van toepassing.', NOW);
    });
    // No source says so, and only accounts look back.
    expect(signing.reportingYear).toBe(2025);
    expect((await one(2027, 'signing')).reportingYear).toBeNull();
    // The year after now expects what was just confirmed; nothing else changes.
    expect(await project()).toBe(1);
    expect(await one(2027, 'annual_plan')).toMatchObject({ dueOn: '2026-09-15', certainty: 'stated', revision: 1 });
    expect(await one(2027, 'signing')).toMatchObject({ id: signing.id, dueOn: '2026-12-15', certainty: 'stated', revision: 2 });
    expect(await one(2027, 'accounts')).toBeUndefined();
    expect(await one(2028, 'signing')).toMatchObject({ dueOn: '2027-12-15', certainty: 'expected', revision: 2 });
    expect(await project()).toBe(0);
  });

  it('takes back what falls away while a contract term runs, without a word of withdrawal, and projects it anew when there is none', async () => {
    await project();
    const signing = await one(2027, 'signing');
    const { ro } = cast;
    const inAgenda = async () =>
      (await readAgenda(store.read, ro.id, { withdrawnToo: true }))
        .filter(({ deadline }) => deadline.id === signing.id)
        .map(({ deadline }) => deadline.status);
    expect(await inAgenda()).toEqual(['published']);
    const rule = { kind: 'range' as const, from: '2026-01-01', to: '2027-12-31' };
    const basis = { kind: 'computation' as const, deadlineId: null, text: 'Zo staat het er.' };
    const identity = { contractYear: 2026, activity: 'contract_term' as const };
    const term = await store.write((tx) => addDeadline(tx, { ...identity, careType: 'general' }, { kind: 'term', rule, basis }, NOW));
    await project();
    expect([await one(2027, 'signing'), await one(2027, 'publication')]).toEqual([undefined, undefined]);
    expect((await one(2028, 'signing')).certainty).toBe('template');
    expect(await inAgenda()).toEqual([]);
    expect(await project()).toBe(0);
    await store.write((tx) => withdrawDeadline(tx, term.id, 'Vervallen.', NOW));
    await project();
    expect(await one(2027, 'signing')).toMatchObject({ id: signing.id, certainty: 'template', status: 'published' });
    expect(await inAgenda()).toEqual(['published']);
    const changes = await store.read.select().from(store.read.tables.changes);
    expect(changes.filter(({ fromRevision }) => fromRevision > 0)).toEqual([]);
  });

  it('concerns nobody whose own kind of care has a running contract term', async () => {
    await project();
    const rule = { kind: 'range' as const, from: '2026-01-01', to: '2027-12-31' };
    const basis = { kind: 'computation' as const, deadlineId: null, text: 'Zo staat het er.' };
    const practice = await store.write(async (tx) => {
      await addDeadline(tx, { contractYear: 2026, activity: 'contract_term', careType: 'gp_care' }, { kind: 'term', rule, basis }, NOW);
      return addOrganisation(tx, { name: 'Praktijk Noord', roles: ['practice'] });
    });
    const years = async (id: string, activity: string) =>
      (await readAgenda(store.read, id))
        .filter(({ deadline }) => deadline.activity === activity)
        .map(({ deadline }) => deadline.contractYear);
    for (const activity of ['signing', 'publication']) {
      expect(await years(practice.id, activity)).toEqual([2028]);
      expect(await years(cast.ro.id, activity)).toEqual([2027, 2028]);
    }
  });

  it('gives a rebuilt database the same ids', async () => {
    await project();
    const ids = (await all(2028)).map((row) => row.id).sort();
    await store.write(async (tx) => void (await tx.delete(tx.tables.deadlines)));
    await project();
    expect((await all(2028)).map((row) => row.id).sort()).toEqual(ids);
  });
});
