import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eq } from '../../db/store/drizzle.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { queueSummary } from '../../db/sending/summaries.ts';
import { MailError } from '../../jobs/transport/mailer.ts';
import { envelopeSender } from '../../jobs/sending/return-path.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { runCli } from '../helpers/service.ts';

const MANY = ['d', 'e', 'f', 'g', 'h', 'i'].map((name) => `${name}@example.org`);
let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  store = await openStore(`file:${join(folder, 'cli.db')}`);
  const { ro } = await castIn(store);
  await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  for (const email of ['a@example.org', 'b@example.org', 'c@example.org', ...MANY])
    await addConfirmed(store, ro.id, at('09-02T12:00'), { email, leadDays: [14] });
  await planReminders(store, MONDAY);
  const mailer = keepingMailer();
  const send: typeof mailer.send = (envelope, ...rest) => {
    if (envelope.to !== 'b@example.org') return mailer.send(envelope, ...rest);
    throw new MailError({ kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' });
  };
  await sendDue({ store, mailer: { ...mailer, send }, settings: SETTINGS }, MONDAY);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const run = (args: string[], input?: string) =>
  runCli(args, { DATABASE_URL: `file:${join(folder, 'cli.db')}`, SECRET: SETTINGS.secret }, folder, input);
const statusOf = async (email: string) => {
  const { recipients } = store.read.tables;
  const [row] = await store.read.select().from(recipients).where(eq(recipients.email, email));
  return row!.status;
};

it('lists dead letters and sends one on', async () => {
  const [letter, ...others] = JSON.parse((await run(['dead', 'list', '--json'])).stdout);
  expect(others).toEqual([]);
  expect(letter).toMatchObject({
    kind: 'reminder',
    reason: 'undeliverable',
    recipient: 'b@example.org',
    response: '550 5.1.1 No such user',
  });
  expect(JSON.parse((await run(['dead', 'redrive', letter.id, '--json'])).stdout)).toMatchObject({
    recipient: 'b@example.org',
    state: 'pending',
  });
  expect(await statusOf('b@example.org')).toBe('confirmed');
  expect(JSON.parse((await run(['dead', 'list', '--json'])).stdout)).toEqual([]);
  expect(await run(['dead', 'redrive', letter.id])).toMatchObject({ code: 1, stderr: 'No such dead letter.\n' });
});

it('lists the operator’s mail, and sends it on', async () => {
  const { messages } = store.read.tables;
  await store.write((tx) => queueSummary(tx, '2024-09-16', { to: 'beheer@example.org', subject: 'Gisteren', text: 'Goed.' }, MONDAY));
  await store.write((tx) => tx.update(messages).set({ state: 'dead', reason: 'refused' }).where(eq(messages.kind, 'operator')));
  const [letter] = JSON.parse((await run(['dead', 'list', '--json'])).stdout);
  expect(letter).toMatchObject({ kind: 'operator', recipient: 'beheer@example.org', organisation: null });
  expect((await run(['dead', 'list'])).stdout).toContain('beheer@example.org');
  expect(JSON.parse((await run(['dead', 'redrive', letter.id, '--json'])).stdout)).toMatchObject({ subject: 'Gisteren', state: 'pending' });
  await store.write((tx) => tx.delete(messages).where(eq(messages.kind, 'operator')));
});

it.each([
  ['a file', 'a@example.org', true],
  ['standard input', 'c@example.org', false],
])('reads returned mails from %s', async (_, email, asFile) => {
  const mailbox = await returned(email);
  const file = join(folder, 'mailbox');
  writeFileSync(file, mailbox);
  const { stdout } = asFile ? await run(['bounce', 'import', file, '--json']) : await run(['bounce', 'import', '-', '--json'], mailbox);
  expect(JSON.parse(stdout)).toEqual({ read: 1, unreadable: 0, bounced: 1, suppressed: email, partly: '', held: '' });
  expect(await statusOf(email)).toBe('undeliverable');
});

it('ends no six addresses at once unless it is told to: it says which, writes nothing, and ends in 3', async () => {
  const file = join(folder, 'mailbox');
  writeFileSync(file, (await Promise.all(MANY.map(returned))).join('\n'));
  const held = await run(['bounce', 'import', file, '--json']);
  expect(JSON.parse(held.stdout)).toEqual({ read: 6, unreadable: 0, bounced: 6, suppressed: '', partly: '', held: MANY.join(', ') });
  expect(held).toMatchObject({ code: 3, stderr: expect.stringMatching(/^Nothing was written: 6 addresses .* 6 reports .*--yes\.\n$/) });
  expect(await Promise.all(MANY.map(statusOf))).toEqual(MANY.map(() => 'confirmed'));
  const told = await run(['bounce', 'import', file, '--json', '--yes']);
  expect([told.code, told.stderr, JSON.parse(told.stdout).suppressed]).toEqual([0, '', MANY.join(', ')]);
  expect(await Promise.all(MANY.map(statusOf))).toEqual(MANY.map(() => 'undeliverable'));
});

/** The reminder to an address as it comes back, as a mailbox holds it. */
async function returned(email: string) {
  const { messages } = store.read.tables;
  const reminders = await store.read.select().from(messages).where(eq(messages.kind, 'reminder'));
  const { id } = reminders.find(({ sentTo }) => sentTo === email)!;
  const to = envelopeSender({ ...SETTINGS, bounceAddress: 'bounces@inkoop.example' }, id);
  return [
    'From MAILER-DAEMON Mon Sep 16 08:00:00 2024',
    `To: ${to}`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    `Final-Recipient: rfc822; ${email}`,
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b--',
    '',
  ].join('\n');
}

it('says of which address there is nothing to release', async () => {
  const { code, stderr } = await run(['recipient', 'release', '--email', 'z@example.org']);
  expect([code, stderr]).toEqual([1, 'No mail server said of z@example.org that there is no such address.\n']);
});
