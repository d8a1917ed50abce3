/** Which paths exist, and with which methods: so that a wrong method can be told from a wrong address. */
import type { App } from '../deps.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the service: its path as registered, with its methods. */
    paths: Map<string, Set<string>>;
  }
}

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

function leadsTo(pattern: string, path: string): boolean {
  const [parts, given] = [pattern.split('/'), path.split('/')];
  return parts.length === given.length && parts.every((part, i) => (part.startsWith(':') ? given[i] !== '' : part === given[i]));
}
