/** Signing in over HTTP: what lets somebody in, what does not, what pages say of it, and what nobody learns by asking. */
import { expect, it } from 'vitest';
import type { Store } from '../../../db/store/store.ts';
import { appFor } from '../../helpers/app.ts';
import { openBrowser, OURS, SECURE_URL, signInMailAt } from '../../helpers/browser.ts';
import { castIn } from '../../helpers/cast.ts';
import { memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

const ANNA = 'anna@ro.example';
const NOBODY = 'nobody@ro.example';
const NOON = at('09-02T12:00');
const minutes = (count: number) => new Date(NOON.getTime() + count * 60_000);

async function serving(store: Store, publicUrl = SECURE_URL) {
  const { ro } = await castIn(store);
  await memberOf(store, ro.id, ANNA, NOON);
  const time = { now: NOON };
  const { app } = await appFor(store, { publicUrl, clock: () => time.now });
  const ask = async (email: string, path = '/inloggen') => {
    const browser = await openBrowser(app);
    const asked = await browser.post(path, { email });
    return { browser, asked };
  };
  return { app, ask, time };
}

onBothDialects('signing in', (fresh) => {
  it('asks for an address, sends one mail, and takes its code in the asking browser, however it is typed', async () => {
    const store = await fresh();
    const { app, ask } = await serving(store);
    const browser = await openBrowser(app);
    expect((await browser.get('/inloggen?naar=/datums')).body).toContain('<input type="hidden" name="naar" value="/datums" />');
    const asked = await browser.post('/inloggen', { email: ' Anna@RO.example ', naar: '/datums' });
    expect([asked.status, asked.location]).toEqual([303, '/inloggen/code']);
    expect((await browser.get('/inloggen/code')).text).toContain(`Wij sturen een mail naar ${ANNA}.`);
    const { code } = await signInMailAt(store, ANNA, NOON);
    const entered = await browser.post('/inloggen/code', { code: ` ${code.toLowerCase().replace(' ', '-')}` });
    expect([entered.status, entered.location, [...browser.cookies.keys()]]).toEqual([303, '/datums', ['__Host-inkoopkalender-session']]);
    // Used up, in this browser and in another one that asked.
    const { browser: other } = await ask(ANNA);
    expect((await other.post('/inloggen/code', { code })).text).toContain('Deze code klopt niet. U kunt het nog 9 keer proberen.');
  });

  it('leads nobody to another host who signs in, or is signed in, by a link that somebody made', async () => {
    const store = await fresh();
    const { app } = await serving(store);
    const browser = await openBrowser(app);
    for (const naar of ['/en//evil.example', '/en/en//evil.example']) {
      await browser.post('/inloggen', { email: ANNA, naar, opnieuw: 'ja' });
      const { code } = await signInMailAt(store, ANNA, NOON);
      expect((await browser.post('/inloggen/code', { code })).location).toBe('/mijn');
      expect((await browser.get(`/inloggen?naar=${encodeURIComponent(naar)}`)).location).toBe('/mijn');
    }
  });

  it('takes the link in the asking browser by one button, and nothing happens by opening it', async () => {
    const store = await fresh();
    const { ask } = await serving(store);
    const { browser } = await ask(ANNA, '/en/inloggen');
    const { path } = await signInMailAt(store, ANNA, NOON);
    for (let n = 0; n < 2; n += 1) {
      const page = await browser.get(path);
      expect([page.status, page.text.includes(ANNA), page.body.includes('name="code"')]).toEqual([200, true, false]);
      expect(page.headers.get('cache-control')).toBe('no-store');
    }
    const entered = await browser.post(path);
    expect([entered.status, entered.location]).toEqual([303, '/mijn']);
    const again = await browser.get(path);
    expect([again.status, again.text.includes('Deze link werkt niet meer')]).toEqual([410, true]);
  });

  it('asks in another browser for the code too: a robot that presses every button gets nothing, and uses nothing up', async () => {
    const store = await fresh();
    const { app, ask } = await serving(store);
    await ask(ANNA);
    const { code, path } = await signInMailAt(store, ANNA, NOON);
    const robot = await openBrowser(app);
    expect((await robot.get(path)).text).toContain('Vul daarom ook de code in die in dezelfde mail staat');
    for (let n = 0; n < 12; n += 1) {
      const pressed = await robot.post(path, { code: '' });
      expect([pressed.status, pressed.text.includes('Vul de code uit de mail in.')]).toEqual([400, true]);
    }
    expect(robot.cookies.size).toBe(0);
    expect((await robot.post('/inloggen/code', { code })).status).toBe(410);
    const wrong = await robot.post(path, { code: 'AAA AAA' });
    expect([wrong.status, wrong.body.includes('aria-invalid="true"'), wrong.body.includes('<a href="#code">')]).toEqual([400, true, true]);
    expect((await robot.post(path, { code })).location).toBe('/mijn');
  });

  it('takes no code alone in another browser, none that is guessed, and none of another sign-in', async () => {
    const store = await fresh();
    const { app, ask } = await serving(store);
    await ask(ANNA);
    const first = await signInMailAt(store, ANNA, NOON);
    const { browser } = await ask(ANNA);
    const none = await openBrowser(app);
    none.cookies.set(
      '__Host-inkoopkalender-sign-in',
      `${'x'.repeat(43)}.${Buffer.from('{"email":"x","onward":null}').toString('base64url')}`,
    );
    expect((await none.post('/inloggen/code', { code: first.code })).status).toBe(410);
    none.cookies.set('__Host-inkoopkalender-sign-in', 'odd');
    expect((await none.post('/inloggen/code', { code: first.code })).status).toBe(410);
    expect((await none.post('/inloggen/guessed', { code: first.code })).status).toBe(410);
    expect((await browser.post('/inloggen/code', { code: first.code })).text).toContain('nog 9 keer');
    expect(await store.read.$count(store.read.tables.sessions)).toBe(0);
  });

  it('is over after sixteen minutes, by code and by link', async () => {
    const store = await fresh();
    const { ask, time } = await serving(store);
    const { browser } = await ask(ANNA);
    const { code, path } = await signInMailAt(store, ANNA, NOON);
    time.now = minutes(16);
    for (const over of [await browser.post('/inloggen/code', { code }), await browser.post(path), await browser.post(path, { code })])
      expect([over.status, over.text.includes('Code en link werken één keer, en een kwartier lang.')]).toEqual([410, true]);
  });

  it('is over at the eleventh try, be it right, also where the tries were made by two ways', async () => {
    const store = await fresh();
    const { app, ask } = await serving(store);
    const { browser } = await ask(ANNA);
    const { code, path } = await signInMailAt(store, ANNA, NOON);
    const other = await openBrowser(app);
    for (let left = 9; left >= 1; left -= 1) {
      const tried = await (left % 2 === 0 ? browser.post('/inloggen/code', { code: 'AAA AAA' }) : other.post(path, { code: 'AAA AAA' }));
      expect(tried.text).toContain(left === 1 ? 'nog één keer' : `nog ${left} keer`);
    }
    expect((await browser.post('/inloggen/code', { code: 'AAA AAA' })).status).toBe(410);
    for (const over of [await browser.post('/inloggen/code', { code }), await browser.post(path), await other.post(path, { code })])
      expect(over.status).toBe(410);
    expect(await store.read.$count(store.read.tables.sessions)).toBe(0);
  });

  it('says beside the field what is no address, and when one may ask again', async () => {
    const store = await fresh();
    const { ask, time } = await serving(store);
    const odd = await ask('anna');
    expect([odd.asked.status, odd.asked.body.includes('value="anna"'), odd.asked.body.includes('<a href="#email">')]).toEqual([
      400,
      true,
      true,
    ]);
    for (const email of [ANNA, NOBODY]) {
      time.now = NOON;
      for (let n = 0; n < 5; n += 1) expect((await ask(email)).asked.status).toBe(303);
      time.now = minutes(10);
      const { asked } = await ask(email);
      expect([asked.status, asked.headers.get('retry-after')]).toEqual([429, '3000']);
      expect(asked.text).toContain(
        'Met dit adres kan het weer op 2 september 2024 om 13:00 uur. Hebt u al een mail van ons? Dan werken de code en de link daarin een kwartier.',
      );
    }
  });

  it('ends the session of before in that browser, and asks who is signed in again where that is wanted', async () => {
    const store = await fresh();
    const { ask } = await serving(store);
    const { browser } = await ask(ANNA);
    await browser.post('/inloggen/code', { code: (await signInMailAt(store, ANNA, NOON)).code });
    const before = browser.cookies.get('__Host-inkoopkalender-session');
    expect((await browser.get('/inloggen?naar=/datums')).location).toBe('/datums');
    const again = await browser.get('/inloggen?naar=/mijn&opnieuw=ja');
    expect(again.body).toContain(`value="${ANNA}"`);
    expect(again.text).toContain('Log daarom nog een keer in');
    await browser.post('/inloggen', { email: ANNA, naar: '/mijn', opnieuw: 'ja' });
    await browser.post('/inloggen/code', { code: (await signInMailAt(store, ANNA, NOON)).code });
    expect(browser.cookies.get('__Host-inkoopkalender-session')).not.toBe(before);
    expect(await store.read.$count(store.read.tables.sessions)).toBe(1);
  });

  it('tells a known and an unknown address apart by nothing: not by answer, header, count of queued mails, or tries', async () => {
    const store = await fresh();
    const { ask } = await serving(store);
    const seen = async (email: string) => {
      const masked = (text: string) => text.replaceAll(email, '…');
      const mails = await store.read.$count(store.read.tables.messages);
      const { asked, browser } = await ask(email);
      const queued = (await store.read.$count(store.read.tables.messages)) - mails;
      const [cookie = ''] = asked.headers.getSetCookie();
      const shown = [asked, await browser.get('/inloggen/code')];
      for (let n = 0; n < 11; n += 1) shown.push(await browser.post('/inloggen/code', { code: 'AAA AAA' }));
      return {
        queued,
        answers: shown.map(({ body, headers, status }) => [
          status,
          masked(body),
          [...headers].filter(([name]) => name !== 'date' && name !== 'set-cookie' && name !== 'content-length'),
        ]),
        cookie: cookie.replace(/=[\w-]{43}\.[\w-]+/, '=…'),
      };
    };
    const theirs = await seen(ANNA);
    expect(theirs.queued).toBe(1);
    expect(theirs.answers).toHaveLength(13);
    // An address as long, so that the page is.
    expect(await seen('nils@ro.example')).toEqual(theirs);
    expect(await seen(NOBODY)).toEqual(theirs);
  });
});

onSqlite('signing in', (fresh) => {
  it('is held back where one network asks very often, whatever the addresses, and mails no more', async () => {
    const store = await fresh();
    const { ask, time } = await serving(store);
    for (let n = 0; n < 200; n += 1) expect((await ask(`a${n}@elders.example`)).asked.status).toBe(303);
    time.now = minutes(30);
    const { asked } = await ask(ANNA);
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([429, '1800']);
    expect(asked.text).toContain('Vanaf uw netwerk is heel vaak om een code gevraagd. Het kan weer op 2 september 2024 om 13:00 uur.');
    expect(asked.text).toContain('Dan werken de code en de link daarin een kwartier.');
    expect(await store.read.$count(store.read.tables.messages)).toBe(200);
    time.now = minutes(60);
    expect((await ask(ANNA)).asked.status).toBe(303);
  });

  it('is not to be had where cookies would go unprotected, and the page says so', async () => {
    const store = await fresh();
    const { app } = await serving(store, 'http://inkoop.example');
    const browser = await openBrowser(app);
    const page = await browser.get('/inloggen');
    expect([page.status, page.text.includes('Hier kan niemand inloggen'), page.body.includes('<form')]).toEqual([200, true, false]);
    const asked = await browser.post('/inloggen', { email: ANNA });
    expect([asked.status, browser.cookies.size]).toEqual([409, 0]);
    expect(await store.read.$count(store.read.tables.messages)).toBe(0);
  });

  it('leads who has no account to where one enrols, unless nobody may', async () => {
    const store = await fresh();
    for (const signUp of ['open', 'invited', 'closed'] as const) {
      const { app } = await appFor(store, { publicUrl: SECURE_URL, signUp });
      const page = await (await openBrowser(app)).get('/inloggen');
      expect([signUp, /<main[^]*href="\/aanmelden"[^]*<\/main>/.test(page.body)]).toEqual([signUp, signUp === 'open']);
    }
  });

  it('works over http on this machine, and below a path', async () => {
    for (const publicUrl of ['http://127.0.0.1:3000', 'https://inkoop.example/zorg']) {
      const store = await fresh();
      const { app, time } = await serving(store, publicUrl);
      const browser = await openBrowser(app);
      const asked = await browser.post('/inloggen', { email: ANNA }, { ...OURS, 'user-agent': 'Firefox/130.0 Windows' });
      expect(asked.location).toBe(publicUrl.endsWith('/zorg') ? '/zorg/inloggen/code' : '/inloggen/code');
      const { code } = await signInMailAt(store, ANNA, time.now);
      await browser.post('/inloggen/code', { code });
      expect([...browser.cookies.keys()]).toEqual([
        expect.stringMatching(
          publicUrl.startsWith('https') ? /^__Host-inkoopkalender-session-[\da-f]{8}$/ : /^inkoopkalender-session-[\da-f]{8}$/,
        ),
      ]);
      expect((await browser.get('/mijn/account')).status).toBe(200);
    }
  });
});
