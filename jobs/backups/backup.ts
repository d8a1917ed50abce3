/** A backup: a folder with the database, the secret, and a manifest that says what is in it. It is whole, or it is not called one. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import { copyDatabase } from '../../db/backup/database-copy.ts';
import { momentName } from '../../db/backup/moment-name.ts';
import { makeFolder } from '../../db/store/folder.ts';
import { describeFile, MANIFEST, type Manifest, type Occasion } from './manifest.ts';
import { unfinishedName } from './upkeep.ts';

interface BackupWish {
  databaseUrl: string;
  secret: string;
  /** The folder of all backups. */
  folder: string;
  occasion?: Occasion;
}

/**
 * Makes a backup in a folder of its own, called after the moment, so that the same command can be given every day. Throws, and leaves nothing,
 * when there is nothing to back up or what was written cannot be read back.
 */
export async function makeBackup(
  { databaseUrl, secret, folder: parent, occasion = 'asked' }: BackupWish,
  now: Date,
): Promise<{ folder: string; manifest: Manifest }> {
  const name = momentName(now);
  const folder = join(parent, name);
  if (existsSync(folder)) throw new AppError('conflict', `There is a backup ${folder} already.`);
  const isFirst = !existsSync(parent);
  const unfinished = join(parent, unfinishedName(name));
  try {
    makeFolder(parent);
    mkdirSync(unfinished, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError('invalid', `${parent} takes no backup (${code}): give a folder that can be written`, [], { cause: error });
  }
  try {
    const database = await copyDatabase(databaseUrl, unfinished, secret);
    write(unfinished, 'secret', secret);
    if (readFileSync(join(unfinished, 'secret'), 'utf8') !== secret) throw new Error('The secret cannot be read back.');
    const files = await describeFiles(unfinished);
    const manifest: Manifest = { madeAt: now.toISOString(), version: versionOf(), occasion, database, files };
    write(unfinished, MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
    for (const file of readdirSync(unfinished)) syncToDisk(join(unfinished, file));
    syncToDisk(unfinished);
    renameSync(unfinished, folder);
    syncToDisk(parent);
    return { folder, manifest };
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (isFirst && readdirSync(parent).length === 0) rmdirSync(parent);
    throw error;
  }
}

function write(folder: string, name: string, text: string) {
  writeFileSync(join(folder, name), text, { mode: 0o600, flag: 'wx' });
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}

async function describeFiles(folder: string): Promise<Manifest['files']> {
  const files: Manifest['files'] = [];
  for (const name of readdirSync(folder).sort()) files.push(await describeFile(folder, name));
  return files;
}

/** On the disk before it is called a backup: a folder's name may be there before what is in its files. */
function syncToDisk(path: string) {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
