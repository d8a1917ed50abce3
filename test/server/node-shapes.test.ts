/** What keeps polls fast shows in no answer: V8 is asked itself. */
import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { createFeed } from '../../db/feeds.ts';
import { appFor } from '../helpers/app.ts';
import { castIn, NOW } from '../helpers/cast.ts';
import { onSqlite } from '../helpers/stores.ts';

onSqlite('a connection', (fresh) => {
  it('looks the same to V8 whatever was asked over it, and in whichever order', async () => {
    setFlagsFromString('--allow-natives-syntax');
    // oxlint-disable-next-line no-implied-eval
    const lookAlike = new Function('one', 'other', 'return %HaveSameMap(one, other)') as (one: Socket, other: Socket) => boolean;
    const store = await fresh();
    const { ro } = await castIn(store);
    const { token } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, NOW));
    const { app } = await appFor(store);
    const sockets: Socket[] = [];
    app.server.on('connection', (socket) => sockets.push(socket));
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const agents: Agent[] = [];
    const connect = () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      agents.push(agent);
      return async (path: string, headers: OutgoingHttpHeaders = {}) => {
        const [answer] = (await once(get({ host: '127.0.0.1', port, path, agent, headers }), 'response')) as [IncomingMessage];
        await once(answer.resume(), 'end');
        return answer;
      };
    };
    const [feed, list, plain] = [`/feeds/${token}.ics`, '/api/v1/deadlines?pageSize=5', '/api/v1/insurers'];
    try {
      const first = connect();
      for (let n = 0; n < 2; n += 1) for (const path of [feed, list]) expect((await first(path)).statusCode).toBe(200);
      // From now on they stand ready: such an answer counts for no limit, and says nothing of one.
      expect((await first(list)).headers).not.toHaveProperty('ratelimit-limit');
      expect((await first(plain)).headers).toHaveProperty('ratelimit-limit');
      const { etag } = (await first(feed)).headers;
      expect((await connect()(feed, { 'if-none-match': etag })).statusCode).toBe(304);
      for (const paths of [[feed], [list, plain], [plain, list], [plain], ['/health/live', feed]]) {
        const ask = connect();
        for (const path of paths) expect((await ask(path)).statusCode).toBe(200);
      }
      expect(sockets).toHaveLength(7);
      expect(sockets.slice(1).map((other) => lookAlike(sockets[0]!, other))).toEqual([true, true, true, true, true, true]);
    } finally {
      for (const agent of agents) agent.destroy();
      await app.close();
    }
  });
});
