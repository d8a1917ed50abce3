import { once } from 'node:events';
import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFeed } from '../../../db/feeds/feeds.ts';
import type { Store } from '../../../db/store/store.ts';
import type { AppOptions } from '../../../server/app.ts';
import type { App } from '../../../server/deps.ts';
import { appFor, EDITOR_KEY, IDENTITY } from '../../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { askRaw, connectRaw, requestBytes, type RawAnswer, type RawConnection } from '../../helpers/raw-http.ts';
import { onSqlite } from '../../helpers/stores.ts';

const KEY = `authorization: Bearer ${EDITOR_KEY}`;
const JSON_TYPE = 'content-type: application/json';
const LIST = '/api/v1/deadlines?pageSize=1';
const get = (path = LIST) => requestBytes(`GET ${path}`, ['host: x']);
const post = (headers: string[], body: string) => requestBytes('POST /api/v1/organisations', ['host: x', KEY, JSON_TYPE, ...headers], body);

/** A problem as RFC 9457 words it, after which the connection ends. */
function expectProblem({ status, headers, body }: RawAnswer, wanted: number, detail: string) {
  expect([status, headers['content-type'], headers['connection']]).toEqual([wanted, 'application/problem+json; charset=utf-8', 'close']);
  expect(JSON.parse(body)).toEqual({ type: 'about:blank', title: expect.stringMatching(/\w/), status: wanted, detail });
}

onSqlite('over the wire', (fresh) => {
  let store: Store;
  let app: App;
  let feed: string;
  let log: string;
  const opened: RawConnection[] = [];
  const listen = async (options: AppOptions = {}) => {
    log = '';
    const stream = new Writable({ write: (chunk, _encoding, done) => done(void (log += String(chunk))) });
    ({ app } = await appFor(store, {}, { logger: { level: 'warn', stream }, ...options }));
    await app.listen({ host: '127.0.0.1', port: 0 });
  };
  const port = () => (app.server.address() as AddressInfo).port;
  const connect = () => {
    const connection = connectRaw(port());
    opened.push(connection);
    return connection;
  };
  beforeEach(async () => {
    store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { token } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, NOW));
    feed = `/feeds/${token}.ics`;
    await listen();
  });
  afterEach(async () => {
    for (const connection of opened.splice(0)) connection.close();
    await app.close();
  });

  it.each([
    ['is no HTTP', 'hallo\r\n\r\n', 400, 'This is no HTTP that can be read.'],
    ['has an odd header', requestBytes('GET /', ['host: x', 'x: a\u0001b']), 400, 'This is no HTTP that can be read.'],
    ['has two lengths', post(['content-length: 2', 'content-length: 3'], '{}'), 400, 'This is no HTTP that can be read.'],
    [
      'has a length beside chunks',
      post(['content-length: 2', 'transfer-encoding: chunked'], '0\r\n\r\n'),
      400,
      'This is no HTTP that can be read.',
    ],
    ['has a bad chunk', post(['transfer-encoding: chunked'], 'zz\r\n'), 400, 'This is no HTTP that can be read.'],
    [
      'has a chunk with too much beside it',
      post(['transfer-encoding: chunked'], `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`),
      413,
      'The extensions of the chunks are too long.',
    ],
    [
      'has headers without an end',
      requestBytes('GET /', ['host: x', `x: ${'a'.repeat(1_000_000)}`]),
      431,
      'Address and headers are longer than 16 KiB together.',
    ],
    ['speaks another version', 'GET / HTTP/3.0\r\nhost: x\r\n\r\n', 505, 'This service speaks HTTP/1.1.'],
    ['asks for a tunnel', requestBytes('CONNECT x:80', ['host: x']), 501, 'This service opens no tunnels.'],
  ])('what %s is told so as a problem, and is no fault of the service', async (_what, bytes, status, detail) => {
    const connection = connect();
    connection.write(bytes);
    expectProblem(await connection.next(), status, detail);
    expect(await connection.rest()).toBe('');
    expect((await askRaw(port(), get())).status).toBe(200);
    expect(log).toBe('');
  });

  it.each([
    ['two hosts', ['host: x', 'host: y'], 400],
    ['the same host twice', ['host: x', 'HOST: x'], 400],
    ['no host', [], 400],
    ['a host that is none', ['host: x y'], 400],
    ['two hosts in one', ['host: x, y@z'], 400],
    ['an expectation that nobody meets', ['host: x', 'expect: tea'], 417],
  ])('what comes with %s is refused as a problem, also where an answer stands ready', async (_what, headers, status) => {
    for (const path of [LIST, feed, '/', '/nowhere', '/health/live']) {
      for (let time = 0; time < 3; time += 1) await askRaw(port(), get(path));
      const answer = await askRaw(port(), requestBytes(`GET ${path}`, headers));
      expect([answer.status, answer.headers['content-type']], path).toEqual([status, 'application/problem+json; charset=utf-8']);
      expect(JSON.parse(answer.body)).toMatchObject({ status, detail: expect.stringMatching(status === 400 ? /Host/ : /100-continue/) });
      if (path === LIST) expect(answer.headers['api-version']).toBe('1.0.0');
    }
  });

  it.each(['x', 'kalender.example:3000', '[::1]:3000', 'my_service', '', 'xn--bcher-kva.example.'])(
    'the host %j is one like any other',
    async (host) => {
      expect((await askRaw(port(), requestBytes(`GET ${LIST}`, [`host: ${host}`]))).status).toBe(200);
    },
  );

  it('HTTP/1.0 need not name its host', async () => {
    expect((await askRaw(port(), `GET ${LIST} HTTP/1.0\r\n\r\n`)).status).toBe(200);
  });

  it('what comes before a fault is answered before it, in order', async () => {
    const connection = connect();
    connection.write(`${get('/api/v1/insurers')}${get(feed)}${get('/health/ready')}hallo\r\n\r\n`);
    const answers = [await connection.next(), await connection.next(), await connection.next()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[1]!.headers['content-type']).toContain('text/calendar');
    expectProblem(await connection.next(), 400, 'This is no HTTP that can be read.');
    expect(await connection.rest()).toBe('');
  });

  it('what comes before a body that breaks off is answered before it, in order', async () => {
    const connection = connect();
    connection.write(get('/api/v1/insurers') + post(['transfer-encoding: chunked'], 'zz\r\n'));
    expect((await connection.next()).status).toBe(200);
    expectProblem(await connection.next(), 400, 'This is no HTTP that can be read.');
    expect(await connection.rest()).toBe('');
  });

  it('a body is waited for only so long, as is a request that breaks off, or never begins', async () => {
    await app.close();
    await listen({ requestTimeout: 50 });
    const halves = [post(['content-length: 20'], '{"name"'), post(['transfer-encoding: chunked'], '2\r\n{'), 'GET /api/v1', ''];
    await Promise.all(
      halves.map(async (half) => {
        const connection = connect();
        connection.write(half);
        expectProblem(await connection.next(), 408, 'The request did not arrive in time.');
        expect(await connection.rest()).toBe('');
      }),
    );
    expect(log).toBe('');
  });

  it('who takes nothing of its answers is waited for only so long', async () => {
    await app.close();
    await listen({ answerTimeout: 100, callsPerMinute: 1_000_000 });
    const reader = createConnection(port(), '127.0.0.1').pause();
    const ended = once(reader, 'close');
    reader.on('error', () => {});
    const [accepted] = (await once(app.server, 'connection')) as [Socket];
    const gone = once(accepted, 'close');
    // More than the buffers of both sides take.
    reader.write(get('/api/v1/openapi.json').repeat(300));
    await gone;
    reader.destroy();
    await ended;
    expect(log).toBe('');
  });

  it('a body that nobody waited for, and that never came, gets no second answer', async () => {
    await app.close();
    await listen({ requestTimeout: 50 });
    for (const path of [LIST, LIST, LIST, feed, feed]) {
      const connection = connect();
      connection.write(requestBytes(`GET ${path}`, ['host: x', 'content-length: 5'], 'half'));
      expect((await connection.next()).status).toBe(200);
      expect(await connection.rest()).toBe('');
    }
  });

  it('a body beside a question is read over, and the next question is answered', async () => {
    const connection = connect();
    for (const path of [LIST, LIST, LIST, feed, feed, '/', '/nowhere'])
      for (const [headers, body] of [
        [['content-length: 5'], 'hallo'],
        [['transfer-encoding: chunked'], '5\r\nhallo\r\n0\r\n\r\n'],
      ] as const) {
        connection.write(requestBytes(`GET ${path}`, ['host: x', ...headers], body) + get('/health/live'));
        expect((await connection.next()).status, path).toBe(path === '/nowhere' ? 404 : 200);
        expect(JSON.parse((await connection.next()).body)).toEqual({ status: 'live', ...IDENTITY });
      }
  });

  it('who asks first whether a body is wanted is told to go on', async () => {
    const connection = connect();
    connection.write(post(['content-length: 2', 'expect: 100-continue'], ''));
    expect((await connection.next()).status).toBe(100);
    connection.write('{}');
    expect((await connection.next()).status).toBe(400);
  });

  it('who wants to speak another protocol is answered in this one', async () => {
    const upgrade = ['connection: upgrade, http2-settings', 'upgrade: h2c'];
    expect((await askRaw(port(), requestBytes(`GET ${LIST}`, ['host: x', ...upgrade]))).status).toBe(200);
    expect((await askRaw(port(), post([...upgrade, 'content-length: 2'], '{}'))).status).toBe(400);
  });

  it('who hangs up in the middle of a body is no fault of the service', async () => {
    const heard = once(app.server, 'connection') as Promise<[Socket]>;
    const connection = connect();
    const [socket] = await heard;
    connection.write(post(['content-length: 200'], '{'));
    await once(app.server, 'request');
    // Not by `once`, which takes the end that is wanted here for an error.
    const gone = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
    connection.close();
    await gone;
    expect((await askRaw(port(), get())).status).toBe(200);
    expect(log).toBe('');
  });
});
