import { beforeEach, expect, it } from 'vitest';
import { withdrawDeadline } from '../../db/registry/amending.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor, EDITOR_KEY, type Body, type Call } from '../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

onBothDialects('organisations over REST', (fresh) => {
  let store: Store;
  let call: Call;
  let cast: Awaited<ReturnType<typeof castIn>>;
  beforeEach(async () => {
    store = await fresh();
    cast = await castIn(store);
    ({ call } = await appFor(store));
  });
  const create = (body: object) => call('POST', 'organisations', { key: EDITOR_KEY, body });
  const agendaOf = async ({ id, key }: { id: string; key: string }, query = '') =>
    (await call('GET', `organisations/${id}/deadlines?${query}`, { key })).body.items;

  it('makes an organisation with its key, shown once', async () => {
    const made = await create({
      name: 'Regio Noord',
      roles: ['ro'],
      insurers: [{ insurer: 'zuid', contractStatus: 'contracted', preferred: true }, { insurer: 'noord' }],
    });
    expect(made.status).toBe(201);
    const { id, key, ...shown } = made.body;
    expect(key).toMatch(/^ik_[\w-]{43}$/);
    expect(made.headers['location']).toBe(`/api/v1/organisations/${id}`);
    expect(shown).toEqual({
      name: 'Regio Noord',
      language: 'nl',
      roles: ['ro'],
      parent: null,
      insurers: [
        { insurer: 'noord', contractStatus: 'unknown', preferred: false },
        { insurer: 'zuid', contractStatus: 'contracted', preferred: true },
      ],
      reminded: { by: 'nobody', reason: 'no_recipients' },
      createdAt: '2024-04-02T10:00:00.000Z',
    });
    expect((await call('GET', `organisations/${id}`, { key })).body).toEqual({ id, ...shown });
  });

  it('names all faults of a new organisation together, and makes none', async () => {
    const faultsOf = async (body: object) => (await create(body)).body.errors.map((fault: Body) => fault.field).sort();
    expect(await faultsOf({ name: ' ', roles: ['boss'], language: 'de', parent: 'x', insurers: [{ preferred: 'yes' }], extra: 1 })).toEqual(
      ['extra', 'insurers.0.insurer', 'insurers.0.preferred', 'language', 'name', 'parent', 'roles.0'],
    );
    expect(await faultsOf({ name: 'A', roles: ['ro'], insurers: [{ insurer: 'west' }, { insurer: 'oostwest' }] })).toEqual([
      'insurers.0.insurer',
      'insurers.1.insurer',
    ]);
    expect(await faultsOf({ name: 'A', roles: ['wsv'], parent: cast.outsider.id })).toEqual(['parent']);
    expect(await store.read.$count(store.read.tables.organisations)).toBe(3);
  });

  it('changes what is given and leaves the rest', async () => {
    const { ro } = cast;
    const change = (body: object) => call('PATCH', `organisations/${ro.id}`, { key: ro.key, body });
    expect((await change({ name: 'Regio Midden', language: 'en' })).body).toMatchObject({
      name: 'Regio Midden',
      language: 'en',
      roles: ['ro'],
      insurers: [{ insurer: 'noord' }],
    });
    expect((await change({})).status).toBe(400);
    expect((await change({ key: 'ik_mine' })).status).toBe(400);
    expect((await change({ roles: ['practice'] })).body.errors[0].field).toBe('roles');
    expect((await call('GET', `organisations/${ro.id}`, { key: ro.key })).body.name).toBe('Regio Midden');
  });

  it('lets a WSV leave its RO, and nobody put itself in the list of one', async () => {
    const { ro, wsv } = cast;
    const change = (parent: string | null) => call('PATCH', `organisations/${wsv.id}`, { key: wsv.key, body: { parent } });
    expect(await change(null)).toMatchObject({ status: 200, body: { parent: null } });
    expect(await change(ro.id)).toMatchObject({ status: 400, body: { errors: [{ field: 'parent', message: 'must be null' }] } });
  });

  it('begins, changes and ends a relation with an insurer', async () => {
    const { ro } = cast;
    const put = (slug: string, body: object) => call('PUT', `organisations/${ro.id}/insurers/${slug}`, { key: ro.key, body });
    expect(await put('oost', {})).toMatchObject({ status: 200, body: { insurer: 'oost', contractStatus: 'unknown', preferred: false } });
    expect((await put('oost', { contractStatus: 'contracted', preferred: true })).body).toEqual({
      insurer: 'oost',
      contractStatus: 'contracted',
      preferred: true,
    });
    const message = 'must be false where contractStatus is uncontracted; true is for contracted and unknown';
    const refused = { status: 400, body: { errors: [{ field: 'preferred', message }] } };
    expect(await put('oost', { contractStatus: 'uncontracted', preferred: true })).toMatchObject(refused);
    expect(await put('oost', { contractStatus: 'uncontracted' })).toMatchObject({ status: 200, body: { preferred: false } });
    expect(await put('west', {})).toMatchObject({ status: 404, body: { detail: 'No such insurer.' } });
    expect((await put('oost', { contractStatus: 'maybe' })).status).toBe(400);
    const end = () => call('DELETE', `organisations/${ro.id}/insurers/oost`, { key: ro.key });
    expect([(await end()).status, (await end()).status]).toEqual([204, 404]);
  });

  it('removes an organisation with its key', async () => {
    const { outsider } = cast;
    expect((await call('DELETE', `organisations/${outsider.id}`, { key: outsider.key })).status).toBe(204);
    expect((await call('GET', `organisations/${outsider.id}`, { key: outsider.key })).status).toBe(401);
  });

  it('lists what concerns the organisation and its WSV, as whom, and nothing of others', async () => {
    await store.write(async (tx) => {
      await addDeadline(tx);
      await addDeadline(
        tx,
        { activity: 'wsv_plan_review' },
        {
          rule: { kind: 'none' },
          certainty: 'unknown',
          duty: { actors: ['wsv'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
        },
      );
      await addDeadline(
        tx,
        { activity: 'publication' },
        {
          rule: { kind: 'fixed', on: '2024-04-01' },
          duty: { actors: ['insurer'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
        },
      );
      await addDeadline(tx, { insurer: 'oost' });
    });
    const { ro, wsv, outsider } = cast;
    const seen = async (who: typeof ro, query = '') =>
      (await agendaOf(who, query)).map((i: Body) => [i.activity, i.insurerName, i.as, i.organisations.map((o: Body) => o.name)]);
    expect(await seen(ro, 'includeUndated=true')).toEqual([
      ['publication', 'Noord', 'informed', ['Regio Zuid']],
      ['annual_plan', 'Noord', 'ro', ['Regio Zuid']],
      ['wsv_plan_review', 'Noord', 'wsv', ['WSV De Wijk']],
    ]);
    expect(await seen(ro, 'role=ro')).toEqual([['annual_plan', 'Noord', 'ro', ['Regio Zuid']]]);
    expect(await seen(ro, 'asOf=2024-09-01&withinDays=30')).toEqual([['annual_plan', 'Noord', 'ro', ['Regio Zuid']]]);
    // The pinned clock says 2 April 2024.
    expect(await seen(ro, 'upcoming=true')).toEqual(await seen(ro, 'asOf=2024-04-02'));
    expect(await seen(ro, 'upcoming=true')).not.toEqual(await seen(ro, ''));
    expect(await seen(ro, 'insurer=oost')).toEqual([]);
    expect(await seen(wsv)).toEqual([
      ['publication', 'Noord', 'informed', ['WSV De Wijk']],
      ['annual_plan', 'Noord', 'wsv', ['WSV De Wijk']],
    ]);
    expect(await seen(outsider)).toEqual([]);
    const all = (await call('GET', `organisations/${ro.id}/deadlines?includeUndated=true&page=2&pageSize=2`, { key: ro.key })).body;
    expect([all.total, all.items.length]).toEqual([3, 1]);
    expect((await call('GET', `organisations/${ro.id}/deadlines?colour=red`, { key: ro.key })).status).toBe(400);
  });

  it('starts the six weeks with the contract that was received, and flags that signing is due earlier', async () => {
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'uncontracted' as const, deliverable: null };
    await store.write(async (tx) => {
      const offset = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
      await addDeadline(tx, { insurer: 'oost', activity: 'signing_term' }, { rule: offset, duty });
      await addDeadline(
        tx,
        { insurer: 'oost', activity: 'signing' },
        { rule: { kind: 'fixed', on: '2024-12-31' }, duty: { ...duty, contractStatus: 'any' } },
      );
    });
    const { outsider, ro } = cast;
    const termOf = async () => {
      const terms = (await agendaOf(outsider, 'includeUndated=true')).filter((i: Body) => i.activity === 'signing_term');
      return terms.map(({ dueOn, lastSafeOn, conflict }: Body) => [dueOn, lastSafeOn, conflict && [conflict.kind, conflict.days]]);
    };
    const received = (occurredOn: string) =>
      call('POST', `organisations/${outsider.id}/events`, {
        key: outsider.key,
        body: { kind: 'contract_received', insurer: 'oost', contractYear: 2025, occurredOn },
      });
    expect(await termOf()).toEqual([[null, null, null]]);
    const first = await received('2024-11-04');
    expect(first).toMatchObject({
      status: 201,
      body: { kind: 'contract_received', insurer: 'oost', contractYear: 2025, occurredOn: '2024-11-04' },
    });
    expect(await termOf()).toEqual([['2024-12-16', '2024-12-16', null]]);
    expect((await received('2024-12-02')).status).toBe(409);
    const path = `organisations/${outsider.id}/events`;
    expect((await call('GET', path, { key: outsider.key })).body).toEqual({ items: [first.body], page: 1, pageSize: 50, total: 1 });
    expect((await call('DELETE', `${path}/${first.body.id}`, { key: outsider.key })).status).toBe(204);
    expect((await call('DELETE', `${path}/${first.body.id}`, { key: outsider.key })).status).toBe(404);
    await received('2024-12-02');
    expect(await termOf()).toEqual([['2025-01-13', '2024-12-31', ['terms', ['2024-12-31', '2025-01-13']]]]);
    // The registry itself does not know of it, and nobody else does.
    expect((await call('GET', 'deadlines?activity=signing_term&includeUndated=true')).body.items[0].dueOn).toBeNull();
    expect(await agendaOf(ro, 'includeUndated=true')).toEqual([]);
    const odd = { kind: 'contract_lost', insurer: 'oost', contractYear: 2025, occurredOn: '2024-02-30' };
    expect((await call('POST', path, { key: outsider.key, body: odd })).body.errors.map((f: Body) => f.field)).toEqual([
      'kind',
      'occurredOn',
    ]);
  });

  it('takes nothing about a deadline that does not concern the organisation, or was withdrawn, and keeps nothing of it', async () => {
    const [plan, gone] = await store.write(async (tx) => [
      await addDeadline(tx),
      await addDeadline(
        tx,
        { activity: 'signing' },
        { duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any', deliverable: null } },
      ),
    ]);
    const { ro, wsv, outsider } = cast;
    const answers = async ({ id, key }: typeof ro, deadlineId: string) => {
      const path = `organisations/${id}/deadlines/${deadlineId}`;
      const done = await call('PUT', `${path}/completion`, { key, body: { completedOn: '2024-09-27', by: 'A. de Vries' } });
      const step = await call('POST', `${path}/steps`, { key, body: { title: 'Begroting rond', dueOn: '2024-09-01' } });
      return [done, step].map(({ status, body }) => [status, body.detail]);
    };
    for (const own of [ro, wsv]) expect((await answers(own, plan.id)).map(([status]) => status)).toEqual([201, 201]);
    const foreign = 'The deadline does not concern the organisation: it is not in its list, nor of those it delivers for.';
    expect(await answers(outsider, plan.id)).toEqual([
      [400, foreign],
      [400, foreign],
    ]);
    await store.write((tx) => withdrawDeadline(tx, gone.id, 'Vervallen.', NOW));
    const withdrawn = 'The deadline was withdrawn: nothing is to be done for it any more.';
    expect(await answers(ro, gone.id)).toEqual([
      [400, withdrawn],
      [400, withdrawn],
    ]);
    const { completions, steps } = store.read.tables;
    expect([await store.read.$count(completions), await store.read.$count(steps)]).toEqual([2, 2]);
  });

  it('marks a deadline as done, corrects it, and reopens it', async () => {
    const { id } = await store.write((tx) => addDeadline(tx));
    const { ro, wsv } = cast;
    const path = `organisations/${ro.id}/deadlines/${id}/completion`;
    const put = (body: object) => call('PUT', path, { key: ro.key, body });
    const done = { completedOn: '2024-09-27', by: 'A. de Vries', evidence: 'ontvangstbevestiging 27-09' };
    expect(await put(done)).toMatchObject({ status: 201, body: done });
    expect(await put({ completedOn: '2024-09-26', by: 'A. de Vries' })).toMatchObject({
      status: 200,
      body: { completedOn: '2024-09-26', evidence: null },
    });
    expect((await agendaOf(ro))[0].completion).toEqual({ completedOn: '2024-09-26', by: 'A. de Vries', evidence: null });
    expect((await agendaOf(wsv))[0].completion).toBeNull();
    expect((await put({ completedOn: '2024-02-30', by: '', note: 1 })).body.errors.map((f: Body) => f.field)).toEqual([
      'note',
      'completedOn',
      'by',
    ]);
    const reopen = () => call('DELETE', path, { key: ro.key });
    expect([(await reopen()).status, (await reopen()).status]).toEqual([204, 404]);
    const nothing = `organisations/${ro.id}/deadlines/123e4567-e89b-42d3-a456-426614174000/completion`;
    expect((await call('PUT', nothing, { key: ro.key, body: done })).status).toBe(404);
  });

  it('keeps own steps before a deadline', async () => {
    const { id } = await store.write((tx) => addDeadline(tx));
    const { ro } = cast;
    const path = `organisations/${ro.id}/deadlines/${id}/steps`;
    const add = (title: string, dueOn: string) => call('POST', path, { key: ro.key, body: { title, dueOn } });
    const later = await add('Plannen van WSV’s beoordelen', '2024-09-15');
    const first = await add('Plannen van WSV’s binnen', '2024-09-01');
    expect([later.status, later.body.title]).toEqual([201, 'Plannen van WSV’s beoordelen']);
    expect((await call('GET', path, { key: ro.key })).body.items).toEqual([first.body, later.body]);
    expect((await agendaOf(ro))[0].steps).toEqual([first.body, later.body]);
    expect((await call('DELETE', `${path}/${first.body.id}`, { key: ro.key })).status).toBe(204);
    expect((await call('DELETE', `${path}/${first.body.id}`, { key: ro.key })).status).toBe(404);
    expect((await call('GET', path, { key: ro.key })).body.total).toBe(1);
    expect((await call('GET', `organisations/${ro.id}/deadlines/123e4567-e89b-42d3-a456-426614174000/steps`, { key: ro.key })).status).toBe(
      404,
    );
  });

  it('says that a list did not change, and says when anything in it did', async () => {
    const { id } = await store.write((tx) => addDeadline(tx));
    const { ro, wsv } = cast;
    const path = `organisations/${ro.id}/deadlines`;
    const tagOf = async (query = '') => String((await call('GET', `${path}${query}`, { key: ro.key })).headers['etag']);
    const again = async (tag: string) => (await call('GET', path, { key: ro.key, headers: { 'if-none-match': tag } })).status;
    let tag = await tagOf();
    expect([await again(tag), await again(`"other", ${tag}`), await again('"other"')]).toEqual([304, 304, 200]);
    const changes: [string, string, object, string][] = [
      ['POST', `deadlines/${id}/revisions`, { baseRevision: 1, reason: 'Spelling.', title: 'Jaarplan' }, EDITOR_KEY],
      ['PUT', `${path}/${id}/completion`, { completedOn: '2024-09-27', by: 'A' }, ro.key],
      ['POST', `${path}/${id}/steps`, { title: 'Concept', dueOn: '2024-09-01' }, ro.key],
      ['PUT', `organisations/${ro.id}/insurers/noord`, { contractStatus: 'unknown', preferred: true }, ro.key],
      ['PATCH', `organisations/${wsv.id}`, { name: 'WSV De Buurt' }, wsv.key],
    ];
    for (const [method, to, body, key] of changes) {
      expect((await call(method, to, { key, body })).status, to).toBeLessThan(300);
      expect(await again(tag), to).toBe(200);
      tag = await tagOf();
    }
    expect(await tagOf('?withinDays=30')).not.toBe(tag);
    expect(await tagOf('?withinDays=30&asOf=2024-01-01')).toBe(tag);
    expect(await tagOf('?upcoming=true')).not.toBe(tag);
  });
});
