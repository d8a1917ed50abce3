/** Quotes are compared letter for letter with their documents; white space is folded, and an elision keeps the order. */
import { describe, expect, it } from 'vitest';
import { checkQuotes } from '../../seeds/quotes.ts';
import { readRegistry } from '../../seeds/reader.ts';
import { changed, CZ, folderWith, MEMO, SECTOR } from './folder.ts';

async function faultsOf(cz: string, documents: Record<string, string>) {
  const registry = await readRegistry(await folderWith({ 'sector.yaml': SECTOR, 'cz.yaml': cz }));
  const folder = await folderWith(documents);
  return (await checkQuotes(registry, folder)).map(({ field, message }) => ({ field, message: message.replace(folder, 'FOLDER') }));
}
const first = 'cz.yaml:20 deadlines.0.revisions.0.sources.0.quote';
const second = 'cz.yaml:38 deadlines.1.revisions.0.sources.0.quote';

describe('checking quotes', () => {
  it('finds quotes over line ends, no-break spaces and elisions', async () => {
    expect(await faultsOf(CZ, { 'memo.txt': MEMO })).toEqual([]);
  });

  it('refuses one changed letter, and says what the document has', async () => {
    expect(await faultsOf(changed(CZ, 'september 2021 indienen', 'september 2021 indiénen'), { 'memo.txt': MEMO })).toEqual([
      {
        field: first,
        message: 'is not literally in memo.txt: after "lan voor 1 september 2021 indi" it says "enen. Innovaties kun", not "énen"',
      },
    ]);
  });

  it('refuses a changed letter in the document', async () => {
    expect(await faultsOf(CZ, { 'memo.txt': changed(MEMO, 'Regioplan', 'Regeoplan') })).toEqual([
      { field: first, message: 'is not literally in memo.txt: no text there begins like "Regioplan voor 1 september 2021 indienen"' },
    ]);
  });

  it('refuses parts in another order than the document has', async () => {
    const swapped = changed(CZ, 'kunnen per kwartaal (…) starten', 'starten (…) kunnen per kwartaal');
    expect(await faultsOf(swapped, { 'memo.txt': MEMO })).toEqual([
      { field: second, message: 'is not literally in memo.txt: "kunnen per kwartaal" stands there, but not after the part before it' },
    ]);
  });

  it('refuses an elision with nothing on one side', async () => {
    expect(await faultsOf(changed(CZ, 'kunnen per kwartaal (…) starten', '(…) starten'), { 'memo.txt': MEMO })).toEqual([
      { field: second, message: 'is not literally in memo.txt: nothing stands on one side of an elision' },
    ]);
  });

  it('refuses words that the document has only apart', async () => {
    expect(await faultsOf(changed(CZ, 'kwartaal (…) starten', 'kwartaal starten'), { 'memo.txt': MEMO })).toEqual([
      {
        field: second,
        message: 'is not literally in memo.txt: after "kunnen per kwartaal " it says "na een maand starten", not "starten"',
      },
    ]);
  });

  it('names a document that is not in the folder', async () => {
    expect(await faultsOf(CZ, { 'other.txt': MEMO })).toEqual([
      { field: 'sector.yaml:4 documents.0', message: 'has a file that is not there: memo.txt, the text of memo, is not in FOLDER' },
    ]);
  });
});
