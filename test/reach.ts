/**
 * How many of our files one request runs through: `npx node test/reach.ts [--files]`. Counted over the warm service, by V8's own count of calls: a file
 * counts when a function of it is called between the question and its answer. It judges nothing.
 */
import { Session } from 'node:inspector/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EDITOR_KEY, openService, type Service } from './recordings/service.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A request that is made twice: the first one warms. `most`: how many files it is to run through; `why` it runs through more. */
interface Request {
  name: string;
  most: number;
  why?: string;
  /** How often it is made to warm, where once is not enough. */
  warmings?: number;
  ask: (time: 1 | 2) => Promise<unknown>;
}

const POLL =
  'Store, snapshot, links and the note of the fetch are rooms of their own; one file for them would be quicker to count, not to read.';

const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
const service = await openService(`file:${join(folder, 'reach.db')}`, '2024-09-16T07:30+02:00');
try {
  for (const { name, most, why, ask, warmings = 1 } of await requestsTo(service)) {
    for (let times = 0; times < warmings; times += 1) await ask(1);
    await session.post('Profiler.takePreciseCoverage');
    await ask(2);
    const files = await calledFiles();
    console.log(`${String(files.length).padStart(3)} files (at most ${most} wanted): ${name}`);
    if (files.length > most) console.log(`      ${why ?? 'Nobody has said why it is more.'}`);
    if (process.argv.includes('--files')) for (const file of files) console.log(`      ${file}`);
  }
} finally {
  await service.close();
  session.disconnect();
  rmSync(folder, { recursive: true });
}

/** Our files with a function that was called since it was asked last. */
async function calledFiles(): Promise<string[]> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const called = result.filter(({ functions }) => functions.some(({ ranges }) => ranges[0]!.count > 0));
  const ours = called.filter(({ url }) => url.startsWith('file:')).map(({ url }) => relative(ROOT, fileURLToPath(url)));
  return ours.filter((path) => !/^(\.\.|node_modules|test)\//.test(path)).sort();
}

/** The requests, over an organisation that has a bit of everything. */
async function requestsTo(service: Service): Promise<Request[]> {
  const call = async (method: string, path: string, key: string | undefined, body?: object) => {
    const answer = await service.ask(path, { method, key, ...(body === undefined ? {} : { body }) });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.body.toString()}`);
    return answer.body.length === 0 ? {} : JSON.parse(answer.body.toString());
  };
  const insurers = [{ insurer: 'zorg-en-zekerheid', contractStatus: 'contracted' }];
  const addOrganisation = async (name: string) => {
    const { id, key } = await call('POST', '/api/v1/organisations', EDITOR_KEY, { name, roles: ['ro'], insurers });
    return { own: `/api/v1/organisations/${id}`, key };
  };
  const [one, other] = [await addOrganisation('Regio Zuid'), await addOrganisation('Regio Noord')];
  const { own, key } = one;
  const { url } = await call('POST', `${own}/feeds`, key, { label: 'Agenda' });
  for (const email of ['a@example.org', 'b@example.org', 'c@example.org']) await call('POST', `${own}/recipients`, key, { email });
  const mails = await service.round();
  const links = mails.map(({ raw }) => /\/confirm\/[\w.-]+/.exec(raw.toString().replaceAll(/=\r\n/g, ''))![0]);
  await service.ask(links[0]!, { method: 'POST', body: '', headers: { 'sec-fetch-site': 'same-origin' } });
  await service.round();

  const { items } = await call('GET', '/api/v1/deadlines?insurer=zorg-en-zekerheid&contractYear=2025&activity=annual_plan', undefined);
  const [plan] = items;
  const feed = new URL(url).pathname;
  const { etag = '' } = (await service.ask(feed)).headers;
  const amend = (time: number) => ({ baseRevision: plan.revision + time - 1, reason: 'Naam.', title: `Jaarplan indienen (${time})` });
  return [
    {
      name: 'a poll of a feed, answered by 304',
      most: 10,
      why: POLL,
      warmings: 3,
      ask: () => service.ask(feed, { headers: { 'if-none-match': etag } }),
    },
    { name: 'a poll of a feed, answered by all of it', most: 10, why: POLL, warmings: 3, ask: () => service.ask(feed) },
    {
      name: 'GET /deadlines/{id}',
      most: 12,
      why: 'Packing answers and standing below a path of a host are files of their own, which every answer passes.',
      ask: () => call('GET', `/api/v1/deadlines/${plan.id}`, undefined),
    },
    {
      name: 'GET /organisations/{id}/deadlines, by one that did not ask before, of the coming days',
      most: 24,
      why: 'The list is made anew: whom a deadline concerns, its sequence number and its view are files of their own, which a kept list never reached.',
      ask: (time) => {
        const asking = time === 1 ? one : other;
        return call('GET', `${asking.own}/deadlines?withinDays=60`, asking.key);
      },
    },
    {
      name: 'a recipient confirms by the page',
      most: 36,
      why: 'It plans what the recipient is to hear in the same transaction, and ends the questions to that mailbox.',
      ask: (time) => service.ask(links[time]!, { method: 'POST', body: '', headers: { 'sec-fetch-site': 'same-origin' } }),
    },
    {
      name: 'POST /deadlines/{id}/revisions',
      most: 46,
      why: 'The dates expected from it are renewed, and reminders planned, in the same transaction.',
      ask: (time) => call('POST', `/api/v1/deadlines/${plan.id}/revisions`, EDITOR_KEY, amend(time)),
    },
  ];
}
