/** The command line for what an organisation did, and what happened to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore, type Store } from '../../db/store/store.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { SETTINGS } from '../helpers/mail.ts';
import { runCli } from '../helpers/service.ts';

let folder: string;
let store: Store;
let cast: Awaited<ReturnType<typeof castIn>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  store = await openStore(`file:${join(folder, 'cli.db')}`);
  cast = await castIn(store);
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

it('says what is done, lists it, and takes it back', async () => {
  const organisation = cast.ro.id;
  const { id } = await store.write((tx) => addDeadline(tx));
  const of = ['--organisation', organisation, '--deadline', id];
  expect(await json('completion', 'add', ...of, '--by', 'A. de Vries', '--on', '2024-09-20', '--evidence', 'mail')).toMatchObject({
    deadline: id,
    completedOn: '2024-09-20',
    evidence: 'mail',
  });
  expect(await json('completion', 'list', '--organisation', organisation)).toMatchObject([
    { deadlineId: id, title: 'Jaarplan met begroting indienen', completedOn: '2024-09-20', by: 'A. de Vries' },
  ]);
  expect(await run('completion', 'add', ...of, '--by', 'A. de Vries', '--on', '20 september')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('completedOn must'),
  });
  await run('completion', 'add', ...of, '--by', 'A. de Vries', '--not-applicable', 'Geen budget dit jaar');
  expect((await run('completion', 'list', '--organisation', organisation)).stdout).toMatch(/A\. de Vries.*Geen budget dit jaar/);
  await run('completion', 'remove', ...of);
  expect((await run('completion', 'list', '--organisation', organisation)).stdout).toBe('Nothing found.\n');
});

it('records what happened, with what must be done by then, and takes it back', async () => {
  const rule = {
    kind: 'offset' as const,
    from: { event: 'contract_received' as const },
    amount: 42,
    unit: 'day' as const,
    direction: 'after' as const,
  };
  await store.write((tx) =>
    addDeadline(
      tx,
      { activity: 'signing', insurer: 'oost' },
      { title: 'Ondertekenen', rule, duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any', deliverable: null } },
    ),
  );
  const organisation = cast.outsider.id;
  const [event] = await json(
    'event',
    'add',
    '--organisation',
    organisation,
    '--insurer',
    'oost',
    '--contract-year',
    '2025',
    '--on',
    '2024-11-04',
  );
  expect(event).toMatchObject({ insurer: 'oost', occurredOn: '2024-11-04', startedTerms: [{ lastSafeOn: '2024-12-16' }] });
  expect((await run('event', 'list', '--organisation', organisation)).stdout).toMatch(/oost.*2025.*2024-11-04.*2024-12-16/);
  await run('event', 'remove', event.id, '--organisation', organisation);
  expect((await run('event', 'list', '--organisation', organisation)).stdout).toBe('Nothing found.\n');
});
