/** A deputy whose address does not work: who is told, and who gets the mail. */
import { expect, it } from 'vitest';
import { listDeadLetters } from '../../db/messages/dead-letters.ts';
import { releaseAddress } from '../../db/recipients/declines.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { changeRecipient, getRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { importBounces } from '../../jobs/sending/bounces.ts';
import { MailError } from '../../jobs/transport/mailer.ts';
import { planNow } from '../../jobs/plan.ts';
import { envelopeSender } from '../../jobs/sending/return-path.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../helpers/mailbox.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const DEPUTY = { email: 'ward@example.org', until: '2024-12-31' };
const FOURTEEN = 'Over 14 dagen: jaarplan met begroting indienen bij Noord (uiterlijk ma 30 sep)';
const LOST = 'Mail aan uw vervanger ward@example.org komt niet aan';

/** A reader whose deputy said yes, unless it is only asked. */
async function withDeputy(store: Store, { pausedUntil = null, saysYes = true }: { pausedUntil?: string | null; saysYes?: boolean } = {}) {
  const { ro } = await castIn(store);
  await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  const { id } = await addConfirmed(store, ro.id, at('08-20T12:00'));
  await store.write((tx) => changeRecipient(tx, ro.id, id, { deputy: DEPUTY, pausedUntil }, at('08-21T12:00')));
  if (saysYes) {
    await subjectsAt(store, at('08-21T12:00'));
    await store.write((tx) => confirmDeputy(tx, id, DEPUTY.email, at('08-21T13:00')));
  }
  const state = async () => {
    const { deputyEmail, deputyFault, deputyConfirmedAt, status } = await getRecipient(store.read, id);
    return { deputyEmail, deputyFault, deputyConfirmedAt, status };
  };
  return { ro, id, state };
}

const GONE = { deputyEmail: 'ward@example.org', deputyConfirmedAt: null, status: 'confirmed' };

/** Sends what is due to a server that does not know the deputy, and gives what it took. */
async function sendWithoutWard(store: Store, now: Date): Promise<string[]> {
  await planNow({ store }, now);
  const kept = keepingMailer();
  const mailer = {
    ...kept,
    send: async (...[envelope, raw, handover]: Parameters<typeof kept.send>) => {
      if (envelope.to === DEPUTY.email) throw new MailError({ kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' });
      return kept.send(envelope, raw, handover);
    },
  };
  await sendDue({ store, mailer, settings: SETTINGS }, now);
  return kept.taken.map(({ to }) => to[0]!);
}

onBothDialects('a deputy whose address does not work', (fresh) => {
  it('loses no reminder: the server refuses it, and whom it stood in for gets it, and is told why', async () => {
    const store = await fresh();
    const { state, ro, id } = await withDeputy(store);
    expect(await sendWithoutWard(store, MONDAY)).toEqual(['a@example.org', 'a@example.org']);
    expect(await state()).toEqual({ ...GONE, deputyFault: '550 5.1.1 No such user' });
    expect((await listDeadLetters(store.read, { page: 1, pageSize: 10 })).total).toBe(0);
    // The next one goes to it at once, and it is told once.
    expect(await subjectsAt(store, at('09-27T07:30'))).toEqual([`a@example.org: ${FOURTEEN.replace('14', '3')}`]);
    // Appointed anew, nobody asks an address that does not exist; once it is said to work again, it is asked.
    await expect(store.write((tx) => confirmDeputy(tx, id, DEPUTY.email, MONDAY))).rejects.toMatchObject({ kind: 'gone' });
    await store.write((tx) => changeRecipient(tx, ro.id, id, { deputy: DEPUTY }, at('09-28T12:00')));
    expect(await state()).toEqual({ ...GONE, deputyFault: '550 5.1.1 No such user' });
    expect(await subjectsAt(store, at('09-28T12:00'))).toEqual([]);
    expect(await store.write((tx) => releaseAddress(tx, DEPUTY.email, SETTINGS.secret, at('09-28T12:00')))).toBe(1);
    expect(await state()).toEqual({ ...GONE, deputyFault: null });
    expect(await subjectsAt(store, at('09-28T12:00'))).toEqual(['ward@example.org: Wilt u de mails van a@example.org overnemen?']);
  });

  it('is told of when a mail to it comes back later, with the deadlines that come next', async () => {
    const store = await fresh();
    const { state } = await withDeputy(store);
    expect(await subjectsAt(store, MONDAY)).toEqual([`ward@example.org: ${FOURTEEN}`]);
    const { messages } = store.read.tables;
    const [sent] = (await store.read.select().from(messages)).filter(({ kind }) => kind === 'reminder');
    const back = envelopeSender({ ...SETTINGS, bounceAddress: 'bounces@inkoop.example' }, sent!.id);
    const report = [
      'From: MAILER-DAEMON@mx.example',
      `To: ${back}`,
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; ward@example.org',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 no such user',
      '--b--',
      '',
    ].join('\n');
    for (let twice = 0; twice < 2; twice += 1)
      await importBounces(store, Buffer.from(report), { secret: SETTINGS.secret }, at('09-16T09:00'));
    expect(await state()).toEqual({ ...GONE, deputyFault: '5.1.1 550 no such user' });
    const [mail, ...others] = await mailsAt(store, at('09-16T09:00'));
    expect([mail!.for, mail!.subject, others]).toEqual(['a@example.org', LOST, []]);
    expect(mail!.text!.split('\n\n').slice(0, 5)).toEqual([
      'Mail aan ward@example.org komt niet aan, zegt de mailserver. Daarom is ward@example.org niet meer uw vervanger.',
      'ward@example.org: 5.1.1 550 no such user',
      'U krijgt de mails voor Regio Zuid weer zelf.',
      'Wilt u een andere vervanger? Vraag Regio Zuid om een ander adres op te geven.',
      '== De volgende deadlines ==\n- ma 30 sep: jaarplan met begroting indienen bij Noord',
    ]);
  });

  it('is told of at once to who is away, and so is that nobody gets its mail until then', async () => {
    const store = await fresh();
    await withDeputy(store, { pausedUntil: '2024-09-20' });
    expect(await sendWithoutWard(store, MONDAY)).toEqual(['a@example.org']);
    const { messages } = store.read.tables;
    const [told] = (await store.read.select().from(messages)).filter(({ kind }) => kind === 'deputy_undeliverable');
    expect([told!.state, told!.subject, told!.sentTo]).toEqual(['sent', LOST, 'a@example.org']);
    expect(await subjectsAt(store, at('09-19T07:30'))).toEqual([]);
    expect(await subjectsAt(store, at('09-20T07:30'))).toEqual([`a@example.org: ${FOURTEEN.replace('14', '10')}`]);
  });

  it('is told of when it cannot even be asked', async () => {
    const store = await fresh();
    const { state } = await withDeputy(store, { saysYes: false });
    expect(await sendWithoutWard(store, at('08-21T12:00'))).toEqual(['a@example.org']);
    expect(await state()).toEqual({ ...GONE, deputyFault: '550 5.1.1 No such user' });
    expect(await subjectsAt(store, MONDAY)).toEqual([`a@example.org: ${FOURTEEN}`]);
  });
});
