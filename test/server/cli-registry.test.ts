import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEditor } from '../../db/people/editors.ts';
import { getDeadline } from '../../db/registry/deadlines.ts';
import { publishedSince } from '../../db/registry/editions/looking.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { runCli } from '../helpers/service.ts';

const REASON = 'Het beleid is verbeterd.';
const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
const urls = { full: `file:${join(folder, 'full.db')}`, blank: `file:${join(folder, 'blank.db')}` };
let store: Store;
let plan: string;
let editor: string;
beforeAll(async () => {
  store = await openStore(urls.full);
  await castIn(store);
  await store.write(async (tx) => {
    plan = (await addDeadline(tx)).id;
    editor = (await addEditor(tx, { email: 'redactie@example.org', label: 'A. de Vries', language: 'nl' }, NOW)).id;
  });
  const blank = await openStore(urls.blank);
  await blank.write((tx) => addEditor(tx, { email: 'redactie@example.org', label: 'A. de Vries', language: 'nl' }, NOW));
  await blank.close();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const run = (args: string[], DATABASE_URL = urls.full) => runCli(args, { DATABASE_URL, REGISTRY: 'empty', SECRET: 's'.repeat(32) }, folder);
const fileWith = (text: string) => {
  writeFileSync(join(folder, 'change.yaml'), text);
  return 'change.yaml';
};
/** The plan, a month later, as somebody writes it by hand. */
const moved = (over = '') => `
insurer: noord
deadlines:
  - id: ${plan}
    contractYear: 2025
    careType: multidisciplinary_care
    activity: annual_plan
    revisions:
      - title: Jaarplan met begroting indienen
        rule: {kind: fixed, on: 2024-11-01}
        boundary: by
        certainty: stated
        duty: {actors: [ro], contractStatus: contracted}
        sources: [{documentName: Beleid 2025, quote: 1 november 2024 Het jaarplan}]
${over}`;

describe('registry diff and apply', () => {
  it('print every change and make none, as a table and as JSON', async () => {
    const file = fileWith(moved());
    const { code, stdout } = await run(['registry', 'diff', file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/deadline changed.*noord\/2025\/multidisciplinary_care\/annual_plan\/0.*dueOn: 2024-10-01 → 2024-11-01/);
    expect(stdout).toMatch(/would be made; nothing is changed\.\nEdition noord 2025 multidisciplinary_care: 1 amended\.\n$/);
    expect(stdout).not.toContain('\u001B');
    const dry = await run(['registry', 'apply', file, '--as', 'A. de Vries', '--reason', REASON, '--dry-run', '--json']);
    const { applied, changes, editions, historyLeft, restored } = JSON.parse(dry.stdout);
    const entries = { enter: 0, amend: 1, withdraw: 0, check: 0 };
    const place = { insurer: 'noord', contractYear: 2025, careType: 'multidisciplinary_care' };
    expect(editions).toEqual([{ id: null, ...place, entries, publicAt: expect.any(String) }]);
    expect([applied, restored, historyLeft]).toEqual([false, false, 0]);
    expect(changes[0]).toMatchObject({
      what: 'deadline',
      subject: plan,
      name: 'noord/2025/multidisciplinary_care/annual_plan/0',
      by: `person:${editor}`,
      before: { dueOn: '2024-10-01', reason: null },
      after: { dueOn: '2024-11-01', reason: REASON },
    });
    expect(await getDeadline(store.read, plan)).toMatchObject({ revision: 1, dueOn: '2024-10-01' });
    expect(await publishedSince(store.read, NOW)).toEqual([]);
  });

  it('names the fault and its line, and who may apply', async () => {
    const faulty = await run([
      'registry',
      'apply',
      fileWith(moved('        announcedOn: gisteren\n')),
      '--as',
      'redactie@example.org',
      '--reason',
      REASON,
    ]);
    expect(faulty).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The file has a fault; nothing is changed.\n  change.yaml:15 deadlines.0.revisions.0.announcedOn must be a day that exists, as YYYY-MM-DD\n',
    });
    const file = fileWith(moved());
    expect((await run(['registry', 'apply', file, '--as', 'iemand', '--reason', REASON])).stderr).toBe(
      '--as must be the address or the label of one editor; editors are A. de Vries (redactie@example.org).\n',
    );
    expect((await run(['registry', 'apply', file, '--as', 'A. de Vries', '--reason', ' '])).stderr).toContain('--reason must be a text');
    expect((await run(['registry', 'apply', file, '--as', 'A. de Vries'])).stderr).toContain("required option '--reason <text>'");
    expect((await run(['registry', 'diff', 'nergens.yaml'])).stderr).toBe('There is no file nergens.yaml.\n');
    expect(await getDeadline(store.read, plan)).toMatchObject({ revision: 1 });
  });

  it('apply it by an editor, with the reason, once', async () => {
    const args = ['registry', 'apply', fileWith(moved()), '--as', 'REDACTIE@example.org', '--reason', REASON];
    expect((await run(args)).stdout).toMatch(
      /deadline changed.*\n[^]*changes?\.\nEdition noord 2025 multidisciplinary_care: 1 amended \([0-9a-f-]{36}\)\.\nNobody is told before \S+Z; until then .* at \/redactie\/edities\.\n$/,
    );
    expect(await publishedSince(store.read, NOW)).toMatchObject([{ door: 'file', createdBy: `person:${editor}`, reason: REASON }]);
    expect(await getDeadline(store.read, plan)).toMatchObject({
      revision: 2,
      dueOn: '2024-11-01',
      reason: REASON,
      checkedBy: 'A. de Vries',
    });
    expect((await run(args)).stdout).toBe('Nothing changes: the registry says so already.\n');
  });
});

describe('registry export', () => {
  it('writes to a file or to standard output what an empty database takes and gives back the same', async () => {
    await run(['registry', 'export', '--to', 'out.yaml']);
    const yaml = readFileSync(join(folder, 'out.yaml'), 'utf8');
    expect((await run(['registry', 'export'])).stdout).toBe(yaml);
    expect(yaml).toMatch(/^format: inkoopkalender-registry\/1\naudit:\n {2}rows: \d+\n {2}head: [0-9a-f]{64}\n---\n/);
    const told = await run(['registry', 'apply', 'out.yaml', '--as', 'A. de Vries', '--reason', 'Terugzetten.'], urls.blank);
    expect(told.stdout).toContain('this is a restore, with all history, and told to nobody.');
    const withoutHead = (text: string) => text.replace(/^audit:\n.*\n.*\n/m, '');
    const back = await run(['registry', 'export'], urls.blank);
    expect(withoutHead(back.stdout)).toBe(withoutHead(yaml));
    const json = JSON.parse((await run(['registry', 'export', '--format', 'json'])).stdout);
    expect(json.parts.map(({ insurer }: { insurer: { slug: string } | null }) => insurer?.slug)).toEqual(['noord', 'oost', 'zuid']);
  });

  it('writes the current entries as a table for a spreadsheet, which no command reads', async () => {
    const { stdout } = await run(['registry', 'export', '--format', 'csv', '--to', 'out.csv']);
    expect(stdout).toBe('');
    const bytes = readFileSync(join(folder, 'out.csv'));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString().split('\r\n').slice(0, 2).join('\n')).toMatch(
      new RegExp(`^.id;insurer;insurerName;.*\\n${plan};noord;Noord;2025;`),
    );
    expect((await run(['registry', 'diff', 'out.csv'])).code).toBe(1);
    expect((await run(['registry', 'export', '--format', 'xml'])).stderr).toContain('Allowed choices are yaml, json, csv');
  });
});
