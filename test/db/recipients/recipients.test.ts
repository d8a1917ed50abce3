import { expect, it } from 'vitest';
import { listMessages } from '../../../db/messages/message-records.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import {
  addRecipient,
  changeRecipient,
  confirmRecipient,
  listRecipients,
  removeRecipient,
  unsubscribeRecipient,
} from '../../../db/recipients/recipients.ts';
import type { Store } from '../../../db/store/store.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { addConfirmed } from '../../helpers/mail.ts';
import { MONDAY, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const INPUT = { email: 'a@example.org', leadDays: [3, 42, 0, 14], digest: 'daily' as const };

async function mailsOf(store: Store, organisationId: string) {
  const { items } = await listMessages(store.read, organisationId, { page: 1, pageSize: 100 });
  return items.map(({ kind, email, state, reason }) => [kind, email, state, reason]).reverse();
}

onBothDialects('recipients', (fresh) => {
  it('wait for a confirmation by mail, and are welcomed once', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const added = await store.write((tx) => addRecipient(tx, ro.id, { ...INPUT, email: 'A@Example.org' }, NOW));
    expect(added).toMatchObject({
      email: 'a@example.org',
      leadDays: [42, 14, 3, 0],
      digest: 'daily',
      status: 'pending',
      createdAt: NOW,
      confirmedAt: null,
    });
    expect(await mailsOf(store, ro.id)).toEqual([['confirmation', 'a@example.org', 'pending', null]]);
    const later = new Date('2024-04-03T10:00:00Z');
    const confirmed = await store.write((tx) => confirmRecipient(tx, added.id, later));
    expect(confirmed).toMatchObject({ status: 'confirmed', confirmedAt: later });
    expect(await store.write((tx) => confirmRecipient(tx, added.id, new Date('2024-04-04T10:00:00Z')))).toEqual(confirmed);
    expect((await mailsOf(store, ro.id)).map(([kind]) => kind).sort()).toEqual(['confirmation', 'welcome']);
    expect(await listRecipients(store.read, ro.id)).toEqual([confirmed]);
  });

  it('stand once in an organisation, in whatever letters, and may stand in another too', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    await store.write((tx) => addRecipient(tx, ro.id, INPUT, NOW));
    await expect(store.write((tx) => addRecipient(tx, ro.id, { ...INPUT, email: 'A@EXAMPLE.ORG' }, NOW))).rejects.toMatchObject({
      kind: 'conflict',
    });
    await store.write((tx) => addRecipient(tx, outsider.id, INPUT, NOW));
    expect(await mailsOf(store, ro.id)).toHaveLength(1);
    await expect(store.write((tx) => addRecipient(tx, 'nobody', INPUT, NOW))).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('leave when they want, and come back only by a new confirmation', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addRecipient(tx, ro.id, INPUT, NOW));
    await store.write((tx) => confirmRecipient(tx, id, NOW));
    const left = await store.write((tx) => unsubscribeRecipient(tx, id, NOW));
    expect(left).toMatchObject({ status: 'unsubscribed', unsubscribedAt: NOW });
    expect(await store.write((tx) => unsubscribeRecipient(tx, id, MONDAY))).toEqual(left);
    expect((await mailsOf(store, ro.id)).map(([, , state, reason]) => [state, reason])).toEqual([
      ['cancelled', 'unsubscribed'],
      ['cancelled', 'unsubscribed'],
    ]);
    await expect(store.write((tx) => confirmRecipient(tx, id, NOW))).rejects.toMatchObject({ kind: 'gone' });
    const again = await store.write((tx) => addRecipient(tx, ro.id, { ...INPUT, leadDays: [7] }, MONDAY));
    expect(again).toEqual({ ...left, leadDays: [7], status: 'pending', createdAt: MONDAY, confirmedAt: null, unsubscribedAt: null });
    expect((await mailsOf(store, ro.id)).filter(([, , state]) => state === 'pending')).toEqual([
      ['confirmation', 'a@example.org', 'pending', null],
    ]);
  });

  it('are changed and removed by their own organisation alone', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    const { id } = await store.write((tx) => addRecipient(tx, ro.id, INPUT, NOW));
    await expect(store.write((tx) => changeRecipient(tx, outsider.id, id, { leadDays: [1] }, NOW))).rejects.toMatchObject({
      kind: 'not_found',
    });
    await expect(store.write((tx) => removeRecipient(tx, outsider.id, id, NOW))).rejects.toMatchObject({ kind: 'not_found' });
    expect(await mailsOf(store, ro.id)).toEqual([['confirmation', 'a@example.org', 'pending', null]]);
    expect(await store.write((tx) => changeRecipient(tx, ro.id, id, { leadDays: [1, 9] }, NOW))).toMatchObject({
      leadDays: [9, 1],
      digest: 'daily',
    });
    expect(await store.write((tx) => changeRecipient(tx, ro.id, id, { digest: 'weekly' }, NOW))).toMatchObject({
      leadDays: [9, 1],
      digest: 'weekly',
    });
  });

  it('leave no address behind when they are removed, and nothing that is still to be sent', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    const { id } = await addConfirmed(store, ro.id, MONDAY);
    await planReminders(store, MONDAY);
    await store.write((tx) => removeRecipient(tx, ro.id, id, MONDAY));
    expect(await listRecipients(store.read, ro.id)).toEqual([]);
    expect(await remindersIn(store)).toEqual([]);
    expect((await mailsOf(store, ro.id)).sort()).toEqual([
      ['confirmation', null, 'cancelled', 'confirmed_already'],
      ['reminder', null, 'cancelled', 'recipient_removed'],
      ['welcome', null, 'sent', null],
    ]);
    const { messages } = store.read.tables;
    const bytes = await store.read.select({ raw: messages.raw }).from(messages);
    expect(bytes.map(({ raw }) => raw)).toEqual([null, null, null]);
  });
});
