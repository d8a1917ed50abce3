/** Enrolling an organisation: nothing is there before the address said yes, and then all of it is. */
import { expect, it } from 'vitest';
import {
  beginEnrolment,
  confirmEnrolment,
  findEnrolment,
  type ConfirmedEnrolment,
  type EnrolmentCall,
  type NameChoice,
} from '../../../db/people/enrolments.ts';
import { inviteToEnrol } from '../../../db/people/invitations.ts';
import { listMembers } from '../../../db/people/members.ts';
import { listRecipients } from '../../../db/recipients/recipients.ts';
import type { EnrolmentChoices } from '../../../db/schema/schema.ts';
import { getOrganisation, listOrganisations } from '../../../db/organisations/organisations.ts';
import type { Store } from '../../../db/store/store.ts';
import { atOnce } from '../../helpers/at-once.ts';
import { castIn } from '../../helpers/cast.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { linkIn, mailsAt } from '../../helpers/mailbox.ts';
import { memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const { secret } = SETTINGS;
const NOON = at('09-02T12:00');
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
const VERA = 'vera@praktijk.example';
const CHOICES: EnrolmentChoices = {
  name: 'Praktijk De Linde',
  language: 'nl',
  roles: ['practice'],
  insurers: [{ insurer: 'noord', contractStatus: 'contracted', preferred: true }],
  email: 'Vera@Praktijk.example ',
  leadDays: [30, 7],
  digest: 'weekly',
};
const OPEN: EnrolmentCall = { signUp: 'open', caller: '192.0.2.1', invitation: null };

onBothDialects('an enrolment', (fresh) => {
  const begun = async () => {
    const store = await fresh();
    return { store, ...(await castIn(store)) };
  };
  const start = (store: Store, over: Partial<EnrolmentChoices> = {}, call: Partial<EnrolmentCall> = {}, now = NOON) =>
    store.write((tx) => beginEnrolment(tx, { ...CHOICES, ...over }, { ...OPEN, ...call }, secret, now));
  const tokenAt = async (store: Store, now = NOON, to = VERA) => {
    const mail = (await mailsAt(store, now)).find((one) => one.for === to && one.text!.includes('/aanmelden/'))!;
    return linkIn(mail, 'aanmelden').split('/').at(-1)!;
  };
  const confirm = (store: Store, token: string, choice: NameChoice | null = null, now = later(1)) =>
    store.write((tx) => confirmEnrolment(tx, token, choice, now));
  /** How many rows there are of whatever an enrolment makes. */
  const counts = async ({ read }: Store) => {
    const { keys, members, organisations, people, recipients, relations, sessions } = read.tables;
    const all = [];
    for (const table of [organisations, people, members, recipients, relations, keys, sessions]) all.push(await read.$count(table));
    return all;
  };

  it('makes nothing before the address said yes, and then organisation, manager and recipient at once', async () => {
    const { store } = await begun();
    const before = await counts(store);
    expect(await start(store)).toEqual({ outcome: 'sent', expiresAt: later(7 * 24 * 60) });
    const token = await tokenAt(store);
    for (const _ of [1, 2]) expect(await findEnrolment(store.read, token, later(1))).toEqual({ ...CHOICES, email: VERA });
    expect(await counts(store)).toEqual(before);
    const outcome = await confirm(store, token);
    if (outcome.outcome !== 'enrolled') throw new Error(outcome.outcome);
    const { organisationId } = outcome;
    expect(await getOrganisation(store.read, organisationId)).toMatchObject({
      name: 'Praktijk De Linde',
      roles: ['practice'],
      parentId: null,
      relations: [{ insurerSlug: 'noord', contractStatus: 'contracted', preferred: true }],
    });
    expect((await listMembers(store.read, organisationId)).map(({ email, role }) => [email, role])).toEqual([[VERA, 'manager']]);
    expect(await listRecipients(store.read, organisationId)).toMatchObject([
      { email: VERA, status: 'confirmed', confirmedAt: later(1), leadDays: [30, 7], digest: 'weekly' },
    ]);
    // No key, and no session: the link may have been forwarded.
    expect((await counts(store)).map((count, i) => count - before[i]!)).toEqual([1, 1, 1, 1, 1, 0, 0]);
    const mails = await mailsAt(store, later(2));
    expect(mails.map((mail) => [mail.for, mail.subject])).toEqual([[VERA, expect.stringContaining('Praktijk De Linde')]]);
  });

  it('holds no text of who asked in its mail', async () => {
    const { store } = await begun();
    await start(store, { name: 'Koop nu bij Evil BV' });
    const [mail] = await mailsAt(store, NOON);
    expect(`${mail!.subject} ${mail!.text} ${mail!.html}`).not.toMatch(/Evil|Koop/);
  });

  it('is good once, also for two that confirm at once, and for seven days', async () => {
    const { store } = await begun();
    await start(store);
    const token = await tokenAt(store);
    await expect(confirm(store, token, null, later(7 * 24 * 60))).rejects.toMatchObject({ kind: 'gone' });
    expect(await findEnrolment(store.read, token, later(7 * 24 * 60))).toBeNull();
    const outcomes = await Promise.allSettled([confirm(store, token), confirm(store, token, 'another')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await listOrganisations(store.read)).filter(({ name }) => name === CHOICES.name).length).toBe(1);
    expect(await findEnrolment(store.read, token, later(2))).toBeNull();
    await expect(confirm(store, 'guessed')).rejects.toMatchObject({ kind: 'gone' });
    // Nothing of what was typed is kept beside what was made of it.
    expect(await store.read.select().from(store.read.tables.enrolments)).toMatchObject([{ choices: null }]);
  });

  it('of two that confirm one name at once is one organisation, and the other is asked what to do', async () => {
    const { store } = await begun();
    const email = 'wim@praktijk.example';
    await start(store);
    await start(store, { email, name: 'praktijk  de linde' }, { caller: '192.0.2.2' });
    const mails = await mailsAt(store, NOON);
    const [vera, wim] = [VERA, email].map((to) =>
      linkIn(
        mails.find((one) => one.for === to)!,
        'aanmelden',
      )
        .split('/')
        .at(-1)!,
    );
    const outcomes: ConfirmedEnrolment[] = [];
    await atOnce(
      store,
      async (tx, pause) => {
        outcomes.push(await confirmEnrolment(tx, vera!, null, later(1)));
        await pause();
      },
      async (tx) => void outcomes.push(await confirmEnrolment(tx, wim!, null, later(1))),
    );
    expect(outcomes).toMatchObject([{ outcome: 'enrolled' }, { outcome: 'name_taken', hasManagers: true }]);
    expect((await listOrganisations(store.read)).filter(({ name }) => /linde/i.test(name)).length).toBe(1);
    // The link of the other holds, for either choice.
    expect(await confirm(store, wim!, 'another', later(2))).toMatchObject({ outcome: 'enrolled' });
  });

  it('tells of a name that is taken only who confirmed, and lets it ask the managers', async () => {
    const { store, ro } = await begun();
    await memberOf(store, ro.id, 'anna@ro.example', NOON);
    await memberOf(store, ro.id, 'bert@ro.example', NOON, 'reader');
    const before = await counts(store);
    expect(await start(store, { name: ' regio   ZUID' })).toMatchObject({ outcome: 'sent' });
    const token = await tokenAt(store);
    for (const _ of [1, 2]) expect(await confirm(store, token)).toEqual({ outcome: 'name_taken', hasManagers: true });
    expect(await confirm(store, token, 'ask_managers')).toEqual({ outcome: 'asked' });
    await expect(confirm(store, token, 'another')).rejects.toMatchObject({ kind: 'gone' });
    expect(await counts(store)).toEqual(before);
    const mails = await mailsAt(store, later(2));
    expect(mails.map((mail) => mail.for)).toEqual(['anna@ro.example']);
    expect(mails[0]!.text).toContain(`${VERA} vraagt toegang tot Regio Zuid`);
  });

  it('goes on as another organisation of the same name where that is wanted, and must where there is nobody to ask', async () => {
    const { store } = await begun();
    await start(store, { name: 'Regio Zuid' });
    const token = await tokenAt(store);
    expect(await confirm(store, token)).toEqual({ outcome: 'name_taken', hasManagers: false });
    await expect(confirm(store, token, 'ask_managers')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await confirm(store, token, 'another')).toMatchObject({ outcome: 'enrolled' });
    expect((await listOrganisations(store.read)).filter(({ name }) => name === 'Regio Zuid').length).toBe(2);
  });

  it('of an address that has an account makes it a manager here too', async () => {
    const { store, outsider } = await begun();
    const vera = await memberOf(store, outsider.id, VERA, NOON, 'reader');
    await start(store);
    expect(await confirm(store, await tokenAt(store))).toMatchObject({ outcome: 'enrolled', personId: vera.id });
  });

  it('needs an invitation where only who was invited may, which is good for one organisation', async () => {
    const { store } = await begun();
    const { token: invitation } = await store.write((tx) => inviteToEnrol(tx, NOON));
    for (const call of [
      { signUp: 'closed' as const, invitation },
      { signUp: 'invited' as const },
      { signUp: 'invited' as const, invitation: 'guessed' },
    ])
      await expect(start(store, {}, call)).rejects.toMatchObject({ kind: 'forbidden' });
    const invited = { signUp: 'invited' as const, invitation };
    await start(store, {}, invited);
    const first = await tokenAt(store);
    await start(store, { email: 'wim@praktijk.example', name: 'Praktijk De Els' }, invited);
    const second = await tokenAt(store, NOON, 'wim@praktijk.example');
    const outcomes = await Promise.allSettled([confirm(store, first), confirm(store, second)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await listOrganisations(store.read)).filter(({ name }) => name.startsWith('Praktijk De ')).length).toBe(1);
    await expect(start(store, {}, invited)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(
      start(store, {}, { ...invited, invitation: (await store.write((tx) => inviteToEnrol(tx, NOON))).token }, later(7 * 24 * 60)),
    ).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('may be begun three times a day with an address, whatever its spelling, and ten times an hour by a caller', async () => {
    const { store } = await begun();
    for (const [n, email] of [VERA, 'VERA@praktijk.example', 'vera+x@praktijk.example'].entries())
      await start(store, { email }, {}, later(n));
    expect(await start(store, {}, { caller: '192.0.2.2' }, later(3))).toEqual({
      outcome: 'limited',
      whose: 'address',
      freeAt: later(24 * 60),
    });
    for (let n = 3; n < 10; n += 1)
      expect(await start(store, { email: `p${n}@praktijk.example` }, {}, later(n))).toMatchObject({ outcome: 'sent' });
    expect(await start(store, { email: 'x@praktijk.example' }, {}, later(11))).toEqual({
      outcome: 'limited',
      whose: 'caller',
      freeAt: later(60),
    });
    expect(await start(store, { email: 'x@praktijk.example' }, { caller: '192.0.2.2' }, later(11))).toMatchObject({ outcome: 'sent' });
    expect(JSON.stringify(await store.read.select().from(store.read.tables.enrolments))).not.toContain('192.0.2');
  });

  it('is begun no more often by many at once', async () => {
    const { store } = await begun();
    const outcomes = await Promise.all(Array.from({ length: 6 }, (_, n) => start(store, {}, { caller: `192.0.2.${n}` })));
    expect(outcomes.filter(({ outcome }) => outcome === 'sent').length).toBe(3);
  });

  it('refuses insurers that are unknown, or stand twice, before anything is mailed', async () => {
    const { store } = await begun();
    const relation = CHOICES.insurers[0]!;
    await expect(start(store, { insurers: [{ ...relation, insurer: 'nergens' }] })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(start(store, { insurers: [relation, relation] })).rejects.toMatchObject({ kind: 'invalid' });
    expect(await mailsAt(store, NOON)).toEqual([]);
  });
});
