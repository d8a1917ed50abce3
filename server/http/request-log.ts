/** What the log says of a request, and of an error: never a secret, wherever it was put, never what was in a query of the database, no address. */
import { withoutAddresses } from '../../calendars/mail-address.ts';
import type { FastifyRequest, FastifyServerOptions } from 'fastify';
import { LINK_PAGES } from '../base-path.ts';

export interface LogOptions {
  level: string;
  /** Standard output when not given. */
  stream?: { write: (line: string) => void };
}

/** Fastify's own options for a log without secrets: neither these, nor what looks like a key or the token of a link. */
export function requestLog(options: LogOptions | undefined, secrets: readonly string[]): Pick<FastifyServerOptions, 'logger'> {
  if (!options) return { logger: false };
  const serializers = {
    req: (request: FastifyRequest) => describeRequest(request, secrets),
    err: (error: Error) => describeError(error, secrets),
  };
  return { logger: { ...options, serializers } };
}

function describeRequest(request: FastifyRequest, secrets: readonly string[]) {
  const { host, ip, method, url } = request;
  // What somebody looks for on a page is nobody's business.
  const told = url.startsWith('/api/') ? url : url.replace(/\?[^]*/, '?…');
  return { method, url: maskAddress(told, secrets), host: withoutSecrets(host, secrets), remoteAddress: ip };
}

/** Of pages behind a secret link only the page is told. Elsewhere whatever may be a secret is cut: an address typed wrongly still holds one. */
function maskAddress(url: string, secrets: readonly string[]): string {
  const [, page] = SECRET_PAGE.exec(url) ?? [];
  if (page !== undefined) return `${page}***`;
  const plain = decoded(url);
  if (secrets.map(addressed).some((secret) => url.includes(secret) || plain.includes(secret))) return '***';
  return url.replace(LONG_PARTS, (part) => (UUID.test(part) ? part : '***'));
}

const SECRET_PAGE = new RegExp(`^((?:/en)?/(?:feeds|${LINK_PAGES.join('|')})/)`, 'i');

/** What comes of a secret in an address: what stands behind a # is not sent. */
function addressed(secret: string): string {
  const [before = ''] = secret.split('#');
  return before.length < 8 ? secret : before;
}

/** The shortest key has 24 characters; of what may stand in an address only the ids of rows are as long. */
const LONG_PARTS = /[^/?&=#]{24,}/g;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** An address as it was meant, also one that cannot be decoded as a whole. Keys are ASCII. */
function decoded(url: string): string {
  return url.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

type DescribedError = { type: string; message: string; stack: string; cause?: DescribedError };

function describeError(error: Error, secrets: readonly string[]): DescribedError {
  const { name, message, stack = '', cause } = error;
  const clean = (text: string) => withoutAddresses(withoutSecrets(withoutParameters(text), secrets));
  return {
    type: name,
    message: clean(message),
    stack: clean(stack),
    ...(cause instanceof Error ? { cause: describeError(cause, secrets) } : {}),
  };
}

/** drizzle tells the values of a failed query, names and addresses among them. */
function withoutParameters(text: string): string {
  return text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/g, '\nparams: ***');
}

/** Keys and tokens of our own have 43 characters, or three more. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).replace(/[\w-]{40,}/g, '***');
}
