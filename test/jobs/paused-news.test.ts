/** News and pauses: nothing of it leaves to who is away, and all of it when that ends. */
import { expect, it } from 'vitest';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { changeRecipient } from '../../db/recipients/recipients.ts';
import { amendDeadline } from '../../db/registry/amending.ts';
import { gatherMails } from '../../db/sending/gathering.ts';
import type { Store } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { MailError } from '../../jobs/transport/mailer.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

/** A reader whose plan is for 2 December, and of whom accounts are due on 30 September. */
async function withReader(store: Store) {
  const { ro } = await castIn(store);
  const [plan] = await store.write(async (tx) => [
    await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-12-02' }, sources: [sourceOf('2 december 2024')] }),
    await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen', rule: { kind: 'fixed', on: '2024-09-30' } }),
  ]);
  const reader = await addConfirmed(store, ro.id, at('05-01T12:00'), { leadDays: [14] });
  const change = async (choice: Parameters<typeof changeRecipient>[3], now: Date) =>
    store.write((tx) => changeRecipient(tx, ro.id, reader.id, choice, now));
  const moveTo = async (on: string, quote: string, now: Date) =>
    store.write((tx) =>
      amendDeadline(tx, plan.id, { baseRevision: 1, reason: 'Uitstel.', rule: { kind: 'fixed', on }, sources: [sourceOf(quote)] }, now),
    );
  return { change, moveTo, reader };
}

const sourceOf = (quote: string) => ({ document: 'Beleid', section: null, quote, url: null });
/** Whose mails arrived, and whether they tell of the plan's new day. */
const arrived = async (store: Store, now: Date) => (await mailsAt(store, now)).map((mail) => [mail.for, mail.text!.includes('9 december')]);
const BUSY = {
  send: async () => {
    throw new MailError({ kind: 'deferred', code: 451, response: '451 later', waitMs: null });
  },
  close: () => {},
};

onBothDialects('news', (fresh) => {
  it('that came while there was a deputy waits for the end of the pause when the deputy leaves before it', async () => {
    const store = await fresh();
    const { change, moveTo, reader } = await withReader(store);
    await change({ pausedUntil: '2024-08-30', deputy: { email: 'b@example.org', until: '2024-07-05' } }, at('07-01T10:00'));
    await store.write((tx) => confirmDeputy(tx, reader.id, 'b@example.org', at('07-01T11:00')));
    await mailsAt(store, at('07-01T12:00'));
    await moveTo('2024-12-09', '9 december 2024', at('07-05T20:00'));
    expect(await arrived(store, at('07-05T20:00'))).toEqual([]);
    expect(await arrived(store, at('07-08T07:30'))).toEqual([]);
    expect(await arrived(store, at('08-29T12:00'))).toEqual([]);
    expect(await arrived(store, at('08-30T07:30'))).toEqual([[reader.email, true]]);
    expect(await arrived(store, at('08-30T08:30'))).toEqual([]);
  });

  it('in a reminder’s mail waits for the end of a pause that began before it left', async () => {
    const store = await fresh();
    const { change, moveTo, reader } = await withReader(store);
    await moveTo('2024-12-09', '9 december 2024', at('09-15T20:00'));
    await planNow({ store }, at('09-16T06:00'));
    expect(await store.write((tx) => gatherMails(tx, [reader.id], { now: at('09-16T07:30') }))).toBe(1);
    await change({ pausedUntil: '2024-10-14' }, at('09-16T07:31'));
    expect(await arrived(store, at('09-16T07:35'))).toEqual([]);
    expect(await arrived(store, at('09-17T07:35'))).toEqual([]);
    expect(await arrived(store, at('10-14T07:35'))).toEqual([[reader.email, true]]);
  });

  it('that a server put off waits for the end of a pause that began meanwhile', async () => {
    const store = await fresh();
    const { change, moveTo, reader } = await withReader(store);
    await moveTo('2024-12-09', '9 december 2024', at('09-15T20:00'));
    await planNow({ store }, at('09-16T07:30'));
    await sendDue({ store, mailer: BUSY, settings: SETTINGS }, at('09-16T07:30'));
    await change({ pausedUntil: '2024-10-14' }, at('09-16T07:31'));
    for (const moment of ['09-16T07:45', '09-16T09:00', '09-16T16:00', '09-17T07:30']) expect(await arrived(store, at(moment))).toEqual([]);
    expect(await arrived(store, at('10-14T07:35'))).toEqual([[reader.email, true]]);
  });

  it('that waits for the morning leaves at the hour that its reader chose since', async () => {
    const store = await fresh();
    const { change, moveTo, reader } = await withReader(store);
    await moveTo('2024-12-09', '9 december 2024', at('09-12T20:00'));
    await planNow({ store }, at('09-12T20:01'));
    await change({ sendHour: '16:00' }, at('09-12T20:30'));
    expect(await arrived(store, at('09-13T07:30'))).toEqual([]);
    expect(await arrived(store, at('09-13T16:00'))).toEqual([[reader.email, true]]);
  });
});
