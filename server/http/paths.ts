/** Which paths exist, with which methods, and where they are outside: so that a wrong method can be told from a wrong address, and a link is right. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { App } from '../deps.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the service: its path as registered, with its methods. */
    paths: Map<string, Set<string>>;
    /** What stands before each path that people and programs are told, as `/zorg/kalender`; empty where nothing does. */
    basePath: string;
  }
}

/** The longest part of an address that leads anywhere: a link in a deputy's mail. */
export const LONGEST_PART = 160;

/** A part that leads nowhere. */
const NOWHERE = '%25';

/** Collects every route that is registered from now on. */
export function collectPaths(app: App): void {
  const paths = new Map<string, Set<string>>();
  app.decorate('paths', paths);
  app.addHook('onRoute', ({ url, method }) => {
    const methods = paths.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    paths.set(url, methods);
  });
}

/** The methods that an address answers to; none when there is nothing at it. */
export function methodsAt({ paths }: Pick<App, 'paths'>, address: string): string[] {
  const [path = ''] = address.split('?');
  const methods = [...paths].filter(([pattern]) => !pattern.endsWith('*') && leadsTo(pattern, path)).flatMap(([, found]) => [...found]);
  return [...new Set(methods)].sort();
}

/** Where people and programs outside find what is at a path of the service. */
export function addressAt({ server }: Pick<FastifyReply, 'server'>, path: string): string {
  return server.basePath + path;
}

/** Lets all answers name addresses below the base path. Their headers name paths of the service, also those that plugins set. */
export function standBelow(app: App, basePath: string): void {
  app.decorate('basePath', basePath);
  if (basePath === '') return;
  app.addHook('onSend', async (_request, reply) => {
    const location = reply.getHeader('location');
    if (typeof location === 'string' && location.startsWith('/')) reply.header('location', basePath + location);
  });
}

/**
 * What a browser asks for, as an address that routes can read: with `NOWHERE` for each part that cannot be decoded or is too long, so that people
 * get the page that says there is nothing. Programs, the API and feeds get what is wrong with it told.
 */
export function readableAddress(address: string, { accept = '' }: IncomingHttpHeaders): string {
  const [path = '', ...query] = address.split(/(?=\?)/);
  if (!accept.includes('text/html') || /^\/(?:api|feeds)(?=\/|$)/.test(path)) return address;
  const parts = path.split('/').map((part) => (part.length <= LONGEST_PART && isDecodable(part) ? part : NOWHERE));
  return [parts.join('/'), ...query].join('');
}

function leadsTo(pattern: string, path: string): boolean {
  const [parts, given] = [pattern.split('/'), path.split('/')];
  return parts.length === given.length && parts.every((part, i) => (part.startsWith(':') ? given[i] !== '' : part === given[i]));
}

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
