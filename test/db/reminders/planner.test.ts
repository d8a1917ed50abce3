import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays, amsterdamDay } from '../../../calendars/days.ts';
import { isOfDeadline } from '../../../calendars/reminders/due-reminder.ts';
import { planFor } from '../../../calendars/reminders/reminder-plan.ts';
import { MOST_DAYS_AFTER } from '../../../calendars/reminders/reminders.ts';
import { readAgenda } from '../../../db/organisations/agenda.ts';
import { complete } from '../../../db/organisations/completions.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { eq, gte, or, and } from '../../../db/store/drizzle.ts';
import { recordOwnEvent } from '../../../db/organisations/own-events.ts';
import { createOrganisation } from '../../../db/organisations/organisations.ts';
import { openPlanner } from '../../../db/reminders/planner.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import { changeRecipient } from '../../../db/recipients/recipients.ts';
import { readSnapshot } from '../../../db/registry/snapshot.ts';
import type { Store } from '../../../db/store/store.ts';
import { readCounters } from '../../../db/store/counters.ts';
import { muteDeadline, readPreferences } from '../../../db/recipients/preferences.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { at, MONDAY } from '../../helpers/reminders.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

/** The same question asked the long way: one organisation and one recipient at a time, over all that it has. */
async function planTheLongWay(store: Store, now: Date) {
  const { messages, organisations, recipients, reminders } = store.read.tables;
  const today = amsterdamDay(now);
  const plans: unknown[] = [];
  for (const organisation of await store.read.select().from(organisations)) {
    const items = await readAgenda(store.read, organisation.id, { withdrawnToo: true });
    const confirmed = and(eq(recipients.organisationId, organisation.id), eq(recipients.status, 'confirmed'));
    for (const recipient of await store.read.select().from(recipients).where(confirmed)) {
      const rows = await store.read
        .select({ reminder: reminders, state: messages.state })
        .from(reminders)
        .leftJoin(messages, eq(messages.id, reminders.messageId))
        .where(
          and(
            eq(reminders.recipientId, recipient.id),
            or(gte(reminders.lastSafeOn, addDays(today, -MOST_DAYS_AFTER)), eq(reminders.state, 'pending')),
          ),
        );
      const stored = rows.map(({ reminder, state }) => ({ ...reminder, leaving: state !== null && state !== 'pending' }));
      const sent = await store.read
        .select()
        .from(messages)
        .where(and(eq(messages.recipientId, recipient.id), eq(messages.kind, 'reminder')));
      const mailLeft = sent.some(
        ({ claimedAt, state }) => ['sending', 'sent'].includes(state) && claimedAt && amsterdamDay(claimedAt) === today,
      );
      const confirmedOn = amsterdamDay(recipient.confirmedAt!) < today ? amsterdamDay(recipient.confirmedAt!) : today;
      const preferences = await readPreferences(store.read, recipient, today);
      const plan = planFor({
        ...preferences,
        items,
        readerId: organisation.id,
        stored: stored.filter(isOfDeadline),
        digest: recipient.digest,
        confirmedOn,
        today,
        mailLeft,
      });
      plans.push(shape(recipient.id, plan));
    }
  }
  return plans.filter((plan) => plan !== null).sort();
}

function shape(recipientId: string, { drop, merged, missing, waiting }: ReturnType<typeof planFor>) {
  if (drop.length + merged.length + missing.length + waiting.length === 0) return null;
  const place = ({ deadlineId, organisationId, lastSafeOn, leadDays }: (typeof merged)[number]) =>
    [deadlineId, organisationId, lastSafeOn, leadDays].join(' ');
  return JSON.stringify([
    recipientId,
    drop.map(({ id, reason }) => `${id} ${reason}`).sort(),
    merged.map(place).sort(),
    missing.map((row) => `${place(row)} ${row.revives}`).sort(),
    waiting.map(({ id }) => id).sort(),
  ]);
}

async function planInSlices(store: Store, now: Date) {
  const { organisations } = store.read.tables;
  const ids = (await store.read.select({ id: organisations.id }).from(organisations)).map(({ id }) => id);
  const planner = openPlanner(await readSnapshot(store.read, await readCounters(store.read)), amsterdamDay(now));
  const plans = await planner.plan(store.read, ids);
  return plans.map(({ recipient, plan }) => shape(recipient.id, plan)).sort();
}

onSqlite('a planner of many', (fresh) => {
  it('finds what asking one by one finds, whatever happened before', async () => {
    const step = fc.record({
      day: fc.integer({ min: 0, max: 8 }),
      what: fc.constantFrom('nothing', 'send', 'complete', 'withdraw', 'move', 'mute', 'leads', 'event'),
      which: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const store = await fresh();
        const { ro, wsv } = await castIn(store);
        const insurers = [{ insurer: 'noord', contractStatus: 'contracted' as const, preferred: false }];
        const alike = await store.write((tx) =>
          createOrganisation(tx, { name: 'Regio Oost', language: 'nl', roles: ['ro'], parent: null, insurers }, MONDAY),
        );
        const twin = await store.write((tx) =>
          createOrganisation(tx, { name: 'Regio West', language: 'nl', roles: ['ro'], parent: null, insurers }, MONDAY),
        );
        const deadlines = await store.write(async (tx) => [
          await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }),
          await addDeadline(tx, { activity: 'accounts' }, { rule: { kind: 'fixed', on: '2024-10-04' } }),
          await addDeadline(tx, { activity: 'regional_plan' }, { rule: { kind: 'fixed', on: '2024-10-20' } }),
          await addDeadline(
            tx,
            { activity: 'signing_term' },
            { rule: { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } },
          ),
        ]);
        const longAgo = new Date('2023-11-01T12:00:00Z');
        const recipients = [
          await addConfirmed(store, ro.id, longAgo, { leadDays: [20, 14, 12, 3] }),
          await addConfirmed(store, alike.id, at('09-02T12:00'), { email: 'b@example.org', leadDays: [20, 14, 12, 3] }),
          await addConfirmed(store, alike.id, longAgo, { email: 'c@example.org', leadDays: [14, 0], digest: 'weekly' }),
          await addConfirmed(store, wsv.id, longAgo, { email: 'd@example.org', leadDays: [14] }),
          await addConfirmed(store, twin.id, longAgo, { email: 'e@example.org', leadDays: [20, 14, 12, 3] }),
        ];
        let day = 13;
        for (const { day: days, what, which } of steps) {
          day = Math.min(30, day + days);
          const now = at(`09-${day}T09:00`);
          const recipient = recipients[which % recipients.length]!;
          const deadline = deadlines[which % 3]!;
          await store.write(async (tx) => {
            if (what === 'complete')
              await complete(tx, recipient.organisationId, deadline.id, { completedOn: '2024-09-13', by: 'A', evidence: null }, now).catch(
                () => {},
              );
            if (what === 'withdraw') await withdrawDeadline(tx, deadline.id, 'Vervallen.', now).catch(() => {});
            if (what === 'mute') await muteDeadline(tx, recipient.id, deadline.id, now);
            if (what === 'leads') await changeRecipient(tx, recipient.organisationId, recipient.id, { leadDays: [which * 3, 14] }, now);
            if (what === 'event')
              await recordOwnEvent(
                tx,
                recipient.organisationId,
                { kind: 'contract_received', insurer: 'noord', contractYear: 2025, occurredOn: `2024-08-${19 + which}` },
                now,
              ).catch(() => {});
            if (what === 'move')
              await amendDeadline(
                tx,
                deadline.id,
                { baseRevision: 1, reason: 'Uitstel.', rule: { kind: 'fixed', on: `2024-10-0${which + 2}` }, sources: deadline.sources },
                now,
              ).catch(() => {});
          });
          expect(await planInSlices(store, now)).toEqual(await planTheLongWay(store, now));
          await planReminders(store, now);
          expect(await planReminders(store, now)).toEqual({ planned: 0, cancelled: 0 });
          expect(await planInSlices(store, now)).toEqual(await planTheLongWay(store, now));
          if (what === 'send') await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, now);
        }
      }),
      { numRuns: 25 },
    );
  });
});

onBothDialects('a change', (fresh) => {
  it('is noticed by the next round, and nothing else is looked at', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    for (const { id } of [ro, outsider]) await addConfirmed(store, id, at('09-02T12:00'), { leadDays: [14] });
    await planReminders(store, MONDAY);
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }, MONDAY));
    expect(await planReminders(store, MONDAY)).toEqual({ planned: 1, cancelled: 0 });
    // A reminder that vanishes behind everybody's back is the audit's to find: nothing changed that a round would look at.
    await store.write((tx) => tx.delete(tx.tables.reminders));
    expect(await planReminders(store, MONDAY)).toEqual({ planned: 0, cancelled: 0 });
  });
});
