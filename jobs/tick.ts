/** Rounds of work, asked for and one at a time. They never overlap; a ring during one brings another. */
import { setTimeout } from 'node:timers/promises';
import { openWithdrawalsList } from './backups/withdrawals-list.ts';
import { watchErasures } from './removing/erasing.ts';
import { watchForgetting } from './removing/forgetting.ts';
import { attempt, runRound, type Work } from './round.ts';
import { watchClock } from './sending/clock-watch.ts';
import { openHoldNotice } from './sending/hold-notice.ts';
import { openSendersPlace } from './sending/senders-place.ts';
import { watchRetention } from './removing/retention.ts';
import { watchWrites } from './write-watch.ts';

export interface TickDeps extends Pick<Work, 'store' | 'mailer' | 'feeds' | 'keyUses' | 'settings' | 'clock' | 'log' | 'ping'> {
  /** Left out: no backups are made. */
  backups?: Work['backups'];
  /** Milliseconds that never go back and never jump. */
  monotonic?: () => number;
  /** How long messages are kept. */
  retentionMonths?: number;
}

export interface Tick {
  /** Asks for a round soon. */
  ring: () => void;
  /** Asks for a round unless one is at work. */
  poll: () => void;
  /** Resolves when a round that begins from now on has ended. */
  run: () => Promise<void>;
  /** When a round last ended or got further, or null. */
  lastSeenAt: () => Date | null;
  /** Until when nothing is sent, because the clock jumped; or null. */
  pausedUntil: () => Date | null;
  /** Why the database takes no changes, as the last round found, in a sentence; or null. */
  writeTrouble: () => string | null;
  /** When the database last took a change of this process, or null. */
  lastWriteAt: () => Date | null;
  /** How many mails went which way since the process started. */
  outcomes: () => Readonly<Work['outcomes']>;
  /** Says that this process still sends, however long a round takes. */
  renew: () => Promise<void>;
  /** Lets the round at hand end, or breaks it off after `graceMs`; there are no others after it. */
  stop: (graceMs?: number) => Promise<void>;
}

const NONE: Work['outcomes']['organisation'] = { sent: 0, refused: 0, broken: 0, uncertain: 0, recalled: 0, lost: 0, faulty: 0 };

/** A round that got no further for this long is given up: whatever hangs in it must not hold up the next. */
const STUCK_MS = 16 * 60_000;

export function createTick(deps: TickDeps): Tick {
  const { clock, log, monotonic = () => performance.now() } = deps;
  const requests = { more: false, stop: false };
  let breakOff = new AbortController();
  let seenAt: Date | null = null;
  let furtherAt = monotonic();
  let running: Promise<void> | undefined;
  const getFurther = () => {
    seenAt = clock();
    furtherAt = monotonic();
  };
  const work = openWork(deps, monotonic, {
    isStopping: () => requests.stop,
    isWanted: () => requests.more || requests.stop,
    getFurther,
  });
  const rounds = async (signal: AbortSignal) => {
    furtherAt = monotonic();
    while (requests.more && !requests.stop && !signal.aborted) {
      requests.more = false;
      await runRound(work, signal);
      getFurther();
    }
  };
  const run = () => {
    requests.more = true;
    if (running) return running;
    const current = rounds(breakOff.signal).finally(() => {
      if (running === current) running = undefined;
    });
    return (running = current);
  };
  return {
    ring: () => void run(),
    poll() {
      if (running && monotonic() - furtherAt > STUCK_MS) {
        log.error({}, 'a round of work hangs and is given up');
        breakOff.abort();
        breakOff = new AbortController();
        running = undefined;
      }
      if (running) void work.writes.check();
      else void run();
    },
    run,
    lastSeenAt: () => seenAt,
    pausedUntil: work.jumps.pausedUntil,
    writeTrouble: work.writes.trouble,
    lastWriteAt: work.writes.lastAt,
    outcomes: () => work.outcomes,
    async renew() {
      if (!requests.stop) await attempt(work, 'renewing', work.place.renew);
    },
    async stop(graceMs = 5000) {
      requests.stop = true;
      await endWork(work, { running, graceMs, breakOff });
    },
  };
}

function openWork(deps: TickDeps, monotonic: () => number, hooks: Pick<Work, 'isStopping' | 'isWanted' | 'getFurther'>): Work {
  const { clock, log, mailer, retentionMonths: months, settings, store } = deps;
  return {
    ...deps,
    ...hooks,
    backups: deps.backups ?? null,
    list: deps.backups ? openWithdrawalsList(deps.backups.folder, deps.settings.secret) : null,
    place: openSendersPlace(store, clock),
    jumps: watchClock(clock, monotonic, log),
    holds: openHoldNotice(monotonic, log),
    writes: watchWrites(store, { clock, monotonic, log }),
    outcomes: { organisation: { ...NONE }, person: { ...NONE }, operator: { ...NONE } },
    erasures: watchErasures(store, mailer),
    forgetting: watchForgetting(store),
    retention: watchRetention(store, { folder: mailer.folder, months, secret: settings.secret }),
    parked: new Set(),
    underWay: new Set(),
  };
}

/** Waits for what runs, which is broken off after `graceMs`, and gives up the place of who sends. */
async function endWork(
  { log, parked, ping, place, writes }: Work,
  { running, graceMs, breakOff }: { running: Promise<void> | undefined; graceMs: number; breakOff: AbortController },
): Promise<void> {
  const ended = new AbortController();
  const late = setTimeout(graceMs, undefined, { signal: ended.signal }).then(
    () => breakOff.abort(),
    () => {},
  );
  await running;
  await Promise.all([...parked, writes.settled(), ping?.stop()]);
  ended.abort();
  await late;
  // Where it cannot be given up it ends by itself, as that of any process that is gone.
  await attempt({ log }, 'giving up the place', place.leave);
}
