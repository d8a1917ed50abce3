/** A small registry of two files and one document, in folders of its own, for tests that break it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const SECTOR = `insurer: null
contacts: []
documents:
  - {key: memo, title: Memo 2022, file: memo.txt, ocr: true}
remarks: []
deadlines: []
`;

export const CZ = `insurer: {slug: cz, name: CZ, kind: health_insurer, website: null, aliases: []}
contacts: []
documents:
  - memo
  - {key: page, title: Webpagina, url: https://www.cz.nl/}
remarks: []
deadlines:
  - id: 5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a001
    contractYear: 2022
    careType: gp_care
    activity: regional_plan
    revisions:
      - reason: Eerste vastlegging.
        title: Regioplan indienen
        rule: {kind: fixed, on: 2021-09-01}
        boundary: before
        certainty: stated
        duty: {actors: [ro], contractStatus: any}
        sources:
          - {document: memo, section: Regioplan, quote: Regioplan voor 1 september 2021 indienen}
  - slots:
      1: 5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a011
      2: 5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a012
      3: 5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a013
      4: 5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a014
    contractYear: 2022
    careType: gp_care
    activity: innovation_start
    revisions:
      - reason: Eerste vastlegging.
        title: Start in kwartaal {slot}
        rule: {kind: slot, every: quarter, lead: {amount: 1, unit: month}}
        boundary: by
        certainty: stated
        basis: {kind: computation, text: Een maand voor het kwartaal.}
        duty: {actors: [provider], contractStatus: any}
        sources:
          - {document: memo, quote: kunnen per kwartaal (…) starten}
`;

export const MEMO =
  'Inkoop 2022\nRegioplan voor\n1\u00a0september 2021 indienen.\nInnovaties kunnen  per kwartaal na een\nmaand starten.\n';

/** Writes files into a new folder that goes when the test is finished. */
export async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inkoopkalender-seeds-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

/** One file's text with one passage changed; a passage that is not there is a fault of the test. */
export function changed(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`Nothing to change: ${from}`);
  return text.replace(from, to);
}
