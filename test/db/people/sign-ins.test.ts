/** Signing in: what lets somebody in, what does not, and what nobody learns by asking. */
import { expect, it, vi } from 'vitest';
import { askAddressChange } from '../../../db/people/address-changes.ts';
import { addEditor } from '../../../db/people/editors.ts';
import { endAllSessions, listSessions, readSession, requireFresh } from '../../../db/people/sessions.ts';
import { askSignIn, findSignIn } from '../../../db/people/sign-ins.ts';
import type { WriteDb } from '../../../db/store/store.ts';
import { castIn } from '../../helpers/cast.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { mailsAt } from '../../helpers/mailbox.ts';
import { askedAt, FIREFOX, memberOf, signedIn, tryIn } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const { secret } = SETTINGS;
const ANNA = 'anna@ro.example';
const NOON = at('09-02T12:00');
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
const OVER = { outcome: 'over' };

onBothDialects('a sign-in', (fresh) => {
  const begin = async () => {
    const store = await fresh();
    const cast = await castIn(store);
    const anna = await memberOf(store, cast.ro.id, ANNA, NOON);
    return { store, anna, ...cast };
  };

  it('works by the code in the asking browser, once, however it is typed', async () => {
    const { store, anna } = await begin();
    const { code, cookie } = await askedAt(store, 'Anna@RO.example', NOON);
    const typed = ` ${code!.toLowerCase().replace(' ', '-')}\u200e `;
    const outcome = await tryIn(store, { cookie, code: typed }, later(14));
    expect(outcome).toMatchObject({ outcome: 'signed_in', personId: anna.id, expiresAt: new Date(later(14).getTime() + 30 * 86_400_000) });
    expect(await tryIn(store, { cookie, code }, later(14))).toEqual(OVER);
  });

  it('works by the link in the asking browser without the code, once', async () => {
    const { store, anna } = await begin();
    const { cookie, token } = await askedAt(store, ANNA, NOON);
    expect(await findSignIn(store.read, token!, cookie, later(1))).toEqual({ email: ANNA, isAskingBrowser: true });
    expect(await tryIn(store, { cookie, token }, later(1))).toMatchObject({ outcome: 'signed_in', personId: anna.id });
    expect(await tryIn(store, { cookie, token }, later(1))).toEqual(OVER);
    expect(await findSignIn(store.read, token!, cookie, later(1))).toBeNull();
  });

  it('asks in another browser for link and code together, and signs in there', async () => {
    const { store, anna } = await begin();
    const { code, token } = await askedAt(store, ANNA, NOON);
    const other = (await askedAt(store, ANNA, later(1))).cookie;
    expect(await findSignIn(store.read, token!, other, later(2))).toEqual({ email: ANNA, isAskingBrowser: false });
    // A robot that opens the link and presses the button has no code: nothing is used up.
    for (const cookie of [null, other]) expect(await tryIn(store, { cookie, token }, later(2))).toEqual({ outcome: 'code_needed' });
    expect(await tryIn(store, { token, code: 'XXX XXX' }, later(2))).toEqual({ outcome: 'wrong_code', triesLeft: 9 });
    expect(await tryIn(store, { token, code }, later(2))).toMatchObject({ outcome: 'signed_in', personId: anna.id });
  });

  it('does not work by the code alone in another browser, nor by that of another sign-in', async () => {
    const { store } = await begin();
    const first = await askedAt(store, ANNA, NOON);
    const second = await askedAt(store, ANNA, later(1));
    for (const cookie of [null, 'another-browser']) expect(await tryIn(store, { cookie, code: first.code }, later(2))).toEqual(OVER);
    expect(await tryIn(store, { cookie: second.cookie, code: first.code }, later(2))).toEqual({ outcome: 'wrong_code', triesLeft: 9 });
    expect(await tryIn(store, { token: 'guessed', code: first.code }, later(2))).toEqual(OVER);
  });

  it('does not work after sixteen minutes, by code or by link', async () => {
    const { store } = await begin();
    const { code, cookie, token } = await askedAt(store, ANNA, NOON);
    for (const proof of [
      { cookie, code },
      { cookie, token },
      { token, code },
    ])
      expect(await tryIn(store, proof, later(16))).toEqual(OVER);
    expect(await findSignIn(store.read, token!, cookie, later(16))).toBeNull();
  });

  it('may be tried ten times: the eleventh is over, be it right', async () => {
    const { store } = await begin();
    const { code, cookie, token } = await askedAt(store, ANNA, NOON);
    for (let left = 9; left >= 0; left -= 1)
      expect(await tryIn(store, { cookie, code: 'AAA AAA' }, later(1))).toEqual({ outcome: 'wrong_code', triesLeft: left });
    for (const proof of [
      { cookie, code },
      { cookie, token },
      { token, code },
    ])
      expect(await tryIn(store, proof, later(2))).toEqual(OVER);
  });

  it('works at the tenth try', async () => {
    const { store } = await begin();
    const { code, cookie } = await askedAt(store, ANNA, NOON);
    for (let n = 1; n < 10; n += 1) await tryIn(store, { cookie, code: 'AAA AAA' }, later(1));
    expect(await tryIn(store, { cookie, code }, later(2))).toMatchObject({ outcome: 'signed_in' });
  });

  it('lets one in of two that use the same code at once', async () => {
    const { store } = await begin();
    const { code, cookie, token } = await askedAt(store, ANNA, NOON);
    const outcomes = await Promise.all(
      [
        { cookie, code },
        { cookie, token },
        { token, code },
      ].map((proof) => tryIn(store, proof, later(1))),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['over', 'over', 'signed_in']);
    expect(await store.read.$count(store.read.tables.sessions)).toBe(1);
  });

  it('may be asked for five times an hour and ten times a day, whoever has the address and however it is spelled', async () => {
    const { store } = await begin();
    for (const email of [ANNA, 'nobody@ro.example']) {
      const ask = (spelling: string, now: Date) =>
        store.write((tx) => askSignIn(tx, { email: spelling, language: 'nl', browser: FIREFOX }, secret, now));
      const spelled = [email, email.toUpperCase(), email.replace('@', '+x@'), ` ${email}`, email];
      for (const [n, spelling] of spelled.entries()) expect(await ask(spelling, later(n))).toMatchObject({ outcome: 'sent' });
      expect(await ask(email, later(59))).toEqual({ outcome: 'limited', freeAt: later(60) });
      for (let n = 0; n < 5; n += 1) expect(await ask(email, later(120 + n))).toMatchObject({ outcome: 'sent' });
      expect(await ask(email, later(600))).toEqual({ outcome: 'limited', freeAt: later(24 * 60) });
      expect(await ask(email, later(24 * 60))).toMatchObject({ outcome: 'sent' });
    }
  });

  it('is asked for no more often by many at once', async () => {
    const { store } = await begin();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => store.write((tx) => askSignIn(tx, { email: ANNA, language: 'nl', browser: FIREFOX }, secret, NOON))),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'sent').length).toBe(5);
  });

  it('costs for an address that nobody has the same queries and one mail, and answers the same', async () => {
    const { store } = await begin();
    const work = async (email: string, now: Date) => {
      const counts: Record<string, number> = {};
      const mails = await store.read.$count(store.read.tables.messages);
      const asked = await store.write((tx) => askSignIn(counting(tx, counts), { email, language: 'nl', browser: FIREFOX }, secret, now));
      return { counts, queued: (await store.read.$count(store.read.tables.messages)) - mails, keys: Object.keys(asked).sort() };
    };
    const first = await work(ANNA, NOON);
    expect(first).toEqual({ counts: { insert: 3, select: 2 }, queued: 1, keys: ['cookie', 'expiresAt', 'outcome'] });
    expect(await work('nobody@ro.example', NOON)).toEqual(first);
    // Again within the day, when nothing more is sent to who has no account.
    expect(await work('nobody@ro.example', later(1))).toEqual(await work(ANNA, later(1)));
  });

  it('is tried in vain in the same way by who has no account', async () => {
    const { store } = await begin();
    const nobody = await askedAt(store, 'nobody@ro.example', NOON);
    expect(nobody).toEqual({ cookie: expect.any(String), code: null, token: null });
    const { cookie } = await askedAt(store, ANNA, NOON);
    for (const one of [nobody.cookie, cookie])
      expect(await tryIn(store, { cookie: one, code: 'AAA AAA' }, later(1))).toEqual({ outcome: 'wrong_code', triesLeft: 9 });
  });

  it('tells an address once a day that nobody has it', async () => {
    const { store } = await begin();
    const ask = (now: Date) =>
      store.write((tx) => askSignIn(tx, { email: 'nobody@ro.example', language: 'en', browser: FIREFOX }, secret, now));
    const subjects = async (now: Date) => (await mailsAt(store, now)).map(({ subject, for: to }) => `${to}: ${subject}`);
    await ask(NOON);
    await ask(NOON);
    expect(await subjects(NOON)).toEqual(['nobody@ro.example: No account with the Inkoopkalender']);
    await ask(later(300));
    expect(await subjects(later(300))).toEqual([]);
    await ask(later(24 * 60 + 1));
    expect(await subjects(later(24 * 60 + 1))).toEqual(['nobody@ro.example: No account with the Inkoopkalender']);
  });

  it('keeps no code, token or cookie that could be read from the database once the mail left', async () => {
    const { store } = await begin();
    const asked = await askedAt(store, ANNA, NOON);
    const session = await signedIn(store, ANNA, later(1));
    const rows = [];
    for (const table of Object.values(store.read.tables)) rows.push(await store.read.select().from(table));
    const text = JSON.stringify(rows);
    for (const kept of [asked.cookie, asked.token!, asked.code!, asked.code!.replace(' ', ''), session]) expect(text).not.toContain(kept);
    // The very text that would hold them.
    expect(text).toContain(ANNA);
  });
});

onBothDialects('a session', (fresh) => {
  const begin = async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    return { store, ro, personId: (await memberOf(store, ro.id, ANNA, NOON)).id };
  };

  it('holds thirty days, and is fresh for half an hour', async () => {
    const { store, personId } = await begin();
    const token = await signedIn(store, ANNA, NOON);
    const session = (await readSession(store.read, token, later(29)))!;
    expect(session).toMatchObject({ person: { id: personId, email: ANNA }, editorLabel: null, isFresh: true });
    requireFresh(session);
    const stale = (await readSession(store.read, token, later(31)))!;
    expect(() => requireFresh(stale)).toThrow('Sign in again');
    expect(await readSession(store.read, token, later(30 * 24 * 60 - 1))).not.toBeNull();
    expect(await readSession(store.read, token, later(30 * 24 * 60))).toBeNull();
    expect(await readSession(store.read, 'guessed', NOON)).toBeNull();
  });

  it('of an editor holds twelve hours, also where who signed in became one later', async () => {
    const { store } = await begin();
    const token = await signedIn(store, ANNA, NOON);
    await store.write((tx) => addEditor(tx, { email: ANNA, label: 'Anna', language: 'nl' }, later(5)));
    const second = await signedIn(store, ANNA, later(10));
    expect(await readSession(store.read, token, later(719))).toMatchObject({ editorLabel: 'Anna' });
    // The list of sessions goes by the same end.
    const listed = async (now: Date) => (await listSessions(store.read, null, now)).map(({ expiresAt }) => expiresAt);
    expect(await listed(later(719))).toEqual([later(720), later(730)]);
    expect(await listed(later(720))).toEqual([later(730)]);
    expect(await readSession(store.read, token, later(720))).toBeNull();
    expect(await readSession(store.read, second, later(729))).not.toBeNull();
    expect(await readSession(store.read, second, later(730))).toBeNull();
  });

  it('begins under a new token at each sign-in, and ends the one of before in that browser alone', async () => {
    const { store } = await begin();
    const elsewhere = await signedIn(store, ANNA, NOON);
    const first = await signedIn(store, ANNA, later(1));
    const second = await signedIn(store, ANNA, later(2), first);
    expect(new Set([elsewhere, first, second]).size).toBe(3);
    const holding = await Promise.all([elsewhere, first, second].map((token) => readSession(store.read, token, later(3))));
    expect(holding.map((session) => session !== null)).toEqual([true, false, true]);
  });

  it('ends everywhere at once', async () => {
    const { store, personId } = await begin();
    const tokens = [await signedIn(store, ANNA, NOON), await signedIn(store, ANNA, later(1))];
    expect(await store.write((tx) => endAllSessions(tx, personId, later(2)))).toBe(2);
    for (const token of tokens) expect(await readSession(store.read, token, later(2))).toBeNull();
  });

  it('takes with it, where it ends everywhere, the codes that were asked for and the change of address that waits, but nobody else’s', async () => {
    const { store, personId, ro } = await begin();
    const other = await memberOf(store, ro.id, 'other@ro.example', NOON);
    const [mine, theirs] = [await askedAt(store, ANNA, NOON), await askedAt(store, 'other@ro.example', NOON)];
    for (const id of [personId, other.id]) await store.write((tx) => askAddressChange(tx, id, `${id}@nieuw.example`, NOON));
    await store.write((tx) => endAllSessions(tx, personId, later(1)));
    expect(await tryIn(store, { cookie: mine.cookie, code: mine.code }, later(1))).toEqual({ outcome: 'over' });
    expect(await tryIn(store, { cookie: theirs.cookie, code: theirs.code }, later(1))).toMatchObject({ outcome: 'signed_in' });
    const waiting = await store.read.select().from(store.read.tables.addressChanges);
    expect(waiting.map((row) => row.personId)).toEqual([other.id]);
  });
});

/** The same transaction, counting what is asked of it. */
function counting(tx: WriteDb, counts: Record<string, number>): WriteDb {
  return new Proxy(tx, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return vi.fn((...args: unknown[]) => {
        counts[String(name)] = (counts[String(name)] ?? 0) + 1;
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      });
    },
  });
}
