import { expect, it } from 'vitest';
import { complete, reopen } from '../../../db/organisations/completions.ts';
import { amendDeadline, withdrawDeadline, type Amendment } from '../../../db/registry/amending.ts';
import { eq } from '../../../db/store/drizzle.ts';
import { recordOwnEvent, removeOwnEvent } from '../../../db/organisations/own-events.ts';
import { createOrganisation, removeRelation } from '../../../db/organisations/organisations.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import { addRecipient, changeRecipient, unsubscribeRecipient } from '../../../db/recipients/recipients.ts';
import { SLICE } from '../../../db/reminders/slices.ts';
import { DATED_KINDS } from '../../../calendars/terms.ts';
import type { Store } from '../../../db/store/store.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { addDeadline, addOrganisation, castIn, NOW } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { previewReminders } from '../../helpers/preview.ts';
import { at, MONDAY, reminderMailsIn, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

/** The annual plan of Zorg en Zekerheid: named day 1 October, safe until 30 September. */
const CONFLICT = { kind: 'readings' as const, days: ['2024-09-30', '2024-10-01'], text: 'Twee lezingen.' };
const YEAR_BEFORE = new Date('2023-11-01T12:00:00Z');

async function send(store: Store, now: Date) {
  const mailer = keepingMailer();
  await sendDue({ store, mailer, settings: SETTINGS }, now);
  return mailer.taken.length;
}

async function annualPlan(store: Store) {
  const cast = await castIn(store);
  const deadline = await store.write((tx) => addDeadline(tx, {}, { conflict: CONFLICT }));
  return { ...cast, deadline };
}

onBothDialects('planning', (fresh) => {
  it('finds the 14-day reminder of the annual plan on its Monday, once, however often it runs', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await addConfirmed(store, ro.id, new Date('2026-01-05T12:00:00Z'));
    const [preview, ...others] = await previewReminders(store, MONDAY);
    expect(others).toEqual([]);
    expect(preview).toMatchObject({ organisation: { name: 'Regio Zuid' }, recipient: { email: 'a@example.org' }, dueAt: MONDAY });
    expect(preview!.reminders.map(({ leadDays, item }) => [leadDays, item.deadline.lastSafeOn, item.deadline.dueOn])).toEqual([
      [14, '2024-09-30', '2024-10-01'],
    ]);
    expect(await remindersIn(store)).toEqual([]);

    expect(await planReminders(store, MONDAY)).toEqual({ planned: 1, cancelled: 0 });
    expect(await planReminders(store, MONDAY)).toEqual({ planned: 0, cancelled: 0 });
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'pending', null]]);
    expect(await previewReminders(store, MONDAY)).toEqual([preview]);
    expect(await send(store, MONDAY)).toBe(1);
    await planReminders(store, MONDAY);
    expect(await send(store, MONDAY)).toBe(0);
    expect(await previewReminders(store, MONDAY)).toEqual([]);
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'sent', null]]);
  });

  it.each(DATED_KINDS)('reminds of what is a %s only if that is counted down', async (kind) => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { conflict: CONFLICT, kind }));
    await addConfirmed(store, ro.id, YEAR_BEFORE);
    const planned = kind === 'deadline' || kind === 'window' ? 1 : 0;
    expect(await planReminders(store, MONDAY)).toEqual({ planned, cancelled: 0 });
  });

  it('takes back the reminder of what turns out to be no deadline, and tells nobody that it changed', async () => {
    const store = await fresh();
    const { ro, deadline } = await annualPlan(store);
    await addConfirmed(store, ro.id, YEAR_BEFORE);
    await planReminders(store, at('09-16T00:10'));
    const changesBefore = await store.read.$count(store.read.tables.changes);
    const amendment = { baseRevision: 1, reason: 'Beter gelezen.', kind: 'intention' as const };
    await store.write((tx) => amendDeadline(tx, deadline.id, amendment, at('09-16T06:00')));
    expect(await planReminders(store, at('09-16T06:10'))).toEqual({ planned: 0, cancelled: 1 });
    expect(await remindersIn(store)).toContainEqual(['2024-09-30', 14, 'cancelled', 'not_concerned']);
    expect(await store.read.$count(store.read.tables.changes)).toBe(changesBefore);
    expect(await send(store, MONDAY)).toBe(0);
  });

  it('is not confused by several runs at the same moment', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await addConfirmed(store, ro.id, MONDAY);
    await Promise.all([1, 2, 3].map(() => planReminders(store, MONDAY)));
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'pending', null]]);
    expect(await send(store, MONDAY)).toBe(1);
  });

  it('sends at half past seven, and at once what is found later on the day', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await addConfirmed(store, ro.id, at('09-01T12:00'));
    await planReminders(store, at('09-16T00:05'));
    expect(await send(store, at('09-16T07:29'))).toBe(0);
    expect(await send(store, at('09-16T07:30'))).toBe(1);
    await planReminders(store, at('09-27T15:00'));
    expect(await reminderMailsIn(store)).toEqual([
      [at('09-16T07:30').toISOString(), 'sent', null],
      [at('09-27T15:00').toISOString(), 'pending', null],
    ]);
  });

  it('catches up three days of standstill with one mail, and says the rest is merged', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { rule: { kind: 'fixed', on: '2024-09-29' } }));
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14, 13, 0] });
    expect(await planReminders(store, at('09-18T09:00'))).toEqual({ planned: 2, cancelled: 0 });
    expect(await remindersIn(store)).toEqual([
      ['2024-09-29', 13, 'pending', null],
      ['2024-09-29', 14, 'cancelled', 'merged'],
      ['2024-09-30', 13, 'pending', null],
      ['2024-09-30', 14, 'cancelled', 'merged'],
    ]);
    expect(await send(store, at('09-18T09:00'))).toBe(1);
  });

  it('gathers in the mail that could not leave for days, instead of a second one', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14, 12] });
    await planReminders(store, MONDAY);
    await planReminders(store, at('09-18T08:00'));
    expect(await remindersIn(store)).toEqual([
      ['2024-09-30', 12, 'pending', null],
      ['2024-09-30', 14, 'cancelled', 'merged'],
    ]);
    expect(await send(store, at('09-18T08:00'))).toBe(1);
  });

  it('lets what turns up after the mail of the day wait for the next working day, if that is still in time', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await addConfirmed(store, ro.id, YEAR_BEFORE);
    const friday = at('09-27T08:00');
    await planReminders(store, friday);
    expect(await send(store, friday)).toBe(1);
    // Safe until Monday, the next working day: it can wait. Safe until Saturday: it cannot.
    await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    expect(await planReminders(store, at('09-27T10:00'))).toEqual({ planned: 0, cancelled: 0 });
    await store.write((tx) => addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'fixed', on: '2024-09-28' } }));
    expect(await planReminders(store, at('09-27T11:00'))).toEqual({ planned: 1, cancelled: 0 });
    expect(await send(store, at('09-27T11:00'))).toBe(1);
    expect(await planReminders(store, at('09-28T11:00'))).toEqual({ planned: 0, cancelled: 0 });
    expect(await planReminders(store, at('09-30T07:00'))).toEqual({ planned: 2, cancelled: 0 });
    expect(await send(store, at('09-30T07:30'))).toBe(1);
  });

  it('reminds on the working day before, and of a Saturday that was missed on that Saturday itself', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, { activity: 'contract_request' }, { rule: { kind: 'fixed', on: '2024-08-31' } }));
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [0] });
    expect(await previewReminders(store, at('08-29T08:00'))).toEqual([]);
    expect(await previewReminders(store, at('08-30T08:00'))).toHaveLength(1);
    expect(await previewReminders(store, at('08-31T08:00'))).toHaveLength(1);
    expect(await previewReminders(store, at('09-01T08:00'))).toEqual([]);
  });

  it('tells who only has to know on the day alone', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const duty = { actors: ['insurer' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    await store.write((tx) => addDeadline(tx, { activity: 'publication' }, { rule: { kind: 'fixed', on: '2024-09-30' }, duty }));
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [42, 14] });
    for (const day of ['08-19', '09-16', '09-27']) expect(await previewReminders(store, at(`${day}T08:00`))).toEqual([]);
    const [mail] = await previewReminders(store, at('09-30T08:00'));
    expect(mail!.reminders.map(({ leadDays, item }) => [leadDays, item.as])).toEqual([[0, 'informed']]);
  });

  it('reminds nobody of what is done, withdrawn, undated, past or of no concern, and only who confirmed', async () => {
    const store = await fresh();
    const { ro, wsv, outsider } = await castIn(store);
    const [done, withdrawn] = await store.write(async (tx) => {
      await addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'none' }, certainty: 'unknown' });
      await addDeadline(tx, { activity: 'contract_request' }, { rule: { kind: 'fixed', on: '2024-09-15' } });
      await addDeadline(tx, { insurer: 'zuid' });
      return [await addDeadline(tx, { activity: 'accounts' }), await addDeadline(tx, { activity: 'regional_plan' })];
    });
    await store.write((tx) => complete(tx, ro.id, done.id, { completedOn: '2024-09-01', by: 'A', evidence: null }, MONDAY));
    await store.write((tx) => withdrawDeadline(tx, withdrawn.id, 'Vervallen.', MONDAY));
    for (const { id } of [ro, outsider]) await addConfirmed(store, id, YEAR_BEFORE, { leadDays: [100] });
    const pending = { email: 'b@example.org', leadDays: [100], digest: 'daily' as const };
    await store.write((tx) => addRecipient(tx, ro.id, pending, YEAR_BEFORE));
    expect(await previewReminders(store, MONDAY)).toEqual([]);
    // The same data does remind where it should: the member said nothing of being done.
    await addConfirmed(store, wsv.id, YEAR_BEFORE, { leadDays: [100] });
    const mails = await previewReminders(store, MONDAY);
    expect(mails.map(({ organisation, reminders }) => [organisation.name, reminders.map(({ item }) => item.deadline.activity)])).toEqual([
      ['WSV De Wijk', ['accounts']],
    ]);
  });

  it('sends nothing whose day lies before the confirmation, and what falls on it', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await addConfirmed(store, ro.id, at('09-17T00:30'));
    await addConfirmed(store, ro.id, at('09-16T23:30'), { email: 'b@example.org' });
    const mails = await previewReminders(store, at('09-17T08:00'));
    expect(mails.map(({ recipient }) => recipient.email)).toEqual(['b@example.org']);
  });

  it('follows a deadline that moves: the old reminder is cancelled, the new day is planned anew', async () => {
    const store = await fresh();
    const { ro, deadline } = await annualPlan(store);
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14] });
    await planReminders(store, at('09-16T06:00'));
    const amendment = {
      baseRevision: 1,
      reason: 'Uitgesteld.',
      rule: { kind: 'fixed' as const, on: '2024-10-08' },
      sources: deadline.sources,
    };
    await store.write((tx) => amendDeadline(tx, deadline.id, amendment, at('09-16T06:30')));
    expect(await planReminders(store, at('09-16T07:00'))).toEqual({ planned: 0, cancelled: 1 });
    expect(await reminderMailsIn(store)).toEqual([[MONDAY.toISOString(), 'cancelled', 'moved']]);
    expect(await planReminders(store, at('09-24T07:00'))).toEqual({ planned: 1, cancelled: 0 });
    expect(await remindersIn(store)).toEqual([
      ['2024-09-30', 14, 'cancelled', 'moved'],
      ['2024-10-08', 14, 'pending', null],
    ]);
  });

  it('repeats nothing for a revision that moves no day, nor for one that moves a day away and back', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id, sources } = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14] });
    const amend = (baseRevision: number, change: Partial<Amendment>) =>
      store.write((tx) => amendDeadline(tx, id, { baseRevision, reason: 'Nagekeken.', sources, ...change }, at('09-16T06:30')));
    await planReminders(store, at('09-16T06:00'));
    await amend(1, { title: 'Jaarplan indienen' });
    expect(await planReminders(store, at('09-16T07:00'))).toEqual({ planned: 0, cancelled: 0 });
    expect(await send(store, MONDAY)).toBe(1);
    await amend(2, { title: 'Het jaarplan indienen' });
    expect(await planReminders(store, at('09-16T08:00'))).toEqual({ planned: 0, cancelled: 0 });
    await amend(3, { rule: { kind: 'fixed', on: '2024-10-08' } });
    await planReminders(store, at('09-16T09:00'));
    await amend(4, { rule: { kind: 'fixed', on: '2024-09-30' } });
    await planReminders(store, at('09-16T10:00'));
    expect(await send(store, at('09-16T10:00'))).toBe(0);
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'sent', null]]);
  });

  it('takes up again what was cancelled too early, but never what was sent', async () => {
    const store = await fresh();
    const { ro, deadline } = await annualPlan(store);
    await addConfirmed(store, ro.id, YEAR_BEFORE);
    const done = { completedOn: '2024-09-16', by: 'A', evidence: null };
    await planReminders(store, at('09-16T06:00'));
    await store.write((tx) => complete(tx, ro.id, deadline.id, done, at('09-16T06:01')));
    expect(await planReminders(store, at('09-16T06:02'))).toEqual({ planned: 0, cancelled: 1 });
    expect(await previewReminders(store, MONDAY)).toEqual([]);
    await store.write((tx) => reopen(tx, ro.id, deadline.id, NOW));
    expect(await planReminders(store, at('09-16T06:03'))).toEqual({ planned: 1, cancelled: 0 });
    expect(await send(store, MONDAY)).toBe(1);
    await store.write((tx) => complete(tx, ro.id, deadline.id, done, at('09-16T08:00')));
    await store.write((tx) => reopen(tx, ro.id, deadline.id, NOW));
    expect(await planReminders(store, at('09-17T08:00'))).toEqual({ planned: 0, cancelled: 0 });
  });

  it('goes by the lead days that hold now', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    const recipient = await addConfirmed(store, ro.id, YEAR_BEFORE);
    await planReminders(store, at('09-16T06:00'));
    await store.write((tx) => changeRecipient(tx, ro.id, recipient.id, { leadDays: [3] }, MONDAY));
    expect(await planReminders(store, at('09-16T06:10'))).toEqual({ planned: 0, cancelled: 1 });
    await store.write((tx) => changeRecipient(tx, ro.id, recipient.id, { leadDays: [14, 3] }, MONDAY));
    expect(await planReminders(store, at('09-16T06:20'))).toEqual({ planned: 1, cancelled: 0 });
    // Who was told three days before is not told afterwards that it was fourteen.
    expect(await send(store, MONDAY)).toBe(1);
    await planReminders(store, at('09-27T08:00'));
    expect(await send(store, at('09-27T08:00'))).toBe(1);
    await store.write((tx) => changeRecipient(tx, ro.id, recipient.id, { leadDays: [10] }, MONDAY));
    expect(await planReminders(store, at('09-30T08:00'))).toEqual({ planned: 0, cancelled: 0 });
  });

  it('drops what no longer concerns the organisation, and all of who leaves', async () => {
    const store = await fresh();
    const { ro, wsv } = await annualPlan(store);
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14] });
    const other = await addConfirmed(store, ro.id, YEAR_BEFORE, { email: 'b@example.org', leadDays: [14] });
    await planReminders(store, at('09-16T06:00'));
    await store.write((tx) => unsubscribeRecipient(tx, other.id, at('09-16T06:01')));
    await store.write((tx) => removeRelation(tx, ro.id, 'noord', NOW));
    // The member that it delivers for still has the duty.
    expect(await planReminders(store, at('09-16T06:02'))).toEqual({ planned: 0, cancelled: 0 });
    await store.write((tx) => removeRelation(tx, wsv.id, 'noord', NOW));
    await planReminders(store, at('09-16T06:03'));
    expect((await remindersIn(store)).map(([, , state, reason]) => [state, reason]).sort()).toEqual([
      ['cancelled', 'not_concerned'],
      ['cancelled', 'unsubscribed'],
    ]);
    expect(await send(store, MONDAY)).toBe(0);
  });

  it('reminds an RO of its member’s own date, and of what members share only once, whoever of them leaves', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const insurers = [{ insurer: 'noord', contractStatus: 'uncontracted' as const, preferred: false }];
    const members = await store.write(async (tx) => [
      await createOrganisation(tx, { name: 'WSV A', language: 'nl', roles: ['wsv'], parent: ro.id, insurers }, MONDAY),
      await createOrganisation(tx, { name: 'WSV B', language: 'nl', roles: ['wsv'], parent: ro.id, insurers }, MONDAY),
    ]);
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'uncontracted' as const, deliverable: null };
    const term = {
      kind: 'offset' as const,
      from: { event: 'contract_received' as const },
      amount: 6,
      unit: 'week' as const,
      direction: 'after' as const,
    };
    await store.write(async (tx) => {
      await addDeadline(tx, { activity: 'signing_term' }, { duty, rule: term });
      await addDeadline(tx, { activity: 'contract_request' }, { duty, rule: { kind: 'fixed', on: '2024-09-30' } });
    });
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14] });
    const received = { kind: 'contract_received' as const, insurer: 'noord', contractYear: 2025, occurredOn: '2024-08-19' };
    const event = await store.write((tx) => recordOwnEvent(tx, members[0]!.id, received, MONDAY));
    const [mail] = await previewReminders(store, MONDAY);
    const described = mail!.reminders.map(({ item }) => [
      item.deadline.activity,
      item.deadline.lastSafeOn,
      item.organisations.map(({ name }) => name),
    ]);
    expect(described.sort()).toEqual([
      ['contract_request', '2024-09-30', ['WSV A', 'WSV B']],
      ['signing_term', '2024-09-30', ['WSV A']],
    ]);
    await planReminders(store, MONDAY);
    expect(await send(store, MONDAY)).toBe(1);
    await store.write((tx) => removeRelation(tx, members[0]!.id, 'noord', NOW));
    await store.write((tx) => removeOwnEvent(tx, members[0]!.id, event.id, MONDAY));
    expect(await planReminders(store, at('09-17T08:00'))).toEqual({ planned: 0, cancelled: 0 });
  });

  it('gathers a week for who wants one mail a week', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [13, 0], digest: 'weekly' });
    expect(await previewReminders(store, at('09-17T08:00'))).toEqual([]);
    expect((await previewReminders(store, at('09-23T08:00'))).map(({ reminders }) => reminders.map(({ leadDays }) => leadDays))).toEqual([
      [13],
    ]);
  });

  it('plans for more than a slice of organisations once, though several runs begin at one moment', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    for (let n = 0; n < 2 * SLICE + 1; n += 1) {
      const { id } = await store.write((tx) => addOrganisation(tx, { name: `Regio ${n}` }));
      // Each chose something else.
      await addConfirmed(store, id, YEAR_BEFORE, { leadDays: [100 + n, 14] });
    }
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14] });
    await Promise.all([1, 2, 3].map(() => planReminders(store, MONDAY)));
    const waiting = (await remindersIn(store)).filter(([, , state]) => state === 'pending');
    expect(waiting).toEqual(Array.from({ length: 2 * SLICE + 2 }, () => ['2024-09-30', 14, 'pending', null]));
    expect(await reminderMailsIn(store)).toHaveLength(2 * SLICE + 2);
  });

  it('goes by what others committed after it had looked', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    const leaver = await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14] });
    const stayer = await addConfirmed(store, ro.id, YEAR_BEFORE, { email: 'b@example.org', leadDays: [14] });
    const write: Store['write'] = async (work) => {
      await store.write((tx) => unsubscribeRecipient(tx, leaver.id, MONDAY));
      return store.write(work);
    };
    await planReminders({ ...store, write }, MONDAY);
    const rows = await store.read.select().from(store.read.tables.reminders);
    expect(rows.map(({ recipientId, state }) => [recipientId, state])).toEqual([[stayer.id, 'pending']]);
  });

  it('holds nobody up for what fails for one', async () => {
    const store = await fresh();
    const { ro, wsv } = await annualPlan(store);
    await addConfirmed(store, wsv.id, YEAR_BEFORE, { email: 'wsv@example.org' });
    await addConfirmed(store, ro.id, YEAR_BEFORE, { leadDays: [14] });
    // No number of days.
    const { recipients } = store.read.tables;
    await store.write((tx) =>
      tx
        .update(recipients)
        .set({ leadDays: [0.5] })
        .where(eq(recipients.organisationId, wsv.id)),
    );
    await expect(planReminders(store, MONDAY)).rejects.toThrow('Planning failed for 1 organisations');
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'pending', null]]);
  });
});
