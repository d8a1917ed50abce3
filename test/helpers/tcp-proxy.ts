/** A network on loopback that can be cut: a port that passes bytes on to another, as long as it is told to. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** How many connections are open. */
  open: () => number;
  /** Ends every connection, and refuses or swallows new ones as it is told. */
  cut: () => void;
  /** Lets every connection stand, old and new, and passes nothing on. */
  swallow: () => void;
  /** Passes on again, also what was held meanwhile. */
  mend: () => void;
  /** Ends a connection as soon as these bytes come from its client. */
  cutAt: (text: string | null) => void;
  close: () => Promise<void>;
}

/** Starts it in front of a port of 127.0.0.1. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'cut' | 'swallowing' = 'open';
  let fatal: string | null = null;
  const server = createServer((near) => {
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    near.on('data', (bytes) => {
      if (fatal !== null && bytes.includes(fatal)) near.resetAndDestroy();
      else far.write(bytes);
    });
    far.on('data', (bytes) => near.write(bytes));
    for (const [socket, other] of [pair, pair.toReversed() as [Socket, Socket]]) {
      socket.on('error', () => {});
      socket.once('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
    if (state === 'swallowing') for (const socket of pair) socket.pause();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    state = 'cut';
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    open: () => pairs.size,
    cut,
    swallow() {
      state = 'swallowing';
      for (const socket of [...pairs].flat()) socket.pause();
    },
    mend() {
      state = 'open';
      for (const socket of [...pairs].flat()) socket.resume();
    },
    cutAt: (text) => void (fatal = text),
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
