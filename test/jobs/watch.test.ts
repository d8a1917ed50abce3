import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { readAudit } from '../../db/reminders/audit.ts';
import { complete } from '../../db/organisations/completions.ts';
import { troublesOf } from '../../db/sending/health.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import { fileReport } from '../../db/registry/reports.ts';
import { removeRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { MailError } from '../../jobs/transport/mailer.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { auditNow, tellOperator } from '../../jobs/watch.ts';
import { addDeadline, addOrganisation, castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { at, MONDAY, remindersIn } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const later = (ms: number) => new Date(MONDAY.getTime() + ms);
const HOUR = 3_600_000;

async function planned(store: Store) {
  const cast = await castIn(store);
  const plan = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  const recipient = await addConfirmed(store, cast.ro.id, at('09-02T12:00'));
  await planReminders(store, MONDAY);
  return { ...cast, plan, recipient };
}

onBothDialects('the audit', (fresh) => {
  it('finds nothing where all was planned, sent, done or cancelled', async () => {
    const store = await fresh();
    const { plan, wsv } = await planned(store);
    await addConfirmed(store, wsv.id, at('09-02T12:00'));
    await store.write((tx) => complete(tx, wsv.id, plan.id, { completedOn: '2024-09-10', by: 'A', evidence: null }, at('09-10T12:00')));
    expect(await auditNow({ store, secret: SETTINGS.secret }, MONDAY)).toEqual({ missing: [], stranded: 0 });
    await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, MONDAY);
    expect(await auditNow({ store, secret: SETTINGS.secret }, later(HOUR))).toEqual({ missing: [], stranded: 0 });
    expect(await auditNow({ store, secret: SETTINGS.secret }, later(HOUR + 60_000))).toBeNull();
  });

  it('finds a reminder that is not there, says so, and has it planned', async () => {
    const store = await fresh();
    const { ro, plan, recipient } = await planned(store);
    const { messages, reminders } = store.read.tables;
    await store.write(async (tx) => {
      await tx.delete(reminders);
      await tx.delete(messages);
    });
    const tuesday = at('09-17T08:00');
    // Nothing changed since, so that planning has no reason to look.
    await planReminders(store, tuesday);
    await store.write((tx) => tx.delete(reminders));
    expect(await planReminders(store, tuesday)).toEqual({ planned: 0, cancelled: 0 });
    const found = { organisationId: ro.id, recipientId: recipient.id, deadlineId: plan.id, lastSafeOn: '2024-09-30', leadDays: 14 };
    expect(await auditNow({ store, secret: SETTINGS.secret }, tuesday)).toEqual({ missing: [found], stranded: 0 });
    expect(await readAudit(store.read)).toMatchObject({ missing: 1 });
    expect(await troublesOf(store.read, tuesday)).toEqual([expect.stringContaining('missed 1 reminders')]);
    expect(await planReminders(store, tuesday)).toEqual({ planned: 1, cancelled: 0 });
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'pending', null]]);
    expect(await auditNow({ store, secret: SETTINGS.secret }, new Date(tuesday.getTime() + HOUR))).toEqual({ missing: [], stranded: 0 });
  });

  it('finds reminders that wait for a mail which will never leave', async () => {
    const store = await fresh();
    await planned(store);
    await store.write((tx) => tx.update(tx.tables.messages).set({ state: 'sent' }));
    expect(await auditNow({ store, secret: SETTINGS.secret }, MONDAY)).toEqual({ missing: [], stranded: 1 });
  });
});

onBothDialects('the operator', (fresh) => {
  it('is told once a day how the day before went, and what needs a look', async () => {
    const store = await fresh();
    const { ro } = await planned(store);
    await addConfirmed(store, ro.id, at('09-02T12:00'), { email: 'b@example.org' });
    await planReminders(store, MONDAY);
    const mailer = keepingMailer();
    const gone = {
      ...mailer,
      send: async (...[envelope, raw, handover]: Parameters<typeof mailer.send>) => {
        if (envelope.to === 'b@example.org') throw new MailError({ kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' });
        return mailer.send(envelope, raw, handover);
      },
    };
    await sendDue({ store, mailer: gone, settings: SETTINGS }, MONDAY);
    const kept = keepingMailer();
    const tell = async (now: Date) => {
      const queued = await tellOperator({ store, secret: SETTINGS.secret }, 'beheer@example.org', now);
      await sendDue({ store, mailer: kept, settings: SETTINGS }, now);
      return queued;
    };
    expect(await tell(at('09-17T08:29'))).toBe(false);
    expect(await tell(at('09-17T08:30'))).toBe(true);
    expect(await tell(at('09-17T08:31'))).toBe(false);
    expect(await tell(at('09-18T08:30'))).toBe(true);
    const mail = await PostalMime.parse(kept.taken[0]!.raw);
    expect(kept.taken[0]!.to).toEqual(['beheer@example.org']);
    expect(mail.subject).toBe('Inkoopkalender 2024-09-16: needs a look (2 sent)');
    // The reminder to a, the notice to a about b, and the dead one to b.
    expect(mail.text).toContain('Mails that were due on 2024-09-16: 3 = 2 sent + 0 cancelled + 1 dead.');
    expect(mail.text).toContain('Dead letters: 1.');
    expect(mail.text).toContain('undeliverable b@example.org (Regio Zuid): 550 5.1.1 No such user');
  });

  it('counts what readers reported and nobody saw to', async () => {
    const store = await fresh();
    await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const report = { deadlineId: id, revision: 1, language: 'nl', correct: null, proof: null, email: null } as const;
    const file = async (wrong: string, on: Date) => store.write((tx) => fileReport(tx, { ...report, wrong }, 'caller', on));
    await file('Al eerder.', at('09-15T12:00'));
    await file('Van gisteren.', at('09-16T12:00'));
    const kept = keepingMailer();
    await tellOperator({ store, secret: SETTINGS.secret }, 'beheer@example.org', at('09-17T08:30'));
    await sendDue({ store, mailer: kept, settings: SETTINGS }, at('09-17T08:30'));
    const { text } = await PostalMime.parse(kept.taken[0]!.raw);
    expect(text).toContain('Readers’ reports that an entry is wrong: 2 open, 1 of them new. See: npm run cli -- report list');
    expect(text).not.toContain('Van gisteren');
  });

  it('reads each name on one line and in its own direction', async () => {
    const store = await fresh();
    const name = 'Regio \u202eduiZ\u2066\u200b\nDead letters: 0.';
    const { id } = await store.write((tx) => addOrganisation(tx, { name, insurers: [] }));
    const recipient = await addConfirmed(store, id, at('09-16T12:00'));
    await store.write((tx) => removeRecipient(tx, id, recipient.id, MONDAY));
    const kept = keepingMailer();
    await tellOperator({ store, secret: SETTINGS.secret }, 'beheer@example.org', at('09-17T08:30'));
    await sendDue({ store, mailer: kept, settings: SETTINGS }, at('09-17T08:30'));
    const { text } = await PostalMime.parse(kept.taken[0]!.raw);
    expect(text).toContain('\n- Regio duiZ Dead letters: 0.: no recipients, since ');
  });
});
