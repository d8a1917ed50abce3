/** People of the tests: members, and what they find in the mails by which they sign in. */
import type { BrowserKind } from '../../calendars/people/browser.ts';
import { addMember } from '../../db/people/members.ts';
import { askSignIn, signIn, type SignInProof } from '../../db/people/sign-ins.ts';
import type { MemberRole, Person } from '../../db/schema/schema.ts';
import type { Store } from '../../db/store/store.ts';
import { SETTINGS } from './mail-settings.ts';
import { mailsAt } from './mailbox.ts';

const { secret } = SETTINGS;
export const FIREFOX: BrowserKind = { browser: 'firefox', system: 'windows' };

/** Makes whoever has an address a member. */
export async function memberOf(
  store: Store,
  organisationId: string,
  email: string,
  now: Date,
  role: MemberRole = 'manager',
): Promise<Person> {
  return store.write((tx) => addMember(tx, organisationId, { email, language: 'nl', role }, now));
}

/** Asks to sign in and gives the asking browser's cookie, with the code and the token that the mail holds. */
export async function askedAt(store: Store, email: string, now: Date) {
  const asked = await store.write((tx) => askSignIn(tx, { email, language: 'nl', browser: FIREFOX }, secret, now));
  if (asked.outcome !== 'sent') throw new Error('too many were asked for');
  const mail = (await mailsAt(store, now)).find((one) => one.for === email.toLowerCase());
  return {
    cookie: asked.cookie,
    code: /is ([A-Z\d]{3} [A-Z\d]{3})\./.exec(mail?.text ?? '')?.[1] ?? null,
    token: /inloggen\/(\S+)/.exec(mail?.text ?? '')?.[1] ?? null,
  };
}

/** Tries to sign in with what is given. */
export async function tryIn(store: Store, proof: Partial<SignInProof>, now: Date) {
  return store.write((tx) => signIn(tx, { cookie: null, token: null, code: null, formerSession: null, ...proof }, secret, now));
}

/** Signs somebody in, and gives the session's token. */
export async function signedIn(store: Store, email: string, now: Date, formerSession: string | null = null): Promise<string> {
  const { code, cookie } = await askedAt(store, email, now);
  const outcome = await tryIn(store, { cookie, code, formerSession }, now);
  if (outcome.outcome !== 'signed_in') throw new Error(`not signed in: ${outcome.outcome}`);
  return outcome.session;
}
