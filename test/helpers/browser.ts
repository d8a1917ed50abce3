/** A browser of the tests in which somebody signed in. */
import type { AddressInfo } from 'node:net';
import type { Store } from '../../db/store/store.ts';
import type { App } from '../../server/deps.ts';
import { browserAt, type TestBrowser } from './http-browser.ts';
import { mailsAt } from './mailbox.ts';

export { OURS, type TestBrowser } from './http-browser.ts';

/** Where the pages of the tests are reached from outside: nobody signs in where it is not https. */
export const SECURE_URL = 'https://inkoop.example';

/** Opens a browser with nothing in it, before a service that it lets listen. */
export async function openBrowser(app: App): Promise<TestBrowser> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return browserAt(`http://127.0.0.1:${port}`);
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
