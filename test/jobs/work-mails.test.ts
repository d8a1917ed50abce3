/** The editors' weekly mail: on Monday, once, to who wants it, where there is anything to do. */
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { addEditor, endEditing } from '../../db/people/editors.ts';
import { findPerson } from '../../db/people/people.ts';
import { reapply, sealWithdrawal } from '../../db/people/reapplying.ts';
import { chooseWorkMail, isMailedWork } from '../../db/people/work-mails.ts';
import { auditHead } from '../../db/registry/audit.ts';
import { openDraft } from '../../db/registry/editions/drafts.ts';
import { fileReport } from '../../db/registry/reports.ts';
import { removeSetting } from '../../db/store/settings.ts';
import type { Store } from '../../db/store/store.ts';
import { withdrawalsAfter } from '../../db/store/withdrawals.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { tellEditors } from '../../jobs/work-mails.ts';
import { appFor } from '../helpers/app.ts';
import { browserOf, SECURE_URL } from '../helpers/browser.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { mailerTo, SETTINGS, startSink } from '../helpers/mail.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const { secret } = SETTINGS;
const ED = 'ed@redactie.example';
const FAY = 'fay@redactie.example';
/** A Friday. */
const BEFORE = at('09-13T12:00');
const MONDAY = at('09-16T07:30');

onBothDialects('the weekly mail to editors', (fresh) => {
  const begin = async () => {
    const store = await fresh();
    await castIn(store);
    for (const [email, language] of [
      [ED, 'nl'],
      [FAY, 'en'],
    ] as const)
      await store.write((tx) => addEditor(tx, { email, label: email, language }, BEFORE));
    const sink = await startSink();
    const send = (now: Date) => sendDue({ store, mailer: mailerTo(sink.url), settings: SETTINGS }, now);
    const queued = async () => {
      const { messages } = store.read.tables;
      return (await store.read.select().from(messages)).flatMap(({ kind, reason, sentTo }) =>
        kind === 'work_list' ? [reason === null ? sentTo : `${sentTo} ${reason}`] : [],
      );
    };
    return { store, sink, send, queued };
  };
  const report = (store: Store) =>
    store.write(async (tx) => {
      const plan = await addDeadline(tx);
      const said = { deadlineId: plan.id, revision: 1, language: 'nl', wrong: 'Nee.', correct: null, proof: null, email: null } as const;
      await fileReport(tx, said, 'a', BEFORE);
      return plan;
    });

  it('says what the work list says, with the head of the audit, each in the editor’s language', async () => {
    const { store, send, sink } = await begin();
    await report(store);
    await store.write((tx) => openDraft(tx, { insurer: 'oost', careType: 'general', contractYear: 2025, by: 'key:x' }, BEFORE));
    expect(await tellEditors(store, MONDAY)).toBe(2);
    const { hash, number } = await auditHead(store.read);
    expect((await send(MONDAY)).map(({ kind }) => kind)).toEqual(['sent', 'sent']);
    const [nl, en] = await Promise.all([ED, FAY].map((email) => PostalMime.parse(sink.taken.find(({ to }) => to.includes(email))!.raw)));
    const folded = (text = '') => text.replaceAll(/\s+/g, ' ');
    expect(folded(nl!.text)).toMatch(/1 melding van een lezer\. .*1 editie die nog een concept is\. .*Noord:? 1 datum om te controleren\./);
    expect(folded(nl!.text)).toContain(`staan nu ${number} regels. De code van de laatste regel is ${hash}.`);
    expect(folded(en!.text)).toMatch(/1 report by a reader\. .*Oost:? The policy for 2025 is missing\./);
    expect(folded(en!.text)).not.toContain('Voor alle verzekeraars');
    const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => MONDAY });
    const page = (await (await browserOf(app, store, ED, MONDAY)).get('/redactie')).text;
    expect(page).toMatch(/1 melding van een lezer wacht\. .*1 editie wacht als concept\. .*Noord 1 datum om te controleren\./);
  });

  // Whit Monday 2024 is 20 May.
  it.each([
    ['09-16T07:29', null],
    ['09-16T07:30', 2],
    ['09-19T16:00', 2],
    ['09-21T12:00', null],
    ['05-20T12:00', null],
    ['05-21T07:29', null],
    ['05-21T07:30', 2],
  ])('at %s on %s', async (moment, told) => {
    const { store } = await begin();
    await report(store);
    expect(await tellEditors(store, at(moment))).toBe(told);
  });

  it('comes once a week, whoever is asked at the same time', async () => {
    const { store, queued } = await begin();
    await report(store);
    await Promise.all(Array.from({ length: 5 }, () => tellEditors(store, MONDAY)));
    for (const again of ['09-16T07:31', '09-17T08:00', '09-20T23:00']) expect(await tellEditors(store, at(again))).toBe(null);
    expect(await queued()).toEqual([ED, FAY]);
    expect(await tellEditors(store, at('09-23T07:30'))).toBe(2);
  });

  it('does not come where nothing waits, also not later in that week', async () => {
    const store = await fresh();
    await store.write((tx) => addEditor(tx, { email: ED, label: 'Ed', language: 'nl' }, BEFORE));
    expect(await tellEditors(store, MONDAY)).toBe(0);
    await castIn(store);
    await report(store);
    expect(await tellEditors(store, at('09-17T08:00'))).toBe(null);
  });

  it('goes to no one who turned it off on the page, who stopped while it waited, or whom a restore would ask again', async () => {
    const { store, send, sink, queued } = await begin();
    await report(store);
    const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => BEFORE });
    const ed = await browserOf(app, store, ED, BEFORE);
    expect((await ed.get('/redactie')).text).toContain('U krijgt deze lijst elke maandag per mail');
    expect((await ed.post('/redactie', { mail: 'anything' })).status).toBe(303);
    expect(await isMailedWork(store.read, ED)).toBe(true);
    expect(await ed.post('/redactie', { mail: 'off' })).toMatchObject({ status: 303, location: '/redactie#mail' });
    expect((await ed.get('/redactie')).text).toContain('U krijgt deze lijst niet per mail.');
    expect(await tellEditors(store, MONDAY)).toBe(1);
    expect(await queued()).toEqual([FAY]);
    const fay = (await findPerson(store.read, FAY))!;
    await store.write((tx) => endEditing(tx, fay.id, MONDAY));
    await send(MONDAY);
    expect(sink.taken).toEqual([]);
    expect(await queued()).toEqual([`${FAY} replaced`]);

    const person = (await findPerson(store.read, ED))!;
    const sealed = (await withdrawalsAfter(store.read, -1, 100)).filter(({ kind }) => kind === 'work_mail');
    await store.write(async (tx) => {
      await chooseWorkMail(tx, person.id, true, MONDAY);
      await tx.delete(tx.tables.withdrawals);
      await removeSetting(tx, 'work_told_week');
    });
    const counts = await store.write((tx) =>
      reapply(
        tx,
        sealed.map((one) => sealWithdrawal(one, secret)),
        secret,
        MONDAY,
      ),
    );
    expect(counts).toEqual({ work_mail: 1 });
    expect(await tellEditors(store, MONDAY)).toBe(0);
  });
});
