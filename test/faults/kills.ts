/** The real process is killed, again and again, while it sends. */
import { setTimeout } from 'node:timers/promises';
import type { Store } from '../../db/store.ts';
import type { Service } from '../helpers/service.ts';
import { startRawSink, type RawSink } from './sink.ts';
import { tally, type Tally } from './tally.ts';
import { AFTER_LEASE_MS, countStates, makeWorld, START, uncertainAddresses, untilIdle, type World } from './world.ts';

export interface KillFigures extends Tally {
  kills: number;
  dead: number;
  states: Record<string, number>;
  /** How many of the processes that were asked to stop did so without an error. */
  stoppedWell: number;
}

/** kill -9 at random moments. A lease ends in between now and then, so that copies are killed too. */
export async function killAtRandom(recipients: number, kills: number): Promise<KillFigures> {
  // Slow enough that a life of a few dozen milliseconds sends a few mails.
  const sink = await startRawSink({ delayMs: 1 });
  return liveAndDie(recipients, kills, sink, async (service) => {
    await setTimeout(Math.random() * 60);
    process.kill(service.pid, 'SIGKILL');
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
    process.kill(service.pid, 'SIGKILL');
    await service.ended();
    delete sink.rules.data;
  });
}

/** SIGTERM at random moments. */
export async function stopAtRandom(recipients: number, stops: number): Promise<KillFigures> {
  const sink = await startRawSink({ delayMs: 1 });
  return liveAndDie(recipients, stops, sink, async (service) => {
    await setTimeout(Math.random() * 60);
    process.kill(service.pid, 'SIGTERM');
  });
}

async function liveAndDie(
  recipients: number,
  kills: number,
  sink: RawSink,
  kill: (service: Service) => Promise<void>,
): Promise<KillFigures> {
  const world = await makeWorld(recipients);
  try {
    let [killed, stoppedWell, atMs] = [0, 0, START.getTime()];
    while (killed < kills) {
      const before = sink.connections();
      const service = await world.start(sink.url, atMs);
      // From its first connection on it sends; when it has nothing to send, it is killed while idle.
      for (let ms = 0; sink.connections() === before && ms < 300; ms += 1) await setTimeout(1);
      await kill(service);
      killed += 1;
      if ((await service.ended()) === 0) stoppedWell += 1;
      atMs += killed % 25 === 0 ? AFTER_LEASE_MS : 1000;
    }
    await finish(world, sink, atMs);
    const store = await world.look();
    const uncertain = await uncertainAddresses(store);
    const states = await countStates(store);
    await store.close();
    return { ...tally(sink, world.addresses, uncertain), kills: killed, dead: uncertain.length, states, stoppedWell };
  } finally {
    world.remove();
    await sink.close();
  }
}

/** Lets the service send what is left, lease after lease, until every message is settled. */
async function finish(world: World, sink: RawSink, fromMs: number): Promise<void> {
  const store = await world.look();
  try {
    for (let leases = 1; leases <= 5 && (await isUnsettled(store)); leases += 1) {
      const service = await world.start(sink.url, fromMs + leases * AFTER_LEASE_MS);
      await untilIdle(store);
      await service.stop();
    }
  } finally {
    await store.close();
  }
}

async function isUnsettled(store: Store): Promise<boolean> {
  const { pending = 0, sending = 0 } = await countStates(store);
  return pending + sending > 0;
}
