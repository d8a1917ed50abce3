import { Histogram, Registry } from '@prometheus-io/client';
import { expect, it } from 'vitest';
import { openDurations } from '../../../server/http/route-durations.ts';

it('tells what the client of Prometheus tells of the same answers', async () => {
  const registry = new Registry();
  const histogram = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'request duration in seconds',
    labelNames: ['method', 'route', 'status_code'],
    registers: [registry],
  });
  const durations = openDurations();
  const answers = [0, 0.004, 0.005, 0.0051, 0.03, 0.03, 0.4, 1, 2.5, 9, 10, 11, 3600].flatMap((seconds) => [
    { method: 'GET', route: '/api/v1/deadlines/:deadlineId', status: 200, seconds },
    { method: 'POST', route: '/unsubscribe/:token', status: 404, seconds: seconds / 8 },
  ]);
  for (const { method, route, status, seconds } of answers) {
    histogram.observe({ method, route, status_code: status }, seconds);
    durations.note(method, route, status, seconds);
  }
  const linesOf = (text: string) => text.split('\n').filter(Boolean).sort();
  expect(linesOf(durations.describe())).toEqual(linesOf(await registry.metrics()));
});
