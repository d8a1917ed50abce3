import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wordsIn } from '../../../calendars/words.ts';
import { MOST_BYTES, readDocument } from '../../../server/documents/read-document.ts';
import { REFUSALS } from '../../../server/documents/refusal.ts';
import { HOSTILE, pdfOf, pdfOfText } from '../../helpers/pdf.ts';
import { POLICY } from '../../calendars/extraction/policy.ts';

/** The processes that are children of this one. */
const children = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isChild(pid));
function isChild(pid: string): boolean {
  try {
    return (
      Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]) === process.pid &&
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('documents/reader.ts')
    );
  } catch {
    return false;
  }
}

describe('reading a document', () => {
  it('gives the text of a PDF by page, with what it proposes', async () => {
    const reading = await readDocument({
      pdf: pdfOfText(
        '1 Planning\n\nUiterste datum Wat\n1 mei 2026 Jaarstukken indienen.\n\f2 Vragen?\n\nStuur uw aanvraag uiterlijk 31 augustus 2026 in.\n',
      ),
    });
    expect(reading).toMatchObject({ pages: 2, mentions: [], unreadable: [] });
    const proposals = 'refused' in reading ? [] : reading.proposals;
    expect(proposals.map(({ lastSafeOn, page, quote, section }) => [page, section, lastSafeOn, quote])).toEqual([
      [1, '1', '2026-05-01', '1 mei 2026 Jaarstukken indienen.'],
      [2, '2', '2026-08-31', 'Stuur uw aanvraag uiterlijk 31 augustus 2026 in.'],
    ]);
  });

  it('gives a text that was pasted as it is, without pages', async () => {
    expect(await readDocument({ text: POLICY })).toMatchObject({ text: POLICY, pages: null });
    expect(await readDocument({ text: '' })).toEqual({ text: '', pages: null, proposals: [], mentions: [], unreadable: [] });
  });

  it.each([
    ['encrypted', 'encrypted'],
    ['cutOff', 'damaged'],
    ['cutOffInside', 'damaged'],
    ['tenThousandPages', 'too_many_pages'],
    ['inflating', 'too_large'],
    ['cyclic', 'damaged'],
    ['withScript', 'script'],
    ['withNamedScript', 'script'],
    ['picture', 'not_a_pdf'],
    ['web', 'not_a_pdf'],
    ['archive', 'not_a_pdf'],
    ['nothing', 'not_a_pdf'],
    ['picturesOnly', 'no_text'],
  ] as const)('refuses a file that is %s, and nothing else happens', async (name, refused) => {
    expect(await readDocument({ pdf: HOSTILE[name]() })).toEqual({ refused });
    expect(children()).toEqual([]);
  });

  it('ends what takes too long, and what takes more memory than it may', async () => {
    const pdf = pdfOf([[{ text: 'Een zin.', x: 40, y: 800 }]]);
    expect(await readDocument({ pdf }, { memoryBytes: 2 ** 40, milliseconds: 1 })).toEqual({ refused: 'too_slow' });
    expect(await readDocument({ pdf }, { memoryBytes: 2 ** 20, milliseconds: 60_000 })).toEqual({ refused: 'too_large' });
    expect(children()).toEqual([]);
  });

  it('takes nothing that weighs more than it may', async () => {
    expect(await readDocument({ pdf: new Uint8Array(MOST_BYTES + 1) })).toEqual({ refused: 'too_large' });
  });

  it('has a sentence for each refusal, in both languages', () => {
    for (const why of REFUSALS)
      for (const language of ['nl', 'en'] as const) expect(wordsIn(language)(`page:document_refused.${why}`)).not.toBe('');
    expect(wordsIn('nl')('page:document_refused.no_text')).toBe('Dit bestand bevat alleen plaatjes. Plak de tekst.');
  });
});
