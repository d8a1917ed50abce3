/** Where the service is reached: at its own port, and at PUBLIC_URL, where links in mails lead. */
import { serviceOf } from '../../../db/store/secrets.ts';
import { VERSION } from '../../version.ts';
import type { Notes } from './finding.ts';
import { reasonOf } from './reason.ts';
import type { Settings } from './settings.ts';

const PATIENCE_MS = 10_000;

/** What answered, and how far its clock is ahead of ours, in milliseconds; null where nothing that is this service did. */
export interface Reached {
  aheadMs: number | null;
}

/** Asks both. What answers must be this service: one with the same secret. */
export async function examineAddresses(notes: Notes, { config, secret }: Settings, clock: () => Date): Promise<Reached> {
  const { fault, ok, warn } = notes;
  const { host, port, publicUrl } = config;
  const any = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host];
  const here = `http://${any ?? (host.includes(':') ? `[${host}]` : host)}:${port}`;
  const own = await askAt(here, secret, clock);
  if (own.kind === 'ours') tellVersion(notes, here, own.version);
  else if (own.kind === 'other')
    warn(`at ${here} something else answers than this service (${own.says})`, 'give it another PORT, or end what has this one');
  else warn(`nothing answers at ${here} (${own.says}): the service does not run here`, 'start it; nothing is sent before');
  const isRunning = own.kind === 'ours';
  if (publicUrl === here) return { aheadMs: null };

  const front = await askAt(publicUrl, secret, clock);
  if (front.kind === 'ours') {
    ok(`PUBLIC_URL ${publicUrl} leads to this service`);
    return { aheadMs: front.aheadMs };
  }
  const todo = 'let the proxy lead it to HOST and PORT, or mend PUBLIC_URL: links in mails and calendars lead there';
  if (front.kind === 'other') fault(`at PUBLIC_URL ${publicUrl} something else answers than this service (${front.says})`, todo);
  else if (isRunning || !STOPPED.test(front.says)) fault(`PUBLIC_URL ${publicUrl} is not reached from here (${front.says})`, todo);
  else warn(`PUBLIC_URL ${publicUrl} is not reached from here (${front.says})`, 'start the service and ask again');
  return { aheadMs: null };
}

/** What a proxy answers that does not reach what is behind it. */
const UNREACHED: readonly number[] = [502, 503, 504];
/** What a service that is stopped leaves, with or without a proxy; a name that is none, or a bad certificate, has another cause. */
const STOPPED = /^(ECONNREFUSED|status \d+)$/;

function tellVersion({ ok, warn }: Notes, url: string, version: string) {
  if (version === VERSION) ok(`the service runs at ${url}, version ${version}`);
  else warn(`the service runs at ${url} with version ${version}, and this is ${VERSION}`, 'start it anew, so that it is this version');
}

type Answer = { kind: 'ours'; version: string; aheadMs: number | null } | { kind: 'other' | 'nothing'; says: string };

async function askAt(url: string, secret: string | null, clock: () => Date): Promise<Answer> {
  try {
    const before = clock().getTime();
    const answer = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'manual' });
    const text = (await answer.text()).slice(0, 1000);
    const middle = (before + clock().getTime()) / 2;
    const { service, version } = fieldsIn(text);
    if (UNREACHED.includes(answer.status)) return { kind: 'nothing', says: `status ${answer.status}` };
    if (version === undefined || service === undefined) return { kind: 'other', says: `status ${answer.status}` };
    if (secret !== null && service !== serviceOf(secret)) return { kind: 'other', says: 'an Inkoopkalender with another secret' };
    const date = answer.headers.get('date');
    // It names whole seconds.
    return { kind: 'ours', version, aheadMs: date === null ? null : Date.parse(date) + 500 - middle };
  } catch (error) {
    return { kind: 'nothing', says: reasonOf(error) };
  }
}

function fieldsIn(text: string): { service?: string; version?: string } {
  try {
    return JSON.parse(text) as { service?: string; version?: string };
  } catch {
    return {};
  }
}
