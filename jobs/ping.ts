/** Tells something outside that all goes well: who hears nothing for a while knows that it does not, whatever happened here. */
import { textOf } from './transport/smtp-faults.ts';

export interface Ping {
  /** Asks for the address in the background, unless that was done within the last minute. Never throws. */
  send: () => void;
  /** Resolves when nothing is under way. */
  settled: () => Promise<void>;
  /** Breaks off what is under way, and resolves when nothing is. */
  stop: () => Promise<void>;
}

interface PingDeps {
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Milliseconds that never jump. */
  monotonic?: () => number;
  /** How long an answer is waited for. */
  patienceMs?: number;
}

/** Rounds may follow each other at once; who watches from outside counts in minutes. */
const PAUSE_MS = 60_000;
const PATIENCE_MS = 10_000;

/** `url`: what is asked for. Only the first of several failures in a row is logged, and that it works again. */
export function openPing(url: string, { log, monotonic = () => performance.now(), patienceMs = PATIENCE_MS }: PingDeps): Ping {
  const stopping = new AbortController();
  let askedAt = -Infinity;
  let asking: Promise<void> | undefined;
  let isFailing = false;

  const ask = async () => {
    try {
      await fetchOnce(url, AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)]));
      if (isFailing) log.info({}, 'PING_URL is reached again');
      isFailing = false;
    } catch (error) {
      if (stopping.signal.aborted) return;
      // Not the address: it is secret, since whoever knows it can say that all goes well.
      if (!isFailing)
        log.error({ reason: reasonOf(error) }, 'PING_URL is not reached: who watches from outside will take this service for broken');
      isFailing = true;
    } finally {
      asking = undefined;
    }
  };
  return {
    send() {
      if (asking || stopping.signal.aborted || monotonic() - askedAt < PAUSE_MS) return;
      askedAt = monotonic();
      asking = ask();
    },
    settled: async () => asking,
    async stop() {
      stopping.abort();
      await asking;
    },
  };
}

async function fetchOnce(url: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { signal });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
}

/** Of a connection that fails, fetch itself says no more than that. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const { code } = (cause ?? {}) as { code?: string };
  return code ?? textOf(error);
}
