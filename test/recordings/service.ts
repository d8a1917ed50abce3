/** The whole service in one process, with a clock that stands still until it is moved: real routes on a real port, real rounds of work, mails kept. */
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BY_OPERATOR } from '../../db/registry/audit.ts';
import { makePurchaserLink } from '../../db/registry/purchasers/links.ts';
import { openFeedCache } from '../../db/feeds/cache.ts';
import { openKeyUses } from '../../db/organisations/key-uses.ts';
import { openReadCache } from '../../db/organisations/read-cache.ts';
import { openChange } from '../../db/reminders/change.ts';
import { MailError } from '../../jobs/transport/handover.ts';
import { previewEdition } from '../../jobs/preview.ts';
import { projectNow } from '../../jobs/project.ts';
import { createTick } from '../../jobs/tick.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { buildApp } from '../../server/app.ts';
import type { Deps } from '../../server/deps.ts';
import { beginStep } from './pinned.ts';

export const EDITOR_KEY = 'the-editors-key-of-the-recordings';
const PUBLIC_URL = 'https://inkoop.example';
const SECRET = 'a secret that only recordings know, 32+';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Question {
  method?: string;
  key?: string | undefined;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a text as a form. */
  body?: object | string;
}

/** A mail as it left: to whom, of which kind, and its bytes. */
interface SentMail {
  to: string;
  kind: string;
  raw: Buffer;
}

export interface Service {
  /** Every route: its path as registered, with its methods. */
  paths: ReadonlyMap<string, ReadonlySet<string>>;
  /** Moves the clock: `2024-09-16T07:30+02:00`. */
  moveTo: (moment: string) => void;
  /** From now on the mail server knows no such address. */
  breakAddress: (address: string) => void;
  /** An editor makes a link for an insurer's purchaser; gives its path. */
  linksTo: (insurer: string) => Promise<string>;
  /** Asks over a socket, so that what is answered below Fastify is asked too. */
  ask: (address: string, question?: Question) => Promise<Answer>;
  /** A round of work, and in the first of a month what is done each day; gives the mails that left, by address and kind. */
  round: () => Promise<SentMail[]>;
  /** What the jobs said since it was asked last. */
  said: () => string[];
  close: () => Promise<void>;
}

/** Opens the service on an empty database, or on one that a release filled, with the registry of `seeds/` as it was read on the day of `moment`. */
export async function openService(databaseUrl: string, moment: string): Promise<Service> {
  let now = new Date(moment);
  const clock = () => now;
  const log: string[] = [];
  const say = (fields: object, message: string) => {
    const { err, error = err } = fields as { err?: unknown; error?: unknown };
    log.push(error instanceof Error ? `${message}: ${error.message}` : message);
  };
  const mails: SentMail[] = [];
  const dead = new Set<string>();
  let projectedIn = '';
  const mailer = {
    async send({ to, name }: { to: string; name: string }, raw: Buffer, { leaving }: { leaving?: () => Promise<void> } = {}) {
      if (dead.has(to)) throw new MailError({ kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' });
      await leaving?.().catch((error: unknown) => {
        throw new MailError({ kind: 'lost', code: null, response: String(error) });
      });
      mails.push({ to, kind: /^\d+-\d+-\d+-(\w+)-/.exec(name)?.[1] ?? name, raw });
      return { response: '250 kept' };
    },
    close() {},
  };

  beginStep('registry');
  const { store } = await prepareStore(databaseUrl, now);
  const cache = openReadCache(store);
  const keyUses = openKeyUses();
  const feeds = openFeedCache(store, { readCache: cache, publicUrl: PUBLIC_URL });
  const change = openChange(store, clock, () => {});
  const wired = {
    publicUrl: PUBLIC_URL,
    signUp: 'open' as const,
    retentionMonths: 24,
    secret: SECRET,
    editorKey: EDITOR_KEY,
    cache,
    feeds,
    keyUses,
    clock,
  };
  const settings = { publicUrl: PUBLIC_URL, secret: SECRET, from: 'herinnering@inkoop.example', operator: 'beheer@inkoop.example' };
  const preview: Deps['preview'] = async (id, by) => previewEdition({ store, settings }, id, by, now);
  const app = await buildApp({ read: store.read, change, preview, ...wired }, { callsPerMinute: 1_000_000 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const tick = createTick({
    store,
    mailer,
    feeds,
    keyUses,
    settings,
    clock,
    monotonic: () => now.getTime(),
    log: { info: say, error: say },
  });
  return {
    paths: app.paths,
    breakAddress: (address) => void dead.add(address),
    moveTo: (moment) => void (now = new Date(moment)),
    async linksTo(insurer) {
      beginStep(`link for the purchaser of ${insurer}`);
      const { token } = await store.write((tx) => makePurchaserLink(tx, insurer, { by: BY_OPERATOR, now }));
      return `/inkoper/${token}`;
    },
    ask: (address, question) => askAt(port, address, question),
    async round() {
      beginStep(`round at ${now.toISOString()}`);
      const month = now.toISOString().slice(0, 7);
      if (month !== projectedIn) await projectNow(store, now);
      projectedIn = month;
      const before = log.length;
      await tick.run();
      // What was taken back while another mail was refused is sent at once, so that it does not matter which of them came first.
      if (log.slice(before).some((line) => line.startsWith('mail lost'))) await tick.run();
      return mails.splice(0).sort((a, b) => compare(a.to, b.to) || compare(a.kind, b.kind));
    },
    said: () => log.splice(0),
    async close() {
      await tick.stop();
      await app.close();
      await store.close();
    },
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function askAt(port: number, path: string, { method = 'GET', key, headers = {}, body }: Question = {}): Promise<Answer> {
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const all = {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(sent === undefined ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(sent)) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, method, path, headers: all }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(parts),
        }),
      );
    });
    asking.on('error', reject);
    asking.end(sent);
  });
}
