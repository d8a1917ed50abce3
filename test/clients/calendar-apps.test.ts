/** Debian's calendar programs read our feed from the running service, and all see the same. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCalendar } from '../helpers/calendars.ts';
import { importWithKhal, listWithKhal, readTable } from './khal.ts';
import { byUid, dayAndTitle, readByIcalendar, rowsOf, withoutUid, type Row } from './rows.ts';
import { subscribe, type Subscription } from './subscription.ts';
import { missingTools, runTool } from './tools.ts';

const missing = missingTools('python3-vobject', 'python3-icalendar', 'libical-dev', 'calcurse', 'khal', 'vdirsyncer');
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

let feed: Subscription;
let expected: Row[];
/** The feed as it came over HTTP, for programs that read files. */
let file: string;
beforeAll(async () => {
  feed = await subscribe();
  const body = Buffer.from(await (await fetch(feed.url)).arrayBuffer());
  expect(readCalendar(body).events.length).toBe(60);
  for (const part of ['BEGIN:VALARM', 'SUMMARY:Gedaan: ', 'SUMMARY:VERVALLEN: ', 'STATUS:TENTATIVE'])
    expect(body.toString()).toContain(part);
  expected = rowsOf(body.toString());
  file = join(feed.folder, 'feed.ics');
  writeFileSync(file, body);
});
afterAll(async () => feed?.stop());

describe('one feed of sixty events', () => {
  it('says what the API says', async () => {
    expect(expected.map(({ title: _, ...row }) => row)).toEqual(await feed.agenda());
  });

  it.skipIf(missing.has('python3-vobject'))('reads the same in vobject', async () => {
    expect(byUid(JSON.parse(await runTool(feed.folder, 'python3', here('read-vobject.py'), feed.url)) as Row[])).toEqual(expected);
  });

  it.skipIf(missing.has('python3-icalendar'))('reads the same in icalendar', async () => {
    expect(byUid(JSON.parse(await runTool(feed.folder, 'python3', here('read-icalendar.py'), feed.url)) as Row[])).toEqual(
      readByIcalendar(expected),
    );
  });

  it.skipIf(missing.has('libical-dev'))('reads the same in libical', async () => {
    const program = join(feed.folder, 'read-libical');
    expect(await runTool(feed.folder, 'gcc', '-Wall', '-Wextra', '-Werror', '-o', program, here('read-libical.c'), '-lical')).toBe('');
    const rows = readTable(await runTool(feed.folder, program, file));
    const isoOf = (day: string) => day.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
    expect(byUid(rows.map((row) => ({ ...row, on: isoOf(row.on) })))).toEqual(expected);
  });

  // calcurse keeps neither UIDs nor links.
  it.skipIf(missing.has('calcurse'))('reads the same in calcurse, with nothing skipped', async () => {
    const data = join(feed.folder, 'calcurse');
    expect(await runTool(feed.folder, 'calcurse', '-D', data, '-i', file)).toMatch(/^0 apps \/ 60 events \/ 0 todos \/ 0 skipped$/m);
    // Its own file: a day, the hash of a note, a title.
    const lines = (await runTool(feed.folder, 'calcurse', '-D', data, '-G')).trimEnd().split('\n');
    const rows = lines.map((line) => line.replace(/^(\d\d)\/(\d\d)\/(\d{4}) \[1\] ?>[\da-f]{40} /, '\t$3-$1-$2\t'));
    expect(dayAndTitle(readTable(rows.join('\n')))).toEqual(dayAndTitle(expected));
  });

  it.skipIf(missing.has('khal'))('reads the same in khal', async () => {
    const files = join(feed.folder, 'khal');
    await importWithKhal(feed.folder, files, file);
    expect(byUid(await listWithKhal(feed.folder, files))).toEqual(readByIcalendar(expected));
  });

  it.skipIf(missing.has('vdirsyncer') || missing.has('khal'))('is synced once, and then only what moved', async () => {
    const files = join(feed.folder, 'synced');
    const config = configureSync(feed, files);
    const sync = async () => (await runTool(feed.folder, 'vdirsyncer', '-c', config, 'sync')).trimEnd().split('\n');
    mkdirSync(files);
    await runTool(feed.folder, 'vdirsyncer', '-c', config, 'discover');
    expect((await sync()).filter((line) => line.startsWith('Copying')).length).toBe(60);
    expect(readdirSync(files).length).toBe(60);
    // vdirsyncer gives each event a UID of its own: a hash of what it says.
    expect(withoutUid(await listWithKhal(feed.folder, files))).toEqual(withoutUid(readByIcalendar(expected)));
    expect(await sync()).toEqual(['Syncing feed']);

    const { uid, from, to } = await feed.move();
    const steps = (await sync()).map((line) => line.replace(/[\da-f]{64}/, 'ITEM'));
    expect(steps.sort()).toEqual(['Copying (uploading) item ITEM to files', 'Deleting item ITEM from files', 'Syncing feed']);
    const moved = expected.map((row) => (row.uid === uid ? { ...row, on: to } : row));
    expect(expected.find((row) => row.uid === uid)!.on).toBe(from);
    expect(withoutUid(await listWithKhal(feed.folder, files))).toEqual(withoutUid(readByIcalendar(moved)));
    expect(await sync()).toEqual(['Syncing feed']);
  });
});

function configureSync({ folder, url }: Subscription, files: string): string {
  const config = join(folder, 'vdirsyncer.conf');
  writeFileSync(
    config,
    `[general]
status_path = "${folder}/status/"
[pair feed]
a = "http"
b = "files"
collections = null
conflict_resolution = "a wins"
[storage http]
type = "http"
url = "${url}"
[storage files]
type = "filesystem"
path = "${files}/"
fileext = ".ics"
`,
  );
  return config;
}
