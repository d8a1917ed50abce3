/** Members and editors: who may do what where, and that an organisation never loses its last manager. */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { addEditor, listEditors } from '../../../db/people/editors.ts';
import { eraseOrganisationAndMembers, erasePerson, removeEditor, removeMember } from '../../../db/people/erasure.ts';
import { acceptInvitation, findInvitation, inviteMember, listInvitations } from '../../../db/people/invitations.ts';
import { addMember, changeRole, endMembership, handOver, listMembers, membershipsOf, roleOf } from '../../../db/people/members.ts';
import { chooseLanguage, ensurePerson, findPerson } from '../../../db/people/people.ts';
import type { Store, WriteDb } from '../../../db/store/store.ts';
import { atOnce } from '../../helpers/at-once.ts';
import { castIn } from '../../helpers/cast.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { linkIn, mailsAt } from '../../helpers/mailbox.ts';
import { memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { countWaiting, onBothDialects } from '../../helpers/stores.ts';

const { secret } = SETTINGS;
const NOON = at('09-02T12:00');
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
const ANNA = 'anna@ro.example';
const BERT = 'bert@ro.example';
const KEEPING = { keepsManager: true };

onBothDialects('members', (fresh) => {
  const begin = async () => {
    const store = await fresh();
    const cast = await castIn(store);
    return { store, ...cast, anna: await memberOf(store, cast.ro.id, ANNA, NOON) };
  };
  const rolesIn = async ({ read }: Store, id: string) => (await listMembers(read, id)).map(({ email, role }) => `${email} ${role}`);

  it('are people of one address each, however it is spelled, and may belong to several organisations', async () => {
    const { store, anna, ro, outsider } = await begin();
    const again = await store.write((tx) =>
      addMember(tx, outsider.id, { email: ' Anna@RO.EXAMPLE', language: 'en', role: 'reader' }, later(1)),
    );
    expect(again).toMatchObject({ id: anna.id, email: ANNA, language: 'nl' });
    expect((await membershipsOf(store.read, anna.id)).map(({ name, role }) => `${name} ${role}`)).toEqual([
      'Praktijk Elders reader',
      'Regio Zuid manager',
    ]);
    expect([await roleOf(store.read, anna.id, ro.id), await roleOf(store.read, anna.id, 'nowhere')]).toEqual(['manager', null]);
    await expect(
      store.write((tx) => addMember(tx, ro.id, { email: ANNA, language: 'nl', role: 'reader' }, later(1))),
    ).rejects.toMatchObject({ kind: 'conflict', faults: [{ field: 'email' }] });
    await expect(
      store.write((tx) => addMember(tx, 'nowhere', { email: 'x@ro.example', language: 'nl', role: 'reader' }, later(1))),
    ).rejects.toMatchObject({ kind: 'not_found' });
    expect(await findPerson(store.read, 'x@ro.example')).toBeNull();
  });

  it('of an international domain are the same in both spellings', async () => {
    const { store, ro } = await begin();
    const munich = await memberOf(store, ro.id, 'ina@MÜNCHEN.example', NOON);
    expect(munich.email).toBe('ina@xn--mnchen-3ya.example');
    expect((await findPerson(store.read, 'ina@münchen.example'))?.id).toBe(munich.id);
  });

  it.each([
    [
      'become a reader',
      async (tx: WriteDb, organisationId: string, personId: string) =>
        changeRole(tx, organisationId, { personId, role: 'reader' }, KEEPING, later(1)),
    ],
    [
      'leave',
      async (tx: WriteDb, organisationId: string, personId: string) =>
        removeMember(tx, { organisationId, personId, keepsManager: true }, secret, later(1)),
    ],
    ['are erased', async (tx: WriteDb, _: string, personId: string) => erasePerson(tx, personId, secret, later(1))],
  ] as const)('take along the open invitations that they sent, where they %s', async (_, end) => {
    const { store, anna, ro } = await begin();
    const bert = await memberOf(store, ro.id, BERT, NOON);
    const invite = async (email: string, invitedById: string | null) =>
      store.write((tx) => inviteMember(tx, ro.id, { email, role: 'manager', invitedById }, secret, NOON));
    await invite('dora@ro.example', anna.id);
    await invite('emma@ro.example', bert.id);
    await invite('fred@ro.example', null);
    await store.write((tx) => end(tx, ro.id, anna.id));
    const open = (await listInvitations(store.read, ro.id, later(2))).map(({ email }) => email);
    expect(open).toEqual(['emma@ro.example', 'fred@ro.example']);
  });

  it('keep a manager: the last one neither leaves nor becomes a reader, but hands over', async () => {
    const { store, anna, ro } = await begin();
    const bert = await memberOf(store, ro.id, BERT, NOON, 'reader');
    await expect(
      store.write((tx) => removeMember(tx, { organisationId: ro.id, personId: anna.id, keepsManager: true }, secret, NOON)),
    ).rejects.toMatchObject({ kind: 'conflict' });
    await expect(store.write((tx) => changeRole(tx, ro.id, { personId: anna.id, role: 'reader' }, KEEPING, NOON))).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect(await rolesIn(store, ro.id)).toEqual([`${ANNA} manager`, `${BERT} reader`]);
    await expect(store.write((tx) => handOver(tx, ro.id, { from: bert.id, to: anna.id }, NOON))).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(store.write((tx) => handOver(tx, ro.id, { from: anna.id, to: anna.id }, NOON))).rejects.toMatchObject({ kind: 'invalid' });
    await store.write((tx) => handOver(tx, ro.id, { from: anna.id, to: bert.id }, NOON));
    expect(await rolesIn(store, ro.id)).toEqual([`${BERT} manager`, `${ANNA} reader`]);
    await store.write((tx) => removeMember(tx, { organisationId: ro.id, personId: anna.id, keepsManager: true }, secret, NOON));
    expect([await rolesIn(store, ro.id), await findPerson(store.read, ANNA)]).toEqual([[`${BERT} manager`], null]);
  });

  it('keep a manager also where two leave at once', async () => {
    const { store, anna, ro } = await begin();
    const bert = await memberOf(store, ro.id, BERT, NOON);
    const [left, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = store.write(async (tx) => {
      await endMembership(tx, ro.id, anna.id, KEEPING, NOON);
      left.resolve();
      await mayCommit.promise;
    });
    await left.promise;
    const progress = { isOver: false };
    const second = store.write((tx) => endMembership(tx, ro.id, bert.id, KEEPING, NOON)).finally(() => (progress.isOver = true));
    const outcomes = Promise.allSettled([first, second]);
    // On PostgreSQL the other one waits for the first, or would be through by then; on SQLite it waits for its turn.
    while (store.dialect === 'pg' && !progress.isOver && (await countWaiting(store.read)) === 0) await setImmediate();
    mayCommit.resolve();
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await listMembers(store.read, ro.id)).map(({ role }) => role)).toEqual(['manager']);
  });

  it('lose the last manager where whoever runs the service says so', async () => {
    const { store, anna, ro } = await begin();
    await store.write((tx) => removeMember(tx, { organisationId: ro.id, personId: anna.id, keepsManager: false }, secret, NOON));
    expect([await rolesIn(store, ro.id), await findPerson(store.read, ANNA)]).toEqual([[], null]);
  });

  it('stay people while they belong somewhere, as a member or as an editor', async () => {
    const { store, anna, ro, outsider } = await begin();
    await memberOf(store, ro.id, BERT, NOON);
    await memberOf(store, outsider.id, ANNA, NOON);
    await store.write((tx) => addEditor(tx, { email: ANNA, label: 'Anna', language: 'nl' }, NOON));
    await expect(store.write((tx) => addEditor(tx, { email: ANNA, label: 'Anna', language: 'nl' }, NOON))).rejects.toMatchObject({
      kind: 'conflict',
    });
    await store.write((tx) => removeMember(tx, { organisationId: ro.id, personId: anna.id, keepsManager: true }, secret, NOON));
    await store.write((tx) => eraseOrganisationAndMembers(tx, outsider.id, secret, NOON));
    expect([(await findPerson(store.read, ANNA))?.id, (await listEditors(store.read)).map(({ label }) => label)]).toEqual([
      anna.id,
      ['Anna'],
    ]);
    await store.write((tx) => removeEditor(tx, anna.id, secret, NOON));
    expect([await findPerson(store.read, ANNA), (await findPerson(store.read, BERT))?.email]).toEqual([null, BERT]);
    await expect(store.write((tx) => removeEditor(tx, anna.id, secret, NOON))).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('stay people where another organisation makes them members as they leave', async () => {
    const { store, anna, ro, outsider } = await begin();
    await memberOf(store, ro.id, BERT, NOON);
    const joins = { email: ANNA, language: 'nl', role: 'reader' } as const;
    await atOnce(
      store,
      async (tx, pause) => {
        await ensurePerson(tx, joins, NOON);
        await pause();
        await addMember(tx, outsider.id, joins, NOON);
      },
      (tx) => removeMember(tx, { organisationId: ro.id, personId: anna.id, keepsManager: true }, secret, NOON),
    );
    expect([await rolesIn(store, ro.id), await rolesIn(store, outsider.id)]).toEqual([[`${BERT} manager`], [`${ANNA} reader`]]);
  });

  it('are erased where the last two organisations let go of them at once', async () => {
    const { store, anna, ro, outsider } = await begin();
    await memberOf(store, outsider.id, ANNA, NOON);
    const letGo = (tx: WriteDb, organisationId: string) =>
      removeMember(tx, { organisationId, personId: anna.id, keepsManager: false }, secret, NOON);
    await atOnce(
      store,
      async (tx, pause) => {
        await letGo(tx, ro.id);
        await pause();
      },
      (tx) => letGo(tx, outsider.id),
    );
    expect(await findPerson(store.read, ANNA)).toBeNull();
  });

  it('are erased where they join an organisation that is being erased', async () => {
    const { store, ro } = await begin();
    await atOnce(
      store,
      async (tx, pause) => {
        await addMember(tx, ro.id, { email: BERT, language: 'nl', role: 'reader' }, NOON);
        await pause();
      },
      (tx) => eraseOrganisationAndMembers(tx, ro.id, secret, NOON),
    );
    expect([await findPerson(store.read, ANNA), await findPerson(store.read, BERT)]).toEqual([null, null]);
  });

  it('choose their language', async () => {
    const { store, anna } = await begin();
    expect(await store.write((tx) => chooseLanguage(tx, anna.id, 'en'))).toMatchObject({ email: ANNA, language: 'en' });
  });
});

onBothDialects('an invitation', (fresh) => {
  const begin = async () => {
    const store = await fresh();
    const cast = await castIn(store);
    const anna = await memberOf(store, cast.ro.id, ANNA, NOON);
    const invite = (now = NOON, email = BERT, role: 'manager' | 'reader' = 'reader') =>
      store.write((tx) => inviteMember(tx, cast.ro.id, { email, role, invitedById: anna.id }, secret, now));
    const tokenAt = async (now: Date) => {
      const mail = (await mailsAt(store, now)).find((one) => one.for === BERT)!;
      return linkIn(mail, 'uitnodiging').split('/').at(-1)!;
    };
    return { store, ...cast, anna, invite, tokenAt };
  };
  const accept = (store: Store, token: string, now: Date) => store.write((tx) => acceptInvitation(tx, token, 'nl', now));

  it('makes whoever has the address a member, once, and nothing before that', async () => {
    const { store, invite, ro, tokenAt } = await begin();
    await invite();
    expect(await findPerson(store.read, BERT)).toBeNull();
    const token = await tokenAt(NOON);
    const shown = { organisation: { id: ro.id, name: 'Regio Zuid' }, email: BERT, role: 'reader' };
    for (const _ of [1, 2]) expect(await findInvitation(store.read, token, later(1))).toEqual(shown);
    const outcomes = await Promise.allSettled([accept(store, token, later(1)), accept(store, token, later(1))]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await listMembers(store.read, ro.id)).map(({ email, role }) => `${email} ${role}`)).toEqual([
      `${ANNA} manager`,
      `${BERT} reader`,
    ]);
    expect(await findInvitation(store.read, token, later(2))).toBeNull();
    expect(await store.read.$count(store.read.tables.sessions)).toBe(0);
    await expect(invite(later(3))).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('holds seven days, and ends where another takes its place', async () => {
    const { store, invite, tokenAt } = await begin();
    await invite();
    const first = await tokenAt(NOON);
    expect(await findInvitation(store.read, first, later(7 * 24 * 60 - 1))).not.toBeNull();
    expect(await findInvitation(store.read, first, later(7 * 24 * 60))).toBeNull();
    await expect(accept(store, first, later(7 * 24 * 60))).rejects.toMatchObject({ kind: 'gone' });
    await invite(later(1));
    const second = await tokenAt(later(1));
    await expect(accept(store, first, later(2))).rejects.toMatchObject({ kind: 'gone' });
    expect(await findInvitation(store.read, second, later(2))).not.toBeNull();
    await expect(accept(store, 'guessed', later(2))).rejects.toMatchObject({ kind: 'gone' });
  });

  it('is not mailed where it was replaced, or its organisation is no more, before it left', async () => {
    const { store, invite, ro } = await begin();
    await invite();
    await invite(later(1), BERT, 'manager');
    expect((await mailsAt(store, later(2))).map(({ text }) => /als (\w+) van/.exec(text!)![1])).toEqual(['beheerder']);
    await invite(later(3));
    await store.write((tx) => eraseOrganisationAndMembers(tx, ro.id, secret, later(4)));
    expect(await mailsAt(store, later(5))).toEqual([]);
  });

  it('reaches an address three times a day at most', async () => {
    const { invite } = await begin();
    for (const n of [0, 1, 2]) await invite(later(n));
    await expect(invite(later(3))).rejects.toMatchObject({ kind: 'limited' });
    await invite(later(24 * 60));
  });
});
