/** A peer: Radicale, the calendar server of Debian, with the same events as a collection of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../helpers/service.ts';

export interface Radicale {
  /** Of the collection. */
  url: string;
  pid: number;
  stop: () => void;
}

/** Starts Radicale on the events of a calendar, or gives null where it is not installed (Debian: apt install radicale). */
export async function startRadicale(folder: string, calendar: string): Promise<Radicale | null> {
  if (spawnSync('which', ['radicale']).status !== 0) return null;
  const collection = join(folder, 'radicale', 'collection-root', 'bench', 'calendar');
  mkdirSync(collection, { recursive: true });
  writeFileSync(join(collection, '.Radicale.props'), '{"tag": "VCALENDAR"}');
  for (const [i, event] of (calendar.match(/BEGIN:VEVENT[\s\S]*?END:VEVENT\r\n/g) ?? []).entries())
    writeFileSync(join(collection, `${i}.ics`), `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\n${event}END:VCALENDAR\r\n`);
  const port = await freePort();
  const options = Object.entries({
    'server-hosts': `127.0.0.1:${port}`,
    'storage-filesystem-folder': join(folder, 'radicale'),
  }).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('taskset', ['-c', '0', 'radicale', '--config', '', ...options], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/bench/calendar/`;
  for (let i = 0; i < 100 && !(await isUp(url)); i++) await setTimeout(100);
  return { url, pid: child.pid!, stop: () => child.kill('SIGTERM') };
}

/** Any name and password will do. */
export const RADICALE_LOGIN = { Authorization: `Basic ${Buffer.from('bench:bench').toString('base64')}` };

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { headers: RADICALE_LOGIN })).ok;
  } catch {
    return false;
  }
}
