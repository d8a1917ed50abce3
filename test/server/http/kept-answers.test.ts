import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eq } from '../../../db/store/drizzle.ts';
import { openMemory } from '../../../db/organisations/memory.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { bumpRegistry } from '../../../db/store/versions.ts';
import type { App } from '../../../server/deps.ts';
import { appFor, EDITOR_KEY, type Call } from '../../helpers/app.ts';
import { addDeadline, addInsurer, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

/** Kept answers are given below Fastify: only a request off the wire gets one. */
onBothDialects('an answer that is given again', (_, urlOf) => {
  let [store, other]: Store[] = [];
  let app: App;
  let elsewhere: Call;
  let cast: Awaited<ReturnType<typeof castIn>>;
  let deadlineId: string;
  beforeEach(async () => {
    const url = await urlOf();
    [store, other] = [await openStore(url), await openStore(url)];
    cast = await castIn(store);
    ({ id: deadlineId } = await store.write((tx) => addDeadline(tx)));
    ({ app } = await appFor(store));
    ({ call: elsewhere } = await appFor(other));
    await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([store!.close(), other!.close()]);
  });

  const fetched = async (path: string, headers: Record<string, string> = {}) => {
    const { port } = app.server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { headers });
    const text = await answer.text();
    return { status: answer.status, tag: answer.headers.get('etag'), body: text === '' ? null : (JSON.parse(text) as unknown) };
  };
  /** What a process says that keeps nothing of it. */
  const anew = async (path: string, key?: string) => {
    const { status, headers, body } = await (await appFor(other!)).call('GET', path, { key });
    return { status, tag: headers['etag'] ?? null, body };
  };

  it('is what another process would say, after each change that one makes', async () => {
    const { ro, outsider } = cast;
    const own = `organisations/${ro.id}/deadlines?pageSize=5`;
    const auth = { authorization: `Bearer ${ro.key}` };
    const expectSame = async (what: string) => {
      // The first answer is made, the second joined, the third kept.
      for (const time of ['first', 'second', 'third']) {
        // Everybody's list goes first: by then the service knows of the change.
        expect(await fetched('deadlines?pageSize=5'), `${what}, ${time}`).toEqual(await anew('deadlines?pageSize=5'));
        expect(await fetched(own, auth), `${what}, ${time}`).toEqual(await anew(own, ro.key));
      }
    };
    await expectSame('at first');
    const changes: [string, string, object, string][] = [
      ['POST', `deadlines/${deadlineId}/revisions`, { baseRevision: 1, reason: 'Spelling.', title: 'Jaarplan' }, EDITOR_KEY],
      ['PUT', `organisations/${ro.id}/deadlines/${deadlineId}/completion`, { completedOn: '2024-09-27', by: 'A' }, ro.key],
      ['POST', `organisations/${ro.id}/deadlines/${deadlineId}/steps`, { title: 'Concept', dueOn: '2024-09-01' }, ro.key],
      ['PUT', `organisations/${ro.id}/insurers/noord`, { contractStatus: 'unknown', preferred: true }, ro.key],
      ['PUT', `deadlines/${deadlineId}/withdrawal`, { reason: 'Vervallen.' }, EDITOR_KEY],
    ];
    for (const [method, to, body, key] of changes) {
      expect((await elsewhere(method, to, { key, body })).status, to).toBeLessThan(300);
      await expectSame(to);
    }
    expect((await fetched(own, { authorization: `Bearer ${outsider.key}` })).status).toBe(404);
    expect((await fetched(own)).status).toBe(401);
  });

  it('is not repeated to who has it, until something changed', async () => {
    const { ro } = cast;
    const own = `organisations/${ro.id}/deadlines`;
    const auth = { authorization: `Bearer ${ro.key}` };
    const { tag } = await fetched(own, auth);
    const statuses = async () => [(await fetched(own, { ...auth, 'if-none-match': tag! })).status, (await fetched(own, auth)).status];
    expect([await statuses(), await statuses()]).toEqual([
      [304, 200],
      [304, 200],
    ]);
    const change = { baseRevision: 1, reason: 'Spelling.', title: 'Jaarplan' };
    await elsewhere('POST', `deadlines/${deadlineId}/revisions`, { key: EDITOR_KEY, body: change });
    expect(await statuses()).toEqual([200, 200]);
  });

  it('goes with the organisation whose key it was', async () => {
    const { outsider } = cast;
    const own = `organisations/${outsider.id}/deadlines`;
    const auth = { authorization: `Bearer ${outsider.key}` };
    expect([(await fetched(own, auth)).status, (await fetched(own, auth)).status]).toEqual([200, 200]);
    expect((await elsewhere('DELETE', `organisations/${outsider.id}`, { key: outsider.key })).status).toBeLessThan(300);
    await fetched('deadlines');
    expect((await fetched(own, auth)).status).toBe(401);
  });

  it('is told as any other fault when it cannot be made any more', async () => {
    await store!.write((tx) => addInsurer(tx, 'west'));
    const ask = async () => (await fetched('deadlines?insurer=west')).status;
    expect([await ask(), await ask()]).toEqual([200, 200]);
    await other!.write(async (tx) => {
      await tx.delete(tx.tables.insurers).where(eq(tx.tables.insurers.slug, 'west'));
      await bumpRegistry(tx, 'noord');
    });
    // Another question goes first: by then the service knows of the change.
    await fetched('deadlines?insurer=oost');
    expect(await ask()).toBe(400);
  });
});

onSqlite('a kept answer', (fresh) => {
  it('does not hold on to the registry that it was made from', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const memory = openMemory(store);
    const { app } = await appFor(store, { memory });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const ask = async (day: number) => (await fetch(`http://127.0.0.1:${port}/api/v1/deadlines?asOf=2024-05-${10 + day}`)).text();
    const registries: WeakRef<object>[] = [];
    for (let day = 1; day <= 20; day += 1) {
      // Kept from the second time on.
      await ask(day);
      await ask(day);
      registries.push(new WeakRef(memory.registry().parts));
      await store.write((tx) => bumpRegistry(tx, 'noord', NOW));
    }
    await ask(21);
    for (let n = 0; n < 2; n += 1) {
      await setImmediate();
      collect();
    }
    expect(registries.filter((registry) => registry.deref() !== undefined).length).toBeLessThanOrEqual(2);
    await app.close();
  });
});
