import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createFeed } from '../../../../db/feeds/feeds.ts';
import type { Store } from '../../../../db/store/store.ts';
import { appFor, EDITOR_KEY } from '../../../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../../../helpers/cast.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync } as const;

async function serviceOver(store: Store) {
  const { ro } = await castIn(store);
  await store.write(async (tx) => {
    for (const contractYear of [2024, 2025, 2026, 2027]) await addDeadline(tx, { contractYear });
  });
  const { app } = await appFor(store);
  const ask = async (url: string, encoding?: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') =>
    app.inject({ method, url, headers: { ...headers, ...(encoding === undefined ? {} : { 'accept-encoding': encoding }) } });
  return { app, ro, ask, agenda: `/api/v1/organisations/${ro.id}/deadlines`, key: { authorization: `Bearer ${ro.key}` } };
}

onBothDialects('an answer', (fresh) => {
  it('leaves packed for who takes it so, and says that it may', async () => {
    const { ask } = await serviceOver(await fresh());
    for (const path of [
      '/api/v1/deadlines',
      '/api/v1/openapi.json',
      '/',
      '/assets/site.css',
      '/docs/changelog',
      '/docs/static/swagger-ui.css',
      '/metrics',
    ]) {
      const plain = await ask(path);
      expect([plain.statusCode, plain.headers['content-encoding']], path).toEqual([200, undefined]);
      expect(String(plain.headers['vary']).toLowerCase(), path).toContain('accept-encoding');
      for (const encoding of ['br', 'gzip'] as const) {
        const packed = await ask(path, encoding);
        expect(packed.headers, path).toMatchObject({ 'content-encoding': encoding, 'content-type': plain.headers['content-type'] });
        expect(packed.headers['vary'], path).toEqual(plain.headers['vary']);
        expect(packed.rawPayload.length, path).toBeLessThan(plain.rawPayload.length / 2);
        if (path !== '/metrics') expect(UNPACK[encoding](packed.rawPayload).equals(plain.rawPayload), path).toBe(true);
      }
    }
  });

  it('stays as it is where it is short, where nobody takes it packed, and where it is a calendar', async () => {
    const store = await fresh();
    const { ask, ro } = await serviceOver(store);
    const { token } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, NOW));
    expect((await ask('/api/v1/deadlines?contractYear=2030', 'br')).headers).not.toHaveProperty('content-encoding');
    for (const encoding of ['identity', 'gzip;q=0', 'odd'])
      expect((await ask('/api/v1/deadlines', encoding)).headers).not.toHaveProperty('content-encoding');
    for (const path of [`/feeds/${token}.ics`, '/calendars/noord.ics']) {
      expect((await ask(path, 'br')).headers).not.toHaveProperty('content-encoding');
      const packed = await ask(path, 'gzip, br');
      expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'text/calendar; charset=utf-8' });
      expect(gunzipSync(packed.rawPayload).toString()).toMatch(/^BEGIN:VCALENDAR/);
    }
  });

  it('that did not change is not sent again, packed or not, and has the same tag', async () => {
    const { ask, agenda, key } = await serviceOver(await fresh());
    const plain = await ask(agenda, undefined, key);
    const packed = await ask(agenda, 'gzip', key);
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(packed.headers['etag']).toBe(plain.headers['etag']);
    expect(packed.headers['etag']).toMatch(/^W\//);
    for (const encoding of [undefined, 'gzip', 'br']) {
      const again = await ask(agenda, encoding, { ...key, 'if-none-match': String(packed.headers['etag']) });
      expect([again.statusCode, again.body, again.headers['vary'], again.headers['content-encoding']]).toEqual([
        304,
        '',
        'accept-encoding',
        undefined,
      ]);
    }
  });

  it('to HEAD has the headers of one to GET, and no length where GET would pack it first', async () => {
    const { ask } = await serviceOver(await fresh());
    for (const path of ['/api/v1/deadlines', '/assets/site.css', '/', '/api/v1/deadlines?contractYear=2030'])
      for (const encoding of [undefined, 'gzip', 'br']) {
        const [got, head] = [await ask(path, encoding), await ask(path, encoding, {}, 'HEAD')];
        expect([head.statusCode, head.rawPayload.length]).toEqual([200, 0]);
        for (const name of ['content-type', 'vary']) expect(head.headers[name], `${path} ${encoding} ${name}`).toBe(got.headers[name]);
        const isPacked = got.headers['content-encoding'] !== undefined && head.headers['content-encoding'] === undefined;
        expect(head.headers['content-length'], `${path} ${encoding}`).toBe(isPacked ? undefined : got.headers['content-length']);
      }
  });

  it('to a fault is packed too, and a packed body of a request stays refused', async () => {
    const { app } = await serviceOver(await fresh());
    const long = { name: '', roles: Array.from({ length: 60 }, (_, i) => `role-${i}`) };
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/organisations',
      headers: { authorization: `Bearer ${EDITOR_KEY}`, 'accept-encoding': 'gzip' },
      payload: long,
    });
    expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([400, 'gzip']);
    expect(JSON.parse(gunzipSync(answer.rawPayload).toString()).errors.length).toBeGreaterThan(10);
  });
});
