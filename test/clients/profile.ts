/** A Thunderbird without a screen that subscribes to one calendar, and what it keeps of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { byUid, type Row } from './rows.ts';

export const THUNDERBIRD = '/usr/bin/thunderbird';
const CALENDAR = 'd2a6a556-e8d1-4613-a4a3-2b43ca193592';

/** A day as Thunderbird keeps it: `floating` is the same day in every zone. */
export type KeptRow = Row & { zone: string };

export interface Thunderbird {
  /** What it shows now, by UID. */
  rows: () => KeptRow[];
  quit: () => Promise<void>;
}

/** Starts Thunderbird in New York with a new profile in the folder. It polls every six seconds and can reach nothing but this machine. */
export function startThunderbird(folder: string, url: string): Thunderbird {
  const profile = join(folder, 'profile');
  mkdirSync(profile);
  writeFileSync(join(profile, 'user.js'), preferences(url));
  const args = ['--headless', '--no-remote', '--profile', profile];
  const env = { PATH: '/usr/bin:/bin', HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'America/New_York' };
  // A process group of its own: Thunderbird is started by a script and starts others itself.
  const child = spawn(THUNDERBIRD, args, { cwd: folder, env, stdio: 'ignore', detached: true });
  return {
    rows: () => readRows(folder, join(profile, 'calendar-data/cache.sqlite')),
    async quit() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      process.kill(-child.pid!, 'SIGKILL');
      await gone;
    },
  };
}

function preferences(url: string): string {
  const calendar = `calendar.registry.${CALENDAR}`;
  const wanted = {
    [`${calendar}.name`]: 'Inkoop',
    [`${calendar}.type`]: 'ics',
    [`${calendar}.uri`]: url,
    [`${calendar}.cache.enabled`]: true,
    // In minutes; as text it may be a fraction.
    [`${calendar}.refreshInterval`]: '0.1',
    'calendar.timezone.useSystemTimezone': false,
    'calendar.timezone.local': 'America/New_York',
    'app.update.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'extensions.update.enabled': false,
    'mail.shell.checkDefaultClient': false,
    'mailnews.start_page.enabled': false,
    'toolkit.telemetry.enabled': false,
    // A proxy that is not there, for all but this machine.
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': 9,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': 9,
    'network.proxy.no_proxies_on': '127.0.0.1',
  };
  return Object.entries(wanted)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}

/** Thunderbird holds its database locked, so that a copy is read; none while it is being written. */
function readRows(folder: string, database: string): KeptRow[] {
  if (!existsSync(database)) return [];
  const copy = join(mkdtempSync(join(folder, 'copy-')), 'cache.sqlite');
  for (const part of ['', '-wal']) if (existsSync(database + part)) copyFileSync(database + part, copy + part);
  try {
    const db = new Sqlite(copy);
    const rows = db
      .prepare(
        `select id as uid, date(event_start / 1000000, 'unixepoch') as "on", title, event_start_tz as zone,
           coalesce((select value from cal_properties p where p.item_id = e.id and p.cal_id = e.cal_id and key = 'URL'), '') as link
         from cal_events e`,
      )
      // SQLite's rows have no type of their own; the query names these.
      .all() as (KeptRow & { link: Buffer | string })[];
    db.close();
    return byUid(rows.map((row) => ({ ...row, link: String(row.link) }))) as KeptRow[];
  } catch (error) {
    if (error instanceof Sqlite.SqliteError) return [];
    throw error;
  } finally {
    rmSync(join(copy, '..'), { recursive: true });
  }
}
