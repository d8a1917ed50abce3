import { expect, it } from 'vitest';
import { complete } from '../../../db/organisations/completions.ts';
import { listMessages } from '../../../db/messages/message-records.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import type { Store } from '../../../db/store/store.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { at, reminderMailsIn, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

/** Everything was planned up to Friday the 13th; one deadline is on the Thursday after, one later. */
async function stoppedOnFriday(store: Store) {
  const cast = await castIn(store);
  const [passes, stays] = await store.write(async (tx) => [
    await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-19' } }),
    await addDeadline(tx, { activity: 'accounts' }, { rule: { kind: 'fixed', on: '2024-09-30' }, title: 'Jaarverantwoording aanleveren' }),
  ]);
  await addConfirmed(store, cast.ro.id, at('08-01T12:00'), { leadDays: [14, 3, 0] });
  await planReminders(store, at('09-05T08:00'));
  await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, at('09-05T08:00'));
  await planReminders(store, at('09-13T08:00'));
  return { ...cast, passes, stays };
}

onBothDialects('a stop of many days', (fresh) => {
  it('is caught up with one mail for what is still open; what passed is not mailed, but on record', async () => {
    const store = await fresh();
    const { ro } = await stoppedOnFriday(store);
    const back = at('09-23T09:00');
    expect(await planReminders(store, back)).toEqual({ planned: 1, cancelled: 0, missed: 2 });
    const mailer = keepingMailer();
    await sendDue({ store, mailer, settings: SETTINGS }, back);
    expect(mailer.taken.map(({ raw }) => /^Subject: (.*)$/m.exec(raw.toString())?.[1])).toEqual([expect.stringContaining('Over 7 dagen')]);
    expect(await remindersIn(store)).toEqual([
      ['2024-09-19', 0, 'cancelled', 'passed'],
      ['2024-09-19', 3, 'cancelled', 'passed'],
      ['2024-09-19', 14, 'sent', null],
      ['2024-09-30', 14, 'sent', null],
    ]);
    const { items } = await listMessages(store.read, ro.id, { page: 1, pageSize: 10 });
    const missed = items.filter(({ reason }) => reason === 'passed');
    expect(
      missed.map(({ dueAt, state, deadlines }) => [dueAt, state, deadlines.map(({ lastSafeOn, leadDays }) => [lastSafeOn, leadDays])]),
    ).toEqual(
      expect.arrayContaining([
        [at('09-16T07:30'), 'cancelled', [['2024-09-19', 3]]],
        [at('09-19T07:30'), 'cancelled', [['2024-09-19', 0]]],
      ]),
    );
    expect(missed).toHaveLength(2);
    expect(await planReminders(store, at('09-26T09:00'))).toEqual({ planned: 0, cancelled: 0 });
    // What one mail is sent for says so of the reminders that it came too late for.
    await planReminders(store, at('09-30T09:00'));
    await sendDue({ store, mailer, settings: SETTINGS }, at('09-30T09:00'));
    const [last] = (await listMessages(store.read, ro.id, { page: 1, pageSize: 1 })).items;
    expect([last!.state, last!.deadlines.map(({ leadDays, reason }) => [leadDays, reason])]).toEqual([
      'sent',
      [
        [0, null],
        [3, 'merged'],
      ],
    ]);
  });

  it('puts nothing on record of what was done meanwhile', async () => {
    const store = await fresh();
    const { ro, passes } = await stoppedOnFriday(store);
    await store.write((tx) => complete(tx, ro.id, passes.id, { completedOn: '2024-09-12', by: 'A', evidence: null }, at('09-13T09:00')));
    expect(await planReminders(store, at('09-23T09:00'))).toEqual({ planned: 1, cancelled: 0 });
    expect((await reminderMailsIn(store)).filter(([, state]) => state === 'cancelled')).toEqual([]);
  });
});

onBothDialects('the record of a mail', (fresh) => {
  it('tells apart what it says and what was left out of it, and why', async () => {
    const store = await fresh();
    const { ro, passes, stays } = await stoppedOnFriday(store);
    const day = at('09-16T07:30');
    await store.write((tx) =>
      addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'fixed', on: '2024-09-19' }, title: 'Ondertekenen' }),
    );
    await planReminders(store, at('09-16T05:00'));
    await store.write((tx) => complete(tx, ro.id, passes.id, { completedOn: '2024-09-16', by: 'A', evidence: null }, at('09-16T06:00')));
    await planReminders(store, at('09-16T06:00'));
    await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, day);
    const { items } = await listMessages(store.read, ro.id, { page: 1, pageSize: 10 });
    const [sent] = items.filter(({ sentAt }) => sentAt?.getTime() === day.getTime());
    expect(sent!.deadlines.map(({ title, leadDays, reason }) => [title, leadDays, reason]).sort()).toEqual([
      ['Jaarplan met begroting indienen', 3, 'completed'],
      ['Jaarverantwoording aanleveren', 14, null],
      ['Ondertekenen', 14, 'merged'],
      ['Ondertekenen', 3, null],
    ]);
    expect(stays.title).toBe('Jaarverantwoording aanleveren');
  });
});
