import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { addDays, amsterdamDay } from '../../../calendars/days.ts';
import { queueMessage } from '../../../db/messages/messages.ts';
import { purgeMessages } from '../../../db/messages/retention.ts';
import { noteDead } from '../../../db/messages/unaskable.ts';
import { complete } from '../../../db/organisations/completions.ts';
import { changeRecipient, removeRecipient } from '../../../db/recipients/recipients.ts';
import { auditReminders } from '../../../db/reminders/audit.ts';
import { amendDeadline } from '../../../db/registry/amending.ts';
import type { MessageState } from '../../../db/schema/schema.ts';
import { eq } from '../../../db/store/drizzle.ts';
import { digestsOf } from '../../../db/store/secrets.ts';
import type { Store } from '../../../db/store/store.ts';
import { planNow } from '../../../jobs/plan.ts';
import { watchRetention } from '../../../jobs/removing/retention.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { addDeadline, castIn, contentOf } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { at, MONDAY } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const { secret } = SETTINGS;
const YEARS_LATER = new Date('2026-10-03T12:00:00+02:00');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Somebody who was reminded of a deadline in 2024, and of one that is still to come in 2027. */
async function reminded(store: Store) {
  const cast = await castIn(store);
  const past = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  const coming = await store.write((tx) => addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'fixed', on: '2024-10-01' } }));
  const recipient = await addConfirmed(store, cast.ro.id, at('09-02T12:00'), { leadDays: [42, 14, 3] });
  const send = async (now: Date) => {
    await planNow({ store }, now);
    await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, now);
  };
  return { ...cast, past, coming, recipient, send };
}

const messagesIn = async (store: Store) =>
  (await store.read.select().from(store.read.tables.messages))
    .map(({ kind, state, dueAt }) => `${amsterdamDay(dueAt)} ${kind} ${state}`)
    .sort();

onBothDialects('retention', (fresh) => {
  it('purges messages with all that hangs on them, and keeps what proves that a deadline still to come was told', async () => {
    const store = await fresh();
    const { coming, send } = await reminded(store);
    await send(at('09-16T07:30'));
    await send(at('09-17T07:30'));
    // A mail of both; then one of them gets two more years.
    const { deadlines, reminders } = store.read.tables;
    const rows = await store.read.select().from(reminders);
    expect(new Set(rows.map(({ messageId }) => messageId)).size).toBeGreaterThan(1);
    await store.write((tx) =>
      amendDeadline(
        tx,
        coming.id,
        { baseRevision: 1, reason: 'Uitstel.', rule: { kind: 'fixed', on: '2027-02-01' }, sources: contentOf().sources },
        at('09-18T09:00'),
      ),
    );
    await send(at('09-18T09:30'));
    const before = await messagesIn(store);
    const watch = watchRetention(store, { secret });
    expect(await watch.check(new Date('2026-08-01T12:00:00+02:00'))).toBeNull();
    expect(await messagesIn(store)).toEqual(before);
    const purged = await watch.check(YEARS_LATER);
    expect(purged).toMatchObject({ erased: 0, files: 0, reports: 0, answers: 0 });
    const after = await messagesIn(store);
    expect(purged!.messages).toBeGreaterThan(0);
    expect(after).toEqual(['2024-09-17 reminder sent', '2024-09-18 change sent']);
    const kept = await store.read.select({ deadlineId: reminders.deadlineId, state: reminders.state }).from(reminders);
    expect(kept).toContainEqual({ deadlineId: coming.id, state: 'sent' });
    expect(await store.read.$count(deadlines)).toBe(2);
    expect(await watchRetention(store, { secret }).check(YEARS_LATER)).toBeNull();
    // Once it has passed, too, and has done so for as long as is kept.
    expect(await watch.check(new Date('2027-02-02T12:00:00+02:00'))).toMatchObject({ messages: 2 });
    expect(await messagesIn(store)).toEqual([]);
    expect(
      await Promise.all([store.read.tables.attempts, reminders, store.read.tables.notices].map((table) => store.read.$count(table))),
    ).toEqual([0, 0, 0]);
  });

  it('keeps what waits, whatever its age, and does it once a day, by one of several', async () => {
    const store = await fresh();
    const { recipient, send } = await reminded(store);
    await send(MONDAY);
    await store.write((tx) => queueMessage(tx, recipient, 'welcome', MONDAY));
    const [one, two] = [watchRetention(store, { secret, months: 2 }), watchRetention(store, { secret, months: 2 })];
    const results = await Promise.all([one.check(YEARS_LATER), two.check(YEARS_LATER)]);
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    expect(await messagesIn(store)).toEqual(['2024-09-16 welcome pending']);
    const { messages } = store.read.tables;
    await store.write((tx) => tx.update(messages).set({ state: 'cancelled' }));
    expect(await one.check(YEARS_LATER)).toBeNull();
    expect(await one.check(new Date('2026-10-04T04:00:00+02:00'))).toBeNull();
    expect(await one.check(new Date('2026-10-04T04:30:00+02:00'))).toMatchObject({ messages: 1 });
  });

  it('makes a new mail under a key of its own where earlier ones are purged', async () => {
    const store = await fresh();
    const { recipient } = await reminded(store);
    const { messages } = store.read.tables;
    const queue = (now: Date) => store.write((tx) => queueMessage(tx, recipient, 'undeliverable', now));
    const first = await queue(at('01-02T12:00'));
    const second = await queue(at('12-02T12:00'));
    await store.write((tx) => tx.update(messages).set({ state: 'sent' }));
    await watchRetention(store, { secret }).check(new Date('2026-06-01T12:00:00+02:00'));
    const left = (await store.read.select({ id: messages.id }).from(messages)).map(({ id }) => id);
    expect([left.includes(first.id), left.includes(second.id)]).toEqual([false, true]);
    const third = await queue(new Date('2026-06-01T12:00:00+02:00'));
    expect([third.id === second.id, third.state]).toEqual([false, 'pending']);
  });

  it('erases what older releases left of who was removed, of deputies that are none any more, and of dead addresses', async () => {
    const store = await fresh();
    const { past, recipient, ro, send } = await reminded(store);
    const gone = await addConfirmed(store, ro.id, at('09-02T12:00'), { email: 'gone@example.org' });
    const deputy = { email: 'ward@example.org', until: '2024-12-31' };
    await store.write((tx) => changeRecipient(tx, ro.id, recipient.id, { deputy }, at('09-02T13:00')));
    await send(at('09-02T13:01'));
    await store.write((tx) =>
      complete(tx, ro.id, past.id, { completedOn: '2024-09-03', by: 'Gone@example.org', evidence: null }, at('09-03T09:00')),
    );
    const { completions, deadAddresses, messages } = store.read.tables;
    await store.write(async (tx) => {
      await noteDead(tx, digestsOf(secret, 'x@example.org'), '550-5.1.1 <x@example.org> unknown', MONDAY);
      await tx.insert(deadAddresses).values({ address: 'old', fault: '550 5.1.1 <y@example.org>: unknown', since: MONDAY });
      await removeRecipient(tx, ro.id, gone.id, MONDAY);
    });
    const watch = watchRetention(store, { secret });
    expect(await watch.check(MONDAY)).toEqual({ messages: 0, erased: 1, files: 0, reports: 0, answers: 0 });
    const sentTo = async () => new Set((await store.read.select().from(messages)).flatMap((message) => message.sentTo ?? []));
    expect(await sentTo()).toEqual(new Set(['a@example.org', 'ward@example.org']));
    expect(await store.read.select({ by: completions.by }).from(completions)).toEqual([{ by: 'een ontvanger die is verwijderd' }]);
    const faults = (await store.read.select().from(deadAddresses)).map(({ fault }) => fault);
    expect(faults).toEqual(['550 5.1.1', '550 5.1.1']);
    await store.write((tx) => changeRecipient(tx, ro.id, recipient.id, { deputy: null }, MONDAY));
    expect(await watch.check(at('09-17T05:00'))).toEqual({ messages: 0, erased: 1, files: 0, reports: 0, answers: 0 });
    expect(await sentTo()).toEqual(new Set(['a@example.org']));
    const digests = await store.read
      .select({ digest: messages.sentToDigest })
      .from(messages)
      .where(eq(messages.kind, 'deputy_confirmation'));
    expect(digests).toEqual([{ digest: digestsOf(secret, 'ward@example.org').address }]);
  });

  it('removes old files of mails that are no more, and no other file', async () => {
    const store = await fresh();
    const { recipient } = await reminded(store);
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
    folders.push(folder);
    const kept = await store.write((tx) => queueMessage(tx, recipient, 'welcome', MONDAY));
    const gone = randomUUID();
    const stays = [
      `2024-09-16-welcome-${kept.id}.eml`,
      `2024-11-01-welcome-${gone}.eml`,
      `2024-09-16-welcome-${gone}.eml.bak`,
      `copy of 2024-09-16-welcome-${gone}.eml`,
      '2024-09-16-notes.eml',
      'letter.eml',
    ];
    for (const name of [...stays, `2024-09-16-welcome-${gone}.eml`, `2024-09-16-deputy_confirmation-${gone}.eml.part`])
      writeFileSync(join(folder, name), 'mail');
    const watch = watchRetention(store, { folder, secret });
    expect(await watch.check(YEARS_LATER)).toMatchObject({ files: 2 });
    expect(readdirSync(folder).sort()).toEqual(stays.sort());
  });

  it('never changes what the audit counts, whatever stands there', async () => {
    const store = await fresh();
    const { ro, coming, recipient } = await reminded(store);
    const past = await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { rule: { kind: 'fixed', on: '2024-09-10' } }));
    // Of what was due within a week before: fourteen days before the one that is still to come.
    const today = '2024-09-20';
    const now = new Date(`${today}T12:00:00+02:00`);
    const { messages, reminders } = store.read.tables;
    const row = fc.record({
      state: fc.constantFrom<MessageState | 'none'>('sent', 'cancelled', 'dead', 'pending', 'sending', 'none'),
      reminder: fc.constantFrom('pending' as const, 'sent' as const, 'cancelled' as const),
      isComing: fc.boolean(),
      age: fc.integer({ min: 0, max: 200 }),
      safeIn: fc.integer({ min: -300, max: 60 }),
      leadDays: fc.constantFrom(42, 14, 3),
    });
    const most = { missing: 0, stranded: 0, purged: 0 };
    const run = fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 25 }), async (rows) => {
      await store.write(async (tx) => {
        await tx.delete(messages);
        await tx.delete(reminders);
        for (const { age, isComing, leadDays, reminder, safeIn, state } of rows) {
          const then = new Date(now.getTime() - age * 86_400_000);
          const message = {
            id: randomUUID(),
            key: randomUUID(),
            organisationId: ro.id,
            recipientId: recipient.id,
            kind: 'reminder' as const,
          };
          if (state !== 'none')
            await tx.insert(messages).values({ ...message, state, dueAt: then, claim: 0, attempts: 0, createdAt: then });
          const deadlineId = isComing ? coming.id : past.id;
          // Where it is still to come it may be the very one that is looked for.
          const lastSafeOn = safeIn > 0 ? '2024-10-01' : addDays(today, safeIn);
          const place = { recipientId: recipient.id, deadlineId, organisationId: ro.id, lastSafeOn, leadDays };
          await tx
            .insert(reminders)
            .values({ id: randomUUID(), ...place, state: reminder, messageId: state === 'none' ? null : message.id, createdAt: then })
            .onConflictDoNothing();
        }
      });
      const before = await auditReminders(store.read, now);
      const found = await store.read.$count(messages);
      await purgeMessages(store, { before: new Date(now.getTime() - 60 * 86_400_000), today });
      expect(await auditReminders(store.read, now)).toEqual(before);
      most.missing = Math.max(most.missing, before.missing.length);
      most.stranded = Math.max(most.stranded, before.stranded);
      most.purged = Math.max(most.purged, found - (await store.read.$count(messages)));
    });
    await fc.assert(run, { numRuns: 40 });
    // It could have been otherwise.
    expect(Object.values(most).filter((count) => count === 0)).toEqual([]);
  });
});
