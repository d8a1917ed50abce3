/** What follows when the last recipient of an organisation goes, however it goes. */
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { createFeed } from '../../db/feeds/feeds.ts';
import { addRecipient, removeRecipient } from '../../db/recipients/recipients.ts';
import { signLink } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { markUndeliverable } from '../../db/recipients/undeliverable.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { tellOperator } from '../../jobs/watch.ts';
import { appFor } from '../helpers/app.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const BEFORE = at('05-01T12:00');
const GONE_AT = at('06-03T10:00');

/** A WSV with one recipient that confirmed and one that never did, below an RO with two recipients. */
async function withLast(store: Store) {
  const { ro, wsv, outsider } = await castIn(store);
  for (const name of ['ro1', 'ro2']) await addConfirmed(store, ro.id, BEFORE, { email: `${name}@example.org` });
  await addConfirmed(store, outsider.id, BEFORE, { email: 'elders@example.org' });
  const last = await addConfirmed(store, wsv.id, BEFORE, { email: 'last@example.org' });
  await store.write((tx) => addRecipient(tx, wsv.id, { email: 'never@example.org', leadDays: [14], digest: 'daily' }, BEFORE));
  await mailsAt(store, BEFORE);
  const { token } = await store.write((tx) => createFeed(tx, wsv.id, { label: 'Agenda' }, BEFORE));
  const { app, call } = await appFor(store, { secret: SETTINGS.secret, clock: () => GONE_AT });
  const feed = async () => readCalendar((await app.inject({ url: `/feeds/${token}.ics` })).rawPayload).events.map(({ title }) => title);
  const link = `/unsubscribe/${signLink(SETTINGS.secret, 'unsubscribe', last.id)}`;
  return { wsv, last, call, feed, link };
}

async function summaryAt(store: Store, now: Date) {
  const mailer = keepingMailer();
  expect(await tellOperator({ store }, 'beheer@example.org', now)).toBe(true);
  await sendDue({ store, mailer, settings: SETTINGS }, now);
  const { subject, text } = await PostalMime.parse(mailer.taken.find(({ to }) => to[0] === 'beheer@example.org')!.raw);
  return { subject: subject!, lines: text!.split('\n') };
}

const NOTICE = 'Inkoopkalender: niemand krijgt nog herinneringen per e-mail';

onBothDialects('when the last recipient goes', (fresh) => {
  it('the RO’s people, the operator, the feed and the page say so', async () => {
    const store = await fresh();
    const { call, feed, link } = await withLast(store);
    expect(await feed()).not.toContain(NOTICE);
    expect((await summaryAt(store, at('06-03T08:30'))).lines).toContain('Organisations that lost their last recipient: 0.');
    const page = await call('POST', link, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(page.body).toContain('U was de laatste: niemand krijgt nu nog herinneringen voor WSV De Wijk.');
    expect((await call('GET', link)).body).toBe(page.body);
    const mails = await mailsAt(store, GONE_AT);
    expect(mails.map((mail) => [mail.for, mail.subject])).toEqual(
      ['ro1', 'ro2'].map((name) => [`${name}@example.org`, 'Niemand krijgt nog herinneringen voor WSV De Wijk']),
    );
    expect(await feed()).toContain(NOTICE);
    const { subject, lines } = await summaryAt(store, at('06-04T08:30'));
    expect(subject).toContain('needs a look');
    expect(lines.slice(lines.indexOf('Organisations that lost their last recipient: 1.'))).toEqual([
      'Organisations that lost their last recipient: 1.',
      `- WSV De Wijk, since ${GONE_AT.toISOString()}`,
      '',
    ]);
    // It stays in the list, and is news once.
    const next = await summaryAt(store, at('06-05T08:30'));
    expect([next.subject.includes('all well'), next.lines]).toEqual([true, expect.arrayContaining(lines.slice(-3))]);
  });

  it.each(['is removed', 'is not reached any more'])('the same follows when it %s', async (how) => {
    const store = await fresh();
    const { feed, last, wsv } = await withLast(store);
    await store.write((tx) =>
      how === 'is removed'
        ? removeRecipient(tx, wsv.id, last.id, GONE_AT)
        : markUndeliverable(tx, last.email, '550 5.1.1 no such user', GONE_AT),
    );
    const mails = await mailsAt(store, GONE_AT);
    expect(mails.map((mail) => mail.for)).toEqual(['ro1@example.org', 'ro2@example.org']);
    expect(mails[0]!.text!.split('\n')[0]).toBe(
      'WSV De Wijk heeft geen ontvanger meer: de laatste is afgemeld of verwijderd, of het mailadres werkt niet. ' +
        'Niemand krijgt nu nog herinneringen aan de deadlines van WSV De Wijk.',
    );
    expect(await feed()).toContain(NOTICE);
    expect((await summaryAt(store, at('06-04T08:30'))).lines).toContain(`- WSV De Wijk, since ${GONE_AT.toISOString()}`);
  });
});
