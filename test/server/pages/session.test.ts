/** Who is signed in, as pages see it: cookies, what such a person is sent, and which forms are taken. */
import { expect, it } from 'vitest';
import { revokeSession } from '../../../db/people/sessions.ts';
import type { Store } from '../../../db/store/store.ts';
import { cookieName } from '../../../server/pages/session/cookies.ts';
import { readOnward } from '../../../server/pages/session/onward.ts';
import { appFor } from '../../helpers/app.ts';
import { browserOf, openBrowser, OURS, SECURE_URL } from '../../helpers/browser.ts';
import { castIn } from '../../helpers/cast.ts';
import { memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const ANNA = 'anna@ro.example';
const NOON = at('09-02T12:00');

async function serving(store: Store, publicUrl = SECURE_URL, clock = () => NOON) {
  const cast = await castIn(store);
  const anna = await memberOf(store, cast.ro.id, ANNA, NOON);
  const { app } = await appFor(store, { publicUrl, clock });
  return { app, anna, ...cast };
}

onBothDialects('a session in the pages', (fresh) => {
  it('stands in a cookie of this host alone, that no script reads and that goes by https', async () => {
    const store = await fresh();
    const { app } = await serving(store);
    const browser = await openBrowser(app);
    const asked = await browser.post('/inloggen', { email: ANNA });
    expect(asked.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-inkoopkalender-sign-in=[\w-]{43}\.[\w-]+; Path=\/; Expires=Mon, 02 Sep 2024 10:15:00 GMT; HttpOnly; SameSite=Lax; Secure$/,
      ),
    ]);
    const mine = await browserOf(app, store, ANNA, NOON);
    expect([...mine.cookies]).toEqual([['__Host-inkoopkalender-session', expect.stringMatching(/^[\w-]{43}$/)]]);
    expect((await mine.get('/mijn/account')).text).toContain(`U logt in met ${ANNA}.`);
  });

  it('shows who is signed in on every page, which nobody keeps and which leaves unpacked', async () => {
    const store = await fresh();
    const { app } = await serving(store);
    const mine = await browserOf(app, store, ANNA, NOON);
    const stranger = await openBrowser(app);
    for (const path of [
      '/',
      '/privacy',
      '/datums',
      '/en/verzekeraars',
      '/verzekeraars/noord',
      '/nergens',
      '/datums/nergens',
      '/mijn/account',
    ]) {
      const packing = { 'accept-encoding': 'br, gzip' };
      const shown = await mine.get(path, packing);
      expect([path, shown.headers.get('cache-control'), shown.headers.get('content-encoding')]).toEqual([path, 'no-store', null]);
      expect(shown.headers.get('referrer-policy')).toBe('same-origin');
      expect(shown.body, path).toContain('<nav class="account"');
      expect(shown.body, path).not.toContain('href="/inloggen"');
      const theirs = await stranger.get(path, packing);
      expect(theirs.body, path).not.toContain('class="account"');
      // What was made for one is not given to another.
      if (path === '/privacy' || path === '/datums') expect(theirs.body).toContain('href="/inloggen"');
      if (path === '/datums') expect(theirs.headers.get('content-encoding')).toBe('br');
    }
  });

  it('counts as none once it ended, and is led to sign in and back to where one was', async () => {
    const store = await fresh();
    let now = NOON;
    const { app } = await serving(store, SECURE_URL, () => now);
    const mine = await browserOf(app, store, ANNA, NOON);
    now = new Date(NOON.getTime() + 3_600_000);
    await mine.get('/mijn');
    const [row] = await store.read.select().from(store.read.tables.sessions);
    expect(row!.lastUsedAt).toEqual(now);
    await store.write((tx) => revokeSession(tx, row!.id, now));
    for (const [asked, location] of [
      ['/mijn', '/inloggen?naar=%2Fmijn'],
      ['/en/mijn?x=1', '/en/inloggen?naar=%2Fmijn%3Fx%3D1'],
    ] as const) {
      const refused = await mine.get(asked);
      expect([refused.status, refused.location, refused.headers.get('cache-control')]).toEqual([303, location, 'no-store']);
    }
    expect((await mine.get('/privacy')).body).toContain('href="/inloggen"');
  });

  it('takes a form from its own pages alone: not from elsewhere, not without its field, and not with that of another session', async () => {
    const store = await fresh();
    const { app } = await serving(store);
    const mine = await browserOf(app, store, ANNA, NOON);
    const other = await browserOf(app, store, ANNA, NOON);
    const field = /name="session" value="([^"]+)"/.exec((await other.get('/uitloggen')).body)![1]!;
    for (const [fields, headers] of [
      [{}, { 'sec-fetch-site': 'cross-site' }],
      [{}, { origin: 'https://evil.example' }],
      [{}, { origin: 'null' }],
      [{}, {}],
      [{ session: '' }, OURS],
      [{ session: field }, OURS],
      [{ session: field }, { origin: SECURE_URL }],
    ] as [Record<string, string>, Record<string, string>][]) {
      const refused = await mine.post('/uitloggen', fields, headers);
      expect([fields, headers, refused.status]).toEqual([fields, headers, 403]);
      expect(refused.text).toContain('Dit formulier is niet verstuurd');
    }
    expect(await store.read.$count(store.read.tables.sessions)).toBe(2);
    const out = await mine.post('/uitloggen', {}, { origin: SECURE_URL });
    expect([out.status, out.location, mine.cookies.size]).toEqual([303, '/uitloggen', 0]);
    expect((await mine.get('/uitloggen')).text).toContain('U bent uitgelogd');
    expect(await store.read.$count(store.read.tables.sessions)).toBe(1);
  });

  it('ends everywhere where that is asked, whatever was pressed elsewhere', async () => {
    const store = await fresh();
    const { app } = await serving(store);
    const mine = await browserOf(app, store, ANNA, NOON);
    const other = await browserOf(app, store, ANNA, NOON);
    await mine.post('/uitloggen', { waar: 'overal' });
    expect((await other.get('/mijn')).status).toBe(303);
    const late = await other.post('/uitloggen');
    expect([late.status, late.location]).toEqual([303, '/uitloggen']);
  });
});

it('has a cookie of its own for each path and port of a host, and no name that browsers refuse over http', () => {
  const names = [
    'https://a.example',
    'https://a.example/zorg',
    'https://a.example/zorg/x',
    'http://127.0.0.1:3000',
    'http://127.0.0.1:4000',
  ];
  expect(names.map((url) => cookieName(url, 'session'))).toEqual([
    '__Host-inkoopkalender-session',
    expect.stringMatching(/^__Host-inkoopkalender-session-[\da-f]{8}$/),
    expect.stringMatching(/^__Host-inkoopkalender-session-[\da-f]{8}$/),
    expect.stringMatching(/^inkoopkalender-session-[\da-f]{8}$/),
    expect.stringMatching(/^inkoopkalender-session-[\da-f]{8}$/),
  ]);
  expect(new Set(names.map((url) => cookieName(url, 'session'))).size).toBe(names.length);
});

it('leads on to paths of our own pages alone', () => {
  const told = ['/mijn', '/en/o/x/leden?a=b', '/en', '/', '/o/x/../y', '/en/en/mijn', '/en?a=b', '/english', '/o//x'];
  expect(told.map(readOnward)).toEqual(['/mijn', '/o/x/leden?a=b', '/', '/', '/o/y', '/mijn', '/?a=b', '/english', '/o//x']);
  const odd = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/..//evil.example',
    '/en//evil.example',
    '/en/en//evil.example',
    '/./en//evil.example',
    '/en/x/..//evil.example',
    '/en/\\evil.example',
    '/x\n',
    '/ x',
    'mijn',
    '',
    `/${'x'.repeat(300)}`,
  ];
  expect(odd.map(readOnward)).toEqual(odd.map(() => null));
  expect(readOnward(null)).toBeNull();
});
