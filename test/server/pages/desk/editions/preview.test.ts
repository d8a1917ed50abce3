import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { addEditor } from '../../../../../db/people/editors.ts';
import { addEntry, getEdition, openDraft } from '../../../../../db/registry/editions/drafts.ts';
import { amendAlone } from '../../../../../db/registry/editions/alone.ts';
import { addRecipient } from '../../../../../db/recipients/recipients.ts';
import type { Store } from '../../../../../db/store/store.ts';
import { previewEdition } from '../../../../../jobs/preview.ts';
import type { Deps } from '../../../../../server/deps.ts';
import { hearingSection } from '../../../../../server/pages/desk/editions/preview/hearing.ts';
import { mailSection } from '../../../../../server/pages/desk/editions/preview/mails.ts';
import { appFor } from '../../../../helpers/app.ts';
import { browserOf, SECURE_URL } from '../../../../helpers/browser.ts';
import { addDeadline, castIn } from '../../../../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../../../../helpers/mail.ts';
import { textOf } from '../../../../helpers/page-text.ts';
import { at } from '../../../../helpers/reminders.ts';
import { onBothDialects } from '../../../../helpers/stores.ts';

const [ED, BO] = ['ed@redactie.example', 'bo@redactie.example'];
const NOON = at('09-02T12:00');
const EARLIER = at('05-02T10:00');
const quoting = (day: string) => [{ document: 'Beleid 2025', section: '6.3', quote: `uiterlijk ${day}`, url: null }];

/** A draft of Ed's that moves the annual plan, and Bo, who has not seen it. */
async function drafting(store: Store, preview?: Deps['preview']) {
  const { ro } = await castIn(store);
  await addConfirmed(store, ro.id, EARLIER, { email: 'ans@zuid.example' });
  const { id, other, plan } = await store.write(async (tx) => {
    const ed = await addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOON);
    await addEditor(tx, { email: BO, label: 'Redactie, Bo', language: 'nl' }, NOON);
    await addRecipient(tx, ro.id, { email: 'bert@zuid.example', leadDays: [14], digest: 'daily' }, EARLIER);
    const plan = await addDeadline(tx, {}, {}, EARLIER);
    const other = await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording' }, EARLIER);
    const by = `person:${ed.id}`;
    const draft = await openDraft(tx, { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025, by }, NOON);
    const content = { rule: { kind: 'fixed' as const, on: '2024-08-30' }, sources: quoting('30 augustus 2024') };
    await addEntry(tx, draft.id, { act: 'amend', deadlineId: plan.id, baseRevision: 1, content, reason: 'Vervroegd <b>', by }, NOON);
    return { id: draft.id, other, plan };
  });
  const clock = { now: NOON };
  const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => clock.now, ...(preview && { preview }) });
  const [ed, bo] = [await browserOf(app, store, ED, NOON), await browserOf(app, store, BO, NOON)];
  // What was due before has left with the codes to sign in.
  clock.now = at('09-02T13:00');
  return { bo, clock, ed, id, other, plan, path: `/redactie/edities/${id}` };
}

onBothDialects('the preview of an edition', (fresh) => {
  it('says who hears of it, what they read and what calendars show, without anything being published', async () => {
    const store = await fresh();
    const { bo, clock, id, other, path } = await drafting(store);
    const api = { door: 'api', by: 'key:k1' } as const;
    await store.write((tx) => amendAlone(tx, other.id, { baseRevision: 1, reason: 'Ander adres', channel: null }, api, clock.now));
    const edition = await bo.get(path);
    expect(edition.body.split(`href="${path}/voorbeeld"`)).toHaveLength(3);
    const { body, headers, status, text } = await bo.get(`${path}/voorbeeld`);
    expect([status, headers.get('cache-control'), headers.get('x-robots-tag')]).toEqual([200, 'no-store', 'noindex']);
    for (const said of [
      'Voorbeeld van Noord, contractjaar 2025',
      'Er is nog niets gepubliceerd',
      '30 augustus 2024 is al voorbij. Niemand krijgt hierover nog een herinnering.',
      'Van deze verzekeraar is nog een editie net gepubliceerd.',
      '1 ontvanger krijgt bericht.',
      'Regio-organisaties 1 ontvanger bij 1 organisatie.',
      'Regio Zuid : 1 adres is nog niet bevestigd. 1 andere ontvanger daar krijgt wel bericht.',
      '1 organisatie krijgt geen bericht, omdat het haar niet aangaat.',
      'Regio-organisaties, met contract, in het Nederlands',
      'Het was dinsdag 1 oktober 2024 (volgens de bron), en wordt vrijdag 30 augustus 2024 (volgens de bron).',
    ])
      expect(text).toContain(said);
    expect(body).not.toMatch(/zuid\.example/);
    expect(body.match(/<h1/g)).toHaveLength(1);
    expect(body).not.toContain('class="button primary"');
    const [, mail = ''] = /<iframe class="mail" sandbox="" srcdoc="([^"]*)"/.exec(body) ?? [];
    expect(textOf(unescaped(mail))).toMatch(/Verschoven: jaarplan met begroting indienen bij Noord .* is nu vrijdag 30 augustus 2024/);
    expect(unescaped(mail)).not.toMatch(/Regio Zuid|zuid\.example/);
    expect(await getEdition(store.read, id)).toMatchObject({ status: 'draft', version: 1 });
  });

  it('says of how many organisations and kinds of readers it shows nothing', () => {
    const hearing = hearingSection({ told: [], unreached: [], untouched: 0, uncounted: 3 });
    expect(textOf(hearing.toString())).toContain('Nog 3 organisaties die met de verzekeraar te maken hebben, zijn niet geteld.');
    const mails = mailSection({ mails: [], undrafted: { kinds: 2, recipients: 5 } });
    expect(textOf(mails.toString())).toContain('Van nog 2 soorten lezers (5 ontvangers) staat hier geen mail.');
  });

  it('is looked for once by who loads the page again, and anew after a change', async () => {
    const store = await fresh();
    let looks = 0;
    const { bo, clock, ed, other, path } = await drafting(store, async (id, by) => {
      looks += 1;
      return previewEdition({ store, settings: { ...SETTINGS, publicUrl: SECURE_URL } }, id, by, NOON);
    });
    const open = async () => (await bo.get(`${path}/voorbeeld`)).text;
    const [first, ...others] = await Promise.all([open(), open(), open()]);
    expect([...others, await open()]).toEqual([first, first, first]);
    expect(looks).toBe(1);
    await store.write((tx) =>
      amendAlone(tx, other.id, { baseRevision: 1, reason: 'Anders', title: 'Anders' }, { door: 'api', by: 'key:k1' }, clock.now),
    );
    expect(await open()).not.toBe(first);
    expect(looks).toBe(2);
    await ed.get(`${path}/voorbeeld`);
    clock.now = new Date(clock.now.getTime() + 60_000);
    await ed.get(`${path}/voorbeeld`);
    expect(looks).toBe(4);
  });

  it('lets a mail have the styles that stand in it, and nothing else', async () => {
    const { bo, path } = await drafting(await fresh());
    const { body, headers } = await bo.get(`${path}/voorbeeld`);
    const policy = headers.get('content-security-policy') ?? '';
    const allowed = [...policy.matchAll(/'sha256-([^']+)'/g)].map(([, hash]) => hash);
    const styles = [...unescaped(body).matchAll(/ style="([^"]*)"/g)].map(([, style = '']) => style);
    expect(styles.length).toBeGreaterThan(5);
    expect([...new Set(styles.map((style) => createHash('sha256').update(style).digest('base64')))].sort()).toEqual(allowed.sort());
    expect(policy).toMatch(/style-src 'self' 'unsafe-hashes' 'sha256-/);
    expect(policy).not.toContain('unsafe-inline');
    expect((await bo.get(path)).headers.get('content-security-policy')).not.toContain('unsafe');
  });

  it('says what still keeps a draft from being published, leads on where it is none any more, and is nobody else’s', async () => {
    const store = await fresh();
    const { bo, ed, id, path, plan } = await drafting(store);
    const { editionEntries } = store.read.tables;
    await store.write((tx) => tx.update(editionEntries).set({ reason: null }));
    const refused = await ed.get(`${path}/voorbeeld`);
    expect([refused.status, refused.text]).toEqual([200, expect.stringContaining('De editie kan zo niet worden gepubliceerd:')]);
    expect(refused.text).toContain(`${plan.title}: `);
    expect(refused.body).not.toContain('<iframe');
    await store.write((tx) => tx.delete(editionEntries));
    expect((await ed.get(`${path}/voorbeeld`)).text).toContain('Er staat nog niets in deze editie.');
    expect((await ed.get(path)).body).not.toContain('/voorbeeld"');
    await store.write((tx) => tx.update(tx.tables.editions).set({ status: 'discarded' }));
    expect((await bo.get(`${path}/voorbeeld`)).location).toBe(path);
    expect((await ed.get('/redactie/edities/nergens/voorbeeld')).status).toBe(404);
    expect((await ed.get(`/en${path}/voorbeeld`)).status).toBe(404);
    expect(await getEdition(store.read, id)).toMatchObject({ status: 'discarded' });
  });
});

const unescaped = (text: string) =>
  [
    ['&lt;', '<'],
    ['&gt;', '>'],
    ['&quot;', '"'],
    ['&#39;', "'"],
    ['&amp;', '&'],
  ].reduce((all, [from, to]) => all.replaceAll(from!, to!), text);
