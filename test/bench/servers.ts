/** The processes that are measured, the event loop of each on the first core. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startService, type Service } from '../helpers/service.ts';
import type { Member } from './fill.ts';

export const EDITOR_KEY = 'bench-editor-key-0123456789';

/** The service over a store of its own. */
export interface FilledService extends Service {
  members: Member[];
  database: string;
}

/** The service's environment, as `npm start` gives it; its files stand in `folder`. */
export function settingsIn(folder: string): Record<string, string> {
  return {
    DATABASE_URL: `file:${join(folder, 'bench.db')}`,
    MAIL_URL: `file:${join(folder, 'mail')}`,
    SECRET: 'x'.repeat(32),
    EDITOR_KEY,
    LOG_LEVEL: 'warn',
  };
}

/** Starts the service with so many organisations. */
export async function startFilled(folder: string, count: number): Promise<FilledService> {
  const members = join(folder, 'members.json');
  const settings = settingsIn(folder);
  const env = { ...settings, BENCH_COUNT: String(count), BENCH_MEMBERS: members };
  const service = await startOnFirstCore('service.ts', env, { cwd: folder });
  return { ...service, members: JSON.parse(readFileSync(members, 'utf8')) as Member[], database: settings['DATABASE_URL']! };
}

/** Starts another server of this folder, with nothing else given to Node. */
export async function start(script: string, folder: string, env: Record<string, string> = {}): Promise<Service> {
  return startOnFirstCore(script, env, { cwd: folder });
}

/** Only the event loop is bound to the core: with all threads of a process on one, V8's helpers would now and then keep it waiting for long. */
async function startOnFirstCore(script: string, env: Record<string, string>, options: { cwd: string }) {
  const service = await startService(env, { ...options, script: new URL(`./${script}`, import.meta.url) });
  execFileSync('taskset', ['-cp', '0', String(service.pid)], { stdio: 'ignore' });
  return service;
}
