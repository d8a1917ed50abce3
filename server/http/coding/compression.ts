/** Answers leave packed for whoever takes them so. */
import compress from '@fastify/compress';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { App } from '../../deps.ts';

/** In bytes: what is shorter fits into one packet anyway. */
const THRESHOLD = 1024;
/** A calendar is none of these: its bytes are packed already, once for all who poll it. */
const TYPES =
  /^(text\/(html|css|csv|plain|javascript)|application\/(json|ld\+json|schema\+json|yaml|problem\+json|javascript)|image\/svg\+xml)(;|$)/;

/**
 * Packs what the routes send that are registered from now on. A packed body tells its length, and with it whether a guess that it repeats is like
 * a secret in it (BREACH). Nobody can make another's browser ask here with a secret that he does not have himself: a key comes in a header that no
 * form sends, a link's token stands in the address, and what is sent to who has a session stays unpacked (server/pages/session/session.ts).
 */
export const compressAnswers = fastifyPlugin(async (app: App) => {
  app.addHook('onSend', nameEncoding);
  await app.register(compress, { globalDecompression: false, encodings: ['br', 'gzip'], threshold: THRESHOLD, customTypes: TYPES });
  app.addHook('onRoute', (route) => {
    if (route.method === 'HEAD') route.onSend = [route.onSend ?? [], forgetLength].flat();
  });
});

/** A hook for `onSend`: whoever keeps an answer must know that another asker may get it packed, or not (RFC 9110, 12.5.5). */
async function nameEncoding(_request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
  if (!isPackable(reply, payload) && !reply.hasHeader('content-encoding') && reply.statusCode !== 304) return;
  const vary = [reply.getHeader('vary') ?? []].flat().join(', ');
  if (!/accept-encoding|\*/i.test(vary)) reply.header('vary', vary === '' ? 'accept-encoding' : `${vary}, accept-encoding`);
}

/** A hook for `onSend`, the last one of a HEAD: a length is that of the bytes that GET would send, and nobody packed these (RFC 9110, 8.6). */
async function forgetLength({ headers }: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
  if (headers['accept-encoding'] !== undefined && !reply.hasHeader('content-encoding') && isPackable(reply, payload))
    reply.removeHeader('content-length');
}

function isPackable(reply: FastifyReply, payload: unknown): boolean {
  return TYPES.test(String(reply.getHeader('content-type') ?? '')) && sizeOf(reply, payload) >= THRESHOLD;
}

/** Of a file, and of what HEAD leaves out, only the headers know. */
function sizeOf(reply: FastifyReply, payload: unknown): number {
  return typeof payload === 'string' || Buffer.isBuffer(payload)
    ? Buffer.byteLength(payload)
    : Number(reply.getHeader('content-length') ?? 0);
}
