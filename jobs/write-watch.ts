/** Whether the store takes changes, tried out again and again: where nothing can be written, reading may go on for long and look well. */
import type { Store } from '../db/store/store.ts';
import { unavailableCode } from '../db/store/unavailable.ts';
import { saveSetting } from '../db/store/settings.ts';

export interface WriteWatch {
  /** Commits something tiny that nobody reads. Never throws. What is asked while it is at it is answered with it. */
  check: () => Promise<void>;
  /** Why the store takes no changes, by the last check, in a sentence; null while it does. */
  trouble: () => string | null;
  /** When it last did, or null. */
  lastAt: () => Date | null;
  /** Resolves when no check is at work. */
  settled: () => Promise<void>;
}

const NAME = 'last_write';
/** A commit that takes longer is not waited for: nobody else's is quicker. */
const HANGS_MS = 30_000;

/** `monotonic`: milliseconds that never jump. */
export function watchWrites(
  store: Store,
  { clock, monotonic, log }: { clock: () => Date; monotonic: () => number; log: { error(fields: object, message: string): void } },
): WriteWatch {
  let failing: { since: Date; code: string } | null = null;
  let lastAt: Date | null = null;
  let checking: { begun: Date; steady: number; done: Promise<void> } | null = null;

  const commit = async (now: Date) => {
    try {
      await store.write((tx) => saveSetting(tx, NAME, now.toISOString()));
      failing = null;
      lastAt = clock();
    } catch (error) {
      log.error({ err: error }, 'the database takes no changes');
      failing = { since: failing?.since ?? now, code: unavailableCode(error) ?? 'internal error' };
    }
    checking = null;
  };
  return {
    async check() {
      const begun = clock();
      checking ??= { begun, steady: monotonic(), done: commit(begun) };
      await checking.done;
    },
    trouble() {
      if (failing) return say(failing.since, failing.code);
      return checking && monotonic() - checking.steady > HANGS_MS ? say(checking.begun, 'no answer') : null;
    },
    lastAt: () => lastAt,
    settled: async () => checking?.done,
  };
}

const say = (since: Date, why: string) => `The database takes no changes since ${since.toISOString()}: ${why}.`;
