/** The whole service behind a proxy, below paths of every depth: whatever it names leads to itself, and nowhere else on that host. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BY_OPERATOR } from '../../db/registry/audit.ts';
import { makePurchaserLink } from '../../db/registry/purchasers/links.ts';
import { openStore } from '../../db/store/store.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { composeMail } from '../../jobs/mails/compose.ts';
import { LINK_PAGES, OWN_PARTS } from '../../server/base-path.ts';
import type { Body } from '../helpers/app.ts';
import { crawl, type Visit } from '../helpers/crawl.ts';
import { draftOf, MESSAGE } from '../helpers/drafts.ts';
import { DRAFTS, GROUPED } from '../helpers/every-mail.ts';
import { startPathProxy, type PathProxy } from '../helpers/path-proxy.ts';
import { MONDAY } from '../helpers/reminders.ts';
import { freePort, startService, type Service } from '../helpers/service.ts';

const EDITOR_KEY = 'an-editors-key-below-a-path-0123';
const SECRET = 's'.repeat(32);
const [READER, DEPUTY] = ['a@example.org', 'ward@example.org'];

describe.each([
  { path: '', strips: false },
  { path: '/zorg', strips: true },
  { path: '/zorg', strips: false },
  { path: '/zorg/inkoop/kalender.v2', strips: true },
  { path: '/zorg/inkoop/kalender.v2', strips: false },
])('at the path "$path" of a proxy (takes it off: $strips)', ({ path, strips }) => {
  let folder: string;
  let proxy: PathProxy;
  let service: Service;
  let organisation: Body;
  let recipient: Body;
  let feed: Body;
  let deadlineId: string;
  /** Where an insurer's purchaser answers. */
  let purchaser: string;
  const made: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-path-'));
    const port = await freePort();
    proxy = await startPathProxy({ target: port, path, strips });
    const settings = {
      DATABASE_URL: 'file:path.db',
      MAIL_URL: 'file:mail',
      SECRET,
      EDITOR_KEY,
      LOG_LEVEL: 'trace',
      CONTACT_EMAIL: 'hulp@example.org',
    };
    service = await startService({ ...settings, PUBLIC_URL: `${proxy.url}/` }, { cwd: folder, port });
    const insurers = [{ insurer: 'zorg-en-zekerheid', contractStatus: 'contracted' }];
    organisation = await add('organisations', EDITOR_KEY, { name: 'Regio Zuid', roles: ['ro'], insurers });
    const own = `organisations/${organisation.id}`;
    const deputy = { email: DEPUTY, until: '2099-12-31' };
    recipient = await add(`${own}/recipients`, organisation.key, { email: READER, deputy });
    feed = await add(`${own}/feeds`, organisation.key, { label: 'Agenda kantoor' });
    const { items } = (await (
      await fetch(`${proxy.url}/api/v1/deadlines?insurer=zorg-en-zekerheid&activity=annual_plan&upcoming=true`)
    ).json()) as Body;
    deadlineId = items[0].id;
    const store = await openStore(`file:${join(folder, 'path.db')}`);
    const { token } = await store.write((tx) => makePurchaserLink(tx, 'zorg-en-zekerheid', { by: BY_OPERATOR, now: new Date() }));
    await store.close();
    purchaser = `${proxy.url}/inkoper/${token}`;
  });
  afterAll(async () => {
    await service?.stop();
    await proxy?.close();
    rmSync(folder, { recursive: true });
  });

  /** Makes something by the API, and keeps the address that the answer names it by. */
  const add = async (what: string, key: string, body: object): Promise<Body> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${proxy.url}/api/v1/${what}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(201);
    const location = answer.headers.get('location');
    if (location !== null) made.push(location);
    return answer.json();
  };

  it('leads to itself by every link, button, header and mail, and logs no secret of them', async () => {
    const mails = await linksOfMails({ publicUrl: proxy.url, recipient, organisation, deadlineId });
    const all = await crawl([
      `${proxy.url}/`,
      ...UNNAMED.map((one) => proxy.url + one),
      feed.url,
      feed.url + '?again',
      purchaser,
      ...mails,
    ]);
    expect(all.filter((visit) => !isExpected(visit, path)).map(({ method, url, status }) => `${method} ${url} ${status}`)).toEqual([]);
    expect(proxy.outside()).toEqual([]);
    // All that is there was seen.
    const partsOf = (urls: string[]) =>
      [...new Set(urls.map((url) => new URL(url).pathname.slice(path.length).split('/')[1] ?? ''))].sort();
    expect(partsOf(mails)).toEqual([
      'confirm',
      'datums',
      'decline',
      'deputy',
      'done',
      'leave',
      'mute',
      'step',
      'undo',
      'unsubscribe',
      'wijzigingen',
    ]);
    expect(partsOf(all.map(({ url }) => url))).toEqual(['', ...OWN_PARTS].sort());

    const secrets = [feed.url, purchaser, ...mails].flatMap((url) => url.split(/[/.]/)).filter((part) => part.length >= 40);
    // What everybody may read needs none.
    const signed = mails.filter((url) => !/\/(datums|wijzigingen)([/?]|$)/.test(url));
    expect(secrets.length).toBeGreaterThanOrEqual(signed.length);
    expect(secrets.filter((secret) => service.output().includes(secret))).toEqual([]);
    expect(service.output()).toContain('/confirm/***');
  });

  it('answers with addresses of its own below the path', async () => {
    const text = async (at: string) => (await fetch(proxy.url + at)).text();
    expect(made).toEqual([`${path}/api/v1/organisations/${organisation.id}`]);
    expect(feed.url).toMatch(new RegExp(`^${proxy.url}/feeds/[\\w-]{43}\\.ics$`));
    expect(JSON.parse(await text('/api/v1/openapi.json')).servers).toEqual([{ url: `${proxy.url}/api/v1` }]);
    expect(await text('/robots.txt')).toBe(
      `User-agent: *\n${LINK_PAGES.map((page) => `Disallow: ${path}/${page}/\n`).join('')}\nSitemap: ${proxy.url}/sitemap.xml\n`,
    );
    const docs = await fetch(`${proxy.url}/docs/static/index.html`, { redirect: 'manual' });
    expect([docs.status, docs.headers.get('location')]).toEqual([302, `${path}/docs/`]);
  });

  it('answers polls of a feed from memory, and a wrong link as every other', async () => {
    const readyAnswers = async () => {
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      return Number(/ready_feed_answers_total\{status_code="200"\} (\d+)/.exec(metrics)![1]);
    };
    for (const at of [feed.url, `${service.url}${new URL(feed.url).pathname}`]) {
      const before = await readyAnswers();
      // After a change somewhere the first poll is answered by the route.
      while ((await readyAnswers()) === before) expect((await fetch(at)).headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    }
    const wrong = await Promise.all(['x.ics', '%zz.ics'].map(async (name) => fetch(`${proxy.url}/feeds/${name}`)));
    expect(wrong.map(({ status }) => status)).toEqual([404, 404]);
    const [one, other] = await Promise.all(wrong.map(async (answer) => answer.text()));
    expect([one, other]).toEqual([expect.stringContaining('Op dit adres staat geen agenda'), one]);
  });

  it('tells a wrong method and a slash at the end of an address as it does elsewhere', async () => {
    const answer = await fetch(`${proxy.url}/api/v1/insurers`, { method: 'POST' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(((await (await fetch(`${proxy.url}/api/v1/deadlines/`)).json()) as Body).detail).toContain('do not end in a slash');
  });

  it.skipIf(path === '')('is not there where a path only begins like its own', async () => {
    const statusOf = async (at: string) => (await fetch(`${service.url}${at}`)).status;
    expect(await Promise.all([`${path}/health/live`, '/health/live'].map(statusOf))).toEqual([200, 200]);
    expect(await Promise.all([`${path}s/health/live`, `/x${path}/health/live`].map(statusOf))).toEqual([404, 404]);
  });
});

/** What no page and no answer leads to. */
const UNNAMED = [
  '/docs/',
  '/docs/static/index.html',
  '/favicon.ico',
  '/robots.txt',
  '/.well-known/security.txt',
  '/health/live',
  '/metrics',
  '/mijn',
  '/o/x/leden',
  '/outbox',
  '/redactie',
  '/uitloggen',
  '/inloggen/q7Zt0c',
  '/uitnodiging/q7Zt0c',
  '/adres/q7Zt0c',
];

/** Below the path, and answered: what needs a key says so, what is over by now is gone, and a form without a word in it comes back, or leads on. */
function isExpected({ method, url, status }: Visit, path: string): boolean {
  const { pathname } = new URL(url);
  if (!pathname.startsWith(`${path}/`) && pathname !== path) return false;
  if (pathname.startsWith(`${path}/api/v1/organisations/`)) return status === 401;
  if (method === 'POST' && /\/(klopt-niet|inloggen|aanmelden)$/.test(pathname)) return status === 400;
  if (method === 'POST' && partOf(pathname) === 'inkoper' && status === 400) return true;
  // That a deadline does not hold takes a reason.
  if (method === 'POST' && partOf(pathname) === 'done' && status === 400) return true;
  // The change is one of the drafts alone.
  if (partOf(pathname) === 'wijzigingen' && status === 404) return true;
  return (
    status === 200 || ((status === 302 || status === 303) && method === 'GET') || (status === 410 && LINK_PAGES.includes(partOf(pathname)))
  );
}

const partOf = (pathname: string) => pathname.split('/').at(-2) ?? '';

interface MailCast {
  publicUrl: string;
  organisation: { id: string };
  recipient: { id: string };
  deadlineId: string;
}

/** Every address of the service in mails of all kinds, to a recipient and to its deputy, about what there is. */
async function linksOfMails({ publicUrl, organisation, recipient, deadlineId }: MailCast): Promise<string[]> {
  const toDeputy = { ...DRAFTS.reminder, isForDeputy: true, to: DEPUTY };
  const mails = [
    ...Object.entries(DRAFTS).map(([kind, over]) => ({ kind, ...over })),
    { kind: 'reminder', ...toDeputy },
    { kind: 'reminder', ...GROUPED['own_dates'] },
  ].map((over) => {
    const draft = withDeadline(draftOf([], over as Partial<Draft>), deadlineId);
    return {
      ...draft,
      organisation: { ...draft.organisation, id: organisation.id },
      recipient: { ...draft.recipient, id: recipient.id, organisationId: organisation.id },
    };
  });
  const settings = { publicUrl, secret: SECRET, from: READER };
  const links = mails.map(async (draft) => {
    const { headers, html = '', text = '' } = await PostalMime.parse(composeMail(MESSAGE, draft, settings, MONDAY).raw);
    const leaving = headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '';
    return [...`${html} ${text} ${leaving}`.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([address]) => address);
  });
  return [...new Set((await Promise.all(links)).flat())].filter((address) => address.startsWith(new URL(publicUrl).origin));
}

/** The same draft, about another deadline. */
function withDeadline<T>(value: T, id: string): T {
  if (Array.isArray(value)) return value.map((one: unknown) => withDeadline(one, id)) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const parts = Object.entries(value).map(([key, part]: [string, unknown]) => {
    const walked = withDeadline(part, id);
    return [
      key,
      ['deadline', 'before', 'after'].includes(key) && walked !== null && typeof walked === 'object' ? { ...walked, id } : walked,
    ];
  });
  return Object.fromEntries(parts) as T;
}
