/** Work that is done to see what comes of it, and of which nothing is kept. */
import type { Store, WriteDb } from '../store.ts';

/**
 * Does work in one write transaction that is always rolled back, also where the work throws, and gives what it found. `inside` reads and writes as the
 * store does, within that transaction. Other writes wait meanwhile.
 */
export async function undone<T>(store: Store, work: (inside: Store, tx: WriteDb) => Promise<T>): Promise<T> {
  const rollback = new Error('nothing of it is kept');
  const found: T[] = [];
  try {
    await store.write(async (tx) => {
      const write: Store['write'] = (work) => work(tx);
      found.push(await work({ ...store, read: tx, write, writeAlone: write }, tx));
      throw rollback;
    });
  } catch (error) {
    if (error !== rollback) throw error;
  }
  return found[0]!;
}
