/** What follows when the last recipient of an organisation goes, however it goes. */
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { eq } from '../../db/store/drizzle.ts';
import { createFeed } from '../../db/feeds/feeds.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { chooseKind } from '../../db/recipients/preferences.ts';
import { addRecipient, changeRecipient, removeRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import { signLink } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { markUndeliverable } from '../../db/recipients/undeliverable.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { auditNow, tellOperator } from '../../jobs/watch.ts';
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
  expect(await tellOperator({ store, secret: SETTINGS.secret }, 'beheer@example.org', now)).toBe(true);
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
    expect((await summaryAt(store, at('06-03T08:30'))).lines).toContain('Organisations that nobody is reminded for: 0.');
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
    expect(lines.slice(lines.indexOf('Organisations that nobody is reminded for: 1.'))).toEqual([
      'Organisations that nobody is reminded for: 1.',
      `- WSV De Wijk: 1 never confirmed, 1 unsubscribed, since ${GONE_AT.toISOString()}`,
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
      'WSV De Wijk heeft geen ontvanger meer: de laatste is afgemeld of verwijderd, of het e-mailadres werkt niet. ' +
        'Niemand krijgt nu nog herinneringen aan de deadlines van WSV De Wijk.',
    );
    expect(await feed()).toContain(NOTICE);
    expect((await summaryAt(store, at('06-04T08:30'))).lines).toContain(
      `- WSV De Wijk: 1 never confirmed${how === 'is removed' ? '' : ', 1 undeliverable'}, since ${GONE_AT.toISOString()}`,
    );
  });
});

const CHOICE_TEXT = 'De ontvangers die er nog zijn, willen geen herinneringen of hebben ze voor langer dan een jaar stilgezet.';

onBothDialects('when the recipients that are left want no reminders', (fresh) => {
  it.each(['declines them', 'pauses for years'])(
    'the feed and the RO’s people hear that who is left %s, until that is taken back',
    async (how) => {
      const store = await fresh();
      const { app, events, last, wsv } = await withChoice(store);
      const choose = (wanted: boolean, now: Date) =>
        store.write(async (tx) =>
          how === 'declines them'
            ? chooseKind(tx, last.id, 'reminder', wanted, now)
            : changeRecipient(tx, wsv.id, last.id, { pausedUntil: wanted ? null : '2034-01-01' }, now),
        );
      const before = await events();
      await choose(false, GONE_AT);
      const [notice, ...others] = (await events()).filter(({ title }) => title === NOTICE);
      expect([notice!.on, notice!.description.includes(CHOICE_TEXT), others]).toEqual(['2024-06-03', true, []]);
      const mails = await mailsAt(store, GONE_AT);
      expect(mails.map((mail) => [mail.for, mail.subject])).toEqual(
        ['ro1', 'ro2'].map((name) => [`${name}@example.org`, 'Niemand krijgt nog herinneringen voor WSV De Wijk']),
      );
      expect(mails[0]!.text!.split('\n')[0]).toContain('De ontvangers van WSV De Wijk willen geen herinneringen of hebben ze');
      // What is chosen once more is no news.
      await choose(false, at('06-03T11:00'));
      expect((await events()).filter(({ title }) => title === NOTICE)).toEqual([notice]);
      expect(await mailsAt(store, at('06-03T11:00'))).toEqual([]);
      await choose(true, at('06-04T10:00'));
      expect(await events()).toEqual(before);
      // Once more is another entry: apps may have kept that the first one went.
      await choose(false, at('06-05T10:00'));
      const [again] = (await events()).filter(({ title }) => title === NOTICE);
      expect([again!.on, again!.uid === notice!.uid]).toEqual(['2024-06-05', false]);
      await app.close();
    },
  );

  it('the feed says so in an entry of its own when the last of them leaves, and the RO’s people are not told twice', async () => {
    const store = await fresh();
    const { app, events, last } = await withChoice(store);
    await store.write((tx) => chooseKind(tx, last.id, 'reminder', false, GONE_AT));
    const [first] = (await events()).filter(({ title }) => title === NOTICE);
    expect(await mailsAt(store, GONE_AT)).toHaveLength(2);
    await store.write((tx) => unsubscribeRecipient(tx, last.id, at('06-03T11:00')));
    const [second, ...others] = (await events()).filter(({ title }) => title === NOTICE);
    expect([second!.uid === first!.uid, second!.description.includes(CHOICE_TEXT), others]).toEqual([false, false, []]);
    expect(await mailsAt(store, at('06-03T11:00'))).toEqual([]);
    await app.close();
  });

  it('it says no more when the pause ends within a year, though nobody chose anything', async () => {
    const store = await fresh();
    const { app, events, last, wsv } = await withChoice(store);
    const before = await events();
    await store.write((tx) => changeRecipient(tx, wsv.id, last.id, { pausedUntil: '2025-07-01' }, GONE_AT));
    expect(await events()).not.toEqual(before);
    await auditNow({ store, secret: SETTINGS.secret }, at('06-30T10:00'));
    expect(await events()).not.toEqual(before);
    await auditNow({ store, secret: SETTINGS.secret }, at('07-01T10:00'));
    expect(await events()).toEqual(before);
    await app.close();
  });

  it('it says so when the deputy of who is paused for years has had its time', async () => {
    const store = await fresh();
    const { app, events, last, wsv } = await withChoice(store);
    const before = await events();
    const deputy = { email: 'ward@example.org', until: '2024-06-10' };
    await store.write(async (tx) => {
      await changeRecipient(tx, wsv.id, last.id, { deputy }, GONE_AT);
      await confirmDeputy(tx, last.id, deputy.email, GONE_AT);
      await changeRecipient(tx, wsv.id, last.id, { pausedUntil: '2034-01-01' }, GONE_AT);
    });
    await auditNow({ store, secret: SETTINGS.secret }, at('06-10T10:00'));
    expect(await events()).toEqual(before);
    await auditNow({ store, secret: SETTINGS.secret }, at('06-11T10:00'));
    expect((await events()).filter(({ title }) => title === NOTICE)).toHaveLength(1);
    await app.close();
  });

  it('it says so too where that was chosen in an older release, which noted nothing', async () => {
    const store = await fresh();
    const { app, events, last } = await withChoice(store);
    const { recipients } = store.read.tables;
    await store.write((tx) =>
      tx
        .update(recipients)
        .set({ declined: ['reminder'] })
        .where(eq(recipients.id, last.id)),
    );
    await auditNow({ store, secret: SETTINGS.secret }, GONE_AT);
    expect((await events()).filter(({ title }) => title === NOTICE)).toHaveLength(1);
    await app.close();
  });

  it('who leaves while another one is paused for years is not told that it was the last', async () => {
    const store = await fresh();
    const { app, last, wsv } = await withChoice(store);
    const other = await addConfirmed(store, wsv.id, BEFORE, { email: 'other@example.org' });
    await store.write((tx) => changeRecipient(tx, wsv.id, other.id, { pausedUntil: '2034-01-01' }, BEFORE));
    const url = `/unsubscribe/${signLink(SETTINGS.secret, 'unsubscribe', last.id)}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { body } = await app.inject({ method: 'POST', url, headers, payload: 'List-Unsubscribe=One-Click' });
    expect(body).toContain('krijgt geen mails meer voor WSV De Wijk');
    expect(body).not.toContain('U was de laatste');
    await app.close();
  });

  it('who never had one that confirmed is told nothing in its feed', async () => {
    const store = await fresh();
    const { wsv } = await castIn(store);
    const { token } = await store.write((tx) => createFeed(tx, wsv.id, { label: 'Agenda' }, BEFORE));
    const { app } = await appFor(store, { clock: () => GONE_AT });
    const { id } = await store.write((tx) =>
      addRecipient(tx, wsv.id, { email: 'never@example.org', leadDays: [14], digest: 'daily' }, BEFORE),
    );
    await store.write((tx) => changeRecipient(tx, wsv.id, id, { pausedUntil: '2034-01-01' }, BEFORE));
    await store.write((tx) => removeRecipient(tx, wsv.id, id, GONE_AT));
    const titles = readCalendar((await app.inject({ url: `/feeds/${token}.ics` })).rawPayload).events.map(({ title }) => title);
    expect(titles).not.toContain(NOTICE);
  });
});

/** A WSV with one recipient that confirmed, below an RO with two, and its feed. */
async function withChoice(store: Store) {
  const { ro, wsv } = await castIn(store);
  for (const name of ['ro1', 'ro2']) await addConfirmed(store, ro.id, BEFORE, { email: `${name}@example.org` });
  const last = await addConfirmed(store, wsv.id, BEFORE, { email: 'last@example.org' });
  await mailsAt(store, BEFORE);
  const { token } = await store.write((tx) => createFeed(tx, wsv.id, { label: 'Agenda' }, BEFORE));
  const { app } = await appFor(store, { secret: SETTINGS.secret, clock: () => GONE_AT });
  const events = async () => readCalendar((await app.inject({ url: `/feeds/${token}.ics` })).rawPayload).events;
  return { app, events, last, wsv };
}
