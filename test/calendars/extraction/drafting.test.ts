import { describe, expect, it } from 'vitest';
import { checkContent } from '../../../calendars/deadlines/content.ts';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import { amendmentOf, draftEntries } from '../../../calendars/extraction/drafting.ts';
import { extractFrom } from '../../../calendars/extraction/extraction.ts';
import { isQuoteOf, openText } from '../../../calendars/extraction/finding.ts';
import { joinProposals } from '../../../calendars/extraction/joining.ts';
import { checkQuotedDays } from '../../../calendars/quoted-days.ts';

const TEXT = `5.3 Jaarplan

Gecontracteerde regio-organisaties dienen een jaarplan met een begroting in via inkoop@noord.example voor 1 oktober 2026.

6.3 Planning

Uiterste datum Wat
1 mei 2026 Jaarstukken indienen.
1 oktober 2026 Het jaarplan met de begroting indienen. Wie te laat is, krijgt mogelijk een afslag op het tarief.
15 december 2026 Aanvraag voor een innovatie insturen.
`;
const DOCUMENT = { document: 'Beleid 2027', url: null };
const entriesIn = (text: string) => joinProposals(extractFrom(text).proposals).flatMap((joined) => draftEntries(joined, DOCUMENT));

describe('proposals of one duty', () => {
  it('are joined where they say one date, or two days beside each other: the row of the table leads, and both are quoted', () => {
    const plans = entriesIn(TEXT).filter(({ activity }) => activity === 'annual_plan');
    expect(plans).toHaveLength(1);
    const { content } = plans[0]!;
    expect(content).toMatchObject({
      title: 'Jaarplan met begroting indienen',
      rule: { kind: 'fixed', on: '2026-10-01' },
      boundary: 'by',
      certainty: 'stated',
      channel: { kind: 'email', address: 'inkoop@noord.example' },
      consequence: { kind: 'penalty', modality: 'possible' },
      conflict: { kind: 'readings', days: ['2026-09-30', '2026-10-01'] },
      duty: { actors: ['ro'], contractStatus: 'contracted' },
    });
    expect(content.sources!.map(({ section }) => section)).toEqual(['6.3', '5.3']);
    expect(content.conflict!.text).toBe('Paragraaf 6.3 noemt “1 oktober 2026”. Paragraaf 5.3 noemt “voor 1 oktober 2026”.');
  });

  it('stay apart where their days, their activities or who must act differ', () => {
    const texts = [
      'Stuur uw aanvraag voor een overeenkomst uiterlijk 31 augustus 2026 in.',
      'Stuur uw aanvraag voor een overeenkomst uiterlijk 3 september 2026 in.',
    ];
    expect(joinProposals(extractFrom(texts.join('\n\n')).proposals).map((joined) => joined.length)).toEqual([1, 1]);
    const [first, second] = extractFrom(`${texts[0]}\n\n${texts[0]!.replace('31', '31')}`).proposals;
    const others = joinProposals([
      { ...first!, contractStatus: 'contracted' },
      { ...second!, contractStatus: 'uncontracted' },
    ]);
    expect(others).toHaveLength(2);
    expect(joinProposals([first!, second!])).toHaveLength(1);
    expect(joinProposals([])).toEqual([]);
  });
});

describe('an entry that a proposal drafts', () => {
  it('says what the sentence says, with the sentence as its proof, and breaks no rule but where an editor has to choose', () => {
    for (const { activity, content, requirementKey, slot } of entriesIn(TEXT)) {
      expect(checkContent(content as Content, { activity: activity ?? 'annual_plan', slot, key: requirementKey })).toEqual([]);
      expect(checkQuotedDays(content as Content)).toEqual([]);
    }
  });

  it('is called by its subject, else by its first whole clause, never by a sentence that is cut off', () => {
    const quote =
      'Partijen die zich willen aanmelden voor de bijeenkomst over de uitgangspunten, melden dat uiterlijk 15 mei 2026 aan de afdeling die daarover gaat.';
    const [one] = extractFrom(quote).proposals;
    const titleOf = (over: Partial<typeof one>) => draftEntries([{ ...one!, ...over }], DOCUMENT)[0]!.content.title;
    expect(titleOf({ activity: null })).toBe('Partijen die zich willen aanmelden voor de bijeenkomst over de uitgangspunten');
    expect(titleOf({ activity: null, quote: `${'woord '.repeat(30)}.` })).toBe('woord '.repeat(16).trim());
    expect(titleOf({ activity: null, quote: 'Vragen stelt u voor 15 mei 2026.' })).toBe('Vragen stelt u voor 15 mei 2026');
    expect(titleOf({ activity: 'accounts', kind: 'period' })).toBe('Jaarverantwoording aanleveren');
  });

  it('of a day without its year has none, and says that it is not known', () => {
    const [entry] = entriesIn('Het jaarplan dient u uiterlijk 1 oktober in.');
    expect(entry!.content).toMatchObject({ certainty: 'unknown', rule: { kind: 'none' } });
  });

  it('is one for each quarter where something may begin in each', () => {
    const entries = entriesIn('Een innovatie start u per kwartaal. Stuur uw aanvraag drie maanden van tevoren in.');
    expect(entries.map(({ content, slot }) => [slot, content.title])).toEqual([
      [1, 'Besluit over de start van een innovatie, kwartaal 1'],
      [2, 'Besluit over de start van een innovatie, kwartaal 2'],
      [3, 'Besluit over de start van een innovatie, kwartaal 3'],
      [4, 'Besluit over de start van een innovatie, kwartaal 4'],
    ]);
    for (const { activity, content, slot } of entries)
      expect(checkContent(content as Content, { activity: activity!, slot, key: null })).toEqual([]);
  });

  it('of a requirement has a key and no day', () => {
    const [entry] = entriesIn('De zorgaanbieder dient te beschikken over een geldige AGB-code in het register van Vektis.');
    expect(entry).toMatchObject({
      activity: 'contract_requirement',
      content: { kind: 'requirement', certainty: 'stated', strictness: 'hard' },
    });
    expect(entry!.requirementKey).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
});

describe('a quote', () => {
  const find = openText(
    'Inleiding van de planning voor het jaar.\n\nLever het plan\nuiterlijk 1 november 2026 in.\n\nVragen stelt u aan de afdeling inkoop.',
  );
  it('is found word for word whatever the white space, and in parts where it has an elision', () => {
    expect(find('Lever het plan uiterlijk 1 november 2026 in.', null)).toBe('literal');
    expect(find('Inleiding van de planning (…) uiterlijk  1 november 2026', null)).toBe('literal');
    expect(find('Inleiding van de planning (…) 1 oktober 2026', null)).toBeNull();
    expect(find('', null)).toBeNull();
  });

  it('has a sentence in it whole or in part, and is none of another one', () => {
    const sentence = '1 oktober 2026 Het jaarplan met de begroting indienen.';
    expect(isQuoteOf(`Uiterste datum (…) ${sentence} Uitstel is niet mogelijk.`, sentence)).toBe(true);
    expect(isQuoteOf('Het jaarplan  met de begroting', sentence)).toBe(true);
    expect(isQuoteOf('1 november 2026 Het jaarplan met de begroting indienen.', sentence)).toBe(false);
    expect(isQuoteOf('jaarplan', sentence)).toBe(false);
  });

  it('is found by what stood before and after it where its words changed, and nowhere else', () => {
    const place = { before: 'planning voor het jaar. ', after: ' Vragen stelt u aan de afdeling' };
    expect(find('Lever het plan uiterlijk 1 oktober 2026 in.', place)).toBe('around');
    expect(find('Lever het plan uiterlijk 1 oktober 2026 in.', { ...place, after: 'Klachten stelt u aan de directie' })).toBeNull();
    expect(find('Lever het plan uiterlijk 1 oktober 2026 in.', { before: 'jaar.', after: 'Vragen' })).toBeNull();
    expect(find('Kort.', { ...place, before: 'Inleiding van de planning' })).toBeNull();
  });
});

describe('what is drafted on top of an entry that is there', () => {
  const [standing] = entriesIn('Dien de jaarstukken in voor 1 mei 2026.\n') as [ReturnType<typeof entriesIn>[number]];
  const there = standing.content as Content;

  it('takes its place, day and proof', () => {
    const [later] = entriesIn('Dien de jaarstukken in voor 1 juni 2026.\n') as [typeof standing];
    expect(amendmentOf(later.content, there)).toMatchObject({ rule: { on: '2026-06-01' }, sources: later.content.sources });
  });

  it('leaves the day and what proves it where the sentence names none, and is quoted beside it once', () => {
    const { content } = { content: { ...there, rule: { kind: 'none' }, certainty: 'unknown', boundary: null } as Partial<Content> };
    const other = { ...there.sources[0]!, quote: 'Lever de jaarstukken op tijd aan.' };
    const amendment = amendmentOf({ ...content, channel: null, sources: [other, there.sources[0]!] }, there);
    expect(amendment).toEqual({ sources: [there.sources[0], other] });
    expect(amendmentOf(content, { ...there, certainty: 'unknown' })).toMatchObject({ certainty: 'unknown' });
  });
});
