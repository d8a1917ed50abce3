/** The dry run: everything that would be sent, to whom it would go, and nothing changed by asking. */
import { expect, it } from 'vitest';
import { amendDeadline } from '../../db/registry/amending.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { addRecipient, changeRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { rehearse } from '../../jobs/rehearsal.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const BEFORE = at('05-01T12:00');
const ON = at('09-25T07:30');
const SIGN = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };

/** All rows of all tables, to see that nothing changed. */
async function everything(store: Store) {
  const rows = [];
  for (const table of Object.values(store.read.tables)) rows.push(await store.read.select().from(table));
  return rows;
}

/** A day on which there is something of every kind: a reminder, a change, an escalation, a question, and a later send hour. */
async function eventfulDay(store: Store) {
  const { ro, wsv } = await castIn(store);
  const [plan] = await store.write(async (tx) => [
    await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-10-09' } }),
    await addDeadline(tx, { activity: 'signing' }, { title: 'Ondertekenen', duty: SIGN, rule: { kind: 'fixed', on: '2024-09-30' } }),
    await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen' }),
  ]);
  const first = await addConfirmed(store, ro.id, BEFORE, { email: 'first@example.org', leadDays: [14] });
  await addConfirmed(store, ro.id, BEFORE, { email: 'second@example.org', leadDays: [14], sendHour: '18:00' });
  await addConfirmed(store, wsv.id, BEFORE, { email: 'wsv@example.org', leadDays: [300] });
  await store.write((tx) => changeRecipient(tx, ro.id, first.id, { deputy: { email: 'ward@example.org', until: '2024-12-31' } }, BEFORE));
  await mailsAt(store, BEFORE);
  await store.write((tx) => confirmDeputy(tx, first.id, 'ward@example.org', BEFORE));
  await mailsAt(store, at('09-20T19:00'));
  const sources = [{ document: 'Beleid 2025, versie 2', section: null, quote: '10 oktober 2024', url: null }];
  const amendment = { baseRevision: 1, reason: 'Uitstel.', rule: { kind: 'fixed' as const, on: '2024-10-09' }, sources };
  await store.write((tx) => amendDeadline(tx, plan.id, { ...amendment, boundary: 'before' }, at('09-25T07:20')));
  await store.write((tx) => addRecipient(tx, wsv.id, { email: 'new@example.org', leadDays: [14], digest: 'daily' }, at('09-25T07:25')));
}

onBothDialects('a rehearsal', (fresh) => {
  it('names every mail of the day with whom it would go to, and changes nothing', async () => {
    const store = await fresh();
    await eventfulDay(store);
    const before = await everything(store);
    const mails = await rehearse(store, SETTINGS.secret, ON);
    const named = mails.map(({ message, draft }) => {
      const about = [
        ...draft.due.map(({ item }) => item.deadline),
        ...draft.changes.map(({ after }) => after),
        ...draft.undone.map(({ item }) => item.deadline),
      ];
      return [
        draft.to,
        draft.recipient.email,
        message.kind,
        message.dueAt.toISOString().slice(11, 16),
        about.map(({ activity }) => activity),
      ];
    });
    expect(named).toEqual([
      ['ward@example.org', 'first@example.org', 'reminder', '05:30', ['annual_plan', 'annual_plan', 'signing']],
      ['second@example.org', 'second@example.org', 'change', '05:30', ['annual_plan']],
      ['second@example.org', 'second@example.org', 'reminder', '16:00', ['annual_plan', 'signing']],
      ['new@example.org', 'new@example.org', 'confirmation', '05:25', []],
      ['wsv@example.org', 'wsv@example.org', 'change', '05:30', ['annual_plan']],
    ]);
    expect(await everything(store)).toEqual(before);
    // And so it comes to pass, by the end of the day.
    const sent = [...(await mailsAt(store, ON)), ...(await mailsAt(store, at('09-25T18:00')))];
    expect(sent.map((mail) => mail.for).toSorted()).toEqual(named.map(([to]) => to).toSorted());
  });

  it('fails as planning would, and leaves the store open to others', async () => {
    const store = await fresh();
    await eventfulDay(store);
    await expect(rehearse(store, SETTINGS.secret, new Date(Number.NaN))).rejects.toThrow();
    expect(await rehearse(store, SETTINGS.secret, ON)).toHaveLength(5);
  });
});
