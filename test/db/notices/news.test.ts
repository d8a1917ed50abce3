/** When news leaves, as people find it in their mailboxes. */
import { expect, it } from 'vitest';
import { writeDay } from '../../../calendars/days.ts';
import { confirmDeputy, endDeputy } from '../../../db/recipients/deputies.ts';
import { changeRecipient } from '../../../db/recipients/recipients.ts';
import { markUndeliverable } from '../../../db/recipients/undeliverable.ts';
import { amendDeadline } from '../../../db/registry/amending.ts';
import { eq } from '../../../db/store/drizzle.ts';
import type { Store } from '../../../db/store/store.ts';
import { planNow } from '../../../jobs/plan.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed } from '../../helpers/mail.ts';
import { mailsAt } from '../../helpers/mailbox.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const CONFIRMED = at('05-01T12:00');
/** A Friday evening, after work. */
const EVENING = at('06-07T19:30');

/** An annual plan for 1 October and accounts for 2 December, with somebody who wants to hear of changes alone. */
async function withReader(store: Store, leadDays: number[] = []) {
  const { ro } = await castIn(store);
  const [plan, accounts] = await store.write(async (tx) => [
    await addDeadline(tx),
    await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen', rule: { kind: 'fixed', on: '2024-12-02' } }),
  ]);
  const reader = await addConfirmed(store, ro.id, CONFIRMED, { leadDays });
  const move = (id: string, on: string, now: Date, baseRevision = 1) => {
    const sources = [{ document: 'Beleid 2025, versie 2', section: null, quote: `uiterlijk ${writeDay(on, 'nl')}`, url: null }];
    const change = { baseRevision, reason: 'Uitstel.', rule: { kind: 'fixed' as const, on }, sources };
    return store.write((tx) => amendDeadline(tx, id, change, now));
  };
  return { ro, plan, accounts, reader, move };
}

/** Which of the two the mails of a moment tell of, mail by mail. */
async function toldAt(store: Store, now: Date): Promise<string[][]> {
  const texts = (await mailsAt(store, now)).map(({ text }) => text!);
  return texts.map((text) => ['jaarplan', 'verantwoording'].filter((one) => text.includes(`: ${one} `)));
}

onBothDialects('news', (fresh) => {
  it('of the evening comes with the mail of the next working day, and what joins it meanwhile too', async () => {
    const store = await fresh();
    const { plan, accounts, move } = await withReader(store);
    await move(plan.id, '2024-10-08', EVENING);
    expect(await toldAt(store, at('06-07T19:40'))).toEqual([]);
    await move(accounts.id, '2024-12-09', at('06-09T12:00'));
    expect(await toldAt(store, at('06-10T07:29'))).toEqual([]);
    expect(await toldAt(store, at('06-10T07:30'))).toEqual([['jaarplan', 'verantwoording']]);
  });

  it.each(['2024-06-10', '2024-06-11'])('of a day that is near comes after ten minutes, with all that waits: %s', async (near) => {
    const store = await fresh();
    const { plan, accounts, move } = await withReader(store);
    await move(accounts.id, '2024-12-09', EVENING);
    await planNow({ store }, EVENING);
    await move(plan.id, near, at('06-08T23:00'));
    expect(await toldAt(store, at('06-08T23:09'))).toEqual([]);
    expect(await toldAt(store, at('06-08T23:10'))).toEqual([['jaarplan', 'verantwoording']]);
    expect(await toldAt(store, at('06-10T07:30'))).toEqual([]);
  });

  it('of a day that was near comes after ten minutes too', async () => {
    const store = await fresh();
    const { plan, move } = await withReader(store);
    await move(plan.id, '2024-10-08', at('09-28T23:00'));
    expect(await toldAt(store, at('09-28T23:10'))).toEqual([['jaarplan']]);
  });

  it('waits for the end of a pause, whether that began before the change or after it', async () => {
    const store = await fresh();
    const { ro, reader, plan, accounts, move } = await withReader(store);
    const pause = (pausedUntil: string | null, now: Date) =>
      store.write((tx) => changeRecipient(tx, ro.id, reader.id, { pausedUntil }, now));
    await move(plan.id, '2024-10-08', EVENING);
    await planNow({ store }, EVENING);
    await pause('2024-06-17', at('06-07T20:00'));
    await move(accounts.id, '2024-06-10', at('06-08T12:00'));
    expect(await toldAt(store, at('06-10T07:30'))).toEqual([]);
    expect(await toldAt(store, at('06-17T07:29'))).toEqual([]);
    expect(await toldAt(store, at('06-17T07:30'))).toEqual([['jaarplan', 'verantwoording']]);
    await pause('2024-07-01', at('06-18T10:00'));
    await move(plan.id, '2024-10-15', at('06-18T11:00'), 2);
    await planNow({ store }, at('06-18T11:00'));
    await pause(null, at('06-19T10:00'));
    expect(await toldAt(store, at('06-19T10:10'))).toEqual([['jaarplan']]);
  });

  it('of a day that is near leaves soon where a pause ends in the evening, and other news in the morning', async () => {
    const store = await fresh();
    const { ro, reader, plan, accounts, move } = await withReader(store);
    const pause = (pausedUntil: string | null, now: Date) =>
      store.write((tx) => changeRecipient(tx, ro.id, reader.id, { pausedUntil }, now));
    await pause('2024-07-01', at('06-03T10:00'));
    await move(accounts.id, '2024-12-09', at('06-06T10:00'));
    await planNow({ store }, at('06-06T10:00'));
    await pause(null, EVENING);
    expect(await toldAt(store, at('06-07T19:40'))).toEqual([]);
    expect(await toldAt(store, at('06-10T07:30'))).toEqual([['verantwoording']]);
    await pause('2024-07-01', at('06-10T10:00'));
    await move(plan.id, '2024-06-13', at('06-10T11:00'));
    await planNow({ store }, at('06-10T11:00'));
    await pause(null, at('06-10T21:00'));
    expect(await toldAt(store, at('06-10T21:09'))).toEqual([]);
    expect(await toldAt(store, at('06-10T21:10'))).toEqual([['jaarplan']]);
  });

  it('that waits for the end of a pause leaves once a deputy says yes, and waits again where the deputy leaves', async () => {
    const store = await fresh();
    const { ro, reader, plan, move } = await withReader(store);
    const deputy = { email: 'ward@example.org', until: '2024-12-31' };
    await store.write((tx) => changeRecipient(tx, ro.id, reader.id, { pausedUntil: '2024-07-01', deputy }, at('06-03T10:00')));
    await planNow({ store }, at('06-03T10:00'));
    await move(plan.id, '2024-10-08', at('06-04T10:00'));
    await planNow({ store }, at('06-04T10:00'));
    expect(await toldAt(store, at('06-04T12:00'))).toEqual([[]]);
    const dueAt = async () => {
      const { messages } = store.read.tables;
      return (await store.read.select().from(messages).where(eq(messages.kind, 'change'))).map((row) => row.dueAt);
    };
    expect(await dueAt()).toEqual([at('07-01T07:30')]);
    await store.write((tx) => confirmDeputy(tx, reader.id, deputy.email, at('06-05T10:00')));
    expect(await dueAt()).toEqual([at('06-05T10:10')]);
    await store.write((tx) => endDeputy(tx, reader.id, deputy.email, at('06-05T10:01')));
    expect(await dueAt()).toEqual([at('07-01T07:30')]);
    await store.write((tx) => changeRecipient(tx, ro.id, reader.id, { deputy }, at('06-05T10:02')));
    await store.write((tx) => confirmDeputy(tx, reader.id, deputy.email, at('06-05T10:03')));
    await store.write((tx) => markUndeliverable(tx, deputy.email, '550 No such user', at('06-05T10:04')));
    expect(await dueAt()).toEqual([at('07-01T07:30')]);
    expect(await toldAt(store, at('07-01T07:30'))).toContainEqual(['jaarplan']);
  });
});
