/** Writes what happens to mails that are on their way: what several lanes have to write at the same moment goes in one commit. */
import { markLeaving, markSent, type Claim } from '../../db/sending/attempts.ts';
import { isDeadlock, type Store, type WriteDb } from '../../db/store/store.ts';

/** How long one lane waits at most for the others, to share a commit with them. A crash within it may cost a second copy, so it is tiny. */
const TOGETHER_MS = 1;

/** Resolves when it is committed; rejects when it could not be. */
export interface Ledger {
  /** That the body is about to leave. False when the claim is gone. */
  leaving(claim: Claim, at: Date): Promise<boolean>;
  /** That the server took the mail. False when the claim is gone. */
  sent(claim: Claim, response: string, at: Date): Promise<boolean>;
}

interface Entry {
  write: (tx: WriteDb) => Promise<boolean>;
  done: (written: boolean) => void;
  fail: (error: unknown) => void;
}

/** `lanes`: how many mails are on their way at once. */
export function openLedger(store: Store, lanes: number): Ledger {
  let waiting: Entry[] = [];
  let late: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const writeAll = async () => {
    clearTimeout(late);
    const entries = waiting;
    waiting = [];
    if (entries.length === 0) return;
    try {
      const written: boolean[] = [];
      await store.write(async (tx) => {
        written.length = 0;
        for (const { write } of entries) written.push(await write(tx));
      });
      for (const [n, { done }] of entries.entries()) done(written[n]!);
    } catch (error) {
      // Together they may be in the way of another process, as no single one is.
      if (entries.length > 1 && isDeadlock(error)) for (const entry of entries) await writeAlone(entry);
      else for (const { fail } of entries) fail(error);
    }
  };
  const writeAlone = async ({ write, done, fail }: Entry) => {
    try {
      done(await store.write(write));
    } catch (error) {
      fail(error);
    }
  };
  const flush = () => void (writing = writing.then(writeAll));
  const enter = (write: Entry['write']) =>
    new Promise<boolean>((done, fail) => {
      waiting.push({ write, done, fail });
      if (waiting.length === lanes) setImmediate(flush);
      else if (waiting.length === 1) late = setTimeout(flush, TOGETHER_MS);
    });
  return {
    leaving: (claim, at) => enter((tx) => markLeaving(tx, claim, at)),
    sent: (claim, response, at) => enter((tx) => markSent(tx, claim, response, at)),
  };
}
