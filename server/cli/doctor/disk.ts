/** The folders that the service writes to: whether it can, and how much room there is. */
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { folderOf } from '../../../jobs/transport/mailer.ts';
import type { Config } from '../../config.ts';
import type { Notes } from './finding.ts';

const MIB = 1024 * 1024;
/** Less is gone in a day of mails and their log; a little more wants a look soon. */
const LEAST_FREE = 100 * MIB;
const USUAL_FREE = 1024 * MIB;

/** Looks at each folder: that of the secret, of an SQLite database, of mails that are files and of backups. */
export function examineDisk({ fault, ok, warn }: Notes, { backups, databaseUrl, mailUrl, secret }: Config): void {
  const folders = [
    ...(secret === undefined ? ['data'] : []),
    ...(databaseUrl.startsWith('file:') ? [dirname(databaseUrl.replace(/^file:(\/\/)?/, ''))] : []),
    ...(mailUrl.startsWith('file:') ? [folderOf(mailUrl)] : []),
    ...(backups === null ? [] : [backups]),
  ];
  for (const folder of new Set(folders.map((one) => resolve(one)))) {
    const place = nearest(folder);
    const refusal = writeAndRemove(place);
    const free = freeIn(place);
    const room = `${Math.floor(free / MIB)} MiB free`;
    const name = place === folder ? folder : `${folder}, to be made in ${place}`;
    if (refusal !== null) fault(`${name}: nothing can be written (${refusal})`, 'let the user of the service write there, or make room');
    else if (free < LEAST_FREE) fault(`${name}: ${room}`, 'make room: a database that cannot grow stops all mail');
    else if (free < USUAL_FREE) warn(`${name}: ${room}`, 'make room soon');
    else ok(`${name}: can be written, ${room}`);
  }
}

/** The folder, or the one that it would be made in. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function writeAndRemove(folder: string): string | null {
  const file = join(folder, `doctor-${process.pid}.part`);
  try {
    writeFileSync(file, 'trial', { mode: 0o600, flag: 'wx', flush: true });
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    rmSync(file, { force: true });
  }
}

/** In bytes, for who is no administrator. */
function freeIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
