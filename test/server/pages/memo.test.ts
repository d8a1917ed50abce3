import { setImmediate } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import accepts from '@fastify/accepts';
import fastify from 'fastify';
import { expect, it, vi } from 'vitest';
import { openPageMemo } from '../../../server/pages/memo.ts';
import { appFor } from '../../helpers/app.ts';
import { openReadCache } from '../../../db/organisations/read-cache.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

onBothDialects('a page that rests on the registry', (fresh) => {
  it('is not sent again where nothing changed, and is another one after a change or on another day', async () => {
    const store = await fresh();
    await castIn(store);
    let now = new Date('2024-09-02T08:00:00Z');
    const { call } = await appFor(store, { clock: () => now });
    const first = await call('GET', '/');
    const tag = String(first.headers['etag']);
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
    const ask = async (path = '/') => call('GET', path, { headers: { 'if-none-match': tag } });
    const same = await ask();
    expect([same.status, same.body, same.headers['etag'], same.headers['content-type']]).toEqual([304, '', tag, undefined]);
    expect(same.headers).toMatchObject({ vary: 'accept-encoding', 'cache-control': 'no-cache' });
    // The page of another choice, and in another language, is another page.
    for (const path of ['/en', '/?role=wsv']) expect((await ask(path)).status, path).toBe(200);

    await store.write((tx) => addDeadline(tx, {}, { title: 'Nieuw jaarplan' }));
    const changed = await ask();
    expect([changed.status, changed.body.includes('Nieuw jaarplan')]).toEqual([200, true]);
    const tagOfDay = String(changed.headers['etag']);
    expect(tagOfDay).not.toBe(tag);
    now = new Date('2024-09-02T22:30:00Z');
    // In Amsterdam it is the next day.
    expect((await call('GET', '/', { headers: { 'if-none-match': tagOfDay } })).status).toBe(200);
  });

  it('is the same page however it is packed', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { app } = await appFor(store);
    const ask = async (coding: string, method: 'GET' | 'HEAD' = 'GET') =>
      app.inject({ method, url: '/', headers: { 'accept-encoding': coding } });
    const plain = await ask('identity');
    expect([plain.headers['content-encoding'], plain.headers['vary']]).toEqual([undefined, 'accept-encoding']);
    for (const [coding, name, unpack] of [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip', 'gzip', gunzipSync],
    ] as const)
      for (let again = 0; again < 2; again += 1) {
        const packed = await ask(coding);
        expect([packed.headers['content-encoding'], packed.headers['vary']]).toEqual([name, 'accept-encoding']);
        expect(unpack(packed.rawPayload).toString()).toBe(plain.body);
        expect(packed.headers['etag']).toBe(plain.headers['etag']);
        const head = await ask(coding, 'HEAD');
        expect([head.body, head.headers['content-length']]).toEqual(['', String(packed.rawPayload.length)]);
      }
  });

  it('is made once for all who ask for it meanwhile, and again after it failed or something changed', async () => {
    const store = await fresh();
    await castIn(store);
    const cache = openReadCache(store);
    let passed = 0;
    const refresh: typeof cache.refresh = async () => {
      const registry = await cache.refresh();
      passed += 1;
      return registry;
    };
    const memo = openPageMemo({ cache: { ...cache, refresh }, clock: () => NOW });
    let made = 0;
    let begin = Promise.withResolvers<string | null>();
    const own = fastify();
    await own.register(accepts);
    own.get('/file', async (_, reply) =>
      memo(reply, async () => {
        made += 1;
        return begin.promise;
      }),
    );
    const askAll = () => Array.from({ length: 5 }, async () => own.inject('/file'));
    // Also the last of them stands at the page by then.
    const begun = async (...numbers: [made: number, passed: number]) => {
      await vi.waitFor(() => expect([made, passed]).toEqual(numbers), { timeout: 60_000 });
      await setImmediate();
    };
    const failing = askAll();
    await begun(1, 5);
    begin.reject(new Error('The registry changes all the time.'));
    expect((await Promise.all(failing)).map(({ statusCode }) => statusCode)).toEqual([500, 500, 500, 500, 500]);
    expect(made).toBe(1);
    begin = Promise.withResolvers();
    const asked = askAll();
    await begun(2, 10);
    begin.resolve('de tekst');
    const answers = await Promise.all([...asked, own.inject('/file')]);
    expect(answers.map(({ body, statusCode }) => `${statusCode} ${body}`)).toEqual(Array(6).fill('200 de tekst'));
    expect(new Set(answers.map(({ headers }) => headers['etag'])).size).toBe(1);
    expect(made).toBe(2);
    await store.write((tx) => addDeadline(tx));
    begin = Promise.withResolvers();
    begin.resolve('een andere tekst');
    expect((await own.inject('/file')).body).toBe('een andere tekst');
    expect(made).toBe(3);
    await own.close();
  });
});
