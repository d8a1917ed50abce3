/** A great many mails are due at once, while the API is asked. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { startRawSink } from './sink.ts';
import { tally, type Tally } from './tally.ts';
import { countStates, makeWorld, START, untilSettled } from './world.ts';

export interface LoadFigures extends Tally {
  states: Record<string, number>;
  mailsPerSecond: number;
  /** Of GET /deadlines while it sends, in milliseconds. */
  p50: number;
  p99: number;
  /** How much more memory it held at most than before it began, in MiB. */
  growth: number;
}

export async function manyAtOnce(recipients: number): Promise<LoadFigures> {
  const world = await makeWorld(recipients);
  const sink = await startRawSink();
  try {
    const service = await world.start(sink.url, START.getTime());
    const before = memoryOf(service.pid);
    let most = before;
    const times: number[] = [];
    const asked = { more: true };
    const asking = (async () => {
      while (asked.more) {
        const begun = performance.now();
        const answer = await fetch(`${service.url}/api/v1/insurers?page=${1 + (times.length % 3)}`);
        await answer.arrayBuffer();
        times.push(performance.now() - begun);
        most = Math.max(most, memoryOf(service.pid));
        await setTimeout(100);
      }
    })();
    const begun = performance.now();
    const store = await world.look();
    await untilSettled(store);
    const seconds = (performance.now() - begun) / 1000;
    asked.more = false;
    await asking;
    const states = await countStates(store);
    await store.close();
    await service.stop();
    times.sort((a, b) => a - b);
    const at = (part: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * part))]!);
    return {
      ...tally(sink, world.addresses),
      states,
      mailsPerSecond: Math.round(recipients / seconds),
      p50: at(0.5),
      p99: at(0.99),
      growth: Math.round(most - before),
    };
  } finally {
    world.remove();
    await sink.close();
  }
}

const memoryOf = (pid: number) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
