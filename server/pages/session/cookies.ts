/** Cookies: what a browser keeps while somebody signs in there, and while somebody is signed in. No script reads them, and no other host sets them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { digestOf } from '../../../db/store/secrets.ts';
import { basePathOf } from '../../base-path.ts';

/** `session`: who is signed in. `sign-in`: that this browser asked for a code. */
export type CookieUse = 'session' | 'sign-in';

/**
 * The name of a cookie. `__Host-` binds it to one host over https; on this machine alone browsers take no such name over http. It holds for a
 * whole host, whatever the path and the port: where there may be another service beside this one, the name tells them apart.
 */
export function cookieName(publicUrl: string, use: CookieUse): string {
  const { port, protocol } = new URL(publicUrl);
  const place = port + basePathOf(publicUrl);
  return `${protocol === 'https:' ? '__Host-' : ''}inkoopkalender-${use}${place === '' ? '' : `-${digestOf(place).slice(0, 8)}`}`;
}

/** What a browser keeps of us; null where it keeps nothing. */
export function readCookie({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string, use: CookieUse): string | null {
  const name = `${cookieName(publicUrl, use)}=`;
  const pair = (headers.cookie ?? '')
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(name));
  return pair?.slice(name.length) || null;
}

/** Lets a browser keep something until a moment. It is sent along from links in mails too, and from no form of another site. */
export function setCookie(
  reply: FastifyReply,
  publicUrl: string,
  { use, value, expiresAt }: { use: CookieUse; value: string; expiresAt: Date },
): void {
  const isSecure = publicUrl.startsWith('https:');
  const attributes = ['Path=/', `Expires=${expiresAt.toUTCString()}`, 'HttpOnly', 'SameSite=Lax', ...(isSecure ? ['Secure'] : [])];
  reply.header('set-cookie', `${cookieName(publicUrl, use)}=${value}; ${attributes.join('; ')}`);
}

/** Lets a browser forget it. */
export function clearCookie(reply: FastifyReply, publicUrl: string, use: CookieUse): void {
  setCookie(reply, publicUrl, { use, value: '', expiresAt: new Date(0) });
}
