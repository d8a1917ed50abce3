/** One round of the work that keeps the service true to its store. Rounds never overlap; a ring during one brings another. */
import { setTimeout } from 'node:timers/promises';
import type { FeedBook } from '../db/feed-book.ts';
import type { Store } from '../db/store.ts';
import type { Mailer } from './mailer.ts';
import type { MailSettings } from './mails/compose.ts';
import { planNow } from './plan.ts';
import { publishFeeds } from './publish.ts';
import { sendDue } from './send.ts';
import { openSendersPlace } from './senders-place.ts';

/** Where jobs say what they did; pino's own shape. */
interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface TickDeps {
  store: Store;
  mailer: Mailer;
  feeds: FeedBook;
  settings: MailSettings;
  clock: () => Date;
  log: Log;
}

export interface Tick {
  /** Asks for a round soon. */
  ring: () => void;
  /** Resolves when a round that begins from now on has ended. */
  run: () => Promise<void>;
  /** When the last round ended, or null. */
  lastEndedAt: () => Date | null;
  /** Says that this process still sends, however long a round takes. */
  renew: () => Promise<void>;
  /** Lets the round at hand end, or breaks it off after `graceMs`; there are no others after it. */
  stop: (graceMs?: number) => Promise<void>;
}

/** Plans, publishes and sends, in this order: a slow mail server holds up nothing else. What fails is logged, and tried again in the next round. */
export function createTick(deps: TickDeps): Tick {
  const { clock, feeds, log, mailer, settings, store } = deps;
  const place = openSendersPlace(store, clock);
  const breakOff = new AbortController();
  const asked = { more: false, stop: false };
  let endedAt: Date | null = null;
  let running: Promise<void> | undefined;

  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      if (!asked.stop) await work();
    } catch (error) {
      log.error({ err: error }, `${what} failed`);
    }
  };
  const round = async () => {
    await attempt('planning', async () => {
      const planned = await planNow({ store }, clock());
      if (planned.planned + planned.cancelled > 0) log.info({ ...planned }, 'planned reminders');
    });
    await attempt('publishing', async () => {
      await publishFeeds({ store, feeds }, clock());
    });
    await attempt('sending', async () => {
      const other = await place.take();
      if (other) return log.error({ host: other.host, pid: other.pid }, 'another process sends the mails of this database');
      const results = await sendDue(
        { store, mailer, settings, signal: breakOff.signal, isWanted: () => asked.more || asked.stop },
        clock(),
      );
      for (const { kind, ...rest } of results) {
        if (kind === 'sent') log.info(rest, 'mail sent');
        else log.error({ ...rest, err: 'error' in rest ? rest.error : undefined }, `mail ${kind}`);
      }
    });
  };
  const rounds = async () => {
    while (asked.more && !asked.stop) {
      asked.more = false;
      await round();
      endedAt = clock();
    }
    running = undefined;
  };
  const run = () => {
    asked.more = true;
    running ??= rounds();
    return running;
  };
  return {
    ring: () => void run(),
    run,
    lastEndedAt: () => endedAt,
    renew: () => attempt('renewing', place.renew),
    async stop(graceMs = 5000) {
      asked.stop = true;
      const ended = new AbortController();
      const late = setTimeout(graceMs, undefined, { signal: ended.signal }).then(
        () => breakOff.abort(),
        () => {},
      );
      await running;
      ended.abort();
      await late;
      await place.leave();
    },
  };
}
