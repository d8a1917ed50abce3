/** Everything that recurs, and when: the one list. Clocks only ring; what is to be done stands in the store. */
import { schedule } from 'node-cron';
import { AMSTERDAM } from '../calendars/days.ts';
import { createTick, type Tick, type TickDeps } from './tick.ts';

export interface Schedule {
  /** Says that something changed, so that the jobs need not wait for their minute. */
  ring: () => void;
  /** When a round of work last ended or got further, or null: for health checks. */
  lastSeenAt: () => Date | null;
  /** Until when nothing is sent, because the clock jumped; or null. */
  pausedUntil: () => Date | null;
  /** Why the database takes no changes, as the last round found, in a sentence; or null: for health checks. */
  writeTrouble: () => string | null;
  /** When the database last took a change of this process, or null. */
  lastWriteAt: () => Date | null;
  /** How many mails went which way since the process started. */
  outcomes: Tick['outcomes'];
  /** Stops what recurs and waits for what runs; a mail that hangs is broken off after `graceMs`. */
  stop: (graceMs?: number) => Promise<void>;
}

/** How often a long round says that this process still sends. */
const RENEW_MS = 30_000;
/** How often to look whether there is work, by a clock that does not jump. */
const POLL_MS = 15_000;
/** When timelines are made: it brings a round at the very minute, and what is due in it is up to the store. */
const DAILY = '30 4 * * *';

/** Starts everything that recurs, and does the first round at once. Nothing is set between 00:00 and 04:00, when clocks change. */
export function startSchedule(deps: TickDeps): Schedule {
  const tick = createTick(deps);
  const daily = schedule(DAILY, tick.ring, { timezone: AMSTERDAM, suppressMissedWarning: true });
  const poll = () => {
    // After a jump of the clock cron goes through every day in between, or is silent for as long as it was set back: set anew, it never has to.
    void daily.stop();
    void daily.start();
    tick.poll();
  };
  const renewing = setInterval(() => void tick.renew(), RENEW_MS);
  const polling = setInterval(poll, POLL_MS);
  tick.ring();
  return {
    ring: tick.ring,
    lastSeenAt: tick.lastSeenAt,
    pausedUntil: tick.pausedUntil,
    writeTrouble: tick.writeTrouble,
    lastWriteAt: tick.lastWriteAt,
    outcomes: tick.outcomes,
    async stop(graceMs) {
      await daily.destroy();
      clearInterval(renewing);
      clearInterval(polling);
      await tick.stop(graceMs);
    },
  };
}
