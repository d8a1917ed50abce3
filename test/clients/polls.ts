/** A door in front of the feed that writes down who polled and what came back. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Poll {
  method: string;
  /** The tag that the app had, if it sent one. */
  tag: string | undefined;
  status: number;
}

export interface Door {
  /** Where an app subscribes instead of the feed itself. */
  url: string;
  /** Polls that were answered, the oldest first. */
  polls: readonly Poll[];
  close: () => void;
}

/** Opens the door on a free port of 127.0.0.1. Every byte goes through as it is. */
export async function openDoor(feedUrl: string): Promise<Door> {
  const polls: Poll[] = [];
  const server = createServer((asked, answer) => {
    const { method = 'GET', headers } = asked;
    const passed = request(new URL(asked.url ?? '/', feedUrl), { method, headers }, (response) => {
      const { statusCode = 502 } = response;
      answer.writeHead(statusCode, response.rawHeaders);
      response.pipe(answer);
      answer.once('finish', () => polls.push({ method, tag: headers['if-none-match'], status: statusCode }));
    });
    passed.once('error', () => answer.destroy());
    asked.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}${new URL(feedUrl).pathname}`, polls, close };
}
