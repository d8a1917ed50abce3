/** khal on a folder of calendar files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './rows.ts';
import { runTool } from './tools.ts';

/** What khal lists of the calendar files in a folder. */
export async function listWithKhal(home: string, files: string): Promise<Row[]> {
  const format = ['{uid}', '{start-date}', '{title}', '{url}'].join('{tab}');
  const listed = await runTool(home, 'khal', '-c', configure(home, files), 'list', '-o', '-df', '', '-f', format, '2020-01-01', '9000d');
  return readTable(listed);
}

/** Takes a calendar file into a folder, as a person would. */
export async function importWithKhal(home: string, files: string, calendar: string): Promise<void> {
  mkdirSync(files, { recursive: true });
  await runTool(home, 'khal', '-c', configure(home, files), 'import', '--batch', '-a', 'inkoop', calendar);
}

/** One line per event: UID, day, title, link, with tabs between. */
export function readTable(text: string): Row[] {
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => {
    const [uid = '', on = '', title = '', link = ''] = line.split('\t');
    return { uid, on, title, link };
  });
}

function configure(home: string, files: string): string {
  const file = join(home, 'khal.conf');
  writeFileSync(
    file,
    `[calendars]
[[inkoop]]
path = ${files}
type = calendar
[sqlite]
path = ${files}.db
[locale]
local_timezone = America/New_York
default_timezone = America/New_York
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = inkoop
`,
  );
  return file;
}
