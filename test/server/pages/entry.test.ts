import ICAL from 'ical.js';
import { expect, it } from 'vitest';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { saveInsurer } from '../../../db/registry/insurers.ts';
import type { Store } from '../../../db/store/store.ts';
import { appFor } from '../../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { textOf } from '../../helpers/page-text.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

const CONFLICT = {
  rule: { kind: 'fixed', on: '2024-10-01' },
  conflict: { kind: 'readings', days: ['2024-09-30', '2024-10-01'], text: 'De bron noemt twee dagen.' },
  channel: { kind: 'email', address: 'inkoop@noord.example', subject: 'Jaarplan & begroting 100%', hours: null },
  sources: [
    { document: 'Beleid 2025', section: '6.3', quote: 'Uiterste datum 2024 (…) 1 oktober Het jaarplan', url: null },
    { document: 'Beleid 2025', section: '5.3', quote: 'Indienen voor 1 oktober 2024.', url: 'https://noord.example/beleid.pdf' },
    { document: 'Beleid 2025', section: '1', quote: 'Een jaarplan <is> verplicht.', url: null },
  ],
} as const;
/** A copy that may be changed. */
const conflict = () => structuredClone(CONFLICT) as never;
const ASSUMED = {
  certainty: 'template',
  basis: { kind: 'common_rhythm', deadlineId: null, text: 'Een aanname.' },
  sources: [],
  channel: null,
  rule: { kind: 'fixed', on: '2024-12-31' },
  title: 'Ondertekenen',
  duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
} as const;

async function serving(store: Store) {
  await castIn(store);
  const { call } = await appFor(store);
  const page = async (path: string) => {
    const { status, body } = await call('GET', path);
    expect([path, status]).toEqual([path, 200]);
    return { body: body as string, text: textOf(body) };
  };
  return { call, page };
}

onSqlite('the page of an entry', (fresh) => {
  it('opens with one sentence, and says what to do where, what follows, and both readings side by side with the words of the date marked', async () => {
    const store = await fresh();
    const { page } = await serving(store);
    const { id } = await store.write((tx) => addDeadline(tx, {}, conflict()));
    const { body, text } = await page(`/datums/${id}`);
    expect(text).toContain(
      'Jaarplan met begroting indienen: dat moeten regio-organisaties met contract, ook namens WSV’s, uiterlijk op maandag 30 september 2024 bij Noord hebben gedaan, volgens de bron.',
    );
    expect(text).toContain('In de bron staat: 1 oktober 2024. Nog 127 werkdagen.');
    const [, card = ''] = /<div class="head">(.*?)<section/s.exec(body) ?? [];
    expect(card).toContain('<a href="#conflict">Let op: de bron noemt twee datums</a>');
    expect(body).toContain('id="conflict"');
    expect(text).toContain('Naar welk e-mailadres? inkoop@noord.example');
    expect(text).toContain('Welk onderwerp, letterlijk? Jaarplan &amp; begroting 100%');
    expect(body).toContain('href="mailto:inkoop@noord.example?subject=Jaarplan%20%26%20begroting%20100%25"');
    expect(body).toContain('data-copy="Jaarplan &amp; begroting 100%"');
    expect(text).toContain('Mogelijk een afslag op het tarief.');
    expect([...body.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, words]) => words)).toEqual(['1 oktober', 'voor 1 oktober 2024']);
    const [, beside = ''] = /<div class="side-by-side">(.*?)<\/section>/s.exec(body) ?? [];
    expect(beside.match(/<blockquote/g)).toHaveLength(2);
    expect(body).toContain('Een jaarplan &lt;is&gt; verplicht.');
    expect(text).toContain('gecontroleerd op 2 april 2024');
    expect(body).toMatch(/<meta name="description" content="Jaarplan met begroting indienen: dat moeten/);
    expect(body.match(/class="button primary"/g)).toHaveLength(1);
  });

  it('says of an assumption that it is one, of whom else it is assumed, and of what is unknown that it is', async () => {
    const store = await fresh();
    const { page } = await serving(store);
    const [north, east, unknown] = await store.write(async (tx) => [
      await addDeadline(tx, { activity: 'signing' }, structuredClone(ASSUMED) as never),
      await addDeadline(tx, { activity: 'signing', insurer: 'oost' }, structuredClone(ASSUMED) as never),
      await addDeadline(tx, { activity: 'review_meeting' }, { title: 'Gesprek', rule: { kind: 'none' }, certainty: 'unknown' }),
    ]);
    const { body, text } = await page(`/datums/${north.id}`);
    expect(text).toContain(
      'Ondertekenen: dat moeten zorgaanbieders vermoedelijk rond dinsdag 31 december 2024 bij Noord hebben gedaan, maar dat is een aanname: Noord noemde zelf geen datum.',
    );
    expect(text).toContain('Dezelfde aanname geldt ook bij 1 zorgverzekeraar: Oost');
    expect(body).toContain(`href="/datums/${east.id}"`);
    expect(text).toContain('Gecontroleerd op 2 april 2024, in het document.');
    expect(text).not.toContain('uiterlijk');
    expect((await page(`/datums/${unknown.id}`)).text).toContain('bij Noord doen, maar wanneer is niet bekend.');
    expect((await page(`/en/datums/${north.id}`)).text).toContain('presumably around Tuesday 31 December 2024');
  });

  it('shows how it went before, with what can be copied, and what has to be arranged first', async () => {
    const store = await fresh();
    const { page } = await serving(store);
    const earlier = await store.write((tx) => addDeadline(tx, { contractYear: 2025 }, conflict()));
    const later = await store.write(async (tx) => {
      await addDeadline(
        tx,
        { activity: 'wsv_plan_review', contractYear: 2026 },
        { title: 'Plannen beoordelen', rule: { kind: 'none' }, certainty: 'unknown' },
      );
      return addDeadline(
        tx,
        { contractYear: 2026 },
        {
          rule: { kind: 'fixed', on: '2025-10-01' },
          certainty: 'expected',
          basis: { kind: 'earlier_year', deadlineId: earlier.id, text: 'Zoals 2025.' },
          sources: [],
          channel: null,
          consequence: null,
        },
      );
    });
    const { body, text } = await page(`/datums/${later.id}`);
    expect(text).toContain(
      'waarschijnlijk uiterlijk op woensdag 1 oktober 2025 bij Noord hebben gedaan, want zo was het in een eerder jaar.',
    );
    expect(text).toContain('Regel dit vooraf');
    expect(text).toContain('Plannen beoordelen (inkoop@verzekeraar.example).');
    expect(body).toContain(`href="/datums/${earlier.id}"`);
  });

  it('tells what changed, was and is, with the reason, and of one that was withdrawn that it no longer holds', async () => {
    const store = await fresh();
    const { call, page } = await serving(store);
    const { id } = await store.write((tx) => addDeadline(tx, {}, { extension: null }));
    const later = new Date(NOW.getTime() + 86_400_000);
    const amended = await store.write((tx) =>
      amendDeadline(
        tx,
        id,
        {
          baseRevision: 1,
          reason: 'Verschoven door Noord.',
          announcedOn: null,
          rule: { kind: 'fixed', on: '2024-10-15' },
          sources: [{ document: 'Bericht', section: null, quote: 'Het wordt 15 oktober 2024.', url: null }],
        },
        later,
      ),
    );
    const { text } = await page(`/datums/${id}`);
    expect(text).toContain('Verschoven door Noord. Dag was dinsdag 1 oktober 2024, is nu dinsdag 15 oktober 2024');
    await store.write((tx) => withdrawDeadline(tx, id, 'Toch niet nodig.', new Date(later.getTime() + 1000)));
    const gone = await page(`/datums/${id}`);
    expect(gone.text).toContain('Deze datum geldt niet meer sinds 3 april 2024. Toch niet nodig.');
    expect(gone.body).not.toContain('datum.ics');
    expect(gone.body).not.toContain('button primary');
    expect(amended.revision).toBe(2);
    const cancelled = await call('GET', `/datums/${id}/datum.ics`);
    expect(cancelled.body).toContain('STATUS:CANCELLED');
  });

  it('marks as Dutch what changed in the registry’s own words, on the English page', async () => {
    const store = await fresh();
    const { page } = await serving(store);
    const duty = (deliverable: string) => ({ ...ASSUMED.duty, actors: [...ASSUMED.duty.actors], onBehalfOf: [], deliverable });
    const { id } = await store.write((tx) => addDeadline(tx, {}, { duty: duty('Het plan') }));
    const change = { baseRevision: 1, reason: 'Noord vraagt meer.', announcedOn: null, duty: duty('Het plan met begroting') };
    await store.write((tx) => amendDeadline(tx, id, change, new Date(NOW.getTime() + 86_400_000)));
    expect((await page(`/en/datums/${id}`)).body).toContain(
      '<dd>was <span lang="nl">Het plan</span>, is now <span lang="nl">Het plan met begroting</span></dd>',
    );
    expect((await page(`/datums/${id}`)).body).toContain('<dd>was Het plan, is nu Het plan met begroting</dd>');
  });

  it('names whom to ask, with the hours', async () => {
    const store = await fresh();
    const { page } = await serving(store);
    await store.write((tx) =>
      saveInsurer(
        tx,
        {
          slug: 'noord',
          name: 'Noord',
          kind: 'health_insurer',
          website: null,
          aliases: [],
          remarks: [],
          documents: [],
          contacts: [
            { purpose: 'Vragen.', email: 'vragen@noord.example', phone: '071 582 5441', url: null, hours: 'tussen 8 en 12 uur' },
            { purpose: 'Alleen woorden.', email: null, phone: null, url: null, hours: null },
          ],
        },
        NOW,
      ),
    );
    const { id } = await store.write((tx) => addDeadline(tx));
    const { body, text } = await page(`/datums/${id}`);
    expect(text).toContain('Vragen aan Noord Vragen. vragen@noord.example 071 582 5441 tussen 8 en 12 uur');
    expect(body).toContain('href="tel:0715825441"');
    expect(text).not.toContain('Alleen woorden');
  });

  it('is not there for an id that no entry has, however it looks', async () => {
    const { call } = await serving(await fresh());
    const headers = { accept: 'text/html' };
    for (const id of ['123e4567-e89b-42d3-a456-426614174000', 'x', '%00', "'--"])
      for (const path of [
        `/datums/${id}`,
        `/en/datums/${id}`,
        `/datums/${id}/klopt-niet`,
        `/datums/${id}/klopt-niet/bedankt`,
        `/datums/${id}/datum.ics`,
      ])
        expect([path, (await call('GET', path, { headers })).status]).toEqual([path, 404]);
  });
});

onBothDialects('the file of one entry', (fresh) => {
  it('holds the entry as it stands in the insurer’s calendar, and says that it does not change', async () => {
    const store = await fresh();
    const { call } = await serving(store);
    const { id } = await store.write((tx) => addDeadline(tx, {}, { title: 'Jaarplan' }));
    const { headers, status, body } = await call('GET', `/datums/${id}/datum.ics`);
    expect([status, headers['content-type'], headers['content-disposition']]).toEqual([
      200,
      'text/calendar; charset=utf-8',
      'attachment; filename="inkoopkalender-datum.ics"',
    ]);
    const calendar = new ICAL.Component(ICAL.parse(body));
    const [event, ...others] = calendar.getAllSubcomponents('vevent');
    expect([others.length, event!.getFirstPropertyValue('uid')]).toEqual([0, id]);
    const feed: string = (await call('GET', '/calendars/noord.ics')).body;
    const entry = /BEGIN:VEVENT.*END:VEVENT/s.exec(body)![0];
    expect(feed).toContain(entry);
    expect(String(calendar.getFirstPropertyValue('description'))).toContain('verandert uw agenda niet mee');
  });
});
