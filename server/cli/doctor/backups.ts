/** Backups: whether there is a recent one, in the folder where the service makes them. */
import { existsSync } from 'node:fs';
import { newestBackup } from '../../../jobs/backups/upkeep.ts';
import type { Config } from '../../config.ts';
import type { Notes } from './finding.ts';

const HOUR_MS = 3_600_000;
/** One is made each day, and one that is late by an hour or two is no fault. */
const MOST_HOURS = 26;

/** Looks for the newest one, whoever made it. */
export function examineBackups({ ok, warn }: Notes, { backups }: Pick<Config, 'backups'>, now: Date): void {
  if (backups === null) {
    warn('BACKUPS is none: no backup is made by itself', 'name a folder, or see that something else makes one every day');
    return;
  }
  const newest = existsSync(backups) ? newestBackup(backups) : null;
  const todo = 'look in the log for why, or make one: npm run cli -- backup FOLDER';
  if (newest === null) {
    warn(`there is no backup in ${backups} yet`, `let the service run, which makes one each day; or ${todo}`);
    return;
  }
  const hours = Math.floor((now.getTime() - newest.madeAt.getTime()) / HOUR_MS);
  const says = `the newest backup is ${newest.folder}, ${hours} hours old`;
  if (hours > MOST_HOURS) warn(says, todo);
  else ok(says);
}
