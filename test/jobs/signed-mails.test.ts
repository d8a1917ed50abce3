/** Signed mails, as a mail server gets them. */
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../db/sending/claims.ts';
import type { Store } from '../../db/store/store.ts';
import type { MailSettings } from '../../jobs/mails/compose.ts';
import { signMail } from '../../jobs/transport/signature.ts';
import { planNow } from '../../jobs/plan.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { tellOperator } from '../../jobs/watch.ts';
import { startRawSink } from '../faults/sink.ts';
import { addDeadline, castIn, contentOf } from '../helpers/cast.ts';
import { checkDkim, dkimPair } from '../helpers/dkim.ts';
import { addConfirmed, mailerTo, SETTINGS, startSink } from '../helpers/mail.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const PAIR = dkimPair();
const OTHER = dkimPair('kalender2');
const SIGNING: MailSettings = { ...SETTINGS, signingKey: PAIR, replyTo: 'vragen@inkoop.example', bounceAddress: 'bounces@inkoop.example' };
const TITLE =
  '.Jaarplan en begroting van de regio-organisatie én van alle wijksamenwerkingsverbanden indienen bij de coöperatie, met de ondertekende bijlagen';

async function withReminders(store: Store) {
  const { ro } = await castIn(store);
  // A document without a quote has a line of its own, which begins with its name.
  const sources = [...contentOf().sources, { document: '.Bijlage', section: null, quote: null, url: null }];
  await store.write((tx) => addDeadline(tx, {}, { title: TITLE, rule: { kind: 'fixed', on: '2024-09-30' }, sources }));
  for (const email of ['a@example.org', 'b@example.org']) await addConfirmed(store, ro.id, at('09-02T12:00'), { email });
  await planNow({ store }, MONDAY);
}

onBothDialects('a signed mail', (fresh) => {
  it('is believed by who gets it, whoever that is, whatever is in it and wherever it would come back to', async () => {
    const store = await fresh();
    await withReminders(store);
    await tellOperator({ store, secret: SETTINGS.secret }, 'beheer@example.org', at('09-16T08:30'));
    const sink = await startSink();
    const settings = { ...SIGNING, operator: 'beheer@example.org' };
    await sendDue({ store, mailer: mailerTo(sink.url), settings }, at('09-16T08:30'));
    expect(sink.taken.map(({ to }) => to[0]).sort()).toEqual(['a@example.org', 'b@example.org', 'beheer@example.org']);
    for (const { from, raw, to } of sink.taken) {
      const { headers, ...verdict } = checkDkim(raw, PAIR.record);
      expect([to, verdict]).toEqual([to, { fault: null, domain: 'inkoop.example', selector: 'kalender1' }]);
      const covered = ['from', 'reply-to', 'to', 'subject', 'date', 'message-id', 'content-type'];
      // RFC 8058: without both of them no mail program shows the button to leave.
      if (to[0] !== 'beheer@example.org') covered.push('list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'in-reply-to', 'references');
      expect(covered.filter((name) => !headers.includes(name))).toEqual([]);
      expect(from).toMatch(/^bounces\+[0-9a-f]{32}-[0-9a-f]{16}@inkoop\.example$/);
      expect(checkDkim(raw, OTHER.record).fault).toBe('the signature does not hold');
    }
    const reminder = sink.taken.find(({ to }) => to[0] === 'a@example.org')!;
    const { subject, text } = await PostalMime.parse(reminder.raw);
    expect([subject!.length > 75, /^\./m.test(text!), /\r\n\./.test(reminder.raw.toString())]).toEqual([true, true, true]);
  });

  it('is the very same in every copy, also where the key is another one by then', async () => {
    const store = await fresh();
    await withReminders(store);
    const sink = await startRawSink({ body: ({ to }) => (to === 'a@example.org' ? 'drop' : undefined) });
    const send = (settings: MailSettings, now: Date) => sendDue({ store, mailer: mailerTo(sink.url), settings, lanes: 1 }, now);
    await send(SIGNING, MONDAY);
    delete sink.rules.body;
    await send({ ...SIGNING, signingKey: OTHER }, new Date(MONDAY.getTime() + LEASE_MS));
    const copies = sink.taken.filter(({ to }) => to === 'a@example.org').map(({ raw }) => raw);
    expect([copies.length, new Set(copies).size]).toEqual([2, 1]);
    expect(checkDkim(Buffer.from(copies[1]!, 'latin1'), PAIR.record).fault).toBeNull();
    await sink.close();
  });

  it('that was refused is made anew, and signed by the key of then', async () => {
    const store = await fresh();
    await withReminders(store);
    const sink = await startRawSink({ data: (n) => (n <= 2 ? '451 4.7.1 Later' : undefined) });
    const send = (settings: MailSettings, now: Date) => sendDue({ store, mailer: mailerTo(sink.url), settings }, now);
    await send(SIGNING, MONDAY);
    await send({ ...SIGNING, signingKey: OTHER }, new Date(MONDAY.getTime() + 10 * 60_000));
    expect(sink.taken.map(({ raw }) => checkDkim(Buffer.from(raw, 'latin1'), OTHER.record))).toMatchObject([
      { fault: null, selector: 'kalender2' },
      { fault: null, selector: 'kalender2' },
    ]);
    await sink.close();
  });

  it('does not leave unsigned where it cannot be signed', async () => {
    const store = await fresh();
    await withReminders(store);
    const sink = await startSink();
    const signingKey = { ...PAIR, key: 'no key' as never };
    const results = await sendDue({ store, mailer: mailerTo(sink.url), settings: { ...SIGNING, signingKey } }, MONDAY);
    expect([results.map(({ kind }) => kind), sink.taken]).toEqual([['faulty', 'faulty'], []]);
  });
});

describe('the check of a signature', () => {
  const mail = Buffer.from(
    'From: a@example.org\r\nSubject: Een\r\n twee\r\nTo: b@example.org\r\n\r\n.\r\n\r\nTekst  met\twit \r\n\r\n\r\n',
  );
  const changed = async (from: string, to: string) => {
    const signed = (await signMail(mail, PAIR)).toString('latin1');
    expect(signed).toContain(from);
    return checkDkim(Buffer.from(signed.replace(from, to), 'latin1'), PAIR.record).fault;
  };

  it.each([
    ['the body', 'Tekst', 'tekst', 'the body is another one'],
    ['a line of the body', '.\r\n\r\nTekst', '\r\n\r\nTekst', 'the body is another one'],
    ['a header', 'Subject: Een', 'Subject: Drie', 'the signature does not hold'],
    ['a header above', 'From: a@', 'From: c@', 'the signature does not hold'],
    ['the domain', 'd=inkoop.example', 'd=insoop.example', 'the signature does not hold'],
  ])('sees that %s was changed', async (_what, from, to, fault) => {
    expect(await changed(from, to)).toBe(fault);
  });

  it.each([
    ['nothing', 'Tekst', 'Tekst'],
    ['where a header is folded', 'Subject: Een\r\n twee', 'SUBJECT:  Een twee '],
    ['what is white, and the lines at the end', 'Tekst  met\twit \r\n\r\n\r\n', 'Tekst met wit\r\n'],
  ])('holds where a server on the way changes %s', async (_what, from, to) => {
    expect(await changed(from, to)).toBeNull();
  });

  it('misses a signature', () => {
    expect(checkDkim(mail, PAIR.record).fault).toBe('there is no signature');
  });
});
