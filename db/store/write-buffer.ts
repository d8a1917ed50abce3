/** A buffer of notes that a request leaves, written down together now and then: whoever waits for an answer goes first. */
import { setImmediate } from 'node:timers/promises';
import type { Store, WriteDb } from './store.ts';

export interface WriteBuffer<T> {
  /** Keeps the newest note on an id. Costs next to nothing, and never fails; false where there is no room. */
  note(id: string, value: T): boolean;
  /** Writes down what was noted, unless it did so a while ago; with `atOnce` in any case. Says on how many ids. What fails is kept for the next time. */
  flush(store: Store, now: Date, options?: { atOnce?: boolean }): Promise<number>;
}

interface Buffering<T> {
  /** How long it takes from one writing to the next, in milliseconds. */
  everyMs: number;
  write: (tx: WriteDb, notes: readonly [id: string, value: T][]) => Promise<void>;
}

/** So many notes in one transaction. */
const AT_ONCE = 100;
const MOST = 200_000;

/** Opens an empty buffer. */
export function openWriteBuffer<T>({ everyMs, write }: Buffering<T>): WriteBuffer<T> {
  let pending = new Map<string, T>();
  let flushedAt = -Infinity;
  return {
    note(id, value) {
      if (pending.size >= MOST) return false;
      pending.set(id, value);
      return true;
    },
    async flush(store, now, { atOnce = false } = {}) {
      // A clock that was set back must not keep it from writing.
      const since = now.getTime() - flushedAt;
      if (pending.size === 0 || (!atOnce && since >= 0 && since < everyMs)) return 0;
      flushedAt = now.getTime();
      const notes = pending;
      pending = new Map();
      const { size } = notes;
      try {
        while (notes.size > 0) {
          const some = [...notes.entries().take(AT_ONCE)];
          await store.write((tx) => write(tx, some));
          for (const [id] of some) notes.delete(id);
          await setImmediate();
        }
      } catch (error) {
        // What was noted once is not noted again: the next round tries it.
        pending = new Map([...notes, ...pending]);
        flushedAt = -Infinity;
        throw error;
      }
      return size;
    },
  };
}
