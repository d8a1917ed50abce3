/** Faults of HTTP itself: what no route ever sees is told as a problem, too. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../calendars/errors.ts';
import { problemWith, sendProblem, type Problem } from './errors.ts';

export interface ProtocolFaults {
  /** Takes note of what is answered on a connection: a fault that comes behind it is told behind it. */
  note(response: ServerResponse): void;
  /** Ends a connection on which something came that is no HTTP, or not all of it in time; with a problem where one can still be told. */
  end(error: Error & { code?: string }, connection: Duplex): void;
  /** Refuses what asks for a tunnel. */
  refuseTunnel(connection: Duplex): void;
}

/** Who sends more than was read may miss the answer unless it is read on for a while (RFC 9112, section 9.6). */
const LINGER_MS = 2000;

/** Knows of no connection yet. */
export function openProtocolFaults(): ProtocolFaults {
  const newest = new WeakMap<Duplex, ServerResponse>();
  const ending = new WeakSet<Duplex>();

  return {
    note(response) {
      const { socket } = response.req;
      newest.set(socket, response);
    },
    end(error, connection) {
      // Whatever else comes on it is not read any more.
      if (ending.has(connection)) return;
      ending.add(connection);
      const answer = newest.get(connection);
      const problem = problemOf(error);
      if (error.code === 'ECONNRESET') connection.destroy();
      else if (!answer || answer.writableFinished) {
        // Of a body that nobody waited for, no second answer.
        if (answer?.req.complete === false) connection.destroy();
        else tell(connection, problem);
      } else if (answer.req.complete) answer.once('finish', () => tell(connection, problem));
      else if (answer.headersSent) connection.destroy();
      else if (answer.socket) tell(connection, problem);
      else answer.once('socket', () => tell(connection, problem));
    },
    refuseTunnel(connection) {
      connection.on('error', () => {});
      tell(connection, problemWith(501, 'This service opens no tunnels.'));
    },
  };
}

/** A hook for `preParsing`: what the RFCs want of a request before anybody reads on. Throws `invalid`. */
export async function refuseUnclearRequest({ raw }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (!namesItsHost(raw)) throw new AppError('invalid', 'The request must have one header Host, with a host and perhaps a port.');
  if (raw.headers.expect !== undefined && raw.headers.expect.toLowerCase() !== '100-continue')
    return sendProblem(reply, problemWith(417, 'The only expectation that is met is 100-continue.'));
  return undefined;
}

/** Whether a request says once for which host it is: where two are named, a proxy may have heeded the other (RFC 9112, section 3.2). */
export function namesItsHost({ headers, httpVersion, rawHeaders }: IncomingMessage): boolean {
  const { host } = headers;
  // Only HTTP/1.1 has to name one.
  if (host === undefined) return httpVersion === '1.0';
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]!.length === 4 && rawHeaders[i]!.toLowerCase() === 'host') count += 1;
  return count === 1 && HOST.test(host);
}

/** RFC 3986, section 3.2.2, with a port behind it. */
const HOST = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?$/i;

/** Sends a problem as the last thing that a connection says. */
function tell(connection: Duplex, problem: Problem) {
  if (!connection.writable) {
    connection.destroy();
    return;
  }
  connection.end(bytesOf(problem), 'latin1');
  const linger = setTimeout(() => connection.destroy(), LINGER_MS).unref();
  connection.once('close', () => clearTimeout(linger));
}

/** What Node's parser and its clock say (llhttp's HPE_…), as a status. */
const STATUS: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
  HPE_INVALID_VERSION: 505,
};

const DETAIL: Record<number, string> = {
  408: 'The request did not arrive in time.',
  413: 'The extensions of the chunks are too long.',
  431: 'Address and headers are longer than 16 KiB together.',
  505: 'This service speaks HTTP/1.1.',
};

function problemOf({ code = '' }: { code?: string }): Problem {
  const status = STATUS[code] ?? 400;
  return problemWith(status, DETAIL[status] ?? 'This is no HTTP that can be read.');
}

function bytesOf(problem: Problem): string {
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${body.length}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
