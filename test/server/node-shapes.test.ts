/** What keeps polls fast shows in no answer: V8 is asked itself. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { appFor } from '../helpers/app.ts';
import { castIn } from '../helpers/cast.ts';
import { onSqlite } from '../helpers/stores.ts';

onSqlite('a connection', (fresh) => {
  it('looks the same to V8 whatever was asked over it, and in whichever order', async () => {
    setFlagsFromString('--allow-natives-syntax');
    // oxlint-disable-next-line no-implied-eval
    const lookAlike = new Function('one', 'other', 'return %HaveSameMap(one, other)') as (one: Socket, other: Socket) => boolean;
    const store = await fresh();
    await castIn(store);
    const { app } = await appFor(store);
    const sockets: Socket[] = [];
    app.server.on('connection', (socket) => sockets.push(socket));
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const kept = '/api/v1/deadlines?pageSize=5';
    // The second time it stands ready, and from then on nothing but the shortest way is gone.
    for (let n = 0; n < 2; n += 1) await (await fetch(`http://127.0.0.1:${port}${kept}`)).text();
    const open = new Set<Socket>();
    for (const paths of [
      [kept],
      [kept, '/api/v1/insurers'],
      ['/api/v1/insurers', kept],
      ['/health/live'],
      ['/nothing', kept, '/feeds/nothing.ics'],
    ]) {
      const client = connect(port, '127.0.0.1').setEncoding('latin1');
      open.add(client);
      for (const path of paths) {
        client.write(`GET ${path} HTTP/1.1\r\nHost: inkoop.example\r\n\r\n`);
        await once(client, 'data');
      }
    }
    const [first, ...others] = sockets.slice(-open.size) as [Socket, ...Socket[]];
    expect(others.map((other) => lookAlike(first, other))).toEqual([true, true, true, true]);
    for (const client of open) client.destroy();
    await app.close();
  });
});
