/** Everything that the service is asked while its database is away, over and over, and whether each answer was one that is promised. */
import { setTimeout } from 'node:timers/promises';

/** The key that changes are made with. */
export const EDITOR_KEY = 'the-editors-key-of-the-faults';

export interface Questions {
  /** How often each question got each status. */
  counts: Record<string, Record<number, number>>;
  /** Answers that no promise allows, in a sentence each. */
  broken: string[];
  /** Asks on until one round in which nobody got a 503; then it ends. */
  settle: () => Promise<void>;
}

interface Question {
  path: string;
  init?: RequestInit;
  /** What it may be answered with beside 503 with Retry-After. */
  usual: number;
  /** Whether a 503 is a broken promise. */
  always?: boolean;
  /** Whether every answer is the same to the byte. */
  same?: boolean;
}

/** Two of these a second keep below the limit of calls. */
const PAUSE_MS = 300;
/** Nothing is answered later than this: a calendar app would have given up. */
const PATIENCE_MS = 60_000;

/** Asks all of it at once, again and again. The feeds must have been asked for before: there is a last good body then. */
export async function askOn(url: string, token: string): Promise<Questions> {
  const feed = `/feeds/${token}.ics`;
  const first = await fetch(url + feed);
  const tag = first.headers.get('etag') ?? 'none';
  const last = { [feed]: await first.text(), '/calendars/noord.ics': await (await fetch(`${url}/calendars/noord.ics`)).text() };
  const questions: Record<string, Question> = {
    feed: { path: feed, usual: 200, always: true, same: true },
    unchanged: { path: feed, init: { headers: { 'if-none-match': tag } }, usual: 304, always: true },
    'public feed': { path: '/calendars/noord.ics', usual: 200, always: true, same: true },
    list: { path: '/api/v1/insurers', usual: 200 },
    change: { path: '/api/v1/organisations', init: addition, usual: 201 },
    page: { path: '/', init: { headers: { accept: 'text/html' } }, usual: 200 },
    metrics: { path: '/metrics', usual: 200 },
    live: { path: '/health/live', usual: 200, always: true },
    ready: { path: '/health/ready', usual: 200 },
    delivery: { path: '/health/delivery', usual: 200 },
  };
  const counts: Questions['counts'] = {};
  const broken: string[] = [];
  const ask = async (name: string, { path, init, usual, always, same }: Question): Promise<number> => {
    const answer = await fetch(url + path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = await answer.text();
    const { status, headers } = answer;
    const of = (counts[name] ??= {});
    of[status] = (of[status] ?? 0) + 1;
    if (status === 503 ? always : status !== usual) broken.push(`${name} got a ${status}: ${body.slice(0, 200)}`);
    if (status === usual && same && body !== last[path as keyof typeof last]) broken.push(`${name} got another body`);
    const kind = path === '/' ? 'text/html' : 'application/problem+json';
    const isWhole = headers.has('retry-after') && headers.get('content-type')!.startsWith(kind);
    if (status === 503 && !path.startsWith('/health/') && !isWhole) broken.push(`${name} got a bare 503`);
    return status;
  };
  const round = async () =>
    Promise.all(
      Object.entries(questions).map(async ([name, question]) =>
        ask(name, question).catch((error: unknown) => {
          broken.push(`${name} got no answer: ${String(error)}`);
          return 0;
        }),
      ),
    );
  let ending = false;
  const asking = (async () => {
    for (;;) {
      const statuses = await round();
      if (ending && statuses.every((status) => status !== 503)) return;
      await setTimeout(PAUSE_MS);
    }
  })();
  return {
    counts,
    broken,
    async settle() {
      ending = true;
      await asking;
    },
  };
}

const addition: RequestInit = {
  method: 'POST',
  headers: { authorization: `Bearer ${EDITOR_KEY}`, 'content-type': 'application/json' },
  body: JSON.stringify({ name: 'Regio Fout', roles: ['ro'], insurers: [] }),
};

/** A change over HTTP; gives the status of its answer. */
export async function addOrganisation(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/organisations`, addition);
  await answer.arrayBuffer();
  return answer.status;
}
