/** `npm run extraction -- --documents FOLDER`: how well the source documents are read, as they are, spoilt in twenty ways, and from a PDF. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { extractFrom } from '../../calendars/extraction/extraction.ts';
import { readDocument } from '../../server/documents/read-document.ts';
import { pdfOfText } from '../helpers/pdf.ts';
import { readGold, readHeldBack, type GoldRow } from './gold.ts';
import { MUTATIONS } from './mutations.ts';
import { score, type Precision, type Score, type Zeros } from './score.ts';

const { values } = parseArgs({ options: { documents: { type: 'string' } } });
const folder = values.documents;
if (folder === undefined || !existsSync(folder)) {
  console.error('npm run extraction needs --documents FOLDER, the folder with the texts of the source documents.');
  process.exit(1);
}
const documents = readGold().map(({ file, rows }) => ({ file, rows, text: readFileSync(join(folder, file), 'utf8') }));
const misses: string[] = [];

const asTheyAre = documents.map(({ rows, text }) => score(rows, text, extractFrom(text)));
report('As they are', asTheyAre);
require(asTheyAre, { classes: ['A', 'B', 'C', 'E'], all: documents.flatMap(({ rows }) => rows) });

const fromPdf: Score[] = [];
for (const { file, rows, text } of documents) {
  const reading = await readDocument({ pdf: pdfOfText(text) });
  if ('refused' in reading) throw new Error(`The PDF of ${file} is refused: ${reading.refused}.`);
  fromPdf.push(score(rows, reading.text, reading));
}
report('From a PDF made of each', fromPdf);
require(fromPdf, { classes: ['A'], all: [] });

for (const { file, rows, text } of readHeldBack()) {
  const unseen = [score(rows, text, extractFrom(text))];
  report(`Kept from whoever wrote the grammar: ${file}`, unseen);
  // What it finds is told as it is; what it makes up is a fault here too.
  require(unseen, { classes: [], all: [] }, file);
}

console.log('\nSpoilt: rows of A whose sentence is whole and that are found, what else is found, and what is made up');
for (const { name, of } of MUTATIONS) {
  const scores = documents.map(({ rows, text }) => score(rows, of(text), extractFrom(of(text))));
  const classes = (['A', 'B', 'C', 'D', 'E', 'undated'] as const).map((one) => `${one} ${countOf(scores, one)}`).join('  ');
  console.log(`  ${name.padEnd(28)} ${classes}   made up ${zerosIn(scores).length}`);
  require(scores, { classes: ['A'], all: [] }, name);
}
for (const miss of misses) console.error(`MISSED ${miss}`);
process.exitCode = misses.length === 0 ? 0 : 1;

/** What has to hold: the classes are complete, the shares are reached where all is wanted, and nothing is made up. */
function require(
  scores: readonly Score[],
  { classes, all }: { classes: readonly GoldRow['class'][]; all: readonly GoldRow[] },
  where = 'the documents',
): void {
  for (const { row, isFound } of scores.flatMap(({ rows }) => rows))
    if (classes.includes(row.class) && !isFound) misses.push(`${row.id} (${row.class}) in ${where}`);
  for (const invented of zerosIn(scores)) misses.push(`made up in ${where}: ${invented}`);
  if (all.length === 0) return;
  const present = new Set(scores.flatMap(({ rows }) => rows.map(({ row }) => row.id)));
  for (const { id } of all) if (!present.has(id)) misses.push(`${id} stands in no document`);
  const [due, requirements] = [sum(scores, 'due'), sum(scores, 'requirements')];
  const shares: [string, number, number][] = [
    ['recall of deadline and window', due.found / due.wanted, 0.8],
    ['precision of deadline and window', due.right / due.proposed, 0.8],
    ['recall of requirements', requirements.found / requirements.wanted, 0.8],
    ['precision of requirements', requirements.right / requirements.proposed, 0.6],
  ];
  for (const [name, reached, goal] of shares) if (reached < goal) misses.push(`${name}: ${reached.toFixed(2)} of ${goal}`);
}

function report(title: string, scores: readonly Score[]): void {
  const names = {
    A: 'a day with its year',
    B: 'a day without a year',
    C: 'month, quarter, term, interval',
    D: 'requirement',
    E: 'cannot be read',
    undated: 'duty without a day',
  } as const;
  console.log(`\n${title}`);
  for (const [one, name] of Object.entries(names)) {
    const missed = scores.flatMap(({ rows }) => rows.filter(({ isFound, row }) => row.class === one && !isFound).map(({ row }) => row.id));
    console.log(
      `  ${one.padEnd(8)} ${name.padEnd(32)} ${countOf(scores, one).padEnd(8)} ${missed.length === 0 ? '' : `not: ${missed.join(', ')}`}`,
    );
  }
  for (const [key, name] of [
    ['due', 'deadline and window'],
    ['requirements', 'requirements'],
  ] as const) {
    const { found, proposed, right, wanted } = sum(scores, key);
    console.log(
      `  ${name.padEnd(41)} recall ${(found / wanted).toFixed(2)} (${found}/${wanted})  precision ${(right / proposed).toFixed(2)} (${right}/${proposed})`,
    );
  }
  const zeros = (key: keyof Zeros) => scores.reduce((total, { zeros: one }) => total + one[key].length, 0);
  console.log(
    `  years invented ${zeros('yearsInvented')}, days invented ${zeros('daysInvented')}, quotes not literal ${zeros('notLiteral')}`,
  );
}

function countOf(scores: readonly Score[], one: string): string {
  const rows = scores.flatMap((score) => score.rows).filter(({ row }) => row.class === one);
  return `${rows.filter(({ isFound }) => isFound).length}/${rows.length}`;
}

function sum(scores: readonly Score[], key: 'due' | 'requirements'): Precision {
  const total = (field: keyof Precision) => scores.reduce((count, score) => count + score[key][field], 0);
  return { right: total('right'), proposed: total('proposed'), found: total('found'), wanted: total('wanted') };
}

function zerosIn(scores: readonly Score[]): string[] {
  return scores.flatMap(({ zeros }) => [...zeros.yearsInvented, ...zeros.daysInvented, ...zeros.notLiteral]);
}
