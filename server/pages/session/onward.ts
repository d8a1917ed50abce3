/** Where somebody wanted to go who has to sign in first: a path of our own pages, and nothing else. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathIn } from '../language.ts';

/**
 * The path of the page for signing in, which leads on to the page that was asked for; an address that takes nothing but a form leads on to one's own.
 * `again`: for who is signed in, but not of late.
 */
export function signInPath(
  { reply, request }: { request: Pick<FastifyRequest, 'routeOptions' | 'url'>; reply: Pick<FastifyReply, 'server'> },
  { again = false } = {},
): string {
  const isPage = reply.server.paths.get(request.routeOptions.url ?? '')?.has('GET') ?? false;
  const onward = new URLSearchParams({ naar: isPage ? sitePath(request.url) : '/mijn', ...(again ? { opnieuw: 'ja' } : {}) });
  return `/inloggen?${onward.toString()}`;
}

/** A path as it was asked on with, in the site map's own words; null where it is none, or would lead elsewhere. */
export function readOnward(text: string | null): string | null {
  if (text === null || text.length > MOST_CHARACTERS || !/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(text)) return null;
  const url = URL.parse(text, HERE);
  // Dots in it may have left a second slash in front.
  if (url?.origin !== HERE || url.pathname.startsWith('//')) return null;
  return sitePath(url.pathname + url.search);
}

/** The same path in Dutch, from which `pathIn` makes that of either language. */
function sitePath(path: string): string {
  const english = pathIn('en', '/');
  return path === english ? '/' : path.startsWith(`${english}/`) ? path.slice(english.length) : path;
}

const HERE = 'http://here.invalid';
const MOST_CHARACTERS = 300;
