/** Bodies that come packed: no call takes one. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemWith, sendProblem } from '../errors.ts';

/** A hook for `preParsing`: 415 for a coding, with the one that is taken (RFC 9110, 8.4.1 and 12.5.3). */
export async function refusePackedBody({ headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return undefined;
  return sendProblem(
    reply.header('accept-encoding', 'identity'),
    problemWith(415, 'The body must be sent as it is, without Content-Encoding.'),
  );
}
