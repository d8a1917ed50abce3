import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from '../../../db/store/drizzle.ts';
import { addKey } from '../../../db/organisations/keys.ts';
import { openReadCache } from '../../../db/organisations/read-cache.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { bumpOrganisation, bumpRegistry } from '../../../db/store/counters.ts';
import type { App } from '../../../server/deps.ts';
import { openMemo } from '../../../server/http/memo.ts';
import { appFor, EDITOR_KEY, type Call } from '../../helpers/app.ts';
import { addDeadline, addInsurer, addOrganisation, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

onBothDialects('an answer that is given again', (_, urlOf) => {
  let [store, other]: Store[] = [];
  let app: App;
  let elsewhere: Call;
  let cast: Awaited<ReturnType<typeof castIn>>;
  let deadlineId: string;
  let now: Date;
  beforeEach(async () => {
    const url = await urlOf();
    [store, other] = [await openStore(url), await openStore(url)];
    cast = await castIn(store);
    ({ id: deadlineId } = await store.write((tx) => addDeadline(tx)));
    now = NOW;
    ({ app } = await appFor(store, { clock: () => now }));
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
  /** What a process says that remembers nothing of it. */
  const anew = async (path: string, key?: string) => {
    const { status, headers, body } = await (await appFor(other!, { clock: () => now })).call('GET', path, { key });
    return { status, tag: headers['etag'] ?? null, body };
  };

  it('is what another process would say, after each change that one makes', async () => {
    const { ro, outsider } = cast;
    const own = `organisations/${ro.id}/deadlines?pageSize=5`;
    const auth = { authorization: `Bearer ${ro.key}` };
    const expectSame = async (what: string) => {
      for (const time of ['first', 'second']) {
        expect(await fetched(own, auth), `${what}, ${time}`).toEqual(await anew(own, ro.key));
        expect(await fetched('deadlines?pageSize=5'), `${what}, ${time}`).toEqual(await anew('deadlines?pageSize=5'));
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

  it('is the asker’s own, and that of the very question', async () => {
    const { ro } = cast;
    const twin = await store!.write(async (tx) => {
      const made = await addOrganisation(tx, { name: 'Regio Noord' });
      // As far as versions go they are the same.
      await tx.update(tx.tables.organisations).set({ version: 7 });
      return made;
    });
    const questions = [ro, twin].flatMap(({ id, key }) =>
      ['activity=annual_plan', 'activity=annual_plan&page=2', 'activity=signing'].map((query) => ({ id, key, query })),
    );
    const answers = async () =>
      Promise.all(
        questions.map(async ({ id, key, query }) => {
          const { tag, body } = await fetched(`organisations/${id}/deadlines?${query}`, { authorization: `Bearer ${key}` });
          return [tag, body];
        }),
      );
    const { tag } = await fetched(`organisations/${ro.id}/deadlines`, { authorization: `Bearer ${ro.key}` });
    const page = (items: unknown[], number: number, total: number) => [tag, { items, page: number, pageSize: 50, total }];
    const planOf = (name: string) => expect.objectContaining({ id: deadlineId, organisations: [expect.objectContaining({ name })] });
    const expected = ['Regio Zuid', 'Regio Noord'].flatMap((name) => [page([planOf(name)], 1, 1), page([], 2, 1), page([], 1, 0)]);
    expect([await answers(), await answers()]).toEqual([expected, expected]);
    const total = async (query: string) => (await fetched(`deadlines?${query}`)).body;
    expect(await total('page=2&activity=annual_plan')).toMatchObject({ items: [], total: 1 });
    expect(await total('activity=annual_plan')).toMatchObject({ items: [{ id: deadlineId }], total: 1 });
  });

  it('is another one the next day, where it counts from today', async () => {
    const { ro } = cast;
    const auth = { authorization: `Bearer ${ro.key}` };
    const lists = [`organisations/${ro.id}/deadlines?upcoming=true`, 'deadlines?upcoming=true'];
    const totals = async () => Promise.all(lists.map(async (list) => ((await fetched(list, auth)).body as { total: number }).total));
    // The deadline of the cast is due on 1 October; in Amsterdam that day ends at 22:00 UTC.
    now = new Date('2024-10-01T21:59:00Z');
    expect([await totals(), await totals()]).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const { tag } = await fetched(lists[0]!, auth);
    now = new Date('2024-10-01T22:01:00Z');
    expect([await totals(), (await fetched(lists[0]!, { ...auth, 'if-none-match': tag! })).status]).toEqual([[0, 0], 200]);
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
    const unchanged = await app.inject({ url: `/api/v1/${own}`, headers: { ...auth, 'if-none-match': tag! } });
    expect(unchanged.headers).toMatchObject({ etag: tag, 'cache-control': 'private, no-cache' });
    // A client would wait for a body of that length.
    expect([unchanged.headers['content-length'], unchanged.headers['content-type'], unchanged.body]).toEqual([undefined, undefined, '']);
    const change = { baseRevision: 1, reason: 'Spelling.', title: 'Jaarplan' };
    await elsewhere('POST', `deadlines/${deadlineId}/revisions`, { key: EDITOR_KEY, body: change });
    expect(await statuses()).toEqual([200, 200]);
  });

  it('goes with the organisation whose key it was', async () => {
    const { outsider } = cast;
    const own = `organisations/${outsider.id}/deadlines`;
    const auth = { authorization: `Bearer ${outsider.key}` };
    const { tag } = await fetched(own, auth);
    expect((await fetched(own, auth)).status).toBe(200);
    expect((await elsewhere('DELETE', `organisations/${outsider.id}`, { key: outsider.key })).status).toBeLessThan(300);
    expect([(await fetched(own, auth)).status, (await fetched(own, { ...auth, 'if-none-match': tag! })).status]).toEqual([401, 401]);
  });

  it('is given to no key that has ended, and to the one in its place', async () => {
    const { outsider } = cast;
    const own = `organisations/${outsider.id}/deadlines`;
    const auth = { authorization: `Bearer ${outsider.key}` };
    const before = await fetched(own, auth);
    expect((await fetched(own, auth)).status).toBe(200);
    const key = await other!.write(async (tx) => {
      await tx.delete(tx.tables.keys).where(eq(tx.tables.keys.organisationId, outsider.id));
      await bumpOrganisation(tx, outsider.id, NOW);
      return addKey(tx, outsider.id, 'Tweede sleutel', NOW);
    });
    expect([(await fetched(own, auth)).status, (await fetched(own, { ...auth, 'if-none-match': before.tag! })).status]).toEqual([401, 401]);
    expect(await fetched(own, { authorization: `Bearer ${key}` })).toMatchObject({ status: 200, body: before.body });
  });

  it('is told as any other fault when it cannot be made any more', async () => {
    await store!.write((tx) => addInsurer(tx, 'west'));
    const ask = async () => (await fetched('deadlines?insurer=west')).status;
    expect([await ask(), await ask()]).toEqual([200, 200]);
    await other!.write(async (tx) => {
      await tx.delete(tx.tables.insurers).where(eq(tx.tables.insurers.slug, 'west'));
      await bumpRegistry(tx, 'noord');
    });
    expect(await ask()).toBe(400);
  });
});

onSqlite('a remembered answer', (fresh) => {
  it('counts for the limit, and stands in the log and in the metrics, as any other', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    let log = '';
    const stream = new Writable({ write: (chunk, _encoding, done) => done(void (log += String(chunk))) });
    const { app, call } = await appFor(store, {}, { callsPerMinute: 6, logger: { level: 'info', stream } });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const own = `http://127.0.0.1:${port}/api/v1/organisations/${ro.id}/deadlines`;
    const auth = { authorization: `Bearer ${ro.key}` };
    const [first] = [await fetch(own, { headers: auth })];
    const ask = async (headers: Record<string, string>) => {
      const { status, headers: told } = await fetch(own, { headers });
      return [status, told.get('ratelimit-remaining')];
    };
    const known = { ...auth, 'if-none-match': first.headers.get('etag')! };
    const answers = [
      await ask(auth),
      await ask(known),
      await ask(auth),
      await ask(known),
      await ask(auth),
      await ask(auth),
      await ask(known),
    ];
    expect(answers).toEqual([
      [200, '4'],
      [304, '3'],
      [200, '2'],
      [304, '1'],
      [200, '0'],
      [429, '0'],
      [429, '0'],
    ]);
    const { body } = await call('GET', '/metrics');
    const counted = (status: number) =>
      new RegExp(`seconds_count\\{[^}]*route="/api/v1/organisations/:id/deadlines",status_code="${status}"\\} (\\d+)`).exec(body)?.[1];
    expect([counted(200), counted(304), counted(429)]).toEqual(['4', '2', '2']);
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; res?: { statusCode: number } });
    const statuses = lines.filter(({ msg }) => msg === 'request completed').map(({ res }) => res?.statusCode);
    expect(statuses.slice(0, 8)).toEqual([200, 200, 304, 200, 304, 200, 429, 429]);
    await app.close();
  });

  it('does not hold on to the registry that it was made from', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const cache = openReadCache(store);
    const { call } = await appFor(store, { cache });
    const registries: WeakRef<object>[] = [];
    for (let day = 1; day <= 20; day += 1) {
      const ask = async () => call('GET', `deadlines?asOf=2024-05-${10 + day}`);
      expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
      registries.push(new WeakRef(cache.registry().parts));
      await store.write((tx) => bumpRegistry(tx, 'noord', NOW));
    }
    await call('GET', 'deadlines');
    for (let n = 0; n < 2; n += 1) {
      await setImmediate();
      collect();
    }
    expect(registries.filter((registry) => registry.deref() !== undefined).length).toBeLessThanOrEqual(2);
  });
});

describe('a memo', () => {
  const count = () => {
    let made = 0;
    return { make: () => ({ n: (made += 1) }), made: () => made };
  };

  it('makes an answer once for each question and version', () => {
    const memo = openMemo();
    const { make } = count();
    const ask = (question: string, version: string) => memo.answer(question, version, make).toString();
    expect([ask('a', '1'), ask('a', '1'), ask('b', '1'), ask('a', '2'), ask('a', '2'), ask('b', '1')]).toEqual(
      [1, 1, 2, 3, 3, 2].map((n) => `{"n":${n}}`),
    );
  });

  it('remembers nothing of what could not be made', () => {
    const memo = openMemo();
    const fail = () => {
      throw new Error('not now');
    };
    expect(() => memo.answer('a', '1', fail)).toThrow('not now');
    expect(memo.answer('a', '1', () => ({})).toString()).toBe('{}');
  });

  it('stays within its bytes, however many ask, and forgets first what was asked long ago', () => {
    const memo = openMemo(100 * 1024);
    const ask = (question: string, size: number) => {
      let isMade = false;
      memo.answer(question, '1', () => ((isMade = true), { text: 'x'.repeat(size) }));
      return isMade;
    };
    for (let n = 0; n < 1000; n += 1) ask(`large ${n}`, 10_000);
    expect([ask('large 999', 10_000), ask('large 0', 10_000)]).toEqual([false, true]);
    for (let n = 0; n < 10_000; n += 1) ask(`small ${n}`, 1);
    const kept = Array.from({ length: 10_000 }, (_, n) => n).filter((n) => n > 9000 && !ask(`small ${n}`, 1));
    expect(kept.length).toBeLessThan(200);
    expect([ask('too large', 200_000), ask('too large', 200_000)]).toEqual([true, true]);
  });
});
