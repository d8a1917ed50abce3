/** A browser of the tests: real HTTP, cookies that it keeps, and forms that it fills in as they stand on the page. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Store } from '../../db/store/store.ts';
import type { App } from '../../server/deps.ts';
import { mailsAt } from './mailbox.ts';
import { textOf } from './page-text.ts';

interface Shown {
  status: number;
  body: string;
  /** What can be read of it. */
  text: string;
  headers: Headers;
  /** Where it leads on to; null where it stays. */
  location: string | null;
}

export interface TestBrowser {
  get(path: string, headers?: Record<string, string>): Promise<Shown>;
  /** Sends a form as its own page would: with the session's field, unless one is given. */
  post(path: string, fields?: Record<string, string> | [string, string][], headers?: Record<string, string>): Promise<Shown>;
  /** What it keeps, by name. */
  cookies: Map<string, string>;
}

/** Where the pages of the tests are reached from outside: nobody signs in where it is not https. */
export const SECURE_URL = 'https://inkoop.example';
/** By which a form is known to come from a page of ours. */
export const OURS = { 'sec-fetch-site': 'same-origin' };

/** Opens a browser with nothing in it, before a service that it lets listen. */
export async function openBrowser(app: App): Promise<TestBrowser> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const cookies = new Map<string, string>();
  let sessionField = '';
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: string): Promise<Shown> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers.getSetCookie()) keep(cookies, line);
    const text = await answer.text();
    sessionField = /name="session" value="([^"]+)"/.exec(text)?.[1] ?? sessionField;
    return { status: answer.status, body: text, text: textOf(text), headers: answer.headers, location: answer.headers.get('location') };
  };
  return {
    cookies,
    get: async (path, headers = {}) => ask('GET', path, headers),
    async post(path, fields = {}, headers = OURS) {
      const form = new URLSearchParams(fields);
      if (!form.has('session') && sessionField !== '') form.set('session', sessionField);
      // A page gives each form that needs one a ticket of its own.
      if (!form.has('ticket')) form.set('ticket', randomUUID());
      return ask('POST', path, { 'content-type': 'application/x-www-form-urlencoded', ...headers }, form.toString());
    },
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  const expires = /Expires=([^;]+)/.exec(line)?.[1];
  if (value === '' || (expires !== undefined && Date.parse(expires) === 0)) cookies.delete(name);
  else cookies.set(name, value);
}

/** What the newest mail to an address holds by which one signs in. */
export async function signInMailAt(store: Store, email: string, now: Date): Promise<{ code: string; path: string; text: string }> {
  const mail = (await mailsAt(store, now)).findLast((one) => one.for === email);
  const text = mail?.text ?? '';
  return {
    code: /is ([A-Z\d]{3} [A-Z\d]{3})\./.exec(text)?.[1] ?? '',
    path: /https:\/\/inkoop\.example(\S*\/inloggen\/\S+)/.exec(text)?.[1] ?? '',
    text,
  };
}

/** A browser in which somebody signed in who has an account, by the mail's code. Give the app the address `SECURE_URL` and this same moment. */
export async function browserOf(app: App, store: Store, email: string, now: Date): Promise<TestBrowser> {
  const browser = await openBrowser(app);
  await browser.post('/inloggen', { email });
  const { code } = await signInMailAt(store, email, now);
  const { location, status } = await browser.post('/inloggen/code', { code });
  if (status !== 303 || location !== '/mijn') throw new Error(`${email} was not signed in: ${status} ${location}`);
  // Any page has the session's field.
  await browser.get('/uitloggen');
  return browser;
}
