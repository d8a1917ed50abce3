/** `restore`: a backup in the place of a database that is broken, lost, or wrong. */
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../calendars/errors.ts';
import { readBackup, restoreBackup } from '../../../jobs/backups/restore.ts';
import { nameOfSecret, replaceSecret } from '../../starting/secret.ts';
import { printOne, type OutputOptions } from '../output.ts';
import { readSettings } from '../session.ts';

export function restoreCommand(program: Command): void {
  program
    .command('restore')
    .description(
      'put a backup in the place of the database, which is kept under another name, and hold all mail; not while the service runs',
    )
    .argument('<backup>', 'the folder that "backup" made, called after its moment')
    .option('--json')
    .action(restore);
}

async function restore(folder: string, { json = false }: OutputOptions) {
  // Whatever is made from here on is for its owner alone.
  process.umask(0o077);
  const { config, now } = readSettings();
  const backup = await readBackup(folder);
  const { secret } = backup;
  if (config.secret !== undefined && config.secret !== secret)
    throw new AppError('conflict', `SECRET is not the secret of this backup: put there what is in ${folder}/secret, or leave SECRET out.`);
  const lists = [dirname(resolve(folder)), ...(config.backups === null ? [] : [config.backups])];
  const { applied, hold, kept } = await restoreBackup(backup, { databaseUrl: config.databaseUrl, lists }, now);
  const keptSecret = config.secret === undefined ? replaceSecret(secret, now) : null;
  const { database, madeAt, version } = backup.manifest;
  const rows = Object.values(database.rows).reduce((sum, count) => sum + count, 0);
  printOne(
    {
      restored: madeAt,
      'made by': version,
      rows,
      'replaced database': kept,
      secret: nameOfSecret(config.secret),
      'replaced secret': keptSecret,
      'withdrawn since': Object.entries(applied)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(', '),
      'not known': hold.doubt,
      mail: `held since ${hold.since.toISOString()}: look with "hold list", end with "hold off"`,
    },
    { json },
  );
}
