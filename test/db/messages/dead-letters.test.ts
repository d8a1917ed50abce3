import { expect, it } from 'vitest';
import { listDeadLetters, redriveMessage } from '../../../db/messages/dead-letters.ts';
import { readDelivery } from '../../../db/sending/health.ts';
import { LEASE_MS } from '../../../db/sending/claims.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import type { Store } from '../../../db/store/store.ts';
import type { DeliveryFailure } from '../../../db/sending/refusals.ts';
import { MailError, type Mailer } from '../../../jobs/transport/mailer.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { at, MONDAY, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const later = (ms: number) => new Date(MONDAY.getTime() + ms);

/** Takes mails and then says what went wrong. */
function failingMailer(fault: DeliveryFailure): Mailer & { taken: Buffer[] } {
  const taken: Buffer[] = [];
  return {
    taken,
    async send(_envelope, raw, { leaving } = {}) {
      if (fault.kind === 'uncertain') await leaving?.();
      taken.push(raw);
      throw new MailError(fault);
    },
    close: () => {},
  };
}

async function planned(store: Store) {
  const { ro } = await castIn(store);
  await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  await addConfirmed(store, ro.id, at('09-02T12:00'), { leadDays: [14] });
  await planReminders(store, MONDAY);
  return ro;
}

onBothDialects('dead letters', (fresh) => {
  it('hold what three times nobody knew of, and send it once more, the very same, when a person says so', async () => {
    const store = await fresh();
    const ro = await planned(store);
    const silent = failingMailer({ kind: 'uncertain', code: null, response: 'connection lost' });
    for (let n = 0; n < 4; n += 1) await sendDue({ store, mailer: silent, settings: SETTINGS }, later(n * LEASE_MS));
    expect(silent.taken).toHaveLength(3);
    const now = later(4 * LEASE_MS);
    const { items, total } = await listDeadLetters(store.read, { page: 1, pageSize: 10 });
    expect([total, items[0]]).toMatchObject([
      1,
      { reason: 'uncertain', recipient: 'a@example.org', copies: 3, organisation: { id: ro.id } },
    ]);
    expect(await readDelivery(store.read, now)).toMatchObject({ dead: 1, due: 0 });
    await store.write((tx) => redriveMessage(tx, items[0]!.id, SETTINGS.secret, now));
    const mailer = keepingMailer();
    await sendDue({ store, mailer, settings: SETTINGS }, now);
    expect(mailer.taken.map(({ raw }) => raw.equals(silent.taken[0]!))).toEqual([true]);
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'sent', null]]);
    await expect(store.write((tx) => redriveMessage(tx, items[0]!.id, SETTINGS.secret, now))).rejects.toThrow('No such dead letter');
  });

  it('go back on the list after one more copy of which nobody knows', async () => {
    const store = await fresh();
    await planned(store);
    const silent = failingMailer({ kind: 'uncertain', code: null, response: 'connection lost' });
    for (let n = 0; n < 4; n += 1) await sendDue({ store, mailer: silent, settings: SETTINGS }, later(n * LEASE_MS));
    const [letter] = (await listDeadLetters(store.read, { page: 1, pageSize: 10 })).items;
    await store.write((tx) => redriveMessage(tx, letter!.id, SETTINGS.secret, later(4 * LEASE_MS)));
    for (let n = 4; n < 8; n += 1) await sendDue({ store, mailer: silent, settings: SETTINGS }, later(n * LEASE_MS));
    expect(silent.taken).toHaveLength(4);
    expect((await listDeadLetters(store.read, { page: 1, pageSize: 10 })).total).toBe(1);
  });

  it('give an address that was thought dead its mail again', async () => {
    const store = await fresh();
    await planned(store);
    const fault = { kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' } as const;
    await sendDue({ store, mailer: failingMailer(fault), settings: SETTINGS }, MONDAY);
    const [letter] = (await listDeadLetters(store.read, { page: 1, pageSize: 10 })).items;
    expect(letter).toMatchObject({ reason: 'undeliverable', response: '550 5.1.1 No such user', copies: 0 });
    await store.write((tx) => redriveMessage(tx, letter!.id, SETTINGS.secret, later(60_000)));
    const mailer = keepingMailer();
    await sendDue({ store, mailer, settings: SETTINGS }, later(60_000));
    expect(mailer.taken.map(({ to }) => to)).toEqual([['a@example.org']]);
    const { recipients } = store.read.tables;
    expect((await store.read.select().from(recipients)).map(({ status, fault }) => [status, fault])).toEqual([['confirmed', null]]);
  });
});
