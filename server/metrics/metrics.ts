/** Counts and durations for Prometheus, by route: an address with a secret in it is never a label. */
import fastifyPlugin from 'fastify-plugin';
import type { App, Deps } from '../deps.ts';
import type { ReadyCounts } from '../feeds/ready-answers.ts';
import { openDurations } from '../http/route-durations.ts';

/** Methods that say nothing of how long a route takes. */
const UNMEASURED: readonly string[] = ['HEAD', 'OPTIONS', 'TRACE', 'CONNECT'];

/** Measures every route, and tells it at `/metrics`, with the polls that were answered before any route. */
export const measureRoutes = (ready: ReadyCounts, deps: Deps) =>
  fastifyPlugin(async (app: App) => {
    const durations = openDurations();
    app.addHook('onResponse', (request, reply, done) => {
      const { url } = request.routeOptions;
      if (url !== undefined && !UNMEASURED.includes(request.method)) {
        durations.note(request.method, url, reply.statusCode, reply.elapsedTime / 1000);
      }
      done();
    });
    // What concerns the process is counted from the first look on: nobody misses it before, and a start need not load it.
    let opening: ReturnType<typeof openRegistry> | undefined;
    app.get('/metrics', { logLevel: 'silent' }, async (_request, reply) => {
      const registry = await (opening ??= openRegistry(ready, deps));
      return reply.type(registry.contentType).send(`${await registry.metrics()}\n${durations.describe()}`);
    });
  });

async function openRegistry(ready: ReadyCounts, deps: Deps) {
  const { collectMetrics } = await import('./process-metrics.ts');
  return collectMetrics(ready, deps);
}
