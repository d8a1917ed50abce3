/** When mails leave that do not count back from the last safe day: what an insurer did itself, and what somebody hands over. */
import { expect, it } from 'vitest';
import { holdMail } from '../../db/messages/hold.ts';
import { addRecipient, confirmRecipient } from '../../db/recipients/recipients.ts';
import { saveDocument, saveInsurer } from '../../db/registry/insurers.ts';
import { auditReminders } from '../../db/reminders/audit.ts';
import type { Store, WriteDb } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { listHeld } from '../../jobs/sending/held-mail.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../helpers/mailbox.ts';
import { at, remindersIn } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const LONG_AGO = new Date('2024-01-08T12:00:00Z');
/** What was there before is no news. */
const CONFIRMED = new Date('2024-01-08T12:01:00Z');
const ACT = { actors: ['insurer' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };

/** Easter Monday is the day by which the policy is there. */
const addPublication = (tx: WriteDb) =>
  addDeadline(
    tx,
    { activity: 'publication' },
    {
      title: 'Publicatie zorginkoopbeleid',
      duty: ACT,
      rule: { kind: 'fixed', on: '2024-04-01' },
      sources: [{ document: 'Beleid 2025', section: null, quote: '1 april 2024 publicatie', url: null }],
    },
    LONG_AGO,
  );

async function withDocument(store: Store) {
  await store.write(async (tx) => {
    await saveDocument(
      tx,
      {
        key: 'noord-page',
        title: 'Pagina',
        version: null,
        publishedOn: null,
        url: 'https://noord.example/beleid',
        remarks: [],
      },
      LONG_AGO,
    );
    const noord = { slug: 'noord', name: 'Noord', kind: 'health_insurer' as const, website: 'https://noord.example' };
    await saveInsurer(tx, { ...noord, aliases: [], contacts: [], remarks: [], documents: ['noord-page'] }, LONG_AGO);
  });
}

onBothDialects('what an insurer does itself', (fresh) => {
  it('is told on the working day after, once, with the way to its policy', async () => {
    const store = await fresh();
    const { ro } = await castIn(store, LONG_AGO);
    await withDocument(store);
    await store.write(addPublication);
    await addConfirmed(store, ro.id, CONFIRMED, { digest: 'weekly' });
    for (const day of ['03-28', '03-29', '04-01']) expect(await subjectsAt(store, at(`${day}T12:00`))).toEqual([]);
    const [mail, ...others] = await mailsAt(store, at('04-02T12:00'));
    expect(others).toEqual([]);
    expect(mail!.subject).toBe('Gisteren: publicatie zorginkoopbeleid door Noord (uiterlijk ma 1 apr)');
    expect(mail!.text).toContain('Dat was gisteren.');
    expect(mail!.text).toContain('https://noord.example/beleid');
    expect(mail!.text).not.toContain('/done/');
    expect(await remindersIn(store)).toEqual([['2024-04-01', 0, 'sent', null]]);
    for (const day of ['04-03', '04-08']) expect(await subjectsAt(store, at(`${day}T12:00`))).toEqual([]);
  });

  it('waits for a mail server that is away, and on hold for whoever ends that', async () => {
    const store = await fresh();
    const { ro } = await castIn(store, LONG_AGO);
    await store.write(addPublication);
    await addConfirmed(store, ro.id, CONFIRMED);
    await planNow({ store }, at('04-02T07:30'));
    const hold = { since: at('04-01T06:00'), why: 'a restore', by: 'a test', from: at('04-01T04:00'), doubt: null };
    await store.write((tx) => holdMail(tx, hold));
    const outcomes = async (now: Date) => (await listHeld(store, hold, now)).map(({ outcome }) => outcome);
    expect(await outcomes(at('04-04T12:00'))).toEqual(['leaves']);
    expect(await outcomes(at('04-10T12:00'))).toEqual(['passed']);
  });
});

onBothDialects('who hands its part over', (fresh) => {
  it('hears ten working days earlier than who submits it, and the audit misses nothing', async () => {
    const store = await fresh();
    const { ro, wsv } = await castIn(store, LONG_AGO);
    const duty = { actors: ['ro' as const], onBehalfOf: ['wsv' as const], contractStatus: 'any' as const, deliverable: null };
    await store.write((tx) => addDeadline(tx, {}, { duty, rule: { kind: 'fixed', on: '2024-09-30' } }, LONG_AGO));
    await addConfirmed(store, ro.id, CONFIRMED, { email: 'ro@example.org', leadDays: [14] });
    await addConfirmed(store, wsv.id, CONFIRMED, { email: 'wsv@example.org', leadDays: [14] });
    const told = async (day: string) => (await subjectsAt(store, at(`${day}T12:00`))).filter((line) => line.includes('jaarplan'));
    expect(await told('08-30')).toEqual([]);
    expect(await told('09-02')).toEqual([expect.stringMatching(/^wsv@example\.org: Over 28 dagen/)]);
    // It confirms when its own reminder was over already.
    await store.write(async (tx) => {
      const input = { email: 'late@example.org', leadDays: [14], digest: 'daily' as const };
      await confirmRecipient(tx, (await addRecipient(tx, wsv.id, input, at('09-04T12:00'))).id, at('09-04T12:00'));
    });
    expect(await told('09-16')).toEqual([expect.stringMatching(/^ro@example\.org: Over 14 dagen/)]);
    expect(await auditReminders(store.read, at('09-17T12:00'))).toEqual({ missing: [], stranded: 0 });
  });
});

onBothDialects('signing for who has no contract', (fresh) => {
  it('is asked about once, after the day to ask for one, and never escalated', async () => {
    const store = await fresh();
    const { outsider } = await castIn(store, LONG_AGO);
    const on = (day: string, said: string) => ({
      rule: { kind: 'fixed' as const, on: day },
      sources: [{ document: 'Beleid 2025', section: null, quote: said, url: null }],
    });
    const provider = { actors: ['provider' as const], onBehalfOf: [], deliverable: null };
    await store.write(async (tx) => {
      const oost = { insurer: 'oost', careType: 'general' as const };
      const request = { title: 'Overeenkomst aanvragen', duty: { ...provider, contractStatus: 'uncontracted' as const } };
      await addDeadline(tx, { ...oost, activity: 'contract_request' }, { ...request, ...on('2024-08-31', '31 augustus 2024') }, LONG_AGO);
      const sign = { title: 'Overeenkomst tekenen', duty: { ...provider, contractStatus: 'any' as const } };
      await addDeadline(tx, { ...oost, activity: 'signing' }, { ...sign, ...on('2024-10-28', '28 oktober 2024') }, LONG_AGO);
    });
    await addConfirmed(store, outsider.id, CONFIRMED, { leadDays: [42, 14, 3, 0] });
    const about = async (day: string) =>
      (await mailsAt(store, at(`${day}T12:00`))).filter(({ subject }) => /tekenen|aangeboden/.test(subject ?? ''));
    const [mail] = await about('09-16');
    expect(mail!.subject).toBe('Kreeg u een overeenkomst 2025 aangeboden door Oost? (uiterlijk ma 28 okt)');
    expect(mail!.text!.replaceAll(/\s+/g, ' ')).toContain(
      'Kreeg u een overeenkomst aangeboden? Teken die uiterlijk 28 oktober 2024 en meld de dag van ontvangst.',
    );
    for (const day of ['10-14', '10-25', '10-28']) expect(await about(day)).toEqual([]);
    expect((await auditReminders(store.read, at('10-16T12:00'))).missing).toEqual([]);
  });

  it('reads in the welcome mail that the day to ask for a contract is over', async () => {
    const store = await fresh();
    const { outsider } = await castIn(store, LONG_AGO);
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'uncontracted' as const, deliverable: null };
    const sources = [{ document: 'Beleid 2025', section: null, quote: '31 augustus 2024', url: null }];
    await store.write((tx) =>
      addDeadline(tx, { insurer: 'oost', activity: 'contract_request' }, { duty, sources, rule: { kind: 'fixed', on: '2024-08-31' } }),
    );
    await store.write(async (tx) => {
      const input = { email: 'a@example.org', leadDays: [14], digest: 'daily' as const };
      await confirmRecipient(tx, (await addRecipient(tx, outsider.id, input, at('09-04T12:00'))).id, at('09-04T12:00'));
    });
    const texts = (await mailsAt(store, at('09-04T12:01'))).map(({ text }) => text!.replaceAll(/\s+/g, ' '));
    expect(texts.join()).toContain('De dag om een zorgovereenkomst 2025 aan te vragen is voorbij: Oost (31 augustus 2024).');
  });
});
