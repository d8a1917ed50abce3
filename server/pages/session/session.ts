/** Who is signed in, as pages see it: read once for each request, from the browser's cookie. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteSessionUse, readSession, type Session } from '../../../db/people/sessions.ts';
import { formToken, personToken } from '../../../db/store/secrets.ts';
import { isUnavailable } from '../../../db/store/unavailable.ts';
import { canSignIn } from '../../access.ts';
import type { Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { clearCookie, readCookie, setCookie } from './cookies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in in the browser that asks; null: nobody, or nobody any more. */
    signedIn: SignedIn | null;
  }
}

export interface SignedIn {
  session: Session;
  /** What the browser keeps. */
  token: string;
  /** What each form of the session brings along. */
  formToken: string;
  /** What each form of the same person brings along, whichever session it is of. */
  personToken: string;
  /** When this request came. */
  askedAt: Date;
}

/**
 * A hook that reads who is signed in. What such a person is sent is kept by nobody, and leaves unpacked: the length of a packed page tells whether
 * a guess that it repeats is like a secret in it (BREACH).
 */
export function readSignedIn({ change, clock, publicUrl, read, secret }: Pick<Deps, 'change' | 'clock' | 'publicUrl' | 'read' | 'secret'>) {
  const isPossible = canSignIn({ publicUrl });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!isPossible) return;
    const token = readCookie(request, publicUrl, 'session');
    if (token === null) return;
    const now = clock();
    const session = await readSession(read, token, now);
    if (session === null) return;
    const tokens = { formToken: formToken(secret, session.id), personToken: personToken(secret, session.person.id) };
    request.signedIn = { session, token, ...tokens, askedAt: now };
    request.headers['x-no-compression'] = 'a session';
    reply.header('cache-control', 'no-store');
    if (now.getTime() - session.lastUsedAt.getTime() < HOUR_MS) return;
    try {
      await change((tx) => noteSessionUse(tx, session.id, now));
    } catch (error) {
      // While nothing can be written a page can still be read.
      if (!isUnavailable(error)) throw error;
    }
  };
}

const HOUR_MS = 3_600_000;

/** The field by which a form is known to be of this session's own pages, and of whom. Each form of a session has it. */
export function sessionField({ request: { signedIn } }: { request: Pick<FastifyRequest, 'signedIn'> }): SafeHtml {
  return fieldWith(signedIn === null ? '' : `${signedIn.formToken}.${signedIn.personToken}`);
}

/** The field of a form that is of no session any more, and says only whose it was, as `writerOf` tells. */
export function writerField(writer: string): SafeHtml {
  return fieldWith(`.${writer}`);
}

const fieldWith = (value: string) => html`<input type="hidden" name="${FIELD}" value="${value}" />`;

/** Whether a form that was sent has it. */
export function isOfSession(fields: URLSearchParams, { formToken }: SignedIn): boolean {
  return isSame(partsOf(fields)[0], formToken);
}

/** Whose page a form that was sent was on, whichever session that was of; null where it does not say so. */
export function writerOf(fields: URLSearchParams): string | null {
  const [, writer = ''] = partsOf(fields);
  return TOKEN.test(writer) ? writer : null;
}

/** Whether a form that was sent was on a page of the very person who is signed in now. */
export function isOfPerson(fields: URLSearchParams, { personToken }: SignedIn): boolean {
  return isSame(writerOf(fields) ?? '', personToken);
}

const TOKEN = /^[\w-]{43}$/;

const partsOf = (fields: URLSearchParams) => (fields.get(FIELD) ?? '').split('.');

function isSame(given = '', expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const FIELD = 'session';

/** Lets a browser keep a session that began. */
export function keepSession(reply: FastifyReply, publicUrl: string, { session, expiresAt }: { session: string; expiresAt: Date }): void {
  setCookie(reply, publicUrl, { use: 'session', value: session, expiresAt });
}

/** Lets a browser forget the session, which was ended. */
export function forgetSession(reply: FastifyReply, publicUrl: string): void {
  clearCookie(reply, publicUrl, 'session');
}
