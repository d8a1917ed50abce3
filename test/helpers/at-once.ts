/** Two changes at one moment. */
import { setImmediate } from 'node:timers/promises';
import type { Store, WriteDb } from '../../db/store/store.ts';
import { countWaiting } from './stores.ts';

/** Begins a second change at a pause of the first; on PostgreSQL it waits for the first to end, or would be through by then. */
export async function atOnce(
  store: Store,
  first: (tx: WriteDb, pause: () => Promise<void>) => Promise<unknown>,
  second: (tx: WriteDb) => Promise<unknown>,
) {
  const [paused, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pause = () => {
    paused.resolve();
    return mayGoOn.promise;
  };
  const one = store.write((tx) => first(tx, pause));
  await paused.promise;
  const progress = { isOver: false };
  const outcomes = Promise.all([one, store.write(second).finally(() => (progress.isOver = true))]);
  while (store.dialect === 'pg' && !progress.isOver && (await countWaiting(store.read)) === 0) await setImmediate();
  mayGoOn.resolve();
  await outcomes;
}
