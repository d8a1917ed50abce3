/** Mails to people on their way: first in line, never late, shown to nobody, and empty once they are settled. */
import { expect, it } from 'vitest';
import { listDeadLetters } from '../../db/messages/dead-letters.ts';
import { endHold, holdMail } from '../../db/messages/hold.ts';
import { queueMessage } from '../../db/messages/messages.ts';
import { listMessages } from '../../db/messages/message-records.ts';
import { audienceOf, queuePersonalMail, type Audience } from '../../db/messages/personal-mails.ts';
import { inviteMember } from '../../db/people/invitations.ts';
import { askSignIn } from '../../db/people/sign-ins.ts';
import { PERSONAL_KINDS, type Recipient } from '../../db/schema/schema.ts';
import { claimMessages, dueMessages } from '../../db/sending/claims.ts';
import { markLeaving } from '../../db/sending/attempts.ts';
import { readDraftFacts } from '../../db/sending/composing-facts.ts';
import { stampFrom } from '../../db/sending/composing-facts.ts';
import { reviewPersonalMail } from '../../db/people/outgoing.ts';
import { asc, inArray } from '../../db/store/drizzle.ts';
import type { Store } from '../../db/store/store.ts';
import { watchForgetting } from '../../jobs/removing/forgetting.ts';
import { composeMail } from '../../jobs/mails/compose.ts';
import { rehearse } from '../../jobs/rehearsal.ts';
import { listHeld } from '../../jobs/sending/held-mail.ts';
import { sendDue, type SendResult } from '../../jobs/sending/send.ts';
import { MailError, type Mailer } from '../../jobs/transport/mailer.ts';
import { castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, ME, SETTINGS } from '../helpers/mail.ts';
import { FIREFOX, memberOf } from '../helpers/people.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const { secret } = SETTINGS;
const ANNA = 'anna@ro.example';
const NOON = at('09-02T12:00');
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);

onBothDialects('a mail to a person', (fresh) => {
  const begin = async () => {
    const store = await fresh();
    const cast = await castIn(store);
    await memberOf(store, cast.ro.id, ANNA, NOON);
    const ask = (now = NOON, email = ANNA) => store.write((tx) => askSignIn(tx, { email, language: 'nl', browser: FIREFOX }, secret, now));
    return { store, ask, ...cast };
  };
  const rowsOf = async ({ read }: Store) => {
    const { messages } = read.tables;
    const rows = await read
      .select()
      .from(messages)
      .where(inArray(messages.kind, [...PERSONAL_KINDS]))
      .orderBy(asc(messages.createdAt));
    return rows.map(({ content, kind, raw, reason, state }) => ({ kind, state, reason, isEmpty: content === null && raw === null }));
  };
  const send = async (store: Store, now: Date, mailer: Mailer = keepingMailer()) => sendDue({ store, mailer, settings: SETTINGS }, now);
  const answering = (error: MailError): Mailer => ({
    ...keepingMailer(),
    async send() {
      throw error;
    },
  });

  it('leaves before all that waited longer', async () => {
    const { store, ask, ro } = await begin();
    const recipients: Recipient[] = [];
    for (const n of [1, 2, 3]) recipients.push(await addConfirmed(store, ro.id, NOON, { email: `r${n}@example.org` }));
    await store.write(async (tx) => {
      for (const recipient of recipients) await queueMessage(tx, recipient, 'welcome', NOON);
    });
    await ask(later(1));
    const mailer = keepingMailer();
    const counted: string[] = [];
    const report = ({ kind }: SendResult, audience: Audience) => void counted.push(`${kind} to ${audience}`);
    await sendDue({ store, mailer, settings: SETTINGS, lanes: 1, report }, later(2));
    const order = mailer.taken.map(({ to }) => to[0]);
    // Counted apart: an organisation's figures say nothing of who signs in.
    expect(counted).toEqual(['sent to person', ...Array.from({ length: 3 }, () => 'sent to organisation')]);
    expect(audienceOf({ kind: 'operator' })).toBe('operator');
    expect([order[0], order.slice(1).sort()]).toEqual([ANNA, ['r1@example.org', 'r2@example.org', 'r3@example.org']]);
  });

  it('is empty once it was sent, and stands in no list', async () => {
    const { store, ask, ro } = await begin();
    await ask();
    await ask(NOON, 'nobody@ro.example');
    expect((await rowsOf(store)).map(({ isEmpty }) => isEmpty)).toEqual([false, false]);
    expect(await rehearse(store, secret, NOON)).toEqual([]);
    await send(store, NOON);
    expect((await rowsOf(store)).map(({ isEmpty, state }) => [state, isEmpty])).toEqual([
      ['sent', true],
      ['sent', true],
    ]);
    expect(await listMessages(store.read, ro.id, { page: 1, pageSize: 20 })).toEqual({ items: [], total: 0 });
  });

  it('is not sent after its fifteen minutes, and is emptied then though no sender comes by', async () => {
    const { store, ask } = await begin();
    await ask();
    const mailer = keepingMailer();
    await send(store, later(15), mailer);
    expect([mailer.taken, await rowsOf(store)]).toEqual([[], [{ kind: 'sign_in', state: 'cancelled', reason: 'passed', isEmpty: true }]]);
    await ask(later(20));
    const forgetting = watchForgetting(store);
    await forgetting.check(later(34));
    expect((await rowsOf(store))[1]).toMatchObject({ state: 'pending', isEmpty: false });
    await forgetting.check(later(35));
    expect((await rowsOf(store))[1]).toEqual({ kind: 'sign_in', state: 'cancelled', reason: 'passed', isEmpty: true });
  });

  it('is stopped at the last moment where the server was slow until then', async () => {
    const { store, ask } = await begin();
    await ask();
    const [message] = await dueMessages(store.read, NOON, 1);
    const stamp = stampFrom(await readDraftFacts(store.read, [message!]), message!, NOON);
    const review = { stamp, dropped: [], ...(await reviewPersonalMail(store.read, message!, { now: NOON, secret })) };
    const mail = composeMail(message!, review.draft!, SETTINGS, NOON);
    const [claim] = await store.write((tx) => claimMessages(tx, [{ message: message!, review, mail }], { ...ME, now: NOON }));
    expect(await store.write((tx) => markLeaving(tx, claim!, later(15)))).toBe(false);
    expect(await store.write((tx) => markLeaving(tx, claim!, later(14)))).toBe(true);
  });

  it('that nobody answered for is not sent again once it is over', async () => {
    const { store, ask } = await begin();
    await ask();
    await send(store, NOON, {
      ...keepingMailer(),
      send: async (_, __, { leaving } = {}) => {
        await leaving?.();
        throw new MailError({ kind: 'uncertain', code: null, response: 'hung up' });
      },
    });
    expect(await rowsOf(store)).toMatchObject([{ state: 'sending', isEmpty: false }]);
    const mailer = keepingMailer();
    await send(store, later(16), mailer);
    expect([mailer.taken, await rowsOf(store)]).toEqual([[], [{ kind: 'sign_in', state: 'cancelled', reason: 'passed', isEmpty: true }]]);
  });

  it('to an address that does not exist is settled, and waits for no person', async () => {
    const { store, ask } = await begin();
    await ask(NOON, 'nobody@ro.example');
    await send(store, NOON, answering(new MailError({ kind: 'undeliverable', code: 550, response: '550 5.1.1 unknown' })));
    expect(await rowsOf(store)).toEqual([{ kind: 'no_account', state: 'cancelled', reason: 'undeliverable', isEmpty: true }]);
    expect((await listDeadLetters(store.read, { page: 1, pageSize: 20 })).total).toBe(0);
    // Whose mail server knows no such address is asked nothing more.
    await store.write((tx) => queuePersonalMail(tx, { kind: 'enrolment', to: 'nobody@ro.example', language: 'nl', token: 'x' }, later(1)));
    const mailer = keepingMailer();
    await send(store, later(1), mailer);
    expect(mailer.taken).toEqual([]);
  });

  it('leaves while mail is held where somebody waits for it, and what was asked before is over by the end of the hold', async () => {
    const { store, ask, ro } = await begin();
    await ask();
    const hold = { since: later(1), from: later(1), why: 'a restore', by: 'restore', doubt: null };
    await store.write((tx) => holdMail(tx, hold));
    await store.write((tx) => inviteMember(tx, ro.id, { email: 'b@ro.example', role: 'reader', invitedById: null }, secret, later(2)));
    await ask(later(3));
    expect((await listHeld(store, hold, later(3))).map(({ kind }) => kind)).toEqual(['member_invitation']);
    const mailer = keepingMailer();
    await send(store, later(4), mailer);
    expect(mailer.taken.map(({ to }) => to[0])).toEqual([ANNA]);
    await watchForgetting(store).check(later(20));
    expect((await rowsOf(store)).map(({ isEmpty, state }) => [state, isEmpty])).toEqual([
      ['cancelled', true],
      ['pending', false],
      ['sent', true],
    ]);
    await store.write(endHold);
    await send(store, later(21), mailer);
    expect(mailer.taken.map(({ to }) => to[0])).toEqual([ANNA, 'b@ro.example']);
  });

  it('is gone after a day where it was about a sign-in, with the sign-in itself', async () => {
    const { store, ask } = await begin();
    await ask();
    await send(store, NOON);
    const forgetting = watchForgetting(store);
    await forgetting.check(later(24 * 60));
    const { formerMails, signIns } = store.read.tables;
    expect([(await rowsOf(store)).length, await store.read.$count(signIns)]).toEqual([1, 1]);
    await forgetting.check(later(25 * 60));
    expect([(await rowsOf(store)).length, await store.read.$count(signIns)]).toEqual([0, 0]);
    // Whatever folder the mail was written to loses it too.
    expect(await store.read.$count(formerMails)).toBe(1);
  });
});
