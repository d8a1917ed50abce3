import { expect, it, vi } from 'vitest';
import { eq } from '../../../db/store/drizzle.ts';
import { complete } from '../../../db/organisations/completions.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { reviewMessage } from '../../../db/sending/composing.ts';
import { listMessages } from '../../../db/messages/message-records.ts';
import { markLeaving, markSent, type Claim } from '../../../db/sending/attempts.ts';
import { claimMessages, dueMessages, LEASE_MS, takeBackUnmarked } from '../../../db/sending/claims.ts';
import { markFailed, type DeliveryFailure } from '../../../db/sending/refusals.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import { openPlanner } from '../../../db/reminders/planner.ts';
import { addRecipient, unsubscribeRecipient } from '../../../db/recipients/recipients.ts';
import { readSnapshot } from '../../../db/registry/snapshot.ts';
import { savePlans } from '../../../db/reminders/reminders.ts';
import type { Message } from '../../../db/schema/schema.ts';
import { isUniqueViolation, type ReadDb, type Store, type WriteDb } from '../../../db/store/store.ts';
import { readCounters } from '../../../db/store/counters.ts';
import { composeMail } from '../../../jobs/mails/compose.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, ME, SETTINGS } from '../../helpers/mail.ts';
import { at, MONDAY, reminderMailsIn, remindersIn } from '../../helpers/reminders.ts';
import { countWaiting, onBothDialects } from '../../helpers/stores.ts';

const nextMessage = async (db: ReadDb, now: Date) => (await dueMessages(db, now, 1))[0];
const later = (now: Date, ms: number) => new Date(now.getTime() + ms);

/** A reminder that is due on the Monday, for two deadlines. */
async function dueReminder(store: Store) {
  const cast = await castIn(store);
  const [plan, accounts] = await store.write(async (tx) => [
    await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }),
    await addDeadline(tx, { activity: 'accounts' }, { rule: { kind: 'fixed', on: '2024-10-01' }, title: 'Jaarverantwoording aanleveren' }),
  ]);
  const recipient = await addConfirmed(store, cast.ro.id, at('09-01T12:00'), { leadDays: [15, 14] });
  await planReminders(store, MONDAY);
  return { ...cast, plan, accounts, recipient };
}

async function prepare(store: Store, now: Date, message?: Message) {
  const next = message ?? (await nextMessage(store.read, now));
  const review = await reviewMessage(store.read, next!, now);
  const mail = review.draft && next!.raw === null ? composeMail(next!, review.draft, SETTINGS, now) : null;
  return { message: next!, review, mail };
}

async function claim(store: Store, now: Date): Promise<Claim | null> {
  const { message, review, mail } = await prepare(store, now);
  const [claimed = null] = await store.write((tx) => claimMessages(tx, [{ message, review, mail }], { ...ME, now }));
  return claimed;
}

/** A claim whose body has begun to leave. */
async function claimAndMark(store: Store, now: Date): Promise<Claim> {
  const taken = await claim(store, now);
  expect(await store.write((tx) => markLeaving(tx, taken!, now))).toBe(true);
  return taken!;
}

async function reminderOf(store: Store, organisationId: string) {
  const { items } = await listMessages(store.read, organisationId, { page: 1, pageSize: 10 });
  return items.find(({ kind }) => kind === 'reminder')!;
}

onBothDialects('the outbox', (fresh) => {
  it('freezes what is sent when it is claimed, and records the server’s answer', async () => {
    const store = await fresh();
    const { ro, plan, accounts } = await dueReminder(store);
    const taken = await claim(store, MONDAY);
    expect(taken).toMatchObject({ claim: 1, kind: 'reminder', to: 'a@example.org' });
    expect(await nextMessage(store.read, MONDAY)).toBeUndefined();
    expect(await reminderOf(store, ro.id)).toMatchObject({ state: 'sending', tries: [{ number: 1, outcome: null, endedAt: null }] });
    expect(await store.write((tx) => markSent(tx, taken!, '250 2.0.0 Ok: queued as 4F1', later(MONDAY, 900)))).toBe(true);
    const sent = await reminderOf(store, ro.id);
    expect(sent).toMatchObject({
      state: 'sent',
      email: 'a@example.org',
      sentAt: later(MONDAY, 900),
      response: '250 2.0.0 Ok: queued as 4F1',
      messageId: `<${sent.id}@inkoop.example>`,
      subject: 'Over 14 dagen: jaarplan met begroting indienen bij Noord (uiterlijk ma 30 sep) en 1 andere',
      tries: [
        {
          number: 1,
          startedAt: MONDAY,
          endedAt: later(MONDAY, 900),
          outcome: 'accepted',
          code: 250,
          response: '250 2.0.0 Ok: queued as 4F1',
        },
      ],
      deadlines: [
        { deadlineId: plan.id, title: plan.title, lastSafeOn: '2024-09-30', leadDays: 14, reason: null },
        { deadlineId: plan.id, title: plan.title, lastSafeOn: '2024-09-30', leadDays: 15, reason: 'merged' },
        { deadlineId: accounts.id, title: accounts.title, lastSafeOn: '2024-10-01', leadDays: 15, reason: null },
      ],
    });
    const { messages } = store.read.tables;
    expect((await store.read.select({ raw: messages.raw }).from(messages)).every(({ raw }) => raw === null)).toBe(true);
  });

  it('gives a message to one of two senders', async () => {
    const store = await fresh();
    await dueReminder(store);
    const { message, review, mail } = await prepare(store, MONDAY);
    const claims = await Promise.all(
      [1, 2].map(() => store.write((tx) => claimMessages(tx, [{ message, review, mail }], { ...ME, now: MONDAY }))),
    );
    expect(claims.flat()).toHaveLength(1);
  });

  it('gives what a sender left behind to one of two that find it, also once that one lets it leave', async () => {
    const store = await fresh();
    await dueReminder(store);
    await claimAndMark(store, MONDAY);
    const now = later(MONDAY, LEASE_MS);
    const found = await prepare(store, now);
    const take = (holder: string) => store.write((tx) => claimMessages(tx, [found], { ...ME, holder, now }));
    const [first] = await take('me');
    expect(await store.write((tx) => markLeaving(tx, first!, now))).toBe(true);
    expect(await take('you')).toEqual([]);
    expect(await store.write((tx) => markSent(tx, first!, '250 Ok', now))).toBe(true);
  });

  it('takes nothing that was settled between the draft and the claim, whoever settled it', async () => {
    const store = await fresh();
    await dueReminder(store);
    const found = await prepare(store, MONDAY);
    for (const state of ['cancelled', 'dead', 'sent'] as const) {
      const sentAt = state === 'sent' ? MONDAY : null;
      await store.write((tx) => tx.update(tx.tables.messages).set({ state, sentAt }).where(eq(tx.tables.messages.id, found.message.id)));
      expect(await store.write((tx) => claimMessages(tx, [found], { ...ME, now: MONDAY })), state).toEqual([]);
    }
  });

  it('holds each reminder and each mail once, whoever adds it again', async () => {
    const store = await fresh();
    const { ro } = await dueReminder(store);
    const { messages, reminders } = store.read.tables;
    const [reminder] = await store.read.select().from(reminders);
    const [message] = await store.read.select().from(messages).where(eq(messages.kind, 'reminder'));
    const id = '00000000-0000-4000-8000-000000000001';
    const again: ((tx: WriteDb) => Promise<unknown>)[] = [
      (tx) => tx.insert(reminders).values({ ...reminder!, id, state: 'pending', messageId: message!.id }),
      (tx) => tx.insert(messages).values({ ...message!, id }),
    ];
    for (const add of again) expect(isUniqueViolation(await store.write(add).catch((error: unknown) => error))).toBe(true);
    // Two that planned from the same state: what the second adds is there already.
    await store.write(async (tx) => {
      await tx.delete(reminders);
      await tx.delete(messages);
    });
    const planner = openPlanner(await readSnapshot(store.read, await readCounters(store.read)), '2024-09-16');
    const plans = await planner.plan(store.read, [ro.id]);
    await Promise.all([1, 2].map(() => store.write((tx) => savePlans(tx, plans, MONDAY))));
    expect(await remindersIn(store)).toHaveLength(3);
    expect(await reminderMailsIn(store)).toHaveLength(1);
  });

  it('lets nobody freeze a mail while something is added to it: what is added is in it', async () => {
    const store = await fresh();
    const { ro } = await dueReminder(store);
    const late = { rule: { kind: 'fixed' as const, on: '2024-09-30' }, title: 'Begroting indienen' };
    await store.write((tx) => addDeadline(tx, { activity: 'regional_plan' }, late));
    const found = await prepare(store, MONDAY);
    const planner = openPlanner(await readSnapshot(store.read, await readCounters(store.read)), '2024-09-16');
    const { promise: added, resolve: add } = Promise.withResolvers<void>();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const adding = store.write(async (tx) => {
      await savePlans(tx, await planner.plan(tx, [ro.id]), MONDAY);
      add();
      await held;
    });
    await added;
    let done = false;
    const claiming = store.write((tx) => claimMessages(tx, [found], { ...ME, now: MONDAY })).finally(() => (done = true));
    // On SQLite the one write waits for the other; on PostgreSQL it is to wait for the row.
    if (store.dialect === 'pg') await vi.waitUntil(async () => done || (await countWaiting(store.read)) > 0, { timeout: 60_000 });
    release();
    await adding;
    expect(await claiming).toEqual([]);
    expect((await claim(store, MONDAY))!.raw.toString()).toContain('Begroting');
  });

  it('does not send what changed between the draft and the claim', async () => {
    const store = await fresh();
    const { ro, plan } = await dueReminder(store);
    const { message, review, mail } = await prepare(store, MONDAY);
    await store.write((tx) => complete(tx, ro.id, plan.id, { completedOn: '2024-09-16', by: 'A', evidence: null }, MONDAY));
    expect(await store.write((tx) => claimMessages(tx, [{ message, review, mail }], { ...ME, now: MONDAY }))).toEqual([]);
    const taken = await claim(store, MONDAY);
    expect(taken!.raw.toString()).not.toContain('Jaarplan met');
    expect(await remindersIn(store)).toEqual([
      ['2024-09-30', 14, 'cancelled', 'completed'],
      ['2024-09-30', 15, 'cancelled', 'merged'],
      ['2024-10-01', 15, 'pending', null],
    ]);
  });

  it('sends nothing at all of what is done, withdrawn, moved or past, or to who has left', async () => {
    const cases: [string, (store: Store, cast: Awaited<ReturnType<typeof dueReminder>>) => Promise<unknown>, Date][] = [
      [
        'completed',
        (store, { ro, plan }) =>
          store.write((tx) => complete(tx, ro.id, plan.id, { completedOn: '2024-09-16', by: 'A', evidence: null }, MONDAY)),
        MONDAY,
      ],
      // A mail about what has just changed waits ten minutes for the news of that.
      ['withdrawn', (store, { plan }) => store.write((tx) => withdrawDeadline(tx, plan.id, 'Vervallen.', MONDAY)), at('09-16T07:40')],
      [
        'moved',
        (store, { plan }) =>
          store.write((tx) =>
            amendDeadline(
              tx,
              plan.id,
              { baseRevision: 1, reason: 'Uitstel.', rule: { kind: 'fixed', on: '2024-10-04' }, sources: plan.sources },
              MONDAY,
            ),
          ),
        at('09-16T07:40'),
      ],
      ['unsubscribed', (store, { recipient }) => store.write((tx) => unsubscribeRecipient(tx, recipient.id, MONDAY)), MONDAY],
      ['passed', async () => {}, at('10-01T08:00')],
    ];
    const store = await fresh();
    const cast = await dueReminder(store);
    await store.write((tx) => withdrawDeadline(tx, cast.accounts.id, 'Vervallen.', at('09-16T07:20')));
    const { messages, reminders } = store.read.tables;
    for (const [reason, change, now] of cases) {
      const undo = store.write(async (tx) => {
        const inTx: Store = { ...store, write: (work) => work(tx), read: tx };
        await change(inTx, cast);
        const mailer = keepingMailer();
        await sendDue({ store: inTx, mailer, settings: SETTINGS }, now);
        expect(mailer.taken, reason).toEqual([]);
        const rows = await tx.select({ state: messages.state, reason: messages.reason, kind: messages.kind }).from(messages);
        expect(rows.filter(({ kind }) => kind === 'reminder')).toEqual([{ state: 'cancelled', reason, kind: 'reminder' }]);
        const held = await tx.select({ reason: reminders.reason, day: reminders.lastSafeOn, lead: reminders.leadDays }).from(reminders);
        expect(held.find(({ day, lead }) => day === '2024-09-30' && lead === 14)?.reason).toBe(reason);
        throw new Error('undo');
      });
      await expect(undo).rejects.toThrow('undo');
    }
  });

  it('sends the very same bytes again when a sender died, but not before its lease ends', async () => {
    const store = await fresh();
    await dueReminder(store);
    const died = await claimAndMark(store, MONDAY);
    const minuteBefore = later(MONDAY, LEASE_MS - 60_000);
    await planReminders(store, minuteBefore);
    expect(await nextMessage(store.read, minuteBefore)).toBeUndefined();
    const again = await claim(store, later(MONDAY, LEASE_MS));
    expect(again).toMatchObject({ id: died.id, claim: 2 });
    expect(again!.raw.equals(died.raw)).toBe(true);
    // The one that was thought dead wakes up: it may not record anything any more.
    expect(await store.write((tx) => markLeaving(tx, died, later(MONDAY, LEASE_MS)))).toBe(false);
    expect(await store.write((tx) => markSent(tx, died, '250 Ok', later(MONDAY, LEASE_MS)))).toBe(false);
    expect(await store.write((tx) => markFailed(tx, died, { kind: 'transport', code: null, response: 'x' }, MONDAY))).toBe(false);
    expect(await store.write((tx) => markSent(tx, again!, '250 Ok', later(MONDAY, LEASE_MS)))).toBe(true);
    expect((await remindersIn(store)).filter(([, , state]) => state === 'sent')).toHaveLength(2);
  });

  it('does not repeat bytes that no longer hold: what still does goes into another mail', async () => {
    const store = await fresh();
    const { plan } = await dueReminder(store);
    await claimAndMark(store, MONDAY);
    await store.write((tx) => withdrawDeadline(tx, plan.id, 'Vervallen.', MONDAY));
    const afterLease = later(MONDAY, LEASE_MS);
    const mailer = keepingMailer();
    await sendDue({ store, mailer, settings: SETTINGS }, afterLease);
    expect(mailer.taken).toEqual([]);
    await planReminders(store, afterLease);
    await sendDue({ store, mailer, settings: SETTINGS }, afterLease);
    expect(mailer.taken).toHaveLength(1);
    expect(mailer.taken[0]!.raw.toString()).toContain('Jaarverantwoording');
    expect(mailer.taken[0]!.raw.toString()).not.toContain('Jaarplan met');
    expect((await reminderMailsIn(store)).map(([, state, reason]) => [state, reason])).toEqual([
      ['cancelled', 'replaced'],
      ['sent', null],
    ]);
  });

  it('does not ask an address again that was refused by its owner while a sender died', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addRecipient(tx, ro.id, { email: 'a@example.org', leadDays: [14], digest: 'daily' }, MONDAY));
    expect(await claimAndMark(store, MONDAY)).toMatchObject({ kind: 'confirmation' });
    await store.write((tx) => unsubscribeRecipient(tx, id, MONDAY));
    expect(await claim(store, later(MONDAY, LEASE_MS))).toBeNull();
    const { items } = await listMessages(store.read, ro.id, { page: 1, pageSize: 10 });
    expect(items.map(({ state, reason }) => [state, reason])).toEqual([['cancelled', 'unsubscribed']]);
  });

  it('lets a person look after three copies of which nobody knows whether they arrived', async () => {
    const store = await fresh();
    const { ro } = await dueReminder(store);
    let now = MONDAY;
    for (let n = 1; n <= 3; n += 1) {
      const taken = await claimAndMark(store, now);
      expect(taken.claim).toBe(n);
      expect(await store.write((tx) => markFailed(tx, taken, { kind: 'uncertain', code: null, response: 'connection lost' }, now))).toBe(
        true,
      );
      now = later(now, LEASE_MS);
    }
    expect(await claim(store, now)).toBeNull();
    expect(await reminderOf(store, ro.id)).toMatchObject({ state: 'dead', reason: 'uncertain' });
    await planReminders(store, now);
    expect(await nextMessage(store.read, now)).toBeUndefined();
  });

  it('gives a reminder up that is refused for good a dozen times while others are taken, and never when nobody is', async () => {
    const store = await fresh();
    const { ro } = await dueReminder(store);
    const { attempts, messages } = store.read.tables;
    const fault: DeliveryFailure = { kind: 'rejected', code: 550, response: '550 Mailbox unavailable' };
    let now = MONDAY;
    const refuseOnce = async () => {
      const taken = await claimAndMark(store, now);
      await store.write((tx) => markFailed(tx, taken, fault, now));
      const { state, reason, nextAt } = await reminderOf(store, ro.id);
      now = nextAt ?? now;
      return [state, reason];
    };
    for (let n = 0; n < 14; n += 1) expect(await refuseOnce()).toEqual(['pending', null]);
    const [welcome] = await store.read.select({ id: messages.id }).from(messages).where(eq(messages.kind, 'welcome'));
    await store.write((tx) =>
      tx
        .insert(attempts)
        .values({ messageId: welcome!.id, number: 99, startedAt: now, endedAt: now, outcome: 'accepted', code: 250, response: '250 Ok' }),
    );
    expect(await refuseOnce()).toEqual(['dead', 'refused']);
    expect((await remindersIn(store)).filter(([, , state]) => state === 'pending')).toEqual([]);
  });

  it('puts a refused message back, waits ever longer, and drafts it anew', async () => {
    const store = await fresh();
    const { ro } = await dueReminder(store);
    const waits: number[] = [];
    let now = MONDAY;
    const fault: DeliveryFailure = { kind: 'deferred', code: 451, response: '451 4.7.1 Greylisted', waitMs: null };
    const { messages } = store.read.tables;
    for (let n = 0; n < 8; n += 1) {
      const taken = await claim(store, now);
      await store.write((tx) => markFailed(tx, taken!, fault, now));
      const { dueAt, id, state } = await reminderOf(store, ro.id);
      // When it was due stays, so that everybody sees how late it is.
      expect([state, dueAt]).toEqual(['pending', MONDAY]);
      const [row] = await store.read.select({ nextAt: messages.nextAt }).from(messages).where(eq(messages.id, id));
      waits.push((row!.nextAt!.getTime() - now.getTime()) / 60_000);
      expect(await nextMessage(store.read, later(row!.nextAt!, -1))).toBeUndefined();
      now = row!.nextAt!;
    }
    expect(waits).toEqual([1, 5, 15, 30, 60, 120, 240, 240]);
    const { tries } = await reminderOf(store, ro.id);
    expect(tries.map(({ outcome, code, response }) => [outcome, code, response])).toEqual(
      waits.map(() => ['refused', 451, fault.response]),
    );
  });

  it('retries at once what a sender held of which nothing left, and keeps no doubt about it', async () => {
    const store = await fresh();
    const { ro } = await dueReminder(store);
    const died = await claim(store, MONDAY);
    expect(await store.write((tx) => takeBackUnmarked(tx, { holders: ['me'] }, MONDAY))).toBe(0);
    expect(await store.write((tx) => takeBackUnmarked(tx, { holders: ['you'] }, later(MONDAY, 1)))).toBe(1);
    // The one that was thought dead may not let it leave any more.
    expect(await store.write((tx) => markLeaving(tx, died!, later(MONDAY, 2)))).toBe(false);
    const again = await claim(store, later(MONDAY, 2));
    expect(again).toMatchObject({ id: died!.id, claim: 2 });
    expect(await store.write((tx) => markLeaving(tx, died!, later(MONDAY, 3)))).toBe(false);
    expect(await store.write((tx) => markLeaving(tx, again!, later(MONDAY, 3)))).toBe(true);
    // Once: a second copy under the same claim would be one that nobody counts.
    expect(await store.write((tx) => markLeaving(tx, again!, later(MONDAY, 3)))).toBe(false);
    const { tries } = await reminderOf(store, ro.id);
    expect(tries.map(({ outcome, response }) => [outcome, response])).toEqual([
      ['failed', 'the sender ended before the mail left'],
      [null, null],
    ]);
  });

  it('does not take back what a sender that died had marked', async () => {
    const store = await fresh();
    await dueReminder(store);
    await claimAndMark(store, MONDAY);
    expect(await store.write((tx) => takeBackUnmarked(tx, { holders: [] }, later(MONDAY, 1)))).toBe(0);
  });

  it('lets nothing leave that was claimed before a change and not marked', async () => {
    const store = await fresh();
    const { ro, wsv, plan, accounts } = await dueReminder(store);
    const done = { completedOn: '2024-09-16', by: 'A', evidence: null };
    const changes: ((tx: WriteDb) => Promise<unknown>)[] = [
      (tx) => complete(tx, ro.id, plan.id, done, MONDAY),
      (tx) => complete(tx, wsv.id, plan.id, done, MONDAY),
      (tx) => withdrawDeadline(tx, accounts.id, 'Vervallen.', MONDAY),
    ];
    for (const change of changes) {
      const taken = await claim(store, MONDAY);
      await store.write(change);
      expect(await store.write((tx) => markLeaving(tx, taken!, MONDAY))).toBe(false);
    }
  });

  it('keeps the bytes of which a copy may have arrived through every later try', async () => {
    const store = await fresh();
    const { plan, ro } = await dueReminder(store);
    const first = await claimAndMark(store, MONDAY);
    const second = await claim(store, later(MONDAY, LEASE_MS));
    await store.write((tx) => takeBackUnmarked(tx, { holders: [] }, later(MONDAY, LEASE_MS)));
    const third = await claimAndMark(store, later(MONDAY, LEASE_MS));
    const refusal: DeliveryFailure = { kind: 'deferred', code: 451, response: '451 Later', waitMs: 0 };
    await store.write((tx) => markFailed(tx, third, refusal, later(MONDAY, LEASE_MS)));
    const fourth = await claim(store, later(MONDAY, 3 * LEASE_MS));
    for (const { raw } of [second!, third, fourth!]) expect(raw.equals(first.raw)).toBe(true);
    // A change takes it back, and then the bytes are not true any more: what still holds is planned anew.
    await store.write((tx) => withdrawDeadline(tx, plan.id, 'Vervallen.', later(MONDAY, 3 * LEASE_MS)));
    expect(await claim(store, later(MONDAY, 3 * LEASE_MS))).toBeNull();
    expect(await reminderOf(store, ro.id)).toMatchObject({ state: 'cancelled', reason: 'replaced' });
  });

  it('sends another copy to whom the first one went, also when the deputy is none any more', async () => {
    const store = await fresh();
    const { recipient } = await dueReminder(store);
    const { recipients } = store.read.tables;
    const setDeputy = (email: string | null) =>
      store.write((tx) =>
        tx
          .update(recipients)
          .set({ deputyEmail: email, deputyUntil: email && '2024-09-30', deputyConfirmedAt: email === null ? null : at('09-10T12:00') })
          .where(eq(recipients.id, recipient.id)),
      );
    await setDeputy('deputy@example.org');
    const first = await claimAndMark(store, MONDAY);
    expect(first.to).toBe('deputy@example.org');
    await setDeputy(null);
    const again = await claim(store, later(MONDAY, LEASE_MS));
    expect([again!.to, again!.raw.equals(first.raw)]).toEqual(['deputy@example.org', true]);
  });

  it('honours how long a server asks to wait, and spreads the waits', async () => {
    const store = await fresh();
    await dueReminder(store);
    const { messages } = store.read.tables;
    const waitFor = async (waitMs: number | null, chance: number) => {
      const taken = await claim(store, MONDAY);
      await store.write((tx) => markFailed(tx, taken!, { kind: 'deferred', code: 451, response: '451', waitMs }, MONDAY, chance));
      const [row] = await store.read.select({ nextAt: messages.nextAt }).from(messages).where(eq(messages.kind, 'reminder'));
      await store.write((tx) => tx.update(messages).set({ nextAt: null, attempts: 0 }));
      return (row!.nextAt!.getTime() - MONDAY.getTime()) / 1000;
    };
    expect([await waitFor(null, 0), await waitFor(null, 0.5), await waitFor(null, 1), await waitFor(300_000, 0.5)]).toEqual([
      48, 60, 72, 300,
    ]);
  });

  it('lets nothing leave to an address that proved to be none meanwhile', async () => {
    const store = await fresh();
    const { ro, wsv } = await dueReminder(store);
    await addConfirmed(store, wsv.id, at('09-01T12:00'), { email: 'a@example.org', leadDays: [14] });
    await planReminders(store, MONDAY);
    const [one, other] = [await claim(store, MONDAY), await claim(store, MONDAY)];
    expect([one!.to, other!.to]).toEqual(['a@example.org', 'a@example.org']);
    const gone: DeliveryFailure = { kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' };
    await store.write((tx) => markFailed(tx, one!, gone, MONDAY));
    expect(await store.write((tx) => markLeaving(tx, other!, MONDAY))).toBe(false);
    const mails = [await reminderOf(store, ro.id), await reminderOf(store, wsv.id)];
    const byId = (id: string) => mails.find((mail) => mail.id === id);
    expect([byId(one!.id), byId(other!.id)]).toMatchObject([
      { state: 'dead', reason: 'undeliverable' },
      { state: 'cancelled', reason: 'undeliverable' },
    ]);
  });

  it('buries what has no address, sends nothing more there, and tells the organisation’s others', async () => {
    const store = await fresh();
    const { ro, wsv } = await dueReminder(store);
    const other = await addConfirmed(store, ro.id, at('09-01T12:00'), { email: 'b@example.org', leadDays: [300] });
    // The same address elsewhere is as dead there.
    await addConfirmed(store, wsv.id, at('09-01T12:00'), { email: 'a@example.org', leadDays: [14] });
    const taken = await claim(store, MONDAY);
    await store.write((tx) => markFailed(tx, taken!, { kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' }, MONDAY));
    expect(await reminderOf(store, ro.id)).toMatchObject({ state: 'dead', reason: 'undeliverable' });
    for (const now of [later(MONDAY, 60_000), at('09-17T08:00')])
      expect(await planReminders(store, now)).toEqual({ planned: 0, cancelled: 0 });
    const { messages, recipients } = store.read.tables;
    const addresses = await store.read
      .select({ status: recipients.status, fault: recipients.fault })
      .from(recipients)
      .where(eq(recipients.email, 'a@example.org'));
    expect(addresses).toEqual([1, 2].map(() => ({ status: 'undeliverable', fault: '550 5.1.1 No such user' })));
    const told = await store.read.select({ to: messages.recipientId }).from(messages).where(eq(messages.kind, 'undeliverable'));
    expect(told).toEqual([{ to: other.id }]);
  });
});
