/** Reading a policy of 30 pages from a PDF, in a process of its own. */
import { readFileSync } from 'node:fs';
import { readDocument } from '../../server/documents/read-document.ts';
import { POLICY } from '../calendars/extraction/policy.ts';
import { pdfOfText } from '../helpers/pdf.ts';
import { median } from './measure.ts';
import type { Result } from './report.ts';
import { watchTurns } from './turns.ts';

const PAGES = 30;
const RUNS = 5;

/** The median of five, after one that warms the disk up. */
export async function benchReading(): Promise<Result[]> {
  const pdf = pdfOfText(Array.from({ length: PAGES }, (_, i) => pageOf(i + 1)).join('\f'));
  const [seconds, cpuSeconds, blocks, byCpu]: [number[], number[], number[], number[]] = [[], [], [], []];
  await read(pdf);
  for (let run = 0; run < RUNS; run++) {
    const [start, used] = [performance.now(), cpuSecondsSoFar()];
    const turns = await watchTurns(() => read(pdf));
    seconds.push((performance.now() - start) / 1000);
    cpuSeconds.push(cpuSecondsSoFar() - used);
    blocks.push(turns.blocked);
    byCpu.push(turns.byCpu);
  }
  console.log(
    `\nReading a PDF of ${PAGES} pages, ${Math.round(pdf.length / 1024)} kB: ${shown(seconds)} s; of CPU time ${shown(cpuSeconds)} s.`,
  );
  return [
    { what: `reading a PDF of ${PAGES} pages`, goal: 2, most: true, reached: median(seconds), byCpu: median(cpuSeconds), unit: ' s' },
    { what: 'event loop blocked meanwhile', goal: 50, most: true, reached: Math.max(...blocks), byCpu: Math.max(...byCpu), unit: ' ms' },
  ];
}

const shown = (times: readonly number[]) => times.map((one) => one.toFixed(2)).join(', ');

/** Of this process and of all that it started and that have ended: those that read (proc(5), stat). */
function cpuSecondsSoFar(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** A page that is like no other: what comes back on each is left out. */
function pageOf(page: number): string {
  const lines = POLICY.replaceAll('\t', ' ')
    .split('\n')
    .flatMap((line) => line.match(/.{1,100}(?:\s|$)/g) ?? ['']);
  return lines
    .slice(0, 58)
    .map((line) => (line === '' ? '' : line.trim().replace(/[.:]?$/, ` (deel ${page})$&`)))
    .join('\n');
}

async function read(pdf: Uint8Array): Promise<void> {
  const reading = await readDocument({ pdf });
  if ('refused' in reading || reading.pages !== PAGES || reading.proposals.length < PAGES)
    throw new Error('The PDF of the bench was not read.');
}
