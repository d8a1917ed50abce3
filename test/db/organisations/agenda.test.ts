import { beforeEach, expect, it } from 'vitest';
import { readAgenda } from '../../../db/organisations/agenda.ts';
import { readAgendaInputs } from '../../../db/organisations/agendas.ts';
import { complete, reopen } from '../../../db/organisations/completions.ts';
import { addStep } from '../../../db/organisations/steps/steps.ts';
import { concernIn, requireConcern } from '../../../db/organisations/concerns.ts';
import { recordOwnEvent, removeOwnEvent } from '../../../db/organisations/own-events.ts';
import { deleteOrganisation, getOrganisation, saveRelation } from '../../../db/organisations/organisations.ts';
import { allDeadlines } from '../../../db/registry/deadlines.ts';
import type { Store } from '../../../db/store/store.ts';
import { registryVersionFor } from '../../../db/store/counters.ts';
import { addDeadline, addOrganisation, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const any = (actors: ('insurer' | 'ro' | 'wsv' | 'provider')[], contractStatus: 'any' | 'uncontracted' = 'any') => ({
  actors,
  onBehalfOf: [],
  contractStatus,
  deliverable: null,
});
const term = {
  rule: { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' },
  duty: any(['provider'], 'uncontracted'),
} as const;
const received = (occurredOn: string) => ({ kind: 'contract_received' as const, insurer: 'noord', contractYear: 2025, occurredOn });

onBothDialects('an agenda', (fresh) => {
  let store: Store;
  let cast: Awaited<ReturnType<typeof castIn>>;
  beforeEach(async () => {
    store = await fresh();
    cast = await castIn(store);
  });
  const agenda = async (id: string) =>
    (await readAgenda(store.read, id)).map(({ deadline, as, organisations }) => [
      deadline.activity,
      deadline.dueOn,
      as,
      organisations.map((o) => o.name).join(),
    ]);

  it("says that a stated day is for another kind of care, and whether one for the reader's own stands beside it, under a higher number", async () => {
    await store.write(async (tx) => {
      await addDeadline(tx, { careType: 'gp_care' });
      await addDeadline(tx, { careType: 'general', activity: 'accounts' });
    });
    const care = async (id: string) =>
      new Map(
        (await readAgenda(store.read, id)).map(({ deadline, otherCare = null, sequence }) => [
          `${deadline.activity} ${deadline.careType}`,
          [otherCare, sequence],
        ]),
      );
    const before = await care(cast.ro.id);
    expect(before.get('annual_plan gp_care')![0]).toBe('only');
    expect(before.get('accounts general')![0]).toBeNull();
    await store.write((tx) => addDeadline(tx, {}));
    const after = await care(cast.ro.id);
    expect(after.get('annual_plan gp_care')![0]).toBe('beside');
    expect(after.get('annual_plan multidisciplinary_care')![0]).toBeNull();
    expect(after.get('annual_plan gp_care')![1]).toBeGreaterThan(before.get('annual_plan gp_care')![1] as number);
    const practice = await store.write((tx) => addOrganisation(tx, { name: 'Praktijk', roles: ['practice'] }));
    await store.write((tx) => addDeadline(tx, { careType: 'gp_care', activity: 'signing' }, { duty: any(['provider']) }));
    expect([...(await care(practice.id)).values()].map(([other]) => other)).toEqual([null]);
  });

  it('has nothing to sign while an agreement runs on, and nobody may complete that, nor hears of it', async () => {
    const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Een aanname.' };
    const assumed = { certainty: 'template' as const, boundary: null, basis, sources: [], duty: any(['provider']) };
    const range = { kind: 'range' as const, from: '2025-01-01', to: '2027-12-31' };
    const signing = await store.write(async (tx) => {
      await addDeadline(tx, { activity: 'contract_term' }, { kind: 'term', rule: range });
      return addDeadline(tx, { activity: 'signing', contractYear: 2026 }, { ...assumed, rule: { kind: 'fixed', on: '2025-12-31' } });
    });
    const practice = await store.write((tx) => addOrganisation(tx, { name: 'Praktijk', roles: ['practice'] }));
    const concerned = async (id: string) => {
      const has = (await readAgenda(store.read, id)).some(({ deadline }) => deadline.id === signing.id);
      const mayComplete = await requireConcern(store.read, id, signing).then(
        () => true,
        () => false,
      );
      return [has, mayComplete, (await concernIn(store.read, id, signing)) !== null];
    };
    expect(await concerned(cast.ro.id)).toEqual([false, false, false]);
    expect(await concerned(practice.id)).toEqual([true, true, true]);
  });

  it('expects a plan for the insurer that leads: as the organisation says, else as its RO says, whose change its members see at once', async () => {
    const basis = { kind: 'earlier_year' as const, deadlineId: null, text: 'Voor 2024 was het 1 oktober 2023.' };
    await store.write(async (tx) => {
      for (const insurer of ['noord', 'oost']) await addDeadline(tx, { insurer }, { certainty: 'expected', basis, sources: [] });
    });
    const relation = (id: string, insurer: string, preferred: boolean) =>
      store.write((tx) => saveRelation(tx, id, insurer, { contractStatus: 'contracted', preferred }, NOW));
    for (const { id } of [cast.ro, cast.wsv]) await relation(id, 'oost', false);
    const insurersOf = async (id: string) => (await readAgenda(store.read, id)).map(({ deadline }) => deadline.insurer);
    const versionOf = async (id: string) => (await getOrganisation(store.read, id)).version;
    expect([await insurersOf(cast.ro.id), await insurersOf(cast.wsv.id)]).toEqual([
      ['noord', 'oost'],
      ['noord', 'oost'],
    ]);
    const before = await versionOf(cast.wsv.id);
    await relation(cast.ro.id, 'noord', true);
    expect([await insurersOf(cast.ro.id), await insurersOf(cast.wsv.id)]).toEqual([['noord'], ['noord']]);
    expect(await versionOf(cast.wsv.id)).toBeGreaterThan(before);
    // The RO goes on seeing what only its member has.
    await relation(cast.wsv.id, 'oost', true);
    expect([await insurersOf(cast.ro.id), await insurersOf(cast.wsv.id)]).toEqual([['noord', 'oost'], ['oost']]);
    const inputs = await readAgendaInputs(store.read, [cast.wsv.id, cast.ro.id]);
    expect([...inputs].map(([id, { parentPreferred }]) => [id, parentPreferred]).sort()).toEqual(
      [
        [cast.ro.id, []],
        [cast.wsv.id, ['noord']],
      ].sort(),
    );
  });

  it('lets no insurer lead without a contract, also where that was kept before it was refused', async () => {
    const basis = { kind: 'earlier_year' as const, deadlineId: null, text: 'Voor 2024 was het 1 oktober 2023.' };
    const { ro, wsv } = cast;
    await store.write(async (tx) => {
      for (const insurer of ['noord', 'oost']) await addDeadline(tx, { insurer }, { certainty: 'expected', basis, sources: [] });
      const kept = { organisationId: ro.id, insurerSlug: 'oost', contractStatus: 'uncontracted', preferred: true } as const;
      await tx.insert(tx.tables.relations).values(kept);
    });
    for (const { id } of [ro, wsv]) {
      const plan = (await readAgenda(store.read, id)).map(({ deadline }) => deadline.insurer);
      expect(plan).toEqual(['noord']);
      const [deadline] = await allDeadlines(store.read, { insurers: ['noord'] });
      expect(await concernIn(store.read, id, deadline!)).not.toBeNull();
    }
    expect((await getOrganisation(store.read, ro.id)).relations).toMatchObject([{ preferred: false }, { preferred: false }]);
    const both = { contractStatus: 'uncontracted', preferred: true } as const;
    await expect(store.write((tx) => saveRelation(tx, ro.id, 'oost', both, NOW))).rejects.toMatchObject({
      kind: 'invalid',
      faults: [{ field: 'preferred' }],
    });
  });

  it('shows an organisation what concerns it, and an RO also its WSVs’ duties, once', async () => {
    await store.write(async (tx) => {
      await addDeadline(tx);
      await addDeadline(tx, { activity: 'publication' }, { rule: { kind: 'fixed', on: '2024-04-01' }, duty: any(['insurer']) });
      await addDeadline(tx, { activity: 'wsv_plan_review' }, { rule: { kind: 'fixed', on: '2024-09-01' }, duty: any(['wsv']) });
      await addDeadline(
        tx,
        { activity: 'contract_request' },
        { rule: { kind: 'fixed', on: '2024-08-31' }, duty: any(['provider'], 'uncontracted') },
      );
      await addDeadline(tx, { insurer: 'oost' }, { duty: any(['provider']) });
      await saveRelation(tx, cast.wsv.id, 'noord', { contractStatus: 'unknown', preferred: false }, NOW);
    });
    expect(await agenda(cast.ro.id)).toEqual([
      ['publication', '2024-04-01', 'informed', 'Regio Zuid'],
      ['contract_request', '2024-08-31', 'wsv', 'WSV De Wijk'],
      ['wsv_plan_review', '2024-09-01', 'wsv', 'WSV De Wijk'],
      ['annual_plan', '2024-10-01', 'ro', 'Regio Zuid'],
    ]);
    expect(await agenda(cast.outsider.id)).toEqual([['annual_plan', '2024-10-01', 'practice', 'Praktijk Elders']]);
  });

  it('names every WSV that a duty is of', async () => {
    await store.write(async (tx) => {
      await addOrganisation(tx, { name: 'WSV De Buurt', roles: ['wsv'], parent: cast.ro.id });
      await addDeadline(tx, { activity: 'wsv_plan_review' }, { rule: { kind: 'fixed', on: '2024-09-01' }, duty: any(['wsv']) });
    });
    expect(await agenda(cast.ro.id)).toEqual([['wsv_plan_review', '2024-09-01', 'wsv', 'WSV De Buurt,WSV De Wijk']]);
  });

  it.each([
    ['2024-11-04', '2024-12-16', '2024-12-16', null],
    ['2024-12-02', '2025-01-13', '2024-12-31', ['2024-12-31', '2025-01-13']],
  ])('lets a contract received on %s start the signing term', async (occurredOn, dueOn, lastSafeOn, days) => {
    const { outsider } = cast;
    await store.write(async (tx) => {
      await addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'fixed', on: '2024-12-31' }, duty: any(['provider']) });
      await addDeadline(tx, { activity: 'signing_term' }, term);
      await saveRelation(tx, outsider.id, 'noord', { contractStatus: 'uncontracted', preferred: false }, NOW);
      await recordOwnEvent(tx, outsider.id, received(occurredOn), NOW);
    });
    const own = (await readAgenda(store.read, outsider.id)).find((item) => item.deadline.activity === 'signing_term')!;
    expect([own.deadline.dueOn, own.deadline.lastSafeOn, own.deadline.conflict?.days ?? null]).toEqual([dueOn, lastSafeOn, days]);
    expect(own.deadline.conflict?.kind ?? null).toBe(days && 'terms');
  });

  it('keeps the identity of an own term through a correction, with a higher sequence', async () => {
    const { outsider } = cast;
    const own = async () => (await readAgenda(store.read, outsider.id)).find((item) => item.deadline.activity === 'signing_term')!;
    const first = await store.write(async (tx) => {
      await addDeadline(tx, { activity: 'signing_term' }, term);
      await saveRelation(tx, outsider.id, 'noord', { contractStatus: 'uncontracted', preferred: false }, NOW);
      return recordOwnEvent(tx, outsider.id, received('2024-11-04'), NOW);
    });
    const before = await own();
    await expect(store.write((tx) => recordOwnEvent(tx, outsider.id, received('2024-11-05'), NOW))).rejects.toMatchObject({
      kind: 'conflict',
    });
    await store.write(async (tx) => {
      await removeOwnEvent(tx, outsider.id, first.id, NOW);
      await recordOwnEvent(tx, outsider.id, received('2024-11-05'), NOW);
    });
    const after = await own();
    expect(after.uid).toBe(before.uid);
    expect(after.deadline.dueOn).toBe('2024-12-17');
    expect(after.sequence).toBeGreaterThan(before.sequence);
    expect(after.changedAt.getTime()).toBeGreaterThan(before.changedAt.getTime());
  });

  it('shows what is done and which steps are planned, to that organisation alone', async () => {
    const { ro, wsv } = cast;
    const done = { completedOn: '2024-09-27', by: 'A. de Vries', evidence: null };
    const { id } = await store.write(async (tx) => {
      const made = await addDeadline(tx);
      await saveRelation(tx, wsv.id, 'noord', { contractStatus: 'contracted', preferred: true }, NOW);
      await complete(tx, ro.id, made.id, done, NOW);
      await addStep(tx, ro.id, { title: 'Concept naar bestuur', dueOn: '2024-09-10', deadlineId: made.id, ownerId: null }, NOW);
      return made;
    });
    expect((await readAgenda(store.read, ro.id))[0]).toMatchObject({
      completion: done,
      steps: [{ title: 'Concept naar bestuur', dueOn: '2024-09-10' }],
      preferred: false,
    });
    expect((await readAgenda(store.read, wsv.id))[0]).toMatchObject({ completion: null, steps: [], preferred: true });
    await store.write((tx) => reopen(tx, ro.id, id, NOW));
    expect((await readAgenda(store.read, ro.id))[0]!.completion).toBeNull();
  });

  it('binds a signing term to signing of its own kind of care', async () => {
    const { outsider } = cast;
    await store.write(async (tx) => {
      await addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'fixed', on: '2024-12-31' }, duty: any(['provider']) });
      await addDeadline(
        tx,
        { activity: 'signing', careType: 'gp_care' },
        { rule: { kind: 'fixed', on: '2024-11-30' }, duty: any(['provider']) },
      );
      await addDeadline(tx, { activity: 'signing_term' }, term);
      await saveRelation(tx, outsider.id, 'noord', { contractStatus: 'uncontracted', preferred: false }, NOW);
      await recordOwnEvent(tx, outsider.id, received('2024-11-04'), NOW);
    });
    const own = (await readAgenda(store.read, outsider.id)).find((item) => item.deadline.activity === 'signing_term')!;
    expect([own.deadline.lastSafeOn, own.deadline.conflict]).toEqual(['2024-12-16', null]);
  });

  it('lets one member’s own term be done without the others’', async () => {
    const { ro, wsv } = cast;
    const termOf = { ...term, duty: any(['provider'], 'uncontracted') };
    const { id } = await store.write(async (tx) => {
      const made = await addDeadline(tx, { activity: 'signing_term' }, termOf);
      for (const one of [ro, wsv]) await saveRelation(tx, one.id, 'noord', { contractStatus: 'uncontracted', preferred: false }, NOW);
      await recordOwnEvent(tx, ro.id, received('2024-11-04'), NOW);
      await recordOwnEvent(tx, wsv.id, received('2024-11-08'), NOW);
      return made;
    });
    const done = async () => (await readAgenda(store.read, ro.id)).map((item) => [item.organisations[0]!.name, item.completion !== null]);
    const by = { completedOn: '2024-12-01', by: 'X', evidence: null };
    await store.write((tx) => complete(tx, ro.id, id, by, NOW));
    expect(await done()).toEqual([
      ['Regio Zuid', true],
      ['WSV De Wijk', false],
    ]);
    await store.write(async (tx) => {
      await reopen(tx, ro.id, id, NOW);
      await complete(tx, wsv.id, id, by, NOW);
    });
    expect(await done()).toEqual([
      ['Regio Zuid', false],
      ['WSV De Wijk', true],
    ]);
  });

  it('sorts a preferred insurer first within a day', async () => {
    await store.write(async (tx) => {
      for (const insurer of ['noord', 'zuid']) await addDeadline(tx, { insurer });
      await saveRelation(tx, cast.ro.id, 'zuid', { contractStatus: 'contracted', preferred: true }, NOW);
    });
    expect((await readAgenda(store.read, cast.ro.id)).map((item) => item.deadline.insurer)).toEqual(['zuid', 'noord']);
  });

  it('raises the versions by which a feed knows that it changed, and only those', async () => {
    const { ro, wsv, outsider } = cast;
    const versions = async () =>
      Promise.all(
        [ro, wsv, outsider].map(async ({ id }) => [
          (await getOrganisation(store.read, id)).version,
          await registryVersionFor(store.read, id),
        ]),
      );
    const [a, b, c] = await versions();
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    const [a2, b2, c2] = await versions();
    expect([a2, b2]).toEqual([a, b]);
    expect(c2![1]).toBeGreaterThan(c![1]!);
    await store.write((tx) => saveRelation(tx, wsv.id, 'zuid', { contractStatus: 'contracted', preferred: false }, NOW));
    const [a3, , c3] = await versions();
    expect(a3![0]).toBe(a2![0]! + 1);
    expect(c3).toEqual(c2);
    await store.write((tx) => deleteOrganisation(tx, wsv.id, NOW));
    expect((await getOrganisation(store.read, ro.id)).version).toBe(a3![0]! + 1);
  });
});
