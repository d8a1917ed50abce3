/** The real process is killed, again and again, while it sends. */
import { setTimeout } from 'node:timers/promises';
import type { Store } from '../../db/store/store.ts';
import type { Service } from '../helpers/service.ts';
import { startRawSink, type RawSink } from './sink.ts';
import { tally, type Tally } from './tally.ts';
import { AFTER_LEASE_MS, countStates, hasWork, makeWorld, START, uncertainAddresses, untilTried, type World } from './world.ts';

export interface KillFigures extends Tally {
  kills: number;
  /** How many of them fell while a mail was under way. */
  midway: number;
  /** How many mails were under way at once, at most. */
  atOnce: number;
  dead: number;
  states: Record<string, number>;
  /** How many of the processes that were asked to stop did so without an error. */
  stoppedWell: number;
}

/** Before each answer: a life of a few dozen milliseconds sends a few mails, so that there are some left for the last one. */
const SLOW_MS = 3;

/** kill -9 at random moments. A lease ends in between now and then, so that copies are killed too. */
export async function killAtRandom(recipients: number, kills: number): Promise<KillFigures> {
  const sink = await startRawSink({ delayMs: SLOW_MS });
  return liveAndDie(recipients, kills, sink, async (service) => {
    await setTimeout(Math.random() * 60);
    const isMidway = sink.underWay() > 0;
    process.kill(service.pid, 'SIGKILL');
    return isMidway;
  });
}

/** kill -9 when both lanes have had their envelope taken and wait for 354: everything before is on record, nothing else has left. */
export async function killBeforeBody(recipients: number, kills: number): Promise<KillFigures> {
  const sink = await startRawSink();
  return liveAndDie(recipients, kills, sink, async (service) => {
    const passed = Math.floor(Math.random() * 12);
    let n = 0;
    const caught = new Promise<void>((resolve) => {
      sink.rules.data = () => {
        n += 1;
        if (n <= passed) return undefined;
        if (n === passed + 2) resolve();
        return 'hang';
      };
    });
    // Near the end there may be fewer mails left than that.
    await Promise.race([caught, setTimeout(5000)]);
    const isMidway = sink.underWay() > 0;
    process.kill(service.pid, 'SIGKILL');
    await service.ended();
    delete sink.rules.data;
    return isMidway;
  });
}

/** SIGTERM at random moments. */
export async function stopAtRandom(recipients: number, stops: number): Promise<KillFigures> {
  const sink = await startRawSink({ delayMs: SLOW_MS });
  return liveAndDie(recipients, stops, sink, async (service) => {
    await setTimeout(Math.random() * 60);
    const isMidway = sink.underWay() > 0;
    process.kill(service.pid, 'SIGTERM');
    return isMidway;
  });
}

async function liveAndDie(
  recipients: number,
  kills: number,
  sink: RawSink,
  /** Gives whether a mail was under way at that moment. */
  kill: (service: Service) => Promise<boolean>,
): Promise<KillFigures> {
  const world = await makeWorld(recipients);
  const store = await world.look();
  try {
    let [killed, midway, stoppedWell, atMs] = [0, 0, 0, START.getTime()];
    while (killed < kills) {
      const before = sink.steps.mail;
      const service = await world.start(sink.url, atMs);
      // From its first mail on it sends (its first connection only tries the server); when it has nothing to send, it is killed while idle.
      while (sink.steps.mail === before && (await hasWork(store, new Date(atMs)))) await setTimeout(1);
      if (await kill(service)) midway += 1;
      killed += 1;
      if ((await service.ended()) === 0) stoppedWell += 1;
      atMs += killed % 25 === 0 ? AFTER_LEASE_MS : 1000;
    }
    await finish(world, store, sink, atMs);
    const uncertain = await uncertainAddresses(store);
    const states = await countStates(store);
    const counts = { kills: killed, midway, atOnce: sink.mostUnderWay(), dead: uncertain.length, stoppedWell };
    return { ...tally(sink, world.addresses, uncertain), ...counts, states };
  } finally {
    await store.close();
    world.remove();
    await sink.close();
  }
}

/** Lets the service send what is left, lease after lease, until every message is settled. */
async function finish(world: World, store: Store, sink: RawSink, fromMs: number): Promise<void> {
  for (let leases = 1; leases <= 5 && (await isUnsettled(store)); leases += 1) {
    const atMs = fromMs + leases * AFTER_LEASE_MS;
    const service = await world.start(sink.url, atMs);
    await untilTried(store, new Date(atMs));
    await service.stop();
  }
}

async function isUnsettled(store: Store): Promise<boolean> {
  const { pending = 0, sending = 0 } = await countStates(store);
  return pending + sending > 0;
}
