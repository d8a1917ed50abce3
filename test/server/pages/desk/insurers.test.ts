import { expect, it } from 'vitest';
import { addEditor } from '../../../../db/people/editors.ts';
import { getInsurer } from '../../../../db/registry/insurers.ts';
import type { Store } from '../../../../db/store/store.ts';
import { appFor } from '../../../helpers/app.ts';
import { browserOf, SECURE_URL, type TestBrowser } from '../../../helpers/browser.ts';
import { castIn } from '../../../helpers/cast.ts';
import { at } from '../../../helpers/reminders.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const [ED, EVA] = ['ed@redactie.example', 'eva@redactie.example'];
const NOON = at('09-02T12:00');

async function editing(store: Store) {
  await castIn(store);
  for (const [email, label] of [
    [ED, 'Ed'],
    [EVA, 'Eva'],
  ] as const)
    await store.write((tx) => addEditor(tx, { email, label, language: 'nl' }, NOON));
  const { app, call } = await appFor(store, { publicUrl: SECURE_URL, clock: () => NOON });
  return { app, call, browser: await browserOf(app, store, ED, NOON) };
}

const unescape = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The form of a page as it stands there. */
function formIn(body: string): Record<string, string> {
  const main = body.slice(body.indexOf('<main'));
  const inputs = [...main.matchAll(/<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"/gs)].map(([, name, value]) => [name!, value!]);
  const texts = [...main.matchAll(/<textarea[^>]*?name="([^"]+)"[^>]*>\n?([^<]*)/gs)].map(([, name, value]) => [name!, value!]);
  const chosen = [...main.matchAll(/<select[^>]*?name="([^"]+)"[^>]*>.*?value="([^"]+)"\s+selected/gs)].map(([, name, value]) => [
    name!,
    value!,
  ]);
  return Object.fromEntries([...inputs, ...texts, ...chosen].map(([name, value]) => [name!, unescape(value!)]));
}

const formAt = async (browser: TestBrowser, path: string) => formIn((await browser.get(path)).body);
const auditOf = async (store: Store) => {
  const { audit } = store.read.tables;
  return (await store.read.select().from(audit)).filter(({ by }) => by.startsWith('person:'));
};

onBothDialects('insurers, for editors,', (fresh) => {
  it('are added with their contacts, stand before readers at once, and are told of by the audit', async () => {
    const store = await fresh();
    const { browser, call } = await editing(store);
    const list = await browser.get('/redactie/verzekeraars');
    expect(list.text).toMatch(/Nieuwe verzekeraar Noord zorgverzekeraar, nog geen contact Oost/);
    const form = await formAt(browser, '/redactie/verzekeraars/nieuw');
    const typed = {
      ...form,
      name: ' Zórg & Zo ',
      kind: 'purchasing_party',
      website: 'https://zorgenzo.example',
      aliases: 'ZZ\r\n\r\nZorgzo',
    };
    const filled = { ...typed, 'contact-0-purpose': 'Vragen over contracten', 'contact-0-email': 'inkoop@zorgenzo.example' };
    // One more contact keeps nothing, and loses nothing.
    const room = await browser.post('/redactie/verzekeraars/nieuw', { ...filled, doe: 'contact' });
    expect(room.status).toBe(200);
    expect(formIn(room.body)).toMatchObject({ name: 'Zórg & Zo', aliases: 'ZZ\nZorgzo', 'contact-1-purpose': '' });
    const both = {
      ...formIn(room.body),
      'contact-1-purpose': 'Spoed',
      'contact-1-phone': '010 123 45 67',
      'contact-1-hours': 'tussen 8 en 12',
    };
    const sent = await browser.post('/redactie/verzekeraars/nieuw', {
      ...both,
      remarks: 'Koopt voor drie verzekeraars in.',
      doe: 'opslaan',
    });
    expect([sent.status, sent.location?.split('?')[0]]).toEqual([303, '/redactie/verzekeraars/zorg-zo/gegevens']);
    const added = await browser.get(sent.location!);
    expect(added.text).toContain('De verzekeraar staat erin. Voer nu het beleid in');
    expect(added.body).toContain('href="/redactie/documenten/nieuw?verzekeraar=zorg-zo"');
    expect(await getInsurer(store.read, 'zorg-zo')).toMatchObject({
      name: 'Zórg & Zo',
      kind: 'purchasing_party',
      website: 'https://zorgenzo.example',
      aliases: ['ZZ', 'Zorgzo'],
      remarks: ['Koopt voor drie verzekeraars in.'],
      contacts: [
        { purpose: 'Vragen over contracten', email: 'inkoop@zorgenzo.example', phone: null, url: null, hours: null },
        { purpose: 'Spoed', email: null, phone: '010 123 45 67', url: null, hours: 'tussen 8 en 12' },
      ],
    });
    expect(await auditOf(store)).toMatchObject([{ what: 'insurer', subject: 'zorg-zo', before: null, after: { name: 'Zórg & Zo' } }]);
    // What holds for all is there for the new one too: the days are assumed, and nobody is told.
    const { body } = await call('GET', 'insurers/zorg-zo');
    expect(body.timelines.map(({ contractYear }: { contractYear: number }) => contractYear)).toEqual([2025, 2026]);
    const twice = await browser.post('/redactie/verzekeraars/nieuw', { ...form, name: 'zorg zo', doe: 'opslaan' });
    expect([twice.status, twice.text.includes('Er is al een verzekeraar met deze naam.')]).toEqual([400, true]);
  });

  it('are refused with every fault beside its field, and what was typed stays', async () => {
    const store = await fresh();
    const { browser } = await editing(store);
    const form = await formAt(browser, '/redactie/verzekeraars/nieuw');
    const faulty = {
      ...form,
      name: '',
      website: 'javascript:alert(1)',
      'contact-0-purpose': '<b>Vragen</b>',
      'contact-1-purpose': '',
      'contact-1-email': 'geen adres',
      'contact-2-purpose': 'Lang',
      'contact-2-phone': '1'.repeat(60),
    };
    const refused = await browser.post('/redactie/verzekeraars/nieuw', faulty);
    expect(refused.status).toBe(400);
    for (const said of [
      'Vul de naam in.',
      'Vul een webadres in dat begint met https:// of http://.',
      'Vul bij contact 1 een e-mailadres, een telefoonnummer of een webadres in.',
      'Vul in waarvoor contact 2 is.',
      'Het e-mailadres van contact 2 klopt niet.',
      'Dit mag bij contact 3 hooguit 50 tekens lang zijn: Telefoonnummer.',
    ])
      expect(refused.text.split(said)).toHaveLength(3);
    expect(refused.body).toContain('href="#contact-1-email"');
    expect(formIn(refused.body)).toMatchObject({ 'contact-0-purpose': '<b>Vragen</b>', 'contact-1-email': 'geen adres' });
    for (const name of ['selection', 'Nieuw', '!!!'])
      expect((await browser.post('/redactie/verzekeraars/nieuw', { ...form, name })).text).toContain('Kies een langere naam.');
    expect(await auditOf(store)).toEqual([]);
  });

  it('are changed by two at once without a loss: the second sees what the first wrote, and decides', async () => {
    const store = await fresh();
    const { app, browser } = await editing(store);
    const other = await browserOf(app, store, EVA, NOON);
    const path = '/redactie/verzekeraars/noord/gegevens';
    const [mine, theirs] = [await formAt(browser, path), await formAt(other, path)];
    const first = await other.post(path, {
      ...theirs,
      website: 'https://noord.example/nieuw',
      'contact-0-purpose': 'Vragen',
      'contact-0-phone': '1',
    });
    expect(first.status).toBe(303);
    const second = await browser.post(path, { ...mine, name: 'Noord Zorg' });
    expect(second.status).toBe(409);
    expect(second.text).toContain('Iemand anders heeft deze gegevens intussen gewijzigd.');
    expect(second.text).toMatch(/Wat er nu vastligt Naam Noord Website https:\/\/noord\.example\/nieuw Contacten Vragen, 1/);
    expect(await getInsurer(store.read, 'noord')).toMatchObject({ name: 'Noord', website: 'https://noord.example/nieuw' });
    const merged = { ...formIn(second.body), website: 'https://noord.example/nieuw' };
    expect((await browser.post(path, merged)).status).toBe(303);
    expect(await getInsurer(store.read, 'noord')).toMatchObject({
      name: 'Noord Zorg',
      website: 'https://noord.example/nieuw',
      contacts: [],
    });
    // What comes from no session is kept, and nothing of it is done.
    const form = await formAt(browser, path);
    const both = await Promise.all([browser, other].map((one, i) => one.post(path, { ...form, session: '', aliases: `N${i}` })));
    expect(both.map(({ status }) => status)).toEqual([409, 409]);
    expect(await getInsurer(store.read, 'noord')).toMatchObject({ aliases: [] });
    // Both at one moment: one of them is told.
    const [one, two] = [await formAt(browser, path), await formAt(other, path)];
    const raced = await Promise.all([browser.post(path, { ...one, aliases: 'N1' }), other.post(path, { ...two, aliases: 'N2' })]);
    expect(raced.map(({ status }) => status).sort()).toEqual([303, 409]);
    const people = new Set((await auditOf(store)).map(({ by }) => by));
    expect(people.size).toBe(2);
  });

  it('are to be found from the list of what is to be checked, and are not there under another slug', async () => {
    const store = await fresh();
    const { browser } = await editing(store);
    expect((await browser.get('/redactie/verzekeraars/noord')).body).toContain('href="/redactie/verzekeraars/noord/gegevens"');
    for (const slug of ['selection', 'nergens']) expect((await browser.get(`/redactie/verzekeraars/${slug}/gegevens`)).status).toBe(404);
    expect((await browser.post('/redactie/verzekeraars/nergens/gegevens', { name: 'X' })).status).toBe(404);
  });
});
