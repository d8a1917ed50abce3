/** What is kept of people for a while goes by itself, and nothing sooner. */
import { expect, it } from 'vitest';
import { askAddressChange } from '../../../db/people/address-changes.ts';
import { beginEnrolment } from '../../../db/people/enrolments.ts';
import { inviteMember, inviteToEnrol } from '../../../db/people/invitations.ts';
import { forgetPast } from '../../../db/people/retention.ts';
import { openSession } from '../../../db/people/sessions.ts';
import { askSignIn } from '../../../db/people/sign-ins.ts';
import { castIn } from '../../helpers/cast.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { mailsAt } from '../../helpers/mailbox.ts';
import { FIREFOX, memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const { secret } = SETTINGS;
const NOON = at('09-02T12:00');
const afterDays = (days: number, ms = 0) => new Date(NOON.getTime() + days * 86_400_000 + ms);

onBothDialects('of people', (fresh) => {
  it('sign-ins and new addresses are kept a day, invitations and enrolments seven, sessions thirty', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const anna = await memberOf(store, ro.id, 'anna@ro.example', NOON);
    await store.write(async (tx) => {
      await askSignIn(tx, { email: 'anna@ro.example', language: 'nl', browser: FIREFOX }, secret, NOON);
      await askAddressChange(tx, anna.id, 'anna@nieuw.example', NOON);
      await inviteMember(tx, ro.id, { email: 'bert@ro.example', role: 'reader', invitedById: anna.id }, secret, NOON);
      await inviteToEnrol(tx, NOON);
      await openSession(tx, anna.id, null, NOON);
      await beginEnrolment(
        tx,
        { name: 'Elders', language: 'nl', roles: ['practice'], insurers: [], email: 'vera@elders.example', leadDays: [3], digest: 'daily' },
        { signUp: 'open', caller: '192.0.2.1', invitation: null },
        secret,
        NOON,
      );
    });
    await mailsAt(store, NOON);
    const { addressChanges, enrolments, invitations, messages, people, sessions, signIns } = store.read.tables;
    const standing = async () => {
      const counts = [];
      for (const table of [signIns, addressChanges, invitations, enrolments, sessions, messages])
        counts.push(await store.read.$count(table));
      return counts;
    };
    const kept = async (now: Date) => {
      await store.write((tx) => forgetPast(tx, now));
      return standing();
    };
    // Of mails: a sign-in, two about the new address, an invitation and an enrolment.
    expect(await standing()).toEqual([1, 1, 2, 1, 1, 5]);
    expect(await kept(afterDays(1, -1))).toEqual([1, 1, 2, 1, 1, 5]);
    expect(await kept(afterDays(1, 1))).toEqual([0, 0, 2, 1, 1, 4]);
    expect(await kept(afterDays(7, -1))).toEqual([0, 0, 2, 1, 1, 4]);
    expect(await kept(afterDays(7, 1))).toEqual([0, 0, 0, 0, 1, 0]);
    expect(await kept(afterDays(30, -1))).toEqual([0, 0, 0, 0, 1, 0]);
    expect(await kept(afterDays(30))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await store.read.$count(people)).toBe(1);
  });
});
