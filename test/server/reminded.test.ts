/** Whether anybody is reminded, and why nobody is: of real recipients, as the API and the operator's summary tell. */
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { declineQuestions } from '../../db/recipients/declines.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { chooseKind } from '../../db/recipients/preferences.ts';
import { addRecipient, changeRecipient, removeRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import { markUndeliverable } from '../../db/recipients/undeliverable.ts';
import { noteDead } from '../../db/messages/unaskable.ts';
import { digestsOf } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { tellOperator } from '../../jobs/watch.ts';
import { appFor, EDITOR_KEY } from '../helpers/app.ts';
import { addInsurer, addOrganisation } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const NOW = at('06-03T10:00');
const { secret } = SETTINGS;
const FAULT = '550 5.1.1 no such user';

type Arrange = (store: Store, organisationId: string, email: (name: string) => string) => Promise<unknown>;

const ask = (store: Store, id: string, email: string) =>
  store.write((tx) => addRecipient(tx, id, { email, leadDays: [14], digest: 'daily' }, NOW));
const pausedUntil =
  (day: string): Arrange =>
  async (store, id, email) => {
    const recipient = await addConfirmed(store, id, NOW, { email: email('paused') });
    await store.write((tx) => changeRecipient(tx, id, recipient.id, { pausedUntil: day }, NOW));
  };
const decline: Arrange = async (store, id, email) => {
  await ask(store, id, email('asked'));
  const { mailbox } = digestsOf(secret, email('asked'));
  await store.write((tx) => declineQuestions(tx, { organisationId: id, mailbox }, secret, NOW));
};
const declineReminders: Arrange = async (store, id, email) => {
  const { id: recipientId } = await addConfirmed(store, id, NOW, { email: email('unwilling') });
  await store.write((tx) => chooseKind(tx, recipientId, 'reminder', false, NOW));
};
const leave: Arrange = async (store, id, email) => {
  const { id: recipientId } = await addConfirmed(store, id, NOW, { email: email('left') });
  await store.write((tx) => unsubscribeRecipient(tx, recipientId, NOW));
};
const die: Arrange = async (store, id, email) => {
  await addConfirmed(store, id, NOW, { email: email('dead') });
  await store.write((tx) => markUndeliverable(tx, email('dead'), FAULT, NOW));
};

/** What is so of an organisation, with the reason, and what the operator reads of it; null where somebody is reminded. */
const CASES: [what: string, arrange: Arrange, reason: string | null, line: string | null][] = [
  ['has no recipients', async () => {}, 'no_recipients', 'no recipients'],
  [
    'lost its recipients',
    async (store, id, email) => {
      const { id: recipientId } = await addConfirmed(store, id, NOW, { email: email('gone') });
      await store.write((tx) => removeRecipient(tx, id, recipientId, NOW));
    },
    'no_recipients',
    `no recipients, since ${NOW.toISOString()}`,
  ],
  [
    'never had an answer',
    async (store, id, email) => {
      for (const name of ['one', 'two']) await ask(store, id, email(name));
    },
    'never_confirmed',
    '2 never confirmed',
  ],
  ['was told not to ask', decline, 'declined', '1 declined'],
  ['has one that wants no reminders', declineReminders, 'declined', `1 declined, since ${NOW.toISOString()}`],
  [
    'has both of these',
    async (...all) => {
      await decline(...all);
      await declineReminders(...all);
    },
    'declined',
    `2 declined, since ${NOW.toISOString()}`,
  ],
  ['has one that left', leave, 'unsubscribed', `1 unsubscribed, since ${NOW.toISOString()}`],
  ['has one that is not reached', die, 'undeliverable', `1 undeliverable, since ${NOW.toISOString()}`],
  [
    'asks one that does not exist',
    async (store, id, email) => {
      await ask(store, id, email('nobody'));
      await store.write((tx) => noteDead(tx, digestsOf(secret, email('nobody')), FAULT, NOW));
    },
    'undeliverable',
    '1 undeliverable',
  ],
  [
    'has one that is paused for a year and two days',
    pausedUntil('2025-06-05'),
    'paused',
    `1 paused for more than a year, since ${NOW.toISOString()}`,
  ],
  ['has one that is paused for a year', pausedUntil('2025-06-03'), null, null],
  [
    'has a deputy for the one that is paused for years',
    async (store, id, email) => {
      const recipient = await addConfirmed(store, id, NOW, { email: email('principal') });
      const deputy = { email: email('ward'), until: '2024-12-31' };
      await store.write((tx) => changeRecipient(tx, id, recipient.id, { pausedUntil: '2034-01-01', deputy }, NOW));
      await store.write((tx) => confirmDeputy(tx, recipient.id, deputy.email, NOW));
    },
    null,
    null,
  ],
  [
    'has one for each reason',
    async (store, id, email) => {
      for (const arrange of [leave, die, decline, declineReminders, pausedUntil('2034-01-01')]) await arrange(store, id, email);
      await ask(store, id, email('one'));
    },
    'various',
    `1 never confirmed, 2 declined, 1 unsubscribed, 1 undeliverable, 1 paused for more than a year, since ${NOW.toISOString()}`,
  ],
  [
    'has one that is reminded beside all of these',
    async (store, id, email) => {
      for (const arrange of [leave, die, decline, declineReminders]) await arrange(store, id, email);
      await addConfirmed(store, id, NOW, { email: email('reader') });
    },
    null,
    null,
  ],
];

onBothDialects('an organisation', (fresh) => {
  it('is told who reminds it, or why nobody does, and so is the operator', async () => {
    const store = await fresh();
    await store.write((tx) => addInsurer(tx, 'noord'));
    const { call } = await appFor(store, { secret, clock: () => NOW });
    const lines: string[] = [];
    for (const [n, [what, arrange, reason, line]] of CASES.entries()) {
      const { id, key } = await store.write((tx) => addOrganisation(tx, { name: what }, NOW));
      await arrange(store, id, (name) => `${name}${n}@example.org`);
      const { body } = await call('GET', `organisations/${id}`, { key });
      expect(body.reminded, what).toEqual({ by: reason === null ? 'email' : 'nobody', reason });
      if (line !== null) lines.push(`- ${what}: ${line}`);
    }
    const mailer = keepingMailer();
    const morning = at('06-04T08:30');
    await tellOperator({ store, secret }, 'beheer@example.org', morning);
    await sendDue({ store, mailer, settings: SETTINGS }, morning);
    const summary = mailer.taken.find(({ to }) => to[0] === 'beheer@example.org')!;
    const told = (await PostalMime.parse(summary.raw)).text!.trim().split('\n');
    const heading = told.indexOf(`Organisations that nobody is reminded for: ${lines.length}.`);
    expect(told.slice(heading + 1).sort()).toEqual(lines.sort());
  });

  it('that is new has nobody, and says so at once', async () => {
    const store = await fresh();
    const { call } = await appFor(store);
    const made = await call('POST', 'organisations', { key: EDITOR_KEY, body: { name: 'Nieuw', roles: ['practice'] } });
    expect(made.body.reminded).toEqual({ by: 'nobody', reason: 'no_recipients' });
    const changed = await call('PATCH', `organisations/${made.body.id}`, { key: made.body.key, body: { name: 'Anders' } });
    expect(changed.body).toMatchObject({ name: 'Anders', reminded: { by: 'nobody', reason: 'no_recipients' } });
  });
});
