/** What Prometheus is told beside the routes: the process, the mails, and the polls that were answered from memory. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from '@prometheus-io/client';
import { measureDelivery } from './delivery-metrics.ts';
import { AUDIENCES, type Audience } from '../../db/messages/personal-mails.ts';
import type { Deps, MailCounts } from '../deps.ts';
import type { ReadyCounts } from '../feeds/ready-answers.ts';
import { VERSION } from '../version.ts';

/** Opens a registry of its own: several services in one process (tests) must not share their counts. */
export function collectMetrics(
  ready: ReadyCounts,
  deps: Pick<Deps, 'clock' | 'droppedLogLines' | 'lastRoundAt' | 'lastWriteAt' | 'mailCounts' | 'read'>,
): Registry {
  const registry = new Registry();
  countReady(registry, ready);
  countDropped(registry, deps);
  countMails(registry, deps);
  tellVersion(registry);
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

/** Of this process alone and since its start, as Prometheus wants counters: several instances are summed. By whom they go to. */
function countMails(registry: Registry, { mailCounts }: Pick<Deps, 'mailCounts'>) {
  for (const [kind, help] of Object.entries(MAILS)) {
    const counter: Counter<'audience'> = new Counter({
      name: `mails_${kind}_total`,
      help,
      labelNames: ['audience'],
      registers: [registry],
      collect() {
        counter.reset();
        const counts = mailCounts?.();
        for (const audience of AUDIENCES) counter.inc({ audience }, counts?.[audience][kind as keyof typeof MAILS] ?? 0);
      },
    });
  }
}

const MAILS = {
  sent: 'Mails that the mail server took from this process',
  refused: 'Mails of this process that it refused, for now or for good; each try counts',
  uncertain: 'Mails that left this process and were never answered',
  faulty: 'Mails that could not be drafted',
} satisfies Record<keyof MailCounts[Audience], string>;

function tellVersion(registry: Registry) {
  const labels = { version: VERSION, node: process.versions.node };
  new Gauge({ name: 'inkoopkalender_info', help: 'Which version runs', labelNames: Object.keys(labels), registers: [registry] }).set(
    labels,
    1,
  );
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
