/** Counts and durations for Prometheus, by route: an address with a secret in it is never a label. */
import { Counter, Registry } from '@prometheus-io/client';
import fastifyPlugin from 'fastify-plugin';
import fastifyMetrics from 'fastify-metrics';
import { measureDelivery } from './delivery-metrics.ts';
import type { App, Deps } from './deps.ts';
import type { ReadyCounts } from './ready-answers.ts';

/** Measures every route, and tells it at `/metrics`, with the polls that were answered before any route. */
export const measureRoutes = (ready: ReadyCounts, deps: Deps) =>
  fastifyPlugin(async (app: App) => {
    // A registry of its own: several services in one process (tests) must not share their counts.
    const registry = new Registry();
    countReady(registry, ready);
    measureDelivery(registry, deps);
    await app.register(fastifyMetrics.default, {
      endpoint: null,
      defaultMetrics: { enabled: true, register: registry },
      routeMetrics: {
        // A summary costs each request a digest; percentiles follow from the histogram as well.
        enabled: { histogram: true, summary: false },
        overrides: { histogram: { registers: [registry] }, summary: { registers: [registry] } },
      },
    });
    app.get('/metrics', { logLevel: 'silent' }, async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  });

/** Counted by hand and told when asked for: a label costs more than the poll. */
function countReady(registry: Registry, ready: ReadyCounts) {
  const counter: Counter<'status_code'> = new Counter({
    name: 'ready_feed_answers_total',
    help: 'Polls of feeds that were answered from memory',
    labelNames: ['status_code'],
    registers: [registry],
    collect() {
      counter.reset();
      for (const [status, count] of Object.entries(ready)) counter.inc({ status_code: status }, count);
    },
  });
}
