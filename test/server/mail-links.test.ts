import { expect, it } from 'vitest';
import { addRecipient, getRecipient, removeRecipient } from '../../db/recipients/recipients.ts';
import { signLink } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor } from '../helpers/app.ts';
import { addOrganisation, castIn, NOW } from '../helpers/cast.ts';
import { SETTINGS } from '../helpers/mail.ts';
import { onBothDialects } from '../helpers/stores.ts';

const INPUT = { email: 'a@example.org', leadDays: [14], digest: 'daily' as const };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function linksFor(store: Store, organisationId: string) {
  const { id } = await store.write((tx) => addRecipient(tx, organisationId, INPUT, NOW));
  return {
    id,
    confirm: `/confirm/${signLink(SETTINGS.secret, 'confirm', id)}`,
    unsubscribe: `/unsubscribe/${signLink(SETTINGS.secret, 'unsubscribe', id)}`,
    status: async () => (await getRecipient(store.read, id)).status,
  };
}

onBothDialects('the links in mails', (fresh) => {
  it('confirm by the button alone: opening one changes nothing, however often a scanner does', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    let rings = 0;
    const { call } = await appFor(store, { secret: SETTINGS.secret, ring: () => void (rings += 1) });
    const link = await linksFor(store, ro.id);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const { status, headers } = await call(method, link.confirm);
      expect([status, headers['cache-control'], headers['x-robots-tag']]).toEqual([200, 'no-store', 'noindex']);
    }
    expect([await link.status(), rings]).toEqual(['pending', 0]);
    const { body } = await call('GET', link.confirm);
    expect(body).toContain('<html lang="nl">');
    expect(body).toContain('Regio Zuid wil herinneringen aan deadlines van de zorginkoop sturen naar a@example.org.');
    expect(body).toContain('<form method="post"><button type="submit" class="button primary">Ja, stuur mij herinneringen</button></form>');
    const done = await call('POST', link.confirm, { headers: FORM, body: '' });
    expect([done.status, await link.status(), rings]).toEqual([200, 'confirmed', 1]);
    expect(done.body).toContain('Uw adres is bevestigd');
    expect((await call('POST', link.confirm, { headers: FORM, body: '' })).body).toBe(done.body);
    expect((await call('GET', link.confirm)).body).toBe(done.body);
    const { messages } = store.read.tables;
    expect(await store.read.$count(messages)).toBe(2);
  });

  it('show no name that turns the direction of the text or hides a part of itself', async () => {
    const store = await fresh();
    const ro = await store.write((tx) => addOrganisation(tx, { name: 'Regio \u202eduiZ\u2066\u200f\u200b<b>', insurers: [] }));
    const { call } = await appFor(store, { secret: SETTINGS.secret });
    const { confirm } = await linksFor(store, ro.id);
    const { body } = await call('GET', confirm);
    expect(body).toContain('Regio duiZ&lt;b&gt; wil herinneringen');
    expect(body).not.toMatch(/[\u200b\u200f\u202a-\u202e\u2066-\u2069]/);
  });

  it.each([
    ['a form', FORM, ''],
    ['a mail program, as a form', FORM, 'List-Unsubscribe=One-Click'],
    [
      'a mail program, in parts',
      { 'content-type': 'multipart/form-data; boundary=x' },
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    ],
    ['nothing at all', {}, undefined],
  ])('unsubscribe by POST from %s, without any cookie or key', async (_, headers, payload) => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { app, call } = await appFor(store, { secret: SETTINGS.secret });
    const link = await linksFor(store, ro.id);
    expect((await call('GET', link.unsubscribe)).body).toContain(
      '<button type="submit" class="button grave">Meld mij af voor alle mails</button>',
    );
    expect(await link.status()).toBe('pending');
    const answer = await app.inject({ method: 'POST', url: link.unsubscribe, headers, ...(payload === undefined ? {} : { payload }) });
    expect([answer.statusCode, await link.status()]).toEqual([200, 'unsubscribed']);
    expect(answer.body).toContain('U bent afgemeld');
    expect((await call('POST', link.unsubscribe)).body).toBe(answer.body);
    expect((await call('GET', link.unsubscribe)).body).toBe(answer.body);
    const late = await call('POST', link.confirm);
    expect([late.status, await link.status()]).toEqual([410, 'unsubscribed']);
    expect((await call('GET', link.confirm)).status).toBe(410);
  });

  it('lead nowhere when they are wrong, of another kind, or of somebody who was removed, and all say the same', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store, { secret: SETTINGS.secret });
    const link = await linksFor(store, ro.id);
    const forged = signLink('another secret of at least 32 letters', 'confirm', link.id);
    const headers = { accept: 'text/html' };
    const wrong = [
      `/confirm/${forged}`,
      link.unsubscribe.replace('unsubscribe', 'confirm'),
      `${link.confirm}x`,
      '/confirm/x',
      `/confirm/${link.id}.`,
      '/unsubscribe/%00',
    ];
    const pages = new Set<string>();
    for (const path of wrong) {
      for (const method of ['GET', 'POST']) {
        const { status, body } = await call(method, path, { headers });
        expect([path, status]).toEqual([path, 404]);
        pages.add(body);
      }
    }
    await store.write((tx) => removeRecipient(tx, ro.id, link.id, NOW));
    const { status, body } = await call('GET', link.confirm, { headers });
    expect(status).toBe(404);
    pages.add(body);
    expect(pages.size).toBe(1);
    expect([...pages][0]).toContain('Niet gevonden');
  });

  it('speak the organisation’s language, and let no name break the page', async () => {
    const store = await fresh();
    await castIn(store);
    const made = await store.write((tx) => addOrganisation(tx, { name: '<script>alert(1)</script>', language: 'en' }));
    const { call } = await appFor(store, { secret: SETTINGS.secret });
    const link = await linksFor(store, made.id);
    const { body, headers } = await call('GET', link.confirm);
    expect(headers['content-language']).toBe('en');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt; wants to send reminders');
    expect(body).not.toContain('<script>');
  });

  it('take no large body', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store, { secret: SETTINGS.secret });
    const link = await linksFor(store, ro.id);
    expect((await call('POST', link.unsubscribe, { headers: FORM, body: 'x'.repeat(20_000) })).status).toBe(413);
    expect(await link.status()).toBe('pending');
  });
});
