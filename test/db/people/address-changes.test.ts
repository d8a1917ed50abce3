/** A new address of a person: both must say yes. */
import { expect, it } from 'vitest';
import { askAddressChange, confirmAddressChange, findAddressChange } from '../../../db/people/address-changes.ts';
import { findPerson } from '../../../db/people/people.ts';
import { readSession } from '../../../db/people/sessions.ts';
import type { Store } from '../../../db/store/store.ts';
import { castIn } from '../../helpers/cast.ts';
import { linkIn, mailsAt } from '../../helpers/mailbox.ts';
import { askedAt, memberOf, signedIn, tryIn } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const NOON = at('09-02T12:00');
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
const FORMER = 'anna@ro.example';
const NEW = 'anna@nieuw.example';

onBothDialects('a change of address', (fresh) => {
  const begin = async (now = NOON) => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const anna = await memberOf(store, ro.id, FORMER, now);
    await store.write((tx) => askAddressChange(tx, anna.id, ' Anna@Nieuw.EXAMPLE', now));
    const tokens = Object.fromEntries((await mailsAt(store, now)).map((mail) => [mail.for, linkIn(mail, 'adres').split('/').at(-1)!]));
    return { store, anna, ro, former: tokens[FORMER]!, fresh: tokens[NEW]! };
  };
  const confirm = (store: Store, token: string, now: Date) => store.write((tx) => confirmAddressChange(tx, token, now));

  it('holds once both said yes, in whichever order, and one signs in with the new one', async () => {
    const { store, anna, former, fresh: added } = await begin();
    expect(await findAddressChange(store.read, former, later(1))).toMatchObject({ email: NEW, isNew: false, personId: anna.id });
    expect(await findAddressChange(store.read, added, later(1))).toMatchObject({ email: NEW, isNew: true, personId: anna.id });
    for (const _ of [1, 2]) expect(await confirm(store, added, later(1))).toBe('waiting');
    expect((await findPerson(store.read, FORMER))?.id).toBe(anna.id);
    expect(await confirm(store, former, later(2))).toBe('changed');
    expect([await findPerson(store.read, FORMER), (await findPerson(store.read, NEW))?.id]).toEqual([null, anna.id]);
    await expect(confirm(store, former, later(3))).rejects.toMatchObject({ kind: 'gone' });
    await signedIn(store, NEW, later(4));
  });

  it('ends what came in by the former address: every session, and every code that was asked for; and that address is told', async () => {
    const { store, former, fresh: added } = await begin();
    const sessions = [await signedIn(store, FORMER, later(1)), await signedIn(store, FORMER, later(1))];
    const asked = await askedAt(store, FORMER, later(1));
    await confirm(store, added, later(2));
    expect(await readSession(store.read, sessions[0]!, later(2))).not.toBeNull();
    await confirm(store, former, later(3));
    for (const token of sessions) expect(await readSession(store.read, token, later(3))).toBeNull();
    expect(await tryIn(store, { cookie: asked.cookie, code: asked.code }, later(3))).toEqual({ outcome: 'over' });
    const told = (await mailsAt(store, later(3))).filter((mail) => mail.text!.includes('en niet meer met dit adres'));
    expect(told.map((mail) => [mail.for, mail.text!.includes(NEW)])).toEqual([[FORMER, true]]);
  });

  it('is made once by two that say yes at once', async () => {
    const { store, anna, former, fresh: added } = await begin();
    const outcomes = await Promise.all([confirm(store, former, later(1)), confirm(store, added, later(1))]);
    expect([...outcomes].sort()).toEqual(['changed', 'waiting']);
    expect((await findPerson(store.read, NEW))?.id).toBe(anna.id);
  });

  it('is over after a day, and where another was asked for', async () => {
    const { store, anna, former, fresh: added } = await begin();
    await expect(confirm(store, former, later(24 * 60))).rejects.toMatchObject({ kind: 'gone' });
    await expect(store.write((tx) => askAddressChange(tx, anna.id, 'x@nieuw.example', later(9)))).rejects.toMatchObject({
      kind: 'limited',
    });
    await store.write((tx) => askAddressChange(tx, anna.id, 'x@nieuw.example', later(10)));
    for (const token of [former, added]) expect(await findAddressChange(store.read, token, later(11))).toBeNull();
    await expect(store.write((tx) => askAddressChange(tx, anna.id, 'ANNA@ro.example', later(30)))).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  it('is asked for three times a day at most, and no mailbox is asked more often, whatever its tag', async () => {
    const { store, anna, ro } = await begin();
    const ask = async (personId: string, email: string, minutes: number) =>
      store.write((tx) => askAddressChange(tx, personId, email, later(minutes)));
    for (const [n, minutes] of [20, 40].entries()) await ask(anna.id, `anna+${n}@nieuw.example`, minutes);
    await expect(ask(anna.id, 'x@nieuw.example', 60)).rejects.toMatchObject({ kind: 'limited' });
    const other = await memberOf(store, ro.id, 'bert@ro.example', NOON);
    await expect(ask(other.id, NEW, 60)).rejects.toMatchObject({ kind: 'limited' });
    await ask(other.id, 'bert@nieuw.example', 60);
    const mails = await store.read.$count(store.read.tables.messages);
    expect(mails).toBe(8);
    await ask(anna.id, 'x@nieuw.example', 24 * 60);
  });

  it('does not take an address that somebody else has, and tells so only who reads its mail', async () => {
    const { store, ro, former, fresh: added } = await begin();
    const other = await memberOf(store, ro.id, NEW, later(1), 'reader');
    expect(await confirm(store, former, later(2))).toBe('waiting');
    expect(await confirm(store, added, later(2))).toBe('taken');
    expect([(await findPerson(store.read, NEW))?.id, (await findPerson(store.read, FORMER)) !== null]).toEqual([other.id, true]);
  });
});
