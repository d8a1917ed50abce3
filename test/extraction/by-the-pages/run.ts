/**
 * `npm run extraction:pages -- --documents FOLDER`: the policy of Zorg en Zekerheid for 2025 by the pages alone, from its text into an empty registry,
 * then its amendment of 2 May. What is published has to be what the bundled registry says.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differencesBetween, nameOf, revisionsAt, wantedAt, type Entry } from './entries.ts';
import { addInsurer, becomePublic, enrol, handIn, isMailed, publish, writeAll } from './steps.ts';
import { askBundled, openWorld, type World } from './world.ts';
import type { Written } from './writing.ts';

const { values } = parseArgs({ options: { documents: { type: 'string' } } });
const FILE = '002_2b0df09db1c4c02e.txt';
const folder = values.documents;
if (folder === undefined || !existsSync(join(folder, FILE))) {
  console.error(
    `npm run extraction:pages needs --documents FOLDER, the folder with the texts of the source documents, ${FILE} among them.`,
  );
  process.exit(1);
}

const [ED, BO] = ['ed@redactie.example', 'bo@redactie.example'];
const READER = 'bestuur@regio.example';
const NAME = 'Zorg en Zekerheid';
const TITLE = 'Zorginkoopbeleid multidisciplinaire zorg 2025';
const [APRIL, MAY] = [new Date('2024-04-03T08:00:00Z'), new Date('2024-05-02T08:00:00Z')];
const GRACE_MS = 10 * 60_000;

const text = readFileSync(join(folder, FILE), 'utf8');
const wanted = await askBundled(wantedAt);
const world = await openWorld(APRIL);
try {
  const faults = await walk(world);
  for (const fault of faults) console.error(`DIFFERS ${fault}`);
  console.log(`\n${wanted.length} entries, ${faults.length} differences.`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await world.stop();
}

async function walk(world: World): Promise<string[]> {
  const { addEditor, passUntil, signIn, url } = world;
  await addEditor(ED, 'Redactie, Ed');
  await addEditor(BO, 'Redactie, Bo');
  const [ed, bo] = [await signIn(ED), await signIn(BO)];
  await addInsurer(ed, NAME);
  await enrol(url, READER);

  const first = wanted.map((revisions) => revisions[0]!);
  await handIn(ed, { title: TITLE, version: '', publishedOn: '2024-04-01', file: FILE, text: beforeTheAmendment(text) });
  report('The policy', await writeAll(ed, first, TITLE));
  await publish(ed, bo, { reason: '', announcedOn: '' });
  const april = new Date(APRIL.getTime() + GRACE_MS);
  await becomePublic(world, { moment: april, count: first.length, says: NAME });
  await isMailed(world, READER, /jaarplan met begroting/i, april);
  const faults = compare(first, await revisionsAt(url));

  await passUntil(MAY);
  const [edInMay, boInMay] = [await signIn(ED), await signIn(BO)];
  const second = wanted.flatMap((revisions) => revisions.slice(1));
  const title = `${TITLE} (versie 02-05-2024)`;
  await handIn(edInMay, { title, version: '02-05-2024', publishedOn: '2024-05-02', file: FILE, text });
  report('The amendment of 2 May', await writeAll(edInMay, second, title));
  await publish(edInMay, boInMay, { reason: second[0]!.reason ?? '', announcedOn: second[0]!.announcedOn ?? '' });
  // Nobody has to act on it, so that it is read among the changes and mailed to nobody.
  await becomePublic(world, { moment: new Date(MAY.getTime() + GRACE_MS), count: second.length, says: 'Wijziging per 02-05-2024' });
  return [...faults, ...compare(second, await revisionsAt(url))];
}

/** The version of before is not kept anywhere: it is taken to be this one without its chapter on the amendment. */
function beforeTheAmendment(whole: string): string {
  const [before, after] = whole.split(/Wijzigingen per 02-05-2024:[\s\S]*?(?=\n2 Welke informatie)/);
  if (after === undefined) throw new Error(`${FILE} has no chapter on the amendment of 2 May.`);
  return `${before}${after}`;
}

function compare(entries: readonly Entry[], reached: ReadonlyMap<string, Entry[]>): string[] {
  return entries.flatMap((entry) => {
    const name = `${nameOf(entry)}, revision ${entry.revision}`;
    const one = reached.get(nameOf(entry))?.find(({ announcedOn, reason }) => announcedOn === entry.announcedOn && reason === entry.reason);
    return one === undefined ? [`${name} is not there`] : differencesBetween(entry, one).map((difference) => `${name}: ${difference}`);
  });
}

/** What the editor had to do: the honest measure of what was proposed. */
function report(title: string, written: readonly Written[]): void {
  console.log(`\n${title}`);
  for (const { added, changed, name, proposed } of written) {
    const from = proposed === null ? 'by hand' : `proposed with ${proposed} ${proposed === 1 ? 'quote' : 'quotes'}`;
    console.log(`  ${name.padEnd(44)} ${from.padEnd(24)} ${proposed === null ? '' : `${changed.length} corrected, ${added.length} added`}`);
    if (changed.length > 0) console.log(`      corrected: ${changed.join('; ')}`);
    if (added.length > 0) console.log(`      added: ${added.join('; ')}`);
  }
  const proposed = written.filter((one) => one.proposed !== null);
  const sum = (field: 'added' | 'changed') => proposed.reduce((total, one) => total + one[field].length, 0);
  console.log(
    `  ${proposed.length} of ${written.length} were proposed; of what was proposed ${sum('changed')} fields were corrected, ${sum('added')} were added.`,
  );
}
