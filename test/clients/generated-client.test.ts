import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../db/store/store.ts';
import { appFor, EDITOR_KEY } from '../helpers/app.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const at = (path: string) => join(root, path);

/** What somebody else would write against the API, with types made from its document and nothing of ours. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { components, paths } from './api.ts';

const { BASE_URL: baseUrl = '', KEY: key = '', EDITOR_KEY: editorKey = '' } = process.env;
const client = createClient<paths>({ baseUrl });
const by = (bearer: string) => ({ Authorization: \`Bearer \${bearer}\` });

function must<T>({ data, error }: { data?: T; error?: components['schemas']['Problem'] }): T {
  if (data === undefined) throw new Error(error?.detail ?? 'no answer');
  return data;
}

const insurers = must(await client.GET('/insurers', { params: { query: { pageSize: 100 } } }));
const certainty: components['schemas']['Certainty'] = 'stated';
const list = must(await client.GET('/deadlines', { params: { query: { certainty, sort: 'dueOn' } } }));
const [first] = list.items;
if (!first || !insurers.items.some(({ slug }) => slug === first.insurer)) throw new Error('no deadline of an insurer');
const day: string | null = first.lastSafeOn;
const rule = first.rule.kind === 'fixed' ? first.rule.on : first.rule.kind;

const made = must(
  await client.POST('/organisations', {
    headers: by(editorKey),
    body: { name: 'Regio Oost', roles: ['ro'], insurers: [{ insurer: first.insurer ?? '', contractStatus: 'contracted' }] },
  }),
);
const mine = { params: { path: { id: made.id } }, headers: by(made.key) };
const feed = must(await client.POST('/organisations/{id}/feeds', { ...mine, body: { label: 'Agenda', alarms: [14, 1] } }));
const agenda = must(await client.GET('/organisations/{id}/deadlines', mine));
const done = must(
  await client.PUT('/organisations/{id}/deadlines/{deadlineId}/completion', {
    params: { path: { id: made.id, deadlineId: first.id } },
    headers: by(made.key),
    body: { completedOn: '2024-04-02', by: 'A. de Vries' },
  }),
);
const refused = await client.POST('/organisations/{id}/recipients', { ...mine, body: { email: 'nobody' } });
const other = await client.GET('/organisations/{id}', { params: { path: { id: made.id } }, headers: by(key) });
const gone = await client.DELETE('/organisations/{id}', mine);

console.log(
  JSON.stringify({
    day,
    rule,
    agenda: agenda.items.map(({ as, completion }) => [as, completion]),
    by: done.by,
    feed: new URL(feed.url).pathname.replace(/[^/]+(?=\\.ics)/, '…'),
    faults: refused.error?.errors?.map(({ field }) => field),
    other: other.error?.status,
    gone: gone.response.status,
  }),
);
`;

/** A folder with types made from the document that a running service answers with, and a program against them. */
async function folderWith(origin: string, program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inkoopkalender-client-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  await symlink(at('node_modules'), join(folder, 'node_modules'));
  const document = `${origin}/api/v1/openapi.json`;
  const generator = [
    '--import',
    at('test/clients/with-compiler-functions.ts'),
    fileURLToPath(new URL('../bin/cli.js', import.meta.resolve('openapi-typescript'))),
  ];
  await run(process.execPath, [...generator, document, '--default-non-nullable', 'false', '--output', join(folder, 'api.ts')]);
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2024',
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    types: ['node'],
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  await writeFile(join(folder, 'program.ts'), program);
  return folder;
}

/** What the compiler says of a folder; nothing when it is content. */
async function compile(folder: string): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '--project', folder]);
    return stdout;
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

async function serve(store: Store) {
  const { app } = await appFor(store);
  onTestFinished(async () => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

onBothDialects('a client made from the document', (fresh) => {
  it('compiles in strict mode, and goes from the registry to an organisation of its own and back', async () => {
    const store = await fresh();
    const { outsider } = await castIn(store);
    await store.write((tx) => addDeadline(tx));
    const origin = await serve(store);
    const folder = await folderWith(origin, PROGRAM);
    expect(await compile(folder)).toBe('');
    const env = { ...process.env, BASE_URL: `${origin}/api/v1`, KEY: outsider.key, EDITOR_KEY };
    const { stdout } = await run(process.execPath, [join(folder, 'program.ts')], { env });
    expect(JSON.parse(stdout)).toEqual({
      day: '2024-10-01',
      rule: '2024-10-01',
      agenda: [['ro', null]],
      by: 'A. de Vries',
      feed: '/feeds/….ics',
      faults: ['email'],
      other: 404,
      gone: 204,
    });
  });
});

it('is told by the compiler of a word that the document does not have', async () => {
  const origin = await serve({} as never);
  const said = await compile(await folderWith(origin, PROGRAM.replace("= 'stated'", "= 'sure'").replace('pageSize', 'pagesize')));
  expect(said).toContain(`Type '"sure"' is not assignable to type '"expected" | "sector_rule" | "stated" | "template" | "unknown"'`);
  expect(said).toContain("'pagesize' does not exist");
});
