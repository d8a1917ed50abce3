/** Counts and durations for Prometheus, by route: an address with a secret in it is never a label. */
import { Registry } from '@prometheus-io/client';
import fastifyPlugin from 'fastify-plugin';
import fastifyMetrics from 'fastify-metrics';
import type { App } from './deps.ts';

/** Measures every route, and tells it at `/metrics`. */
export const measureRoutes = fastifyPlugin(async (app: App) => {
  // A registry of its own: several services in one process (tests) must not share their counts.
  const registry = new Registry();
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
