/** Measuring from outside: requests by wrk on its own core, the server's CPU time and memory from /proc. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CYCLE = new URL('./cycle.lua', import.meta.url).pathname;

export interface Target {
  name: string;
  /** Of the server; with `requests` without a path. */
  url: string;
  pid: number;
  /** Asked for before each round: tags change. */
  headers?: () => Promise<Record<string, string>>;
  /** A file of requests to be made in turn, and how many of them: then the round has no other end. */
  requests?: { file: string; count?: number };
  status: number;
  /** What is done before each round. */
  before?: () => Promise<void>;
}

export interface Round {
  requestsPerSecond: number;
  cpuMicroseconds: number;
}

/** One round of requests against one target. Throws when an answer had another status than it must have. */
export async function measureRound(target: Target, seconds: number): Promise<Round> {
  await target.before?.();
  const { requests, url, pid } = target;
  const headers = (await target.headers?.()) ?? {};
  await checkStatus(target, headers);
  const options = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const cycle = requests ? ['-s', CYCLE] : [];
  const args = requests ? [requests.file, String(requests.count ?? 0)] : [];
  const duration = requests?.count === undefined ? seconds : 60;
  const before = cpuOf(pid);
  const { stdout } = await run('taskset', ['-c', '1', 'wrk', '-t1', '-c32', `-d${duration}s`, ...options, ...cycle, url, ...args]);
  const cpu = cpuOf(pid) - before;
  const all = /(\d+) requests in all, ([\d.]+) s/.exec(stdout);
  if (all) return { requestsPerSecond: Number(all[1]) / Number(all[2]), cpuMicroseconds: cpu / Number(all[1]) };
  const answered = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const errors = /Non-2xx or 3xx responses: (\d+)/.exec(stdout);
  if (errors) throw new Error(`${target.name}: ${errors[0]}`);
  return { requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), cpuMicroseconds: cpu / answered };
}

/**
 * CPU time of a process so far, in microseconds: of all its threads, to the nanosecond (Documentation/scheduler/sched-stats), or by the clock's
 * ticks where threads have ended meanwhile.
 */
function cpuOf(pid: number): number {
  const times = readdirSync(`/proc/${pid}/task`).flatMap((thread) => nanosecondsOf(`/proc/${pid}/task/${thread}/schedstat`));
  if (times.length === 0) throw new Error(`the kernel counts no time of process ${pid}`);
  const alive = times.reduce((sum, time) => sum + time, 0) / 1000;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Math.max(alive, (ticks - 1) * TICK);
}

/** Nothing of a thread that has ended since it was listed. */
function nanosecondsOf(schedstat: string): number[] {
  try {
    return [Number(readFileSync(schedstat, 'utf8').split(' ')[0])];
  } catch {
    return [];
  }
}

/** In microseconds: USER_HZ is 100 on every Linux that Node runs on. */
const TICK = 10_000;

/** The memory that a process holds, in MiB. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function checkStatus({ name, url, requests, status }: Target, headers: Record<string, string>): Promise<void> {
  const [path = '', ...pairs] = requests ? readFileSync(requests.file, 'utf8').split('\n', 1)[0]!.split('\t') : [];
  const own = Object.fromEntries(pairs.map((pair) => pair.split(': ') as [string, string]));
  const answer = await fetch(url + path, { headers: { ...headers, ...own } });
  await answer.arrayBuffer();
  if (answer.status !== status) throw new Error(`${name} answered ${answer.status} instead of ${status}`);
}
