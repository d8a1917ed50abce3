import { describe, expect, it } from 'vitest';
import { textOfPages } from '../../../server/documents/pdf-text.ts';

/** A piece as wide as its letters. */
const at = (str: string, x: number, y: number, fontSize = 10) => ({ str, x, y, fontSize, width: str.length * fontSize * 0.5 });
const lines = (texts: readonly string[], x: number, top: number, step = 12) => texts.map((text, i) => at(text, x, top - i * step));

describe('the text of a PDF', () => {
  it('is its lines from top to bottom, whatever the order in the file, with paragraphs apart', () => {
    const page = [
      at('Een zin', 40, 800),
      ...lines(['die doorloopt', 'en eindigt.'], 40, 788),
      ...lines(['Een andere.', 'Nog een.'], 40, 740),
    ];
    expect(textOfPages([page.toReversed()])).toBe('Een zin\ndie doorloopt\nen eindigt.\n\nEen andere.\nNog een.');
  });

  it('has headings apart, and pages parted by a form feed', () => {
    const page = [at('5 Planning', 40, 800, 14), ...lines(['Dit is de planning.', 'Lees verder.'], 40, 786)];
    expect(textOfPages([page, lines(['Slot.'], 40, 800)])).toBe('5 Planning\n\nDit is de planning.\nLees verder.\fSlot.');
  });

  it('joins what a soft hyphen parts, and keeps a hyphen that is printed', () => {
    const page = lines(
      ['De overeenkomst wordt onder‐', 'tekend door de regio-', 'organisatie, in zorg-', 'en welzijnsland. Bijna­', 'Klaar.'],
      40,
      800,
    );
    expect(textOfPages([page])).toBe(
      'De overeenkomst wordt ondertekend door de regio-organisatie, in zorg-\nen welzijnsland. Bijna\nKlaar.',
    );
  });

  it('reads two columns one after the other, between lines over both', () => {
    const left = Array.from({ length: 10 }, (_, i) => `links regel ${i} is lang genoeg om te zijn`);
    const right = Array.from({ length: 10 }, (_, i) => `rechts regel ${i} is even lang als links`);
    const page = [
      at('Een kop over de hele breedte van deze bladzijde, van links tot rechts, zodat hij over beide kolommen staat', 40, 800),
      ...lines(left, 40, 770),
      ...lines(right, 320, 770),
    ];
    const text = textOfPages([page])
      .split('\n')
      .filter((line) => line !== '');
    expect(text.slice(1)).toEqual([...left, ...right]);
  });

  it('reads a table row by row, with the lines of a cell joined', () => {
    const row = (y: number, date: readonly string[], what: readonly string[]) => [...lines(date, 40, y), ...lines(what, 200, y)];
    const page = [
      ...row(800, ['Datum'], ['Activiteit']),
      ...row(780, ['1 mei 2026'], ['Jaarstukken indienen', 'bij de afdeling inkoop.']),
      ...row(748, ['31 augustus', '2026'], ['Verzoek van wie', 'nog geen contract heeft.']),
      ...row(716, ['1 oktober 2026'], ['Jaarplan.']),
    ];
    expect(
      textOfPages([page])
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual([
      'Datum\tActiviteit',
      '1 mei 2026\tJaarstukken indienen bij de afdeling inkoop.',
      '31 augustus 2026\tVerzoek van wie nog geen contract heeft.',
      '1 oktober 2026\tJaarplan.',
    ]);
  });
});
