/** `npm run bench`: the service beside a bare Fastify route, in one run, round by round; then start-up and memory beside a bare Node. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startService, type Service } from '../helpers/service.ts';
import { measureRound, median, memoryOf, type Round, type Target } from './measure.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 2);
const EDITOR_KEY = 'bench-editor-key-0123456789';

for (const tool of ['wrk', 'taskset']) {
  if (spawnSync('which', [tool]).status !== 0) {
    console.error(`npm run bench needs ${tool} (Debian: apt install wrk util-linux).`);
    process.exit(1);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
const bare = await startBare();
const script = new URL('./service.ts', import.meta.url);
const service = await startService(settings(folder), { cwd: folder, script });
try {
  for (const { pid } of [bare, service]) execFileSync('taskset', ['-acp', '0', String(pid)], { stdio: 'ignore' });
  const targets = await targetsOf(bare, service);
  printRequests(targets, await measureAll(targets));
  await printStarts();
} finally {
  await service.stop();
  bare.child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

function settings(data: string) {
  return {
    DATABASE_URL: `file:${join(data, 'bench.db')}`,
    MAIL_URL: `file:${join(data, 'mail')}`,
    SECRET: 'x'.repeat(32),
    EDITOR_KEY,
    LOG_LEVEL: 'warn',
  };
}

async function startBare() {
  const port = await freePort();
  const child = spawn(process.execPath, [new URL('./bare.ts', import.meta.url).pathname], {
    env: { PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${port}/`, pid: child.pid!, child };
}

/** An RO that deals with six insurers, its feed, and what is asked of them. */
async function targetsOf(reference: { url: string; pid: number }, { url, pid }: Service): Promise<Target[]> {
  const insurers = ['cz', 'menzis', 'vgz', 'dsw', 'asr', 'eno'].map((insurer) => ({
    insurer,
    contractStatus: 'unknown',
    preferred: false,
  }));
  const made = await post<{ id: string; key: string }>(`${url}/api/v1/organisations`, EDITOR_KEY, {
    name: 'Regio Meting',
    roles: ['ro'],
    insurers,
  });
  const feed = await post<{ url: string }>(`${url}/api/v1/organisations/${made.id}/feeds`, made.key, { label: 'Meting' });
  const answer = await fetch(feed.url, { headers: { 'accept-encoding': 'identity' } });
  const events = (await answer.text()).split('BEGIN:VEVENT').length - 1;
  const etag = answer.headers.get('etag')!;
  console.log(
    `One feed of ${events} events; ${ROUNDS} rounds of ${SECONDS} s; ${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.versions.node}.\n`,
  );
  const plain = { 'Accept-Encoding': 'identity' };
  return [
    { name: 'bare Fastify, fixed string', url: reference.url, pid: reference.pid, headers: {}, status: 200 },
    { name: 'feed poll, 304', url: feed.url, pid, headers: { ...plain, 'If-None-Match': etag }, status: 304 },
    { name: 'feed 200, gzip', url: feed.url, pid, headers: { 'Accept-Encoding': 'gzip' }, status: 200 },
    { name: 'feed 200, plain', url: feed.url, pid, headers: plain, status: 200 },
    { name: 'GET /deadlines, 20 rows', url: `${url}/api/v1/deadlines?pageSize=20`, pid, headers: {}, status: 200 },
  ];
}

async function post<T>(url: string, key: string, body: object): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(`POST ${new URL(url).pathname} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Every target in turn, round after round, so that a loud neighbour disturbs all alike. */
async function measureAll(targets: readonly Target[]): Promise<Map<string, Round[]>> {
  const rounds = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
  for (const target of targets) await measureRound(target, 1);
  for (let i = 0; i < ROUNDS; i++) for (const target of targets) rounds.get(target.name)!.push(await measureRound(target, SECONDS));
  return rounds;
}

function printRequests(targets: readonly Target[], rounds: ReadonlyMap<string, Round[]>) {
  const reference = rounds.get(targets[0]!.name)!;
  console.log('| answer | requests/s | ratio | CPU µs | CPU ratio |\n|---|---|---|---|---|');
  for (const { name } of targets) {
    const own = rounds.get(name)!;
    const ratio = median(own.map((round, i) => round.requestsPerSecond / reference[i]!.requestsPerSecond));
    const cpu = median(own.map((round, i) => round.cpuMicroseconds / reference[i]!.cpuMicroseconds));
    const [rps, micros] = [median(own.map((r) => r.requestsPerSecond)), median(own.map((r) => r.cpuMicroseconds))];
    console.log(`| ${name} | ${Math.round(rps)} | ${ratio.toFixed(2)} | ${micros.toFixed(1)} | ${cpu.toFixed(2)} |`);
  }
}

/** From the start of the process to the first answer, on a filled database, beside a Node that does nothing. */
async function printStarts() {
  const starts: number[] = [];
  const nothing: number[] = [];
  const memory: number[] = [];
  const data = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
  for (let i = 0; i <= ROUNDS; i++) {
    const before = performance.now();
    execFileSync(process.execPath, ['-e', '0']);
    const between = performance.now();
    const started = await startService({ ...settings(data), LOG_LEVEL: 'info' }, { cwd: data });
    await (await fetch(`${started.url}/health/ready`)).text();
    const after = performance.now();
    // The first start fills the database, and is not counted.
    if (i > 0) {
      nothing.push(between - before);
      starts.push(after - between);
      memory.push(memoryOf(started.pid));
    }
    await started.stop();
  }
  rmSync(data, { recursive: true });
  const ratio = median(starts.map((ms, i) => ms / nothing[i]!));
  console.log(`\n| start to the first answer | node -e 0 | ratio | memory after it |\n|---|---|---|---|`);
  console.log(
    `| ${Math.round(median(starts))} ms | ${Math.round(median(nothing))} ms | ${ratio.toFixed(1)} | ${Math.round(median(memory))} MiB |`,
  );
}
