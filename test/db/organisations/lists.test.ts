import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { SORTS } from '../../../calendars/deadlines/listing.ts';
import { RELATION_STATUSES, ROLES } from '../../../calendars/terms.ts';
import { readAgenda } from '../../../db/organisations/agenda.ts';
import { complete } from '../../../db/organisations/completions.ts';
import { addStep } from '../../../db/organisations/steps/steps.ts';
import { listAgenda } from '../../../db/organisations/lists.ts';
import { openReadCache } from '../../../db/organisations/read-cache.ts';
import { addDeadline, addOrganisation, castIn, NOW } from '../../helpers/cast.ts';
import { onSqlite } from '../../helpers/stores.ts';

const everything = { filter: { includeUndated: true }, today: '2024-04-02', page: 1, pageSize: 100 } as const;

onSqlite('a list from memory', (fresh) => {
  it('says what the agenda says, whatever the organisation is and deals with', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write(async (tx) => {
      for (const insurer of ['noord', 'oost', 'zuid', null]) {
        for (const [i, contractStatus] of (['any', 'contracted', 'uncontracted'] as const).entries()) {
          const duty = { actors: [(['ro', 'provider', 'insurer'] as const)[i]!], onBehalfOf: [], contractStatus, deliverable: null };
          const rule = { kind: 'fixed', on: `2024-0${9 - (i % 2)}-01` } as const;
          await addDeadline(tx, { insurer, activity: (['annual_plan', 'signing', 'publication'] as const)[i]! }, { rule, duty });
        }
      }
    });
    const relation = (insurer: string) =>
      fc
        .record({ insurer: fc.constant(insurer), contractStatus: fc.constantFrom(...RELATION_STATUSES), preferred: fc.boolean() })
        // With whom there is no contract leads for nobody.
        .map((one) => ({ ...one, preferred: one.preferred && one.contractStatus !== 'uncontracted' }));
    const parties = fc.record({
      roles: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1 }),
      insurers: fc.tuple(relation('noord'), relation('oost'), relation('zuid')).chain((all) => fc.subarray(all)),
    });
    for (const [i, party] of fc.sample(parties, { numRuns: 60, seed: 7 }).entries()) {
      const { id } = await store.write((tx) => addOrganisation(tx, { name: `Praktijk ${i}`, ...party }));
      const cache = openReadCache(store);
      const registry = await cache.refresh();
      const sort = SORTS[i % SORTS.length]!;
      const { items } = listAgenda((await cache.agendaInput(id))!.agendaInput, registry, { ...everything, sort });
      expect(items).toEqual(await readAgenda(store.read, id, { sort }));
    }
  });

  it('shows what is done and planned', async () => {
    const store = await fresh();
    const { outsider } = await castIn(store);
    const done = { completedOn: '2024-03-01', by: 'A. de Vries', evidence: null };
    await store.write(async (tx) => {
      const { id } = await addDeadline(
        tx,
        { insurer: 'oost' },
        { duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any', deliverable: null } },
      );
      await complete(tx, outsider.id, id, done, NOW);
      await addStep(tx, outsider.id, { title: 'Concept', dueOn: '2024-02-01', deadlineId: id, ownerId: null }, NOW);
    });
    const cache = openReadCache(store);
    const registry = await cache.refresh();
    const { items } = listAgenda((await cache.agendaInput(outsider.id))!.agendaInput, registry, { ...everything, sort: 'dueOn' });
    expect(items.map(({ completion, steps }) => [completion, steps.map(({ title }) => title)])).toEqual([[done, ['Concept']]]);
  });
});
