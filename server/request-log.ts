/** What the log says of a request: never a secret link, never what was in a query of the database. */
import type { FastifyRequest, FastifyServerOptions } from 'fastify';

export interface LogOptions {
  level: string;
  /** Standard output when not given. */
  stream?: { write: (line: string) => void };
}

/** Fastify's own options for a log without secrets. */
export function requestLog(options: LogOptions | undefined): Pick<FastifyServerOptions, 'logger'> {
  if (!options) return { logger: false };
  return { logger: { ...options, serializers: { req: describeRequest, err: describeError } } };
}

function describeRequest(request: FastifyRequest) {
  return { method: request.method, url: maskAddress(request), host: request.host, remoteAddress: request.ip };
}

/** Pages behind a secret link are logged by their route. Elsewhere whatever looks like a secret is cut: an address typed wrongly still holds one. */
function maskAddress({ url, routeOptions }: FastifyRequest): string {
  const route = routeOptions.url;
  if (route !== undefined && /^\/(feeds|confirm|unsubscribe|resubscribe|deputy|leave|done|reopen|mute|unmute)\//.test(route)) return route;
  return url.replace(/[\w%-]{40,}/g, '***');
}

type DescribedError = { type: string; message: string; stack: string; cause?: DescribedError };

function describeError(error: Error): DescribedError {
  const { name, message, stack = '', cause } = error;
  return {
    type: name,
    message: withoutParameters(message),
    stack: withoutParameters(stack),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}

/** drizzle tells the values of a failed query, names and addresses among them. */
function withoutParameters(text: string): string {
  return text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/g, '\nparams: ***');
}
