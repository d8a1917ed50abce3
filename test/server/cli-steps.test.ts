/** The command line for an organisation's own dates. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addRecipient } from '../../db/recipients/recipients.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { SETTINGS } from '../helpers/mail.ts';
import { runCli } from '../helpers/service.ts';

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  store = await openStore(`file:${join(folder, 'cli.db')}`);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => {
  const env = { DATABASE_URL: `file:${join(folder, 'cli.db')}`, MAIL_URL: `file:${join(folder, 'mail')}`, SECRET: SETTINGS.secret };
  return runCli(args, { ...env, PUBLIC_URL: 'https://kalender.example/zorg' }, folder);
};
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

it('adds an own date, changes it, says that it is done and that it is not, and removes it', async () => {
  const { ro } = await castIn(store);
  const [deadline, owner] = await store.write(async (tx) => [
    (await addDeadline(tx)).id,
    (await addRecipient(tx, ro.id, { email: 'a@example.org', leadDays: [14], digest: 'daily' }, NOW)).id,
  ]);
  const of = ['--organisation', ro.id];
  const added = await json(
    'step',
    'add',
    ...of,
    '--title',
    'Begroting rond',
    '--due',
    '2024-09-10',
    '--owner',
    owner,
    '--deadline',
    deadline,
  );
  expect(added).toMatchObject({ due: '2024-09-10', title: 'Begroting rond', deadline, owner, done: null });
  expect(await json('step', 'change', added.id, ...of, '--due', '2024-09-12', '--deadline', 'none', '--owner', 'none')).toMatchObject({
    due: '2024-09-12',
    deadline: null,
    owner: null,
  });
  expect(await json('step', 'done', added.id, ...of, '--by', 'A. de Vries', '--on', '2024-09-11')).toMatchObject({ done: '2024-09-11' });
  expect((await run('step', 'list', ...of)).stdout).toMatch(/2024-09-12.*Begroting rond.*2024-09-11.*A\. de Vries/);
  expect(await json('step', 'reopen', added.id, ...of)).toMatchObject({ done: null, by: null });
  expect(await json('step', 'list', ...of)).toMatchObject([{ id: added.id, title: 'Begroting rond', completion: null }]);
  const { code, stderr } = await run('step', 'add', ...of, '--title', ' ', '--due', '10 september');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/title .*\n.*dueOn /s)]);
  expect(await run('step', 'remove', added.id, ...of)).toMatchObject({ code: 0 });
  expect((await run('step', 'list', ...of)).stdout).toBe('Nothing found.\n');
});
