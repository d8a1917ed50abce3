/** From the start of a process to its first answer, and the memory it then holds, beside a bare Fastify app with better-sqlite3 and a Node that does nothing. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startService } from '../helpers/service.ts';
import { median, memoryOf } from './measure.ts';
import { settingsIn } from './servers.ts';

export interface Starts {
  /** Milliseconds to the first answer, of the service and of the bare app. */
  own: number;
  bare: number;
  /** How many times as long, round by round. */
  ratio: number;
  /** MiB of both, two seconds later. */
  ownMemory: number;
  bareMemory: number;
  /** The same of `node -e 0`, until it has ended. */
  nothing: number;
  nothingMemory: number;
}

const IDLE_MS = 2500;
const bareScript = new URL('./bare-start.ts', import.meta.url);

/** Starts both in turn, on a database that is there already. */
export async function measureStarts(rounds: number): Promise<Starts> {
  const data = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
  const own: number[] = [];
  const bare: number[] = [];
  const nothing: [ms: number, memory: number][] = [];
  const memories: [number, number][] = [];
  // The first start fills the database, and is not counted.
  for (let i = 0; i <= rounds; i++) {
    const [bareMs, bareMemory] = await startOnce({ BENCH_DATABASE: join(data, 'bare.db') }, data, bareScript);
    const [ownMs, ownMemory] = await startOnce(settingsIn(data), data);
    if (i === 0) continue;
    nothing.push(runNothing());
    own.push(ownMs);
    bare.push(bareMs);
    memories.push([ownMemory, bareMemory]);
  }
  rmSync(data, { recursive: true });
  return {
    own: median(own),
    bare: median(bare),
    ratio: median(own.map((ms, i) => ms / bare[i]!)),
    ownMemory: median(memories.map(([ownMemory]) => ownMemory)),
    bareMemory: median(memories.map(([, bareMemory]) => bareMemory)),
    nothing: median(nothing.map(([ms]) => ms)),
    nothingMemory: median(nothing.map(([, memory]) => memory)),
  };
}

/** How long a Node takes that does nothing, and what one holds that only tells its memory. */
function runNothing(): [ms: number, memory: number] {
  const began = performance.now();
  execFileSync(process.execPath, ['-e', '0']);
  const ms = performance.now() - began;
  const rss = execFileSync(process.execPath, ['-p', 'process.memoryUsage().rss'], { encoding: 'utf8' });
  return [ms, Number(rss) / 2 ** 20];
}

async function startOnce(env: Record<string, string>, cwd: string, script?: URL): Promise<[ms: number, memory: number]> {
  const began = performance.now();
  const started = await startService({ ...env, LOG_LEVEL: 'info' }, { cwd, ...(script ? { script } : {}) });
  const answer = await fetch(`${started.url}/health/ready`);
  await answer.text();
  const ms = performance.now() - began;
  if (!answer.ok) throw new Error(`/health/ready answered ${answer.status}`);
  await setTimeout(IDLE_MS);
  const memory = memoryOf(started.pid);
  await started.stop();
  return [ms, memory];
}
