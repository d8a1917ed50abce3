/** The command line for people: every act of a page is there for whoever runs the service. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findEnrolInvitation } from '../../db/people/invitations.ts';
import { findPerson } from '../../db/people/people.ts';
import { endSession, noteSessionUse, openSession, readSession } from '../../db/people/sessions.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { castIn } from '../helpers/cast.ts';
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
  const operator = { OPERATOR_NAME: 'Stichting Zorg', OPERATOR_ADDRESS: 'Kerkstraat 1, Leiden' };
  return runCli(args, { ...env, ...operator, PUBLIC_URL: 'https://kalender.example/zorg' }, folder);
};
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

it('adds, lists and removes members, the last manager too', async () => {
  const organisation = cast.ro.id;
  expect(await json('member', 'add', '--organisation', organisation, '--email', ' Anna@RO.example')).toMatchObject({
    email: 'anna@ro.example',
    role: 'manager',
  });
  await run('member', 'add', '--organisation', organisation, '--email', 'bert@ro.example', '--role', 'reader');
  const { stdout } = await run('member', 'list', '--organisation', organisation);
  expect(stdout).toMatch(/anna@ro\.example.*manager[^]*bert@ro\.example.*reader/);
  expect(await run('member', 'add', '--organisation', organisation, '--email', 'anna', '--role', 'boss')).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^The member has 2 faults\.\n {2}email must [^\n]+\n {2}role must [^\n]+\n$/),
  });
  for (const email of ['anna@ro.example', 'bert@ro.example'])
    expect(await json('member', 'remove', '--organisation', organisation, '--email', email)).toMatchObject({ email });
  expect((await run('member', 'list', '--organisation', organisation)).stdout).toBe('Nothing found.\n');
  expect(await run('member', 'remove', '--organisation', organisation, '--email', 'anna@ro.example')).toMatchObject({
    code: 1,
    stderr: 'Nobody has this address here.\n',
  });
});

it('changes what a member may do, while a manager stays, and invites one by mail', async () => {
  const of = ['--organisation', cast.wsv.id];
  for (const [email, role] of [
    ['anna@wijk.example', 'manager'],
    ['bert@wijk.example', 'reader'],
  ] as const)
    await run('member', 'add', ...of, '--email', email, '--role', role);
  expect(await run('member', 'role', ...of, '--email', 'anna@wijk.example', '--role', 'reader')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^No manager would stay\./),
  });
  for (const [email, role] of [
    ['bert@wijk.example', 'manager'],
    ['anna@wijk.example', 'reader'],
  ] as const)
    expect(await json('member', 'role', ...of, '--email', email, '--role', role)).toMatchObject({ email, role });
  expect((await run('member', 'list', ...of)).stdout).toMatch(/bert@wijk\.example.*manager[^]*anna@wijk\.example.*reader/);
  expect(await json('member', 'invite', ...of, '--email', 'Cora@Wijk.example', '--role', 'reader')).toMatchObject({
    email: 'cora@wijk.example',
    role: 'reader',
    expires: expect.stringMatching(/^\d{4}-/),
  });
  expect(await run('member', 'invite', ...of, '--email', 'anna@wijk.example')).toMatchObject({ code: 1, stdout: '' });
});

it('adds, lists and removes editors, and ends their sessions with them', async () => {
  await run('editor', 'add', '--email', 'redactie@ineen.example', '--label', 'Redactie');
  expect(await json('editor', 'list')).toMatchObject([{ email: 'redactie@ineen.example', label: 'Redactie' }]);
  expect(await run('editor', 'add', '--email', 'redactie@ineen.example', '--label', 'x')).toMatchObject({ code: 1, stdout: '' });
  const person = (await findPerson(store.read, 'redactie@ineen.example'))!;
  const { token } = await store.write((tx) => openSession(tx, person.id, null, new Date()));
  await run('editor', 'remove', '--email', 'redactie@ineen.example');
  expect([await readSession(store.read, token, new Date()), (await run('editor', 'list')).stdout]).toEqual([null, 'Nothing found.\n']);
});

it('lists sessions by address, and ends one, or all of a person', async () => {
  const emails = ['a@elders.example', 'b@elders.example'];
  for (const email of emails) await run('member', 'add', '--organisation', cast.outsider.id, '--email', email);
  const tokens: string[] = [];
  for (const email of [...emails, emails[0]!]) {
    const { id } = (await findPerson(store.read, email))!;
    tokens.push((await store.write((tx) => openSession(tx, id, null, new Date()))).token);
  }
  const later = new Date(Date.now() + 2 * 3_600_000);
  const used = (await readSession(store.read, tokens[1]!, later))!;
  await store.write((tx) => noteSessionUse(tx, used.id, later));
  const listed = await json('session', 'list');
  expect(listed.map(({ email }: { email: string }) => email)).toEqual([emails[0], emails[0], emails[1]]);
  expect(listed[2]).toMatchObject({ id: used.id, lastUsedAt: `${later.toISOString().slice(0, 13)}:00:00.000Z` });
  expect(JSON.stringify(listed)).not.toContain(tokens[0]);
  expect(await json('session', 'revoke', used.id)).toMatchObject({ revoked: 1 });
  expect(await json('session', 'revoke', '--email', emails[0]!)).toMatchObject({ revoked: 2 });
  for (const token of tokens) expect(await readSession(store.read, token, new Date())).toBeNull();
  expect(await run('session', 'revoke')).toMatchObject({ code: 1, stderr: 'Give either the id of a session, or --email.\n' });
  expect(await run('session', 'revoke', used.id)).toMatchObject({ code: 1, stderr: 'No such session.\n' });
  // Signing out twice in one browser is no fault.
  await store.write((tx) => endSession(tx, tokens[0]!, new Date()));
});

it('makes a link by which somebody may enrol', async () => {
  const { url } = await json('invite');
  const token = /^https:\/\/kalender\.example\/zorg\/aanmelden\/uitnodiging\/([\w-]{43})$/.exec(url)![1]!;
  expect(await findEnrolInvitation(store.read, token, new Date())).not.toBeNull();
});
