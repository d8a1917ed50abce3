/** How long the event loop is blocked: the time, and the CPU time of its thread, from one turn to the next. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Turns {
  /** The longest that passed between two turns, in milliseconds. */
  blocked: number;
  /** The most CPU time that the thread used between two turns: what a neighbour on the machine took of its time is not in it. */
  byCpu: number;
}

const SETTLE_MS = 20;

/** Begins to watch; what is given back ends it and tells. */
export function startWatching(): () => Turns {
  let last = now();
  const most = { blocked: 0, byCpu: 0 };
  const look = () => {
    const turn = now();
    most.blocked = Math.max(most.blocked, turn.ms - last.ms);
    most.byCpu = Math.max(most.byCpu, turn.cpu - last.cpu);
    last = turn;
  };
  const timer = setInterval(look, 1);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}

/** Does the work, and tells of the turns meanwhile. */
export async function watchTurns(work: () => Promise<unknown>): Promise<Turns> {
  await pause(SETTLE_MS);
  const stop = startWatching();
  try {
    await work();
    // A block at the end is seen by the turn after it.
    await pause(SETTLE_MS);
    return stop();
  } finally {
    stop();
  }
}

function now() {
  const { user, system } = process.threadCpuUsage();
  return { ms: performance.now(), cpu: (user + system) / 1000 };
}
