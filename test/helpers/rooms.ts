/** An organisation's pages for tests: its manager and its reader, signed in before a service that listens. */
import { expect } from 'vitest';
import { openSession } from '../../db/people/sessions.ts';
import type { Store } from '../../db/store/store.ts';
import type { App } from '../../server/deps.ts';
import { cookieName } from '../../server/pages/session/cookies.ts';
import { appFor } from './app.ts';
import { openBrowser, SECURE_URL, type TestBrowser } from './browser.ts';
import { castIn } from './cast.ts';
import { memberOf } from './people.ts';

export const [MANAGER, READER] = ['anna@ro.example', 'bert@ro.example'];

/** A browser in which a person has a session, without the way to it. */
export async function sessionOf(app: App, store: Store, personId: string, now: Date): Promise<TestBrowser> {
  const browser = await openBrowser(app);
  const { token } = await store.write((tx) => openSession(tx, personId, null, now));
  browser.cookies.set(cookieName(SECURE_URL, 'session'), token);
  return browser;
}

/** The cast, of which the RO has a manager and a reader. `path`: of a page of the RO. `clock` may move on. */
export async function roomOf(store: Store, now: Date) {
  const cast = await castIn(store, now);
  const people = {
    manager: await memberOf(store, cast.ro.id, MANAGER, now),
    reader: await memberOf(store, cast.ro.id, READER, now, 'reader'),
  };
  const clock = { now };
  const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => clock.now });
  const manager = await sessionOf(app, store, people.manager.id, now);
  const reader = await sessionOf(app, store, people.reader.id, now);
  const path = (page = '') => `/o/${cast.ro.id}${page === '' ? '' : `/${page}`}`;
  // Each form has the session's field, which any page shows.
  for (const one of [manager, reader]) await one.get(path('gegevens'));
  return { ...cast, app, clock, people, manager, reader, path };
}

/** The address of a page that says that something was done, as a form leads on to it. */
export const saying = (path: string, done: string): string =>
  expect.stringMatching(new RegExp(`^${path}\\?gedaan=${done}\\.[\\w.-]+$`)) as string;
