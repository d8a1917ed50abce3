import { beforeAll, expect, it } from 'vitest';
import { projectTimelines } from '../../db/registry/timelines.ts';
import { loadRegistry } from '../../seeds/loader.ts';
import { readRegistry, type Registry } from '../../seeds/reader.ts';
import { appFor, EDITOR_KEY, type Body } from '../helpers/app.ts';
import { NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await readRegistry('seeds/registry');
});

onBothDialects('the registry over REST', (fresh) => {
  const serve = async () => {
    const store = await fresh();
    await loadRegistry(store, registry, NOW);
    const { call } = await appFor(store);
    const ask = async (query: string) =>
      (await call('GET', `deadlines?insurer=zorg-en-zekerheid&contractYear=2025&pageSize=100&${query}`)).body.items;
    return { call, store, ask, activities: async (query: string) => (await ask(query)).map((item: Body) => item.activity) };
  };

  it('fits its own document, row by row', async () => {
    const { call } = await serve();
    const pages = await Promise.all([1, 2].map((page) => call('GET', `deadlines?kind=all&includeUndated=true&pageSize=100&page=${page}`)));
    const items = pages.flatMap(({ body }) => body.items);
    expect([items.length, pages[0]!.body.total]).toEqual([registry.deadlines.length, registry.deadlines.length]);
    for (const { slug } of (await call('GET', 'insurers')).body.items) expect((await call('GET', `insurers/${slug}`)).status).toBe(200);
    for (const { id } of items) expect((await call('GET', `deadlines/${id}/revisions`)).status).toBe(200);
  });

  it('holds the seven rows of the planning and the terms around them', async () => {
    const { activities } = await serve();
    const all = await activities('includeUndated=true');
    for (const row of [
      'publication',
      'accounts',
      'review_meeting',
      'contract_request',
      'annual_plan',
      'signing',
      'policy_supplement',
      'signing_term',
      'wsv_plan_review',
    ]) {
      expect(all).toContain(row);
    }
    expect(await activities('activity=innovation_start')).toHaveLength(4);
  });

  it('answers what is due in the month from 15 September 2024 with the annual plan alone, safe until the 30th', async () => {
    const { ask } = await serve();
    const items = await ask('asOf=2024-09-15&withinDays=30');
    expect(
      items.map(({ activity, dueOn, lastSafeOn, conflict }: Body) => [activity, dueOn, lastSafeOn, conflict.kind, conflict.days]),
    ).toEqual([['annual_plan', '2024-10-01', '2024-09-30', 'readings', ['2024-09-30', '2024-10-01']]]);
  });

  it('asks 31 August of who has no contract only: unmoved, with the mailbox and the literal subject', async () => {
    const { activities, ask } = await serve();
    expect(await activities('role=ro&contractStatus=contracted')).not.toContain('contract_request');
    const [request] = await ask('contractStatus=uncontracted&activity=contract_request');
    expect(request).toMatchObject({
      dueOn: '2024-08-31',
      lastSafeOn: '2024-08-31',
      channel: { address: 'zorginkoop.huisartsen@zorgenzekerheid.nl', subject: 'Verzoek zorgovereenkomst multidisciplinaire zorg' },
    });
    expect(await activities('role=ro')).not.toContain('publication');
  });

  it('tells for a later year how it went: mailbox, literal subject and quotes of what is expected, and of a public rule the insurer’s own', async () => {
    const { call, store } = await serve();
    await store.write((tx) => projectTimelines(tx, 2026, NOW));
    const ask = async (query: string) => (await call('GET', `deadlines?contractYear=2027&${query}`)).body.items[0];
    const [request] = (await call('GET', 'deadlines?insurer=zorg-en-zekerheid&contractYear=2025&activity=contract_request')).body.items;
    const { id, dueOn, lastSafeOn, contractYear, channel, consequence, extension, conflict, sources, duty } = request;
    const known = { contractYear, dueOn, lastSafeOn, channel, deliverable: duty.deliverable, consequence, extension, conflict, sources };
    const expected = await ask('insurer=zorg-en-zekerheid&activity=contract_request');
    expect(expected).toMatchObject({ dueOn: '2026-08-31', channel: null, sources: [], basis: { deadlineId: id } });
    expect(expected.precedent).toEqual({ deadlineId: id, ...known });
    expect(sources.length).toBeGreaterThan(1);
    expect((await call('GET', `deadlines/${expected.id}`)).body.precedent).toEqual(expected.precedent);
    const rule = await ask('insurer=zorg-en-zekerheid&activity=publication');
    expect(rule).toMatchObject({ certainty: 'sector_rule', precedent: { contractYear: 2025, dueOn: '2024-04-01' } });
    expect(rule.basis).toMatchObject({ kind: 'sector_rule', successorSeen: false });
    expect(await ask('insurer=vgz&activity=publication')).toMatchObject({ certainty: 'sector_rule', precedent: null });
    expect(await ask('insurer=vgz&activity=signing')).toMatchObject({ certainty: 'template', precedent: null });
  });

  it('starts the signing term of who received a contract', async () => {
    const { call } = await serve();
    const body = {
      name: 'Praktijk Oost',
      roles: ['practice'],
      insurers: [{ insurer: 'zorg-en-zekerheid', contractStatus: 'uncontracted' }],
    };
    const { id, key } = (await call('POST', 'organisations', { key: EDITOR_KEY, body })).body;
    const term = async (occurredOn: string) => {
      const event = { kind: 'contract_received', insurer: 'zorg-en-zekerheid', contractYear: 2025, occurredOn };
      const made = await call('POST', `organisations/${id}/events`, { key, body: event });
      const { items } = (
        await call('GET', `organisations/${id}/deadlines?activity=signing_term&contractYear=2025&includeUndated=true`, { key })
      ).body;
      await call('DELETE', `organisations/${id}/events/${made.body.id}`, { key });
      expect(items).toHaveLength(1);
      return [items[0].dueOn, items[0].lastSafeOn, items[0].conflict?.kind];
    };
    expect(await term('2024-11-04')).toEqual(['2024-12-16', '2024-12-16', undefined]);
    expect(await term('2024-12-02')).toEqual(['2025-01-13', '2024-12-31', 'terms']);
  });
});
