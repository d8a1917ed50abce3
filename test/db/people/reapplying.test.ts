/** What was withdrawn of people after a backup is withdrawn again once that is restored. */
import { expect, it } from 'vitest';
import { addEditor, listEditors } from '../../../db/people/editors.ts';
import { removeEditor, removeMember } from '../../../db/people/erasure.ts';
import { addMember, changeRole, listMembers } from '../../../db/people/members.ts';
import { reapply, sealWithdrawal } from '../../../db/people/reapplying.ts';
import { endAllSessions, openSession, readSession } from '../../../db/people/sessions.ts';
import { findPerson } from '../../../db/people/people.ts';
import type { Store } from '../../../db/store/store.ts';
import { withdrawalsAfter } from '../../../db/store/withdrawals.ts';
import { castIn } from '../../helpers/cast.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const { secret } = SETTINGS;
const NOON = at('09-02T12:00');
const LATER = at('09-02T13:00');

onBothDialects('after a restore', (fresh) => {
  const TABLES = ['people', 'members', 'editors', 'sessions'] as const;

  /** These tables as they are, and how they are put back, with nothing known of what was withdrawn meanwhile. */
  async function backUp(store: Store) {
    const copies: [(typeof TABLES)[number], object[]][] = [];
    for (const name of TABLES) copies.push([name, await store.read.select().from(store.read.tables[name])]);
    return () =>
      store.write(async (tx) => {
        for (const name of TABLES.toReversed()) await tx.delete(tx.tables[name]);
        for (const [name, rows] of copies) if (rows.length > 0) await tx.insert(tx.tables[name]).values(rows as never);
        await tx.delete(tx.tables.withdrawals);
      });
  }

  it('members, editors and people that were removed, readers that were managers, and sessions that ended stay so', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    const person: Record<string, string> = {};
    for (const name of ['stays', 'left', 'gone', 'demoted', 'returned', 'editor', 'signed_out'])
      person[name] = (await memberOf(store, ro.id, `${name}@ro.example`, NOON)).id;
    await memberOf(store, outsider.id, 'left@ro.example', NOON);
    await store.write((tx) => addEditor(tx, { email: 'editor@ro.example', label: 'E', language: 'nl' }, NOON));
    const open = (name: string) => store.write((tx) => openSession(tx, person[name]!, null, NOON));
    const [kept, ended] = [await open('stays'), await open('signed_out')];
    const restore = await backUp(store);

    await store.write(async (tx) => {
      for (const name of ['left', 'gone', 'returned'])
        await removeMember(tx, { organisationId: ro.id, personId: person[name]!, keepsManager: true }, secret, LATER);
      await changeRole(tx, ro.id, { personId: person['demoted']!, role: 'reader' }, { keepsManager: true }, LATER);
      await removeEditor(tx, person['editor']!, secret, LATER);
      await endAllSessions(tx, person['signed_out']!, LATER);
    });
    const standing = async () => ({
      ro: (await listMembers(store.read, ro.id)).map(({ email, role }) => `${email} ${role}`),
      outsider: (await listMembers(store.read, outsider.id)).map(({ email }) => email),
      editors: await listEditors(store.read),
      gone: await findPerson(store.read, 'gone@ro.example'),
      sessions: await Promise.all([kept, ended].map(async ({ token }) => (await readSession(store.read, token, LATER)) !== null)),
    });
    const wanted = await standing();
    expect(wanted).toEqual({
      ro: ['editor@ro.example manager', 'signed_out@ro.example manager', 'stays@ro.example manager', 'demoted@ro.example reader'],
      outsider: ['left@ro.example'],
      editors: [],
      gone: null,
      sessions: [true, false],
    });
    const sealed = (await withdrawalsAfter(store.read, -1, 1000)).map((one) => sealWithdrawal(one, secret));
    expect(JSON.stringify(sealed)).not.toContain(person['left']);
    await restore();
    expect(await standing()).not.toEqual(wanted);
    const counts = await store.write((tx) => reapply(tx, sealed, secret, LATER));
    expect(await standing()).toEqual(wanted);
    expect(counts).toEqual({ member: 4, editor: 1, session: 1 });
  });

  it('who was added again, or made manager again, stays that', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    await memberOf(store, ro.id, 'stays@ro.example', NOON);
    const { id } = await memberOf(store, ro.id, 'anna@ro.example', NOON);
    await memberOf(store, outsider.id, 'anna@ro.example', NOON, 'reader');
    const restore = await backUp(store);
    await store.write(async (tx) => {
      await removeMember(tx, { organisationId: ro.id, personId: id, keepsManager: true }, secret, LATER);
      await addMember(tx, ro.id, { email: 'anna@ro.example', language: 'nl', role: 'reader' }, LATER);
      await changeRole(tx, ro.id, { personId: id, role: 'manager' }, { keepsManager: true }, LATER);
    });
    const sealed = (await withdrawalsAfter(store.read, -1, 1000)).map((one) => sealWithdrawal(one, secret));
    await restore();
    expect(await store.write((tx) => reapply(tx, sealed, secret, LATER))).toEqual({});
    expect((await listMembers(store.read, ro.id)).map(({ email, role }) => `${email} ${role}`)).toContain('anna@ro.example manager');
  });
});
