/** Escalation, word by word: what is stated, not done, and three working days away; the second recipient, and the RO by its first. */
import { expect, it } from 'vitest';
import { CERTAINTIES } from '../../calendars/terms.ts';
import { complete } from '../../db/organisations/completions.ts';
import { endHold, holdMail } from '../../db/messages/hold.ts';
import { recordOwnEvent } from '../../db/organisations/own-events.ts';
import { changeOrganisation, createOrganisation } from '../../db/organisations/organisations.ts';
import { changeRecipient } from '../../db/recipients/recipients.ts';
import { projectTimelines } from '../../db/registry/timelines.ts';
import { strikeMail } from '../../db/sending/striking.ts';
import type { Store } from '../../db/store/store.ts';
import { addDeadline, addOrganisation, castIn } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../helpers/mailbox.ts';
import { onBothDialects } from '../helpers/stores.ts';

const SIGN = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
const BASIS = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Ritme.' };
const morning = (day: string) => new Date(`${day}T12:00:00+01:00`);

/** An RO and its WSV, each with three recipients who hear of nothing else by reminders. */
async function withRecipients(store: Store, since: Date) {
  const cast = await castIn(store, since);
  // What was there before they confirmed is no news to them.
  const confirmedAt = new Date(since.getTime() + 60_000);
  for (const [name, { id }] of [
    ['ro', cast.ro],
    ['wsv', cast.wsv],
  ] as const)
    for (const n of [1, 2, 3]) await addConfirmed(store, id, confirmedAt, { email: `${name}${n}@example.org`, leadDays: [365] });
  return cast;
}

const escalationsAt = async (store: Store, now: Date) =>
  (await subjectsAt(store, now)).filter((subject) => subject.includes('Nog open bij'));
const toldAt = async (store: Store, now: Date) => (await escalationsAt(store, now)).map((subject) => subject.split(':')[0]);

onBothDialects('an escalation', (fresh) => {
  it.each([
    // [last safe day, the day before it is time, the day on which it is]; counted by hand on a calendar.
    ['an ordinary week', '2024-09-26', '2024-09-20', '2024-09-23'],
    ['over a weekend', '2024-09-24', '2024-09-18', '2024-09-19'],
    ['over Christmas', '2024-12-31', '2024-12-23', '2024-12-24'],
    ['over New Year', '2025-01-03', '2024-12-29', '2024-12-30'],
    ['over Easter, Good Friday included', '2025-04-23', '2025-04-15', '2025-04-16'],
    ['on a Sunday, which is no working day itself', '2024-09-29', '2024-09-24', '2024-09-25'],
    ['over Ascension Day', '2024-05-13', '2024-05-06', '2024-05-07'],
  ])('comes three working days before: %s', async (_, lastSafeOn, tooEarly, inTime) => {
    const store = await fresh();
    const since = new Date(`${lastSafeOn.slice(0, 4)}-01-02T12:00:00Z`);
    const started = new Date(since.getTime() - 90 * 86_400_000);
    await withRecipients(store, started);
    await store.write((tx) => addDeadline(tx, {}, { title: 'Ondertekenen', duty: SIGN, rule: { kind: 'fixed', on: lastSafeOn } }, started));
    expect(await toldAt(store, morning(tooEarly))).toEqual([]);
    expect(await toldAt(store, morning(inTime))).toEqual(['ro1@example.org', 'ro2@example.org', 'wsv2@example.org']);
    expect(await toldAt(store, morning(lastSafeOn))).toEqual([]);
  });

  it('takes along what is alike and comes on the next working day, and nothing else', async () => {
    const store = await fresh();
    const started = new Date('2024-01-02T12:00:00Z');
    await withRecipients(store, started);
    await store.write(async (tx) => {
      const dated = async (careType: 'general' | 'gp_care' | 'multidisciplinary_care', on: string, activity: 'signing' | 'accounts') =>
        addDeadline(tx, { activity, careType }, { title: `Van ${on}`, duty: SIGN, rule: { kind: 'fixed', on } }, started);
      await dated('general', '2024-09-26', 'signing');
      await dated('gp_care', '2024-09-27', 'signing');
      await dated('multidisciplinary_care', '2024-09-30', 'signing');
      await dated('general', '2024-09-27', 'accounts');
    });
    const told = async (day: string) => {
      const mail = (await mailsAt(store, morning(day))).find((one) => one.for === 'wsv2@example.org');
      return [...new Set(mail?.text?.match(/van 2024-\d\d-\d\d/gi)?.map((words) => words.toLowerCase()))];
    };
    expect(await told('2024-09-20')).toEqual([]);
    expect(await told('2024-09-23')).toEqual(['van 2024-09-26', 'van 2024-09-27']);
    expect(await told('2024-09-24')).toEqual(['van 2024-09-27']);
    expect(await told('2024-09-25')).toEqual(['van 2024-09-30']);
  });

  it('that an operator struck out while mail was held never comes', async () => {
    const store = await fresh();
    const started = new Date('2023-10-04T12:00:00Z');
    await withRecipients(store, started);
    await store.write((tx) =>
      addDeadline(tx, {}, { title: 'Ondertekenen', duty: SIGN, rule: { kind: 'fixed', on: '2024-09-26' } }, started),
    );
    const now = morning('2024-09-23');
    await store.write((tx) => holdMail(tx, { since: now, why: 'a test', by: 'a test', from: now, doubt: null }));
    expect(await toldAt(store, now)).toEqual([]);
    expect(await store.write((tx) => strikeMail(tx, { targets: ['ro2@example.org'] }, now))).toBe(1);
    expect(await toldAt(store, morning('2024-09-24'))).toEqual([]);
    await store.write(endHold);
    expect(await toldAt(store, morning('2024-09-24'))).toEqual(['ro1@example.org', 'wsv2@example.org']);
    expect(await toldAt(store, morning('2024-09-25'))).toEqual([]);
  });

  it('that waits when its WSV and RO part goes to the WSV alone', async () => {
    const store = await fresh();
    const started = new Date('2023-10-04T12:00:00Z');
    const { wsv } = await withRecipients(store, started);
    await store.write((tx) =>
      addDeadline(
        tx,
        {},
        { title: 'Ondertekenen', duty: { ...SIGN, actors: ['wsv'] }, rule: { kind: 'fixed', on: '2024-09-26' } },
        started,
      ),
    );
    const now = morning('2024-09-23');
    await store.write((tx) => holdMail(tx, { since: now, why: 'a test', by: 'a test', from: now, doubt: null }));
    expect(await toldAt(store, now)).toEqual([]);
    await store.write(async (tx) => {
      await changeOrganisation(tx, wsv.id, { parent: null }, now);
      await endHold(tx);
    });
    expect(await toldAt(store, now)).toEqual(['wsv2@example.org']);
  });

  it('is for what is stated alone, of all that is as near', async () => {
    const store = await fresh();
    const started = new Date('2024-01-02T12:00:00Z');
    await withRecipients(store, started);
    const rule = { kind: 'fixed' as const, on: '2024-09-26' };
    const activities = ['signing', 'accounts', 'contract_request', 'regional_plan'] as const;
    const certainties = CERTAINTIES.filter((certainty) => certainty !== 'unknown');
    await store.write(async (tx) => {
      for (const [i, certainty] of certainties.entries()) {
        const basis = certainty === 'stated' ? null : BASIS;
        await addDeadline(tx, { activity: activities[i]! }, { title: certainty, certainty, basis, duty: SIGN, rule }, started);
      }
      await addDeadline(
        tx,
        { activity: 'annual_plan' },
        { certainty: 'unknown', title: 'unknown', duty: SIGN, rule: { kind: 'none' } },
        started,
      );
    });
    expect(certainties).toHaveLength(activities.length);
    expect((await escalationsAt(store, morning('2024-09-23'))).map((subject) => subject.replace(/^.*: |\(.*\)/g, ''))).toEqual([
      'stated bij Noord ',
      'stated bij Noord ',
      'stated bij Noord ',
    ]);
    // A projected year is expected or a template: nobody is told of it.
    await store.write((tx) => projectTimelines(tx, 2024, morning('2024-09-24')));
    expect(await escalationsAt(store, morning('2024-12-30'))).toEqual([]);
  });

  it('names the second by place, and the first of the RO; who is away or asked for none is passed over or left alone', async () => {
    const store = await fresh();
    const started = new Date('2024-01-02T12:00:00Z');
    const { wsv, ro, outsider } = await withRecipients(store, started);
    const { recipients } = store.read.tables;
    const idOf = async (email: string) => (await store.read.select().from(recipients)).find((row) => row.email === email)!.id;
    await addConfirmed(store, outsider.id, started, { email: 'out1@example.org', leadDays: [365] });
    await addConfirmed(store, outsider.id, started, { email: 'out2@example.org', leadDays: [365] });
    // Another RO hears nothing of it.
    const other = await store.write((tx) =>
      createOrganisation(
        tx,
        {
          name: 'Regio Noord',
          language: 'nl',
          roles: ['ro'],
          parent: null,
          insurers: [{ insurer: 'noord', contractStatus: 'unknown', preferred: false }],
        },
        started,
      ),
    );
    await addConfirmed(store, other.id, started, { email: 'other@example.org', leadDays: [365] });
    await store.write(async (tx) =>
      changeRecipient(tx, wsv.id, await idOf('wsv3@example.org'), { position: 1, pausedUntil: '2024-10-30' }, started),
    );
    await store.write(async (tx) => changeRecipient(tx, ro.id, await idOf('ro1@example.org'), { pausedUntil: '2024-10-30' }, started));
    const deadline = await store.write((tx) =>
      addDeadline(tx, {}, { title: 'Ondertekenen', duty: SIGN, rule: { kind: 'fixed', on: '2024-09-26' } }, started),
    );
    const done = { completedOn: '2024-09-20', by: 'Jan', evidence: null };
    await store.write((tx) => complete(tx, other.id, deadline.id, done, morning('2024-09-20')));
    // Of the WSV: 3 (away), 1, 2. Of the RO: 1 (away), 2, 3.
    expect(await escalationsAt(store, morning('2024-09-23'))).toEqual([
      'ro2@example.org: Nog open bij WSV De Wijk: ondertekenen bij Noord (uiterlijk do 26 sep)',
      'ro3@example.org: Nog open bij Regio Zuid: ondertekenen bij Noord (uiterlijk do 26 sep)',
      'wsv2@example.org: Nog open bij WSV De Wijk: ondertekenen bij Noord (uiterlijk do 26 sep)',
    ]);
  });

  it('goes to nobody once the organisation did it, and to the RO’s first where the organisation has one recipient only', async () => {
    const store = await fresh();
    const started = new Date('2024-01-02T12:00:00Z');
    const { ro, wsv } = await castIn(store, started);
    const confirmedAt = new Date('2024-01-02T12:01:00Z');
    await addConfirmed(store, ro.id, confirmedAt, { email: 'ro1@example.org', leadDays: [365] });
    await addConfirmed(store, wsv.id, confirmedAt, { email: 'wsv1@example.org', leadDays: [365] });
    const rule = { kind: 'fixed' as const, on: '2024-09-26' };
    const [first, second] = await store.write(async (tx) => [
      await addDeadline(tx, { activity: 'signing' }, { title: 'Ondertekenen', duty: SIGN, rule }, started),
      await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoorden', duty: SIGN, rule }, started),
    ]);
    const done = { completedOn: '2024-09-20', by: 'Jan', evidence: null };
    await store.write((tx) => complete(tx, wsv.id, first.id, done, morning('2024-09-20')));
    expect(await escalationsAt(store, morning('2024-09-23'))).toEqual([
      'ro1@example.org: Nog open bij WSV De Wijk: verantwoorden bij Noord (uiterlijk do 26 sep)',
    ]);
    expect(second.id).not.toBe(first.id);
  });

  it('of what an organisation’s own event dated comes whatever its RO said: the RO cannot say that it is done', async () => {
    const store = await fresh();
    const started = new Date('2024-01-02T12:00:00Z');
    const { ro, wsv } = await withRecipients(store, started);
    const said = (kind: 'contract_received', occurredOn: string) => ({ kind, insurer: 'noord', contractYear: 2025, occurredOn });
    const rule = { kind: 'offset' as const, from: { event: 'contract_received' as const }, amount: 6, unit: 'week' as const };
    const term = await store.write((tx) =>
      addDeadline(
        tx,
        { activity: 'signing_term' },
        { title: 'Tekentermijn', duty: { ...SIGN, actors: ['wsv'] }, rule: { ...rule, direction: 'after' } },
        started,
      ),
    );
    const done = { completedOn: '2024-08-01', by: 'RO', evidence: null };
    // Before anybody dated it, the RO may still speak for all.
    await store.write((tx) => complete(tx, ro.id, term.id, done, morning('2024-08-01')));
    await store.write((tx) => recordOwnEvent(tx, wsv.id, said('contract_received', '2024-08-15'), morning('2024-08-19')));
    await expect(store.write((tx) => complete(tx, ro.id, term.id, done, morning('2024-09-02')))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('each of them alone says that it is done'),
    });
    expect(await toldAt(store, morning('2024-09-23'))).toEqual(['ro1@example.org', 'wsv2@example.org']);
  });

  it('names the same of several organisations by their names', async () => {
    const store = await fresh();
    const started = new Date('2024-01-02T12:00:00Z');
    const { ro } = await castIn(store, started);
    await addConfirmed(store, ro.id, new Date(started.getTime() + 60_000), { email: 'ro1@example.org', leadDays: [365] });
    const names = ['Eik', 'Berk', 'Den', 'Abeel', 'Cipres', 'Fijnspar'];
    await store.write(async (tx) => {
      for (const name of names) await addOrganisation(tx, { name, roles: ['wsv'], parent: ro.id }, started);
      const duty = { ...SIGN, actors: ['wsv' as const] };
      await addDeadline(tx, {}, { title: 'Ondertekenen', duty, rule: { kind: 'fixed', on: '2024-09-26' } }, started);
    });
    const [mail] = await mailsAt(store, morning('2024-09-23'));
    const named = names.map((name) => [mail!.text!.indexOf(name), name] as const);
    expect(named.every(([place]) => place >= 0)).toBe(true);
    expect(named.sort((a, b) => a[0] - b[0]).map(([, name]) => name)).toEqual(names.toSorted());
  });
});
