/** `npm run bench [section…]`: the service beside a bare Fastify route, in one run, round by round; starts and memory; reminders. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { benchApplying } from './applying.ts';
import { benchPlanning } from './planning.ts';
import { benchReading } from './reading.ts';
import { benchSending } from './reminders.ts';
import { measureRound, type Round, type Target } from './measure.ts';
import { printResults, printRounds, ratioOf, type Result, type Rounds } from './report.ts';
import { feedRequests } from './requests.ts';
import { LONG_ROUNDS, ROUNDS } from './rounds.ts';
import { start, startFilled } from './servers.ts';
import { measureStarts, type Starts } from './starts.ts';
import { measureStorm, type Storm } from './storm.ts';
import { changedFeedTargets, FEED_ROWS, LIST_ROWS, listTargets, oneFeedTargets, pagesOf, pageTargets, type Keep } from './targets.ts';
import { benchWork } from './work.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 1);
const BARE = 'bare Fastify, fixed string';
/** How many organisations there are. */
const SOME = 10_000;
/** A service that was just started renders its events; then it is idle. */
const SETTLE_MS = 5000;

const SECTIONS = {
  starts,
  answers,
  storm,
  sending: benchSending,
  planning: benchPlanning,
  reading: benchReading,
  applying: benchApplying,
  work: benchWork,
};
/** Takes as long as all the others, and is measured where it is named. */
const LONG: readonly string[] = ['work'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) stopWith(`npm run bench knows no ${unknown.join(' or ')}; there is ${Object.keys(SECTIONS).join(', ')}.`);
for (const tool of ['wrk', 'taskset'])
  if (spawnSync('which', [tool]).status !== 0) stopWith(`npm run bench needs ${tool} (Debian: apt install wrk util-linux).`);

const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
const keep: Keep = (server) => {
  stops.push(() => server.stop());
  return server;
};
const reference = once(async (): Promise<Target> => {
  const { url, pid } = keep(await start('bare.ts', folder));
  return { name: BARE, url: `${url}/`, pid, status: 200 };
});
const service = once(async () => {
  const filled = keep(await startFilled(inFolder('some'), SOME));
  await setTimeout(SETTLE_MS);
  return filled;
});
try {
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}; ${ROUNDS} rounds of ${SECONDS} s, ${LONG_ROUNDS} of what takes long.`,
  );
  const results: Result[] = [];
  for (const [name, section] of Object.entries(SECTIONS))
    if (wanted.includes(name) || (wanted.length === 0 && !LONG.includes(name))) results.push(...(await section()));
  printResults(results);
} finally {
  for (const stop of stops.reverse()) await stop();
}

async function starts(): Promise<Result[]> {
  const measured = await measureStarts(LONG_ROUNDS);
  const { own, bare, nothing, ownMemory, bareMemory, nothingMemory } = measured;
  console.log(
    `\nStart to the first answer: ${Math.round(own)} ms, bare ${Math.round(bare)} ms, node -e 0 ${Math.round(nothing)} ms; idle memory: ${Math.round(ownMemory)} MiB, bare ${Math.round(bareMemory)} MiB, a Node that does nothing ${Math.round(nothingMemory)} MiB.`,
  );
  return startResults(measured);
}

async function answers(): Promise<Result[]> {
  const filled = await service();
  const pages = await pagesOf(filled);
  const targets = [
    await reference(),
    ...(await oneFeedTargets(filled)),
    ...changedFeedTargets(folder, filled),
    ...(await listTargets(folder, filled, keep)),
    ...pageTargets(filled, pages),
  ];
  const rounds = await measureAll(targets);
  printRounds(targets, rounds);
  const atLeast = atLeastIn(rounds);
  return [
    atLeast(0.8, FEED_ROWS.unchanged),
    atLeast(0.5, FEED_ROWS.gzip),
    atLeast(0.5, FEED_ROWS.plain),
    atLeast(0.3, 'feed after a change, plain'),
    atLeast(0.7, LIST_ROWS.again, LIST_ROWS.bare),
    atLeast(0.2, LIST_ROWS.unchanged),
    atLeast(0.05, LIST_ROWS.fresh),
    atLeast(2, LIST_ROWS.fresh, LIST_ROWS.naive),
    ...pages.map(([name]) => atLeast(0.25, `${name}, asked again`)),
  ];
}

async function storm(): Promise<Result[]> {
  const filled = await service();
  const requests = { file: feedRequests(folder, 'storm', filled.members, 'gzip') };
  const target = { name: 'polls of every feed', url: filled.url, pid: filled.pid, status: 200, requests };
  return stormResults(await measureStorm(filled, target, LONG_ROUNDS));
}

/** Every target in turn, round after round, so that a loud neighbour disturbs all alike. A round before them warms up. */
async function measureAll(targets: readonly Target[]): Promise<Rounds> {
  const rounds = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
  for (const target of targets) await measureRound(target, SECONDS);
  for (let i = 0; i < ROUNDS; i++) for (const target of targets) rounds.get(target.name)!.push(await measureRound(target, SECONDS));
  return rounds;
}

/** A row of a run, as a multiple of another row in it. */
function atLeastIn(rounds: Rounds) {
  return (goal: number, name: string, reference = BARE): Result => {
    const { requests, cpu } = ratioOf(rounds, name, reference);
    const unit = reference === BARE ? ' F' : ' ×';
    return { what: reference === BARE ? name : `${name} / ${reference}`, goal, reached: requests, byCpu: cpu, unit };
  };
}

function stormResults({ polls, turns, asked, fresh }: Storm): Result[] {
  return [
    { what: `feeds that are new at the next poll, of ${asked}`, goal: asked, reached: fresh },
    { what: 'polls while an edit changes all feeds / before', goal: 0.8, reached: polls, unit: ' ×' },
    { what: 'event loop blocked meanwhile', goal: 30, most: true, reached: turns.blocked, byCpu: turns.byCpu, unit: ' ms' },
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

/** What is started at most once, when it is first needed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return async () => (made ??= make());
}

function stopWith(line: string): never {
  console.error(line);
  process.exit(1);
}
