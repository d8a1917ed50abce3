/** What each person chose: when, in which language, who instead, and who else. */
import { expect, it } from 'vitest';
import { complete, reopen } from '../../db/organisations/completions.ts';
import { listMessages } from '../../db/messages/message-records.ts';
import { confirmDeputy, endDeputy } from '../../db/recipients/deputies.ts';
import { changeRecipient, listRecipients, removeRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { markUndeliverable } from '../../db/recipients/undeliverable.ts';
import { getOrganisation } from '../../db/organisations/organisations.ts';
import { chooseKind, muteDeadline, unmuteDeadline } from '../../db/recipients/preferences.ts';
import { eq } from '../../db/store/drizzle.ts';
import { createFeed } from '../../db/feeds/feeds.ts';
import { appFor } from '../helpers/app.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const BEFORE = at('05-01T12:00');
const FOURTEEN = 'Over 14 dagen: jaarplan met begroting indienen bij Noord (uiterlijk ma 30 sep)';
const THREE = 'Over 3 dagen: jaarplan met begroting indienen bij Noord (uiterlijk ma 30 sep)';

async function annualPlan(store: Store) {
  const cast = await castIn(store);
  const deadline = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  return { ...cast, deadline };
}

onBothDialects('what a recipient chose', (fresh) => {
  it('is kept: its own hour and its own language', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    await addConfirmed(store, ro.id, BEFORE, { email: 'early@example.org', sendHour: '04:00' });
    const late = await addConfirmed(store, ro.id, BEFORE, { email: 'late@example.org', sendHour: '22:00', language: 'en' });
    expect(await subjectsAt(store, at('09-16T03:59'))).toEqual([]);
    expect(await subjectsAt(store, at('09-16T04:00'))).toEqual([`early@example.org: ${FOURTEEN}`]);
    await store.write((tx) => changeRecipient(tx, ro.id, late.id, { sendHour: '18:15' }, at('09-16T12:00')));
    expect(await subjectsAt(store, at('09-16T18:14'))).toEqual([]);
    expect(await subjectsAt(store, at('09-16T18:15'))).toEqual([
      'late@example.org: In 14 days: submit the annual plan with budget for 2025, Noord (by Mon 30 Sept)',
    ]);
  });

  it('is a pause: one mail afterwards with what is still open, and none of what was planned before it', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    const { id } = await addConfirmed(store, ro.id, BEFORE);
    expect(await subjectsAt(store, at('09-16T06:00'))).toEqual([]);
    await store.write((tx) => changeRecipient(tx, ro.id, id, { pausedUntil: '2024-09-20' }, at('09-16T07:00')));
    for (const day of ['09-16T07:30', '09-17T07:30', '09-19T23:59']) expect(await subjectsAt(store, at(day))).toEqual([]);
    expect(await subjectsAt(store, at('09-20T07:29'))).toEqual([]);
    expect(await subjectsAt(store, at('09-20T07:30'))).toEqual([`a@example.org: ${FOURTEEN.replace('14', '10')}`]);
    expect(await subjectsAt(store, at('09-27T07:30'))).toEqual([`a@example.org: ${THREE}`]);
  });

  it('is a deputy: only once it said yes, up to its last day, and named beside the recipient', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    const { id } = await addConfirmed(store, ro.id, BEFORE);
    const deputy = { email: 'Ward@example.org', until: '2024-09-27' };
    await store.write((tx) => changeRecipient(tx, ro.id, id, { deputy, pausedUntil: '2024-09-28' }, at('08-01T10:00')));
    const [question] = await mailsAt(store, at('08-01T10:00'));
    expect([question!.for, question!.subject]).toEqual(['ward@example.org', 'Wilt u de mails van a@example.org overnemen?']);
    // Away, and nobody said yes yet: it waits.
    expect(await subjectsAt(store, at('08-19T07:30'))).toEqual([]);
    await store.write((tx) => confirmDeputy(tx, id, 'ward@example.org', at('09-01T10:00')));
    expect(await subjectsAt(store, at('09-01T10:00'))).toEqual([]);
    const [mail] = await mailsAt(store, at('09-16T07:30'));
    expect([mail!.for, mail!.subject]).toEqual(['ward@example.org', FOURTEEN]);
    expect(mail!.text).toContain(
      'U krijgt deze mail als vervanger van a@example.org bij Regio Zuid, tot en met vrijdag 27 september 2024.',
    );
    expect(mail!.text).not.toContain('/unsubscribe/');
    const { items } = await listMessages(store.read, ro.id, { page: 1, pageSize: 10 });
    expect(items.filter(({ kind }) => kind === 'reminder').map(({ email, sentTo, state }) => [email, sentTo, state])).toContainEqual([
      'a@example.org',
      'ward@example.org',
      'sent',
    ]);
    expect(await subjectsAt(store, at('09-27T07:30'))).toEqual([`ward@example.org: ${THREE}`]);
    expect(await subjectsAt(store, at('09-30T07:30'))).toEqual([
      'a@example.org: Vandaag: jaarplan met begroting indienen bij Noord (uiterlijk ma 30 sep)',
    ]);
  });

  it('ends with the deputy: by another one, by none, by its own wish, or when its address is not reached', async () => {
    const store = await fresh();
    const { ro } = await annualPlan(store);
    const { id } = await addConfirmed(store, ro.id, BEFORE);
    const set = (email: string | null) =>
      store.write((tx) =>
        changeRecipient(tx, ro.id, id, { deputy: email === null ? null : { email, until: '2024-12-31' } }, at('08-01T10:00')),
      );
    const confirm = (email: string) => store.write((tx) => confirmDeputy(tx, id, email, at('08-02T10:00')));
    await set('one@example.org');
    await confirm('one@example.org');
    // A new last day keeps the yes; a new address needs its own.
    expect((await set('one@example.org')).deputyConfirmedAt).toEqual(at('08-02T10:00'));
    expect((await set('two@example.org')).deputyConfirmedAt).toBe(null);
    await expect(confirm('one@example.org')).rejects.toMatchObject({ kind: 'gone' });
    await store.write((tx) => endDeputy(tx, id, 'one@example.org', at('09-01T10:00')));
    expect((await listRecipients(store.read, ro.id))[0]).toMatchObject({ deputyEmail: 'two@example.org' });
    await confirm('two@example.org');
    await store.write((tx) => markUndeliverable(tx, 'two@example.org', '550 5.1.1 no such user', at('08-03T10:00')));
    expect(await subjectsAt(store, at('08-03T10:00'))).toEqual(['a@example.org: Mail aan uw vervanger two@example.org komt niet aan']);
    expect(await subjectsAt(store, at('09-16T07:30'))).toEqual([`a@example.org: ${FOURTEEN}`]);
    await set(null);
    expect((await listRecipients(store.read, ro.id))[0]).toMatchObject({ deputyEmail: null, deputyUntil: null });
    await expect(set('a@example.org')).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is less: no mail about one deadline, no mail of one kind', async () => {
    const store = await fresh();
    const { ro, deadline } = await annualPlan(store);
    const muted = await addConfirmed(store, ro.id, BEFORE, { email: 'muted@example.org' });
    const declined = await addConfirmed(store, ro.id, BEFORE, { email: 'declined@example.org' });
    expect(await subjectsAt(store, at('09-16T06:00'))).toEqual([]);
    await store.write((tx) => muteDeadline(tx, muted.id, deadline.id, at('09-16T07:00')));
    await store.write((tx) => chooseKind(tx, declined.id, 'reminder', false, at('09-01T10:00')));
    expect(await subjectsAt(store, at('09-16T07:30'))).toEqual([]);
    await store.write((tx) => unmuteDeadline(tx, muted.id, deadline.id, at('09-01T10:00')));
    await store.write((tx) => chooseKind(tx, declined.id, 'reminder', true, at('09-01T10:00')));
    expect(await subjectsAt(store, at('09-16T08:00'))).toEqual([`declined@example.org: ${FOURTEEN}`, `muted@example.org: ${FOURTEEN}`]);
  });

  it('is a place among the others, kept dense whatever comes and goes', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const ids = new Map<string, string>();
    for (const [name, position] of [['a'], ['b'], ['c', 1], ['d', 2]] as [string, number?][]) {
      const over = { email: `${name}@example.org`, ...(position === undefined ? {} : { position }) };
      ids.set(name, (await addConfirmed(store, ro.id, BEFORE, over)).id);
    }
    const order = async () => (await listRecipients(store.read, ro.id)).map(({ email, position }) => `${position}${email[0]}`).join(' ');
    expect(await order()).toBe('1c 2d 3a 4b');
    await store.write((tx) => changeRecipient(tx, ro.id, ids.get('b')!, { position: 1 }, BEFORE));
    expect(await order()).toBe('1b 2c 3d 4a');
    await store.write((tx) => changeRecipient(tx, ro.id, ids.get('b')!, { position: 99 }, BEFORE));
    expect(await order()).toBe('1c 2d 3a 4b');
    await store.write((tx) => removeRecipient(tx, ro.id, ids.get('d')!, BEFORE));
    await store.write((tx) => changeRecipient(tx, ro.id, ids.get('a')!, { position: 1 }, BEFORE));
    expect(await order()).toBe('1a 2c 3b');
  });
});

onBothDialects('what is not done', (fresh) => {
  const SIGNING = {
    title: 'Overeenkomst ondertekenen',
    duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
  };

  async function signing(store: Store, over: object = {}) {
    const cast = await castIn(store);
    const relation = { rule: { kind: 'fixed', on: '2024-09-30' }, ...SIGNING, ...over };
    const deadline = await store.write((tx) => addDeadline(tx, { activity: 'signing' }, relation as never));
    for (const n of [1, 2, 3]) await addConfirmed(store, cast.ro.id, BEFORE, { email: `ro${n}@example.org`, leadDays: [100] });
    await addConfirmed(store, cast.wsv.id, BEFORE, { email: 'wsv1@example.org', leadDays: [100] });
    await addConfirmed(store, cast.wsv.id, BEFORE, { email: 'wsv2@example.org', leadDays: [100] });
    await subjectsAt(store, at('07-01T12:00'));
    return { ...cast, deadline };
  }
  const toThird = 'Nog open bij Regio Zuid: overeenkomst ondertekenen bij Noord (uiterlijk ma 30 sep)';

  it('is told the second recipient and the first of the RO, three working days before, once', async () => {
    const store = await fresh();
    await signing(store);
    const ofWsv = toThird.replace('Regio Zuid', 'WSV De Wijk');
    expect(await subjectsAt(store, at('09-24T12:00'))).toEqual([]);
    const mails = await mailsAt(store, at('09-25T07:30'));
    expect(mails.map((mail) => `${mail.for}: ${mail.subject}`)).toEqual([
      `ro1@example.org: ${ofWsv}`,
      `ro2@example.org: ${toThird}`,
      `wsv2@example.org: ${ofWsv}`,
    ]);
    const [first, second] = mails;
    expect(first!.text).toContain('Is het al gedaan? Vraag WSV De Wijk om dat te melden.');
    expect(first!.text).not.toContain('/done/');
    expect(first!.text).toContain('U krijgt deze mail als eerste ontvanger van Regio Zuid.');
    expect(second!.text).toContain('/done/');
    expect(second!.text).toContain('U krijgt deze mail omdat u de tweede ontvanger bent van Regio Zuid.');
    for (const later of ['09-25T09:30', '09-26T09:30', '09-30T09:30']) expect(await subjectsAt(store, at(later))).toEqual([]);
  });

  it('is not told when it was done, when it is only expected, when it is the insurer’s, or when nobody else is there', async () => {
    const store = await fresh();
    const { ro, deadline, outsider } = await signing(store);
    const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Ritme.' };
    await store.write(async (tx) => {
      const rule = { kind: 'fixed' as const, on: '2024-09-30' };
      await addDeadline(tx, { activity: 'accounts' }, { rule, certainty: 'expected', basis });
      await addDeadline(tx, { activity: 'publication' }, { rule, duty: { ...deadline.duty, actors: ['insurer'] } });
      await addDeadline(tx, { insurer: 'oost' }, { ...SIGNING, rule } as never);
      await complete(tx, ro.id, deadline.id, { completedOn: '2024-09-20', by: 'Jan', evidence: null }, at('09-20T10:00'));
    });
    await addConfirmed(store, outsider.id, BEFORE, { email: 'alone@example.org', leadDays: [100] });
    expect((await subjectsAt(store, at('09-25T07:30'))).filter((subject) => subject.includes('Nog open'))).toEqual([]);
    const { messages } = store.read.tables;
    expect(await store.read.$count(messages, eq(messages.kind, 'escalation'))).toBe(0);
    // Reopened: the next round tells, and beside it that it was.
    await store.write((tx) => reopen(tx, ro.id, deadline.id, at('09-26T10:00')));
    expect(await subjectsAt(store, at('09-26T11:00'))).toContain(`ro2@example.org: ${toThird}`);
  });

  it('is dropped when it is done before the mail leaves, and comes back when that was a mistake', async () => {
    const store = await fresh();
    const { ro, deadline } = await signing(store);
    expect(await subjectsAt(store, at('09-25T06:00'))).toEqual([]);
    await store.write((tx) =>
      complete(tx, ro.id, deadline.id, { completedOn: '2024-09-25', by: 'Jan', evidence: null }, at('09-25T07:00')),
    );
    expect((await subjectsAt(store, at('09-25T07:30'))).map((subject) => subject.replace(/^\S+ /, ''))).toEqual(
      Array(3).fill('Gedaan gemeld: overeenkomst ondertekenen bij Noord'),
    );
    await store.write((tx) => reopen(tx, ro.id, deadline.id, at('09-25T07:40')));
    expect(await subjectsAt(store, at('09-25T08:00'))).toContain(`ro2@example.org: ${toThird}`);
  });
});

onBothDialects('who is left', (fresh) => {
  it('is told the RO when the last recipient of one of its organisations goes, and taken back when another comes', async () => {
    const store = await fresh();
    const { ro, wsv } = await castIn(store);
    await addConfirmed(store, ro.id, BEFORE, { email: 'ro@example.org' });
    const since = async () => (await getOrganisation(store.read, wsv.id)).unremindedSince;
    const one = await addConfirmed(store, wsv.id, BEFORE, { email: 'one@example.org' });
    const two = await addConfirmed(store, wsv.id, BEFORE, { email: 'two@example.org' });
    await store.write((tx) => unsubscribeRecipient(tx, one.id, at('06-03T10:00')));
    expect(await subjectsAt(store, at('06-03T10:00'))).toEqual([]);
    expect(await since()).toBeNull();
    await store.write((tx) => removeRecipient(tx, wsv.id, two.id, at('06-03T10:10')));
    const [mail, ...others] = await mailsAt(store, at('06-03T10:10'));
    expect([mail!.for, mail!.subject, others]).toEqual(['ro@example.org', 'Niemand krijgt nog herinneringen voor WSV De Wijk', []]);
    expect(await since()).toEqual(at('06-03T10:10'));
    await addConfirmed(store, wsv.id, at('06-04T10:00'), { email: 'three@example.org' });
    expect(await since()).toBeNull();
    expect(await subjectsAt(store, at('06-04T10:10'))).toEqual([]);
  });

  it('stands in the organisation’s feed while nobody is reminded', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { token } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Agenda' }, BEFORE));
    let now = BEFORE;
    const { app } = await appFor(store, { clock: () => now });
    const titles = async (at: Date) => {
      now = at;
      const { rawPayload } = await app.inject({ url: `/feeds/${token}.ics` });
      return readCalendar(rawPayload).events.map(({ on, title }) => `${on} ${title}`);
    };
    const { id } = await addConfirmed(store, ro.id, BEFORE);
    const before = await titles(BEFORE);
    await store.write((tx) => unsubscribeRecipient(tx, id, at('06-03T10:00')));
    expect((await titles(at('06-03T10:01'))).filter((title) => !before.includes(title))).toEqual([
      '2024-06-03 Inkoopkalender: niemand krijgt nog herinneringen per e-mail',
    ]);
    await addConfirmed(store, ro.id, at('06-04T10:00'), { email: 'b@example.org' });
    expect(await titles(at('06-04T10:01'))).toEqual(before);
  });

  it('hears which of the organisation’s addresses do not exist', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await addConfirmed(store, ro.id, BEFORE, { email: 'gone@example.org' });
    await addConfirmed(store, ro.id, BEFORE, { email: 'left@example.org' });
    await store.write((tx) => markUndeliverable(tx, 'gone@example.org', '550 5.1.1 no such user', at('06-03T10:00')));
    const [mail, ...others] = await mailsAt(store, at('06-03T10:00'));
    expect([mail!.for, mail!.subject, others]).toEqual(['left@example.org', 'Mail aan gone@example.org komt niet aan', []]);
    expect(mail!.text).toContain('gone@example.org: 550 5.1.1 no such user');
  });
});
