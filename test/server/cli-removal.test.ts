import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore, type Store } from '../../db/store/store.ts';
import { castIn, NOW } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { runCli } from '../helpers/service.ts';
import { tracesIn } from '../helpers/traces.ts';

let folder: string;
let store: Store;
let cast: Awaited<ReturnType<typeof castIn>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  store = await openStore(`file:${join(folder, 'cli.db')}`);
  cast = await castIn(store);
  await addConfirmed(store, cast.ro.id, NOW, { email: 'wilhelmina@praktijk-vos.example' });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const run = (line: string) => {
  const env = { DATABASE_URL: `file:${join(folder, 'cli.db')}`, MAIL_URL: `file:${join(folder, 'mail')}`, SECRET: SETTINGS.secret };
  return runCli(line.split(' '), env, folder);
};

it('shows an organisation with how much it has, for people and for programs', async () => {
  const { ro, wsv } = cast;
  const { code, stdout } = await run(`organisation show --id ${ro.id}`);
  expect([
    code,
    stdout
      .split('\n')
      .map((line) => line.split(/ {2,}/))
      .slice(0, 7),
  ]).toEqual([
    0,
    [
      ['id', ro.id],
      ['name', 'Regio Zuid'],
      ['roles', 'ro'],
      ['language', 'nl'],
      ['parent', ''],
      ['createdAt', NOW.toISOString()],
      ['recipients', '1'],
    ],
  ]);
  expect(JSON.parse((await run(`organisation show --id ${wsv.id} --json`)).stdout)).toEqual({
    id: wsv.id,
    name: 'WSV De Wijk',
    roles: 'wsv',
    language: 'nl',
    parent: ro.id,
    createdAt: NOW.toISOString(),
    recipients: 0,
    messages: 0,
    feeds: 0,
    keys: 1,
    insurers: 1,
    events: 0,
    completions: 0,
    steps: 0,
    delivers: 0,
  });
  for (const id of ['6b1e1f4e-0000-4000-8000-000000000000', 'nobody'])
    expect(await run(`organisation show --id ${id}`)).toEqual({ code: 1, stdout: '', stderr: 'No such organisation.\n' });
});

it('deletes an organisation once it was asked twice, with its mails and all that names its people', async () => {
  const { ro, wsv } = cast;
  const { messages, organisations } = store.read.tables;
  const [mail] = await store.read.select().from(messages);
  const file = join(folder, 'mail', `2024-04-02-welcome-${mail!.id}.eml`);
  const other = join(folder, 'mail', 'notes.txt');
  mkdirSync(join(folder, 'mail'));
  for (const path of [file, other]) writeFileSync(path, 'x');
  await store.write((tx) => tx.update(messages).set({ messageId: '<x@example.org>' }));
  const before = await store.read.$count(organisations);

  const { code, stdout, stderr } = await run(`organisation delete --id ${ro.id} --json`);
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^Nothing was deleted.*--yes/)]);
  expect(JSON.parse(stdout)).toMatchObject({ name: 'Regio Zuid', recipients: 1, delivers: 1, messages: 2, deleted: 'no' });
  expect([await store.read.$count(organisations), existsSync(file)]).toEqual([before, true]);

  expect(await run(`organisation delete --id ${ro.id} --yes`)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/deleted +yes/),
    stderr: '',
  });
  expect([await store.read.$count(organisations), existsSync(file), existsSync(other)]).toEqual([before - 1, false, true]);
  const bytes = ['', '-wal'].map((end) => readFileSync(join(folder, `cli.db${end}`)));
  expect(tracesIn(Buffer.concat(bytes), ['wilhelmina', 'praktijk-vos'])).toEqual([]);
  expect(JSON.parse((await run(`organisation show --id ${wsv.id} --json`)).stdout)).toMatchObject({ parent: null });
  expect(await run(`organisation delete --id ${ro.id} --yes`)).toMatchObject({ code: 1, stderr: 'No such organisation.\n' });
});
