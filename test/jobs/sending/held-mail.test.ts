/** Mail on hold: nothing leaves but what somebody asks for at that moment, and what waits is listed, struck out and let go. */
import { expect, it } from 'vitest';
import { eq } from '../../../db/store/drizzle.ts';
import { markLeaving } from '../../../db/sending/attempts.ts';
import { claimMessages, dueMessages } from '../../../db/sending/claims.ts';
import { reviewMessage } from '../../../db/sending/composing.ts';
import { endHold, holdMail, readHold, type Hold } from '../../../db/messages/hold.ts';
import { troublesOf } from '../../../db/sending/health.ts';
import { strikeMail } from '../../../db/sending/striking.ts';
import { listMessages } from '../../../db/messages/message-records.ts';
import { auditReminders } from '../../../db/reminders/audit.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import { addRecipient } from '../../../db/recipients/recipients.ts';
import { composeMail } from '../../../jobs/mails/compose.ts';
import { listHeld } from '../../../jobs/sending/held-mail.ts';
import { openHoldNotice } from '../../../jobs/sending/hold-notice.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { tellOperator } from '../../../jobs/watch.ts';
import type { Store } from '../../../db/store/store.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, ME, SETTINGS } from '../../helpers/mail.ts';
import { at, MONDAY, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const HOLD: Hold = { since: at('09-16T06:00'), why: 'the database was restored', by: 'a test', from: at('09-15T04:00'), doubt: null };
const later = (minutes: number) => new Date(MONDAY.getTime() + minutes * 60_000);
const PAGE = { page: 1, pageSize: 50 };

/** The RO with two recipients, and a deadline for each day given, all of which remind them on that Monday. */
async function waiting(store: Store, days: readonly string[], confirmedAt = at('09-02T12:00')) {
  const { ro } = await castIn(store);
  const deadlines = [];
  for (const [n, on] of days.entries())
    deadlines.push(
      await store.write((tx) => addDeadline(tx, { contractYear: 2025 + n }, { rule: { kind: 'fixed', on }, title: `Plan ${n}` })),
    );
  for (const email of ['a@example.org', 'b@example.org']) await addConfirmed(store, ro.id, confirmedAt, { email, leadDays: [14, 3] });
  await planReminders(store, MONDAY);
  return { ro, ids: deadlines.map(({ id }) => id) };
}

async function send(store: Store, now: Date) {
  const mailer = keepingMailer();
  const results = await sendDue({ store, mailer, settings: { ...SETTINGS, operator: 'beheer@example.org' } }, now);
  return { to: mailer.taken.map(({ to }) => to[0]!).sort(), kinds: results.map(({ kind }) => kind), taken: mailer.taken };
}

onBothDialects('while mail is held', (fresh) => {
  it('nothing leaves, no summary either, and all of it does once it ends, one mail for each recipient', async () => {
    const store = await fresh();
    await waiting(store, ['2024-09-30', '2024-10-01']);
    await store.write((tx) => holdMail(tx, HOLD));
    await tellOperator({ store, secret: SETTINGS.secret }, 'beheer@example.org', at('09-17T08:30'));
    for (const minutes of [0, 1, 60 * 25]) expect((await send(store, later(minutes))).kinds).toEqual([]);
    await planReminders(store, later(60 * 24));
    await store.write(endHold);
    const { taken, to } = await send(store, later(60 * 25));
    expect(to).toEqual(['a@example.org', 'b@example.org', 'beheer@example.org']);
    const own = taken.find((mail) => mail.to[0] === 'a@example.org')!.raw.toString();
    for (const title of ['Plan 0', 'Plan 1']) expect(own).toContain(title);
    expect((await send(store, later(60 * 26))).kinds).toEqual([]);
  });

  it('a question that somebody asks at that moment leaves, and one from before the hold does not', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const ask = (email: string, now: Date) => store.write((tx) => addRecipient(tx, ro.id, { email, leadDays: [14], digest: 'daily' }, now));
    await ask('before@example.org', at('09-16T05:59'));
    await store.write((tx) => holdMail(tx, HOLD));
    await ask('asked@example.org', at('09-16T06:00'));
    expect((await send(store, MONDAY)).to).toEqual(['asked@example.org']);
    await store.write(endHold);
    expect((await send(store, later(1))).to).toEqual(['before@example.org']);
  });

  it('a mail that a sender holds already does not begin to leave, and one that is claimed at that very moment neither', async () => {
    const store = await fresh();
    await waiting(store, ['2024-09-30']);
    const claim = async () => {
      const [message] = await dueMessages(store.read, MONDAY, 1);
      const review = await reviewMessage(store.read, message!, MONDAY);
      const mail = composeMail(message!, review.draft!, SETTINGS, MONDAY);
      return { message: message!, review, mail };
    };
    const [claimed] = await store.write(async (tx) => claimMessages(tx, [await claim()], { ...ME, now: MONDAY }));
    const unclaimed = await claim();
    await store.write((tx) => holdMail(tx, HOLD));
    expect(await store.write((tx) => markLeaving(tx, claimed!, MONDAY))).toBe(false);
    expect(await store.write((tx) => claimMessages(tx, [unclaimed], { ...ME, now: MONDAY }))).toEqual([]);
    const { messages } = store.read.tables;
    // As when the claim's transaction began before the hold's, and ended after it.
    await store.write((tx) => tx.update(messages).set({ state: 'sending' }).where(eq(messages.id, claimed!.id)));
    expect(await store.write((tx) => markLeaving(tx, claimed!, MONDAY))).toBe(false);
    await store.write(endHold);
    expect(await store.write((tx) => markLeaving(tx, claimed!, MONDAY))).toBe(true);
  });

  it('what would leave is listed by recipient and deadline, under ids that stay, and what passed meanwhile is listed and not sent', async () => {
    const store = await fresh();
    const { ids } = await waiting(store, ['2024-09-30', '2024-09-19']);
    await store.write((tx) => holdMail(tx, HOLD));
    const now = at('09-20T10:00');
    const rows = await listHeld(store, HOLD, now);
    expect(rows.map(({ recipient, deadlineId, outcome, lastSafeOn }) => [recipient, deadlineId, outcome, lastSafeOn])).toEqual(
      ['a@example.org', 'b@example.org'].flatMap((email) => [
        [email, ids[1], 'passed', '2024-09-19'],
        [email, ids[0], 'leaves', '2024-09-30'],
      ]),
    );
    expect(await listHeld(store, HOLD, now)).toEqual(rows);
    await store.write(endHold);
    const { taken, to } = await send(store, now);
    expect(to).toEqual(['a@example.org', 'b@example.org']);
    for (const { raw } of taken) {
      expect(raw.toString()).toContain('Plan 0');
      expect(raw.toString()).not.toContain('Plan 1');
    }
  });

  it('what passed before the hold began is none of its list', async () => {
    const store = await fresh();
    await waiting(store, ['2024-09-19']);
    const now = at('09-24T10:00');
    await planReminders(store, now);
    const hold = { ...HOLD, since: now, from: now };
    await store.write((tx) => holdMail(tx, hold));
    expect(await listHeld(store, hold, now)).toEqual([]);
  });

  it('what an insurer did itself is over some days after its day, and listed where the hold began before that', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const duty = { actors: ['insurer' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    // A Saturday: told on the Monday after it, and of use for a week from then.
    const rule = { kind: 'fixed' as const, on: '2024-09-14' };
    await store.write((tx) => addDeadline(tx, { activity: 'publication' }, { title: 'Publicatie', rule, duty }));
    await addConfirmed(store, ro.id, at('09-02T12:00'), { leadDays: [14] });
    await planReminders(store, MONDAY);
    await store.write((tx) => holdMail(tx, HOLD));
    const outcomesAt = async (now: Date) => (await listHeld(store, HOLD, now)).map(({ title, outcome }) => [title, outcome]);
    expect(await outcomesAt(at('09-23T10:00'))).toEqual([['Publicatie', 'leaves']]);
    expect(await outcomesAt(at('09-24T10:00'))).toEqual([['Publicatie', 'passed']]);
  });

  it('a recipient, a mail, or one deadline of it is struck out: it never leaves, is not planned anew, and says so', async () => {
    const store = await fresh();
    const { ids, ro } = await waiting(store, ['2024-09-30', '2024-09-30']);
    await store.write((tx) => holdMail(tx, HOLD));
    const strike = (targets: string[], deadlineId?: string) => store.write((tx) => strikeMail(tx, { targets, deadlineId }, MONDAY));
    expect(await strike(['B@Example.org'])).toBe(1);
    expect(await strike(['a@example.org'], ids[0])).toBe(1);
    const rows = await listHeld(store, HOLD, later(30));
    const outcomes = rows.map(({ recipient, deadlineId, outcome }) => `${recipient} ${ids.indexOf(deadlineId!)} ${outcome}`);
    expect(outcomes.sort()).toEqual([
      'a@example.org 0 struck',
      'a@example.org 1 leaves',
      'b@example.org 0 struck',
      'b@example.org 1 struck',
    ]);
    await store.write(endHold);
    const { taken, to } = await send(store, later(60));
    expect(to).toEqual(['a@example.org']);
    expect(taken[0]!.raw.toString()).toContain('Plan 1');
    // The deadline that was struck out may stand among those that come next, and is not what the mail reminds of.
    const sent = (await remindersIn(store)).filter(([, , state]) => state === 'sent');
    expect(sent).toEqual([['2024-09-30', 14, 'sent', null]]);
    const { items } = await listMessages(store.read, ro.id, PAGE);
    expect(items.filter(({ kind, email }) => kind === 'reminder' && email === 'b@example.org')).toMatchObject([
      { state: 'cancelled', reason: 'struck', deadlines: [{ reason: 'struck' }, { reason: 'struck' }] },
    ]);
    expect(await auditReminders(store.read, later(60))).toMatchObject({ missing: [], stranded: 0 });
    for (const day of ['09-17', '09-18', '09-19']) {
      await planReminders(store, at(`${day}T07:30`));
      expect((await send(store, at(`${day}T07:30`))).to).toEqual([]);
    }
    // The next one is another one.
    await planReminders(store, at('09-27T07:30'));
    expect((await send(store, at('09-27T07:30'))).to).toEqual(['a@example.org', 'b@example.org']);
  });

  it('nothing is struck out where one of the targets names nothing that waits', async () => {
    const store = await fresh();
    const { ids } = await waiting(store, ['2024-09-30']);
    await store.write((tx) => holdMail(tx, HOLD));
    const before = await listHeld(store, HOLD, MONDAY);
    await expect(
      store.write((tx) => strikeMail(tx, { targets: ['a@example.org', 'x@example.org', ids[0]!] }, MONDAY)),
    ).rejects.toMatchObject({
      kind: 'invalid',
      faults: [{ field: 'x@example.org' }, { field: ids[0] }],
    });
    expect(await listHeld(store, HOLD, MONDAY)).toEqual(before);
  });

  it('health says so and not that mail is late, and the log at once and then every hour', async () => {
    const store = await fresh();
    await waiting(store, ['2024-09-30']);
    await store.write((tx) => holdMail(tx, { ...HOLD, doubt: 'Who left is not known.' }));
    expect(await troublesOf(store.read, later(60))).toEqual([
      'Mail is held since 2024-09-16T04:00:00.000Z: the database was restored. Who left is not known. See: npm run cli -- hold list',
    ]);
    let ms = 0;
    const lines: string[] = [];
    const notice = openHoldNotice(() => ms, { error: (_, line) => lines.push(line) });
    for (const minute of [0, 1, 59, 60, 61, 119, 120]) {
      ms = minute * 60_000;
      await notice.check(store.read);
    }
    expect(lines).toHaveLength(3);
    await store.write(endHold);
    await notice.check(store.read);
    await store.write((tx) => holdMail(tx, HOLD));
    await notice.check(store.read);
    expect(lines).toHaveLength(4);
    expect(await readHold(store.read)).toEqual(HOLD);
  });
});
