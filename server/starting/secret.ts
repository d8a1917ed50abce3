/** The secret that signs the links in mails: the configured one, or one that is made once and kept in a file for its owner alone. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import { momentName } from '../../db/backup/moment-name.ts';
import { makeFolder } from '../../db/store/folder.ts';
import { adoptSecret, compareSecret, hasSecret } from '../../db/store/secret-digest.ts';
import type { ReadDb, Store } from '../../db/store/store.ts';

const FILE = 'data/secret';
/** 32 random bytes, base64url. */
const OWN_LENGTH = 43;

/** The configured secret or the one in the file; null where there is neither. Throws `invalid` where the file does not hold a whole secret. */
export function readSecret(configured: string | undefined, file = FILE): string | null {
  if (configured !== undefined) return configured;
  const secret = readText(file)?.trim();
  if (secret === undefined) return null;
  const fault = faultIn(secret);
  if (fault === null) return secret;
  throw new AppError(
    'invalid',
    `${file} ${fault}: put it back from a backup; if there is none, remove it and run "npm run cli -- secret accept", which says what that costs`,
  );
}

/** Makes a secret and keeps it in the file. Where one is there already, also of another process at this very moment, it is that one. */
export function makeSecret(file = FILE): string {
  makeFolder(dirname(file));
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  // Under its name there is never less than the whole: a file that was begun and cut off would let anybody sign.
  try {
    writeWhole(draft, randomBytes(32).toString('base64url'));
    giveName(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(file));
  const secret = readSecret(undefined, file);
  if (secret === null) throw new AppError('invalid', `${file} leads nowhere: remove it`);
  return secret;
}

/**
 * Puts a secret in the place of the one in the file, which is kept beside it under a name of its own. Gives that name; null where there was
 * none, or it is the same.
 */
export function replaceSecret(secret: string, now: Date, file = FILE): string | null {
  const before = readText(file);
  if (before?.trim() === secret) return null;
  makeFolder(dirname(file));
  const kept = `${file}.before-${momentName(now)}`;
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  if (before !== undefined) writeWhole(kept, before);
  try {
    writeWhole(draft, secret);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(file));
  return before === undefined ? null : kept;
}

/**
 * The secret of a store that the service starts with: what `readSecret` gave, or a new one where the store has none. Throws `conflict` where the
 * store's links are signed with another one.
 */
export async function settleSecret(store: Store, configured: string | undefined): Promise<string> {
  const present = readSecret(configured);
  if (present === null && (await hasSecret(store.read))) throw missing();
  const secret = present ?? makeSecret();
  if (!(await adoptSecret(store, secret))) throw otherThanStored(configured);
  return secret;
}

/** The same for a command beside the service: it neither makes a secret nor gives the store one. */
export async function requireSecret(read: ReadDb, configured: string | undefined): Promise<string> {
  const secret = readSecret(configured);
  if (secret === null) throw missing();
  if ((await compareSecret(read, secret)) === 'other') throw otherThanStored(configured);
  return secret;
}

/** What the secret is called where it comes from. */
export function nameOfSecret(configured: string | undefined): string {
  return configured === undefined ? FILE : 'SECRET';
}

const ACCEPT = 'or run "npm run cli -- secret accept", which says what that costs';

function missing(): AppError {
  return new AppError(
    'conflict',
    `${FILE} is not there, and SECRET is not given: put back the one that signed this database's links, ${ACCEPT}`,
  );
}

function otherThanStored(configured: string | undefined): AppError {
  const name = nameOfSecret(configured);
  return new AppError('conflict', `${name} is not the secret that signed this database's links: put that one back, ${ACCEPT}`);
}

/** What a power cut, a full disk or an editor leaves: nothing, less than we wrote, or zeros. */
function faultIn(secret: string): string | null {
  const { length } = Array.from(secret);
  if (length === 0) return 'is empty';
  if (/\p{Cc}|\uFFFD/u.test(secret)) return 'holds something that is no text';
  if (length < OWN_LENGTH && /^[\w-]*$/.test(secret)) return `was cut off: it has ${length} of ${OWN_LENGTH} characters`;
  if (length < 32 || length > 512) return `has ${length} characters and must have 32 to 512`;
  return null;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new AppError('invalid', `${file} cannot be read (${code})`, [], { cause: error });
  }
}

function writeWhole(file: string, text: string) {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A link, unlike a move, never takes the place of a file that is there. */
function giveName(draft: string, file: string) {
  try {
    linkSync(draft, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // A file system without links, as on some memory cards.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
    renameSync(draft, file);
  }
}

/** So that the name outlives a power cut too. */
function syncFolder(folder: string) {
  // Windows cannot open a folder, and keeps names by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
