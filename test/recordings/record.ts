/**
 * Writes down all that people and programs see of the service: every feed, every answer to GET, every mail. Two runs give the same, on either database.
 *
 *     npx node test/recordings/record.ts                    records anew: digests.txt here, and the texts below data/recordings
 *     npx node test/recordings/record.ts compare            says what is not as digests.txt has it
 *     npx node test/recordings/record.ts compare FOLDER     says it of the texts in FOLDER, made before, and shows where each first differs
 *
 * DATABASE_URL names an empty database; without it a new SQLite file is used.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordOn } from './everything.ts';
import { pinRandomness } from './pinned.ts';
import { differencesIn, digestsOf, firstDifference, type Recordings } from './recordings.ts';

const DIGESTS = fileURLToPath(new URL('./digests.txt', import.meta.url));
const TEXTS = 'data/recordings';
const WHAT_NOW = `
Is that what users are to see from now on? Then record it: npx node test/recordings/record.ts
To see what differs, record in a checkout of before, and here: npx node test/recordings/record.ts compare BEFORE/${TEXTS}`;

pinRandomness();
const [command, folder] = process.argv.slice(2);
const recordings = await record();
if (command === 'compare') process.exitCode = compare(folder);
else write();

async function record(): Promise<Recordings> {
  const made = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  try {
    return await recordOn(process.env['DATABASE_URL'] ?? `file:${join(made, 'recordings.db')}`);
  } finally {
    rmSync(made, { recursive: true });
  }
}

/** Writes digests and texts, and says how many. */
function write(): void {
  rmSync(TEXTS, { recursive: true, force: true });
  for (const [name, text] of recordings) {
    mkdirSync(dirname(fileOf(TEXTS, name)), { recursive: true });
    writeFileSync(fileOf(TEXTS, name), text);
  }
  const differences = differencesIn(existsSync(DIGESTS) ? readFileSync(DIGESTS, 'utf8') : '', digestsOf(recordings));
  writeFileSync(DIGESTS, digestsOf(recordings));
  console.log(`${recordings.size} recordings, ${differences.length} not as before`);
}

/** Says what differs; gives the exit code. */
function compare(folder: string | undefined): number {
  const before = folder === undefined ? readFileSync(DIGESTS, 'utf8') : digestsOf(textsIn(folder));
  const differences = differencesIn(before, digestsOf(recordings));
  for (const difference of differences) {
    console.log(difference);
    const name = difference.slice('changed '.length);
    if (folder !== undefined && difference.startsWith('changed '))
      console.log(firstDifference(readFileSync(fileOf(folder, name), 'utf8'), recordings.get(name)!));
  }
  if (differences.length > 0 && folder === undefined) console.log(WHAT_NOW);
  return differences.length === 0 ? 0 : 1;
}

function textsIn(folder: string): Recordings {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.txt'));
  return new Map(files.map((file) => [file.slice(0, -'.txt'.length), readFileSync(join(folder, file), 'utf8')]));
}

function fileOf(folder: string, name: string): string {
  return join(folder, `${name}.txt`);
}
