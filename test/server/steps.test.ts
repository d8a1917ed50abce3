/** An organisation's own dates over REST: before a deadline and by themselves. */
import { beforeEach, expect, it } from 'vitest';
import { withdrawDeadline } from '../../db/registry/amending.ts';
import { addStep, MOST_STEPS } from '../../db/organisations/steps/steps.ts';
import { eraseRecipient } from '../../db/recipients/erasure.ts';
import { addRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor, type Body, type Call } from '../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

const NOBODY = '123e4567-e89b-42d3-a456-426614174000';

onBothDialects('own dates over REST', (fresh) => {
  let store: Store;
  let call: Call;
  let cast: Awaited<ReturnType<typeof castIn>>;
  let path: string;
  beforeEach(async () => {
    store = await fresh();
    cast = await castIn(store);
    ({ call } = await appFor(store));
    path = `organisations/${cast.ro.id}/steps`;
  });
  const asRo = (method: string, to = path, body?: object) => call(method, to, { key: cast.ro.key, ...(body ? { body } : {}) });
  const recipient = (organisationId: string, email = 'a@example.org') =>
    store.write((tx) => addRecipient(tx, organisationId, { email, leadDays: [14], digest: 'daily' }, NOW));

  it.each([
    ['spaces', ' \t\u00a0'],
    ['spaces without width', '\u200b\ufeff'],
    ['joiners and direction marks', '\u200d\u200c\u200e\u202e'],
    ['control characters', '\u0001\u007f\u0085'],
    ['variation selectors and fillers', '\ufe0f\u3164\u00ad'],
  ])('have no title that nobody can see: %s', async (_, title) => {
    const fault = { in: 'body', field: 'title', message: 'must not be blank' };
    const refused = await asRo('POST', path, { title, dueOn: '2024-09-10' });
    expect([refused.status, refused.body.errors]).toEqual([400, [fault]]);
    const { body: kept } = await asRo('POST', path, { title: `${title}Begroting rond 👩‍⚕️`, dueOn: '2024-09-10' });
    const changed = await asRo('PATCH', `${path}/${kept.id}`, { title });
    expect([changed.status, changed.body.errors]).toEqual([400, [fault]]);
  });

  it('stand by themselves or before a deadline, with who sees to them, by day', async () => {
    const { id: deadlineId } = await store.write((tx) => addDeadline(tx));
    const { id: ownerId } = await recipient(cast.ro.id);
    const later = await asRo('POST', path, { title: 'Bestuur tekent', dueOn: '2024-09-24', deadlineId, ownerId });
    const first = await asRo('POST', path, { title: 'Begroting rond', dueOn: '2024-09-10' });
    expect([later.status, later.body]).toEqual([
      201,
      { id: later.body.id, title: 'Bestuur tekent', dueOn: '2024-09-24', deadlineId, ownerId, completion: null },
    ]);
    expect(first.body).toMatchObject({ deadlineId: null, ownerId: null });
    expect((await asRo('GET')).body).toMatchObject({ items: [first.body, later.body], total: 2 });
    expect((await asRo('GET', `${path}/${first.body.id}`)).body).toEqual(first.body);
    // The ones before a deadline stand in its list and with it, too.
    const ofDeadline = `organisations/${cast.ro.id}/deadlines/${deadlineId}/steps`;
    expect((await asRo('GET', ofDeadline)).body.items).toEqual([later.body]);
    expect((await asRo('GET', `organisations/${cast.ro.id}/deadlines`)).body.items[0].steps).toEqual([later.body]);
    expect((await asRo('DELETE', `${ofDeadline}/${first.body.id}`)).status).toBe(404);
    // Nobody else's list has them.
    expect((await call('GET', `organisations/${cast.wsv.id}/steps`, { key: cast.wsv.key })).body.items).toEqual([]);
    expect((await call('GET', `organisations/${cast.wsv.id}/steps/${first.body.id}`, { key: cast.wsv.key })).status).toBe(404);
  });

  it('are changed, done, opened again and removed', async () => {
    const { body: made } = await asRo('POST', path, { title: 'Begroting rond', dueOn: '2024-09-10' });
    const one = `${path}/${made.id}`;
    expect((await asRo('PATCH', one, { dueOn: '2024-09-12' })).body).toEqual({ ...made, dueOn: '2024-09-12' });
    expect((await asRo('PATCH', one, {})).body).toEqual({ ...made, dueOn: '2024-09-12' });
    const completion = { completedOn: '2024-09-11', by: 'A. de Vries' };
    expect((await asRo('PUT', `${one}/completion`, completion)).body.completion).toEqual(completion);
    expect((await asRo('PUT', `${one}/completion`, { ...completion, by: 'B' })).body.completion.by).toBe('B');
    expect((await asRo('GET')).body.items[0].completion.by).toBe('B');
    expect((await asRo('DELETE', `${one}/completion`)).status).toBe(204);
    expect((await asRo('DELETE', `${one}/completion`)).status).toBe(404);
    expect((await asRo('DELETE', one)).status).toBe(204);
    for (const [method, to, body] of [
      ['GET', one],
      ['DELETE', one],
      ['PATCH', one, { title: 'X' }],
      ['PUT', `${one}/completion`, completion],
    ] as const)
      expect((await asRo(method, to, body)).status, method).toBe(404);
  });

  it('are refused with all that is wrong, and nothing is kept of them', async () => {
    const faultsOf = async (body: object, method = 'POST', to = path) => {
      const { body: answer, status } = await asRo(method, to, body);
      return [status, ...(answer.errors ?? []).map(({ field }: Body) => field).sort()];
    };
    expect(await faultsOf({ title: ' ', dueOn: '2024-02-30', deadlineId: 'x', ownerId: 1, on: 'x' })).toEqual([
      400,
      'deadlineId',
      'dueOn',
      'on',
      'ownerId',
      'title',
    ]);
    expect(await faultsOf({ title: 'x'.repeat(201), dueOn: '2024-09-10' })).toEqual([400, 'title']);
    const theirs = await recipient(cast.outsider.id);
    const elsewhere = await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    const gone = await store.write((tx) => addDeadline(tx, { activity: 'accounts' }));
    await store.write((tx) => withdrawDeadline(tx, gone.id, 'Vervallen.', NOW));
    for (const deadlineId of [NOBODY, elsewhere.id, gone.id])
      expect(await faultsOf({ title: 'X', dueOn: '2024-09-10', deadlineId, ownerId: theirs.id })).toEqual([400, 'deadlineId', 'ownerId']);
    expect((await asRo('GET')).body.total).toBe(0);
    const { body: made } = await asRo('POST', path, { title: 'Begroting rond', dueOn: '2024-09-10' });
    expect(await faultsOf({ ownerId: theirs.id, dueOn: '2024-09-11' }, 'PATCH', `${path}/${made.id}`)).toEqual([400, 'ownerId']);
    expect((await asRo('GET')).body.items).toEqual([made]);
  });

  it('keep what was said of a deadline that was withdrawn since', async () => {
    const { id: deadlineId } = await store.write((tx) => addDeadline(tx));
    const { body: made } = await asRo('POST', path, { title: 'Begroting rond', dueOn: '2024-09-10', deadlineId });
    await store.write((tx) => withdrawDeadline(tx, deadlineId, 'Vervallen.', NOW));
    expect((await asRo('PATCH', `${path}/${made.id}`, { title: 'Begroting', deadlineId })).body).toMatchObject({
      title: 'Begroting',
      deadlineId,
    });
  });

  it('are so many at most', async () => {
    const input = { title: 'Nog een', dueOn: '2024-09-10', deadlineId: null, ownerId: null };
    await store.write(async (tx) => {
      for (let n = 0; n < MOST_STEPS; n += 1) await addStep(tx, cast.ro.id, input, NOW);
    });
    const { body, status } = await asRo('POST', path, { title: 'Te veel', dueOn: '2024-09-10' });
    expect([status, body.detail]).toEqual([409, expect.stringContaining(`may have ${MOST_STEPS}`)]);
    expect((await asRo('GET')).body.total).toBe(MOST_STEPS);
  });

  it('belong to nobody in particular once their owner is gone, and name nobody who is', async () => {
    const { email, id: ownerId } = await recipient(cast.ro.id);
    const { body: made } = await asRo('POST', path, { title: 'Begroting rond', dueOn: '2024-09-10', ownerId });
    await asRo('PUT', `${path}/${made.id}/completion`, { completedOn: '2024-09-10', by: email });
    const tagOf = async () => (await asRo('GET', `organisations/${cast.ro.id}/deadlines`)).headers['etag'];
    const tag = await tagOf();
    await store.write((tx) => eraseRecipient(tx, { organisationId: cast.ro.id, id: ownerId }, 'a secret of 32 characters, or more', NOW));
    expect((await asRo('GET')).body.items).toMatchObject([{ ownerId: null, completion: { by: 'een ontvanger die is verwijderd' } }]);
    expect(await tagOf()).not.toBe(tag);
  });
});
