/** What every start does before anything is served: migrate, load the registry's files where it has any, make the projected timelines. What it did before and would do again, it leaves. */
import { fileURLToPath } from 'node:url';
import { amsterdamYear } from '../calendars/days.ts';
import { openStore, type ReadDb, type Store } from '../db/store/store.ts';
import { noteTakenAway } from '../db/reminders/taken-away.ts';
import { projectTimelines } from '../db/registry/timelines.ts';
import { readCounters } from '../db/store/counters.ts';
import { readSetting, saveSetting } from '../db/store/settings.ts';
import { digestOfFiles } from './file-digest.ts';
import { loadRegistry, type LoadReport } from './loader.ts';

/** The folder of the registry's own files. */
export const REGISTRY = fileURLToPath(new URL('./registry/', import.meta.url));

/** What makes of the files what stands in the store: the loader, the rules, and all that writes, with its migrations. */
const PROGRAM = ['.', '../calendars', '../db', '../package.json'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

const DONE = 'registry_done';
/** When a release that knows kinds first opened the database: what the files say anew since one that did not is no news. */
const FIRST_WITH_KINDS = 'first_with_kinds';

interface Options {
  /** Whether the registry's own files are loaded; else what stands in the store is all there is. */
  loads?: boolean;
  /** Whether an empty database may be made ours; else it must be already. */
  make?: boolean;
  /** Called before a database that holds something is migrated, and waited for. */
  beforeMigration?: () => Promise<void>;
  /** Where the registry and the program are read from, for tests. */
  registry?: string;
  program?: readonly string[];
}

/**
 * Opens the store and brings it up to date. Throws when the database cannot be reached or is not for this release, or the registry has a fault; the
 * store is closed then. The report counts nothing where nothing was to be done.
 */
export async function prepareStore(
  url: string,
  now: Date,
  { loads = true, make = true, beforeMigration, registry = REGISTRY, program = PROGRAM }: Options = {},
): Promise<{ store: Store; report: LoadReport }> {
  const digest = `${loads ? '' : 'empty '}${digestOfFiles([...new Set([registry, ...program])])}`;
  const store = await openStore(url, { make, beforeMigration });
  try {
    const year = amsterdamYear(now);
    if ((await readSetting(store.read, DONE)) === (await markOf(store.read, year, digest))) return { store, report: NOTHING };
    return { store, report: await bringUpToDate(store, loads ? registry : null, { year, digest }, now) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const NOTHING: LoadReport = { insurers: 0, deadlines: 0, revisions: 0, retyped: 0, conflicts: [], unproven: [] };

async function bringUpToDate(
  store: Store,
  folder: string | null,
  { year, digest }: { year: number; digest: string },
  now: Date,
): Promise<LoadReport> {
  const isSilent = (await readSetting(store.read, FIRST_WITH_KINDS)) === undefined;
  const report = folder === null ? NOTHING : await loadFiles(store, folder, now, isSilent);
  await store.writeAlone(async (tx) => {
    await projectTimelines(tx, year, now);
    if (isSilent) {
      // What waits was planned by the rules of before.
      await noteTakenAway(tx, now);
      await saveSetting(tx, FIRST_WITH_KINDS, now.toISOString());
    }
    // What was kept is told at every start.
    if (report.conflicts.length + report.unproven.length === 0) await saveSetting(tx, DONE, await markOf(tx, year, digest));
  });
  return report;
}

async function loadFiles(store: Store, folder: string, now: Date, isSilent: boolean): Promise<LoadReport> {
  // Loaded when it is needed: most starts find nothing to read.
  const { readRegistry } = await import('./reader.ts');
  return loadRegistry(store, await readRegistry(folder), now, isSilent);
}

/** All that the outcome rests on: the files, the year of the timelines, and the registry as it stands, which editors change too. */
async function markOf(db: ReadDb, year: number, digest: string): Promise<string> {
  const { registry } = await readCounters(db);
  return `${year} ${registry} ${digest}`;
}
