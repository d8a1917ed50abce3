/** News that goes along with the mail of a day, and reminders that wait for the news of their own deadline. */
import { expect, it } from 'vitest';
import { writeDay } from '../../../calendars/days.ts';
import { amendDeadline } from '../../../db/registry/amending.ts';
import type { Store } from '../../../db/store/store.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import { planNow } from '../../../jobs/plan.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { mailsAt } from '../../helpers/mailbox.ts';
import { at, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const CONFIRMED = at('05-01T12:00');

/** A plan for 1 October, accounts for 2 December and somebody who is reminded 14 days ahead and on the day. */
async function withReader(store: Store) {
  const { ro } = await castIn(store);
  const [plan, accounts] = await store.write(async (tx) => [
    await addDeadline(tx),
    await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen', rule: { kind: 'fixed', on: '2024-12-02' } }),
  ]);
  await addConfirmed(store, ro.id, CONFIRMED, { leadDays: [14, 0] });
  const move = (id: string, on: string, now: Date, baseRevision = 1) => {
    const sources = [{ document: 'Beleid 2025, versie 2', section: null, quote: `uiterlijk ${writeDay(on, 'nl')}`, url: null }];
    const change = { baseRevision, reason: 'Uitstel.', rule: { kind: 'fixed' as const, on }, sources };
    return store.write((tx) => amendDeadline(tx, id, change, now));
  };
  return { plan, accounts, move };
}

/** What each mail of a moment holds: "herinnering jaarplan", "nieuws verantwoording". */
async function toldAt(store: Store, now: Date): Promise<string[][]> {
  const texts = (await mailsAt(store, now)).map(({ text }) => text!.replace(/== (Daarna komt|Over deze mail) ==[^]*/, ''));
  return texts.map((text) =>
    [...text.matchAll(/^== (Verschoven: )?(\w+) .*==$/gm)]
      // Above news in a mail of reminders: "Dit is nieuw of gewijzigd".
      .filter(([, , what]) => what !== 'Dit')
      .map(([, news, what]) => `${news ? 'nieuws' : 'herinnering'} ${what!.toLowerCase()}`)
      .sort(),
  );
}

onBothDialects('a mail of the day', (fresh) => {
  it('takes news along that would wait for the morning, once its ten minutes are over', async () => {
    const store = await fresh();
    const { accounts, move } = await withReader(store);
    await planNow({ store }, at('09-17T06:00'));
    // Before work, with a reminder that leaves at 07:30 and could not leave before.
    await move(accounts.id, '2024-12-09', at('09-16T20:00'));
    expect(await toldAt(store, at('09-17T07:29'))).toEqual([]);
    expect(await toldAt(store, at('09-17T07:30'))).toEqual([['herinnering jaarplan', 'nieuws verantwoording']]);
  });

  it('that leaves in the evening takes it along too, and leaves without what is not ready', async () => {
    const store = await fresh();
    const { accounts, move } = await withReader(store);
    // Nothing could be sent before.
    await planReminders(store, at('09-17T06:00'));
    await move(accounts.id, '2024-12-09', at('09-17T21:00'));
    const second = await store.write((tx) => addDeadline(tx, { activity: 'regional_plan' }, { title: 'Regioplan indienen' }));
    await planNow({ store }, at('09-17T21:00'));
    expect(await toldAt(store, at('09-17T21:09'))).toEqual([['herinnering jaarplan', 'herinnering regioplan']]);
    expect(second.title).toBe('Regioplan indienen');
    expect(await toldAt(store, at('09-17T21:10'))).toEqual([]);
    expect(await toldAt(store, at('09-18T07:30'))).toEqual([['nieuws verantwoording']]);
  });

  it('that leaves in the evening takes news along that is ready', async () => {
    const store = await fresh();
    const { accounts, move } = await withReader(store);
    await planReminders(store, at('09-17T06:00'));
    await move(accounts.id, '2024-12-09', at('09-17T21:00'));
    expect(await toldAt(store, at('09-17T21:10'))).toEqual([['herinnering jaarplan', 'nieuws verantwoording']]);
    expect(await toldAt(store, at('09-18T07:30'))).toEqual([]);
  });
});

onBothDialects('a reminder of a day that moved', (fresh) => {
  it('waits for its news, no longer than the ten minutes of that, and leaves with it', async () => {
    const store = await fresh();
    const { plan, move } = await withReader(store);
    await move(plan.id, '2024-10-02', at('09-18T07:25'));
    expect(await toldAt(store, at('09-18T07:30'))).toEqual([]);
    expect(await toldAt(store, at('09-18T07:34'))).toEqual([]);
    expect(await toldAt(store, at('09-18T07:35'))).toEqual([['herinnering jaarplan', 'nieuws jaarplan']]);
    expect(await remindersIn(store)).toContainEqual(['2024-10-02', 14, 'sent', null]);
  });

  it('takes its news along at night, when that would wait for the morning', async () => {
    const store = await fresh();
    const { plan, move } = await withReader(store);
    await move(plan.id, '2024-10-03', at('09-19T21:00'));
    expect(await toldAt(store, at('09-19T21:09'))).toEqual([]);
    expect(await toldAt(store, at('09-19T21:10'))).toEqual([['herinnering jaarplan', 'nieuws jaarplan']]);
    expect(await toldAt(store, at('09-20T07:30'))).toEqual([]);
  });

  it('waits too where its news is not queued yet, and then leaves with it', async () => {
    const store = await fresh();
    const { plan, move } = await withReader(store);
    const mailer = keepingMailer();
    await move(plan.id, '2024-10-02', at('09-18T08:00'));
    // Planned in the change itself; sent by a round that had announced before.
    await planReminders(store, at('09-18T08:00'));
    await sendDue({ store, mailer, settings: SETTINGS }, at('09-18T08:01'));
    expect(mailer.taken).toEqual([]);
    expect(await toldAt(store, at('09-18T08:10'))).toEqual([['herinnering jaarplan', 'nieuws jaarplan']]);
  });

  it('holds up no mail of another deadline', async () => {
    const store = await fresh();
    const { accounts, move } = await withReader(store);
    await move(accounts.id, '2024-12-09', at('09-17T07:25'));
    expect(await toldAt(store, at('09-17T07:30'))).toEqual([['herinnering jaarplan']]);
    expect(await toldAt(store, at('09-17T07:35'))).toEqual([['nieuws verantwoording']]);
  });

  it('waits for it on the working day on which an insurer’s own act is told, though its day itself is over', async () => {
    const store = await fresh();
    const { move } = await withReader(store);
    const duty = { actors: ['insurer' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    const policy = await store.write((tx) =>
      addDeadline(tx, { activity: 'publication' }, { title: 'Publicatie', rule: { kind: 'fixed', on: '2024-09-13' }, duty }),
    );
    // A Sunday, told on the Monday after it.
    await move(policy.id, '2024-09-15', at('09-16T07:25'));
    expect(await toldAt(store, at('09-16T07:30'))).toEqual([]);
    expect(await toldAt(store, at('09-16T07:35'))).toEqual([['herinnering publicatie', 'nieuws publicatie']]);
  });

  it('does not wait where its day would be over', async () => {
    const store = await fresh();
    const { plan, move } = await withReader(store);
    await move(plan.id, '2024-09-10', at('09-10T23:55'));
    expect(await toldAt(store, at('09-10T23:55'))).toEqual([['herinnering jaarplan']]);
    expect(await toldAt(store, at('09-11T00:05'))).toEqual([['nieuws jaarplan']]);
    expect(await remindersIn(store)).toContainEqual(['2024-09-10', 0, 'sent', null]);
  });
});
