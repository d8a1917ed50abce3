/** The pages of insurers, and of who has no contract yet: over a registry of which every line is known. */
import { expect, it } from 'vitest';
import { listInsurers, saveDocument, saveInsurer } from '../../db/registry/insurers.ts';
import { projectTimelineOf } from '../../db/registry/timelines.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor, type Call } from '../helpers/app.ts';
import { addDeadline, addInsurer } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

const NOW = new Date('2025-09-10T10:00:00Z');
const HTML = { headers: { accept: 'text/html' } };
const memo = { document: 'Inkoopbeleid 2022, memo van InEen', section: 'O&I', quote: 'Minimaal 100.000 inwoners', url: null };
const inferred = {
  kind: 'secondary_source' as const,
  deadlineId: null,
  text: 'Memo van InEen. De kolom van de verzekeraar is afgeleid uit de leesvolgorde.',
};
const none = { kind: 'none' as const };

/** Noord has its policy of 2025 and what is expected of 2026; Één has a memo on 2022 and an agreement that runs; ASR has nothing. */
async function registry(store: Store) {
  await store.write(async (tx) => {
    await addInsurer(tx, 'een', 'Één');
    await addInsurer(tx, 'zuid');
    await addInsurer(tx, 'eno', 'ENO');
    const document = { key: 'beleid', title: 'Beleid 2025', version: '02-05-2024', url: 'https://noord.example/beleid', publishedOn: null };
    await saveDocument(
      tx,
      {
        ...document,
        remarks: ['Niet alle eisen staan hier: het Algemeen beleid heeft er meer. Bron: Beleid 2025: "x"'],
      },
      NOW,
    );
    const contact = { purpose: 'Vragen', email: 'vragen@noord.example', phone: '071 582 5441', url: null, hours: 'van 8 tot 12 uur' };
    const noord = { slug: 'noord', name: 'Noord', kind: 'health_insurer' as const, website: 'https://noord.example', aliases: [] };
    await saveInsurer(tx, { ...noord, contacts: [contact], remarks: [], documents: ['beleid'] }, NOW);
    const asr = { ...noord, slug: 'asr', name: 'ASR', contacts: [], documents: [] };
    await saveInsurer(tx, { ...asr, remarks: ['De memo geeft voor ASR alleen een link.'] }, NOW);
    await addPolicy(tx);
    await addMemo(tx);
  });
}

type Tx = Parameters<Parameters<Store['write']>[0]>[0];

async function addPolicy(tx: Tx) {
  const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'uncontracted' as const, deliverable: null };
  const channel = { kind: 'email' as const, address: 'inkoop@noord.example', subject: 'Verzoek & vraag', hours: null };
  const quoted = {
    document: 'Beleid 2025',
    section: '5.4',
    quote: 'Mail uiterlijk 31 augustus 2024 naar inkoop@noord.example.',
    url: null,
  };
  const request = { title: 'Zorgovereenkomst aanvragen', duty, channel, sources: [quoted], conflict: null };
  await addDeadline(tx, { activity: 'contract_request' }, { ...request, rule: { kind: 'fixed', on: '2024-08-31' } });
  await addDeadline(tx, {}, { boundary: 'before', title: 'Jaarplan <indienen>' });
  const insurer = { actors: ['insurer' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
  await addDeadline(tx, { activity: 'review_meeting' }, { title: 'Gesprek zonder dag', rule: none, boundary: null, certainty: 'unknown' });
  await addDeadline(
    tx,
    { activity: 'green_deal' },
    {
      kind: 'commitment',
      title: 'Groene afspraak',
      rule: { kind: 'period', unit: 'year', year: 2026, number: null },
      duty: insurer,
      basis: { kind: 'computation', deadlineId: null, text: 'x' },
    },
  );
  const requirement = {
    duty: { ...duty, contractStatus: 'any' as const },
    rule: none,
    boundary: null,
    channel: null,
    consequence: null,
    extension: null,
  };
  await addDeadline(tx, { activity: 'contract_requirement', key: 'a' }, { ...requirement, strictness: 'hard', title: 'Harde eis' });
  await addDeadline(tx, { activity: 'contract_requirement', key: 'b' }, { ...requirement, strictness: 'soft', title: 'Zachte wens' });
  const [noord] = (await listInsurers(tx)).filter(({ slug }) => slug === 'noord');
  for (const year of [2026, 2027]) await projectTimelineOf(tx, noord!, year, NOW);
}

async function addMemo(tx: Tx) {
  const from = { sources: [memo], basis: inferred };
  const requirement = { ...from, rule: none, boundary: null, channel: null, consequence: null, extension: null };
  const identity = { insurer: 'een', careType: 'gp_care' as const };
  await addDeadline(
    tx,
    { ...identity, contractYear: 2022, activity: 'contract_requirement', key: 'a' },
    { ...requirement, strictness: 'hard', title: 'Minimaal 100.000 inwoners' },
  );
  await addDeadline(
    tx,
    { ...identity, contractYear: 2025, activity: 'contract_term' },
    {
      kind: 'term',
      title: 'Looptijd: 2025 en 2026',
      rule: { kind: 'range', from: '2025-01-01', to: '2026-12-31' },
      basis: { ...inferred, kind: 'computation' },
      sources: [memo],
    },
  );
  const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Een aanname.' };
  const assumed = { certainty: 'template' as const, basis, sources: [], channel: null, conflict: null };
  await addDeadline(
    tx,
    { insurer: 'een', contractYear: 2026, activity: 'contract_request' },
    { ...assumed, title: 'Zorgovereenkomst 2026 aanvragen', rule: { kind: 'fixed', on: '2025-08-31' } },
  );
}

onBothDialects('the pages of insurers', (fresh) => {
  async function open() {
    const store = await fresh();
    await registry(store);
    return (await appFor(store, { clock: () => NOW })).call;
  }

  it('list all by name, each with what comes next and how much is known of it', async () => {
    const call = await open();
    const { body, headers } = await call('GET', '/verzekeraars', HTML);
    expect(headers['content-language']).toBe('nl');
    const [, list = ''] = /<ul class="insurer-list">(.*?)<\/ul>/s.exec(body) ?? [];
    expect([...list.matchAll(/verzekeraars\/([a-z]+)"/g)].map(([, slug]) => slug)).toEqual(['asr', 'een', 'eno', 'noord', 'zuid']);
    const lines = list.split('</li>').map(textOf);
    expect(lines[0]).toContain('ASR Geen datum bekend. Nog niets ingevoerd. De memo geeft voor ASR alleen een link.');
    expect(lines[1]).toContain('Alleen een memo van InEen over 2025 ingevoerd.');
    expect(lines[3]).toContain('di 30 sep Jaarplan 2026 met begroting indienen verwacht Beleid 2025 ingevoerd.');
    expect(textOf((await call('GET', '/en/verzekeraars', HTML)).body)).toContain('Policy of 2025 entered.');
  });

  it('show the year that is being bought with the newest known beside it, and what holds from before marked so', async () => {
    const call = await open();
    const { body } = await call('GET', '/verzekeraars/noord', HTML);
    const text = textOf(body);
    expect(text).toContain('Noord: contractjaar 2026');
    expect(text).toContain('De datums vallen in 2025.');
    expect(text).toContain('Het beleid voor 2026 is nog niet ingevoerd. De datums zijn verwacht of aangenomen, en niet bevestigd.');
    expect(body).toMatch(/<div class="pair">.*Datums voor 2026.*Zo ging het voor 2025.*Jaarplan &lt;indienen&gt;/s);
    expect(text).toContain('volgens de bron In de bron staat: vóór 1 oktober 2024. § 6.3');
    expect(text).toContain('Dit gold voor 2025, volgens Beleid 2025; niet gecontroleerd voor 2026.');
    expect(text).toContain('Niet alle eisen staan hier: het Algemeen beleid heeft er meer.');
    expect(text).toMatch(/Eisen Harde eis.*Wensen van de verzekeraar Zachte wens/);
    expect(text).toMatch(/Afspraken Genoemd voor 2025; niet gecontroleerd voor 2026\..*Groene afspraak In de loop van 2026\./);
    expect(text).toContain('Telefoon: 071 582 5441 , van 8 tot 12 uur');
    expect(text).toContain(
      'Beleid 2025 Versie 02-05-2024. Bewijst 2 datums, 1 regel zonder datum, 2 eisen of wensen en 1 andere regel voor contractjaar 2025.',
    );
    expect(text).not.toContain('Gesprek zonder dag');
    expect(body).toContain('href="/agenda?insurer=noord"');
    expect(body).toMatch(/<h3><a href="\/datums\/[\da-f-]{36}">/);
    expect(body).toContain('<link rel="alternate" type="text/calendar" href="/calendars/noord.ics" />');
    expect(body).not.toMatch(/undefined|\[object|style=/);
  });

  it('show a year of which the policy is known alone, with what has no day on a shelf of its own', async () => {
    const call = await open();
    const { body } = await call('GET', '/verzekeraars/noord/2025', HTML);
    const text = textOf(body);
    expect(text).toContain('Het beleid voor 2025 is ingevoerd.');
    expect(body).not.toContain('class="pair"');
    expect(text).toMatch(/Bron: Beleid 2025; gecontroleerd op 2 april 2024\..*Zonder datum .*Gesprek zonder dag .*datum onbekend § 6.3/);
    expect(text).toContain('Dit geldt voor 2025, volgens Beleid 2025; gecontroleerd op 2 april 2024.');
    expect(text).toMatch(/Wat zie ik niet\? Contractjaar 2026 : 5 regels/);
  });

  it('say that an agreement runs, and whose column was inferred', async () => {
    const call = await open();
    const text = textOf((await call('GET', '/verzekeraars/een', HTML)).body);
    expect(text).toContain('rond zondag 31 augustus 2025');
    expect(text).toContain('Er loopt een overeenkomst 2025-2026. Of u tussentijds kunt instappen, staat er niet.');
    expect(text).toContain('Dit gold voor 2022, volgens een memo van InEen; niet gecontroleerd voor 2026.');
    expect(text).toContain('O&amp;I · kolom afgeleid');
    // What that means is said once, and where it stands alone.
    expect(text.match(/Staat er ‘kolom afgeleid’\?/g)).toHaveLength(1);
    for (const path of ['/verzekeraars/noord/2025', '/verzekeraars/asr'])
      expect(textOf((await call('GET', path, HTML)).body)).not.toContain('kolom afgeleid');
    expect(text).toContain('Looptijd: 2025 en 2026 Voor huisartsenzorg.');
    expect(textOf((await call('GET', '/verzekeraars/asr', HTML)).body)).toContain('Er zijn geen datums bekend.');
  });

  it('say which there are where one is not known, to people and to programs', async () => {
    const call = await open();
    const insurer = await call('GET', '/verzekeraars/nergens', HTML);
    expect([insurer.status, textOf(insurer.body)]).toEqual([404, expect.stringMatching(/Kies een van deze verzekeraars: ASR .*Zuid/)]);
    for (const year of ['2019', '02025', 'x']) {
      const { body, status } = await call('GET', `/verzekeraars/noord/${year}`, HTML);
      expect([status, textOf(body)]).toEqual([
        404,
        expect.stringMatching(/alleen deze jaren: Contractjaar 2025 Contractjaar 2026 Contractjaar 2027/),
      ]);
    }
    const problem = await call('GET', '/verzekeraars/nergens');
    expect([problem.status, problem.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });
});

onBothDialects('no contract yet', (fresh) => {
  const pageOf = async (call: Call, query: string, path = '/geen-contract') => {
    const { body, status } = await call('GET', `${path}${query}`, HTML);
    return { body: String(body), status, text: textOf(body) };
  };

  it('names the last day at every insurer, of the year after where all are past', async () => {
    const store = await fresh();
    await registry(store);
    const { call } = await appFor(store, { clock: () => NOW });
    const { text } = await pageOf(call, '');
    expect(text).toContain(
      'De laatste dag om een contract voor 2026 aan te vragen is bij alle verzekeraars voorbij, of vermoedelijk voorbij.',
    );
    expect(text).toContain('Noord ma 31 aug 2026 verwacht E-mailadres en onderwerp van 2025 zijn bekend.');
    expect(text).toContain('ASR Geen datum bekend. Waar u het aanvraagt, weten wij niet.');
    const before = await appFor(store, { clock: () => new Date('2025-08-31T10:00:00Z') });
    expect((await pageOf(before.call, '')).text).toMatch(/een contract voor 2026 aan te vragen ASR .*Één rond zo 31 aug aanname/);
  });

  it('gives day, mailbox, exact subject and requirements, each with how sure it is', async () => {
    const store = await fresh();
    await registry(store);
    const { call } = await appFor(store, { clock: () => NOW });
    const { body, text } = await pageOf(call, '?insurer=noord');
    expect(text).toContain('De dag om een contract voor 2026 aan te vragen ging vermoedelijk voorbij op 31 augustus 2025.');
    expect(text).toContain('maandag 31 augustus 2026');
    expect(text).toContain('Zo ging het voor contractjaar 2025. Voor 2027 is het niet bevestigd.');
    expect(body).toContain('data-copy="inkoop@noord.example"');
    expect(body).toContain('data-copy="Verzoek &amp; vraag"');
    expect(body).toContain('href="mailto:inkoop@noord.example?subject=Verzoek%20%26%20vraag"');
    expect(text).toContain('Mail uiterlijk 31 augustus 2024 naar inkoop@noord.example.');
    expect(text).toContain('Dit gold voor 2025, volgens Beleid 2025; niet gecontroleerd voor 2027.');
    // The quote is of the year before: so is the day on which it was compared.
    expect(text).toContain('gecontroleerd op 2 april 2024');
    expect(text).not.toMatch(/naar inkoop@noord\.example\.[^.]*niet gecontroleerd/);
    const english = await pageOf(call, '?insurer=noord', '/en/geen-contract');
    expect(english.text).toContain('It is not confirmed for 2027.');
  });

  it('says plainly what is past and what nobody knows', async () => {
    const store = await fresh();
    await registry(store);
    const { call } = await appFor(store, { clock: () => NOW });
    const assumed = await pageOf(call, '?insurer=een');
    expect(assumed.text).toContain('De dag om een contract voor 2026 aan te vragen ging vermoedelijk voorbij, rond 31 augustus 2025.');
    expect(assumed.text).toContain('Waar en hoe u dit aanvraagt, weten wij niet. Vraag het aan Één.');
    expect((await pageOf(call, '?insurer=zuid')).text).toContain('De laatste dag om een contract voor 2026 aan te vragen is niet bekend.');
    const stated = await appFor(store, { clock: () => new Date('2024-09-01T10:00:00Z') });
    expect((await pageOf(stated.call, '?insurer=noord')).text).toContain(
      'De dag om een contract voor 2025 aan te vragen was 31 augustus 2024.',
    );
  });

  it('says of an assumed day that it is one, wherever the day stands', async () => {
    const store = await fresh();
    await registry(store);
    const { call } = await appFor(store, { clock: () => new Date('2025-08-01T10:00:00Z') });
    const { text } = await pageOf(call, '?insurer=een');
    expect(text).toContain('Vermoedelijk de laatste dag voor contractjaar 2026.');
    expect(text).not.toContain('Laatste dag voor contractjaar');
    expect((await pageOf(call, '?insurer=noord')).text).toContain('Laatste dag voor contractjaar 2026.');
    expect((await pageOf(call, '', '/verzekeraars')).text).toContain('Één rond zo 31 aug Zorgovereenkomst 2026 aanvragen aanname');
    expect((await pageOf(call, '?insurer=een', '/en/geen-contract')).text).toContain('Presumably the last day for contract year 2026.');
  });

  it('names an insurer that is not known, beside the field and above the form', async () => {
    const store = await fresh();
    await registry(store);
    const { call } = await appFor(store, { clock: () => NOW });
    for (const [query, name] of [
      ['?insurer=<b>', '&lt;b&gt;'],
      ['?insurer=noord&insurer=zuid', 'noord,zuid'],
    ] as const) {
      const { body, status } = await pageOf(call, query);
      expect(status).toBe(404);
      expect(body.split(`De verzekeraar “${name}” kennen wij niet.`)).toHaveLength(3);
      expect(body).toContain('href="#insurer"');
    }
    expect((await pageOf(call, '')).status).toBe(200);
    const none = await pageOf(call, '?insurer=');
    expect(none.status).toBe(400);
    expect(none.text.split('Kies een verzekeraar.')).toHaveLength(3);
    expect(none.body).toMatch(/id="insurer" name="insurer" aria-describedby="insurer-error" aria-invalid="true"/);
    expect((await pageOf(call, '?insurer=', '/en/geen-contract')).text).toContain('Choose an insurer.');
  });

  it('lists requirements in the order of their document, and those of who reads first where that is chosen', async () => {
    const store = await fresh();
    await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      const more = { rule: none, boundary: null, channel: null, consequence: null, extension: null, strictness: 'hard' as const };
      for (const [key, title, section, actors] of [
        ['a', 'Aan het eind', '5.10', ['practice']],
        ['b', 'Begin', '5.9', ['ro']],
        ['c', 'Cijfers', '5.9', ['practice', 'ro']],
        ['d', 'Derde', '5.9, WSV', ['wsv']],
        ['e', 'Zonder paragraaf', null, ['provider']],
      ] as const)
        await addDeadline(
          tx,
          { activity: 'contract_requirement', key },
          {
            ...more,
            title,
            sources: [{ ...memo, section }],
            duty: { actors: [...actors], onBehalfOf: [], contractStatus: 'any', deliverable: null },
          },
        );
    });
    const { call } = await appFor(store, { clock: () => NOW });
    const order = async (query: string, path?: string) => {
      const { text } = await pageOf(call, query, path);
      return ['Zonder paragraaf', 'Begin', 'Cijfers', 'Derde', 'Aan het eind'].sort((a, b) => text.indexOf(a) - text.indexOf(b));
    };
    const byDocument = ['Zonder paragraaf', 'Begin', 'Cijfers', 'Derde', 'Aan het eind'];
    expect(await order('?insurer=noord')).toEqual(byDocument);
    expect(await order('?insurer=noord&role=')).toEqual(byDocument);
    expect(await order('', '/verzekeraars/noord/2025')).toEqual(byDocument);
    expect(await order('?insurer=noord&role=wsv')).toEqual(['Zonder paragraaf', 'Derde', 'Begin', 'Cijfers', 'Aan het eind']);
    expect(await order('?insurer=noord&role=practice')).toEqual(['Zonder paragraaf', 'Cijfers', 'Aan het eind', 'Begin', 'Derde']);
    // What was chosen goes along, and what there is not is said beside its field.
    const chosen = await pageOf(call, '?role=wsv');
    expect([chosen.status, chosen.body.includes('<option value="wsv" selected>')]).toEqual([200, true]);
    expect(chosen.body).toContain('href="/geen-contract?insurer=noord&amp;role=wsv"');
    expect((await pageOf(call, '?insurer=noord&role=wsv')).body).toContain('href="/geen-contract?role=wsv"');
    const odd = await pageOf(call, '?insurer=noord&role=bank');
    expect([odd.status, odd.text.split('Zo’n organisatie kennen wij niet.').length, odd.text.includes('kennen wij niet. Kies er')]).toEqual(
      [404, 3, true],
    );
    expect(odd.body).toContain('<option value="noord" selected>');
    expect(odd.body).not.toContain('De verzekeraar “');
  });

  it('calls a purchasing party no insurer, on its page and where a contract is asked for', async () => {
    const store = await fresh();
    await store.write(async (tx) => {
      const party = { slug: 'caresq', name: 'Caresq', kind: 'purchasing_party' as const, website: null, aliases: [] };
      await saveInsurer(tx, { ...party, contacts: [], remarks: [], documents: [] }, NOW);
      await projectTimelineOf(tx, (await listInsurers(tx))[0]!, 2026, NOW);
    });
    const { call } = await appFor(store, { clock: () => NOW });
    for (const path of ['/verzekeraars/caresq/2026', '/geen-contract?insurer=caresq']) {
      const { body } = await call('GET', path, HTML);
      expect(body).toMatch(/inkooppartij/);
      expect(body).not.toMatch(/deze verzekeraar|de verzekeraar zelf|vraag de verzekeraar/i);
    }
  });
});

/** What a page says, without its elements. */
function textOf(page: string): string {
  return page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}
