/** Requests to the service, singly and as files that wrk goes through. */
import { writeDay } from '../../calendars/days.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from './fill.ts';
import { EDITOR_KEY, type FilledService } from './servers.ts';

/** Each member's feed in turn. */
export function feedRequests(folder: string, name: string, members: readonly Member[], encoding: string): string {
  return fileOf(
    folder,
    name,
    members.map(({ token }) => `/feeds/${token}.ics\tAccept-Encoding: ${encoding}`),
  );
}

/** Each member's list in turn. */
export function listRequests(folder: string, name: string, members: readonly Member[], prefix = '/api/v1'): string {
  return fileOf(
    folder,
    name,
    members.map(({ id, key }) => `${prefix}/organisations/${id}/deadlines?pageSize=20\tAuthorization: Bearer ${key}`),
  );
}

/** Every member's feed as it is now. */
export async function feedsOf({ url }: FilledService, members: readonly Member[]): Promise<string[]> {
  return each(members, async ({ token }) => (await fetch(`${url}/feeds/${token}.ics`)).text());
}

/** Moves a deadline that concerns everybody, as an editor does. Gives its identity and the day it moved to. */
export async function moveDeadline({ url }: FilledService): Promise<{ id: string; on: string }> {
  const found = await fetch(`${url}/api/v1/deadlines?insurer=cz&activity=signing&sort=-dueOn&pageSize=1`);
  const { items } = (await found.json()) as { items: [{ id: string; revision: number; dueOn: string; sources: object[] }] };
  const [{ id, revision, dueOn }] = items;
  const on = `${dueOn.slice(0, 8)}${String((Number(dueOn.slice(8)) % 28) + 1).padStart(2, '0')}`;
  const source = { document: 'Meting', section: null, quote: `Een dag later: ${writeDay(on, 'nl')}.`, url: null };
  const change = { baseRevision: revision, reason: 'Meting.', rule: { kind: 'fixed', on }, certainty: 'stated', sources: [source] };
  await post(`${url}/api/v1/deadlines/${id}/revisions`, change);
  return { id, on };
}

async function post(url: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${EDITOR_KEY}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (answer.status !== 201) throw new Error(`${new URL(url).pathname} answered ${answer.status}: ${await answer.text()}`);
}

async function each<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = Array.from({ length: list.length });
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < list.length; i = next++) results[i] = await work(list[i]!);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return results;
}

function fileOf(folder: string, name: string, lines: readonly string[]): string {
  const file = join(folder, `${name}.txt`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
