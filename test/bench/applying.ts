/** A file of 10,000 rows, applied to a registry that has something: with success, and with a fault in its last row. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { applyFile } from '../../seeds/exchange/applying.ts';
import { addDeadline, addInsurer, NOW } from '../helpers/cast.ts';
import { EDITOR, partsOf } from '../seeds/exchange/files.ts';
import type { Result } from './report.ts';

const ROWS = 10_000;

interface Time {
  /** Seconds, and seconds of CPU time. */
  wall: number;
  cpu: number;
}

/** Once each: on an empty database of its own, and it takes long enough to tell. */
export async function benchApplying(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
  const store = await openStore(`file:${join(folder, 'applied.db')}`);
  try {
    // Into an empty registry it would be restored.
    await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      await addDeadline(tx);
    });
    const before = await rowsIn(store);
    const failed = await timed(async () => refused(store, fileOf({ certainty: 'unknown' })));
    const left = (await rowsIn(store)) - before;
    const applied = await timed(async () => apply(store, fileOf({})));
    if ((await rowsIn(store)) < before + 2 * ROWS) throw new Error('The file of the bench was not applied.');
    console.log(`\n| a file of ${ROWS} rows, read and applied | s | CPU s |\n|---|---|---|`);
    for (const [name, time] of Object.entries({ 'with success': applied, 'with a fault in its last row': failed }))
      console.log(`| ${name} | ${time.wall.toFixed(1)} | ${time.cpu.toFixed(1)} |`);
    return [{ what: `rows that a file leaves which fails in the last of its ${ROWS}`, goal: 0, most: true, reached: left }];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `last`: what its last row says otherwise. */
function fileOf(last: object): string {
  const deadlines = Array.from({ length: ROWS }, (_, n) => ({
    id: `0d6a3c5e-5a2e-4c39-9d0b-${String(n).padStart(12, '0')}`,
    contractYear: 2025,
    careType: 'gp_care',
    activity: 'contract_requirement',
    key: `eis-${n}`,
    revisions: [
      {
        reason: 'Uit het beleid.',
        title: `Eis ${n}`,
        rule: { kind: 'none' },
        certainty: 'stated',
        strictness: 'hard',
        duty: { actors: ['provider'], contractStatus: 'any' },
        sources: [{ documentName: 'Beleid', quote: `Eis ${n} geldt.` }],
        ...(n === ROWS - 1 ? last : {}),
      },
    ],
  }));
  return JSON.stringify({ insurer: 'noord', deadlines }, null, 1);
}

async function apply(store: Store, text: string): Promise<void> {
  const parts = await partsOf(text);
  await store.write((tx) => applyFile(tx, parts, { ...EDITOR, reason: 'Uit een bestand.', now: NOW }));
}

async function refused(store: Store, text: string): Promise<void> {
  try {
    await apply(store, text);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'invalid') return;
    throw error;
  }
  throw new Error('A file with a fault was applied.');
}

/** In all tables of what a file says of dates. */
async function rowsIn({ read }: Store): Promise<number> {
  const { deadlines, editionEntries, editions, revisions } = read.tables;
  let rows = 0;
  for (const table of [deadlines, revisions, editions, editionEntries]) rows += await read.$count(table);
  return rows;
}

async function timed(work: () => Promise<void>): Promise<Time> {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { system, user } = process.cpuUsage(used);
  return { wall: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
}
