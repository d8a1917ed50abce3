/** `npm run bench`: the service beside a bare Fastify route and beside its peers, in one run, round by round; then starts and memory. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { measureRound, memoryOf, type Round, type Target } from './measure.ts';
import { printResults, printRounds, ratioOf, type Result, type Rounds } from './report.ts';
import { feedRequests } from './requests.ts';
import { start, startFilled } from './servers.ts';
import { measureStarts, type Starts } from './starts.ts';
import { measureStorm, type Storm } from './storm.ts';
import { feedTargets, listTargets, peerTargets, scaleTargets, type Keep } from './targets.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 1);
const BARE = 'bare Fastify, fixed string';
/** How many organisations there are in the one store and in the other, and how many are few. */
const SOME = 10_000;
const MANY = Number(process.env['BENCH_MANY'] ?? 100_000);
const FEW = 100;
/** A service that was just started renders its events; then it is idle. */
const SETTLE_MS = 5000;

for (const tool of ['wrk', 'taskset']) {
  if (spawnSync('which', [tool]).status !== 0) {
    console.error(`npm run bench needs ${tool} (Debian: apt install wrk util-linux).`);
    process.exit(1);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
const keep: Keep = (server) => {
  stops.push(() => server.stop());
  return server;
};
try {
  await run();
} finally {
  for (const stop of stops.reverse()) await stop();
}

async function run() {
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}; ${ROUNDS} rounds of ${SECONDS} s.`,
  );
  const starts = await measureStarts(ROUNDS);
  console.log(
    `\nStart to the first answer: ${Math.round(starts.own)} ms, bare ${Math.round(starts.bare)} ms, node -e 0 ${Math.round(starts.nothing)} ms; idle memory: ${Math.round(starts.ownMemory)} MiB, bare ${Math.round(starts.bareMemory)} MiB, a Node that does nothing ${Math.round(starts.nothingMemory)} MiB.`,
  );
  const bare = keep(await start('bare.ts', folder));
  const service = keep(await startFilled(inFolder('some'), SOME));
  await setTimeout(SETTLE_MS);
  const reference: Target = { name: BARE, url: `${bare.url}/`, pid: bare.pid, status: 200 };
  const peers = await peerTargets(folder, service, keep);
  const targets = [reference, ...(await feedTargets(folder, service)), ...(await listTargets(folder, service, keep)), ...peers];
  const rounds = await measureAll(targets);
  printRounds(targets, rounds);

  const many = keep(await startFilled(inFolder('many'), MANY));
  const scale = [reference, ...(await scaleTargets(folder, service, FEW, many))];
  const scaled = await measureAll(scale);
  printRounds(scale, scaled);
  console.log(
    `\nMemory with ${MANY} feeds polled: ${Math.round(memoryOf(many.pid))} MiB; with ${SOME}: ${Math.round(memoryOf(service.pid))} MiB.`,
  );
  await many.stop();

  const requests = { file: feedRequests(folder, 'storm', service.members, 'gzip') };
  const storm = await measureStorm(
    service,
    { name: 'polls of every feed', url: service.url, pid: service.pid, status: 200, requests },
    ROUNDS,
  );
  await service.stop();
  printResults([...requestResults(rounds), ...scaleResults(scaled), ...stormResults(storm), ...startResults(starts)]);
}

/** Every target in turn, round after round, so that a loud neighbour disturbs all alike. A round before them warms up. */
async function measureAll(targets: readonly Target[]): Promise<Rounds> {
  const rounds = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
  for (const target of targets) await measureRound(target, 1);
  for (let i = 0; i < ROUNDS; i++) for (const target of targets) rounds.get(target.name)!.push(await measureRound(target, SECONDS));
  return rounds;
}

function requestResults(rounds: Rounds): Result[] {
  const atLeast = (goal: number, name: string, reference = BARE): Result[] => {
    if (!rounds.has(reference)) return [];
    const { requests, cpu } = ratioOf(rounds, name, reference);
    const unit = reference === BARE ? ' F' : ' ×';
    return [{ what: reference === BARE ? name : `${name} / ${reference}`, goal, reached: requests, byCpu: cpu, unit }];
  };
  return [
    atLeast(0.9, 'feed poll, 304'),
    atLeast(0.7, 'feed 200, gzip'),
    atLeast(0.55, 'feed 200, plain'),
    atLeast(0.4, 'feed after a change, plain'),
    atLeast(200, 'feed 200, plain', 'Radicale'),
    atLeast(300, 'feed poll, 304', 'Radicale, conditional'),
    atLeast(15, 'feed 200, plain', 'ical-generator per request'),
    atLeast(0.8, 'list of 20, asked again'),
    atLeast(0.15, 'list of 20, after a change'),
    atLeast(2, 'list of 20, after a change', 'plain drizzle route of 20'),
  ].flat();
}

function scaleResults(rounds: Rounds): Result[] {
  return ['304', 'gzip'].map((kind) => {
    const { requests, cpu } = ratioOf(rounds, `${kind}, ${MANY} feeds`, `${kind}, ${FEW} feeds`);
    return { what: `${kind} with ${MANY} organisations / with ${FEW}`, goal: 0.9, reached: requests, byCpu: cpu, unit: ' ×' };
  });
}

function stormResults({ polls, blocked, asked, fresh }: Storm): Result[] {
  return [
    { what: `feeds that are new at the next poll, of ${asked}`, goal: asked, reached: fresh },
    { what: 'polls while an edit changes all feeds / before', goal: 0.8, reached: polls, unit: ' ×' },
    { what: 'event loop blocked meanwhile', goal: 20, most: true, reached: blocked, unit: ' ms' },
  ];
}

function startResults({ ratio, ownMemory, bareMemory }: Starts): Result[] {
  return [
    { what: 'start to the first answer / bare', goal: 3, most: true, reached: ratio, unit: ' ×' },
    { what: 'idle memory / bare', goal: 2, most: true, reached: ownMemory / bareMemory, unit: ' ×' },
  ];
}

function inFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}
