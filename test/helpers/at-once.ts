/** Two changes at one moment. */
import { setImmediate } from 'node:timers/promises';
import type { Store, WriteDb } from '../../db/store/store.ts';
import { countWaiting } from './stores.ts';

/** Begins a second change at a pause of the first; on PostgreSQL it waits for the first to end, or would be through by then. */
export async function atOnce(
  store: Store,
  first: (tx: WriteDb, pause: () => Promise<void>) => Promise<unknown>,
  second: (tx: WriteDb) => Promise<unknown>,
): Promise<void> {
  await meanwhile(store, first, () => store.write(second));
}

/** The same, where the second comes by another way than a write of its own; gives what that one came to. */
export async function meanwhile<T>(
  store: Store,
  first: (tx: WriteDb, pause: () => Promise<void>) => Promise<unknown>,
  second: () => Promise<T>,
): Promise<T> {
  const [paused, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pause = () => {
    paused.resolve();
    return mayGoOn.promise;
  };
  const one = store.write((tx) => first(tx, pause));
  await paused.promise;
  const progress = { isOver: false };
  const outcomes = Promise.all([second().finally(() => (progress.isOver = true)), one]);
  while (store.dialect === 'pg' && !progress.isOver && (await countWaiting(store.read)) === 0) await setImmediate();
  mayGoOn.resolve();
  return (await outcomes)[0];
}
