/** Which backups of a folder are kept: the newest of each occasion. What somebody asked for stays, and so does whatever else is there. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../sending/senders-place.ts';
import { MANIFEST, type Manifest, type Occasion } from './manifest.ts';

/** How many are kept. */
const KEPT = { daily: 7, migration: 3 } as const satisfies Partial<Record<Occasion, number>>;
const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z$/;
const UNFINISHED = /^unfinished-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z-(.*)-(\d+)$/;
/** No backup takes so long: what is older was left, by whichever machine. */
const LEFT_MS = 2 * 86_400_000;

/** The name of a backup of a moment before it is whole: it says whose it is. */
export function unfinishedName(name: string): string {
  return `unfinished-${name}-${hostname()}-${process.pid}`;
}

/** Removes the oldest backups of an occasion beyond those that are kept, and what processes that ended left unfinished. Gives what was removed. */
export function clearBackups(folder: string, occasion: keyof typeof KEPT, now: Date): string[] {
  const names = readdirSync(folder);
  const made = names.filter((name) => NAME.test(name) && occasionOf(join(folder, name)) === occasion).sort();
  const old = made.slice(0, Math.max(0, made.length - KEPT[occasion]));
  for (const name of old) {
    // What is half removed is not called a backup any more.
    const leaving = join(folder, unfinishedName(name));
    renameSync(join(folder, name), leaving);
    rmSync(leaving, { recursive: true, force: true });
  }
  const left = names.filter((name) => isLeft(join(folder, name), UNFINISHED.exec(name), now));
  for (const name of left) rmSync(join(folder, name), { recursive: true, force: true });
  return [...old, ...left];
}

/** The newest backup in a folder, whatever it was made for; null where there is none. Names say the moment. */
export function newestBackup(folder: string): { folder: string; madeAt: Date } | null {
  const isBackup = (name: string) => NAME.test(name) && existsSync(join(folder, name, MANIFEST));
  const name = readdirSync(folder).filter(isBackup).sort().at(-1);
  return name === undefined ? null : { folder: join(folder, name), madeAt: momentOf(name) };
}

const momentOf = (name: string) => new Date(name.replace(/-(\d{2})-(\d{2})Z$/, ':$1:$2Z'));

/** For what the backup in a folder was made; null where it is none of ours. */
function occasionOf(folder: string): Occasion | null {
  try {
    return (JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Partial<Manifest>).occasion ?? null;
  } catch {
    return null;
  }
}

function isLeft(path: string, match: RegExpExecArray | null, now: Date): boolean {
  if (!match) return false;
  const [, host, pid] = match;
  // This very process has none under way when it looks.
  if (host === hostname() && (Number(pid) === process.pid || !isRunning(Number(pid)))) return true;
  return now.getTime() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now.getTime()) > LEFT_MS;
}
