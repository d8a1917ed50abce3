/** `backup`: all that must not be lost, in a folder of its own. */
import type { Command } from 'commander';
import { AppError } from '../../../calendars/errors.ts';
import { makeBackup } from '../../../jobs/backups/backup.ts';
import type { Config } from '../../config.ts';
import { readSecret } from '../../starting/secret.ts';
import { printOne, type OutputOptions } from '../output.ts';
import { readSettings } from '../session.ts';

export function backupCommand(program: Command): void {
  program
    .command('backup')
    .description('copy the database and the secret, also while the service runs; PostgreSQL needs pg_dump')
    .argument('<folder>', 'where the backup goes, in a folder that is called after the moment')
    .option('--json')
    .action(backup);
}

async function backup(folder: string, { json = false }: OutputOptions) {
  // Whatever is made from here on, by other programs too, is for its owner alone.
  process.umask(0o077);
  const { config, now } = readSettings();
  const copy = await makeBackup({ databaseUrl: config.databaseUrl, secret: presentSecret(config), folder }, now);
  const { database, files } = copy.manifest;
  const rows = Object.values(database.rows).reduce((sum, count) => sum + count, 0);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  printOne({ folder: copy.folder, database: database.dialect, migration: database.migration, rows, bytes }, { json });
}

/** The secret that the service signs with. One that was made here would be another one. */
function presentSecret({ secret }: Config): string {
  const present = readSecret(secret);
  if (present === null) throw new AppError('not_found', 'There is no secret: neither SECRET nor the file data/secret in this folder.');
  return present;
}
