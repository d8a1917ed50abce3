/** One round of the work that keeps the service true to its store. Rounds never overlap; a ring during one brings another. */
import { setTimeout } from 'node:timers/promises';
import type { FeedCache } from '../db/feeds/cache.ts';
import type { Store } from '../db/store/store.ts';
import { watchClock } from './sending/clock-watch.ts';
import type { Mailer } from './transport/handover.ts';
import type { MailSettings } from './mails/compose.ts';
import { planNow } from './plan.ts';
import { projectWhenDue } from './project.ts';
import { publishFeeds } from './publish.ts';
import { sendDue, type SendResult } from './sending/send.ts';
import { openSendersPlace } from './sending/senders-place.ts';
import { auditNow, tellOperator } from './watch.ts';
import { watchWrites } from './write-watch.ts';

/** Where jobs say what they did; pino's own shape. */
interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface TickDeps {
  store: Store;
  mailer: Mailer;
  feeds: FeedCache;
  settings: MailSettings;
  clock: () => Date;
  /** Milliseconds that never go back and never jump. */
  monotonic?: () => number;
  log: Log;
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
  /** Says that this process still sends, however long a round takes. */
  renew: () => Promise<void>;
  /** Lets the round at hand end, or breaks it off after `graceMs`; there are no others after it. */
  stop: (graceMs?: number) => Promise<void>;
}

/** A round that got no further for this long is given up: whatever hangs in it must not hold up the next. */
const STUCK_MS = 16 * 60_000;

/** Projects, plans, publishes and sends, in this order: a slow mail server holds up nothing else. What fails is logged, and tried again in the next round. */
export function createTick(deps: TickDeps): Tick {
  const { clock, feeds, log, mailer, settings, store, monotonic = () => performance.now() } = deps;
  const place = openSendersPlace(store, clock);
  const jumps = watchClock(clock, monotonic, log);
  const writes = watchWrites(store, { clock, monotonic, log });
  const parked = new Set<Promise<unknown>>();
  const underWay = new Set<string>();
  const asked = { more: false, stop: false };
  let breakOff = new AbortController();
  let seenAt: Date | null = null;
  let furtherAt = monotonic();
  let running: Promise<void> | undefined;

  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      if (!asked.stop) await work();
    } catch (error) {
      log.error({ err: error }, `${what} failed`);
    }
  };
  const getFurther = () => {
    seenAt = clock();
    furtherAt = monotonic();
  };
  const report = ({ kind, ...rest }: SendResult) => {
    getFurther();
    if (kind === 'sent') log.info(rest, 'mail sent');
    else if (kind === 'recalled') log.info({ id: rest.id }, 'mail recalled before it left');
    else log.error({ ...rest, err: rest.error }, `mail ${kind}`);
  };
  const isWanted = () => asked.more || asked.stop;
  const round = async (signal: AbortSignal) => {
    const isPaused = jumps.check();
    await writes.check();
    // A day that may not be today would cancel what passes before it, and end what is shown until then.
    if (isPaused) return;
    await attempt('projecting', async () => {
      const added = await projectWhenDue(store, clock());
      if (added !== null) log.info({ added }, 'projected timelines');
    });
    await attempt('planning', async () => {
      const planned = await planNow({ store }, clock());
      if (planned.planned + planned.cancelled > 0) log.info({ ...planned }, 'planned reminders');
      if (planned.missed)
        log.error({ missed: planned.missed }, 'reminders came too late: their deadlines passed while nothing was planned');
    });
    await attempt('publishing', async () => {
      await publishFeeds({ store, feeds }, clock());
    });
    await attempt('writing down fetches', async () => {
      await feeds.recordFetches(clock());
    });
    await attempt('summing up', async () => {
      const { operator } = settings;
      if (operator !== undefined && (await tellOperator({ store }, operator, clock()))) log.info({}, 'operator told');
    });
    await attempt('sending', async () => {
      const other = await place.take(underWay);
      if (other) return log.error({ host: other.host, pid: other.pid }, 'another process sends the mails of this database');
      await sendDue({ store, mailer, settings, clock, parked, underWay, signal, isWanted, report, holder: place.holder }, clock());
    });
    await attempt('auditing', async () => {
      const audit = await auditNow({ store }, clock());
      if (audit && audit.missing.length + audit.stranded > 0) log.error({ ...audit }, 'reminders are missing');
    });
  };
  const rounds = async (signal: AbortSignal) => {
    while (asked.more && !asked.stop && !signal.aborted) {
      asked.more = false;
      await round(signal);
      getFurther();
    }
  };
  const start = () => {
    const { signal } = breakOff;
    furtherAt = monotonic();
    const current = rounds(signal).finally(() => {
      if (running === current) running = undefined;
    });
    return current;
  };
  const run = () => {
    asked.more = true;
    running ??= start();
    return running;
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
      if (running) void writes.check();
      else void run();
    },
    run,
    lastSeenAt: () => seenAt,
    pausedUntil: jumps.pausedUntil,
    writeTrouble: writes.trouble,
    renew: () => attempt('renewing', place.renew),
    async stop(graceMs = 5000) {
      asked.stop = true;
      const ended = new AbortController();
      const late = setTimeout(graceMs, undefined, { signal: ended.signal }).then(
        () => breakOff.abort(),
        () => {},
      );
      await running;
      await Promise.all([...parked, writes.settled()]);
      ended.abort();
      await late;
      try {
        await place.leave();
      } catch (error) {
        // It ends by itself, as that of any process that is gone.
        log.error({ err: error }, 'giving up the place failed');
      }
    },
  };
}
