/** Own dates in the mail of the day: who is reminded of which and when, and what follows when one changes. */
import { expect, it } from 'vitest';
import type { Step } from '../../calendars/agenda/step.ts';
import { listMessages } from '../../db/messages/message-records.ts';
import { purgeMessages } from '../../db/messages/retention.ts';
import {
  addStep,
  changeStep,
  completeStep,
  listSteps,
  removeStep,
  reopenStep,
  type StepInput,
} from '../../db/organisations/steps/steps.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { chooseKind } from '../../db/recipients/preferences.ts';
import { changeRecipient } from '../../db/recipients/recipients.ts';
import { openChange } from '../../db/reminders/change.ts';
import type { Store, WriteDb } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { appFor } from '../helpers/app.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../helpers/mailbox.ts';
import { at, remindersIn } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const BEFORE = at('05-01T12:00');
const MADE = at('09-02T12:00');
/** Three working days before Thursday 26 September. */
const THREE = at('09-23T07:30');
const ZERO = at('09-26T07:30');
const AFTER_THREE = 'Over 3 dagen: Begroting naar bestuur (eigen datum, do 26 sep)';

/** An organisation with one recipient, and one own date unless another is given. */
async function withStep(store: Store, over: Partial<StepInput> = {}) {
  const { ro } = await castIn(store);
  const anna = await addConfirmed(store, ro.id, BEFORE, { email: 'anna@example.org' });
  const step = await store.write((tx) =>
    addStep(tx, ro.id, { title: 'Begroting naar bestuur', dueOn: '2024-09-26', deadlineId: null, ownerId: null, ...over }, MADE),
  );
  const changeAt = (now: Date, work: (tx: WriteDb) => Promise<unknown>) =>
    openChange(
      store,
      () => now,
      () => {},
    )(work);
  return { ro, anna, step, changeAt };
}

const recordsOf = async (store: Store, organisationId: string) =>
  (await listMessages(store.read, organisationId, { page: 1, pageSize: 50 })).items.filter(({ kind }) => kind === 'reminder');

onBothDialects('an own date', (fresh) => {
  it('is reminded of three working days before and on its day, under its own heading, and never again', async () => {
    const store = await fresh();
    const { ro, step } = await withStep(store);
    expect(await mailsAt(store, at('09-20T07:30'))).toEqual([]);
    const [mail] = await mailsAt(store, THREE);
    expect(mail!.subject).toBe(AFTER_THREE);
    expect(mail!.text).toMatch(
      /^== Begroting naar bestuur ==\nUiterlijk donderdag 26 september 2024 \(eigen datum\)\. Dat is over 3 dagen \(3 werkdagen\)\./,
    );
    expect(mail!.text).toContain('Aan eigen datums van Regio Zuid herinneren wij anna@example.org drie werkdagen van tevoren');
    expect(await mailsAt(store, at('09-24T07:30'))).toEqual([]);
    expect(await subjectsAt(store, ZERO)).toEqual(['anna@example.org: Vandaag: Begroting naar bestuur (eigen datum, do 26 sep)']);
    expect(await mailsAt(store, at('09-27T07:30'))).toEqual([]);
    expect((await recordsOf(store, ro.id)).map(({ state, steps }) => [state, steps])).toEqual(
      [0, 3].map((leadDays) => [
        'sent',
        [{ stepId: step.id, title: 'Begroting naar bestuur', dueOn: '2024-09-26', leadDays, reason: null }],
      ]),
    );
  });

  it('goes in the one mail of the day, after what insurers ask, and names the deadline that it is before', async () => {
    const store = await fresh();
    const { ro, changeAt, step } = await withStep(store);
    const { id: deadlineId } = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-10-07' } }));
    await changeAt(at('09-03T12:00'), (tx) => changeStep(tx, ro.id, step.id, { deadlineId }, at('09-03T12:00')));
    const mails = await mailsAt(store, THREE);
    expect(mails).toHaveLength(1);
    const { subject, text } = mails[0]!;
    expect(subject).toBe('Over 14 dagen: jaarplan met begroting indienen bij Noord (uiterlijk ma 7 okt) en 1 andere');
    expect(text!.indexOf('== Jaarplan')).toBeLessThan(text!.indexOf('== Eigen datums =='));
    expect(text).toContain('Stap vóór: Jaarplan met begroting indienen bij Noord');
  });

  it('goes to who sees to it, and to the others while that one gets no reminders', async () => {
    const store = await fresh();
    const { ro, anna, changeAt, step } = await withStep(store);
    const bert = await addConfirmed(store, ro.id, BEFORE, { email: 'bert@example.org' });
    await changeAt(MADE, (tx) => changeStep(tx, ro.id, step.id, { ownerId: bert.id }, MADE));
    const [mail, ...others] = await mailsAt(store, THREE);
    expect([mail!.for, others]).toEqual(['bert@example.org', []]);
    expect(mail!.text).toContain('U zorgt hiervoor.');
    await changeAt(at('09-24T12:00'), (tx) => changeRecipient(tx, ro.id, bert.id, { pausedUntil: '2024-10-01' }, at('09-24T12:00')));
    expect((await subjectsAt(store, ZERO)).map((line) => line.split(':')[0])).toEqual(['anna@example.org']);
    expect(anna.id).not.toBe(bert.id);
  });

  it('waits for nobody who wants no reminders, and is told to a deputy', async () => {
    const store = await fresh();
    const { ro, anna } = await withStep(store);
    const bert = await addConfirmed(store, ro.id, BEFORE, { email: 'bert@example.org' });
    await store.write((tx) => chooseKind(tx, bert.id, 'reminder', false, MADE));
    await store.write((tx) => changeRecipient(tx, ro.id, anna.id, { deputy: { email: 'ward@example.org', until: '2024-12-31' } }, MADE));
    await mailsAt(store, MADE);
    await store.write((tx) => confirmDeputy(tx, anna.id, 'ward@example.org', MADE));
    expect(await subjectsAt(store, THREE)).toEqual([`ward@example.org: ${AFTER_THREE}`]);
  });

  it('moves along with its day, ends when it is done or removed, and comes again when it is not done after all', async () => {
    const store = await fresh();
    const { ro, changeAt, step } = await withStep(store);
    const now = at('09-23T00:30');
    await planNow({ store }, now);
    expect(await remindersIn(store)).toEqual([['2024-09-26', 3, 'pending', null]]);
    await changeAt(now, (tx) => completeStep(tx, ro.id, step.id, { completedOn: '2024-09-23', by: 'A' }, now));
    expect(await remindersIn(store)).toEqual([['2024-09-26', 3, 'cancelled', 'completed']]);
    await changeAt(now, (tx) => reopenStep(tx, ro.id, step.id, now));
    expect(await remindersIn(store)).toEqual([['2024-09-26', 3, 'pending', null]]);
    await changeAt(now, (tx) => changeStep(tx, ro.id, step.id, { dueOn: '2024-10-03' }, now));
    expect(await remindersIn(store)).toEqual([['2024-09-26', 3, 'cancelled', 'moved']]);
    expect(await mailsAt(store, THREE)).toEqual([]);
    expect((await subjectsAt(store, at('09-30T07:30')))[0]).toContain('do 3 okt');
    await changeAt(at('10-01T12:00'), (tx) => removeStep(tx, ro.id, step.id, at('10-01T12:00')));
    expect(await mailsAt(store, at('10-03T07:30'))).toEqual([]);
    // What was sent stays on record, without what it was called.
    const [sent] = (await recordsOf(store, ro.id)).filter(({ state }) => state === 'sent');
    expect(sent!.steps).toMatchObject([{ stepId: step.id, title: null, dueOn: '2024-10-03' }]);
  });

  it('is not repeated in bytes that may have arrived once it is done: what else was in them goes in another mail', async () => {
    const store = await fresh();
    const { ro, changeAt, step } = await withStep(store);
    await planNow({ store }, at('09-23T00:30'));
    const { messages } = store.read.tables;
    await store.write((tx) => tx.update(messages).set({ raw: Buffer.from('mail'), copies: 1 }));
    await changeAt(at('09-23T06:00'), (tx) => completeStep(tx, ro.id, step.id, { completedOn: '2024-09-23', by: 'A' }, at('09-23T06:00')));
    expect((await recordsOf(store, ro.id)).map(({ reason, state }) => [state, reason])).toEqual([['cancelled', 'replaced']]);
    expect(await mailsAt(store, THREE)).toEqual([]);
  });

  it('that was kept before own dates were reminded of is not caught up on', async () => {
    const store = await fresh();
    await withStep(store);
    await store.write((tx) => tx.update(tx.tables.steps).set({ setAt: null }));
    expect(await mailsAt(store, at('09-24T07:30'))).toEqual([]);
    expect(await subjectsAt(store, ZERO)).toHaveLength(1);
  });

  it('that passed while the service was away is on record as passed', async () => {
    const store = await fresh();
    await withStep(store);
    await planNow({ store }, at('09-20T07:30'));
    await planNow({ store }, at('09-30T07:30'));
    expect(await remindersIn(store)).toEqual([
      ['2024-09-26', 0, 'cancelled', 'passed'],
      ['2024-09-26', 3, 'cancelled', 'passed'],
    ]);
  });

  it('leaves with the messages of long ago, and keeps those that tell of one still to come', async () => {
    const store = await fresh();
    const { ro } = await withStep(store);
    await mailsAt(store, THREE);
    const past = { before: at('09-25T12:00'), today: '2024-09-26' };
    await purgeMessages(store, past);
    expect(await recordsOf(store, ro.id)).toHaveLength(1);
    await mailsAt(store, ZERO);
    await purgeMessages(store, { before: at('09-28T12:00'), today: '2024-09-28' });
    expect([await recordsOf(store, ro.id), await remindersIn(store)]).toEqual([[], []]);
  });

  it('is done by the button behind the mail’s link, never by opening it, and open again by the way back', async () => {
    const store = await fresh();
    const { ro, step } = await withStep(store);
    const [mail] = await mailsAt(store, THREE);
    const link = /https:\S+(\/step\/\S+)/.exec(mail!.text!)![1]!;
    const { call } = await appFor(store, { secret: SETTINGS.secret });
    const own = async (): Promise<Step> => (await listSteps(store.read, ro.id))[0]!;
    for (let n = 0; n < 2; n += 1) {
      const { body, headers, status } = await call('GET', link);
      expect([status, headers['cache-control'], headers['x-robots-tag']]).toEqual([200, 'no-store', 'noindex']);
      expect(body).toContain('Begroting naar bestuur, uiterlijk 26 september 2024. Druk op de knop als dit is gedaan.');
    }
    expect((await own()).completion).toBeNull();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const done = await call('POST', link, { headers, body: '' });
    expect(done.body).toContain('anna@example.org heeft gemeld dat dit is gedaan');
    expect((await own()).completion).toMatchObject({ by: 'anna@example.org' });
    expect((await call('POST', link, { headers, body: 'act=undo' })).body).toContain('dit staat weer open');
    expect((await own()).completion).toBeNull();
    // What somebody else said is neither overwritten nor taken back.
    await store.write((tx) => completeStep(tx, ro.id, step.id, { completedOn: '2024-09-24', by: 'Bert' }, THREE));
    expect((await call('POST', link, { headers, body: '' })).body).toContain('Bert heeft gemeld');
    expect((await call('POST', link, { headers, body: 'act=undo' })).body).not.toContain('Toch niet gedaan');
    expect((await own()).completion).toMatchObject({ by: 'Bert' });
    await store.write((tx) => removeStep(tx, ro.id, step.id, THREE));
    expect((await call('GET', link)).body).toContain('Deze eigen datum is er niet meer');
    expect((await call('GET', link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A'))).status).toBe(404);
  });
});
