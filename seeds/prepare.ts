/** What every start does before anything is served: migrate, load the registry, make the projected timelines. */
import { fileURLToPath } from 'node:url';
import { amsterdamYear } from '../calendars/days.ts';
import { openStore, type Store } from '../db/store.ts';
import { projectTimelines } from '../db/timelines.ts';
import { loadRegistry, type LoadReport } from './loader.ts';
import { readRegistry } from './reader.ts';

/** The folder of the registry's own files. */
export const REGISTRY = fileURLToPath(new URL('.', import.meta.url));

/** Opens the store and brings it up to date. Throws when the database cannot be reached or the registry has a fault; the store is closed then. */
export async function prepareStore(url: string, now: Date): Promise<{ store: Store; report: LoadReport }> {
  const registry = await readRegistry(REGISTRY);
  const store = await openStore(url);
  try {
    const report = await loadRegistry(store, registry, now);
    await store.writeAlone((tx) => projectTimelines(tx, amsterdamYear(now), now));
    return { store, report };
  } catch (error) {
    await store.close();
    throw error;
  }
}
