import { expect, it } from 'vitest';
import { BY_EDITION } from '../../../../calendars/upkeep/upkeep.ts';
import { addEditor } from '../../../../db/people/editors.ts';
import { amendDeadline } from '../../../../db/registry/amending.ts';
import { recordCheck } from '../../../../db/registry/checks.ts';
import { getDeadline } from '../../../../db/registry/deadlines.ts';
import { saveDocument, saveInsurer } from '../../../../db/registry/insurers.ts';
import { fileReport, listReports } from '../../../../db/registry/reports.ts';
import type { Store } from '../../../../db/store/store.ts';
import { appFor } from '../../../helpers/app.ts';
import { browserOf, SECURE_URL } from '../../../helpers/browser.ts';
import { addDeadline, castIn } from '../../../helpers/cast.ts';
import { saying } from '../../../helpers/rooms.ts';
import { at } from '../../../helpers/reminders.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const ED = 'ed@redactie.example';
const NOON = at('09-02T12:00');

async function editing(store: Store) {
  await castIn(store);
  await store.write((tx) => addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOON));
  const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => NOON });
  return { app, browser: await browserOf(app, store, ED, NOON) };
}

/** A policy of the insurer Noord that came out on a day. */
async function publish(store: Store, publishedOn: string) {
  await store.write(async (tx) => {
    await saveDocument(tx, { key: 'noord-2025', title: 'Beleid 2025', version: null, url: null, publishedOn, remarks: [] }, NOON);
    const noord = { slug: 'noord', name: 'Noord', kind: 'health_insurer', website: null, aliases: [], contacts: [], remarks: [] } as const;
    await saveInsurer(tx, { ...noord, aliases: [], contacts: [], remarks: [], documents: ['noord-2025'] }, NOON);
  });
}

onBothDialects('editors', (fresh) => {
  it('are led to what there is to do, by their name in the menu, and find what every insurer lacks', async () => {
    const store = await fresh();
    const { browser } = await editing(store);
    await store.write((tx) => addDeadline(tx));
    expect((await browser.get('/mijn')).location).toBe('/redactie');
    const { body, headers, text } = await browser.get('/redactie');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toContain('<a href="/redactie" aria-current="page"');
    // On 2 September 2024 the policies for 2025 have been out since April.
    expect(text).toMatch(
      /Noord 1 datum om te controleren\. Oost Het beleid voor 2025 ontbreekt\. Volgens de NZa-regel die wij kennen, moest het er op 1 april 2024 zijn\./,
    );
    expect(text).toContain('Voor alle verzekeraars Niets te doen.');
    expect((await browser.get('/en/redactie')).status).toBe(404);
    expect((await browser.get('/redactie/verzekeraars/nergens')).status).toBe(404);
  });

  it('tick what still holds: from then on readers see the day, and the name of who looked is kept', async () => {
    const store = await fresh();
    const { browser } = await editing(store);
    const plan = await store.write((tx) => addDeadline(tx));
    const readers = 'Iemand moet deze datum opnieuw controleren';
    expect((await browser.get(`/datums/${plan.id}`)).text).toContain(`${readers}: hij is dichtbij`);
    const { text, body } = await browser.get('/redactie/verzekeraars/noord');
    expect(text).toContain('met de naam Redactie, Ed');
    expect(text).toMatch(
      /Nu controleren Jaarplan met begroting indienen .* De datum is dichtbij\. Gecontroleerd op 2 april 2024 door redactie\./,
    );
    expect(body).toContain('<blockquote lang="nl"><p>1 oktober 2024 Het jaarplan</p></blockquote>');
    expect((await browser.post('/redactie/verzekeraars/noord')).text).toContain('Vink eerst een datum aan.');
    const sent = await browser.post('/redactie/verzekeraars/noord', { checked: `${plan.id}.1` });
    expect([sent.status, sent.location]).toEqual([303, saying('/redactie/verzekeraars/noord', 'controle-1-0')]);
    const said = await browser.get(sent.location!);
    expect(said.text).toContain('1 datum gecontroleerd door Redactie, Ed.');
    expect(said.body).toContain('<details open');
    expect(await getDeadline(store.read, plan.id)).toMatchObject({ checkedOn: '2024-09-02', checkedBy: 'Redactie, Ed', revision: 1 });
    const after = await browser.get('/redactie/verzekeraars/noord');
    expect(after.text).toContain('Er is nu niets om te controleren.');
    expect(after.text).toContain('Gecontroleerd op 2 september 2024 door Redactie, Ed.');
    expect((await browser.get('/redactie')).text).toContain('Noord Niets te doen.');
    const seen = (await browser.get(`/datums/${plan.id}`)).text;
    expect(seen).toContain('gecontroleerd op 2 september 2024');
    expect(seen).not.toContain(readers);
    expect(await store.read.$count(store.read.tables.messages)).toBe(1);
    // A newer document is a reason to look again.
    await publish(store, '2024-09-03');
    const again = await browser.get('/redactie/verzekeraars/noord');
    expect(again.text).toMatch(/Nu controleren Jaarplan .* Er is een nieuwer document\./);
    expect((await browser.get(`/datums/${plan.id}`)).text).toContain(`${readers}: er is een nieuwer document.`);
  });

  it('are told what a check came to, also of what was checked today already; another name of the same day takes its place', async () => {
    const store = await fresh();
    const { browser, app } = await editing(store);
    await store.write((tx) => addEditor(tx, { email: 'fay@redactie.example', label: 'Redactie, Fay', language: 'nl' }, NOON));
    const plan = await store.write((tx) => addDeadline(tx));
    const request = await store.write((tx) => addDeadline(tx, { activity: 'contract_request' }, { title: 'Contract vragen' }));
    const check = async (by: typeof browser, ids: readonly string[]) => {
      const { location } = await by.post(
        '/redactie/verzekeraars/noord',
        ids.map((id) => ['checked', `${id}.1`]),
      );
      return (await by.get(location!)).text;
    };
    expect(await check(browser, [plan.id])).toContain('1 datum gecontroleerd door Redactie, Ed.');
    expect(await check(browser, [plan.id])).toContain('1 datum was vandaag al gecontroleerd.');
    expect(await check(browser, [plan.id, request.id])).toContain(
      '1 datum gecontroleerd door Redactie, Ed. 1 datum was vandaag al gecontroleerd.',
    );
    const fay = await browserOf(app, store, 'fay@redactie.example', NOON);
    expect(await check(fay, [plan.id])).toContain('1 datum gecontroleerd door Redactie, Fay.');
    const checked = await getDeadline(store.read, plan.id);
    expect(checked).toMatchObject({ checkedOn: '2024-09-02', checkedBy: 'Redactie, Fay' });
    // Loaded anew, the files put no name of theirs in its place, and the page does not call them a person.
    expect(await store.write((tx) => recordCheck(tx, checked, { on: '2024-09-02', by: BY_EDITION }, NOON))).toBe(false);
    expect(await store.write((tx) => recordCheck(tx, checked, { on: '2024-09-03', by: BY_EDITION }, NOON))).toBe(true);
    expect((await browser.get('/redactie/verzekeraars/noord')).text).toContain(
      'Vergeleken bij de uitgave van deze gegevens, op 3 september 2024.',
    );
  });

  it('confirm what they saw and nothing else: what changed meanwhile is to be looked at again', async () => {
    const store = await fresh();
    const { browser } = await editing(store);
    const plan = await store.write((tx) => addDeadline(tx));
    const request = await store.write((tx) => addDeadline(tx, { activity: 'contract_request' }, { title: 'Contract vragen' }));
    const other = await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    await store.write((tx) => amendDeadline(tx, plan.id, { baseRevision: 1, title: 'Jaarplan', reason: 'Korter' }, NOON));
    const ticks = [plan, request, other].map(({ id }) => ['checked', `${id}.1`] as [string, string]);
    const refused = await browser.post('/redactie/verzekeraars/noord', ticks);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Dit is intussen veranderd. Controleer het opnieuw: Jaarplan (2025).');
    expect(refused.body).toContain(`value="${request.id}.1" checked`);
    expect(refused.body).not.toMatch(new RegExp(`value="${plan.id}\\S*" checked`));
    for (const { id } of [request, other]) expect(await getDeadline(store.read, id)).toMatchObject({ checkedOn: '2024-04-02' });
    // One of another insurer does not stand on this page.
    await browser.post('/redactie/verzekeraars/noord', [['checked', `${request.id}.1`], ticks[2]!]);
    expect(await getDeadline(store.read, request.id)).toMatchObject({ checkedOn: '2024-09-02' });
    expect(await getDeadline(store.read, other.id)).toMatchObject({ checkedOn: '2024-04-02' });
  });

  it('read what readers say is wrong, and say when they have seen to it: then the address is erased', async () => {
    const store = await fresh();
    const { browser } = await editing(store);
    expect((await browser.get('/redactie/meldingen')).text).toContain('Er wachten geen meldingen.');
    const plan = await store.write((tx) => addDeadline(tx));
    const said = {
      deadlineId: plan.id,
      revision: 1,
      language: 'nl',
      wrong: 'Het is <b>1 november</b>.',
      correct: '1 november',
      proof: null,
    } as const;
    await store.write((tx) => fileReport(tx, { ...said, email: 'anna@ro.example' }, 'a', NOON));
    expect((await browser.get('/redactie')).text).toContain('1 melding van een lezer wacht. Lees de meldingen');
    const { body, text } = await browser.get('/redactie/meldingen');
    expect(text).toMatch(
      /Jaarplan met begroting indienen Noord, contractjaar 2025\. .*Wat klopt er niet Het is .*1 november.*\. Wat is het wel 1 november/,
    );
    expect(body).toContain('Het is &lt;b&gt;1 november&lt;/b&gt;.');
    expect(text).toContain('E-mailadres van de lezer anna@ro.example');
    const [report] = await listReports(store.read);
    for (let twice = 0; twice < 2; twice++) {
      const closed = await browser.post('/redactie/meldingen', { close: report!.id });
      expect([closed.status, closed.location]).toEqual([303, '/redactie/meldingen']);
    }
    expect((await browser.post('/redactie/meldingen', { close: 'x' })).status).toBe(303);
    expect((await browser.get('/redactie/meldingen')).text).toContain('Er wachten geen meldingen.');
    expect(await listReports(store.read, { withClosed: true })).toMatchObject([{ id: report!.id, email: null }]);
  });
});
