import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractFrom, type Proposal } from '../../../calendars/extraction/extraction.ts';
import { fold } from '../../../calendars/extraction/passages.ts';
import { checkQuotedDays } from '../../../calendars/quoted-days.ts';
import { POLICY } from './policy.ts';

/** The only proposal of a text. */
function only(text: string): Proposal {
  const { proposals } = extractFrom(text);
  expect(proposals.map(({ quote }) => quote)).toHaveLength(1);
  return proposals[0]!;
}
const dated = ({ boundary, dueOn, kind, lack, lastSafeOn, rule }: Proposal) => ({
  boundary,
  dueOn,
  kind,
  lack,
  lastSafeOn,
  rule: rule.kind,
});

describe('what a document proposes', () => {
  it('is every entry of a policy, with its kind, rule and what it lacks', () => {
    const { mentions, proposals, unreadable } = extractFrom(POLICY);
    const line = ({ activity, boundary, kind, lack, lastSafeOn, printed, rule }: Proposal) =>
      [kind, activity, rule.kind, boundary, lastSafeOn, lack, printed].map((value) => value ?? '-').join(' | ');
    expect(proposals.map(line)).toMatchInlineSnapshot(`
      [
        "deadline | contract_request | fixed | by | 2026-08-31 | - | 31 augustus 2026",
        "window | - | range | by | 2026-10-15 | - | 1 tot en met 15 oktober 2026",
        "deadline | - | event | - | - | - | dertig dagen",
        "deadline | signing_term | offset | by | - | - | zes weken",
        "deadline | - | fixed | before | 2026-11-14 | - | 15 november 2026",
        "deadline | accounts | fixed | before | 2026-05-31 | - | 1 juni 2026",
        "deadline | annual_plan | event | - | - | - | 4 weken",
        "window | - | range | by | 2026-12-15 | - | 1 november en 15 december 2026",
        "term | contract_term | range | - | 2028-12-31 | - | 2027 en 2028",
        "deadline | publication | fixed | - | 2026-04-01 | - | 1 april 2026",
        "deadline | - | none | - | - | imprecise | Medio juni 2026",
        "deadline | policy_supplement | none | - | - | year_not_printed | 1 juli",
        "deadline | annual_plan | fixed | before | 2026-09-30 | - | 1 oktober 2026",
        "deadline | - | period | - | 2026-12-31 | - | Q4 2026",
        "deadline | signing | none | - | - | unreadable | -",
        "deadline | signing | fixed | by | 2026-12-31 | - | 31 december 2026",
        "requirement | contract_requirement | none | - | - | - | -",
        "requirement | contract_requirement | none | - | - | - | -",
        "requirement | contract_requirement | none | - | - | - | -",
        "requirement | contract_requirement | none | - | - | - | -",
        "intention | - | period | - | 2028-12-31 | - | 2028",
        "deadline | publication | fixed | by | 2026-04-01 | - | 1 april 2026",
        "deadline | annual_plan | fixed | by | 2026-05-01 | - | 1 mei 2026",
        "deadline | signing | fixed | by | 2026-12-01 | - | 2026-12-01",
        "deadline | - | fixed | - | 2026-04-01 | - | 1 april",
        "deadline | contract_request | fixed | - | 2026-05-01 | - | 1 mei",
        "deadline | accounts | fixed | - | 2026-06-01 | - | 1 juni 2026",
      ]
    `);
    expect(mentions.map(({ printed, quote, section }) => [section, printed, quote])).toEqual([
      ['1', '30 maart 2026', 'Dit beleid is op 30 maart 2026 vastgesteld.'],
    ]);
    expect(unreadable.map(({ section, text, what }) => [section, what, text])).toEqual([['2, Planning', 'date', '3O november 2026']]);
  });

  it('has the day of before as the last safe one behind "voor" and "tot", the day itself behind "uiterlijk"', () => {
    const safe = (words: string) => dated(only(`Lever het jaarplan ${words} 1 oktober 2026 in.`));
    const base = { kind: 'deadline', rule: 'fixed', dueOn: '2026-10-01', lack: null };
    expect(safe('uiterlijk')).toEqual({ ...base, boundary: 'by', lastSafeOn: '2026-10-01' });
    expect(safe('vóór')).toEqual({ ...base, boundary: 'before', lastSafeOn: '2026-09-30' });
    expect(safe('voor')).toEqual({ ...base, boundary: 'before', lastSafeOn: '2026-09-30' });
    expect(safe('tot')).toEqual({ ...base, boundary: 'before', lastSafeOn: '2026-09-30' });
    expect(safe('tot en met')).toEqual({ ...base, boundary: 'by', lastSafeOn: '2026-10-01' });
  });

  it('never gets a year that is not printed beside the day', () => {
    const text = 'Planning inkoopjaar 2027\n\nDatum Activiteit 2027\n1 april Publicatie inkoopbeleid 2027\n';
    expect(dated(only(text))).toEqual({
      kind: 'deadline',
      rule: 'none',
      boundary: null,
      dueOn: null,
      lastSafeOn: null,
      lack: 'year_not_printed',
    });
  });

  it('takes the year of the days from the head of their column, and quotes both', () => {
    const proposal = only('Datum in 2026 Activiteit\n1 april Publicatie inkoopbeleid 2027\n');
    expect([proposal.dueOn, proposal.quote]).toEqual(['2026-04-01', 'Datum in 2026 Activiteit (…) 1 april Publicatie inkoopbeleid 2027']);
  });

  it('has no day where one is about so, or cannot be read', () => {
    expect(dated(only('Dien het plan medio oktober 2026 in.')).lack).toBe('imprecise');
    expect(dated(only('Dien het plan uiterlijk 3l oktober 2026 in.'))).toMatchObject({ lack: 'unreadable', dueOn: null });
  });

  it('counts from the day of receipt, from another activity, or waits in its own words', () => {
    const rule = (text: string) => only(text).rule;
    expect(rule('U ondertekent de overeenkomst binnen zes weken na ontvangst.')).toEqual({
      kind: 'offset',
      from: { event: 'contract_received' },
      amount: 6,
      unit: 'week',
      direction: 'after',
    });
    expect(rule('U kunt tot 10 werkdagen na publicatie van het inkoopbeleid reageren.')).toEqual({
      kind: 'offset',
      from: { activity: 'publication' },
      amount: 10,
      unit: 'working_day',
      direction: 'after',
    });
    expect(rule('U dient het verzoek in binnen twee weken na de afwijzing.')).toEqual({
      kind: 'event',
      text: 'binnen twee weken na de afwijzing',
    });
  });

  it('says who acts, for whom, where, under which subject, and what follows', () => {
    const text =
      'Niet-gecontracteerde zorgaanbieders sturen hun verzoek om een overeenkomst uiterlijk 31 augustus 2026 aan inkoop@depolder.example onder vermelding van ‘Nieuw 2027’. Wie te laat is, krijgt mogelijk geen overeenkomst. Uitstel is niet mogelijk.';
    expect(extractFrom(text).proposals[0]).toMatchObject({
      activity: 'contract_request',
      actors: ['provider'],
      contractStatus: 'uncontracted',
      channel: { kind: 'email', address: 'inkoop@depolder.example', subject: 'Nieuw 2027' },
      consequence: { text: 'Wie te laat is, krijgt mogelijk geen overeenkomst.', modality: 'possible', kind: 'penalty' },
      extension: { possible: false, text: 'Uitstel is niet mogelijk.' },
    });
  });

  it('is a requirement by its words or by its heading, hard or only wished for', () => {
    const text =
      '5 Minimumeisen\n\nDe RO heeft een vergunning. Waar mogelijk werkt de RO samen.\n\n6 Tarieven\n\nDe RO heeft een tarief. De huisarts moet beschikken over een registratie.\n';
    expect(extractFrom(text).proposals.map(({ actors, kind, quote, strictness }) => [kind, strictness, actors, quote])).toEqual([
      ['requirement', 'hard', ['ro'], 'De RO heeft een vergunning.'],
      ['requirement', 'soft', ['ro'], 'Waar mogelijk werkt de RO samen.'],
      ['requirement', 'hard', ['practice'], 'De huisarts moet beschikken over een registratie.'],
    ]);
  });

  it('is quoted literally, from the place that it names, by the rule that judges every quote', () => {
    const { proposals } = extractFrom(POLICY);
    expect(proposals.length).toBeGreaterThan(20);
    for (const { from, quote, rule, to } of proposals) {
      expect(quote.endsWith(fold(POLICY.slice(from, to)))).toBe(true);
      for (const part of quote.split(' (…) ')) expect(fold(POLICY)).toContain(part);
      const sources = [{ document: '', section: null, quote, url: null }];
      expect(checkQuotedDays({ basis: null, certainty: 'stated', conflict: null, rule, sources })).toEqual([]);
    }
  });

  it('throws at no text', () => {
    const pieces = [
      '1 mei 2026',
      'uiterlijk ',
      'binnen zes weken ',
      'na ontvangst',
      '\n',
      '\f',
      '5.1 Eisen',
      ' - ',
      'per kwartaal',
      'voor ',
      '(…)',
      '[',
      '€L',
      '\t',
      "'22",
      '31 februari 2026',
      '2-jarig contract',
      '\ud800',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (words) => {
        extractFrom(words.join(''));
      }),
      { seed: 20261130, numRuns: 300 },
    );
  });
});
