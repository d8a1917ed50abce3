import { expect, it } from 'vitest';
import { listMessages } from '../../db/messages.ts';
import { planReminders } from '../../db/planning.ts';
import type { Store } from '../../db/store.ts';
import { importBounces } from '../../jobs/bounces.ts';
import { envelopeSender, messagesNamedIn } from '../../jobs/return-path.ts';
import { sendDue } from '../../jobs/send.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const settings = { ...SETTINGS, bounceAddress: 'bounces@inkoop.example' };

/** A notification as Postfix writes it. */
const report = (
  to: string,
  {
    action = 'failed',
    status = '5.1.1',
    said = '550 5.1.1 <a@example.org>: Recipient address rejected:\r\n    User unknown',
    type = 'multipart/report; report-type=delivery-status',
  } = {},
) =>
  [
    'Return-Path: <>',
    'From: MAILER-DAEMON@mx.example (Mail Delivery System)',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    `Content-Type: ${type};`,
    '\tboundary="B2F.1/mx.example"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--B2F.1/mx.example',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'Status: 5.1.1 is what a person may quote here.',
    '--B2F.1/mx.example',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; a@example.org',
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${said}`,
    '',
    '--B2F.1/mx.example--',
    '',
  ].join('\r\n');

async function sent(store: Store) {
  const { ro } = await castIn(store);
  await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  await addConfirmed(store, ro.id, at('09-02T12:00'));
  await planReminders(store, MONDAY);
  const mailer = keepingMailer();
  await sendDue({ store, mailer, settings }, MONDAY);
  return { ro, returnPath: mailer.taken[0]!.from };
}

const statusesIn = async (store: Store) =>
  (await store.read.select().from(store.read.tables.recipients)).map(({ status, fault }) => [status, fault]);

onBothDialects('returned mails', (fresh) => {
  it('come back to an address of their own, and end the mail to an address that is no more', async () => {
    const store = await fresh();
    const { ro, returnPath } = await sent(store);
    expect(returnPath).toMatch(/^bounces\+[0-9a-f]{32}-[0-9a-f]{16}@inkoop\.example$/);
    const mailbox = `From MAILER-DAEMON Mon Sep 16 07:31:00 2024\n${report(returnPath)}\nFrom someone Mon Sep 16 08:00:00 2024\nSubject: Hello\n\nNothing.\n`;
    const imported = { read: 2, bounced: 1, suppressed: ['a@example.org'] };
    expect(await importBounces(store, mailbox, settings.secret, MONDAY)).toEqual(imported);
    expect(await importBounces(store, mailbox, settings.secret, MONDAY)).toEqual({ ...imported, suppressed: [] });
    const said = '5.1.1 550 5.1.1 <a@example.org>: Recipient address rejected: User unknown';
    expect(await statusesIn(store)).toEqual([['undeliverable', said]]);
    const { items } = await listMessages(store.read, ro.id, { page: 1, pageSize: 10 });
    expect(items.find(({ kind }) => kind === 'reminder')).toMatchObject({ state: 'sent', reason: 'bounced', response: said });
  });

  it('change nothing when they are late, not for good, not about the address, no report, or not ours', async () => {
    const store = await fresh();
    const { returnPath } = await sent(store);
    const forged = returnPath.replace(/-[0-9a-f]{16}@/, '-0123456789abcdef@');
    for (const mail of [
      report(returnPath, { action: 'delayed', status: '4.4.1' }),
      report(returnPath, { status: '4.2.2' }),
      report(returnPath, { status: '5.2.2', said: '552 5.2.2 Over quota' }),
      report(returnPath, { status: '5.7.1', said: '550 5.7.1 Not allowed' }),
      report(returnPath, { status: '5.4.7', said: 'delivery time expired' }),
      report(returnPath, { status: '5.0.0', said: 'retry timeout exceeded' }),
      report(returnPath, { status: '5.4.4', said: 'Host not found' }),
      report(returnPath, { status: '5.1.8', said: '550 5.1.8 Sender address rejected: Domain not found' }),
      report(returnPath, { type: 'multipart/mixed' }),
      report(forged),
      report('bounces@inkoop.example'),
      '',
    ])
      expect((await importBounces(store, mail, settings.secret, MONDAY)).suppressed).toEqual([]);
    expect(await statusesIn(store)).toEqual([['confirmed', null]]);
  });
});

it('signs return addresses so that nobody can make one up', () => {
  const id = '123e4567-e89b-42d3-a456-426614174000';
  const address = envelopeSender(settings, id);
  expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64);
  expect(messagesNamedIn(`To: <${address.toUpperCase()}>`, settings.secret)).toEqual([id]);
  expect(messagesNamedIn(`To: <${address}>`, 'another secret')).toEqual([]);
  expect(envelopeSender(SETTINGS, id)).toBe(SETTINGS.from);
});
