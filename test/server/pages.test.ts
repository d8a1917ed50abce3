import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { LINK_PAGES } from '../../server/base-path.ts';
import { appFor } from '../helpers/app.ts';
import { addDeadline, castIn, contentOf } from '../helpers/cast.ts';
import { textOf } from '../helpers/page-text.ts';
import { onSqlite } from '../helpers/stores.ts';

onSqlite('the front page', (fresh) => {
  it('shows what comes next, with its certainty, both days where they differ, and the feeds', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write(async (tx) => {
      await addDeadline(tx, {}, { title: 'Jaarplan <indienen> & begroting', boundary: 'before' });
      const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Een aanname.' };
      await addDeadline(
        tx,
        { activity: 'signing', insurer: 'oost' },
        { title: 'Ondertekenen', rule: { kind: 'fixed', on: '2024-12-31' }, certainty: 'template', basis, sources: [] },
      );
      const expected = { certainty: 'expected' as const, basis: { ...basis, kind: 'earlier_year' as const } };
      await addDeadline(
        tx,
        { activity: 'regional_plan' },
        { ...expected, rule: { kind: 'period', unit: 'month', year: 2024, number: 11 }, boundary: 'per' },
      );
      await addDeadline(tx, { activity: 'accounts' }, { title: 'Voorbij', rule: { kind: 'fixed', on: '2024-04-01' } });
      await addDeadline(tx, { activity: 'review_meeting' }, { title: 'Zonder dag', rule: { kind: 'none' }, certainty: 'unknown' });
    });
    const { call } = await appFor(store);
    const { status, headers, body } = await call('GET', '/');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-language': 'nl',
      'cache-control': 'no-cache',
      'referrer-policy': 'same-origin',
      vary: 'accept-encoding',
    });
    const text = textOf(body);
    expect(body).toContain('<html lang="nl">');
    expect(body).toContain('Jaarplan &lt;indienen&gt; &amp; begroting');
    expect(body).toContain('<time class="day" datetime="2024-09-30">');
    expect(text).toContain('maandag 30 september 2024 ma 30 sep 2024 Jaarplan &lt;indienen&gt; &amp; begroting');
    expect(text).toContain('volgens de bron Noord In de bron staat: vóór 1 oktober 2024.');
    expect(text).toContain('verwacht Noord Waarschijnlijk noemt de verzekeraar als datum: november 2024.');
    expect(text).toContain('rond dinsdag 31 december 2024 rond di 31 dec 2024 Ondertekenen');
    expect(text).toContain('aanname Oost');
    expect(body).not.toContain('nog geen beleid ingevoerd');
    expect(body).toContain('href="/agenda">Kies uw agenda</a>');
    // What is over stands in the picture of the year alone, and what has no day on its shelf; both in its table and its list.
    const [next, year = ''] = body.split('<section aria-labelledby="year">');
    for (const title of ['Voorbij', 'Zonder dag']) {
      expect(next).not.toContain(title);
      expect(year.match(new RegExp(`${title}(?=\\s*<)`, 'g')), title).toHaveLength(2);
      expect(year).toMatch(new RegExp(`aria-label="[^"]*: ${title}\\. Noord\\.`));
    }
    expect(body).not.toMatch(/<script>|style=|undefined|\[object/);
  });

  it('says for which contract year no policy was entered yet', async () => {
    const store = await fresh();
    await castIn(store);
    const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Een aanname.' };
    const assumed = { rule: { kind: 'fixed' as const, on: '2025-12-31' }, certainty: 'template' as const, basis, sources: [] };
    await store.write(async (tx) => {
      await addDeadline(tx);
      await addDeadline(tx, { contractYear: 2026, activity: 'signing' }, assumed);
    });
    const { call } = await appFor(store);
    expect((await call('GET', '/')).body).toContain('Voor 2026 is nog geen beleid ingevoerd.');
    expect((await call('GET', '/en')).body).toContain('For 2026 no policy has been entered yet.');
  });

  it('shows of its duties those of a role and an insurer, and what insurers do themselves to every role', async () => {
    const store = await fresh();
    await castIn(store);
    const duty = { ...contentOf().duty, actors: ['practice' as const], onBehalfOf: [] };
    await store.write(async (tx) => {
      await addDeadline(tx, {}, { title: 'Voor de RO' });
      await addDeadline(tx, { insurer: 'oost' }, { title: 'Bij een ander' });
      await addDeadline(tx, { activity: 'accounts' }, { title: 'Voor de praktijk', duty });
      await addDeadline(tx, { activity: 'publication' }, { title: 'Publicatie', duty: { ...duty, actors: ['insurer'] } });
    });
    const { call } = await appFor(store);
    const titlesAt = async (path: string) => {
      const { body } = await call('GET', path);
      return ['Voor de RO', 'Bij een ander', 'Voor de praktijk', 'Publicatie'].filter((title) => body.includes(title));
    };
    expect(await titlesAt('/')).toEqual(['Voor de RO', 'Bij een ander', 'Voor de praktijk', 'Publicatie']);
    expect(await titlesAt('/?role=practice&insurer=')).toEqual(['Voor de praktijk', 'Publicatie']);
    expect(await titlesAt('/?role=ro&insurer=noord')).toEqual(['Voor de RO', 'Publicatie']);
    const { body } = await call('GET', '/en?role=ro&insurer=noord');
    expect(body).toMatch(/<option value="noord" selected\s*>/);
    expect(body).toContain('action="/en/datums#found"');
    expect(textOf(body)).toContain('Show everything again');
    expect(body).not.toContain('class="error"');
  });

  it('names each choice that does not exist, keeps it, and shows no dates as if nothing were asked', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { title: 'Voor de RO' }));
    const { call } = await appFor(store);
    const [role, insurer] = ['Deze soort organisatie bestaat niet.', 'Deze verzekeraar staat niet in de Inkoopkalender.'];
    for (const [query, faults, kept] of [
      ['role=koning', [role], 'koning'],
      ['insurer=weg', [insurer], 'weg'],
      ['role=ro&insurer=weg', [insurer], 'weg'],
      ['role=ro&role=wsv', [role], 'ro,wsv'],
      ['role=koning&insurer=weg', [role, insurer], 'weg'],
    ] as const) {
      const { body, status } = await call('GET', `/?${query}`);
      expect([query, status]).toEqual([query, 400]);
      expect([role, insurer].filter((fault) => textOf(body).split(fault).length === 3)).toEqual(faults);
      expect(body).toMatch(new RegExp(`<option value="${kept}" selected\\s*>`));
      expect(body).not.toContain('Voor de RO');
    }
  });

  it('is Dutch at its address and English below /en, whatever the browser wishes', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { call } = await appFor(store);
    for (const wish of ['nl', 'en-GB,en;q=0.9', 'de, en;q=.8', '*'])
      for (const [path, language] of [
        ['/', 'nl'],
        ['/en', 'en'],
      ] as const) {
        const { headers, body } = await call('GET', path, { headers: { 'accept-language': wish } });
        expect(headers['content-language']).toBe(language);
        expect(body).toContain(`<html lang="${language}">`);
        expect(body).toContain('<link rel="alternate" hreflang="nl" href="http://inkoop.example/" />');
        expect(body).toContain('<link rel="alternate" hreflang="en" href="http://inkoop.example/en" />');
        expect(body).toContain(`<link rel="canonical" href="http://inkoop.example${path}" />`);
      }
    const { body } = await call('GET', '/en');
    expect(body).toContain('Submit the annual plan with budget');
    expect(textOf(body)).toContain('Tuesday 1 October 2024');
    expect(body).toMatch(/<a\s+class="language"\s+href="\/"\s+lang="nl"/);
  });

  it('leads who comes by a link of before to the language that it names, with all else that it asks', async () => {
    const { call } = await appFor(await fresh());
    const leads = async (path: string) => {
      const { status, headers } = await call('GET', path);
      return [status, headers['location']];
    };
    expect(await leads('/?lang=en')).toEqual([301, '/en']);
    expect(await leads('/?lang=nl')).toEqual([301, '/']);
    expect(await leads('/en?lang=nl&role=ro')).toEqual([301, '/?role=ro']);
    expect(await leads('/en?lang=xx')).toEqual([301, '/en']);
  });

  it('leads so to a page behind a secret link too, and lets no cache keep where', async () => {
    const { call } = await appFor(await fresh());
    const secret = LINK_PAGES.flatMap((page) => [`/${page}`, `/${page}/abc`].flatMap((path) => [path, `/en${path}`]));
    const answers = await Promise.all(secret.map((path) => call('GET', `${path}?lang=en`)));
    const redirects = answers.filter(({ status }) => status === 301);
    expect(redirects.map(({ headers }) => headers['location'])).toContain('/en/inkoper/abc');
    expect(new Set(redirects.map(({ headers }) => headers['cache-control']))).toEqual(new Set(['no-store']));
  });

  it('has everything that it refers to, and says so when there is nothing to come', async () => {
    const { call } = await appFor(await fresh());
    const { body } = await call('GET', '/');
    expect(body).toContain('Er zijn geen datums bekend die nog komen.');
    const addresses = [...body.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, address]: string[]) => address!.replaceAll('&amp;', '&'));
    const assets = [/^\/assets\/site-[0-9a-f]{8}\.css$/, /^\/assets\/favicon-[0-9a-f]{8}\.svg$/].map((name) => expect.stringMatching(name));
    expect(addresses).toEqual(expect.arrayContaining([...assets, '/docs', '/en']));
    for (const address of addresses) expect((await call('GET', address)).status, address).toBeLessThan(400);
    expect((await call('GET', '/favicon.ico')).status).toBe(200);
  });

  it('lets browsers keep its style for good, under a name that its bytes have, and gives today’s to a page of another release', async () => {
    const { call } = await appFor(await fresh());
    const [, address = ''] = /href="(\/assets\/site-[^"]*)"/.exec((await call('GET', '/')).body) ?? [];
    const style = await call('GET', address);
    expect(style.headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(address).toContain(createHash('sha256').update(style.body).digest('hex').slice(0, 8));
    expect(style.body).not.toMatch(/url\(|@import/);
    const other = await call('GET', '/assets/site-00000000.css');
    expect([other.status, other.headers['cache-control'], other.body]).toEqual([200, 'no-cache', style.body]);
    expect((await call('GET', '/assets/other-00000000.css')).status).toBe(404);
  });

  it('lets robots read the calendars', async () => {
    const { call } = await appFor(await fresh());
    const { body } = await call('GET', '/robots.txt');
    expect(body).toContain('User-agent: *');
    expect(body).not.toMatch(/Disallow: \/(feeds|calendars|$)/m);
  });

  it('tells people in words that there is nothing at an address', async () => {
    const { call } = await appFor(await fresh());
    const page = await call('GET', '/nergens', { headers: { accept: 'text/html,*/*' } });
    expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.body).toContain('Op dit adres staat niets.');
    const english = await call('GET', '/en/nowhere', { headers: { accept: 'text/html' } });
    expect([english.status, english.headers['content-language'], english.headers['referrer-policy']]).toEqual([404, 'en', 'same-origin']);
    expect(english.body).toContain('href="/en"');
    expect((await call('GET', '/nergens')).headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it('gives no file that is not meant to be seen', async () => {
    const { app } = await appFor(await fresh());
    for (const url of ['/assets/../app.ts', '/assets/%2e%2e/app.ts', '/assets/..%2fapp.ts', '/assets/.env', '/assets/']) {
      expect((await app.inject(url)).statusCode, url).toBeGreaterThanOrEqual(400);
    }
  });
});
