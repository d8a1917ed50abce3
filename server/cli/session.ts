/** What every command works with: the settings, the clock, and reading and changing a store that is brought up to date first. */
import { openChange, type Change } from '../../db/reminders/change.ts';
import type { ReadDb, Store } from '../../db/store/store.ts';
import { openMigrationBackup } from '../../jobs/backups/automatic.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { readConfig, type Config } from '../config.ts';
import { addEnvFile } from '../starting/env-file.ts';
import { naming } from '../starting/fault-line.ts';
import { readSecret, requireSecret } from '../starting/secret.ts';

export interface Session {
  read: ReadDb;
  /** Rings for nobody: the jobs are in another process, and look by themselves. */
  change: Change;
  config: Config;
  now: Date;
  /** The secret, once it is certain that it is the database's. Throws where it is not. */
  secret: () => Promise<string>;
}

/** The clock of commands, for what asks for it more than once. */
export const clock = () => new Date();

/** The settings and the clock alone: for what must not bring the store up to date first, or make it. */
export function readSettings(): Pick<Session, 'config' | 'now'> {
  addEnvFile(process.env);
  return { config: readConfig(process.env), now: clock() };
}

/** Opens the store, does the work, and closes it again. Only what does the work of the jobs needs the store itself. */
export async function inSession<T>(work: (session: Session, store: Store) => Promise<T>): Promise<T> {
  const { config, now } = readSettings();
  // A database is made by the service, and not by a name that was typed wrongly.
  const { backups, databaseUrl, loadsRegistry: loads } = config;
  const source = backups === null ? null : { databaseUrl, folder: backups, secret: readSecret(config.secret) };
  const migration = openMigrationBackup(source, now);
  const { store } = await naming('DATABASE_URL', prepareStore(databaseUrl, now, { loads, make: false, ...migration }));
  try {
    const outcome = await migration.settle(store);
    if (outcome && 'fault' in outcome) console.error(`No backup was made before the migration: ${outcome.fault}`);
    const { read } = store;
    const change = openChange(
      store,
      () => now,
      () => {},
    );
    return await work({ read, change, config, now, secret: () => requireSecret(read, config.secret) }, store);
  } finally {
    await store.close();
  }
}
