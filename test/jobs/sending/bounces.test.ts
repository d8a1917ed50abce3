import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { eq } from '../../../db/store/drizzle.ts';
import { listMessages } from '../../../db/messages/message-records.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import { addRecipient, confirmRecipient, removeRecipient } from '../../../db/recipients/recipients.ts';
import type { Store } from '../../../db/store/store.ts';
import { importBounces } from '../../../jobs/sending/bounces.ts';
import { envelopeSender, messagesNamedIn } from '../../../jobs/sending/return-path.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { addDeadline, addOrganisation, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { at, MONDAY } from '../../helpers/reminders.ts';
import { postfix, SERVERS, type Case } from '../../helpers/reports.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const settings = { ...SETTINGS, bounceAddress: 'bounces@inkoop.example' };
const { secret } = settings;
const UNKNOWN = '550 5.1.1 <a@example.org>: Recipient address rejected: User unknown';

/** An RO whose recipients all got a reminder, and where each of these mails would come back to. */
async function sent(store: Store, emails: readonly string[] = ['a@example.org']) {
  const cast = await castIn(store);
  await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  for (const email of emails) await addConfirmed(store, cast.ro.id, at('09-02T12:00'), { email });
  await planReminders(store, MONDAY);
  const mailer = keepingMailer();
  await sendDue({ store, mailer, settings }, MONDAY);
  const paths = new Map(mailer.taken.map(({ from, to }) => [to[0]!, from]));
  const returnPath = paths.get(emails[0]!)!;
  return { ...cast, paths, returnPath };
}

const imports = (store: Store, mail: string, yes = false) => importBounces(store, Buffer.from(mail), { secret, yes }, MONDAY);
const mailbox = (...mails: string[]) =>
  mails.map((mail) => `From MAILER-DAEMON Mon Sep 16 07:31:00 2024\n${mail.replaceAll(/^(>*From )/gm, '>$1')}\n\n`).join('');
const report = (to: string, over: Partial<Case> = {}) =>
  postfix({ to, recipient: 'a@example.org', status: '5.1.1', said: UNKNOWN, ...over });

const statusesIn = async (store: Store) =>
  (await store.read.select().from(store.read.tables.recipients)).map(({ status, fault }) => [status, fault]);
const remindersOf = async (store: Store, id: string) =>
  (await listMessages(store.read, id, { page: 1, pageSize: 50 })).items
    .filter(({ kind }) => kind === 'reminder')
    .map(({ state, reason, response }) => ({ state, reason, response }));
/** The mails that leave now. */
async function mailsAt(store: Store, now: Date) {
  const mailer = keepingMailer();
  await sendDue({ store, mailer, settings }, now);
  return Promise.all(mailer.taken.map(async ({ raw, to }) => ({ to: to[0]!, mail: await PostalMime.parse(raw) })));
}

onBothDialects('returned mails', (fresh) => {
  it('come back to an address of their own, and end the mail to an address that is no more', async () => {
    const store = await fresh();
    const { ro, returnPath } = await sent(store);
    expect(returnPath).toMatch(/^bounces\+[0-9a-f]{32}-[0-9a-f]{16}@inkoop\.example$/);
    const box = mailbox(report(returnPath), 'Subject: Hello\n\nFrom here on nothing.');
    const imported = { read: 2, unreadable: 0, bounced: 1, suppressed: ['a@example.org'], partly: [], held: [] };
    expect(await imports(store, box)).toEqual(imported);
    expect(await imports(store, box)).toEqual({ ...imported, suppressed: [] });
    const said = `5.1.1 ${UNKNOWN}`;
    expect(await statusesIn(store)).toEqual([['undeliverable', said]]);
    expect(await remindersOf(store, ro.id)).toEqual([{ state: 'sent', reason: 'bounced', response: said }]);
  });

  it.each(Object.entries(SERVERS))('are read as %s writes them', async (_, write) => {
    const store = await fresh();
    const { returnPath } = await sent(store);
    const mail = write({ to: returnPath, recipient: 'A@Example.ORG', status: '5.1.1', said: UNKNOWN });
    expect((await imports(store, mail)).suppressed).toEqual(['a@example.org']);
    expect((await imports(store, mailbox(mail, mail))).suppressed).toEqual([]);
  });

  it('change nothing but the message where they are not for good, or not about the address', async () => {
    const store = await fresh();
    const { ro, returnPath } = await sent(store);
    const cases = [
      { status: '5.2.2', said: '552 5.2.2 Over quota' },
      { status: '5.7.1', said: '550 5.7.1 Not allowed' },
      { status: '5.4.7', said: 'delivery time expired' },
      { status: '5.0.0', said: 'retry timeout exceeded' },
      { status: '5.4.4', said: 'Host not found' },
      { status: '5.1.8', said: '550 5.1.8 Sender address rejected: Domain not found' },
      { status: '4.4.7', said: '450 4.1.1 no such user yet' },
    ];
    for (const over of cases) {
      const { messages } = store.read.tables;
      await store.write((tx) => tx.update(messages).set({ reason: null }).where(eq(messages.kind, 'reminder')));
      expect(await imports(store, report(returnPath, over))).toMatchObject({ bounced: 1, suppressed: [], partly: [] });
      expect(await remindersOf(store, ro.id)).toEqual([{ state: 'sent', reason: 'bounced', response: `${over.status} ${over.said}` }]);
    }
    expect(await statusesIn(store)).toEqual([['confirmed', null]]);
  });

  it('change nothing at all when they are no report, of no message, or not ours', async () => {
    const store = await fresh();
    const { ro, returnPath } = await sent(store);
    const unsent = envelopeSender(settings, '123e4567-e89b-42d3-a456-426614174000');
    for (const mail of [
      report(returnPath).replace('Action: failed', 'Action: delayed'),
      report(returnPath).replaceAll('message/delivery-status', 'text/plain'),
      report(returnPath.replace(/-[0-9a-f]{16}@/, '-0123456789abcdef@')),
      report('bounces@inkoop.example'),
      report(unsent),
      `To: ${returnPath}\nSubject: Afwezig\n\nStatus: 5.1.1\n`,
      '',
    ])
      expect(await imports(store, mail)).toMatchObject({ suppressed: [], partly: [] });
    expect(await statusesIn(store)).toEqual([['confirmed', null]]);
    expect(await remindersOf(store, ro.id)).toEqual([expect.objectContaining({ reason: null })]);
  });

  it('end nobody where they are about an address behind the one that was written to: the organisation is told, without its name', async () => {
    const store = await fresh();
    const { ro, returnPath } = await sent(store, ['praktijk@example.org', 'b@example.org']);
    const said = '550 5.1.1 <jan.pietersen@huisarts.example>: no such user jan.pietersen';
    const member = report(returnPath, { recipient: 'jan.pietersen@huisarts.example', said });
    const imported = { read: 1, bounced: 1, suppressed: [], partly: ['praktijk@example.org'] };
    expect(await imports(store, member)).toMatchObject(imported);
    expect(await imports(store, member)).toMatchObject({ ...imported, partly: [] });
    expect(await statusesIn(store)).toEqual([
      ['confirmed', null],
      ['confirmed', null],
    ]);
    const [noted] = (await remindersOf(store, ro.id)).filter(({ reason }) => reason !== null);
    expect(noted).toEqual({ state: 'sent', reason: 'partly_bounced', response: '5.1.1: an address behind this one' });
    const mails = await mailsAt(store, at('09-16T09:00'));
    expect(mails.map(({ to }) => to).sort()).toEqual(['b@example.org', 'praktijk@example.org']);
    for (const { mail } of mails) {
      expect(mail.subject).toBe('Mail aan praktijk@example.org komt niet bij iedereen aan');
      expect(mail.text).toContain('Een van de adressen achter dit adres werkt niet meer');
      // Whole names: three letters stand in a random link too.
      expect(JSON.stringify(mail)).not.toMatch(/pietersen|huisarts\.example/i);
    }
    // The mail about it comes back from the same member: of that no other mail is made.
    const { messages } = store.read.tables;
    const told = await store.read.select().from(messages).where(eq(messages.kind, 'partly_undeliverable'));
    const { id } = told.find(({ sentTo }) => sentTo === 'praktijk@example.org')!;
    const back = report(envelopeSender(settings, id), { recipient: 'jan.pietersen@huisarts.example', said });
    expect((await imports(store, back)).partly).toEqual(['praktijk@example.org']);
    expect(await mailsAt(store, at('09-16T10:00'))).toEqual([]);
  });

  it.each([
    ['the address behind is only full', 'jan@huisarts.example', '5.2.2', 'partly_bounced'],
    ['no address is named', '', '5.1.1', 'bounced'],
  ])('are noted and no more where %s', async (_, recipient, status, reason) => {
    const store = await fresh();
    const { ro, returnPath } = await sent(store);
    await imports(store, report(returnPath, { recipient, status, said: '' }));
    expect(await statusesIn(store)).toEqual([['confirmed', null]]);
    expect(await remindersOf(store, ro.id)).toEqual([expect.objectContaining({ reason })]);
    expect(await mailsAt(store, at('09-16T09:00'))).toEqual([]);
  });

  it('end the address where one of several recipients is that very address, however it is written', async () => {
    const store = await fresh();
    const { returnPath } = await sent(store, ["a.o'neil@example.org"]);
    const one = report(returnPath, { recipient: 'jan@huisarts.example', status: '5.7.1', said: '550 5.7.1 no' });
    const group = [
      'Final-Recipient: RFC822; "A.O\'Neil"@EXAMPLE.org',
      'Action: failed',
      'Status: 5.0.0',
      'Diagnostic-Code: smtp; no such user',
    ];
    const both = one.replace(/\r\n\r\n(?=--4X1\S+\r\nContent-Description: Undelivered)/, `\r\n\r\n${group.join('\r\n')}\r\n\r\n`);
    expect((await imports(store, one)).suppressed).toEqual([]);
    expect((await imports(store, both)).suppressed).toEqual(["a.o'neil@example.org"]);
  });

  it('do not end an address that was confirmed after the mail was sent', async () => {
    const store = await fresh();
    const { ro, returnPath } = await sent(store);
    await imports(store, report(returnPath));
    const [gone] = await store.read.select().from(store.read.tables.recipients);
    await store.write((tx) => removeRecipient(tx, ro.id, gone!.id, at('09-16T10:00')));
    const again = { email: 'a@example.org', leadDays: [14], digest: 'daily' as const };
    const { id } = await store.write((tx) => addRecipient(tx, ro.id, again, at('09-16T10:00')));
    // The mailbox is read once more before the answer, and a second report of the same mail after it.
    await imports(store, report(returnPath));
    expect(await statusesIn(store)).toEqual([['pending', null]]);
    await store.write((tx) => confirmRecipient(tx, id, at('09-16T11:00')));
    const { messages } = store.read.tables;
    await store.write((tx) => tx.update(messages).set({ reason: null }));
    expect((await imports(store, report(returnPath))).suppressed).toEqual([]);
    expect(await statusesIn(store)).toEqual([['confirmed', null]]);
  });

  it('end an address for every organisation that counts on it, also where the one that wrote has removed it', async () => {
    const store = await fresh();
    const { ro, returnPath } = await sent(store);
    const other = await store.write((tx) => addOrganisation(tx, { name: 'Regio Noord' }));
    await addConfirmed(store, other.id, at('09-02T12:00'));
    const { recipients } = store.read.tables;
    await store.write((tx) => tx.delete(recipients).where(eq(recipients.organisationId, ro.id)));
    expect((await imports(store, report(returnPath))).suppressed).toEqual(['a@example.org']);
    expect(await statusesIn(store)).toEqual([['undeliverable', `5.1.1 ${UNKNOWN}`]]);
  });

  const many = (count: number) => Array.from({ length: count }, (_, n) => `a${n}@example.org`);
  const reports = (paths: ReadonlyMap<string, string>, emails: readonly string[], over: Partial<Case> = {}) =>
    emails.map((recipient) => report(paths.get(recipient)!, { recipient, ...over }));

  it('that would end over five addresses, and by over a tenth of the reports, write nothing unless a person says so', async () => {
    const store = await fresh();
    const emails = many(6);
    const { paths, ro } = await sent(store, emails);
    const box = mailbox(...reports(paths, emails));
    const held = { read: 6, bounced: 6, suppressed: [], partly: [], held: emails };
    expect(await imports(store, box)).toMatchObject(held);
    expect(await statusesIn(store)).toEqual(emails.map(() => ['confirmed', null]));
    expect((await remindersOf(store, ro.id)).map(({ reason }) => reason)).toEqual(emails.map(() => null));
    expect(await mailsAt(store, at('09-16T09:00'))).toEqual([]);
    expect(await imports(store, box, true)).toMatchObject({ ...held, suppressed: emails, held: [] });
    expect(await imports(store, box)).toMatchObject({ ...held, held: [] });
  });

  it('that would end five addresses, or no more than a tenth of the reports, are no reason to wait', async () => {
    const store = await fresh();
    const emails = many(11);
    const { paths } = await sent(store, emails);
    const five = await imports(store, mailbox(...reports(paths, emails.slice(0, 5))));
    expect(five.suppressed).toEqual(emails.slice(0, 5));
    const gone = reports(paths, emails.slice(5));
    const full = report(paths.get(emails[0]!)!, { status: '5.2.2', said: 'full' });
    const filler = (count: number) => Array.from({ length: count }, () => full);
    expect((await imports(store, mailbox(...gone, ...filler(53)))).held).toEqual(emails.slice(5).sort());
    expect((await imports(store, mailbox(...gone, ...filler(54)))).suppressed.sort()).toEqual(emails.slice(5).sort());
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
