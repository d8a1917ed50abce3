/** What is measured: the service's answers, and beside them a bare route that answers the same. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Target } from './measure.ts';
import { feedRequests, listRequests, moveDeadline } from './requests.ts';
import { start, type FilledService } from './servers.ts';

/** Takes note of what is to be stopped in the end. */
export type Keep = <T extends { stop: () => unknown }>(server: T) => T;

/** After a change the jobs look around; then the answers are measured. */
const SETTLE_MS = 1000;
/** Among so many the longest is looked for: there are 100 sets of insurers and contracts. */
const SOME_FEEDS = 100;
const plain = { 'Accept-Encoding': 'identity' };

/** The rows of one organisation's feed. */
export const FEED_ROWS = { unchanged: 'feed poll, 304', gzip: 'feed 200, gzip', plain: 'feed 200, plain' };

/** The rows of an organisation's list of 20, and what it is held against. */
export const LIST_ROWS = {
  again: 'list of 20, asked again',
  unchanged: 'list of 20, asked again, 304',
  fresh: 'list of 20, after a change',
  bare: 'bare Fastify, that list as a fixed string',
  naive: 'plain drizzle route of 20',
};

/** Pages that say what the registry says: the front page, and an insurer's. */
const PAGES = { 'front page': '/', 'page of an insurer': '/verzekeraars/zorg-en-zekerheid' };

/** The pages that there are. */
export async function pagesOf({ url }: FilledService): Promise<[name: string, path: string][]> {
  const statuses = await Promise.all(Object.values(PAGES).map(async (path) => (await fetch(url + path)).status));
  return Object.entries(PAGES).filter((_, i) => statuses[i] === 200);
}

/** Each page as a browser asks for it: anew, and whether it changed since. */
export function pageTargets({ pid, url }: FilledService, pages: readonly [name: string, path: string][]): Target[] {
  const asBrowser = { 'Accept-Encoding': 'gzip, deflate, br' };
  return pages.flatMap(([name, path]) => [
    { name: `${name}, asked again`, url: url + path, pid, headers: async () => asBrowser, status: 200 },
    { name: `${name}, 304`, url: url + path, pid, headers: async () => ({ ...asBrowser, ...(await tagAt(url + path)) }), status: 304 },
  ]);
}

/** One organisation's feed, as it is polled. */
export async function oneFeedTargets(service: FilledService): Promise<Target[]> {
  const url = await longestFeed(service);
  const own = { url, pid: service.pid };
  return [
    { name: FEED_ROWS.unchanged, ...own, headers: async () => ({ ...plain, ...(await tagAt(url, plain)) }), status: 304 },
    { name: FEED_ROWS.gzip, ...own, headers: async () => ({ 'Accept-Encoding': 'gzip' }), status: 200 },
    { name: FEED_ROWS.plain, ...own, headers: async () => plain, status: 200 },
  ];
}

/** The feeds of all right after a change. */
export function changedFeedTargets(folder: string, service: FilledService): Target[] {
  const all = { url: service.url, pid: service.pid, before: async () => change(service), status: 200 };
  const requests = (encoding: string) => ({
    file: feedRequests(folder, `changed-${encoding}`, service.members, encoding),
    count: service.members.length,
  });
  return [
    { name: 'feed after a change, plain', ...all, requests: requests('identity') },
    { name: 'feed after a change, gzip', ...all, requests: requests('gzip') },
  ];
}

/** An organisation's list: asked again, and of all right after a change; and everybody's. */
export async function listTargets(folder: string, service: FilledService, keep: Keep): Promise<Target[]> {
  const { url, pid, members, database } = service;
  const [first] = members;
  const list = `${url}/api/v1/organisations/${first!.id}/deadlines?pageSize=20`;
  const key = { Authorization: `Bearer ${first!.key}` };
  const headers = async () => key;
  const same = join(folder, 'list.json');
  writeFileSync(same, await bodyAt(list, key));
  const bare = keep(await start('bare.ts', folder, { BENCH_BODY: same }));
  const naive = keep(await start('plain.ts', folder, { BENCH_DATABASE: database }));
  const all = { file: listRequests(folder, 'lists', members), count: members.length };
  return [
    { name: LIST_ROWS.again, url: list, pid, headers, status: 200 },
    { name: LIST_ROWS.unchanged, url: list, pid, headers: async () => ({ ...key, ...(await tagAt(list, key)) }), status: 304 },
    { name: LIST_ROWS.bare, url: `${bare.url}/`, pid: bare.pid, status: 200 },
    { name: LIST_ROWS.fresh, url, pid, requests: all, before: async () => change(service), status: 200 },
    {
      name: LIST_ROWS.naive,
      url: naive.url,
      pid: naive.pid,
      requests: { file: listRequests(folder, 'naive', members, '') },
      status: 200,
    },
    { name: 'GET /deadlines, 20 rows', url: `${url}/api/v1/deadlines?pageSize=20`, pid, status: 200 },
  ];
}

/** The address of the longest among the first feeds: what a poll is measured by. */
async function longestFeed({ url, members }: FilledService): Promise<string> {
  let longest = { feed: '', events: 0, bytes: 0 };
  for (const { token } of members.slice(0, SOME_FEEDS)) {
    const feed = `${url}/feeds/${token}.ics`;
    const calendar = await (await fetch(feed)).text();
    const events = calendar.split('BEGIN:VEVENT').length - 1;
    if (events > longest.events) longest = { feed, events, bytes: Buffer.byteLength(calendar) };
  }
  console.log(`\nThe feed that is polled has ${longest.events} events and ${longest.bytes} bytes.`);
  return longest.feed;
}

async function change(service: FilledService): Promise<void> {
  await moveDeadline(service);
  await setTimeout(SETTLE_MS);
}

async function bodyAt(url: string, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}`);
  return answer.text();
}

/** What asks whether something changed. */
async function tagAt(url: string, headers: Record<string, string> = {}): Promise<Record<string, string>> {
  const answer = await fetch(url, { headers });
  await answer.arrayBuffer();
  return { 'If-None-Match': answer.headers.get('etag')! };
}
