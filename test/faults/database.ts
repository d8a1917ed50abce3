/** The database misbehaves: it is full, or somebody else holds it, while the real process sends. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { loadSqlite } from '../../db/store/drizzle.ts';
import { addOrganisation, EDITOR_KEY } from './questions.ts';
import { startRawSink } from './sink.ts';
import { tally, type Tally } from './tally.ts';
import { countStates, makeWorld, START, untilSettled } from './world.ts';

export interface DatabaseFigures extends Tally {
  states: Record<string, number>;
  /** The answers that changes got over HTTP meanwhile. */
  answers: number[];
  /** Mails that left while nothing could be committed. */
  leftMeanwhile: number;
  /** Questions that were answered meanwhile. */
  readMeanwhile: number;
}

export interface FullDiskFigures extends DatabaseFigures {
  /** What `/health/ready` said while the disk was full, and after there was room again. */
  readyWhileFull: string;
  readyAfterwards: string;
}

/** Another process takes the write lock for a while, which SQLite waits five seconds for. */
export async function lockedElsewhere(recipients: number, holdMs: number): Promise<DatabaseFigures> {
  const world = await makeWorld(recipients);
  const sink = await startRawSink({ delayMs: 1 });
  const { Sqlite } = loadSqlite();
  const other = new Sqlite(world.databaseUrl.replace('file:', ''));
  try {
    const service = await world.start(sink.url, START.getTime(), { EDITOR_KEY });
    while (sink.taken.length < 3) await setTimeout(1);
    other.exec('begin immediate');
    await setTimeout(50);
    const before = sink.taken.length;
    const answer = addOrganisation(service.url);
    await setTimeout(100);
    const asking = askOnAndOn(service.url);
    await setTimeout(holdMs);
    const readMeanwhile = asking.answered();
    const leftMeanwhile = sink.taken.length - before;
    other.exec('rollback');
    await asking.stop();
    const answers = [await answer];
    for (let n = 0; n < 20 && answers.at(-1) !== 201; n += 1) answers.push(await addOrganisation(service.url));
    const store = await world.look();
    await untilSettled(store);
    const states = await countStates(store);
    await store.close();
    await service.stop();
    return { ...tally(sink, world.addresses), states, answers, leftMeanwhile, readMeanwhile };
  } finally {
    other.close();
    world.remove();
    await sink.close();
  }
}

/** The disk is full for a while. Needs leave to mount a small file system; null where there is none. */
export async function diskFull(recipients: number, fullMs: number): Promise<FullDiskFigures | null> {
  const disk = mkdtempSync(join(tmpdir(), 'inkoopkalender-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    rmSync(disk, { recursive: true });
    return null;
  }
  const sink = await startRawSink({ delayMs: 1 });
  mkdirSync(join(disk, 'data'));
  const world = await makeWorld(recipients, `file:${join(disk, 'data', 'faults.db')}`);
  try {
    const service = await world.start(sink.url, START.getTime(), { EDITOR_KEY });
    while (sink.taken.length < 3) await setTimeout(1);
    fillUp(disk);
    await setTimeout(100);
    const before = sink.taken.length;
    const answers = [await addOrganisation(service.url)];
    const asking = askOnAndOn(service.url);
    const readyWhileFull = await untilReadyIs(503, service.url);
    await setTimeout(fullMs);
    const readMeanwhile = asking.answered();
    await asking.stop();
    // Those whose leaving was committed before may arrive: at most one for each lane.
    const leftMeanwhile = sink.taken.length - before;
    rmSync(join(disk, 'ballast'));
    for (let n = 0; n < 20 && answers.at(-1) !== 201; n += 1) answers.push(await addOrganisation(service.url));
    const readyAfterwards = await untilReadyIs(200, service.url);
    const store = await world.look();
    await untilSettled(store);
    const states = await countStates(store);
    await store.close();
    await service.stop();
    return { ...tally(sink, world.addresses), states, answers, leftMeanwhile, readMeanwhile, readyWhileFull, readyAfterwards };
  } finally {
    world.remove();
    await sink.close();
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true });
  }
}

/** Reads over HTTP, one question after the other, until it is stopped. */
function askOnAndOn(url: string): { answered: () => number; stop: () => Promise<void> } {
  const asked = { more: true };
  let answered = 0;
  const asking = (async () => {
    while (asked.more) {
      const answer = await fetch(`${url}/api/v1/insurers`);
      await answer.arrayBuffer();
      if (answer.status === 200) answered += 1;
      // Slow enough for the rate limit.
      await setTimeout(50);
    }
  })();
  return {
    answered: () => answered,
    async stop() {
      asked.more = false;
      await asking;
    },
  };
}

/** Asks until `/health/ready` has this status, which the next round of the jobs sees to; gives what it says then. */
async function untilReadyIs(status: number, url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${url}/health/ready`);
    const text = await answer.text();
    if (answer.status === status) return text;
    await setTimeout(50);
  }
}

/** Takes every byte that is left, the smallest too. */
function fillUp(disk: string): void {
  const ballast = join(disk, 'ballast');
  for (const size of [1 << 20, 1 << 16, 1 << 12]) {
    for (;;) {
      const { bavail, bsize } = statfsSync(disk);
      if (bavail * bsize < size) break;
      try {
        writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
}
