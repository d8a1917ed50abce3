/** Measuring from outside: requests by wrk on its own core, the server's CPU time and memory from /proc. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** A tick of the kernel's CPU clock; 100 a second on Linux (man 5 proc). */
const TICKS_PER_SECOND = 100;

export interface Target {
  name: string;
  url: string;
  pid: number;
  headers: Record<string, string>;
  status: number;
}

export interface Round {
  requestsPerSecond: number;
  cpuMicroseconds: number;
}

/** One round of requests against one target. Throws when an answer had another status than it must have. */
export async function measureRound(target: Target, seconds: number): Promise<Round> {
  await checkStatus(target);
  const before = cpuTicks(target.pid);
  const headers = Object.entries(target.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const { stdout } = await run('taskset', ['-c', '1', 'wrk', '-t1', '-c32', `-d${seconds}s`, ...headers, target.url]);
  const ticks = cpuTicks(target.pid) - before;
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const errors = /Non-2xx or 3xx responses: (\d+)/.exec(stdout);
  if (errors) throw new Error(`${target.name}: ${errors[0]}`);
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    cpuMicroseconds: ((ticks / TICKS_PER_SECOND) * 1e6) / requests,
  };
}

/** The memory that a process holds, in MiB. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function checkStatus({ name, url, headers, status }: Target) {
  const answer = await fetch(url, { headers });
  await answer.arrayBuffer();
  if (answer.status !== status) throw new Error(`${name} answered ${answer.status} instead of ${status}`);
}

function cpuTicks(pid: number): number {
  // The command's name may hold spaces, so count from its closing bracket: utime and stime are fields 14 and 15 (man 5 proc).
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
