import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { troublesOf } from '../../db/sending/health.ts';
import type { Store } from '../../db/store/store.ts';
import { CALLS_PER_MINUTE } from '../../server/api/routes.ts';
import { appFor, EDITOR_KEY, IDENTITY } from '../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { onSqlite } from '../helpers/stores.ts';

onSqlite('the service', (fresh) => {
  it('tells a wrong address from a wrong method, as a problem', async () => {
    const { call } = await appFor(await fresh());
    expect(await call('GET', 'nothing')).toMatchObject({
      status: 404,
      body: { type: 'about:blank', title: 'Not Found', status: 404, detail: 'There is nothing at this address.' },
    });
    expect((await call('GET', 'deadlines/')).status).toBe(404);
    expect((await call('GET', 'deadlines/?page=1')).status).toBe(404);
    expect((await call('GET', '/api/v1/')).status).toBe(404);
    const wrong = await call('PUT', 'deadlines');
    expect(wrong).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } });
    expect(wrong.body).toMatchObject({ title: 'Method Not Allowed', status: 405 });
    const id = '123e4567-e89b-42d3-a456-426614174000';
    expect(await call('POST', `deadlines/${id}`)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('answers an address that cannot be decoded, or is too long, with 4xx', async () => {
    const { app } = await appFor(await fresh());
    for (const [url, status] of [
      ['/api/v1/deadlines/%zz', 400],
      [`/api/v1/insurers/${'a'.repeat(500)}`, 414],
    ] as const) {
      const { statusCode, headers } = await app.inject(url);
      expect(statusCode).toBe(status);
      expect(headers).toMatchObject({ 'api-version': '1.0.0', 'content-type': 'application/problem+json; charset=utf-8' });
    }
  });

  it('answers HEAD like GET, without a body', async () => {
    const { call } = await appFor(await fresh());
    const head = await call('HEAD', 'deadlines');
    expect([head.status, head.body]).toEqual([200, '']);
    expect(head.headers['content-length']).toBe((await call('GET', 'deadlines')).headers['content-length']);
  });

  it('refuses what is no JSON, and JSON that is broken, poisoned or empty', async () => {
    const { call } = await appFor(await fresh());
    const post = (body: string, type = 'application/json') =>
      call('POST', 'organisations', { key: EDITOR_KEY, body, headers: { 'content-type': type } });
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const { status, headers, body } = await post('{}', type);
      expect([status, headers['accept'], body.detail]).toEqual([
        415,
        'application/json',
        'The body must be JSON, sent as application/json.',
      ]);
    }
    const packed = await call('POST', 'organisations', { key: EDITOR_KEY, body: '{}', headers: { 'content-encoding': 'gzip' } });
    expect([packed.status, packed.headers['accept'], packed.headers['accept-encoding']]).toEqual([415, undefined, 'identity']);
    expect(packed.body.detail).toBe('The body must be sent as it is, without Content-Encoding.');
    for (const body of ['{"name": ', '', '[1,', '{"__proto__": {"a": 1}}', '{"constructor": {"prototype": {"a": 1}}}', '\u0000']) {
      expect((await post(body)).status).toBe(400);
    }
    expect((await call('POST', 'organisations', { key: EDITOR_KEY })).body).toMatchObject({
      status: 400,
      errors: [{ field: '', message: 'must be object', in: 'body' }],
    });
    for (const body of ['null', '[]', '"text"', '1']) expect((await post(body)).status).toBe(400);
  });

  it('does not read a body beyond its limit', async () => {
    const { app, call } = await appFor(await fresh());
    const big = JSON.stringify({ name: 'x'.repeat(2 * 1024 * 1024) });
    expect(await call('POST', 'organisations', { key: EDITOR_KEY, body: big })).toMatchObject({ status: 413, body: { status: 413 } });
    // Without a length in front, it is the reading that stops.
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const headers = { authorization: `Bearer ${EDITOR_KEY}`, 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const sending = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/organisations', headers });
    sending.on('error', () => {}); // the service hangs up on what it does not want
    sending.write(big.slice(0, 100 * 1024));
    const [response] = await once(sending, 'response');
    expect(response.statusCode).toBe(413);
    sending.destroy();
    await app.close();
  });

  it('allows hundreds of calls a minute from one address, then says when to come back', async () => {
    const { app } = await appFor(await fresh());
    const get = (remoteAddress: string, url = '/api/v1/insurers') => app.inject({ url, remoteAddress });
    expect(CALLS_PER_MINUTE).toBeGreaterThanOrEqual(300);
    for (let i = 0; i < CALLS_PER_MINUTE; i++) expect((await get('192.0.2.1')).statusCode).toBe(200);
    const refused = await get('192.0.2.1');
    expect(refused.json()).toMatchObject({ title: 'Too Many Requests', status: 429 });
    expect(refused.headers).toMatchObject({
      'api-version': '1.0.0',
      'content-type': 'application/problem+json; charset=utf-8',
      // Of the minute some seconds may have passed.
      'retry-after': expect.stringMatching(/^([1-9]|[1-5]\d|60)$/),
    });
    expect((await get('192.0.2.1', '/api/v1/nothing')).statusCode).toBe(429);
    expect((await get('192.0.2.2')).statusCode).toBe(200);
    expect((await get('192.0.2.1', '/')).statusCode).toBe(200);
    expect((await get('192.0.2.1', '/health/live')).statusCode).toBe(200);
  });

  it('takes nobody for a fault who hangs up with calls on the way', async () => {
    let log = '';
    const stream = new Writable({ write: (chunk, _encoding, done) => done(void (log += String(chunk))) });
    const { app } = await appFor(await fresh(), {}, { logger: { level: 'error', stream }, callsPerMinute: 10_000 });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    for (let n = 0; n < 20; n += 1) {
      const heard = once(app.server, 'connection') as Promise<[Socket]>;
      const caller = connect(port, '127.0.0.1');
      const [socket] = await heard;
      // What reached the service together goes on after its caller is gone.
      caller.write('GET /api/v1/insurers HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(15), () => caller.resetAndDestroy());
      // Not by `once`, which takes the end that is wanted here for an error.
      await new Promise<void>((resolve) => void socket.on('close', () => resolve()));
    }
    expect((await app.inject('/api/v1/insurers')).statusCode).toBe(200);
    await app.close();
    expect(log).toBe('');
  });

  it('counts wrong keys too, so that keys cannot be guessed quickly', async () => {
    const { app } = await appFor(await fresh());
    const guess = () =>
      app.inject({ url: '/api/v1/organisations/123e4567-e89b-42d3-a456-426614174000', headers: { authorization: 'Bearer ik_guess' } });
    for (let i = 0; i < CALLS_PER_MINUTE; i++) await guess();
    expect((await guess()).statusCode).toBe(429);
  });

  it('lets every website read, and no website write', async () => {
    const { app } = await appFor(await fresh());
    const origin = 'https://elsewhere.example';
    expect((await app.inject({ url: '/api/v1/deadlines', headers: { origin } })).headers['access-control-allow-origin']).toBe('*');
    const asked = await app.inject({
      method: 'OPTIONS',
      url: '/api/v1/deadlines',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect([asked.statusCode, asked.headers['access-control-allow-methods']]).toEqual([204, 'GET, HEAD']);
    expect((await app.inject({ url: '/', headers: { origin } })).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('forbids browsers whatever the pages do not need', async () => {
    const { call } = await appFor(await fresh());
    for (const path of ['/', 'deadlines', '/assets/site.css']) {
      const { headers } = await call('GET', path);
      // A page's form is told apart from a stranger's by its origin, which browsers send only where they may tell it to us.
      const referrer = path === '/' ? 'same-origin' : 'no-referrer';
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': referrer });
      expect(headers['content-security-policy']).toContain("default-src 'none';");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  it('lets what reads JSON load nothing and send nothing', async () => {
    const { call } = await appFor(await fresh());
    const nothing = "default-src 'none';form-action 'none';base-uri 'none';frame-ancestors 'none'";
    for (const path of ['deadlines', 'nothing-here']) expect((await call('GET', path)).headers['content-security-policy']).toBe(nothing);
  });

  it('promises https only where it is reached by it', async () => {
    const { call } = await appFor(await fresh(), { publicUrl: 'https://inkoop.example' });
    expect((await call('GET', 'insurers')).headers['strict-transport-security']).toBe('max-age=31536000');
    // It would hold for the whole host, of which a path is a part.
    const { call: below } = await appFor(await fresh(), { publicUrl: 'https://inkoop.example/zorg' });
    expect((await below('GET', 'insurers')).headers['strict-transport-security']).toBeUndefined();
  });

  it('logs no secret link, neither where it works nor where it was typed wrongly', async () => {
    const lines: string[] = [];
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) });
    const { app } = await appFor(await fresh(), {}, { logger: { level: 'trace', stream } });
    const token = 'q7Zt0cX2Jm4nB8vL1sD5fG9hK3wE6rT0yU2iO4pA7bC';
    const signed = `123e4567-e89b-42d3-a456-426614174000.${token}`;
    for (const url of [
      `/feeds/${token}.ics`,
      `/Feeds/${token}.ics`,
      `/feeds/${token}`,
      `/confirm/${signed}`,
      `/unsubscribe/${signed}?x=1`,
      `/other?t=${token}`,
    ]) {
      await app.inject({ url });
    }
    expect(lines.join('')).toContain('request completed');
    expect(lines.join('')).not.toContain(token);
    expect(lines.join('')).not.toContain(token.slice(5, 30));
  });

  it('logs what failed without the values that were in the query', async () => {
    const lines: string[] = [];
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) });
    const store = await fresh();
    const cause = new Error('Failed query: insert into x\nparams: anna@example.org');
    const failing = () => {
      throw new Error('Failed query: select y\nparams: anna@example.org,\nPraktijk Noord', { cause });
    };
    const read = { ...store.read, tables: store.read.tables, select: failing } as unknown as typeof store.read;
    const { app } = await appFor({ ...store, read }, {}, { logger: { level: 'error', stream } });
    expect((await app.inject('/api/v1/insurers')).statusCode).toBe(500);
    expect(lines.join('')).toContain('Failed query: select y');
    expect(lines.join('')).toContain('Failed query: insert into x');
    expect(lines.join('')).not.toMatch(/anna@|Praktijk/);
  });

  it('tells whether it lives and whether it can work', async () => {
    const store = await fresh();
    const reasons: string[] = [];
    const { call } = await appFor(store, { ready: () => reasons });
    expect(await call('GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'live', ...IDENTITY } });
    expect(await call('GET', '/health/ready')).toMatchObject({ status: 200, body: { status: 'ready', reasons: [], ...IDENTITY } });
    reasons.push('The last tick of the jobs is 5 minutes old.');
    expect(await call('GET', '/health/ready')).toMatchObject({ status: 503, body: { status: 'not_ready', reasons } });
  });

  it('is ready whatever becomes of mail, of which it tells apart', async () => {
    const store = await fresh();
    const reasons: string[] = [];
    const { call } = await appFor(store, { delivery: async () => reasons });
    expect(await call('GET', '/health/delivery')).toMatchObject({ status: 200, body: { status: 'ready', reasons: [] } });
    reasons.push('Mails are late.');
    expect(await call('GET', '/health/delivery')).toMatchObject({ status: 503, body: { status: 'not_ready', reasons } });
    expect(await call('GET', '/health/ready')).toMatchObject({ status: 200, body: { status: 'ready', reasons: [] } });
  });

  it('is not ready while the database does not answer, and answers 5xx without a word about why', async () => {
    const store: Store = { ...(await fresh()), read: undefined as never };
    const { app, call } = await appFor(store, { delivery: () => troublesOf(store.read, NOW) });
    for (const path of ['ready', 'delivery'])
      expect(await call('GET', `/health/${path}`)).toMatchObject({ status: 503, body: { reasons: ['The database does not answer.'] } });
    const failed = await app.inject('/api/v1/deadlines');
    expect([failed.statusCode, failed.json<{ detail: string }>().detail]).toEqual([500, 'Internal error.']);
    expect(failed.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it('says in each answer about its health which service it is: the same for all that share its secret', async () => {
    const namesOf = async (secret: string) => {
      const { call } = await appFor(await fresh(), { secret });
      const answers = await Promise.all(['live', 'ready', 'delivery'].map((path) => call('GET', `/health/${path}`)));
      return new Set(answers.map(({ body }) => body.service as string));
    };
    const [one, same, other] = await Promise.all(['s'.repeat(32), 's'.repeat(32), 't'.repeat(32)].map(namesOf));
    expect([one!.size, same, other!.size]).toEqual([1, one, 1]);
    expect(other).not.toEqual(one);
  });

  it('counts by route, never by address', async () => {
    const store = await fresh();
    await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { call } = await appFor(store);
    await call('GET', `deadlines/${id}`);
    await call('GET', '/nowhere/secret');
    const { body } = await call('GET', '/metrics');
    expect(body).toContain('http_request_duration_seconds_count{method="GET",route="/api/v1/deadlines/:deadlineId",status_code="200"} 1');
    expect(body).toContain('nodejs_eventloop_lag_seconds');
    expect(body).not.toContain(id);
    expect(body).not.toContain('secret');
  });

  it('lets two services measure in one process', async () => {
    const [one, other] = [await appFor(await fresh()), await appFor(await fresh())];
    await one.call('GET', 'insurers');
    expect((await other.call('GET', '/metrics')).body).not.toContain('route="/api/v1/insurers"');
  });
});

it('needs nothing from elsewhere to show the reference', async () => {
  const { app } = await appFor({} as never);
  const page = await app.inject('/docs/');
  expect(page.statusCode).toBe(200);
  const scripts = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
  expect(scripts.length).toBeGreaterThan(3);
  for (const address of scripts) {
    expect(address).not.toMatch(/^(https?:)?\/\//);
    expect((await app.inject(new URL(address, 'http://localhost/docs/').pathname)).statusCode).toBe(200);
  }
  expect(page.body).not.toMatch(/<script>(?!\s*<)/);
});
