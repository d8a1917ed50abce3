/** Whether programs of others read a calendar as we wrote it: each that is installed here. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { importWithKhal, listWithKhal, readTable } from './khal.ts';
import { byUid, dayAndTitle, readByIcalendar, rowsOf, type Row } from './rows.ts';
import { missingTools, runTool } from './tools.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** `url`: where the calendar is; `body`: what came from there. Works in `folder`. */
export async function expectReadAlike(folder: string, url: string, body: string): Promise<void> {
  const missing = missingTools('python3-vobject', 'python3-icalendar', 'libical-dev', 'calcurse', 'khal');
  const file = join(folder, 'selection.ics');
  writeFileSync(file, body);
  const expected = rowsOf(body);
  const rowsBy = async (script: string) => byUid(JSON.parse(await runTool(folder, 'python3', here(script), url)) as Row[]);
  if (!missing.has('python3-vobject')) expect(await rowsBy('read-vobject.py')).toEqual(expected);
  if (!missing.has('python3-icalendar')) expect(await rowsBy('read-icalendar.py')).toEqual(readByIcalendar(expected));
  if (!missing.has('libical-dev')) {
    const program = join(folder, 'read-libical');
    await runTool(folder, 'gcc', '-o', program, here('read-libical.c'), '-lical');
    const rows = readTable(await runTool(folder, program, file)).map((row) => ({
      ...row,
      on: row.on.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'),
    }));
    expect(byUid(rows)).toEqual(expected);
  }
  if (!missing.has('calcurse'))
    expect(await runTool(folder, 'calcurse', '-D', join(folder, 'calcurse'), '-i', file)).toMatch(
      new RegExp(`^0 apps / ${expected.length} events? / 0 todos / 0 skipped$`, 'm'),
    );
  if (!missing.has('khal')) {
    await importWithKhal(folder, join(folder, 'khal'), file);
    expect(dayAndTitle(await listWithKhal(folder, join(folder, 'khal')))).toEqual(dayAndTitle(expected));
  }
}
