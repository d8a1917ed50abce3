import { expect, it } from 'vitest';
import { publicPaths } from '../../../server/pages/robots.ts';
import { appFor } from '../../helpers/app.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { onSqlite } from '../../helpers/stores.ts';

onSqlite('what robots look for', (fresh) => {
  it('names every page of the site in both languages, each with where it stands in the other', async () => {
    const store = await fresh();
    await castIn(store);
    const { call } = await appFor(store, { publicUrl: 'https://inkoop.example/zorg' });
    const { headers, body } = await call('GET', '/sitemap.xml');
    expect(headers['content-type']).toBe('application/xml; charset=utf-8');
    const places = [...(body as string).matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, place]) => place!);
    for (const path of ['/', '/en', '/privacy', '/en/privacy', '/toegankelijkheid', '/en/toegankelijkheid'])
      expect(places).toContain(`https://inkoop.example/zorg${path}`);
    expect(places.filter((place) => /:\w|confirm|api|calendars/.test(place.slice('https://inkoop.example/zorg'.length)))).toEqual([]);
    for (const place of places) expect((await call('GET', place.slice('https://inkoop.example'.length))).status, place).toBe(200);
    const links =
      '<xhtml:link rel="alternate" hreflang="nl" href="https://inkoop.example/zorg/privacy"/>' +
      '<xhtml:link rel="alternate" hreflang="en" href="https://inkoop.example/zorg/en/privacy"/></url>';
    expect(body).toContain(`<loc>https://inkoop.example/zorg/en/privacy</loc>${links}`);
    expect((await call('GET', '/robots.txt')).body).toMatch(/\n\nSitemap: https:\/\/inkoop\.example\/zorg\/sitemap\.xml\n$/);
  });

  it('takes a page of the registry once for each insurer or published entry, and leaves out what asks for more', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const { app } = await appFor(store);
    const { items } = (await app.inject('/api/v1/deadlines?includeUndated=true')).json<{ items: [{ id: string }] }>();
    const registry = { names: new Map([['noord', 'Noord']]), parts: new Map([['', { deadlines: items }]]) };
    const patterns = ['/verzekeraars', '/verzekeraars/:slug', '/verzekeraars/:slug/:jaar', '/datums/:id', '/datums/:id/fout', '/x/:y'];
    const all = [...patterns.flatMap((pattern) => [pattern, `/en${pattern}`]), '/confirm/:token', '/docs'];
    // Of the registry only names and entries are looked at.
    const found = publicPaths(all, registry as unknown as Parameters<typeof publicPaths>[1]);
    expect(found).toEqual(['/verzekeraars', '/verzekeraars/noord', ...items.map(({ id }) => `/datums/${id}`)]);
  });

  it('says in security.txt whom to tell of a hole, for ninety days, and has none where nobody is named', async () => {
    const store = await fresh();
    const clock = () => new Date('2026-11-30T09:30:00Z');
    const contact = { url: 'https://example.org/contact', email: 'veilig@example.org' };
    const { call } = await appFor(store, { publicUrl: 'https://inkoop.example', contact, clock });
    const { headers, body } = await call('GET', '/.well-known/security.txt');
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(body.split('\n')).toEqual([
      'Contact: mailto:veilig@example.org',
      'Contact: https://example.org/contact',
      'Expires: 2027-02-28T00:00:00.000Z',
      'Preferred-Languages: nl, en',
      'Canonical: https://inkoop.example/.well-known/security.txt',
      '',
    ]);
    for (const none of [{}, { url: 'http://example.org/contact' }]) {
      const without = await appFor(store, { contact: none });
      expect((await without.call('GET', '/.well-known/security.txt')).status).toBe(404);
    }
  });

  it('has an icon for what cannot draw the one of the pages', async () => {
    const { app } = await appFor(await fresh());
    const { headers, rawPayload } = await app.inject('/favicon.ico');
    expect(headers['content-type']).toBe('image/x-icon');
    expect([...rawPayload.subarray(0, 6)]).toEqual([0, 0, 1, 0, 2, 0]);
  });
});
