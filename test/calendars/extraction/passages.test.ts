import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, passagesOf } from '../../../calendars/extraction/passages.ts';
import { POLICY } from './policy.ts';

const shown = (text: string) => passagesOf(text).map(({ form, quote, section }) => [form, section, quote]);

describe('the passages of a text', () => {
  it('are its sentences, each below the headings that it stands under', () => {
    const text =
      '1 Inleiding\n\nWij kopen zorg in. Dat doen wij o.a. voor u.\n1.1 Opbouw\nLees dit.\n\nTarieven\n\nHet tarief is vast.\n\n2 Vragen?\n\nBel ons.\n';
    expect(shown(text)).toEqual([
      ['heading', '1', '1 Inleiding'],
      ['paragraph', '1', 'Wij kopen zorg in.'],
      ['paragraph', '1', 'Dat doen wij o.a. voor u.'],
      ['heading', '1.1', '1.1 Opbouw'],
      ['paragraph', '1.1', 'Lees dit.'],
      ['heading', '1.1, Tarieven', 'Tarieven'],
      ['paragraph', '1.1, Tarieven', 'Het tarief is vast.'],
      ['heading', '2', '2 Vragen?'],
      ['paragraph', '2', 'Bel ons.'],
    ]);
  });

  it('are the rows of a table, with the head of its columns', () => {
    const text = 'Uiterste datum Activiteit\n1 mei 2026 Jaarstukken\nvan de praktijk.\n\n1 oktober 2026\n\nJaarplan\n';
    expect(passagesOf(text).map(({ form, head, quote }) => [form, head?.text ?? null, quote])).toEqual([
      ['paragraph', null, 'Uiterste datum Activiteit'],
      ['row', 'Uiterste datum Activiteit', '1 mei 2026 Jaarstukken van de praktijk.'],
      ['row', 'Uiterste datum Activiteit', '1 oktober 2026 Jaarplan'],
    ]);
  });

  it('are no rows where a line only happens to begin with a day of the sentence', () => {
    expect(shown('Stuur het plan uiterlijk op\n1 mei 2026 Of eerder.\n')).toEqual([
      ['paragraph', null, 'Stuur het plan uiterlijk op 1 mei 2026 Of eerder.'],
    ]);
  });

  it('are items of a list with what leads to it', () => {
    const passages = passagesOf('Er gelden eisen:\n- Een certificaat.\n• Een plan\nper wijk.\n\nDat was het.\n');
    expect(passages.map(({ lead, quote }) => [lead, quote])).toEqual([
      [null, 'Er gelden eisen:'],
      ['Er gelden eisen:', 'Een certificaat.'],
      ['Er gelden eisen:', 'Een plan per wijk.'],
      [null, 'Dat was het.'],
    ]);
  });

  it('know the page they stand on where the text marks pages, and go on over its end', () => {
    const passages = passagesOf('Een zin. Die gaat\fverder op de volgende bladzijde. En nog een.\f\fDe laatste.');
    expect(passages.map(({ page, quote }) => [page, quote])).toEqual([
      [1, 'Een zin.'],
      [1, 'Die gaat verder op de volgende bladzijde.'],
      [2, 'En nog een.'],
      [4, 'De laatste.'],
    ]);
    expect(passagesOf('Een zin.').map(({ page }) => page)).toEqual([null]);
  });

  it('leave out what stands on every page', () => {
    const page = (text: string) => `De Polder\n\n${text}\n\nwww.depolder.example/beleid\n\n3\n\f`;
    expect(
      shown(['Een.', 'Twee.', 'Drie.'].map(page).join(''))
        .map(([, , quote]) => quote)
        .filter((quote) => !String(quote).startsWith('www')),
    ).toEqual(['Een.', 'Twee.', 'Drie.']);
  });

  it('name the cell before them that cannot be read', () => {
    const text =
      'Datum Wat\n1 mei 2026 Jaarstukken\n€LV FAEEIIZZ I Publicatie van het beleid\n(TR )T BN [SIMNTI \\Voor de praktijk een gesprek\n';
    const unread = passagesOf(text).flatMap(({ garbled, quote }) =>
      garbled === null ? [] : [[text.slice(garbled.from, garbled.to), quote]],
    );
    expect(unread).toEqual([
      ['€LV FAEEIIZZ I ', 'Publicatie van het beleid'],
      ['(TR )T BN [SIMNTI \\', 'Voor de praktijk een gesprek'],
    ]);
  });

  it('stand literally at their place, whatever the text', () => {
    const pieces = [
      '1 mei 2026',
      'Publicatie',
      '\n',
      '\n\n',
      '\f',
      '5.1 Eisen',
      '- ',
      'De praktijk moet',
      '. ',
      'voor',
      '[|]',
      '€L',
      '\t',
      'z.g. ',
      '1O juni 2026',
      ':',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (words) => {
        const text = words.join(' ');
        for (const { from, quote, to } of passagesOf(text)) expect(fold(text.slice(from, to))).toBe(quote);
      }),
      { seed: 20261130, numRuns: 300 },
    );
    for (const { from, quote, to } of passagesOf(POLICY)) expect(fold(POLICY.slice(from, to))).toBe(quote);
  });
});
