import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileReport } from '../../db/registry/reports.ts';
import { openStore } from '../../db/store/store.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { runCli } from '../helpers/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('lists what readers report, in a table and as JSON, until it is closed', async () => {
  const DATABASE_URL = `file:${join(folder, 'cli.db')}`;
  const run = async (args: string[]) => runCli(args, { DATABASE_URL, PUBLIC_URL: 'https://kalender.example/zorg/' }, folder);
  const store = await openStore(DATABASE_URL);
  await castIn(store);
  const { id: deadlineId } = await store.write((tx) => addDeadline(tx));
  const said = { wrong: 'Verkeerd\u001b[31m', correct: '1 november', proof: null, email: 'iemand@praktijk.example' };
  await store.write((tx) => fileReport(tx, { deadlineId, revision: 1, language: 'nl', ...said }, 'caller', NOW));
  await store.close();

  const [report, ...others] = JSON.parse((await run(['report', 'list', '--json'])).stdout);
  expect(others).toEqual([]);
  expect(report).toMatchObject({ ...said, page: `https://kalender.example/zorg/datums/${deadlineId}`, insurer: 'noord' });
  const table = (await run(['report', 'list'])).stdout;
  expect(table).toContain('noord 2025: Jaarplan met begroting indienen');
  expect(table).not.toContain('\u001b');

  expect(JSON.parse((await run(['report', 'close', report.id, '--json'])).stdout)).toEqual({ id: report.id, state: 'closed' });
  expect((await run(['report', 'list'])).stdout).toBe('Nothing found.\n');
  expect(JSON.parse((await run(['report', 'list', '--all', '--json'])).stdout)).toMatchObject([{ id: report.id, email: null }]);
  expect(await run(['report', 'close', 'x'])).toMatchObject({ code: 1, stderr: 'No such report.\n' });
});
