import { expect, it } from 'vitest';
import { addEditor } from '../../../../db/people/editors.ts';
import { amendDeadline } from '../../../../db/registry/amending.ts';
import { getInsurer } from '../../../../db/registry/insurers.ts';
import { findDeskDocument } from '../../../../db/registry/documents/documents.ts';
import { addEntry, entriesOf, listDrafts, openDraft, removeEntry } from '../../../../db/registry/editions/drafts.ts';
import { readEdition } from '../../../../db/registry/editions/reading.ts';
import type { Store } from '../../../../db/store/store.ts';
import type { App } from '../../../../server/deps.ts';
import { appFor } from '../../../helpers/app.ts';
import { browserOf, OURS, SECURE_URL, type TestBrowser } from '../../../helpers/browser.ts';
import { addDeadline, castIn } from '../../../helpers/cast.ts';
import { textOf } from '../../../helpers/page-text.ts';
import { HOSTILE, pdfOfText } from '../../../helpers/pdf.ts';
import { memberOf } from '../../../helpers/people.ts';
import { at } from '../../../helpers/reminders.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const ED = 'ed@redactie.example';
const NOON = at('09-02T12:00');
const NEW = '/redactie/documenten/nieuw';

/** A short policy with a duty that stands there twice, a day without a year, and one that nobody can read. */
const POLICY = `1 Inleiding

Noord koopt ketenzorg in. De regeling van 1 juli 2020 is vervallen.

5.3 Jaarplan

Gecontracteerde regio-organisaties dienen een jaarplan met een begroting in via inkoop@noord.example voor 1 oktober 2024.

6 Planning

Uiterste datum Wat
1 oktober 2024 Het jaarplan met de begroting indienen. Wie te laat is, krijgt mogelijk een afslag op het tarief.
31 augustus 2024 Aanvraag voor een overeenkomst indienen.
3l 0ktob€r 2024 Gesprek over de stukken.

De jaarstukken dient u uiterlijk 1 mei in.
`;

async function editing(store: Store) {
  const { ro } = await castIn(store);
  await store.write((tx) => addEditor(tx, { email: ED, label: 'Ed', language: 'nl' }, NOON));
  await memberOf(store, ro.id, 'anna@ro.example', NOON);
  const { app, call } = await appFor(store, { publicUrl: SECURE_URL, clock: () => NOON });
  return { app, call, browser: await browserOf(app, store, ED, NOON) };
}

interface Sending {
  fields?: Record<string, string>;
  file?: File;
}

const TYPED = { insurer: 'noord', contractYear: '2025', careType: 'multidisciplinary_care', title: 'Beleid 2025', version: '', url: '' };
const pdfFile = (bytes: Buffer, name = 'beleid.pdf') => new File([new Uint8Array(bytes)], name, { type: 'application/pdf' });

/** Sends the form as a browser does: in parts, the file last. */
async function send(app: App, browser: TestBrowser, { fields = {}, file }: Sending = {}) {
  const session = /name="session" value="([^"]+)"/.exec((await browser.get(NEW)).body)?.[1] ?? '';
  const form = new FormData();
  const all = { session, ...TYPED, publishedOn: '2024-04-01', text: '', ...fields };
  for (const [name, value] of Object.entries(all)) form.append(name, value);
  form.append('file', file ?? new File([], ''));
  const address = app.server.address() as { port: number };
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { accept: 'text/html', cookie, ...OURS };
  const answer = await fetch(`http://127.0.0.1:${address.port}${NEW}`, { method: 'POST', body: form, headers, redirect: 'manual' });
  const body = await answer.text();
  return { status: answer.status, body, text: textOf(body), location: answer.headers.get('location') };
}

const pathOf = (location: string | null) => location?.split('?')[0] ?? '';
const filesIn = async (store: Store) => store.read.select().from(store.read.tables.documentFiles);
const idOf = (body: string, words: string) =>
  [...body.matchAll(/<li class="proposal" id="kaart-(\w+)">(.*?)<\/li>/gs)].find(([, , card]) => card!.includes(words))?.[1] ?? '';

onBothDialects('documents, for editors,', (fresh) => {
  it('are read once, kept for good, and stand before readers by name, day and hash: the file is for editors alone', async () => {
    const store = await fresh();
    const { app, browser, call } = await editing(store);
    const bytes = pdfOfText(
      `1 Planning\n\nHet jaarplan dient u uiterlijk 1 oktober 2024 in.\f2 Slot\n\nStuur uw aanvraag voor 31 augustus 2024 in.`,
    );
    const sent = await send(app, browser, {
      file: pdfFile(bytes, '../../<b>"x".pdf'),
      fields: { url: 'https://noord.example/2025.pdf', version: '1' },
    });
    expect(sent.status).toBe(303);
    const path = pathOf(sent.location);
    const page = await browser.get(sent.location!);
    expect(page.text).toContain('Het document is gelezen en bewaard.');
    expect(page.text).toContain(
      'Verschenen op 1 april 2024. Versie 1. Voor contractjaar 2025, multidisciplinaire zorg. Pdf met 2 bladzijden.',
    );
    expect(page.text).toContain('2 voorstellen om te beoordelen');
    const [file] = await filesIn(store);
    expect(file).toMatchObject({
      mediaType: 'application/pdf',
      pages: 2,
      fileName: '../../<b>"x".pdf',
      hash: expect.stringMatching(/^[\da-f]{64}$/),
    });
    expect(Buffer.compare(file!.bytes, bytes)).toBe(0);
    const download = await browser.get(`${path}/bestand`);
    expect([download.status, download.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename="noord-2025-[\da-f]{12}\.pdf"$/);
    expect(download.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(download.headers.get('x-content-type-options')).toBe('nosniff');
    expect(download.headers.get('cache-control')).toBe('no-store');
    expect((await getInsurer(store.read, 'noord')).documents).toMatchObject([{ title: 'Beleid 2025', hash: file!.hash }]);
    const { body } = await call('GET', 'insurers/noord');
    const shown = {
      title: 'Beleid 2025',
      version: '1',
      url: 'https://noord.example/2025.pdf',
      publishedOn: '2024-04-01',
      hash: file!.hash,
      remarks: [],
    };
    expect(body.documents).toEqual([shown]);
    expect((await browser.get('/verzekeraars/noord/2025')).text).toContain(`Vingerafdruk (SHA-256): ${file!.hash}`);
    const anna = await browserOf(app, store, 'anna@ro.example', NOON);
    for (const one of [path, `${path}/bestand`]) expect((await anna.get(one)).status).toBe(404);
    const { audit } = store.read.tables;
    const audited = (await store.read.select().from(audit)).filter(({ by }) => by.startsWith('person:')).map(({ what }) => what);
    expect(audited.sort()).toEqual(['document', 'document', 'insurer']);
  });

  it('that are there already lead to themselves, and then are for this year and kind of care too', async () => {
    const store = await fresh();
    const { app, browser } = await editing(store);
    const first = await send(app, browser, { fields: { text: POLICY } });
    const again = await send(app, browser, { fields: { text: POLICY.replaceAll('\n', '\r\n'), title: 'Anders', careType: 'gp_care' } });
    expect(pathOf(again.location)).toBe(pathOf(first.location));
    const page = await browser.get(again.location!);
    expect(page.text).toContain('Dit document stond er al.');
    expect(page.text).toContain('Voor contractjaar 2025, huisartsenzorg. Voor contractjaar 2025, multidisciplinaire zorg.');
    const other = await send(app, browser, { fields: { text: POLICY, insurer: 'oost' } });
    expect(pathOf(other.location)).toMatch(/documenten\/oost-2025-/);
    const recorded = { url: 'https://noord.example/2026', title: 'Beleid 2026' };
    const [one, two] = [await send(app, browser, { fields: recorded }), await send(app, browser, { fields: recorded })];
    expect(pathOf(one.location)).toBe(pathOf(two.location));
    expect((await browser.get(one.location!)).text).toContain('Van dit document is alleen het adres vastgelegd.');
    expect(await filesIn(store)).toHaveLength(2);
    expect((await browser.get('/redactie/documenten')).text).toMatch(/Noord Beleid 20\d\d .* Oost Beleid 2025/);
    const sector = await send(app, browser, { fields: { text: POLICY, insurer: 'selection', title: 'Regeling' } });
    expect(pathOf(sector.location)).toMatch(/documenten\/sector-2025-/);
    expect((await browser.get('/redactie/verzekeraars/noord/documenten')).text).not.toContain('Regeling');
  });

  it(
    'that cannot be read are refused beside the field, with what was typed kept, and nothing is stored',
    { timeout: 300_000 },
    async () => {
      const store = await fresh();
      const { app, browser } = await editing(store);
      // What counts more pages than it has is read: it has one.
      const words: Record<Exclude<keyof typeof HOSTILE, 'countsTooMany'>, string> = {
        encrypted: 'Op dit bestand zit een wachtwoord.',
        cutOff: 'Dit bestand is beschadigd of niet heel.',
        cutOffInside: 'Dit bestand is beschadigd of niet heel.',
        tenThousandPages: 'Dit bestand heeft meer dan 500 bladzijden.',
        inflating: 'Dit bestand is te groot om te lezen.',
        cyclic: 'Dit bestand is beschadigd of niet heel.',
        withScript: 'In dit bestand zit een programma.',
        withNamedScript: 'In dit bestand zit een programma.',
        picture: 'Dit is geen pdf.',
        web: 'Dit is geen pdf.',
        archive: 'Dit is geen pdf.',
        nothing: 'Dit is geen pdf.',
        picturesOnly: 'Dit bestand bevat alleen plaatjes. Plak de tekst.',
      };
      for (const [name, said] of Object.entries(words)) {
        const refused = await send(app, browser, { file: pdfFile(HOSTILE[name as keyof typeof HOSTILE]()) });
        expect([name, refused.status]).toEqual([name, 400]);
        expect(refused.body, name).toMatch(new RegExp(`id="file-error">${said.replaceAll('.', '\\.')}`));
        expect(refused.body, name).toContain('value="Beleid 2025"');
      }
      const large = await send(app, browser, { file: pdfFile(Buffer.alloc(22 * 2 ** 20, 'x')) });
      expect([large.status, large.text.includes('Dit bestand is te groot om te lezen.')]).toEqual([400, true]);
      expect(large.body).toContain('value="Beleid 2025"');
      const binary = new File([new Uint8Array([1, 0, 2])], 'x.txt', { type: 'text/plain' });
      expect((await send(app, browser, { file: binary })).text).toContain('In dit bestand staat geen tekst.');
      expect((await send(app, browser, { file: pdfFile(pdfOfText('x')), fields: { text: 'x' } })).text).toContain('niet allebei');
      const faulty = await send(app, browser, {
        fields: { insurer: 'nergens', contractYear: '27', title: '', publishedOn: 'morgen', url: 'x' },
      });
      for (const said of [
        'Kies een verzekeraar.',
        'contractjaar van vier cijfers',
        'Vul de titel in.',
        'Vul een dag in',
        'Vul een webadres in',
      ])
        expect(faulty.text).toContain(said);
      expect((await send(app, browser, { fields: { publishedOn: '' } })).text).toContain(
        'Kies een bestand, plak de tekst of vul een webadres in.',
      );
      expect(await filesIn(store)).toEqual([]);
      expect(await store.read.$count(store.read.tables.documents)).toBe(0);
    },
  );

  it('are taken as a text file too, whatever Windows wrote and whatever no database keeps', async () => {
    const store = await fresh();
    const { app, browser } = await editing(store);
    const windows = new File(
      [Buffer.from('Het plan dient u uiterlijk 1 oktober 2024 in, zonder vertraging in caf\xe9s.', 'latin1')],
      'x.TXT',
    );
    expect((await send(app, browser, { file: windows })).status).toBe(303);
    expect((await send(app, browser, { fields: { text: 'Half een teken: \ud800 \0 uiterlijk 1 oktober 2024.' } })).status).toBe(303);
    const texts = (await filesIn(store)).map(({ text }) => text);
    expect(texts.some((text) => text.includes('cafés'))).toBe(true);
  });

  it('are taken from editors alone; who was signed out meanwhile finds again what was typed', async () => {
    const store = await fresh();
    const { app } = await editing(store);
    const anna = await browserOf(app, store, 'anna@ro.example', NOON);
    expect((await send(app, anna, { fields: { text: POLICY } })).status).toBe(404);
    expect((await send(app, anna, { fields: { text: POLICY, session: '' } })).status).toBe(409);
    anna.cookies.clear();
    const large = pdfFile(Buffer.alloc(200_000, 'x'));
    const signedOut = await send(app, anna, { fields: { url: 'https://noord.example/x', session: '' }, file: large });
    expect(signedOut.status).toBe(401);
    expect(signedOut.text).toContain('Veld url https://noord.example/x');
    // A text that does not fit is not kept in part.
    const long = await send(app, anna, { fields: { text: 'x'.repeat(100_000), session: '' } });
    expect([long.status, long.text.includes('xxx')]).toEqual([401, false]);
    expect(await filesIn(store)).toEqual([]);
  });

  it('have a card that two editors change without a loss', async () => {
    const store = await fresh();
    const { app, browser } = await editing(store);
    const path = pathOf((await send(app, browser, { fields: { text: POLICY } })).location);
    const form = await browser.get(`${path}/gegevens`);
    const seen = /name="seen" value="(\w+)"/.exec(form.body)![1]!;
    const typed = { seen, title: 'Beleid 2025', version: '2', publishedOn: '2-4-2024', url: 'https://noord.example/2025.pdf' };
    expect(pathOf((await browser.post(`${path}/gegevens`, typed)).location)).toBe(path);
    const stale = await browser.post(`${path}/gegevens`, { ...typed, version: '3' });
    expect([stale.status, stale.text.includes('Iemand anders heeft deze gegevens intussen gewijzigd.')]).toEqual([409, true]);
    expect((await getInsurer(store.read, 'noord')).documents).toMatchObject([{ version: '2', publishedOn: '2024-04-02' }]);
    expect((await browser.post(`${path}/gegevens`, { ...typed, title: '' })).text).toContain('Vul de titel in.');
  });
});

onBothDialects('what a document proposes', (fresh) => {
  const reading = async () => {
    const store = await fresh();
    const { app, browser } = await editing(store);
    const path = pathOf((await send(app, browser, { fields: { text: POLICY } })).location);
    return { app, browser, path, store };
  };

  it('stands beside its text: each card leads to its sentence, and each sentence to its card', async () => {
    const { browser, path } = await reading();
    const { body, text } = await browser.get(path);
    expect(text).toContain('Deze zinnen gaan over hetzelfde.');
    expect(text).toMatch(
      /Jaarplan met begroting indienen 1 oktober 2024 Het jaarplan .* Wanneer uiterlijk 1 oktober 2024 .* Laatste veilige dag 30 september 2024/,
    );
    expect(text).toContain('Wanneer jaar niet gedrukt');
    expect(text).toMatch(/\d plekk?(en)? (is|zijn) niet te lezen .*3l 0ktob€r 2024/);
    expect(text).toMatch(/1 datum die alleen genoemd wordt 1 juli 2020/);
    for (const [, target] of body.matchAll(/href="#((?:kaart|zin|plek)-[\w-]+)"/g)) expect(body.split(`id="${target}"`)).toHaveLength(2);
    const ids = [...body.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // The text stands there letter for letter.
    expect(body.replaceAll(/<[^>]+>/g, '')).toContain('6 Planning\n\nUiterste datum Wat\n1 oktober 2024 Het jaarplan');
  });

  it('is rejected with a reason, stays so in the next version, and can be taken back', async () => {
    const { app, browser, path } = await reading();
    const id = idOf((await browser.get(path)).body, 'Zorgovereenkomst aanvragen');
    const bare = await browser.post(path, { card: id, doe: 'reject' });
    expect([bare.status, bare.text.includes('Vul in waarom dit er niet in hoort.')]).toEqual([400, true]);
    const rejected = await browser.post(path, { card: id, doe: 'reject', [`reason-${id}`]: 'Geldt voor <andere> zorg' });
    expect([rejected.status, rejected.location!.includes('#kaart-')]).toEqual([303, true]);
    expect((await browser.get(rejected.location!)).body).toContain('Afgewezen door Ed: Geldt voor &lt;andere&gt; zorg');
    const next = await send(app, browser, {
      fields: { text: `${POLICY}\nNieuw in deze versie.`.replace('Aanvraag voor', 'Aanvraag  voor') },
    });
    const nextPath = pathOf(next.location);
    expect(nextPath).not.toBe(path);
    const again = await browser.get(nextPath);
    expect(again.text).toContain('Afgewezen door Ed');
    expect((await browser.post(nextPath, { card: id, doe: 'back' })).status).toBe(303);
    for (const one of [path, nextPath]) expect((await browser.get(one)).text).not.toContain('Afgewezen door Ed');
    expect((await browser.post(path, { card: 'x', doe: 'back' })).status).toBe(404);
  });

  it('is accepted into the draft of its year and kind of care, once, with both its sentences and what stood around them', async () => {
    const { browser, path, store } = await reading();
    const id = idOf((await browser.get(path)).body, 'Jaarplan met begroting indienen');
    await browser.post(path, { card: id, doe: 'reject', [`reason-${id}`]: 'Vergissing' });
    for (let twice = 0; twice < 2; twice++) {
      const sent = await browser.post(path, { card: id, doe: 'accept', scope: '2025/multidisciplinary_care' });
      expect(sent.status).toBe(303);
    }
    const [draft] = await listDrafts(store.read);
    expect(draft!.edition).toMatchObject({ insurerSlug: 'noord', contractYear: 2025, careType: 'multidisciplinary_care', status: 'draft' });
    const entries = await entriesOf(store.read, draft!.edition.id);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      act: 'enter',
      activity: 'annual_plan',
      documentKey: path.split('/').at(-1),
      content: {
        rule: { kind: 'fixed', on: '2024-10-01' },
        conflict: { days: ['2024-09-30', '2024-10-01'] },
        sources: [{ document: 'Beleid 2025', section: '6' }, { section: '5.3' }],
      },
    });
    const places = await store.read.select().from(store.read.tables.quotePlaces);
    expect(places).toHaveLength(2);
    expect(places.find(({ before }) => before.endsWith('5.3 Jaarplan\n\n'))?.after).toMatch(/^\n\n6 Planning/);
    const page = await browser.get(path);
    expect(page.text).toContain('In het concept, door Ed.');
    expect(page.text).not.toContain('Vergissing');
    // A place that the document is not for takes nothing.
    const other = idOf(page.body, 'Zorgovereenkomst aanvragen');
    expect((await browser.post(path, { card: other, doe: 'accept', scope: '2026/gp_care' })).status).toBe(400);
    expect(await entriesOf(store.read, draft!.edition.id)).toHaveLength(1);
  });

  it('is a change of the entry that is there where one is, and what the registry has word for word is not asked again', async () => {
    const { app, browser, store } = await reading();
    const source = { document: 'Beleid 2025', section: '6', quote: '31 augustus 2024 Aanvraag voor een overeenkomst indienen.', url: null };
    const request = await store.write((tx) =>
      addDeadline(
        tx,
        { activity: 'contract_request' },
        { title: 'Vragen', rule: { kind: 'fixed', on: '2024-08-31' }, sources: [source], conflict: null },
      ),
    );
    const known = await browser.get('/redactie/documenten');
    const path = /href="(\/redactie\/documenten\/noord[^"]+)"/.exec(known.body)![1]!;
    const page = await browser.get(path);
    expect(page.text).toContain('Staat al in het register: Vragen');
    expect(page.body).not.toContain(`name="reason-${idOf(page.body, 'Zorgovereenkomst aanvragen')}"`);
    const text = POLICY.replace('31 augustus 2024 Aanvraag', '15 augustus 2024 Aanvraag');
    const next = pathOf((await send(app, browser, { fields: { text, version: '2' } })).location);
    const id = idOf((await browser.get(next)).body, 'Zorgovereenkomst aanvragen');
    await browser.post(next, { card: id, doe: 'accept', scope: '2025/multidisciplinary_care' });
    const [draft] = await listDrafts(store.read);
    const { entries } = await readEdition(store.read, draft!.edition.id);
    expect(entries.map(({ entry, faults }) => [entry.act, entry.deadlineId, entry.baseRevision, entry.content.rule, faults])).toEqual([
      ['amend', request.id, 1, { kind: 'fixed', on: '2024-08-15' }, [{ field: 'reason', message: 'is required' }]],
    ]);
  });

  it('is not accepted over what the draft says of the same date: that is told, with the way to both', async () => {
    const { browser, path, store } = await reading();
    const conflict = { conflict: null, sources: [{ document: 'Oud beleid', section: null, quote: 'uiterlijk 1 oktober 2024', url: null }] };
    const plan = await store.write((tx) => addDeadline(tx, {}, conflict));
    const { entry } = await store.write(async (tx) => {
      const draft = await openDraft(
        tx,
        { insurer: 'noord', contractYear: 2025, careType: 'multidisciplinary_care', by: 'person:bo' },
        NOON,
      );
      return addEntry(tx, draft.id, { act: 'amend', deadlineId: plan.id, content: { title: 'Plan van Bo' }, by: 'person:bo' }, NOON);
    });
    const id = idOf((await browser.get(path)).body, 'Jaarplan met begroting indienen');
    const accept = (doe: string) => browser.post(path, { card: id, doe, scope: '2025/multidisciplinary_care' });
    for (const doe of ['accept', 'adjust']) {
      const refused = await accept(doe);
      expect([refused.status, refused.text]).toEqual([
        409,
        expect.stringContaining('niet overgenomen: in het concept staat al iets anders'),
      ]);
      expect(refused.text).toContain('‘Plan van Bo’');
      expect(refused.body).toContain(`/redactie/edities/${entry.editionId}/${entry.id}"`);
    }
    expect((await browser.get(path)).text).not.toContain('In het concept, door');
    await store.write((tx) => removeEntry(tx, { id: entry.id, version: 1, by: 'person:bo' }));
    expect((await accept('accept')).status).toBe(303);
    expect((await browser.get(path)).text).toContain('In het concept, door Ed.');
  });

  it('is one document at one address and day, whatever year and kind of care it is recorded for', async () => {
    const { app, browser, store } = await reading();
    const recorded = { text: '', url: 'https://noord.example/beleid', publishedOn: '1 april 2024' };
    const first = await send(app, browser, { fields: { ...recorded } });
    const again = await send(app, browser, { fields: { ...recorded, contractYear: '2026', title: 'Beleid 2025 en 2026' } });
    expect(pathOf(again.location)).toBe(pathOf(first.location));
    expect((await browser.get(again.location!)).text).toContain('Dit document stond er al.');
    const other = await send(app, browser, { fields: { ...recorded, publishedOn: '2 april 2024' } });
    expect(pathOf(other.location)).not.toBe(pathOf(first.location));
    const one = await findDeskDocument(store.read, pathOf(first.location).split('/').at(-1)!);
    expect(one).toMatchObject({ title: 'Beleid 2025', scopes: [{ contractYear: 2026 }, { contractYear: 2025 }] });
  });

  it('is accepted for each year and kind of care by itself, and is asked anew of another year', async () => {
    const { app, browser, path, store } = await reading();
    await send(app, browser, { fields: { text: POLICY, careType: 'gp_care' } });
    const id = idOf((await browser.get(path)).body, 'Zorgovereenkomst aanvragen');
    await browser.post(path, { card: id, doe: 'accept', scope: '2025/gp_care' });
    const half = await browser.get(path);
    expect(half.text).toMatch(/In het concept, door Ed\. 2025, huisartsenzorg .*Neem over voor 2025, multidisciplinaire zorg/);
    await browser.post(path, { card: id, doe: 'accept', scope: '2025/multidisciplinary_care' });
    expect((await listDrafts(store.read)).map(({ edition, entries }) => [edition.careType, entries])).toEqual([
      ['gp_care', 1],
      ['multidisciplinary_care', 1],
    ]);
    const next = await send(app, browser, { fields: { text: `${POLICY} `, contractYear: '2026', title: 'Beleid 2026' } });
    const page = await browser.get(next.location!);
    expect(page.text).not.toContain('In het concept');
    expect(page.body).toContain(`name="reason-${id}"`);
  });

  it('is an entry for each quarter where something may begin in each', async () => {
    const { app, browser, store } = await reading();
    const text = 'Een innovatie start u per kwartaal. Stuur uw aanvraag drie maanden van tevoren in.';
    const path = pathOf((await send(app, browser, { fields: { text } })).location);
    const [, id = ''] = /id="kaart-(\w+)"/.exec((await browser.get(path)).body)!;
    for (let twice = 0; twice < 2; twice++) await browser.post(path, { card: id, doe: 'accept', scope: '2025/multidisciplinary_care' });
    const [draft] = await listDrafts(store.read);
    const entries = await entriesOf(store.read, draft!.edition.id);
    expect(entries.map(({ content, slot }) => [content.rule?.kind, slot])).toEqual([1, 2, 3, 4].map((slot) => ['slot', slot]));
    expect((await browser.get(path)).text).toContain('In het concept, door Ed.');
  });

  it('tells what a new version no longer says of what was published, and the list of work counts it', async () => {
    const { app, browser, store } = await reading();
    const quoted = (quote: string) => ({ sources: [{ document: 'Beleid 2025', section: '6', quote, url: null }], conflict: null });
    const stays = await store.write((tx) => addDeadline(tx, {}, quoted('1 oktober 2024 Het jaarplan met de begroting indienen.')));
    const request = { activity: 'contract_request' } as const;
    const gone = await store.write((tx) =>
      addDeadline(tx, request, {
        ...quoted('31 augustus 2024 Aanvraag voor een overeenkomst indienen.'),
        title: 'Vragen',
        rule: { kind: 'fixed', on: '2024-08-31' },
      }),
    );
    await store.write((tx) => amendDeadline(tx, stays.id, { baseRevision: 1, title: 'Jaarplan', reason: 'Korter' }, NOON));
    const text = POLICY.replace('31 augustus 2024 Aanvraag', '15 augustus 2024 Aanvraag');
    const next = await send(app, browser, { fields: { text, version: '2', publishedOn: '2024-05-02' } });
    const page = await browser.get(next.location!);
    expect(page.text).toContain('1 van de 2 citaten uit eerdere documenten staan niet meer letterlijk in deze tekst');
    expect(page.text).toMatch(/Wat er niet meer zo staat .* Vragen 31 augustus 2024 Aanvraag .* Deze zin staat niet meer in de tekst\./);
    expect(page.body).toContain(`/datums/${gone.id}`);
    expect((await browser.get('/redactie')).text).toContain('1 citaat staat niet meer in het nieuwste document.');
  });

  it('without a subject leads to where that is chosen, with nothing red before it is saved, and on to what is next', async () => {
    const store = await fresh();
    const { app, browser } = await editing(store);
    const text = 'U stuurt uw vragen over dit beleid uiterlijk 15 mei 2024 naar vragen@noord.example.';
    const path = pathOf((await send(app, browser, { fields: { text } })).location);
    const page = await browser.get(path);
    expect(page.text).toContain('Nog geen onderwerp');
    expect(page.text).toContain('Kies eerst waar dit over gaat.');
    expect(page.body).not.toContain('value="accept"');
    const fields = { card: idOf(page.body, 'vragen'), scope: '2025/multidisciplinary_care', doe: 'accept' };
    const entry = (await browser.post(path, fields)).location!;
    expect(entry).toMatch(/^\/redactie\/edities\//);
    const form = await browser.get(entry);
    expect(form.text).toContain('Dit komt uit het document en staat nu in het concept.');
    expect(form.text).toContain('Terug zonder te bewaren');
    expect(form.body).not.toMatch(/class="notice errors"|aria-invalid/);
    const saved = await browser.post(entry, { version: '1', title: 'Vragen stellen', rule: 'none' });
    const after = await browser.get(saved.location!);
    expect(after.text).toContain('Maak een keuze: Waar gaat het over?');
    expect(after.body).toMatch(new RegExp(`href="${path}#voorstellen">Volgend voorstel`));
    const done = await browser.get(path);
    expect(done.text).toContain('Alles is besloten');
    expect(done.body).toMatch(new RegExp(`href="${entry.slice(0, entry.lastIndexOf('/'))}">Naar het concept`));
    expect((await browser.get('/redactie')).text).toMatch(
      /1 editie wacht als concept\..*Noord, contractjaar 2025 multidisciplinaire zorg · 1 datum Laatst bewerkt door Ed op 2 september 2024/,
    );
  });

  it('may only name a date: one button makes that a date after all, once, with its sentence as the quote', async () => {
    const { browser, path, store } = await reading();
    expect((await browser.get(path)).text).toContain('Maak hier toch een datum van');
    const fields = { mention: '0', scope: '2025/multidisciplinary_care' };
    const entry = (await browser.post(path, fields)).location!;
    expect((await browser.post(path, fields)).location).toBe(entry);
    expect((await browser.get(entry)).body).toContain('De regeling van 1 juli 2020 is vervallen.');
    const [draft] = await listDrafts(store.read);
    expect(await entriesOf(store.read, draft!.edition.id)).toMatchObject([
      {
        act: 'enter',
        activity: null,
        content: { sources: [{ document: 'Beleid 2025', section: '1', quote: expect.stringMatching(/1 juli 2020/) }] },
      },
    ]);
    expect((await browser.post(path, { ...fields, mention: '9' })).status).toBe(404);
  });
});

onBothDialects('the form of a document', (fresh) => {
  it('chooses no kind of care by itself, and takes an address that begins with www.', async () => {
    const store = await fresh();
    const { app, browser } = await editing(store);
    const refused = await send(app, browser, { fields: { text: POLICY, careType: '' } });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Kies een zorgsoort.')]);
    expect(refused.text).toContain('Staat uw soort zorg er niet bij?');
    expect((await send(app, browser, { fields: { text: POLICY, url: 'www.noord.example/2025' } })).status).toBe(303);
    expect((await getInsurer(store.read, 'noord')).documents).toMatchObject([{ url: 'https://www.noord.example/2025' }]);
  });
});
