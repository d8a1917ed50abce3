/** What Prometheus is told beside the routes: the process, the mails, and the polls that were answered from memory. */
import { collectDefaultMetrics, Counter, Registry } from '@prometheus-io/client';
import { measureDelivery } from './delivery-metrics.ts';
import type { Deps } from '../deps.ts';
import type { ReadyCounts } from '../feeds/ready-answers.ts';

/** Opens a registry of its own: several services in one process (tests) must not share their counts. */
export function collectMetrics(ready: ReadyCounts, deps: Pick<Deps, 'clock' | 'droppedLogLines' | 'lastRoundAt' | 'read'>): Registry {
  const registry = new Registry();
  countReady(registry, ready);
  countDropped(registry, deps);
  measureDelivery(registry, deps);
  collectDefaultMetrics({ register: registry });
  return registry;
}

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

function countDropped(registry: Registry, { droppedLogLines = () => 0 }: Pick<Deps, 'droppedLogLines'>) {
  const counter: Counter = new Counter({
    name: 'log_lines_dropped_total',
    help: 'Lines of the log that could not be written',
    registers: [registry],
    collect() {
      counter.reset();
      counter.inc(droppedLogLines());
    },
  });
}
