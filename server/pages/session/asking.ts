/** What a browser keeps while somebody signs in there: by what it proves that it asked, whose mail was named, and where to go afterwards. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clearCookie, readCookie, setCookie } from './cookies.ts';
import { readOnward } from './onward.ts';

export interface Asking {
  /** The secret that the asking browser alone has. */
  cookie: string;
  email: string;
  onward: string | null;
}

export function keepAsking(reply: FastifyReply, publicUrl: string, { cookie, ...rest }: Asking, expiresAt: Date): void {
  const value = `${cookie}.${Buffer.from(JSON.stringify(rest)).toString('base64url')}`;
  setCookie(reply, publicUrl, { use: 'sign-in', value, expiresAt });
}

/** What a browser kept; null where it asked for nothing, or what it sends is not ours. */
export function readAsking(request: FastifyRequest, publicUrl: string): Asking | null {
  const [cookie = '', packed = ''] = readCookie(request, publicUrl, 'sign-in')?.split('.') ?? [];
  try {
    const { email, onward } = JSON.parse(Buffer.from(packed, 'base64url').toString()) as Record<string, unknown>;
    if (cookie === '' || typeof email !== 'string') return null;
    return { cookie, email, onward: typeof onward === 'string' ? readOnward(onward) : null };
  } catch {
    return null;
  }
}

export function forgetAsking(reply: FastifyReply, publicUrl: string): void {
  clearCookie(reply, publicUrl, 'sign-in');
}
