import { expect, it } from 'vitest';
import { appFor } from '../helpers/app.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
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
      vary: 'Accept-Language, accept-encoding',
    });
    expect(body).toContain('<html lang="nl">');
    expect(body).toContain('Jaarplan &lt;indienen&gt; &amp; begroting');
    expect(body).toContain('<time datetime="2024-09-30">maandag 30 september 2024</time>');
    expect(body).toContain('Genoemde dag: vóór 1 oktober 2024. Laatste veilige dag: 30 september 2024.');
    expect(body).toContain('Verwachte dag: 30 november 2024. Laatste veilige dag: 1 november 2024.');
    expect(body).toContain('<p>Noord, contractjaar 2025, wie: regio-organisatie</p>');
    expect(body).toContain(
      '<time datetime="2024-12-31">vermoedelijk rond dinsdag 31 december 2024</time></strong\n      > <mark>aanname, niet bevestigd</mark>',
    );
    expect(body).toContain('<mark>volgens de bron</mark>');
    expect(body).not.toContain('nog geen beleid ingevoerd');
    expect(body).toContain('<a href="/calendars/noord.ics">http://inkoop.example/calendars/noord.ics</a>');
    expect(body).not.toContain('Voorbij');
    expect(body).not.toContain('Zonder dag');
    expect(body).not.toMatch(/<script|style=|undefined|\[object/);
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
    expect((await call('GET', '/')).body).toContain('<p>Voor 2026 is nog geen beleid ingevoerd.</p>');
    expect((await call('GET', '/?lang=en')).body).toContain('<p>For 2026 no policy has been entered yet.</p>');
  });

  it('speaks English to who asks for it: in the address, or by the browser', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { call } = await appFor(store);
    const languageFor = async (path: string, wish?: string) => {
      const { headers, body } = await call('GET', path, wish === undefined ? {} : { headers: { 'accept-language': wish } });
      expect(body).toContain(`<html lang="${String(headers['content-language'])}">`);
      return headers['content-language'];
    };
    expect(await languageFor('/?lang=en')).toBe('en');
    expect(await languageFor('/', 'en-GB,en;q=0.9')).toBe('en');
    expect(await languageFor('/', 'de, en;q=.8, nl;q=.5')).toBe('en');
    expect(await languageFor('/', 'de, en;q=.5, nl;q=.8')).toBe('nl');
    expect(await languageFor('/?lang=nl', 'en')).toBe('nl');
    expect(await languageFor('/?lang=xx', 'fr')).toBe('nl');
    expect(await languageFor('/')).toBe('nl');
    const { body } = await call('GET', '/?lang=en');
    expect(body).toContain('Submit the annual plan with budget');
    expect(body).toContain('<time datetime="2024-10-01">Tuesday 1 October 2024</time>');
  });

  it('has everything that it refers to, and says so when there is nothing to come', async () => {
    const { call } = await appFor(await fresh());
    const { body } = await call('GET', '/');
    expect(body).toContain('Er zijn geen datums bekend die nog komen.');
    const addresses = [...body.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, address]: string[]) => address!.replaceAll('&amp;', '&'));
    expect(addresses).toEqual(expect.arrayContaining(['/assets/pico.css', '/assets/site.css', '/assets/favicon.svg', '/docs']));
    for (const address of addresses) expect((await call('GET', address)).status, address).toBeLessThan(400);
    expect((await call('GET', '/favicon.ico')).status).toBe(200);
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
    expect((await call('GET', '/nergens')).headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it('gives no file that is not meant to be seen', async () => {
    const { app } = await appFor(await fresh());
    for (const url of ['/assets/../app.ts', '/assets/%2e%2e/app.ts', '/assets/..%2fapp.ts', '/assets/.env', '/assets/']) {
      expect((await app.inject(url)).statusCode, url).toBeGreaterThanOrEqual(400);
    }
  });
});
