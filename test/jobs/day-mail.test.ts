/** One mail a day: what is due, what others left undone, what changed and what others did leave together, each part as far as its reader wants it. */
import { expect, it, vi } from 'vitest';
import { listMessages } from '../../db/messages/message-records.ts';
import { complete } from '../../db/organisations/completions.ts';
import { chooseKind, muteDeadline } from '../../db/recipients/preferences.ts';
import { changeRecipient } from '../../db/recipients/recipients.ts';
import { amendDeadline } from '../../db/registry/amending.ts';
import { DECLINABLE_KINDS, type DeclinableKind } from '../../db/schema/schema.ts';
import { markLeaving } from '../../db/sending/attempts.ts';
import { claimMessages, dueMessages } from '../../db/sending/claims.ts';
import { reviewMessage } from '../../db/sending/composing.ts';
import { gatherMails } from '../../db/sending/gathering.ts';
import { and, eq } from '../../db/store/drizzle.ts';
import type { Store } from '../../db/store/store.ts';
import { composeMail } from '../../jobs/mails/compose.ts';
import { planNow } from '../../jobs/plan.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { addDeadline, addOrganisation, castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, mailerTo, ME, SETTINGS, startSink } from '../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { countWaiting, onBothDialects } from '../helpers/stores.ts';

const BEFORE = at('05-01T12:00');
const MORNING = at('09-23T07:30');
const SIGN = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
const SOURCES = [{ document: 'Beleid 2025, versie 2', section: null, quote: '9 december 2024', url: null }];
const UNTIL_DECEMBER = { baseRevision: 1, reason: 'Uitstel.', rule: { kind: 'fixed' as const, on: '2024-12-09' }, sources: SOURCES };

/** By kind of mail, the words by which one knows its part. */
const PARTS = {
  reminder: /^== Jaarplan/m,
  change: /^== Verschoven: verantwoording indienen bij Noord/m,
  escalation: /^Regio Zuid heeft nog niet gemeld dat dit is gedaan/m,
  acts: /^first@example\.org meldde op/m,
} as const satisfies Record<DeclinableKind, RegExp>;
const partsOf = (text: string | undefined) => DECLINABLE_KINDS.filter((kind) => PARTS[kind].test(text!));
const SUBJECTS = {
  reminder: 'Over 14 dagen: jaarplan met begroting indienen bij Noord (uiterlijk ma 7 okt)',
  escalation: 'Nog open bij Regio Zuid: ondertekenen bij Noord (uiterlijk do 26 sep)',
  change: 'Verschoven: verantwoording indienen bij Noord (was ma 2 dec, nu ma 9 dec)',
  acts: 'Gedaan gemeld: voortgang bespreken bij Noord',
} as const;

/** An organisation whose second recipient is to hear of all four on one morning: the plan is due, nobody signed, the accounts got a week, and the first did something. */
async function busyMorning(store: Store) {
  const { ro } = await castIn(store);
  const [plan, signing, accounts, talk] = await store.write(async (tx) => [
    await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-10-07' } }),
    await addDeadline(tx, { activity: 'signing' }, { title: 'Ondertekenen', duty: SIGN, rule: { kind: 'fixed', on: '2024-09-26' } }),
    await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen', rule: { kind: 'fixed', on: '2024-12-02' } }),
    await addDeadline(tx, { contractYear: 2026 }, { title: 'Voortgang bespreken', rule: { kind: 'fixed', on: '2025-01-31' } }),
  ]);
  await addConfirmed(store, ro.id, BEFORE, { email: 'first@example.org', leadDays: [365] });
  const second = await addConfirmed(store, ro.id, BEFORE, { email: 'second@example.org', leadDays: [14] });
  await mailsAt(store, at('09-20T12:00'));
  const said = { completedOn: '2024-09-20', by: 'first@example.org', evidence: null };
  await store.write((tx) => complete(tx, ro.id, talk.id, said, at('09-20T15:00')));
  await store.write((tx) => amendDeadline(tx, accounts.id, UNTIL_DECEMBER, at('09-23T07:20')));
  return { ro, plan, signing, accounts, second };
}

const toSecond = async (store: Store, now: Date) => (await mailsAt(store, now)).filter((mail) => mail.for === 'second@example.org');

/** The second recipient's messages of the morning: kind, state and reason, with what each tells of. */
async function recordsOf(store: Store, organisationId: string) {
  const { items } = await listMessages(store.read, organisationId, { page: 1, pageSize: 50 });
  return items
    .filter(({ createdAt, email }) => email === 'second@example.org' && createdAt >= at('09-23T00:00'))
    .map(({ deadlines, kind, reason, state }) => {
      return [kind, state, reason, deadlines.filter((one) => one.reason === null).map((one) => one.kind)];
    })
    .sort(([a], [b]) => DECLINABLE_KINDS.indexOf(a as DeclinableKind) - DECLINABLE_KINDS.indexOf(b as DeclinableKind));
}

onBothDialects('what is due for one recipient', (fresh) => {
  it.each([
    [['reminder', 'change', 'escalation', 'acts']],
    [['reminder', 'acts']],
    [['change', 'acts']],
    [['escalation', 'acts']],
    [['acts']],
    [['reminder', 'change', 'escalation']],
    [['reminder', 'change']],
    [['reminder', 'escalation']],
    [['change', 'escalation']],
    [['reminder']],
    [['change']],
    [['escalation']],
    [[]],
  ] satisfies [DeclinableKind[]][])('leaves as one mail with what it wants of it: %j', async (wanted) => {
    const store = await fresh();
    const { ro, second } = await busyMorning(store);
    // Queued while it was wanted: the part is left out when the mail is drafted.
    await planNow({ store }, MORNING);
    const declined = DECLINABLE_KINDS.filter((kind) => !wanted.includes(kind));
    await store.write(async (tx) => {
      for (const kind of declined) await chooseKind(tx, second.id, kind, false, MORNING);
    });
    const mails = await toSecond(store, MORNING);
    expect(mails.map(({ text }) => partsOf(text))).toEqual(wanted.length === 0 ? [] : [wanted]);
    const inOrder = (['reminder', 'escalation', 'change', 'acts'] as const).filter((kind) => wanted.includes(kind));
    const [first] = inOrder;
    // A subject counts what is to be done, or is news; not what somebody did.
    const others = inOrder.slice(1).filter((kind) => kind !== 'acts').length;
    const more = others > 0 ? ` en ${others} andere` : '';
    const subject = first && SUBJECTS[first];
    expect(mails.map((mail) => mail.subject)).toEqual(subject ? [subject + more] : []);
    expect(mails.map(({ text }) => text!.match(/^Alle datums bekijken/gm)!.length)).toEqual(mails.map(() => 1));
    const sent = (await recordsOf(store, ro.id)).filter(([, state]) => state === 'sent');
    expect(sent).toEqual(wanted.length === 0 ? [] : [[wanted[0], 'sent', null, inOrder]]);
    // The evening and the next day bring nothing of it again.
    expect(await toSecond(store, at('09-23T18:00'))).toEqual([]);
  });

  it('stands on record in the one mail that told of it, the others as merged', async () => {
    const store = await fresh();
    const { ro } = await busyMorning(store);
    await mailsAt(store, MORNING);
    expect(await recordsOf(store, ro.id)).toEqual([
      ['reminder', 'sent', null, ['reminder', 'escalation', 'change', 'acts']],
      ['change', 'cancelled', 'merged', []],
      ['escalation', 'cancelled', 'merged', []],
      ['acts', 'cancelled', 'merged', []],
    ]);
  });

  it('is said once where the deadline is both due for its reader and undone by its organisation', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-26' } }));
    for (const email of ['first@example.org', 'second@example.org']) await addConfirmed(store, ro.id, BEFORE, { email, leadDays: [3] });
    const subject = 'Over 3 dagen: jaarplan met begroting indienen bij Noord (uiterlijk do 26 sep)';
    expect(await subjectsAt(store, MORNING)).toEqual([`first@example.org: ${subject}`, `second@example.org: ${subject}`]);
    expect(await subjectsAt(store, at('09-24T07:30'))).toEqual([]);
  });

  it('names its organisation in the subject where its address gets mails of another, also where both have long names', async () => {
    const store = await fresh();
    await castIn(store);
    const long = 'Stichting Coöperatieve Regionale Huisartsenorganisatie voor Geïntegreerde Eerstelijnszorg';
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-10-07' } }));
    for (const part of ['Noord', 'Zuid']) {
      const { id } = await store.write((tx) => addOrganisation(tx, { name: `${long} ${part}` }));
      await addConfirmed(store, id, BEFORE, { email: 'both@example.org', leadDays: [14] });
    }
    expect(await subjectsAt(store, MORNING)).toEqual(
      ['Noord', 'Zuid'].map(
        (part) => `both@example.org: …Geïntegreerde Eerstelijnszorg ${part}: Over 14 dagen: jaarplan… bij Noord (ma 7 okt)`,
      ),
    );
  });

  it('is said once to an RO where it is undone by its WSVs too: its own reminder names those that did not report it', async () => {
    const store = await fresh();
    const { ro, wsv } = await castIn(store);
    const brink = await store.write(async (tx) => {
      await addOrganisation(tx, { name: 'WSV Aan Zee', roles: ['wsv'], parent: ro.id });
      return addOrganisation(tx, { name: 'WSV De Brink', roles: ['wsv'], parent: ro.id });
    });
    const add = (activity: 'signing' | 'accounts', title: string) =>
      store.write((tx) => addDeadline(tx, { activity }, { title, duty: SIGN, rule: { kind: 'fixed', on: '2024-09-26' } }));
    const signing = await add('signing', 'Ondertekenen');
    const accounts = await add('accounts', 'Verantwoorden');
    await addConfirmed(store, ro.id, BEFORE, { email: 'first@example.org', leadDays: [3] });
    await store.write(async (tx) => {
      const done = { completedOn: '2024-09-20', by: 'Jan', evidence: null };
      await complete(tx, brink.id, signing.id, done, at('09-20T12:00'));
      await complete(tx, wsv.id, accounts.id, done, at('09-20T12:00'));
    });
    const [mail] = await mailsAt(store, MORNING);
    expect(mail!.subject).toMatch(/^Over 3 dagen: (ondertekenen|verantwoorden) bij Noord \(uiterlijk do 26 sep\) en 1 andere$/);
    // Of one day, they stand in the order of their ids.
    expect(mail!.text).toMatch(/^== Ondertekenen bij Noord ==[^=]*\nOok nog niet als gedaan gemeld door: WSV Aan Zee en WSV De Wijk$/m);
    expect(mail!.text).toMatch(/^== Verantwoorden bij Noord ==[^=]*\nOok nog niet als gedaan gemeld door: WSV Aan Zee en WSV De Brink$/m);
    expect(mail!.text).not.toMatch(/Dit is nog niet als gedaan gemeld|heeft nog niet gemeld/);
    const { items } = await listMessages(store.read, ro.id, { page: 1, pageSize: 50 });
    const told = items
      .filter(({ state }) => state === 'sent')
      .flatMap(({ deadlines }) => deadlines.map(({ kind, reason }) => [kind, reason]));
    expect(told.toSorted()).toEqual([...Array.from({ length: 4 }, () => ['escalation', null]), ['reminder', null], ['reminder', null]]);
  });

  it('goes to the deputy in one mail, and leaves out a deadline that its reader muted', async () => {
    const store = await fresh();
    const { second, signing } = await busyMorning(store);
    const deputy = { deputyEmail: 'ward@example.org', deputyUntil: '2024-12-31', deputyConfirmedAt: BEFORE };
    await planNow({ store }, MORNING);
    await store.write(async (tx) => {
      await tx.update(tx.tables.recipients).set(deputy).where(eq(tx.tables.recipients.id, second.id));
      await muteDeadline(tx, second.id, signing.id, MORNING);
    });
    const mails = (await mailsAt(store, MORNING)).filter((mail) => mail.for === 'ward@example.org');
    expect(mails.map(({ text }) => partsOf(text))).toEqual([['reminder', 'change', 'acts']]);
  });

  it('tells nothing while its reader is away, and all of it when that ends', async () => {
    const store = await fresh();
    const { ro, second } = await busyMorning(store);
    await planNow({ store }, MORNING);
    await store.write((tx) => gatherMails(tx, [second.id], { now: MORNING }));
    await store.write((tx) => changeRecipient(tx, ro.id, second.id, { pausedUntil: '2024-09-30' }, MORNING));
    expect(await toSecond(store, MORNING)).toEqual([]);
    expect((await toSecond(store, at('09-30T07:30'))).map(({ text }) => [partsOf(text), /Jaarplan/.test(text!)])).toEqual([
      [['reminder', 'change', 'acts'], true],
    ]);
  });

  it('is another mail when it comes later on the day', async () => {
    const store = await fresh();
    const { accounts } = await busyMorning(store);
    expect(await toSecond(store, MORNING)).toHaveLength(1);
    const again = { ...UNTIL_DECEMBER, baseRevision: 2, rule: { kind: 'fixed' as const, on: '2024-12-16' } };
    await store.write((tx) => amendDeadline(tx, accounts.id, again, at('09-23T14:00')));
    expect((await toSecond(store, at('09-23T14:10'))).map(({ text }) => partsOf(text))).toEqual([['change']]);
  });

  it('does not wait for the morning where it is a change', async () => {
    const store = await fresh();
    await busyMorning(store);
    await planNow({ store }, at('09-23T07:29'));
    await store.write((tx) =>
      tx
        .update(tx.tables.messages)
        .set({ dueAt: at('09-23T07:29'), nextAt: null })
        .where(eq(tx.tables.messages.kind, 'change')),
    );
    expect((await toSecond(store, at('09-23T07:29'))).map(({ text }) => partsOf(text))).toEqual([['change', 'acts']]);
    expect((await toSecond(store, MORNING)).map(({ text }) => partsOf(text))).toEqual([['reminder', 'escalation']]);
  });

  it('is neither lost nor doubled by an end before, within or after the gathering', async () => {
    const store = await fresh();
    const { ro, second } = await busyMorning(store);
    await planNow({ store }, MORNING);
    const killed = store.write(async (tx) => {
      expect(await gatherMails(tx, [second.id], { now: MORNING })).toBe(3);
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    expect((await recordsOf(store, ro.id)).map(([, state]) => state)).toEqual(['pending', 'pending', 'pending', 'pending']);
    expect(await store.write((tx) => gatherMails(tx, [second.id], { now: MORNING }))).toBe(3);
    expect(await store.write((tx) => gatherMails(tx, [second.id], { now: MORNING }))).toBe(0);
    // Gathered by a process that ended then.
    const sink = await startSink();
    await sendDue({ store, mailer: mailerTo(sink.url), settings: SETTINGS }, MORNING);
    await sendDue({ store, mailer: mailerTo(sink.url), settings: SETTINGS }, at('09-23T07:31'));
    const { text } = await sink.next('second@example.org');
    expect(partsOf(text)).toEqual(['reminder', 'change', 'escalation', 'acts']);
    expect(sink.taken.filter(({ to }) => to.includes('second@example.org'))).toHaveLength(1);
  });

  it('leaves once for each of many, whoever of two senders gathers it', async () => {
    const store = await fresh();
    const { ro } = await busyMorning(store);
    for (let n = 0; n < 12; n += 1) await addConfirmed(store, ro.id, BEFORE, { email: `r${n}@example.org`, leadDays: [14] });
    await planNow({ store }, MORNING);
    const mailers = [keepingMailer(), keepingMailer()];
    await Promise.all(mailers.map((mailer, n) => sendDue({ store, mailer, settings: SETTINGS, holder: `sender ${n}` }, MORNING)));
    await sendDue({ store, mailer: mailers[0]!, settings: SETTINGS, holder: 'sender 0' }, at('09-23T08:00'));
    const taken = mailers.flatMap((mailer) => mailer.taken.flatMap(({ to }) => to));
    expect(taken.toSorted()).toEqual([...new Set(taken)].toSorted());
    const { messages, reminders } = store.read.tables;
    expect((await store.read.select().from(messages)).filter(({ state }) => state !== 'sent' && state !== 'cancelled')).toEqual([]);
    expect(await store.read.$count(reminders, eq(reminders.state, 'pending'))).toBe(0);
    expect(taken).toHaveLength(14);
  });

  it('stays apart from a mail of which a copy may have arrived', async () => {
    const store = await fresh();
    const { ro } = await busyMorning(store);
    await planNow({ store }, MORNING);
    const all = await dueMessages(store.read, MORNING, 100);
    const second = all.find(({ kind }) => kind === 'reminder')!;
    const review = await reviewMessage(store.read, second, MORNING);
    const mail = review.draft && composeMail(second, review.draft, SETTINGS, MORNING);
    const [claim] = await store.write((tx) => claimMessages(tx, [{ message: second, review, mail }], { ...ME, now: MORNING }));
    await store.write((tx) => markLeaving(tx, claim!, MORNING));
    expect((await toSecond(store, at('09-23T07:31'))).map(({ text }) => partsOf(text))).toEqual([['change', 'escalation', 'acts']]);
    const [again] = await toSecond(store, at('09-23T07:45'));
    expect(again!.raw.equals(mail!.raw)).toBe(true);
    expect((await recordsOf(store, ro.id)).map(([kind, state, reason]) => [kind, state, reason])).toEqual([
      ['reminder', 'sent', null],
      ['change', 'sent', null],
      ['escalation', 'cancelled', 'merged'],
      ['acts', 'cancelled', 'merged'],
    ]);
  });

  it('leaves alone what another sender takes while it is being put together', async () => {
    const store = await fresh();
    const { ro, second } = await busyMorning(store);
    await planNow({ store }, MORNING);
    const { messages } = store.read.tables;
    const isTaken = and(eq(messages.recipientId, second.id), eq(messages.kind, 'change'));
    const commit = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const taking = store.write(async (tx) => {
      await tx.update(messages).set({ state: 'sending', claim: 1, claimedAt: MORNING, holder: 'other' }).where(isTaken);
      taken.resolve();
      await commit.promise;
    });
    await taken.promise;
    let ended = false;
    const gathering = store.write((tx) => gatherMails(tx, [second.id], { now: MORNING })).finally(() => (ended = true));
    // On SQLite the one write waits for the other; on PostgreSQL it has read the row as it was, and waits for its lock.
    if (store.dialect === 'pg') await vi.waitUntil(async () => ended || (await countWaiting(store.read)) > 0, { timeout: 60_000 });
    commit.resolve();
    await taking;
    expect(await gathering).toBe(2);
    expect((await recordsOf(store, ro.id)).map(([kind, state, reason]) => [kind, state, reason])).toEqual([
      ['reminder', 'pending', null],
      ['change', 'sending', null],
      ['escalation', 'cancelled', 'merged'],
      ['acts', 'cancelled', 'merged'],
    ]);
  });

  it('is told anew but for what was done, when the bytes that held it no longer hold', async () => {
    const store = await fresh();
    const { ro, plan, second } = await busyMorning(store);
    await planNow({ store }, MORNING);
    await store.write(async (tx) => {
      await gatherMails(tx, [second.id], { now: MORNING });
      const { messages } = tx.tables;
      await tx
        .update(messages)
        .set({ raw: Buffer.from('From: a'), copies: 1, claim: 1, claimedAt: MORNING })
        .where(eq(messages.kind, 'reminder'));
      await complete(tx, ro.id, plan.id, { completedOn: '2024-09-23', by: 'A', evidence: null }, at('09-23T07:40'));
    });
    expect((await toSecond(store, at('09-23T07:41'))).map(({ text }) => partsOf(text))).toEqual([['change', 'escalation', 'acts']]);
    expect((await recordsOf(store, ro.id)).filter(([, state]) => state === 'sent')).toEqual([
      ['change', 'sent', null, ['escalation', 'change', 'acts', 'acts']],
    ]);
  });
});
