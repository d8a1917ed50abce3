/** SQLite's checkpoints, made in a thread of their own: the event loop does not wait until the log is in the database and that on the disk. */
import { Worker } from 'node:worker_threads';

/** The connection that writes. */
interface Connection {
  readonly name: string;
  pragma(source: string): unknown;
  prepare(source: string): { get(): unknown };
}

export interface Checkpoints {
  /**
   * Called between two writes. Where the log has grown it resolves once a checkpoint was tried: a commit beside it would wait for the same disk,
   * and only while nobody writes can it take in the whole log, which then begins anew instead of growing.
   */
  make(): Promise<void>;
  /** The same, whatever its length, and the log is empty afterwards: nothing stays in it of what was deleted. Not while another process reads. */
  empty(): Promise<void>;
  /** Ends the thread, so that the writer's connection is the last one, which clears the log away. */
  close(): Promise<void>;
}

/** How many pages of the log wait for the database before a checkpoint: what one part of the log's index holds. */
const PAGES = 4000;
/** With so many the connection makes one itself: the thread failed for long, or one commit alone was as large. */
const MOST_PAGES = 16_000;
/** What SQLite itself lets wait, where there is no thread: the more it is, the longer all wait for it. */
const PAGES_ALONE = 1000;
/** Of the thread, in MiB: it needs 5 of them. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };

/** Takes the checkpoints over from a connection. The thread is started when it is first needed; without one the connection makes them again. */
export function takeCheckpoints(writer: Connection): Checkpoints {
  // NOOP moves nothing: it only tells how long the log is, in a microsecond.
  const log = writer.prepare('pragma wal_checkpoint(noop)');
  writer.pragma(`wal_autocheckpoint = ${MOST_PAGES}`);
  let thread: Worker | undefined;
  let isLost = false;
  const lose = () => {
    isLost = true;
    writer.pragma(`wal_autocheckpoint = ${PAGES_ALONE}`);
  };
  const threadOrNone = () => {
    try {
      return isLost ? undefined : (thread ??= startThread(writer.name, lose));
    } catch {
      lose();
      return undefined;
    }
  };
  return {
    async make() {
      if (isLost || pagesIn(log.get()) < PAGES) return;
      const own = threadOrNone();
      if (own) await ask(own, 'checkpoint');
    },
    async empty() {
      const own = threadOrNone();
      if (own) await ask(own, 'empty');
      else writer.pragma('wal_checkpoint(truncate)');
    },
    async close() {
      if (thread && !isLost) await ask(thread, 'end');
    },
  };
}

/** How many pages of the log are not in the database yet. */
function pagesIn(answer: unknown): number {
  // What NOOP answers, by SQLite's documentation of the pragma.
  const { log, checkpointed } = answer as { log: number; checkpointed: number };
  return log - checkpointed;
}

function startThread(file: string, lose: () => void): Worker {
  const thread = new Worker(new URL('./checkpoint-thread.js', import.meta.url), { workerData: file, resourceLimits: LIMITS, execArgv: [] });
  // It is told by 'exit', too, which follows; unheard, an error of the thread would be one of the process.
  thread.on('error', () => {});
  thread.once('exit', lose);
  return thread;
}

/** Resolves when the thread has answered or ended. Only meanwhile it keeps the process from ending. */
function ask(thread: Worker, wish: 'checkpoint' | 'empty' | 'end'): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      thread.off('message', done).off('exit', done).unref();
      resolve();
    };
    thread.on('message', done).on('exit', done).ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is about windows
    thread.postMessage(wish);
  });
}
