/** A proxy on loopback that lets others reach a service below a path of its own host, and nothing of it elsewhere. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PathProxy {
  /** Where the service is reached, without a slash at the end. */
  url: string;
  /** What was asked outside the path: nothing of the service is there. */
  outside: () => string[];
  close: () => Promise<void>;
}

interface ProxyOptions {
  /** The service's own port. */
  target: number;
  /** As `/zorg/kalender`; empty for a host of its own. */
  path: string;
  /** Whether the service is asked without the path. */
  strips: boolean;
}

/** Starts it; the service need not run yet. */
export async function startPathProxy({ target, path, strips }: ProxyOptions): Promise<PathProxy> {
  const outside: string[] = [];
  const server = createServer((near, answer) => {
    const { headers, method, url = '' } = near;
    const rest = url.slice(path.length);
    if (!url.startsWith(path) || !/^([/?]|$)/.test(rest)) {
      outside.push(url);
      answer.writeHead(404).end('outside\n');
      return;
    }
    const asked = strips ? rest.replace(/^(?!\/)/, '/') : url;
    const far = request({ port: target, host: '127.0.0.1', method, path: asked, headers }, (reply) => {
      answer.writeHead(reply.statusCode!, reply.rawHeaders);
      reply.pipe(answer);
    });
    far.on('error', () => answer.destroy());
    near.pipe(far);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    outside: () => outside,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
