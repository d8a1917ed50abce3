import { expect, it } from 'vitest';
import { appFor } from '../../../helpers/app.ts';
import { onSqlite } from '../../../helpers/stores.ts';

onSqlite('the pages about the service', (fresh) => {
  it('say who runs it and how to reach them, and how long mails are kept', async () => {
    const operator = { name: 'Zorg <& Zo>', address: 'Straat 1, 1234 AB Plaats' };
    const contact = { url: 'https://example.org/contact', email: 'hulp@example.org' };
    const { call } = await appFor(await fresh(), { operator, contact, retentionMonths: 7 });
    for (const path of ['/privacy', '/toegankelijkheid', '/en/privacy', '/en/toegankelijkheid']) {
      const { body } = await call('GET', path);
      for (const part of ['Zorg &lt;&amp; Zo&gt;', operator.address, 'href="mailto:hulp@example.org"', `href="${contact.url}"`])
        expect(body, path).toContain(part);
      expect(body).not.toMatch(/nog niet ingevuld|not filled in/);
    }
    expect((await call('GET', '/privacy')).body).toContain('7 maanden.');
    expect((await call('GET', '/en/privacy')).body).toContain('7 months.');
  });

  it('say that nobody filled it in, where nobody did', async () => {
    const { call } = await appFor(await fresh());
    for (const path of ['/privacy', '/toegankelijkheid']) {
      const { body } = await call('GET', path);
      expect(body).toContain('De beheerder van deze Inkoopkalender heeft zijn naam hier nog niet ingevuld.');
      expect(body).toContain('nog geen e-mailadres of website ingevuld');
    }
  });

  it('are led to by the footer of every page, in its language, and are described to who finds them elsewhere', async () => {
    const { call } = await appFor(await fresh());
    expect((await call('GET', '/')).body).toMatch(/href="\/privacy"[^]*href="\/toegankelijkheid"/);
    const { body } = await call('GET', '/en');
    expect(body).toMatch(/href="\/en\/privacy"[^]*href="\/en\/toegankelijkheid"/);
    expect(body).toContain('<meta property="og:url" content="http://inkoop.example/en" />');
    expect(body).toContain('<meta property="og:locale" content="en_GB" />');
    expect(body).toMatch(/<meta property="og:description" content="[^"]{40,}" \/>/);
    expect(body).not.toContain('og:image');
    expect((await call('GET', '/niets', { headers: { accept: 'text/html' } })).body).not.toContain('og:');
  });
});
