/** Everything that recurs, and when: the one list. Clocks only ring; what is to be done stands in the store. */
import { schedule } from 'node-cron';
import { AMSTERDAM } from '../calendars/days.ts';
import { projectNow } from './project.ts';
import { createTick, type TickDeps } from './tick.ts';

export interface Schedule {
  /** Says that something changed, so that the jobs need not wait for their minute. */
  ring: () => void;
  /** When a round of work last ended or got further, or null: for health checks. */
  lastSeenAt: () => Date | null;
  /** Until when nothing is sent, because the clock jumped; or null. */
  pausedUntil: () => Date | null;
  /** Stops what recurs and waits for what runs; a mail that hangs is broken off after `graceMs`. */
  stop: (graceMs?: number) => Promise<void>;
}

/** How often a long round says that this process still sends. */
const RENEW_MS = 30_000;
/** How often to look whether there is work, by a clock that does not jump: cron is silent for as long as the clock was set back. */
const POLL_MS = 15_000;

/** Starts everything that recurs, and does the first round at once. Nothing is set between 00:00 and 04:00, when clocks change. */
export function startSchedule(deps: TickDeps): Schedule {
  const { clock, log, store } = deps;
  const tick = createTick(deps);
  const project = async () => {
    try {
      const added = await projectNow(store, clock());
      if (added > 0) log.info({ added }, 'projected timelines');
      tick.ring();
    } catch (error) {
      log.error({ err: error }, 'projecting failed');
    }
  };
  const tasks = [
    // Plan, publish and send.
    schedule('* * * * *', tick.poll, { timezone: AMSTERDAM, suppressMissedWarning: true }),
    schedule('30 4 * * *', project, { timezone: AMSTERDAM, noOverlap: true }),
  ];
  const renewing = setInterval(() => void tick.renew(), RENEW_MS);
  const polling = setInterval(tick.poll, POLL_MS);
  tick.ring();
  return {
    ring: tick.ring,
    lastSeenAt: tick.lastSeenAt,
    pausedUntil: tick.pausedUntil,
    async stop(graceMs) {
      for (const task of tasks) await task.destroy();
      clearInterval(renewing);
      clearInterval(polling);
      await tick.stop(graceMs);
    },
  };
}
