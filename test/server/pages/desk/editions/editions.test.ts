import { expect, it } from 'vitest';
import { addEditor } from '../../../../../db/people/editors.ts';
import { amendDeadline } from '../../../../../db/registry/amending.ts';
import { allDeadlines } from '../../../../../db/registry/deadlines.ts';
import { entriesOf, getEdition, listDrafts } from '../../../../../db/registry/editions/drafts.ts';
import { saveDocument, saveInsurer } from '../../../../../db/registry/insurers.ts';
import type { Store } from '../../../../../db/store/store.ts';
import { appFor } from '../../../../helpers/app.ts';
import { browserOf, SECURE_URL, type TestBrowser } from '../../../../helpers/browser.ts';
import { addDeadline, castIn } from '../../../../helpers/cast.ts';
import { at } from '../../../../helpers/reminders.ts';
import { onBothDialects } from '../../../../helpers/stores.ts';

const [ED, BO] = ['ed@redactie.example', 'bo@redactie.example'];
const NOON = at('09-02T12:00');
const QUOTE = 'Het jaarplan levert u in vóór 1 oktober 2024.';

async function editing(store: Store) {
  await castIn(store);
  await store.write(async (tx) => {
    await addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOON);
    await addEditor(tx, { email: BO, label: 'Redactie, Bo', language: 'nl' }, NOON);
    const said = { version: null, url: 'https://noord.example/beleid.pdf', publishedOn: '2024-04-01', remarks: [] };
    await saveDocument(tx, { key: 'noord-2025', title: 'Beleid 2025', ...said }, NOON);
    const noord = { slug: 'noord', name: 'Noord', kind: 'health_insurer', website: null, aliases: [], contacts: [], remarks: [] } as const;
    await saveInsurer(tx, { ...noord, aliases: [], contacts: [], remarks: [], documents: ['noord-2025'] }, NOON);
  });
  const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => NOON });
  return { ed: await browserOf(app, store, ED, NOON), bo: await browserOf(app, store, BO, NOON) };
}

/** The fields of a form as they stand on its page, with what is typed over them: as a browser without script sends them. */
function filled(body: string, over: Record<string, string> = {}): [string, string][] {
  const form = /<form[^>]*novalidate[^>]*>([\s\S]*?<div class="edition">[\s\S]*?)<\/form>/.exec(body)?.[1] ?? '';
  const text = (words: string) =>
    [
      ['&quot;', '"'],
      ['&#39;', "'"],
      ['&lt;', '<'],
      ['&gt;', '>'],
      ['&amp;', '&'],
    ].reduce((all, [from, to]) => all.replaceAll(from!, to!), words);
  const attribute = (tag: string, name: string) => text(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const inputs = [...form.matchAll(/<input[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/type="(radio|checkbox)"/.test(tag) || /\schecked/.test(tag))
    .map((tag): [string, string] => [attribute(tag, 'name'), attribute(tag, 'value')]);
  const areas = [...form.matchAll(/<textarea([^>]*)>([\s\S]*?)<\/textarea>/g)].map(([, tag = '', value = '']): [string, string] => [
    attribute(tag, 'name'),
    text(value).replace(/^\n/, ''),
  ]);
  const choices = [...form.matchAll(/<select([^>]*)>([\s\S]*?)<\/select>/g)].map(([, tag = '', inside = '']): [string, string] => {
    const options = [...inside.matchAll(/<option[^>]*>/g)].map(([option]) => option);
    return [attribute(tag, 'name'), attribute(options.find((one) => /\sselected/.test(one)) ?? options[0] ?? '', 'value')];
  });
  return [...[...inputs, ...areas, ...choices].filter(([name]) => !(name in over)), ...Object.entries(over)];
}

const PLAN = {
  activity: 'annual_plan',
  title: 'Jaarplan indienen',
  rule: 'fixed',
  'fixed.on': '1-10-2024',
  boundary: 'before',
  certainty: 'stated',
  'duty.actors': 'ro',
  'sources.0.choice': 'Beleid 2025|https://noord.example/beleid.pdf',
  'sources.0.quote': QUOTE,
};

const openDraftOf = async (browser: TestBrowser) => {
  const sent = await browser.post('/redactie/edities', { insurer: 'noord', care: 'multidisciplinary_care', year: '2025' });
  expect(sent.status).toBe(303);
  return sent.location!;
};

onBothDialects('editors of an edition', (fresh) => {
  it('begin one, and find it among the drafts that wait; what was chosen wrong is said beside it', async () => {
    const store = await fresh();
    const { ed } = await editing(store);
    expect((await ed.get('/redactie/edities')).text).toContain('Er wacht geen concept.');
    const refused = await ed.post('/redactie/edities', { insurer: '', care: 'x', year: 'volgend jaar' });
    expect(refused.status).toBe(400);
    for (const said of ['Kies een verzekeraar.', 'Kies een zorgsoort.', 'Vul het contractjaar in']) expect(refused.text).toContain(said);
    expect(refused.body).toContain('value="volgend jaar"');
    const path = await openDraftOf(ed);
    expect(await openDraftOf(ed)).toBe(path);
    expect(await listDrafts(store.read)).toHaveLength(1);
    expect((await ed.get('/redactie')).text).toContain('1 editie wacht als concept. Bekijk de edities');
    const { text } = await ed.get('/redactie/edities');
    expect(text).toMatch(/Noord, contractjaar 2025 multidisciplinaire zorg · 0 datums/);
    expect((await ed.get(path)).text).toContain('Begonnen door Redactie, Ed op 2 september 2024');
    expect((await ed.get(path)).text).toContain('Het beleid voor 2025 ontbreekt.');
    expect((await ed.get('/redactie/edities/nergens')).status).toBe(404);
  });

  it('write an entry as far as they can: what lacks stands beside its field, what was typed stays, and the last safe day is said back', async () => {
    const store = await fresh();
    const { ed } = await editing(store);
    const path = await openDraftOf(ed);
    const blank = await ed.get(`${path}/nieuw`);
    expect(blank.status).toBe(200);
    expect(blank.body).not.toMatch(/annual_plan<|>stated<|\{"/);
    const sent = await ed.post(`${path}/nieuw`, filled(blank.body, { title: 'Jaarplan', rule: 'fixed', 'fixed.on': '32 januari 2025' }));
    expect(sent.status).toBe(303);
    const half = await ed.get(sent.location!);
    expect(half.text).toContain('Bewaard. Voordat u kunt publiceren, moet er nog iets bij.');
    for (const said of [
      'Maak een keuze: Waar gaat het over?',
      'Dit is geen dag die bestaat.',
      'Maak een keuze: Hoe zeker is het?',
      'Wie moet dit doen?',
    ])
      expect(half.text).toContain(said);
    expect(half.body).toContain('value="32 januari 2025"');
    expect(half.body).toMatch(/id="fixed.on"[^>]*aria-invalid="true"/);
    const entryPath = sent.location!.split('?')[0]!;
    const whole = await ed.post(entryPath, filled(half.body, PLAN));
    const done = await ed.get(whole.location!);
    expect(done.text).toContain('Bewaard. Er ontbreekt niets meer.');
    expect(done.text).toContain('Hieruit volgt: de laatste veilige dag is maandag 30 september 2024.');
    const [entry] = await entriesOf(store.read, path.split('/').at(-1)!);
    expect(entry).toMatchObject({
      act: 'enter',
      activity: 'annual_plan',
      version: 2,
      content: {
        title: 'Jaarplan indienen',
        rule: { kind: 'fixed', on: '2024-10-01' },
        boundary: 'before',
        sources: [{ document: 'Beleid 2025', quote: QUOTE, section: null }],
      },
    });
    const { text } = await ed.get(path);
    expect(text).toMatch(/Jaarplan indienen Nieuw .* door Redactie, Ed.*30 september 2024/);
    // Who publishes it compares it with its sentence on this page.
    expect(text).toMatch(
      /Onderwerp Jaarplan met begroting indienen .*Wie regio-organisaties.*Het jaarplan levert u in vóór 1 oktober 2024\./,
    );
    expect(text).not.toContain('Het beleid voor 2025 ontbreekt.');
    expect(text).toContain('Hiervan stond vorig jaar niets vast.');
    expect(text).not.toContain('Dit moet nog');
  });

  it('enter what is in no list as often as they need, each under a name of its own, which its title gives', async () => {
    const store = await fresh();
    const { bo, ed } = await editing(store);
    const path = await openDraftOf(ed);
    const id = path.split('/').at(-1)!;
    const blank = await ed.get(`${path}/nieuw`);
    expect(blank.text).toContain('Iets anders, namelijk …');
    const enter = (over: Record<string, string>) => ed.post(`${path}/nieuw`, filled(blank.body, { ...PLAN, activity: 'other', ...over }));
    await enter({ title: 'Vragen stellen over het beleid (keten)' });
    await enter({ title: 'Aanbod plaatsen', kind: 'intention', requirementKey: 'Aanbod 1' });
    const twice = await enter({ title: 'Aanbod 1' });
    const said = (await ed.get(twice.location!)).text;
    expect(said).toContain('In deze editie staat al iets hierover: ‘Aanbod plaatsen’.');
    expect(said).toContain('Geldt dit voor een andere groep? Kies dan ‘Iets anders’ en geef het een eigen naam.');
    expect((await entriesOf(store.read, id)).map(({ requirementKey }) => requirementKey)).toEqual([
      'vragen-stellen-over-het-beleid-keten',
      'aanbod-1',
      'aanbod-1',
    ]);
    const open = await ed.get(twice.location!);
    await ed.post(twice.location!.split('?')[0]!, filled(open.body, { requirementKey: 'aanbod-2' }));
    const page = await bo.get(path);
    const mark = /name="mark" value="([^"]*)"/.exec(page.body)![1]!;
    expect((await bo.post(path, { act: 'publish', mark })).status).toBe(303);
    const all = await allDeadlines(store.read, { insurers: ['noord'], withdrawnToo: false });
    const others = all.filter(({ activity }) => activity === 'other');
    expect(others.map(({ key, kind, title }) => [key, kind, title]).sort()).toEqual([
      ['aanbod-1', 'intention', 'Aanbod plaatsen'],
      ['aanbod-2', 'deadline', 'Aanbod 1'],
      ['vragen-stellen-over-het-beleid-keten', 'deadline', 'Vragen stellen over het beleid (keten)'],
    ]);
  });

  it('lose nothing when two save one entry at once: both texts stand there, part by part, and each part is chosen', async () => {
    const store = await fresh();
    const { bo, ed } = await editing(store);
    const path = await openDraftOf(ed);
    const sent = await ed.post(`${path}/nieuw`, filled((await ed.get(`${path}/nieuw`)).body, PLAN));
    const entry = sent.location!.split('?')[0]!;
    const [mine, theirs] = [await ed.get(entry), await bo.get(entry)];
    await bo.post(entry, filled(theirs.body, { title: 'Plan van Bo', 'duty.deliverable': 'Een begroting' }));
    const stale = await ed.post(
      entry,
      filled(mine.body, { title: 'Plan van Ed', 'channel.kind': 'email', 'channel.address': 'plan@noord.example' }),
    );
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('Redactie, Bo heeft dit intussen ook bewerkt');
    expect(stale.text).toMatch(
      /Uw tekst Wat moet er gebeuren\?: Plan van Ed De tekst van Redactie, Bo Wat moet er gebeuren\?: Plan van Bo/,
    );
    // What only the other changed is theirs unless something else is chosen; what both changed is asked.
    expect(stale.body).toMatch(/name="take.who" value="theirs" checked/);
    expect(stale.body).toMatch(/name="take.how" value="mine" checked/);
    expect(stale.body).toMatch(/name="take.title" value="mine" checked/);
    const merged = await ed.post(entry, filled(stale.body, { 'take.title': 'theirs' }));
    expect(merged.status).toBe(303);
    const [kept] = await entriesOf(store.read, path.split('/').at(-1)!);
    expect(kept!.content).toMatchObject({
      title: 'Plan van Bo',
      duty: { deliverable: 'Een begroting' },
      channel: { kind: 'email', address: 'plan@noord.example' },
    });
  });

  it('keep what they typed where somebody took the entry out, or discarded the draft', async () => {
    const store = await fresh();
    const { bo, ed } = await editing(store);
    const path = await openDraftOf(ed);
    const sent = await ed.post(`${path}/nieuw`, filled((await ed.get(`${path}/nieuw`)).body, PLAN));
    const entry = sent.location!.split('?')[0]!;
    const mine = await ed.get(entry);
    const id = entry.split('/').at(-1)!;
    expect((await bo.post(path, { remove: `${id}.9` })).status).toBe(409);
    expect((await bo.post(path, { remove: `${id}.1` })).status).toBe(303);
    const gone = await ed.post(entry, filled(mine.body, { title: 'Plan van Ed' }));
    expect(gone.status).toBe(409);
    expect(gone.text).toContain('Iemand haalde dit intussen uit de editie.');
    const again = await ed.post(`${path}/nieuw`, filled(gone.body));
    expect(again.status).toBe(303);
    expect((await entriesOf(store.read, path.split('/').at(-1)!))[0]!.content).toMatchObject({ title: 'Plan van Ed', boundary: 'before' });
    const open = await ed.get(again.location!);
    const asked = await bo.post(path, { act: 'discard' });
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('Weet u het zeker?')]);
    const sure = (page: string) => ({
      act: 'discard',
      sure: 'yes',
      mark: /name="mark" value="([^"]+)"/.exec(page.slice(page.indexOf('role="alert"')))![1]!,
    });
    await ed.post(path, { reason: 'Toch wel.', version: '1', act: 'save' });
    const late = await bo.post(path, sure(asked.body));
    expect([late.status, late.text]).toEqual([
      409,
      expect.stringContaining('Iemand anders heeft dit intussen bewerkt. Bekijk eerst wat e'),
    ]);
    const anew = await bo.post(path, { act: 'discard' });
    expect((await bo.post(path, sure(anew.body))).location).toMatch(/^\/redactie\/edities\?/);
    const closed = await ed.post(again.location!.split('?')[0]!, filled(open.body, { title: 'Te laat' }));
    expect([closed.status, closed.text]).toEqual([409, expect.stringContaining('Deze editie is geen concept meer')]);
    expect(closed.body).toContain('value="Te laat"');
    expect(await getEdition(store.read, path.split('/').at(-1)!)).toMatchObject({ status: 'discarded' });
    expect((await ed.get(path)).text).toContain('Weggegooid door Redactie, Bo');
  });

  it('confirm what is expected, begin with last year, change, end and confirm again what stands', async () => {
    const store = await fresh();
    const { ed } = await editing(store);
    const [plan, request, earlier] = await store.write(async (tx) => [
      await addDeadline(tx),
      await addDeadline(
        tx,
        { activity: 'contract_request' },
        {
          title: 'Contract vragen',
          certainty: 'expected',
          basis: { kind: 'earlier_year', deadlineId: null, text: 'Zo was het.' },
          sources: [],
        },
      ),
      await addDeadline(tx, { activity: 'regional_plan', contractYear: 2024 }, { title: 'Regioplan' }),
    ]);
    const path = await openDraftOf(ed);
    const { body, text } = await ed.get(path);
    expect(text).toMatch(/nog niemand heeft bevestigd .*Klopt, neem over Contract vragen/);
    expect(text).toMatch(/dit jaar nog niet .*Begin met vorig jaar Regioplan/);
    expect(body).toContain(`${path}/nieuw?neem-over=${request.id}`);
    const confirming = await ed.get(`${path}/nieuw?neem-over=${request.id}`);
    expect(confirming.body).toMatch(/name="certainty"\s+value="stated"[^>]*checked/);
    expect(confirming.body).toContain('value="Beleid 2025|https://noord.example/beleid.pdf" selected');
    await ed.post(`${path}/nieuw`, filled(confirming.body, { 'sources.0.quote': 'Vraag het uiterlijk op 1 oktober 2024.' }));
    const like = await ed.get(`${path}/nieuw?zoals=${earlier.id}`);
    expect(like.body).toMatch(/name="title"[^>]*value="Regioplan"/);
    expect(like.body).toMatch(/name="fixed.on"[^>]*value=""/);
    await ed.post(`${path}/nieuw`, filled((await ed.get(`${path}/nieuw?wijzig=${plan.id}`)).body, { title: 'Jaarplan', reason: 'Korter' }));
    const entries = await entriesOf(store.read, path.split('/').at(-1)!);
    expect(entries.map(({ act, content, deadlineId }) => [act, deadlineId, content.certainty ?? null, content.title ?? null])).toEqual([
      ['amend', request.id, 'stated', null],
      ['amend', plan.id, null, 'Jaarplan'],
    ]);
    expect((await ed.get(`${path}/nieuw?wijzig=${plan.id}`)).location).toBe(`${path}/${entries[1]!.id}`);
    // It is changed elsewhere meanwhile: that is said, and seen.
    await store.write((tx) => amendDeadline(tx, plan.id, { baseRevision: 1, reason: 'x', extension: null }, NOON));
    const unread = await ed.get(`${path}/${entries[1]!.id}`);
    expect(unread.text).toContain('Wat hier gewijzigd wordt, is intussen zelf veranderd.');
    await ed.post(`${path}/${entries[1]!.id}`, filled(unread.body, { seen: '2' }));
    expect((await entriesOf(store.read, path.split('/').at(-1)!))[1]).toMatchObject({ baseRevision: 2, content: { title: 'Jaarplan' } });
    const other = await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording' }));
    await ed.post(path, { check: `${other.id}.1` });
    expect((await ed.get(path)).text).toMatch(/Verantwoording Nog steeds zo/);
    const [draft] = await listDrafts(store.read);
    expect(draft!.entries).toBe(3);
  });

  it('give the reason for readers, of which nobody overwrites another’s unseen', async () => {
    const store = await fresh();
    const { bo, ed } = await editing(store);
    const path = await openDraftOf(ed);
    expect((await ed.post(path, { act: 'save', version: '1', reason: 'Nieuw beleid', announcedOn: 'ooit' })).status).toBe(400);
    expect((await ed.post(path, { act: 'save', version: '1', reason: 'Nieuw beleid', announcedOn: '1 april 2024' })).status).toBe(303);
    const stale = await bo.post(path, { act: 'save', version: '1', reason: 'Van Bo', announcedOn: '' });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('Reden voor lezers: Nieuw beleid');
    expect(stale.body).toMatch(/name="version" value="2"[\s\S]*Van Bo/);
    expect(await getEdition(store.read, path.split('/').at(-1)!)).toMatchObject({ reason: 'Nieuw beleid', announcedOn: '2024-04-01' });
  });
});
