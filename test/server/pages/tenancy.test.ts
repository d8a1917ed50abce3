/** Who is let in to the pages of people and organisations: asked of every route that there is, so that none is forgotten. */
import { expect, it } from 'vitest';
import { addEditor } from '../../../db/people/editors.ts';
import { addRecipient } from '../../../db/recipients/recipients.ts';
import { createFeed } from '../../../db/feeds/feeds.ts';
import type { ReadDb, Store } from '../../../db/store/store.ts';
import type { App } from '../../../server/deps.ts';
import { appFor } from '../../helpers/app.ts';
import { browserOf, openBrowser, OURS, SECURE_URL } from '../../helpers/browser.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const [ANNA, CORA, ED] = ['anna@ro.example', 'cora@elders.example', 'ed@redactie.example'];
const NOON = at('09-02T12:00');
const NOBODY = '123e4567-e89b-42d3-a456-426614174000';

interface Route {
  method: 'GET' | 'POST';
  pattern: string;
}

/** Every route of pages below these paths, in both languages. */
function routesBelow({ paths }: App, below: RegExp): Route[] {
  const methods = ['GET', 'POST'] as const;
  return [...paths]
    .filter(([pattern]) => below.test(pattern))
    .flatMap(([pattern, known]) => methods.filter((method) => known.has(method)).map((method) => ({ method, pattern })));
}

onBothDialects('pages of people', (fresh) => {
  const serving = async () => {
    const store = await fresh();
    const { outsider, ro } = await castIn(store);
    const anna = await memberOf(store, ro.id, ANNA, NOON);
    await memberOf(store, outsider.id, CORA, NOON);
    await store.write((tx) => addEditor(tx, { email: ED, label: 'Ed', language: 'nl' }, NOON));
    const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => NOON });
    const fill = (pattern: string, id: string) => pattern.replace(':id', id).replace(':personId', anna.id).replaceAll(/:\w+/g, NOBODY);
    return { app, fill, ro, store };
  };

  it('of an organisation are to who is no member, and to an editor, as those of one that is not there', async () => {
    const { app, fill, ro, store } = await serving();
    const routes = routesBelow(app, /^(\/en)?\/o\/:id(\/|$)/);
    expect(routes.length).toBeGreaterThanOrEqual(8);
    for (const email of [CORA, ED]) {
      const browser = await browserOf(app, store, email, NOON);
      const before = await everythingIn(store.read);
      for (const { method, pattern } of routes) {
        const ask = async (id: string) =>
          method === 'GET' ? browser.get(fill(pattern, id)) : browser.post(fill(pattern, id), { doe: 'verwijder' });
        const [theirs, nobodys] = [await ask(ro.id), await ask(NOBODY)];
        expect([email, method, pattern, theirs.status]).toEqual([email, method, pattern, 404]);
        expect(theirs.body).toBe(nobodys.body.replaceAll(NOBODY, ro.id));
      }
      expect(await everythingIn(store.read)).toBe(before);
    }
  });

  it('of the registry are to who is no editor as those of one that is not there', async () => {
    const { app, fill, ro, store } = await serving();
    const routes = routesBelow(app, /^(\/en)?\/redactie(\/|$)/);
    expect(routes.length).toBeGreaterThanOrEqual(5);
    expect(routes.filter(({ pattern }) => pattern.startsWith('/en'))).toEqual([]);
    const manager = await browserOf(app, store, ANNA, NOON);
    const before = await everythingIn(store.read);
    for (const { method, pattern } of routes) {
      const path = fill(pattern, ro.id).replace(NOBODY, 'noord');
      const answer = method === 'GET' ? await manager.get(path) : await manager.post(path, { doe: 'verwijder' });
      expect([method, pattern, answer.status]).toEqual([method, pattern, 404]);
      expect(answer.body).not.toContain('Redactie');
    }
    expect(await everythingIn(store.read)).toBe(before);
  });

  it('lead who is signed out to sign in, by every route, and change nothing', async () => {
    const { app, fill, ro, store } = await serving();
    const routes = routesBelow(app, /^(\/en)?\/(o\/:id|mijn|redactie)(\/|$)/);
    expect(routes.length).toBeGreaterThanOrEqual(19);
    const before = await everythingIn(store.read);
    const nobody = await openBrowser(app);
    nobody.cookies.set('__Host-inkoopkalender-session', 'x'.repeat(43));
    for (const { method, pattern } of routes) {
      const path = fill(pattern, ro.id);
      const answer = method === 'GET' ? await nobody.get(path) : await nobody.post(path, { doe: 'verwijder' });
      expect([method, pattern, answer.status]).toEqual([method, pattern, 303]);
      expect(answer.location).toMatch(
        pattern.startsWith('/en') ? /^\/en\/inloggen\?naar=%2F(o|mijn)/ : /^\/inloggen\?naar=%2F(o|mijn|redactie)/,
      );
      expect(answer.headers.get('cache-control')).toBe('no-store');
      if (method === 'GET') continue;
      // What was typed stays, and nothing of what stands there is said.
      const typed = { doe: 'verwijder', email: 'dora@ro.example', ticket: NOBODY };
      const kept = await nobody.post(path, typed);
      expect([pattern, kept.status, kept.headers.get('cache-control')]).toEqual([pattern, 401, 'no-store']);
      expect(kept.body.replaceAll(ro.id, NOBODY)).toBe((await nobody.post(fill(pattern, NOBODY), typed)).body);
    }
    expect(await everythingIn(store.read)).toBe(before);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'answer what any object has by itself as a name they do not know: %s',
    async (name) => {
      const { app, fill, ro, store } = await serving();
      const routes = routesBelow(app, /^(\/en)?\/(o\/:id|mijn|redactie|aanmelden|inloggen)(\/|$)/).filter(
        ({ method }) => method === 'POST',
      );
      expect(routes.length).toBeGreaterThanOrEqual(20);
      const browsers = { ANNA: await browserOf(app, store, ANNA, NOON), ED: await browserOf(app, store, ED, NOON) };
      const room = await namedIn(store, ro.id);
      for (const { pattern } of routes) {
        const path = fill(
          pattern.replaceAll(/:(deadlineId|feedId|recipientId)/g, (_, part: keyof typeof room) => room[part]),
          ro.id,
        );
        const browser = pattern.startsWith('/redactie') ? browsers.ED : browsers.ANNA;
        for (const fields of TYPED_NAMES) {
          const { status } = await browser.post(path, Object.fromEntries(fields.map((field) => [field, name])));
          expect([pattern, fields, status < 500]).toEqual([pattern, fields, true]);
        }
      }
    },
  );

  it('take no form from elsewhere, and none without the field of the session, by any route', async () => {
    const { app, fill, ro, store } = await serving();
    const routes = routesBelow(app, /^(\/en)?\/(o\/:id|mijn|redactie|uitloggen)(\/|$)/).filter(({ method }) => method === 'POST');
    expect(routes.length).toBeGreaterThanOrEqual(8);
    const manager = await browserOf(app, store, ANNA, NOON);
    const before = await everythingIn(store.read);
    for (const { pattern } of routes)
      for (const [fields, headers] of [
        [{}, {}],
        [{}, { origin: 'null' }],
        [{}, { origin: 'https://evil.example' }],
        [{}, { 'sec-fetch-site': 'same-site', origin: 'http://inkoop.example' }],
        [{ session: '' }, OURS],
        [{ session: 'x'.repeat(43) }, { origin: SECURE_URL }],
      ] as [Record<string, string>, Record<string, string>][]) {
        const refused = await manager.post(fill(pattern, ro.id), { doe: 'verwijder', ...fields }, headers);
        expect([pattern, fields, headers, refused.status]).toEqual([pattern, fields, headers, 403]);
        if (pattern.endsWith('/uitloggen')) continue;
        // What came from a page of ours is shown to who sent it; what did not is said nowhere, not even to be sent once more.
        const isOurs = headers['sec-fetch-site'] === 'same-origin' || headers.origin === SECURE_URL;
        const typed = await manager.post(fill(pattern, ro.id), { doe: 'verwijder', email: 'dora@ro.example', ...fields }, headers);
        expect([pattern, fields, headers, typed.status]).toEqual([pattern, fields, headers, isOurs ? 409 : 403]);
        expect(typed.body.includes('dora@ro.example')).toBe(isOurs);
      }
    expect(await everythingIn(store.read)).toBe(before);
  });
});

/** What names something in forms: each alone, and all at once. */
const NAMES = ['doe', 'act', 'done', 'undo', 'remove', 'step', 'language', 'role', 'insurer', 'kind', 'digest', 'activity', 'rule', 'way'];
const TYPED_NAMES = [...NAMES.map((name) => [name]), NAMES];

/** What the paths of an organisation's pages name. */
async function namedIn(store: Store, id: string): Promise<Record<'deadlineId' | 'feedId' | 'recipientId', string>> {
  return store.write(async (tx) => ({
    deadlineId: (await addDeadline(tx)).id,
    feedId: (await createFeed(tx, id, { label: 'Agenda' }, NOON)).id,
    recipientId: (await addRecipient(tx, id, { email: 'a@example.org', leadDays: [14], digest: 'daily' }, NOON)).id,
  }));
}

/** All that is kept, as text. */
async function everythingIn(db: ReadDb): Promise<string> {
  const tables = [];
  for (const table of Object.values(db.tables)) tables.push((await db.select().from(table)).map((row) => JSON.stringify(row)).sort());
  return JSON.stringify(tables);
}
