/** The end of a connection on which more is sent than anybody reads: who sends it is to see the answer, and no fault of the network. */
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** So much of what comes after the answer is read and forgotten, and for so long. */
const MOST_BYTES = 256 * 1024;
const MOST_MS = 5000;

/**
 * Ends the connection with this answer, in steps (RFC 9112, 9.6): we send no more, and for a little what still comes is read and forgotten. Closed at
 * once, with bytes that nobody read, the answer could be lost on its way.
 */
export function endAfterAnswer({ raw }: Pick<FastifyRequest, 'raw'>, reply: Pick<FastifyReply, 'header'>): void {
  reply.header('connection', 'close');
  // What Node calls when the last answer of a connection has been written.
  raw.socket.destroySoon = () => linger(raw);
}

function linger(raw: IncomingMessage): void {
  const { socket } = raw;
  let left = MOST_BYTES;
  const end = () => void socket.destroy();
  const timer = setTimeout(end, MOST_MS).unref();
  socket.once('close', () => clearTimeout(timer));
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) end();
  });
  raw.once('end', end);
  raw.resume();
  socket.end();
}
