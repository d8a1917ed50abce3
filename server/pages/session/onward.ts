/** Where somebody wanted to go who has to sign in first: a path of our own pages, and nothing else. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathIn } from '../language.ts';

/**
 * The path of the page for signing in, which leads on to the page that was asked for; an address that takes nothing but a form leads on to one's own.
 * `again`: for who is signed in, but not of late.
 */
export function signInPath(ask: Asked, { again = false } = {}): string {
  const onward = new URLSearchParams({ naar: pageBehind(ask) ?? '/mijn', ...(again ? { opnieuw: 'ja' } : {}) });
  return `/inloggen?${onward.toString()}`;
}

interface Asked {
  request: Pick<FastifyRequest, 'routeOptions' | 'url'>;
  reply: Pick<FastifyReply, 'server'>;
}

/** The path of the page at the address that is asked for, in the site map's own words; null where that takes nothing but a form. */
export function pageBehind({ reply, request }: Asked): string | null {
  const isPage = reply.server.paths.get(request.routeOptions.url ?? '')?.has('GET') ?? false;
  return isPage ? sitePath(request.url) : null;
}

/** A path as it was asked on with, in the site map's own words; null where it is none, or would lead elsewhere. */
export function readOnward(text: string | null): string | null {
  if (text === null || text.length > MOST_CHARACTERS || !/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(text)) return null;
  const url = URL.parse(text, HERE);
  if (url?.origin !== HERE) return null;
  const path = sitePath(url.pathname + url.search);
  // Dots in it, or a language taken off, may have left a second slash in front: that names another host.
  return isOwnPath(path) ? path : null;
}

/** Whether a browser that is led there stays with us: one slash in front, and nothing behind it that makes a host of the rest. */
export function isOwnPath(path: string): boolean {
  return /^\/(?![/\\])/.test(path);
}

/** The same path in Dutch, from which `pathIn` makes that of either language, however often a language stands in front. */
function sitePath(path: string): string {
  const english = pathIn('en', '/');
  let rest = path;
  while (rest.startsWith(english) && /^(?:[/?]|$)/.test(rest.slice(english.length))) rest = rest.slice(english.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

const HERE = 'http://here.invalid';
const MOST_CHARACTERS = 300;
