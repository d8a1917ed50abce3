/** Subjects: at most 90 characters, whatever organisations, insurers and titles are called, and never alike for two organisations of one reader. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortNames } from '../../../jobs/mails/subjects/short-names.ts';
import { draftOf, itemOf, render } from '../../helpers/drafts.ts';
import { DRAFTS, MAILS } from '../../helpers/every-mail.ts';

const LONG =
  'Stichting Coöperatieve Regionale Huisartsenorganisatie voor Geïntegreerde Eerstelijnszorg in de Kop van Noord-Holland en West-Friesland';
const words = fc.array(fc.constantFrom('Stichting', 'Zorg', 'Regio', 'Huisartsen', 'Noord', 'Zuid', 'Coöperatie', 'u.a.', 'x', '👩‍⚕️'), {
  minLength: 1,
  maxLength: 20,
});
const name = fc.oneof(
  words.map((some) => some.join(' ').slice(0, 200).trim()),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => /\S/.test(text)),
);

describe('shortened names', () => {
  it('are whole words, by the first form in which they differ', () => {
    const short = (...names: string[]) => [...shortNames(names, 24).values()];
    expect(short('Regio Zuid')).toEqual(['Regio Zuid']);
    expect(short('Stichting Huisartsenzorg Noord')).toEqual(['Stichting…']);
    expect(short('Stichting Huisartsen Regio Noord', 'Stichting Huisartsen Regio Zuid')).toEqual([
      '…Huisartsen Regio Noord',
      '…Huisartsen Regio Zuid',
    ]);
    expect(short('Stichting Zorg Noord voor Huisartsen', 'Stichting Zorg Zuid voor Huisartsen')).toEqual([
      'Stichting Zorg Noord…',
      'Stichting Zorg Zuid…',
    ]);
    expect(short('Stichting Regionale Zorg Noord voor Huisartsen aldaar', 'Stichting Regionale Zorg Zuid voor Huisartsen aldaar')).toEqual([
      'Stichting Regionale… (1)',
      'Stichting Regionale… (2)',
    ]);
  });

  it('fit, and differ where the full ones do', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), fc.integer({ min: 14, max: 40 }), (names, most) => {
        const short = shortNames(names, most);
        expect(new Set(short.values()).size).toBe(names.length);
        for (const one of short.values()) expect(one.length).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('a subject', () => {
  it('of two organisations of one reader names each, whatever their names share', async () => {
    const [noord, zuid] = ['Noord', 'Zuid'].map((part) => `${LONG} ${part}`);
    const subjectOf = async (own: string, other: string) => (await render(draftOf([itemOf()], { name: own, otherNames: [other] }))).subject;
    expect(await subjectOf(noord!, zuid!)).toBe('…en West-Friesland Noord: Over 14 dagen: jaarplan… bij Zorg en Zekerheid (ma 30 sep)');
    expect(await subjectOf(zuid!, noord!)).toContain('West-Friesland Zuid: ');
  });

  it.each(Object.keys(MAILS))('of a mail of kind %s has at most 90 characters with the longest names', async (kind) => {
    for (const language of ['nl', 'en'] as const) {
      const draft = draftOf([], { ...MAILS[kind], language, name: LONG, otherNames: [`${LONG} Noord`] });
      const long = <T extends { name: string }>(one: T): T => ({ ...one, name: `${LONG} West` });
      const email = `${'a'.repeat(64)}@${'b'.repeat(60)}.example`;
      const { subject } = await render({
        ...draft,
        about: draft.about && long(draft.about),
        undone: draft.undone.map((one) => ({ ...one, organisation: long(one.organisation) })),
        recipient: { ...draft.recipient, email, deputyEmail: draft.recipient.deputyEmail && email },
        unreached: draft.unreached.map((one) => ({ ...one, email })),
        partly: draft.partly.map(() => email),
      });
      expect(subject!.length, subject).toBeLessThanOrEqual(90);
    }
  });

  it('has at most 90 characters whatever organisations, insurers and titles are called', async () => {
    await fc.assert(
      fc.asyncProperty(name, name, name, fc.constantFrom('nl', 'en'), async (own, insurerName, title, language) => {
        for (const part of [{ due: [{ item: itemOf({ title }, { insurerName }), leadDays: 14 }] }, DRAFTS.change, DRAFTS.escalation]) {
          const { subject } = await render(draftOf([], { ...part, kind: 'reminder', language, name: own, otherNames: [`${own} en meer`] }));
          expect(subject!.length).toBeLessThanOrEqual(90);
        }
      }),
      { numRuns: 40 },
    );
  });
});
