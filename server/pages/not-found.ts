/** The answer to an address that leads nowhere, that takes something else, or that has slashes too many at its end. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemWith } from '../http/errors.ts';
import { methodsAt } from '../http/paths.ts';
import { tellFault } from './fault.ts';
import { isOwnPath } from './session/onward.ts';

/** Answers where there is nothing. */
export async function answerPageNotFound(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return tellFault(request, reply, problemWith(404, 'There is nothing at this address.'));
}

/** Answers what no route takes: by what the address takes, where it is one (RFC 9110, 15.5.6). */
export async function answerNoRoute(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const methods = methodsAt(request.server, request.url);
  if (methods.length === 0) return answerPageNotFound(request, reply);
  const problem = problemWith(405, `This address answers to ${methods.join(', ')}.`);
  return tellFault(request, reply.header('allow', methods.join(', ')), problem);
}

/** A hook that leads from an address with slashes at its end to the one address of the page, before a route takes it for one with an empty name. */
export async function leadOffSlash({ method, server, url }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const [, path, slashes, search = ''] = /^([^?]*[^/?])(\/+)(\?.*)?$/s.exec(url) ?? [];
  if (path === undefined || (method !== 'GET' && method !== 'HEAD')) return undefined;
  const { paths } = server;
  const isOneOfOurs = isOwnPath(path) && !path.startsWith('/api') && !paths.has(path + slashes);
  return isOneOfOurs && methodsAt(server, path).includes('GET') ? reply.redirect(path + search, 301) : undefined;
}
